#include "quarantine-ui/desk/call.h"

#include <string.h>

#include "lib/base/parse.h"
#include "lib/crypto/digest.h"
#include "quarantine-ui/desk/route.h"

enum {
	CALL_MAX_COOKIE_BYTES = 200,
	CALL_MAX_NEXT_BYTES = 200,
	CALL_MAX_REQUEST_BYTES = 64 * 1024
};

/* The session token: "Authorization: Bearer …"; for pages also the cookie.
 * The API takes no cookie, so no other site can speak for a browser there. */
static bool
call_read_token(struct call *call)
{
	static const char scheme[] = "Bearer ";
	const char *bearer = call->request->fields.authorization;
	AUTO(sbuf_done) struct sbuf cookie;

	sbuf_init_secret(&cookie, CALL_MAX_COOKIE_BYTES);
	if (strncmp(bearer, scheme, sizeof(scheme) - 1) == 0)
		return parse_base64url(span_of(bearer + sizeof(scheme) - 1),
				       call->token, sizeof(call->token));
	if (call->route != NULL && call->route->kind == ROUTE_API)
		return false;
	http_request_cookie(call->request, "sid", &cookie);
	return parse_base64url(sbuf_span(&cookie), call->token,
			       sizeof(call->token));
}

static enum status
call_find_person(struct call *call, struct err *err)
{
	struct vault_whoami request = { .actor = call_actor(call) };
	const struct vault_call ask =
		VAULT_CALL(WHOAMI, &request, &call->session);
	const enum status st =
		vault_client_call(call->vault, &ask, &call->session_arena, err);

	/* An old or forged token is nobody, not an error. */
	if (st == ST_DENIED || st == ST_NOT_FOUND)
		return ST_OK;
	if (st != ST_OK)
		return st == ST_END ? err_set(err, ST_IO, "vault: conflict")
				    : st;
	call->signed_in = call->session.user.enabled &&
			  call->session.stage == SESSION_STAGE_FULL;
	call->half = call->session.user.enabled && !call->signed_in;
	return ST_OK;
}

static void
call_find_language(struct call *call)
{
	const enum i18n_language fallback =
		i18n_language_of(call->view->config->general.language);
	AUTO(sbuf_done) struct sbuf cookie;

	sbuf_init(&cookie, CALL_MAX_COOKIE_BYTES);
	http_request_cookie(call->request, "lang", &cookie);
	call->language = i18n_language_of(sbuf_text(&cookie));
	if (call->language == I18N_LANGUAGE_NONE && call->signed_in)
		call->language = i18n_language_of(call->session.user.language);
	if (call->language == I18N_LANGUAGE_NONE)
		call->language = i18n_accept(
			call->request->fields.accept_language, fallback);
}

/* A random token that the browser keeps in a cookie: no other site can read
 * or, as it is __Host-, set it, so that the sign-in form itself is safe. */
static enum status
call_visitor_token(struct call *call, struct sbuf *text, struct err *err)
{
	uint8_t token[VAULT_TOKEN_BYTES];
	enum status st = ST_OK;

	http_request_cookie(call->request, "form", text);
	if (parse_base64url(sbuf_span(text), token, sizeof(token)))
		return ST_OK;
	st = random_fill(token, sizeof(token), err);
	if (st != ST_OK)
		return st;
	sbuf_clear(text);
	format_base64url(text, (struct span){ token, sizeof(token) });
	http_response_set_cookie(call->response, call->request->secure, "form",
				 sbuf_text(text), -1);
	return ST_OK;
}

static enum status
call_find_form_token(struct call *call, struct err *err)
{
	AUTO(sbuf_done) struct sbuf text;

	sbuf_init_secret(&text, CALL_MAX_COOKIE_BYTES);
	if (call->signed_in || call->half) {
		format_base64url(&text, call->session.form_token);
	} else {
		const enum status st = call_visitor_token(call, &text, err);

		if (st != ST_OK)
			return st;
	}
	if (text.len_bytes >= sizeof(call->form_token))
		return err_set(err, ST_FORMAT, "desk: form token is too long");
	memcpy(call->form_token, sbuf_text(&text), text.len_bytes + 1);
	return ST_OK;
}

enum status
call_identify(struct call *call, struct err *err)
{
	enum status st = ST_OK;

	call->had_token = call_read_token(call);
	if (call->had_token)
		st = call_find_person(call, err);
	call_find_language(call);
	if (st == ST_OK &&
	    (call->route == NULL || call->route->kind == ROUTE_PAGE))
		st = call_find_form_token(call, err);
	return st;
}

void
call_done(struct call *call)
{
	scratch_done(&call->scratch);
	form_done(&call->query);
	form_done(&call->form);
	wire_arena_free(&call->session_arena);
	explicit_bzero(call->token, sizeof(call->token));
	explicit_bzero(call->form_token, sizeof(call->form_token));
}

struct vault_actor
call_actor(const struct call *call)
{
	return (struct vault_actor){ { call->token, sizeof(call->token) } };
}

enum status
call_ask(struct call *call, const struct vault_call *ask,
	 struct wire_arena **arena_out, struct err *err)
{
	AUTO(sbuf_done) struct sbuf probe;

	/* What a person typed may not fit its member: that is their mistake,
	 * not an outage, and the vault need not hear of it. */
	sbuf_init_secret(&probe, CALL_MAX_REQUEST_BYTES);
	if (wire_encode(ask->request_table, ask->request, &probe, err) != ST_OK)
		return err_set(err, ST_FORMAT,
			       N_("a text is too long, or holds characters "
				  "that are not text"));
	return vault_client_call(call->vault, ask, arena_out, err);
}

bool
call_has_role(const struct call *call, uint32_t roles)
{
	return call->signed_in && (call->session.user.roles & roles) != 0;
}

bool
call_is_guest(const struct call *call)
{
	return call->signed_in &&
	       call->session.guest_case_id.len_bytes == CASE_ID_BYTES;
}

enum status
call_take_session(struct call *call, struct span token, struct err *err)
{
	AUTO(sbuf_done) struct sbuf text;

	sbuf_init_secret(&text, CALL_TOKEN_TEXT_BYTES);
	format_base64url(&text, token);
	if (text.st != ST_OK || token.len_bytes != VAULT_TOKEN_BYTES)
		return err_set(err, ST_IO, "vault: malformed session token");
	http_response_set_cookie(call->response, call->request->secure, "sid",
				 sbuf_text(&text), -1);
	http_response_set_cookie(call->response, call->request->secure, "form",
				 "", 0);
	return ST_OK;
}

const char *
call_text(const struct call *call, const char *english)
{
	return i18n_text(call->view->i18n, call->language, english);
}

bool
call_form_is_ours(const struct call *call)
{
	const struct span want = span_of(call->form_token);

	return want.len_bytes > 0 &&
	       http_request_is_same_origin(call->request) &&
	       secret_equal(want, span_of(form_get(&call->form, "token")));
}

const char *
call_next(const struct call *call, const char *asked)
{
	char path[CALL_MAX_NEXT_BYTES];
	const size_t path_bytes = strcspn(asked, "?");

	(void)call;
	if (strlen(asked) >= sizeof(path) ||
	    strspn(asked, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			  "0123456789/?=&-_.") != strlen(asked))
		return "/";
	memcpy(path, asked, path_bytes);
	path[path_bytes] = '\0';
	return route_is_page(path) ? asked : "/";
}

bool
call_may_try_password(const struct call *call)
{
	return limiter_try(
		desk_limiter(call->desk), call->request->client_address,
		call->view->config->desk.login_rate, clock_mono_ms());
}
