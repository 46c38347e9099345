#include "lib/config/policy_match.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "lib/base/parse.h"

enum { MATCH_V4_BITS = 32, MATCH_V6_BITS = 128, MATCH_V4_OFFSET = 12 };

struct span
match_bare_address(const char *address)
{
	struct span text = span_of(address);

	while (text.len_bytes > 0 && strchr(" \t<", text.ptr[0]) != NULL &&
	       span_cut(text, 1, text.len_bytes - 1, &text))
		;
	while (text.len_bytes > 0 &&
	       strchr(" \t>", text.ptr[text.len_bytes - 1]) != NULL)
		text.len_bytes--;
	return text;
}

struct span
match_domain_of(const char *address)
{
	struct span text = match_bare_address(address);
	size_t at = text.len_bytes;

	while (at > 0 && text.ptr[at - 1] != '@')
		at--;
	if (at == 0 || !span_cut(text, at, text.len_bytes - at, &text))
		return (struct span){ NULL, 0 };
	if (text.len_bytes > 0 && text.ptr[text.len_bytes - 1] == '.')
		text.len_bytes--;
	return text;
}

static bool
match_same(char a, uint8_t b)
{
	return span_equal_nocase((struct span){ (const uint8_t *)&a, 1 },
				 (struct span){ &b, 1 });
}

bool
match_glob(const char *pattern, struct span text)
{
	const char *star = NULL; /* last *, and where its run began */
	size_t star_at = 0;
	size_t at = 0;

	while (at < text.len_bytes) {
		if (*pattern == '*') {
			star = pattern++;
			star_at = at;
		} else if (*pattern != '\0' &&
			   (*pattern == '?' ||
			    match_same(*pattern, text.ptr[at]))) {
			pattern++;
			at++;
		} else if (star != NULL) {
			pattern = star + 1;
			at = ++star_at;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

bool
match_any_glob(const struct config_list *patterns, struct span text)
{
	for (size_t i = 0; i < patterns->count; i++) {
		if (match_glob(patterns->items[i], text))
			return true;
	}
	return false;
}

/* True when no bit behind the prefix is set. */
static bool
match_is_clean(const struct match_network *network)
{
	for (unsigned bit = network->prefix_bits; bit < MATCH_V6_BITS; bit++) {
		if ((network->address[bit / 8] & 0x80U >> bit % 8) != 0)
			return false;
	}
	return true;
}

bool
match_parse_network(const char *text, struct match_network *network_out)
{
	struct match_network network = { .prefix_bits = MATCH_V6_BITS };
	const char *slash = NULL;
	char address[INET6_ADDRSTRLEN];
	uint64_t bits = 0;

	if (strncasecmp(text, "IPv6:", 5) == 0)
		text += 5;
	slash = strchr(text, '/');
	const size_t len_bytes =
		slash != NULL ? (size_t)(slash - text) : strlen(text);

	if (len_bytes >= sizeof(address))
		return false;
	memcpy(address, text, len_bytes);
	address[len_bytes] = '\0';

	const bool v4 = inet_pton(AF_INET, address,
				  &network.address[MATCH_V4_OFFSET]) == 1;

	if (!v4 && inet_pton(AF_INET6, address, network.address) != 1)
		return false;
	if (v4) {
		network.address[10] = 0xff;
		network.address[11] = 0xff;
	}
	if (slash != NULL) {
		const unsigned most = v4 ? MATCH_V4_BITS : MATCH_V6_BITS;

		if (!parse_u64(span_of(slash + 1), most, &bits))
			return false;
		network.prefix_bits = (unsigned)bits + MATCH_V6_BITS - most;
	}
	if (!match_is_clean(&network))
		return false;
	*network_out = network;
	return true;
}

bool
match_network(const struct match_network *network,
	      const struct match_network *client)
{
	const unsigned whole = network->prefix_bits / 8;
	const unsigned rest = network->prefix_bits % 8;

	if (memcmp(network->address, client->address, whole) != 0)
		return false;
	return rest == 0 ||
	       ((network->address[whole] ^ client->address[whole]) &
		0xffU << (8 - rest) & 0xffU) == 0;
}
