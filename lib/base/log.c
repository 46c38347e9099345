#include "lib/base/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "lib/base/clock.h"

enum { LOG_CUT_BYTES = 1500 };

/* Set once before the first thread starts; see log_open(). */
static struct {
	const char *program;
	enum log_target target;
	bool debug;
	const char *line_start; /* a command may be showing its progress */
} log_state = { "sekimori", LOG_TARGET_STDERR, false, "" };

void
log_open(const char *program, enum log_target target, bool debug)
{
	log_state.program = program;
	log_state.target = target;
	log_state.debug = debug;
	log_state.line_start =
		target == LOG_TARGET_STDERR && isatty(STDERR_FILENO) == 1
			? "\r\x1b[K"
			: "";
	if (target == LOG_TARGET_SYSLOG)
		openlog(program, LOG_PID | LOG_NDELAY, LOG_MAIL);
}

static void
log_put(struct log_line *line, char c)
{
	if (line->len_bytes < LOG_CUT_BYTES)
		line->text[line->len_bytes++] = c;
}

static void
log_put_text(struct log_line *line, const char *text)
{
	for (; *text != '\0'; text++)
		log_put(line, *text);
}

static bool
log_is_plain(uint8_t c)
{
	return c > 0x20 && c != 0x7f && c != '"' && c != '\\' && c != '=';
}

static void
log_put_escaped(struct log_line *line, uint8_t c)
{
	static const char hex[] = "0123456789abcdef";

	if (c >= 0x20 && c != 0x7f && c != '"' && c != '\\') {
		log_put(line, (char)c);
		return;
	}
	log_put(line, '\\');
	log_put(line, 'x');
	log_put(line, hex[c >> 4]);
	log_put(line, hex[c & 15]);
}

void
log_begin(struct log_line *line, enum log_level level, const char *event)
{
	line->level = level;
	line->len_bytes = 0;
	log_put_text(line, event);
}

void
log_span(struct log_line *line, const char *key, struct span value)
{
	bool plain = value.len_bytes > 0;

	for (size_t i = 0; i < value.len_bytes; i++)
		plain = plain && log_is_plain(value.ptr[i]);
	log_put(line, ' ');
	log_put_text(line, key);
	log_put(line, '=');
	if (!plain)
		log_put(line, '"');
	for (size_t i = 0; i < value.len_bytes; i++)
		log_put_escaped(line, value.ptr[i]);
	if (!plain)
		log_put(line, '"');
}

void
log_text(struct log_line *line, const char *key, const char *value)
{
	log_span(line, key,
		 (struct span){ (const uint8_t *)value, strlen(value) });
}

void
log_number(struct log_line *line, const char *key, int64_t value)
{
	char digits[24];

	(void)snprintf(digits, sizeof(digits), "%" PRId64, value);
	log_text(line, key, digits);
}

void
log_error(struct log_line *line, const struct err *err)
{
	if (err == NULL || err->st == ST_OK)
		return;
	log_text(line, "status", status_name(err->st));
	log_text(line, "reason", err->text);
	if (err->sys_errno != 0)
		log_number(line, "errno", err->sys_errno);
}

void
log_send(struct log_line *line)
{
	static const int priorities[] = {
		[LOG_LEVEL_NONE] = LOG_NOTICE,     [LOG_LEVEL_ERROR] = LOG_ERR,
		[LOG_LEVEL_WARNING] = LOG_WARNING, [LOG_LEVEL_INFO] = LOG_INFO,
		[LOG_LEVEL_DEBUG] = LOG_DEBUG,
	};
	char instant[CLOCK_RFC3339_BYTES];
	char out[2048];
	int len = 0;

	if (line->level == LOG_LEVEL_DEBUG && !log_state.debug)
		return;
	if (line->len_bytes == LOG_CUT_BYTES)
		memcpy(line->text + LOG_CUT_BYTES - 3, "...", 3);
	line->text[line->len_bytes] = '\0';
	if (log_state.target == LOG_TARGET_SYSLOG) {
		syslog(priorities[line->level], "%s", line->text);
		return;
	}
	clock_format_rfc3339(clock_unix_ms(), instant);
	len = snprintf(out, sizeof(out), "%s%s %s[%ld]: %s\n",
		       log_state.line_start, instant, log_state.program,
		       (long)getpid(), line->text);
	/* One write, so that lines of several processes do not mix. */
	if (len > 0)
		len = (int)write(STDERR_FILENO, out, (size_t)len);
	(void)len;
}

void
log_event(enum log_level level, const char *event, const struct err *err)
{
	struct log_line line;

	log_begin(&line, level, event);
	log_error(&line, err);
	log_send(&line);
}
