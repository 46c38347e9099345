/* doctor: does Sendmail ask us about all mail, and wait for the answer? */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/directories.h"
#include "cli/doctor.h"
#include "cli/lines.h"
#include "cli/postconf.h"
#include "lib/base/fd.h"
#include "lib/base/parse.h"

enum { SENDMAIL_MAX_BYTES = 1024 * 1024, SENDMAIL_MS_PER_S = 1000 };

#define SPAN_FMT(s) (int)(s).len_bytes, (const char *)(s).ptr

/* What stands behind prefix in the last line that begins with it. */
static struct span
option_find(const struct sbuf *text, const char *prefix)
{
	struct span rest = sbuf_span(text);
	struct span line = { NULL, 0 };
	struct span found = { (const uint8_t *)"", 0 };

	while (lines_next(&rest, &line)) {
		struct span tail = { NULL, 0 };

		if (lines_behind(line, prefix, &tail))
			found = lines_trim(tail);
	}
	return found;
}

/* The value of a field such as "S=" of an X line; empty: there is none. */
static struct span
field_find(struct span fields, const char *prefix)
{
	struct span item = { NULL, 0 };
	struct span value = { (const uint8_t *)"", 0 };

	while (lines_item(&fields, ",", &item))
		if (lines_behind(lines_trim(item), prefix, &value))
			return lines_trim(value);
	return (struct span){ (const uint8_t *)"", 0 };
}

struct filter {
	struct span name;
	struct span fields;
};

static bool
is_our_socket(const struct config *config, struct span socket)
{
	static const char *const kinds[] = { "unix:", "local:" };
	const char *ours = directories_milter_socket(config);
	struct span path = { NULL, 0 };

	for (size_t i = 0; ours != NULL && i < ARRAY_LEN(kinds); i++)
		if (lines_behind(socket, kinds[i], &path) &&
		    span_equal(path, span_of(ours)))
			return true;
	return span_equal(socket, span_of(config->milter.socket));
}

/* "Xsekimori, S=unix:/path, F=T, T=..." with our socket. */
static bool
filter_find(const struct sbuf *text, const struct config *config,
	    struct filter *filter_out)
{
	struct span rest = sbuf_span(text);
	struct span line = { NULL, 0 };

	while (lines_next(&rest, &line)) {
		struct filter filter = { .name = { NULL, 0 } };

		if (!lines_behind(line, "X", &filter.fields) ||
		    !lines_item(&filter.fields, ", \t", &filter.name) ||
		    !is_our_socket(config, field_find(filter.fields, "S=")))
			continue;
		*filter_out = filter;
		return true;
	}
	return false;
}

static bool
is_in_list(struct span list, struct span name)
{
	struct span item = { NULL, 0 };

	while (lines_item(&list, ", \t;", &item))
		if (span_equal(item, name))
			return true;
	return false;
}

/* "T=C:10s;S:30s;R:120s;E:5m": R, for each answer, starts anew with our
 * reports of progress; E, for the whole end of a mail, does not. */
static void
look_at_times(struct doctor *doctor, struct span times)
{
	const struct {
		const char *letter;
		int64_t over_ms;
		int64_t preset_ms; /* Sendmail's own */
	} rows[] = {
		{ "R:", doctor->config->milter.progress_ms * 2, 10000 },
		{ "E:", doctor->config->milter.deadline_ms, 300000 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct span rest = times;
		struct span item = { NULL, 0 };
		struct span value = { NULL, 0 };
		int64_t ms = rows[i].preset_ms;

		while (lines_item(&rest, ";", &item))
			if (lines_behind(item, rows[i].letter, &value))
				(void)postconf_parse_time(value, &ms);
		if (ms > rows[i].over_ms)
			continue;
		doctor_found(doctor, DOCTOR_SENDMAIL_TIMEOUT,
			     "T=%.*s: %s milter.deadline = %" PRId64 "s",
			     SPAN_FMT(times), rows[i].letter,
			     doctor->config->milter.deadline_ms /
				     SENDMAIL_MS_PER_S);
		return;
	}
	doctor_fine(doctor, DOCTOR_SENDMAIL_TIMEOUT, "T=%.*s", SPAN_FMT(times));
}

static void
look_at_filter(struct doctor *doctor, const struct sbuf *text)
{
	struct filter filter = { .name = { NULL, 0 } };
	struct span value;

	if (!filter_find(text, doctor->config, &filter)) {
		doctor_found(doctor, DOCTOR_SENDMAIL_FILTER,
			     "INPUT_MAIL_FILTER: no S=%s",
			     doctor->config->milter.socket);
		return;
	}
	value = option_find(text, "O InputMailFilters=");
	if (!is_in_list(value, filter.name))
		doctor_found(doctor, DOCTOR_SENDMAIL_FILTER,
			     "InputMailFilters=%.*s: no %.*s", SPAN_FMT(value),
			     SPAN_FMT(filter.name));
	else
		doctor_fine(doctor, DOCTOR_SENDMAIL_FILTER, "X%.*s%.*s",
			    SPAN_FMT(filter.name), SPAN_FMT(filter.fields));
	value = field_find(filter.fields, "F=");
	if (!lines_has(value, "T"))
		doctor_found(doctor, DOCTOR_SENDMAIL_FLAG, "X%.*s%.*s",
			     SPAN_FMT(filter.name), SPAN_FMT(filter.fields));
	else
		doctor_fine(doctor, DOCTOR_SENDMAIL_FLAG, "F=%.*s",
			    SPAN_FMT(value));
	look_at_times(doctor, field_find(filter.fields, "T="));
}

static void
look_at_options(struct doctor *doctor, const struct sbuf *text)
{
	const int64_t most = doctor->config->milter.max_message_bytes;
	struct span value = option_find(text, "O MaxMessageSize=");
	uint64_t limit = 0;

	if (!parse_u64(value, INT64_MAX, &limit) || limit == 0 ||
	    limit > (uint64_t)most)
		doctor_found(doctor, DOCTOR_SENDMAIL_SIZE,
			     "MaxMessageSize=%.*s, milter.max_message = "
			     "%" PRId64,
			     SPAN_FMT(value), most);
	else
		doctor_fine(doctor, DOCTOR_SENDMAIL_SIZE, "MaxMessageSize=%.*s",
			    SPAN_FMT(value));
	value = option_find(text, "O Milter.macros.envfrom=");
	if (!lines_has(value, "{auth_authen}"))
		doctor_found(doctor, DOCTOR_SENDMAIL_LOGIN,
			     "Milter.macros.envfrom=%.*s", SPAN_FMT(value));
	else
		doctor_fine(doctor, DOCTOR_SENDMAIL_LOGIN,
			    "Milter.macros.envfrom=%.*s", SPAN_FMT(value));
}

/* Who Sendmail's daemon is: root, unless RunAsUser says otherwise. */
static void
find_account(const struct sbuf *text, char account[DOCTOR_ACCOUNT_BYTES])
{
	struct span value = option_find(text, "O RunAsUser=");
	struct span user = { NULL, 0 };

	if (!lines_item(&value, ":. \t", &user) ||
	    user.len_bytes >= DOCTOR_ACCOUNT_BYTES)
		user = span_of("root");
	memcpy(account, user.ptr, user.len_bytes);
	account[user.len_bytes] = '\0';
}

bool
doctor_look_at_sendmail(struct doctor *doctor,
			char account[DOCTOR_ACCOUNT_BYTES])
{
	const char *path = doctor->sendmail_file != NULL
				   ? doctor->sendmail_file
				   : "/etc/mail/sendmail.cf";
	AUTO(sbuf_done) struct sbuf text;
	struct err err = { 0 };

	sbuf_init(&text, SENDMAIL_MAX_BYTES);
	if (fd_slurp_file(path, &text, &err) != ST_OK) {
		if (doctor->sendmail_file != NULL)
			doctor_found(doctor, DOCTOR_MTA, "--sendmail: %s",
				     err.text);
		return doctor->sendmail_file != NULL;
	}
	look_at_filter(doctor, &text);
	look_at_options(doctor, &text);
	find_account(&text, account);
	return true;
}
