#include "milter/session/header.h"

#include <assert.h>
#include <string.h>

#include "lib/base/parse.h"

bool
header_is_one_of(uint8_t byte, const char *set)
{
	return byte != '\0' && strchr(set, byte) != NULL;
}

static bool
is_space(uint8_t byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static bool
is_digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

struct span
header_trim(struct span value)
{
	while (value.len_bytes > 0 && is_space(value.ptr[0]))
		(void)span_cut(value, 1, value.len_bytes - 1, &value);
	while (value.len_bytes > 0 && is_space(value.ptr[value.len_bytes - 1]))
		value.len_bytes--;
	return value;
}

static void
header_add_address(struct sbuf *addresses, struct span address)
{
	sbuf_add_span(addresses, address);
	sbuf_add_byte(addresses, '\0');
}

static bool
ends_raw_run(uint8_t byte)
{
	return byte <= ' ' || byte == 0x7f ||
	       header_is_one_of(byte, "<>()[]:;,\"");
}

void
header_add_runs(struct span value, struct sbuf *addresses)
{
	size_t start = 0;
	bool has_at = false;

	for (size_t i = 0; i <= value.len_bytes; i++) {
		struct span run;

		if (i < value.len_bytes && !ends_raw_run(value.ptr[i])) {
			has_at = has_at || value.ptr[i] == '@';
			continue;
		}
		if (has_at && i - start <= HEADER_MAX_ADDRESS_BYTES &&
		    span_cut(value, start, i - start, &run))
			header_add_address(addresses, run);
		start = i + 1;
		has_at = false;
	}
}

enum status
header_add_raw(struct span value, struct sbuf *addresses, struct err *err)
{
	const struct span text = header_trim(value);
	size_t len_bytes = text.len_bytes;

	header_add_runs(text, addresses);
	if (len_bytes > HEADER_MAX_ADDRESS_BYTES)
		len_bytes = HEADER_MAX_ADDRESS_BYTES;
	for (size_t i = 0; i < len_bytes; i++) {
		const uint8_t byte = text.ptr[i];

		sbuf_add_byte(addresses,
			      byte < ' ' || byte == 0x7f ? ' ' : byte);
	}
	if (len_bytes > 0)
		sbuf_add_byte(addresses, '\0');
	return sbuf_status(addresses, "header: addresses", err);
}

enum header_kind
header_kind_of(const char *name)
{
	static const struct {
		const char *name;
		enum header_kind kind;
	} known[] = {
		{ "From", HEADER_SENDER },
		{ "Sender", HEADER_SENDER },
		{ "Resent-From", HEADER_SENDER },
		{ "Resent-Sender", HEADER_SENDER },
		{ "Message-Id", HEADER_MESSAGE_ID },
		{ "Date", HEADER_DATE },
		{ "Subject", HEADER_SUBJECT },
		{ "To", HEADER_TRAILER },
		{ "Cc", HEADER_TRAILER },
		{ "Bcc", HEADER_TRAILER },
		{ "X-Sekimori-Ticket", HEADER_TICKET },
		{ "X-Sekimori-Self-Test", HEADER_SELF_TEST },
	};
	static const char ours[] = "x-sekimori-";
	struct span text = span_of(name);
	struct span front;

	/* "From : x" is read as From by what comes after us. */
	while (text.len_bytes > 0 && is_space(text.ptr[text.len_bytes - 1]))
		text.len_bytes--;
	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		if (span_equal_nocase(text, span_of(known[i].name)))
			return known[i].kind;
	}
	if (span_cut(text, 0, sizeof(ours) - 1, &front) &&
	    span_equal_nocase(front, span_of(ours)))
		return HEADER_OURS;
	return HEADER_OTHER;
}

bool
header_is_mta_message_id(struct span value, const char *queue_id,
			 const char *host)
{
	const struct span text = header_trim(value);
	const size_t queue_bytes = strlen(queue_id);
	const size_t host_bytes = strlen(host);
	const size_t fixed_bytes = queue_bytes + host_bytes + 4; /* < . @ > */
	struct span part;

	if (queue_bytes == 0 || host_bytes == 0 ||
	    text.len_bytes <= fixed_bytes)
		return false;
	const size_t digits = text.len_bytes - fixed_bytes;

	assert(text.ptr != NULL);
	for (size_t i = 0; i < digits; i++) {
		if (!is_digit(text.ptr[1 + i]))
			return false;
	}
	if (text.ptr[0] != '<' || text.ptr[digits + 1] != '.' ||
	    text.ptr[digits + 2 + queue_bytes] != '@' ||
	    text.ptr[text.len_bytes - 1] != '>')
		return false;
	if (!span_cut(text, digits + 2, queue_bytes, &part) ||
	    !span_equal(part, span_of(queue_id)))
		return false;
	return span_cut(text, digits + 3 + queue_bytes, host_bytes, &part) &&
	       span_equal_nocase(part, span_of(host));
}

/*
 * Does byte fit one character of a pattern? 9 and ~ a digit, A a letter, s a
 * sign, Z anything, the rest themselves.
 */
static bool
header_fits_one(uint8_t byte, char pattern)
{
	switch (pattern) {
	case '9':
	case '~':
		return is_digit(byte);
	case 'A':
		return (byte >= 'A' && byte <= 'Z') ||
		       (byte >= 'a' && byte <= 'z');
	case 's':
		return byte == '+' || byte == '-';
	case 'Z':
		return true;
	default:
		return byte == (uint8_t)pattern;
	}
}

/* Of these, ~ may be two digits, and Z goes on up to a ')'. */
static bool
header_fits(struct span text, const char *pattern)
{
	size_t at = 0;

	for (const char *p = pattern; *p != '\0'; p++) {
		if (at == text.len_bytes || !header_fits_one(text.ptr[at], *p))
			return false;
		at++;
		if (*p == '~' && at < text.len_bytes && is_digit(text.ptr[at]))
			at++;
		while (*p == 'Z' && at < text.len_bytes && text.ptr[at] != ')')
			at++;
	}
	return at == text.len_bytes;
}

bool
header_is_mta_date(struct span value)
{
	const struct span text = header_trim(value);

	return text.len_bytes <= 80 &&
	       (header_fits(text, "AAA, ~ AAA 9999 99:99:99 s9999 (Z)") ||
		header_fits(text, "AAA,  9 AAA 9999 99:99:99 s9999 (Z)"));
}

/* True when the value can be shown: printable ASCII, nothing encoded. */
static bool
header_is_plain(struct span text)
{
	for (size_t i = 0; i < text.len_bytes; i++) {
		const uint8_t byte = text.ptr[i];

		if ((byte < ' ' && !is_space(byte)) || byte >= 0x7f)
			return false;
		if (byte == '=' && i + 1 < text.len_bytes &&
		    text.ptr[i + 1] == '?')
			return false;
	}
	return true;
}

/* "Password: …", "PW …": nobody knows here what of it is one. */
static bool
header_speaks_of_password(struct span text)
{
	static const char *const words[] = { "pass", "pw", "pin", "code" };

	for (size_t at = 0; at < text.len_bytes; at++)
		for (size_t i = 0; i < ARRAY_LEN(words); i++) {
			const struct span word = span_of(words[i]);
			struct span here = { NULL, 0 };

			if (span_cut(text, at, word.len_bytes, &here) &&
			    span_equal_nocase(here, word))
				return true;
		}
	return false;
}

/* Length of the run of digits at at, single separators inside. */
static size_t
header_digit_run(struct span text, size_t at, size_t *digits_out)
{
	size_t end = at;

	*digits_out = 0;
	for (size_t i = at; i < text.len_bytes; i++) {
		if (is_digit(text.ptr[i])) {
			(*digits_out)++;
			end = i + 1;
		} else if (i != end || i == at) {
			break; /* second separator in a row */
		}
	}
	return end - at;
}

void
header_mask_subject(struct span value, struct sbuf *subject)
{
	const struct span text = header_trim(value);
	size_t at = 0;

	if (!header_is_plain(text) || header_speaks_of_password(text))
		return;
	while (at < text.len_bytes) {
		size_t digits = 0;
		size_t run = header_digit_run(text, at, &digits);
		const bool masked = digits >= 4;

		if (run == 0)
			run = 1;
		for (size_t i = at; i < at + run; i++) {
			uint8_t byte = text.ptr[i];

			if (masked && is_digit(byte))
				byte = '*';
			sbuf_add_byte(subject, is_space(byte) ? ' ' : byte);
		}
		at += run;
	}
}

void
header_add_folded(struct span value, struct sbuf *lines)
{
	for (size_t i = 0; i < value.len_bytes; i++) {
		const uint8_t byte = value.ptr[i];

		if (byte == '\n' && (i == 0 || value.ptr[i - 1] != '\r'))
			sbuf_add_byte(lines, '\r');
		sbuf_add_byte(lines, byte);
	}
}
