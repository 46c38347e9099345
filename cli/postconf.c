#include "cli/postconf.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/lines.h"
#include "lib/base/fd.h"
#include "lib/base/parse.h"

enum {
	POSTCONF_MAX_BYTES = 1024 * 1024,
	POSTCONF_EXEC_FAILED = 127,
	POSTCONF_MAX_WORDS = 6
};

static void
postconf_exec(const char *dir, const char *const *words, int write_fd)
{
	const char *argv[POSTCONF_MAX_WORDS] = { "postconf" };
	size_t at = 1;

	if (dir != NULL) {
		argv[at++] = "-c";
		argv[at++] = dir;
	}
	for (size_t i = 0; words[i] != NULL && at < ARRAY_LEN(argv) - 1; i++)
		argv[at++] = words[i];
	argv[at] = NULL;
	if (dup2(write_fd, STDOUT_FILENO) >= 0) {
		(void)close(STDERR_FILENO);
		(void)execvp("postconf", (char *const *)(uintptr_t)argv);
	}
	_exit(POSTCONF_EXEC_FAILED);
}

/* What postconf prints, appended to out. */
static enum status
postconf_run(const char *dir, const char *const *words, struct sbuf *out,
	     struct err *err)
{
	int ends[2] = { FD_NONE, FD_NONE };
	int status = 0;

	(void)fflush(stdout);
	if (pipe(ends) != 0)
		return err_set_errno(err, "postconf: no pipe");
	AUTO(fd_close) int read_end = ends[0];
	AUTO(fd_close) int write_end = ends[1];
	const pid_t pid = fork();

	if (pid < 0)
		return err_set_errno(err, "postconf: cannot fork");
	if (pid == 0)
		postconf_exec(dir, words, write_end);
	fd_close(&write_end);
	const enum status st = fd_slurp(read_end, out, err);

	fd_close(&read_end);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (st == ST_OK && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return ST_OK;
	if (WIFEXITED(status) && WEXITSTATUS(status) == POSTCONF_EXEC_FAILED)
		return err_set(err, ST_NOT_FOUND, "there is no postconf");
	return st != ST_OK ? st
			   : err_set(err, ST_NOT_FOUND,
				     "postconf refuses (status %d)", status);
}

enum status
postconf_read(struct postconf *postconf, const char *dir, struct err *err)
{
	static const char *const values[] = { "-x", NULL };
	static const char *const changes[] = { "-Px", NULL };
	static const char *const services[] = { "-M", NULL };
	enum status st = ST_OK;

	postconf->dir = dir;
	sbuf_init(&postconf->values, POSTCONF_MAX_BYTES);
	sbuf_init(&postconf->changes, POSTCONF_MAX_BYTES);
	sbuf_init(&postconf->services, POSTCONF_MAX_BYTES);
	st = postconf_run(dir, values, &postconf->values, err);
	if (st == ST_OK)
		st = postconf_run(dir, services, &postconf->services, err);
	if (st == ST_OK)
		st = postconf_run(dir, changes, &postconf->changes, err);
	if (st != ST_OK)
		postconf_done(postconf);
	return st;
}

void
postconf_done(struct postconf *postconf)
{
	sbuf_done(&postconf->values);
	sbuf_done(&postconf->changes);
	sbuf_done(&postconf->services);
}

enum status
postconf_set(const char *dir, const char *line, struct err *err)
{
	const char *const words[] = { "-e", line, NULL };
	AUTO(sbuf_done) struct sbuf out;

	sbuf_init(&out, POSTCONF_MAX_BYTES);
	if (postconf_run(dir, words, &out, err) == ST_OK)
		return ST_OK;
	return err_set(err, ST_IO, "postconf -e '%.120s' did not end well",
		       line);
}

/* --- lines -------------------------------------------------------------- */

/* The value of the line that begins with key and " =". */
static bool
lines_find(const struct sbuf *lines, struct span key, struct sbuf *value)
{
	struct span rest = sbuf_span(lines);
	struct span line = { NULL, 0 };

	sbuf_clear(value);
	while (lines_next(&rest, &line)) {
		struct span head = { NULL, 0 };
		struct span tail = { NULL, 0 };

		if (!span_cut(line, 0, key.len_bytes, &head) ||
		    !span_equal(head, key) ||
		    !span_cut(line, key.len_bytes,
			      line.len_bytes - key.len_bytes, &tail))
			continue;
		tail = lines_trim(tail);
		if (tail.len_bytes == 0 || tail.ptr[0] != '=' ||
		    !span_cut(tail, 1, tail.len_bytes - 1, &tail))
			continue;
		sbuf_add_span(value, lines_trim(tail));
		return true;
	}
	return false;
}

bool
postconf_get(const struct postconf *postconf, const char *name,
	     struct sbuf *value)
{
	return lines_find(&postconf->values, span_of(name), value);
}

bool
postconf_get_for(const struct postconf *postconf,
		 const struct postconf_service *service, const char *name,
		 struct sbuf *value)
{
	AUTO(sbuf_done) struct sbuf key;

	sbuf_init(&key, POSTCONF_MAX_BYTES);
	sbuf_add_span(&key, service->name);
	sbuf_add_byte(&key, '/');
	sbuf_add_span(&key, service->type);
	sbuf_addf(&key, "/%s", name);
	return lines_find(&postconf->changes, sbuf_span(&key), value) ||
	       postconf_get(postconf, name, value);
}

/* --- services ----------------------------------------------------------- */

/* "-" stands for y below compatibility level 1, and for n from there on. */
static bool
default_is_chrooted(const struct postconf *postconf)
{
	AUTO(sbuf_done) struct sbuf level;

	sbuf_init(&level, POSTCONF_MAX_BYTES);
	return !postconf_get(postconf, "compatibility_level", &level) ||
	       level.len_bytes == 0 || level.bytes[0] == '0';
}

bool
postconf_service_next(const struct postconf *postconf, size_t *at,
		      struct postconf_service *service_out)
{
	/* name type private unprivileged chroot wakeup maxproc command */
	enum { FIELD_CHROOT = 4, FIELD_COMMAND = 7, FIELD_COUNT = 8 };
	struct span rest = sbuf_span(&postconf->services);
	struct span line = { NULL, 0 };

	for (size_t i = 0; lines_next(&rest, &line); i++) {
		struct span fields[FIELD_COUNT];
		size_t count = 0;

		if (i < *at)
			continue;
		*at = i + 1;
		while (count < FIELD_COUNT &&
		       lines_item(&line, " \t", &fields[count]))
			count++;
		if (count < FIELD_COUNT)
			continue;
		*service_out = (struct postconf_service){
			.name = fields[0],
			.type = fields[1],
			.chrooted = fields[FIELD_CHROOT].ptr[0] == 'y' ||
				    (fields[FIELD_CHROOT].ptr[0] == '-' &&
				     default_is_chrooted(postconf)),
			.command = fields[FIELD_COMMAND],
		};
		return true;
	}
	return false;
}

/* --- values ------------------------------------------------------------- */

static bool
is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == ',';
}

bool
postconf_milter_next(struct span *rest, struct postconf_milter *milter_out)
{
	struct span inner = { NULL, 0 };
	const uint8_t *end = NULL;

	*milter_out = (struct postconf_milter){ .address = { NULL, 0 } };
	while (rest->len_bytes > 0 && is_blank(rest->ptr[0]))
		(void)span_cut(*rest, 1, rest->len_bytes - 1, rest);
	if (rest->len_bytes == 0 || rest->ptr[0] != '{')
		return lines_item(rest, " \t,", &milter_out->address);
	end = memchr(rest->ptr, '}', rest->len_bytes);
	if (end == NULL)
		return false;
	(void)span_cut(*rest, 1, (size_t)(end - rest->ptr) - 1, &inner);
	(void)span_cut(*rest, inner.len_bytes + 2,
		       rest->len_bytes - inner.len_bytes - 2, rest);
	if (!lines_item(&inner, " \t,", &milter_out->address))
		return false;
	milter_out->options = inner;
	return true;
}

struct span
postconf_milter_option(const struct postconf_milter *milter, const char *name)
{
	struct span rest = milter->options;
	const size_t len_bytes = strlen(name);

	/* "name = value": around the equals sign there may be blanks. */
	while (rest.len_bytes > len_bytes) {
		struct span head = { NULL, 0 };
		struct span tail = { NULL, 0 };

		if (span_cut(rest, 0, len_bytes, &head) &&
		    span_equal(head, span_of(name)) &&
		    span_cut(rest, len_bytes, rest.len_bytes - len_bytes,
			     &tail)) {
			tail = lines_trim(tail);
			if (tail.len_bytes > 0 && tail.ptr[0] == '=' &&
			    span_cut(tail, 1, tail.len_bytes - 1, &tail) &&
			    lines_item(&tail, " \t,", &head))
				return head;
		}
		(void)span_cut(rest, 1, rest.len_bytes - 1, &rest);
	}
	return (struct span){ NULL, 0 };
}

bool
postconf_parse_time(struct span text, int64_t *ms_out)
{
	static const struct {
		char unit;
		int64_t ms;
	} units[] = { { 's', 1000 },
		      { 'm', 60000 },
		      { 'h', 3600000 },
		      { 'd', 86400000 },
		      { 'w', 604800000 } };
	int64_t unit_ms = 1000;
	uint64_t number = 0;

	for (size_t i = 0; text.len_bytes > 0 && i < ARRAY_LEN(units); i++) {
		if (text.ptr[text.len_bytes - 1] != (uint8_t)units[i].unit)
			continue;
		unit_ms = units[i].ms;
		text.len_bytes--;
		break;
	}
	if (!parse_u64(text, 1000000, &number))
		return false;
	*ms_out = (int64_t)number * unit_ms;
	return true;
}
