#include "cli/unlock_print.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/clock.h"
#include "lib/base/parse.h"

enum {
	UNLOCK_BAR_CELLS = 30,
	UNLOCK_LINE_BYTES = 512,
	UNLOCK_MS_PER_S = 1000,
	UNLOCK_S_PER_MINUTE = 60,
	UNLOCK_S_PER_HOUR = 3600
};

static const char *const unlock_outcomes[] = {
	[UNLOCK_OPENED] = N_("opened"),
	[UNLOCK_NOT_FOUND] = N_("not opened: none of the passwords fits"),
	[UNLOCK_BUDGET] =
		N_("not opened: the time is up (--budget gives it more)"),
	[UNLOCK_NOT_LOCKED] = N_("nothing in it is locked"),
	[UNLOCK_UNSUPPORTED] = N_("locked in a way that is not searched"),
	[UNLOCK_NO_ARCHIVE] = N_("not an archive that can be searched"),
	[UNLOCK_BAD_MASK] = N_("the mask is not understood"),
	[UNLOCK_NO_MEMBER] =
		N_("not opened: the file of --known is no member, or another "
		   "program packed it"),
};

/* Passwords a second. */
static double
unlock_rate(const struct unlock_print *how, uint64_t tried)
{
	const int64_t elapsed_ms = clock_mono_ms() - how->start_mono_ms;

	return elapsed_ms > 0
		       ? (double)tried * UNLOCK_MS_PER_S / (double)elapsed_ms
		       : 0;
}

/* "1.24 G", "310 k" */
static void
unlock_add_count(struct sbuf *out, double count)
{
	static const char *const units[] = { "", " k", " M", " G", " T", " P" };
	size_t unit = 0;

	while (count >= 1000 && unit + 1 < ARRAY_LEN(units)) {
		count /= 1000;
		unit++;
	}
	sbuf_addf(out, count < 10 && unit > 0 ? "%.2f%s" : "%.0f%s", count,
		  units[unit]);
}

static void
unlock_add_time(struct sbuf *out, double seconds)
{
	if (seconds < UNLOCK_S_PER_MINUTE)
		sbuf_addf(out, "%.0f s", seconds);
	else if (seconds < UNLOCK_S_PER_HOUR)
		sbuf_addf(out, "%.0f min", seconds / UNLOCK_S_PER_MINUTE);
	else
		sbuf_addf(out, "%.1f h", seconds / UNLOCK_S_PER_HOUR);
}

static void
unlock_add_bar(struct sbuf *out, double part)
{
	const size_t full = (size_t)(part * UNLOCK_BAR_CELLS);

	for (size_t i = 0; i < UNLOCK_BAR_CELLS; i++)
		sbuf_add_byte(out, i < full ? '#' : '.');
}

/* One line that the next one writes over. */
static enum status
unlock_show_bar(const struct unlock_print *how,
		const struct unlock_progress *progress, struct err *err)
{
	AUTO(sbuf_done) struct sbuf line;
	const double rate = unlock_rate(how, progress->tried);
	const double total = (double)progress->total;
	const double part = total > 0 ? (double)progress->tried / total : 0;

	sbuf_init(&line, UNLOCK_LINE_BYTES);
	sbuf_add_text(&line, "\r[");
	unlock_add_bar(&line, part < 1 ? part : 1);
	sbuf_addf(&line, "] %3.0f %%  ", part < 1 ? part * 100 : 100);
	unlock_add_count(&line, rate);
	sbuf_addf(&line, "%s", speech_text(how->speech, N_(" passwords/s")));
	if (rate > 0 && total > (double)progress->tried) {
		sbuf_addf(&line, "  %s ",
			  speech_text(how->speech, N_("at most another")));
		unlock_add_time(&line,
				(total - (double)progress->tried) / rate);
	}
	sbuf_add_text(&line, "\033[K");
	(void)fputs(sbuf_text(&line), stderr);
	return sbuf_status(&line, "unlock", err);
}

static enum status
unlock_put_json(json_t *root, struct err *err)
{
	char *text = root != NULL ? json_dumps(root, JSON_COMPACT) : NULL;
	const bool good =
		text != NULL && printf("%s\n", text) > 0 && fflush(stdout) == 0;
	const bool memory = text != NULL;

	if (text != NULL)
		explicit_bzero(text, strlen(text));
	free(text);
	json_decref(root);
	if (!memory)
		return err_set(err, ST_NO_MEMORY, "unlock: no memory");
	return good ? ST_OK : err_set_errno(err, "standard output");
}

static json_t *
unlock_json(const struct unlock_print *how, uint64_t tried, uint64_t total)
{
	return json_pack("{s:i, s:s, s:I, s:I, s:f, s:I}", "format", 1, "file",
			 how->file, "tried", (json_int_t)tried, "total",
			 (json_int_t)(total > INT64_MAX ? INT64_MAX : total),
			 "rate", unlock_rate(how, tried), "elapsed_ms",
			 (json_int_t)(clock_mono_ms() - how->start_mono_ms));
}

enum status
unlock_print_progress(const struct unlock_print *how,
		      const struct unlock_progress *progress, struct err *err)
{
	if (how->json)
		return unlock_put_json(
			unlock_json(how, progress->tried, progress->total),
			err);
	return how->bar ? unlock_show_bar(how, progress, err) : ST_OK;
}

/* A password as text; bytes that are no UTF-8 as \xNN. */
static void
unlock_add_password(struct sbuf *out, struct span password)
{
	const bool is_text = parse_is_utf8(password);

	for (size_t i = 0; i < password.len_bytes; i++) {
		const uint8_t c = password.ptr[i];

		if (c < 0x20 || c == 0x7F || (c >= 0x80 && !is_text))
			sbuf_addf(out, "\\x%02x", c);
		else
			sbuf_add_byte(out, c);
	}
}

static enum status
unlock_json_result(const struct unlock_print *how,
		   const struct unlock_result *result, const char *password,
		   struct err *err)
{
	json_t *root = unlock_json(how, result->tried, result->total);
	const bool opened = result->outcome == UNLOCK_OPENED;

	(void)json_object_set_new(
		root, "result", json_string(unlock_outcomes[result->outcome]));
	(void)json_object_set_new(root, "kind", json_string(result->kind));
	(void)json_object_set_new(root, "opened", json_boolean(opened));
	(void)json_object_set_new(root, "source",
				  opened ? json_string(result->source)
					 : json_null());
	if (opened)
		(void)json_object_set_new(root, "certain",
					  json_boolean(!result->unsure));
	if (opened && how->reveal)
		(void)json_object_set_new(root, "password",
					  json_string(password));
	return unlock_put_json(root, err);
}

static enum status
unlock_text_result(const struct unlock_print *how,
		   const struct unlock_result *result, const char *password,
		   struct err *err)
{
	AUTO(sbuf_done) struct sbuf text;
	const struct speech *speech = how->speech;

	sbuf_init_secret(&text, UNLOCK_LINE_BYTES * 4);
	sbuf_addf(&text, "%s: %s\n", how->file,
		  speech_text(speech, unlock_outcomes[result->outcome]));
	if (result->kind[0] != '\0')
		sbuf_addf(&text, "  %s: %s\n", speech_text(speech, N_("lock")),
			  result->kind);
	if (result->outcome == UNLOCK_OPENED) {
		sbuf_addf(&text, "  %s: %s\n",
			  speech_text(speech, N_("found by")), result->source);
		sbuf_addf(&text, "  %s: %s\n",
			  speech_text(speech, N_("password")),
			  how->reveal ? password
				      : speech_text(speech,
						    N_("known (--reveal shows "
						       "it)")));
		if (result->unsure)
			sbuf_addf(&text, "  %s\n",
				  speech_text(speech,
					      N_("its keys fit, but others "
						 "would, too: what is locked "
						 "is only a few bytes")));
	}
	if (result->tried > 0) {
		sbuf_addf(&text, "  %s: ", speech_text(speech, N_("tried")));
		unlock_add_count(&text, (double)result->tried);
		sbuf_add_text(&text, ", ");
		unlock_add_count(&text, unlock_rate(how, result->tried));
		sbuf_addf(&text, "%s\n",
			  speech_text(speech, N_(" passwords/s")));
	}
	const enum status st = sbuf_status(&text, "unlock", err);

	if (st != ST_OK)
		return st;
	return fputs(sbuf_text(&text), stdout) != EOF && fflush(stdout) == 0
		       ? ST_OK
		       : err_set_errno(err, "standard output");
}

enum status
unlock_print_result(const struct unlock_print *how,
		    const struct unlock_result *result, struct err *err)
{
	AUTO(sbuf_done) struct sbuf password;

	sbuf_init_secret(&password, UNLOCK_PASSWORD_BYTES * 4);
	unlock_add_password(&password, result->password);
	if (how->bar)
		(void)fputs("\r\033[K", stderr);
	return how->json ? unlock_json_result(how, result, sbuf_text(&password),
					      err)
			 : unlock_text_result(how, result, sbuf_text(&password),
					      err);
}
