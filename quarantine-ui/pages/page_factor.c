/* The second factor: asked for at sign-in, set up, renewed, removed. */
#include <string.h>

#include "lib/base/log.h"
#include "lib/base/parse.h"
#include "quarantine-ui/desk/ask_people.h"
#include "quarantine-ui/desk/route.h"
#include "quarantine-ui/pages/page.h"
#include "quarantine-ui/pages/qr.h"
#include "quarantine-ui/pages/shapes.h"

enum {
	FACTOR_MAX_PATH_BYTES = 64 * 1024,
	FACTOR_MAX_CODES = 32,
	FACTOR_GROUP = 4
};

struct factor_code {
	const char *text;
};

struct factor_page {
	const char *form_token, *next, *failure;
	const char *onward; /* next without its first '/' */
	/* One of these is what the page is for. */
	bool ask, begin, confirm, codes, leave;
	bool needed;  /* this person's roles need one */
	bool present; /* there is one already */
	const char *secret, *qr_path;
	uint64_t qr_size;
	const struct factor_code *recovery;
	size_t recovery_count;
};

static const struct template_field factor_code_fields[] = {
	TEMPLATE_TEXT_F(struct factor_code, text),
};
static const struct template_shape factor_code_shape =
	TEMPLATE_SHAPE(factor_code, factor_code_fields);

static const struct template_field factor_fields[] = {
	TEMPLATE_TEXT_F(struct factor_page, form_token),
	TEMPLATE_TEXT_F(struct factor_page, next),
	TEMPLATE_TEXT_F(struct factor_page, failure),
	TEMPLATE_TEXT_F(struct factor_page, onward),
	TEMPLATE_FLAG_F(struct factor_page, ask),
	TEMPLATE_FLAG_F(struct factor_page, begin),
	TEMPLATE_FLAG_F(struct factor_page, confirm),
	TEMPLATE_FLAG_F(struct factor_page, codes),
	TEMPLATE_FLAG_F(struct factor_page, leave),
	TEMPLATE_FLAG_F(struct factor_page, needed),
	TEMPLATE_FLAG_F(struct factor_page, present),
	TEMPLATE_TEXT_F(struct factor_page, secret),
	TEMPLATE_TEXT_F(struct factor_page, qr_path),
	TEMPLATE_NUMBER_F(struct factor_page, qr_size),
	TEMPLATE_LIST_F(struct factor_page, recovery, recovery_count,
			factor_code_shape),
};
const struct template_shape shape_factor =
	TEMPLATE_SHAPE(factor_page, factor_fields);

static const char *
factor_next(struct call *call)
{
	const char *next = form_get(&call->form, "next");

	if (next[0] == '\0')
		next = form_get(&call->query, "next");
	return call_next(call, next);
}

static enum status
factor_show(struct call *call, struct factor_page *values, struct err *err)
{
	const struct page page = { VIEW_TEMPLATE_FACTOR, values,
				   call_text(call, N_("Second factor")),
				   call->signed_in ? PAGE_MENU_ACCOUNT
						   : PAGE_MENU_NONE };

	values->form_token = call->form_token;
	values->next = factor_next(call);
	values->onward = scratch_textf(&call->scratch, "%.*s",
				       (int)strcspn(values->next + 1, "?"),
				       values->next + 1);
	values->needed = call->session.stage == SESSION_STAGE_ENROL;
	values->present = call->session.user.second_factor;
	return page_render(call, &page, err);
}

/* A code that was not good. What was typed is not logged. */
static enum status
factor_refuse(struct call *call, struct factor_page *values, struct err *err)
{
	struct log_line line;

	log_begin(&line, LOG_LEVEL_WARNING, "second-factor-refused");
	log_text(&line, "client", call->request->client_address);
	log_text(&line, "login", call->session.user.login);
	log_send(&line);
	call->response->status = 403;
	values->failure = call_text(
		call, N_("This code is not good. Codes of the app change every "
			 "30 seconds and count once; after several wrong ones "
			 "the account is locked for a while."));
	return factor_show(call, values, err);
}

/* Nobody, or somebody who has nothing to do here, goes elsewhere. */
static bool
factor_goes_elsewhere(struct call *call, bool set_up)
{
	const enum session_stage stage = call->session.stage;

	if (stage == SESSION_STAGE_CODE && set_up)
		http_response_redirect(call->response, "/second-factor");
	else if (stage == SESSION_STAGE_ENROL && !set_up)
		http_response_redirect(call->response, "/second-factor/set-up");
	else if (stage == SESSION_STAGE_FULL && !set_up)
		http_response_redirect(call->response, "/account");
	else
		return false;
	return true;
}

/* Too many tries from one address are stopped here already. */
static bool
factor_is_too_fast(struct call *call, struct factor_page *values,
		   struct err *err, enum status *st_out)
{
	if (call_may_try_password(call))
		return false;
	call->response->status = 429;
	call->response->retry_after_s = 60;
	values->failure =
		call_text(call, N_("Too many tries from your address. "
				   "Wait a minute, then try again."));
	*st_out = factor_show(call, values, err);
	return true;
}

enum status
page_factor(struct call *call, struct err *err)
{
	struct factor_page values = { .ask = true };

	return factor_goes_elsewhere(call, false)
		       ? ST_OK
		       : factor_show(call, &values, err);
}

enum status
page_factor_post(struct call *call, struct err *err)
{
	struct factor_page values = { .ask = true };
	struct vault_second_factor_answer answer = { .uri = NULL };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	enum status st = ST_OK;

	if (factor_goes_elsewhere(call, false) ||
	    factor_is_too_fast(call, &values, err, &st))
		return st;
	st = ask_factor(call, FACTOR_STEP_VERIFY, form_get(&call->form, "code"),
			&answer, &arena, err);
	if (st == ST_DENIED || st == ST_FORMAT)
		return factor_refuse(call, &values, err);
	if (st == ST_OK)
		st = call_take_session(call, answer.token, err);
	if (st == ST_OK)
		http_response_redirect(call->response, factor_next(call));
	return st;
}

/* What the page holds is wiped once it was sent. */
static void
factor_keep_secret(struct call *call)
{
	call->scratch.secret = true;
	http_response_set_secret(call->response);
}

/* "abcdefgh" as "abcd efgh": so that one can type it. */
static const char *
factor_grouped(struct call *call, const char *text)
{
	AUTO(sbuf_done) struct sbuf grouped;

	sbuf_init_secret(&grouped, 2 * strlen(text) + 1);
	for (size_t i = 0; text[i] != '\0'; i++) {
		if (i > 0 && i % FACTOR_GROUP == 0)
			sbuf_add_byte(&grouped, ' ');
		sbuf_add_byte(&grouped, (uint8_t)text[i]);
	}
	return scratch_text(&call->scratch, sbuf_span(&grouped));
}

static enum status
factor_begin(struct call *call, struct err *err)
{
	struct factor_page values = { .confirm = true };
	struct factor_page again = { .begin = true };
	struct vault_second_factor_answer answer = { .uri = NULL };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	AUTO(sbuf_done) struct sbuf path;
	enum status st =
		ask_factor(call, FACTOR_STEP_BEGIN,
			   form_get(&call->form, "code"), &answer, &arena, err);

	sbuf_init_secret(&path, FACTOR_MAX_PATH_BYTES);
	if (st == ST_DENIED)
		return factor_refuse(call, &again, err);
	factor_keep_secret(call);
	if (st == ST_OK)
		st = qr_draw(answer.uri, &path, &values.qr_size, err);
	if (st != ST_OK)
		return st;
	values.secret = factor_grouped(call, answer.secret);
	values.qr_path = sbuf_text(&path);
	return factor_show(call, &values, err);
}

/* One code a line; shown once and never again. */
static enum status
factor_show_codes(struct call *call, const char *codes, struct err *err)
{
	struct factor_page values = { .codes = true };
	struct factor_code rows[FACTOR_MAX_CODES];
	struct span rest = span_of(codes);

	factor_keep_secret(call);
	while (rest.len_bytes > 0 && values.recovery_count < FACTOR_MAX_CODES) {
		size_t len = 0;
		struct span code;

		while (len < rest.len_bytes && rest.ptr[len] != '\n')
			len++;
		code = (struct span){ rest.ptr, len };
		if (len > 0)
			rows[values.recovery_count++].text =
				scratch_text(&call->scratch, code);
		len += len < rest.len_bytes;
		rest = (struct span){ rest.ptr + len, rest.len_bytes - len };
	}
	values.recovery = rows;
	return factor_show(call, &values, err);
}

static enum status
factor_confirm(struct call *call, struct err *err)
{
	struct factor_page values = { .confirm = true };
	struct vault_second_factor_answer answer = { .uri = NULL };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	enum status st =
		ask_factor(call, FACTOR_STEP_CONFIRM,
			   form_get(&call->form, "code"), &answer, &arena, err);

	if (st == ST_DENIED || st == ST_FORMAT)
		return factor_refuse(call, &values, err);
	if (st == ST_OK)
		st = call_take_session(call, answer.token, err);
	/* The page's other forms would carry the old session's token. */
	return st == ST_OK ? factor_show_codes(call, answer.recovery_codes, err)
			   : st;
}

enum status
page_factor_set_up(struct call *call, struct err *err)
{
	struct factor_page values = { .begin = true };

	return factor_goes_elsewhere(call, true)
		       ? ST_OK
		       : factor_show(call, &values, err);
}

enum status
page_factor_set_up_post(struct call *call, struct err *err)
{
	struct factor_page values = { .confirm = true };
	enum status st = ST_OK;

	if (factor_goes_elsewhere(call, true) ||
	    factor_is_too_fast(call, &values, err, &st))
		return st;
	return strcmp(form_get(&call->form, "step"), "confirm") == 0
		       ? factor_confirm(call, err)
		       : factor_begin(call, err);
}

/* --- of somebody who has one ------------------------------------------- */

enum status
page_factor_leave(struct call *call, struct err *err)
{
	struct factor_page values = { .leave = true };

	return factor_show(call, &values, err);
}

enum status
page_factor_leave_post(struct call *call, struct err *err)
{
	const bool renew =
		strcmp(form_get(&call->form, "step"), "recovery") == 0;
	struct factor_page values = { .leave = true };
	struct vault_second_factor_answer answer = { .uri = NULL };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	enum status st = ST_OK;

	if (factor_is_too_fast(call, &values, err, &st))
		return st;
	st = ask_factor(call, renew ? FACTOR_STEP_RECOVERY : FACTOR_STEP_REMOVE,
			form_get(&call->form, "code"), &answer, &arena, err);
	if (st == ST_DENIED || st == ST_FORMAT)
		return factor_refuse(call, &values, err);
	if (st != ST_OK)
		return st;
	if (renew)
		return factor_show_codes(call, answer.recovery_codes, err);
	http_response_redirect(call->response, "/account?done=removed");
	return ST_OK;
}
