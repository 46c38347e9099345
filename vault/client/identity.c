#include "vault/client/identity.h"

#include <assert.h>
#include <string.h>

#include "lib/base/parse.h"

/* Longer is no address; the rest of a hostile one is ignored. */
enum { IDENTITY_MAX_BYTES = 4096 };

/* What RFC 5322 lets into an address without changing who it is. */
struct identity_filter {
	bool quoted;
	bool escaped;
	unsigned comment_depth;
};

/* Feed one byte; true when it belongs to the address itself. */
static bool
filter_keeps(struct identity_filter *filter, char c)
{
	if (filter->escaped) {
		filter->escaped = false;
		return filter->comment_depth == 0;
	}
	if (c == '\\') {
		filter->escaped = true;
		return false;
	}
	if (filter->comment_depth > 0) {
		if (c == '(')
			filter->comment_depth++;
		else if (c == ')')
			filter->comment_depth--;
		return false;
	}
	if (c == '"') {
		filter->quoted = !filter->quoted;
		return false;
	}
	if (c == '(' && !filter->quoted) {
		filter->comment_depth = 1;
		return false;
	}
	return c != ' ' && c != '\t' && c != '\r' && c != '\n';
}

static char
ascii_lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* Append part without quotes, comments and white space, in lower case. */
static void
add_filtered(struct sbuf *buf, struct span part)
{
	struct identity_filter filter = { false, false, 0 };

	assert(part.ptr != NULL || part.len_bytes == 0);
	for (size_t i = 0; i < part.len_bytes; i++) {
		const char c = (char)part.ptr[i];

		if (filter_keeps(&filter, c))
			sbuf_add_byte(buf, (uint8_t)ascii_lower(c));
	}
}

/* Without <>, what stands around them, and a source route. */
static struct span
strip_brackets(struct span address)
{
	const uint8_t *open = NULL;
	size_t at = 0;
	size_t end = address.len_bytes;

	if (address.len_bytes == 0)
		return address;
	open = memrchr(address.ptr, '<', address.len_bytes);
	if (open != NULL) {
		const size_t from = (size_t)(open - address.ptr) + 1;
		const uint8_t *close = memchr(address.ptr + from, '>',
					      address.len_bytes - from);

		at = from;
		if (close != NULL)
			end = (size_t)(close - address.ptr);
	}
	if (at < end && address.ptr[at] == '@') {
		const uint8_t *colon = memchr(address.ptr + at, ':', end - at);

		if (colon != NULL)
			at = (size_t)(colon - address.ptr) + 1;
	}
	(void)span_cut(address, at, end - at, &address);
	return address;
}

/* The domain that domain is an alias of, or domain itself. */
static struct span
resolve_alias(const struct config_list *aliases, struct span domain)
{
	for (size_t i = 0; aliases != NULL && i < aliases->count; i++) {
		const struct span item = span_of(aliases->items[i]);
		struct span alias = { NULL, 0 };
		struct span target = { NULL, 0 };
		const char *equals = strchr(aliases->items[i], '=');

		if (equals == NULL)
			continue;
		const size_t at = (size_t)(equals - aliases->items[i]);

		if (span_cut(item, 0, at, &alias) &&
		    span_cut(item, at + 1, item.len_bytes - at - 1, &target) &&
		    span_equal_nocase(alias, domain))
			return target;
	}
	return domain;
}

/* filtered: no quotes, comments, white space; lower case. */
static void
add_canonical(const struct config_list *aliases, struct span filtered,
	      struct sbuf *buf)
{
	struct span local = identity_local_part(filtered);
	struct span domain = { NULL, 0 };
	const uint8_t *plus = NULL;

	if (local.len_bytes < filtered.len_bytes)
		(void)span_cut(filtered, local.len_bytes + 1,
			       filtered.len_bytes - local.len_bytes - 1,
			       &domain);
	if (local.len_bytes > 0)
		plus = memchr(local.ptr, '+', local.len_bytes);
	/* "+x" has nothing before the plus that could be the person. */
	if (plus != NULL && plus != local.ptr)
		(void)span_cut(local, 0, (size_t)(plus - local.ptr), &local);
	while (domain.len_bytes > 0 && domain.ptr[domain.len_bytes - 1] == '.')
		domain.len_bytes--;
	sbuf_add_span(buf, local);
	if (domain.len_bytes == 0)
		return;
	domain = resolve_alias(aliases, domain);
	sbuf_add_byte(buf, '@');
	for (size_t i = 0; i < domain.len_bytes; i++)
		sbuf_add_byte(buf, (uint8_t)ascii_lower((char)domain.ptr[i]));
}

void
identity_canonical(const struct config_list *aliases, const char *address,
		   struct sbuf *buf)
{
	struct span whole = strip_brackets(span_of(address));
	struct sbuf filtered;

	if (whole.len_bytes > IDENTITY_MAX_BYTES)
		(void)span_cut(whole, 0, IDENTITY_MAX_BYTES, &whole);
	sbuf_init(&filtered, IDENTITY_MAX_BYTES);
	add_filtered(&filtered, whole);
	if (filtered.st != ST_OK)
		buf->st = filtered.st;
	else
		add_canonical(aliases, sbuf_span(&filtered), buf);
	sbuf_done(&filtered);
}

struct span
identity_local_part(struct span canonical)
{
	const uint8_t *at_sign =
		canonical.len_bytes > 0
			? memrchr(canonical.ptr, '@', canonical.len_bytes)
			: NULL;

	if (at_sign != NULL)
		(void)span_cut(canonical, 0, (size_t)(at_sign - canonical.ptr),
			       &canonical);
	return canonical;
}

static bool
is_bare(struct span canonical)
{
	return canonical.len_bytes > 0 &&
	       memchr(canonical.ptr, '@', canonical.len_bytes) == NULL;
}

bool
identity_same(const struct config_list *aliases, const char *a, const char *b)
{
	struct sbuf first;
	struct sbuf second;
	bool same = false;

	sbuf_init(&first, 2 * (size_t)IDENTITY_MAX_BYTES);
	sbuf_init(&second, 2 * (size_t)IDENTITY_MAX_BYTES);
	identity_canonical(aliases, a, &first);
	identity_canonical(aliases, b, &second);

	struct span left = sbuf_span(&first);
	struct span right = sbuf_span(&second);

	if (left.len_bytes > 0 && right.len_bytes > 0) {
		if (is_bare(left))
			right = identity_local_part(right);
		else if (is_bare(right))
			left = identity_local_part(left);
		same = left.len_bytes > 0 && span_equal(left, right);
	}
	/* Without memory nobody can be told apart: the same, to be safe. */
	if (first.st != ST_OK || second.st != ST_OK)
		same = true;
	sbuf_done(&first);
	sbuf_done(&second);
	return same;
}
