#include "milter/policy_test.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "milter/links/settings.h"
#include "milter/policy/finish.h"

enum { TEST_CHUNK_BYTES = 65535, TEST_MARGIN_BYTES = 4096 };

/* What the sessions of this file are driven with. */
struct test_run {
	const struct policy_test *test;
	struct session *session;
	struct mta mta;
	bool decided;
	char reply[300];
};

/* --- an MTA that does nothing ------------------------------------------- */

static const char *
dry_macro(void *self, const char *name)
{
	const struct test_run *run = self;

	if (strcmp(name, "{auth_authen}") == 0 && run->test->login != NULL)
		return run->test->login;
	return "";
}

static enum status
dry_progress(void *self, struct err *err)
{
	(void)self;
	(void)err;
	return ST_OK;
}

static enum status
dry_add_field(void *self, const char *name, const char *value, struct err *err)
{
	(void)self;
	(void)err;
	(void)printf("would add: %s: %s\n", name, value);
	return ST_OK;
}

static enum status
dry_delete_field(void *self, const char *name, int index, struct err *err)
{
	(void)self;
	(void)err;
	(void)index;
	(void)printf("would remove: %s\n", name);
	return ST_OK;
}

static enum status
dry_delete_recipient(void *self, const char *given, struct err *err)
{
	(void)self;
	(void)err;
	(void)given;
	return ST_OK;
}

static enum status
dry_set_reply(void *self, const char *code, const char *enhanced,
	      const char *text, struct err *err)
{
	struct test_run *run = self;

	(void)err;
	(void)snprintf(run->reply, sizeof(run->reply), "%s %s %s", code,
		       enhanced, text);
	return ST_OK;
}

static const struct mta_ops dry_ops = {
	.macro = dry_macro,
	.progress = dry_progress,
	.add_field = dry_add_field,
	.delete_field = dry_delete_field,
	.delete_recipient = dry_delete_recipient,
	.set_reply = dry_set_reply,
};

/* --- what was decided --------------------------------------------------- */

static void
print_verdict(const struct scan_report *report)
{
	(void)printf("verdict: %s", report_verdict_name(report->verdict));
	if (report->level != REPORT_LEVEL_NONE)
		(void)printf(", level %s, score %" PRId64,
			     report_level_name(report->level),
			     report->score_db);
	(void)printf(", %" PRIu64 " number%s (profile %s)\n",
		     report->number_count, report->number_count == 1 ? "" : "s",
		     report_profile_name(report->profile));
	for (size_t i = 0; i < report->finding_count; i++)
		(void)printf("  %s, %s: %s (%s, score %" PRId64 ")\n",
			     report->findings[i].part,
			     report->findings[i].location,
			     report->findings[i].masked,
			     report_level_name(report->findings[i].level),
			     report->findings[i].score_db);
	for (size_t i = 0; i < report->opaque_count; i++)
		(void)printf("  %s: not read: %s %s\n", report->opaques[i].part,
			     report_reason_name(report->opaques[i].reason),
			     report->opaques[i].detail);
}

static void
print_seconds(uint64_t s)
{
	if (s % 3600 == 0)
		(void)printf("%" PRIu64 " h", s / 3600);
	else if (s % 60 == 0)
		(void)printf("%" PRIu64 " min", s / 60);
	else
		(void)printf("%" PRIu64 " s", s);
}

static void
print_hold(const struct policy_outcome *outcome)
{
	(void)printf(" (approvers %s, expires after ", outcome->approvers);
	print_seconds(outcome->expires_after_s);
	(void)printf(")");
}

/* What the link would be like, and when it is held instead. */
static void
print_link(const struct policy_outcome *outcome)
{
	const struct policy_link *link = &outcome->link;

	(void)printf(" (%s, ends after ",
		     link->findings_only ? "files with findings" : "all files");
	print_seconds(link->expires_after_s);
	if (link->downloads > 1)
		(void)printf(", %" PRIu32 " downloads", link->downloads);
	(void)printf("%s%s%s", link->downloads == 1 ? ", once" : "",
		     link->code ? ", code to the mailbox" : "",
		     link->certificate ? ", client certificate" : "");
	if (link->networks[0] != '\0')
		(void)printf(", from %s", link->networks);
	if (link->pictures != REWRITE_PICTURES_HOLD)
		(void)printf(", pictures in the text %s",
			     rewrite_pictures_name(link->pictures));
	if (link->inside)
		(void)printf(", inside too");
	(void)printf("; %sapprovers %s)",
		     link->unknown_held
			     ? "held for a recipient never written to, "
			     : "",
		     outcome->approvers);
}

static void
print_recipient(const char *address, const struct plan_recipient *recipient)
{
	const struct policy_outcome *outcome = &recipient->outcome;

	(void)printf("%s: %s by rule \"%s\"", address,
		     policy_action_name(outcome->action), outcome->rule);
	if (recipient->fate == PLAN_FATE_HELD &&
	    outcome->action == POLICY_ACTION_REJECT)
		(void)printf(" (goes back to the sender, because others may "
			     "have it)");
	else if (recipient->fate == PLAN_FATE_HELD &&
		 outcome->action == POLICY_ACTION_LINK)
		print_link(outcome);
	else if (recipient->fate == PLAN_FATE_HELD)
		print_hold(outcome);
	(void)printf(", profile %s\n", report_profile_name(outcome->profile));
}

static void
print_decision(void *context, const struct mail *mail,
	       const struct scan_report *const reports[],
	       const struct plan *plan)
{
	struct test_run *run = context;

	run->decided = true;
	for (size_t i = 0; i < REPORT_PROFILE_END; i++) {
		if (reports[i] != NULL)
			print_verdict(reports[i]);
	}
	for (size_t i = 0; i < plan->recipient_count; i++)
		print_recipient(mail->recipients[i].address,
				&plan->recipients[i]);
}

/* --- the file as events ------------------------------------------------- */

static enum mta_answer
test_step(struct test_run *run, const struct session_input *input)
{
	return session_step(run->session, input, &run->mta);
}

/*
 * One line of the header, its folds included, ends before *end_out. The line
 * is without its line end in *line, lone line feeds inside.
 */
static struct span
header_line(struct span rest, struct sbuf *line)
{
	size_t at = 0;

	sbuf_clear(line);
	while (at < rest.len_bytes) {
		const uint8_t byte = rest.ptr[at++];
		const bool folded =
			at < rest.len_bytes &&
			(rest.ptr[at] == ' ' || rest.ptr[at] == '\t');

		if (byte == '\n' && !folded)
			break;
		if (byte != '\r' || at == rest.len_bytes ||
		    rest.ptr[at] != '\n')
			sbuf_add_byte(line, byte == '\0' ? ' ' : byte);
	}
	(void)span_cut(rest, at, rest.len_bytes - at, &rest);
	return rest;
}

/* Give the fields; what is left is the body. */
static struct span
test_header(struct test_run *run, struct span rest, struct sbuf *line)
{
	while (rest.len_bytes > 0) {
		const struct span behind = header_line(rest, line);
		struct session_input input = { .event = EVENT_HEADER,
					       .name = sbuf_text(line) };
		uint8_t *colon = NULL;

		if (line->len_bytes == 0)
			return behind;
		colon = memchr(line->bytes, ':', line->len_bytes);
		/* An MTA takes a line without a colon as the body's first. */
		if (colon == NULL)
			return rest;
		*colon = '\0';
		input.value = (const char *)colon + 1;
		(void)test_step(run, &input);
		rest = behind;
	}
	return rest;
}

/* The body with whole line ends, in chunks as an MTA gives them. */
static void
test_body(struct test_run *run, struct span rest, struct sbuf *body)
{
	struct session_input input = { .event = EVENT_BODY };

	sbuf_clear(body);
	for (size_t i = 0; i < rest.len_bytes; i++) {
		if (rest.ptr[i] == '\n' && (i == 0 || rest.ptr[i - 1] != '\r'))
			sbuf_add_byte(body, '\r');
		sbuf_add_byte(body, rest.ptr[i]);
	}
	for (size_t at = 0; at < body->len_bytes; at += TEST_CHUNK_BYTES) {
		size_t len = body->len_bytes - at;

		if (len > TEST_CHUNK_BYTES)
			len = TEST_CHUNK_BYTES;
		(void)span_cut(sbuf_span(body), at, len, &input.chunk);
		(void)test_step(run, &input);
	}
}

static enum mta_answer
test_mail(struct test_run *run, struct span file, struct sbuf *room)
{
	const struct policy_test *test = run->test;
	struct session_input input = { .event = EVENT_CONNECT,
				       .name = "",
				       .value = test->client };

	(void)test_step(run, &input);
	input = (struct session_input){ .event = EVENT_MAIL,
					.name = test->from };
	(void)test_step(run, &input);
	for (size_t i = 0; test->to[i] != NULL; i++) {
		input = (struct session_input){ .event = EVENT_RCPT,
						.name = test->to[i] };
		(void)test_step(run, &input);
	}
	input = (struct session_input){ .event = EVENT_DATA };
	(void)test_step(run, &input);
	const struct span rest = test_header(run, file, room);

	input = (struct session_input){ .event = EVENT_EOH };
	(void)test_step(run, &input);
	test_body(run, rest, room);
	input = (struct session_input){ .event = EVENT_EOM };
	return test_step(run, &input);
}

static int
test_fail(const struct err *err, int code)
{
	(void)fprintf(stderr, "sekimori-milter: %s\n", err->text);
	return code;
}

static int
test_with(const struct policy_test *test, struct settings *settings,
	  struct scan_pool *scans, struct span file)
{
	struct spool_budget budget = { 0 };
	struct test_run run = { .test = test };
	const struct finish finish = { .scans = scans,
				       .watch = print_decision,
				       .watch_context = &run };
	const struct session_services services = {
		.settings = settings,
		.budget = &budget,
		.finish = finish_mail,
		.finish_context = (void *)(uintptr_t)&finish,
	};
	AUTO(sbuf_done) struct sbuf room;
	struct err err = { .st = ST_OK };
	enum mta_answer answer = MTA_ANSWER_NONE;

	sbuf_init(&room, file.len_bytes * 2 + TEST_MARGIN_BYTES);
	run.mta = (struct mta){ &dry_ops, &run };
	if (session_new(&services, &run.session, &err) != ST_OK)
		return test_fail(&err, EX_OSERR);
	answer = test_mail(&run, file, &room);
	session_free(&run.session);
	if (!run.decided) {
		(void)fprintf(stderr, "sekimori-milter: no decision: %s\n",
			      run.reply);
		return EX_TEMPFAIL;
	}
	(void)printf("answer to the MTA: %s%s%s\n", mta_answer_name(answer),
		     run.reply[0] != '\0' ? " " : "", run.reply);
	return EX_OK;
}

int
policy_test(const struct policy_test *test, struct config **config_in)
{
	const int64_t max_bytes = (*config_in)->milter.max_message_bytes;
	AUTO(sbuf_done) struct sbuf file;
	AUTO(scan_pool_free) struct scan_pool *scans = NULL;
	AUTO(settings_free) struct settings *settings = NULL;
	char scanner[4300];
	struct err err = { .st = ST_OK };

	sbuf_init(&file, (size_t)max_bytes);
	(void)snprintf(scanner, sizeof(scanner), "%s/sekimori-scanner",
		       (*config_in)->general.program_dir);
	if (fd_slurp_file(test->file, &file, &err) != ST_OK)
		return test_fail(&err, EX_NOINPUT);
	if (scan_pool_spawn(scanner, test->config_path, &scans, &err) !=
		    ST_OK ||
	    settings_new(config_in, &settings, &err) != ST_OK)
		return test_fail(&err, EX_OSERR);
	return test_with(test, settings, scans, sbuf_span(&file));
}
