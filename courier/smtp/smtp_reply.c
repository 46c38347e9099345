#include "courier/smtp/smtp_reply.h"

#include <string.h>

enum { SMTP_CODE_BYTES = 3, SMTP_ENHANCED_DIGITS = 3 };

void
smtp_reply_init(struct smtp_reply *reply)
{
	memset(reply, 0, sizeof(*reply));
}

static bool
smtp_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits at the start of text, at most three; 0 when there are none. */
static size_t
smtp_digits(const char *text, size_t len_bytes)
{
	size_t count = 0;

	while (count < len_bytes && count < SMTP_ENHANCED_DIGITS &&
	       smtp_is_digit(text[count]))
		count++;
	return count;
}

/* Length of an enhanced code of this class at the start of text, or 0. */
static size_t
smtp_enhanced_bytes(char class, const char *text, size_t len_bytes)
{
	size_t at = 2;
	size_t digits = 0;

	if (len_bytes < 5 || text[0] != class || text[1] != '.' || class == '3')
		return 0;
	digits = smtp_digits(text + at, len_bytes - at);
	at += digits;
	if (digits == 0 || at >= len_bytes || text[at] != '.')
		return 0;
	at++;
	digits = smtp_digits(text + at, len_bytes - at);
	at += digits;
	if (digits == 0 || (at < len_bytes && text[at] != ' '))
		return 0;
	return at;
}

static void
smtp_reply_add_text(struct smtp_reply *reply, const char *text,
		    size_t len_bytes)
{
	if (reply->line_count > 1 &&
	    reply->text_bytes + 1 < sizeof(reply->text))
		reply->text[reply->text_bytes++] = '\n';
	for (size_t i = 0; i < len_bytes; i++) {
		const char c = text[i];

		if (reply->text_bytes + 1 >= sizeof(reply->text))
			break;
		reply->text[reply->text_bytes++] =
			(char)(c >= ' ' && c < 0x7f ? c : '?');
	}
	reply->text[reply->text_bytes] = '\0';
}

/* The code at the start of the line; 0 when there is none. */
static uint32_t
smtp_line_code(const char *line, size_t len_bytes)
{
	uint32_t code = 0;

	if (len_bytes < SMTP_CODE_BYTES || line[0] < '2' || line[0] > '5')
		return 0;
	for (size_t i = 0; i < SMTP_CODE_BYTES; i++) {
		if (!smtp_is_digit(line[i]))
			return 0;
		code = code * 10 + (uint32_t)(line[i] - '0');
	}
	if (len_bytes > SMTP_CODE_BYTES && line[SMTP_CODE_BYTES] != ' ' &&
	    line[SMTP_CODE_BYTES] != '-')
		return 0;
	return code;
}

/* A whole line without its end. ST_OK: it was the last; ST_END: it was not. */
static enum status
smtp_reply_end_line(struct smtp_reply *reply, struct err *err)
{
	const char *line = reply->line;
	const size_t len_bytes = reply->line_bytes;
	const uint32_t code = smtp_line_code(line, len_bytes);
	size_t at = SMTP_CODE_BYTES + 1;
	size_t enhanced_bytes = 0;

	if (code == 0)
		return err_set(err, ST_FORMAT,
			       "smtp: line %zu of the reply has no code",
			       reply->line_count + 1);
	if (reply->line_count > 0 && code != reply->code)
		return err_set(err, ST_FORMAT,
			       "smtp: reply with codes %u and %u", reply->code,
			       code);
	if (reply->line_count == SMTP_REPLY_MAX_LINES)
		return err_set(err, ST_LIMIT, "smtp: reply of over %d lines",
			       SMTP_REPLY_MAX_LINES);
	reply->code = code;
	reply->line_count++;
	reply->line_bytes = 0;
	if (at > len_bytes)
		at = len_bytes;
	enhanced_bytes =
		smtp_enhanced_bytes(line[0], line + at, len_bytes - at);
	if (enhanced_bytes > 0 && reply->line_count == 1)
		memcpy(reply->enhanced, line + at, enhanced_bytes);
	at += enhanced_bytes;
	if (enhanced_bytes > 0 && at < len_bytes)
		at++;
	smtp_reply_add_text(reply, line + at, len_bytes - at);
	return len_bytes > SMTP_CODE_BYTES && line[SMTP_CODE_BYTES] == '-'
		       ? ST_END
		       : ST_OK;
}

enum status
smtp_reply_take(struct smtp_reply *reply, struct span bytes, size_t *used_out,
		struct err *err)
{
	for (size_t i = 0; i < bytes.len_bytes; i++) {
		enum status st = ST_END;

		if (bytes.ptr[i] != '\n') {
			if (reply->line_bytes == sizeof(reply->line))
				return err_set(err, ST_LIMIT,
					       "smtp: reply line over %zu "
					       "bytes",
					       sizeof(reply->line));
			reply->line[reply->line_bytes++] = (char)bytes.ptr[i];
			continue;
		}
		if (reply->line_bytes > 0 &&
		    reply->line[reply->line_bytes - 1] == '\r')
			reply->line_bytes--;
		st = smtp_reply_end_line(reply, err);
		if (st != ST_END) {
			*used_out = i + 1;
			return st;
		}
	}
	*used_out = bytes.len_bytes;
	return ST_END;
}
