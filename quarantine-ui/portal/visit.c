#include "quarantine-ui/portal/visit.h"

#include <string.h>

#include "lib/base/parse.h"

enum {
	VISIT_COOKIE_BYTES = 1 + LINK_CLAIM_BYTES + SEAL_KEY_BYTES,
	VISIT_MAX_COOKIE_TEXT = 200,
	VISIT_MAX_NAME_BYTES = 40,
	VISIT_MAX_COOKIES = 40, /* visits of one browser */
	VISIT_MAX_TYPED_BYTES = 1000
};

static const char *
visit_cookie_name(struct visit *visit)
{
	return scratch_textf(&visit->scratch, "l-%s", visit->link_text);
}

static void
visit_read_cookie(struct visit *visit)
{
	AUTO(sbuf_done) struct sbuf text;
	uint8_t bytes[VISIT_COOKIE_BYTES];

	sbuf_init_secret(&text, VISIT_MAX_COOKIE_TEXT);
	if (visit->link_text[0] == '\0')
		return;
	http_request_cookie(visit->request, visit_cookie_name(visit), &text);
	if (!parse_base64url(sbuf_span(&text), bytes, sizeof(bytes)))
		return;
	if (bytes[0] > VISIT_KEY_NONE && bytes[0] < VISIT_KEY_END) {
		visit->key_kind = (enum visit_key)bytes[0];
		memcpy(visit->claim, bytes + 1, LINK_CLAIM_BYTES);
		memcpy(visit->key, bytes + 1 + LINK_CLAIM_BYTES,
		       SEAL_KEY_BYTES);
	}
	explicit_bzero(bytes, sizeof(bytes));
}

static void
visit_find_language(struct visit *visit)
{
	const enum i18n_language fallback =
		i18n_language_of(visit->view->config->portal.language);
	AUTO(sbuf_done) struct sbuf cookie;

	sbuf_init(&cookie, VISIT_MAX_COOKIE_TEXT);
	http_request_cookie(visit->request, "lang", &cookie);
	visit->language = i18n_language_of(sbuf_text(&cookie));
	if (visit->language == I18N_LANGUAGE_NONE)
		visit->language = i18n_accept(
			visit->request->fields.accept_language, fallback);
}

/* For records: what shows, cut. */
static void
visit_read_agent(struct visit *visit)
{
	const char *agent = visit->request->fields.user_agent;
	size_t len = 0;

	for (; agent[len] != '\0' && len + 1 < sizeof(visit->agent); len++)
		visit->agent[len] = agent[len] >= 0x20 && agent[len] < 0x7f
					    ? agent[len]
					    : '?';
	visit->agent[len] = '\0';
}

void
visit_begin(struct visit *visit)
{
	visit_find_language(visit);
	visit_read_agent(visit);
	visit_read_cookie(visit);
}

void
visit_done(struct visit *visit)
{
	visit->scratch.secret = true;
	scratch_done(&visit->scratch);
	form_done(&visit->query);
	form_done(&visit->form);
	wire_arena_free(&visit->arena);
	explicit_bzero(visit->claim, sizeof(visit->claim));
	explicit_bzero(visit->key, sizeof(visit->key));
	explicit_bzero(visit->link.claim, sizeof(visit->link.claim));
}

const char *
visit_text(const struct visit *visit, const char *english)
{
	return i18n_text(visit->view->i18n, visit->language, english);
}

struct tell
visit_tell(struct visit *visit)
{
	return (struct tell){ visit->view->i18n, visit->language,
			      &visit->scratch };
}

/* U+FF01 to U+FF5E are ASCII in full width: EF BC 81 to EF BD 9E. */
static size_t
visit_narrow(const char *text, char *plain_out)
{
	const uint8_t *bytes = (const uint8_t *)text;

	*plain_out = text[0];
	if (bytes[0] != 0xef || (bytes[1] != 0xbc && bytes[1] != 0xbd) ||
	    bytes[2] < 0x80 || bytes[2] > 0xbf)
		return 1;
	const unsigned wide =
		(unsigned)(bytes[1] - 0xbc) * 64 + (unsigned)(bytes[2] - 0x80);

	if (wide < 1 || wide > 0x5e)
		return 1;
	*plain_out = (char)(wide + 0x20);
	return 3;
}

const char *
visit_typed(struct visit *visit, const char *text)
{
	/* U+3000, and the dashes that keyboards and mails make of '-' */
	static const char *const dropped[] = { " ",      "-",      "\t",
					       "\n",     "\u3000", "\u00a0",
					       "\u2010", "\u2011", "\u2013",
					       "\u2212", "\u30fc" };
	AUTO(sbuf_done) struct sbuf typed;

	sbuf_init_secret(&typed, VISIT_MAX_TYPED_BYTES);
	for (const char *at = text; *at != '\0';) {
		char plain = 0;
		size_t len = 0;

		for (size_t i = 0; len == 0 && i < ARRAY_LEN(dropped); i++)
			if (strncmp(at, dropped[i], strlen(dropped[i])) == 0)
				len = strlen(dropped[i]);
		if (len == 0) {
			len = visit_narrow(at, &plain);
			if (plain != '-')
				sbuf_add_byte(&typed, (uint8_t)plain);
		}
		at += len;
	}
	return typed.st == ST_OK
		       ? scratch_text(&visit->scratch, sbuf_span(&typed))
		       : "";
}

/* The name of a cookie of another link, or NULL. */
static const char *
visit_other_cookie(struct visit *visit, struct span *rest)
{
	struct span name;

	while (http_request_next_cookie(visit->request, "l-", rest, &name)) {
		const char *text = scratch_text(&visit->scratch, name);
		uint8_t id[LINK_ID_BYTES];

		if (case_id_parse(text + strlen("l-"), id) &&
		    memcmp(id, visit->link_id, sizeof(id)) != 0)
			return text;
	}
	return NULL;
}

/* One answer has room for a few; another visit drops the next ones. */
static void
visit_drop_oldest(struct visit *visit)
{
	struct span rest = span_of(visit->request->fields.cookie);
	size_t count = 1; /* this one */

	while (visit_other_cookie(visit, &rest) != NULL)
		count++;
	rest = span_of(visit->request->fields.cookie);
	for (size_t i = 0;
	     i + 1 < HTTP_MAX_COOKIES && count > VISIT_MAX_COOKIES; i++) {
		http_response_set_cookie(
			visit->response, visit->request->secure,
			visit_other_cookie(visit, &rest), "", 0);
		count--;
	}
}

void
visit_keep(struct visit *visit)
{
	AUTO(sbuf_done) struct sbuf text;
	uint8_t bytes[VISIT_COOKIE_BYTES] = { (uint8_t)visit->key_kind };
	const int64_t left_s =
		(visit->link.claim_until_unix_ms - clock_unix_ms()) / 1000;

	visit_drop_oldest(visit);
	sbuf_init_secret(&text, VISIT_MAX_COOKIE_TEXT);
	memcpy(bytes + 1, visit->claim, LINK_CLAIM_BYTES);
	memcpy(bytes + 1 + LINK_CLAIM_BYTES, visit->key, SEAL_KEY_BYTES);
	format_base64url(&text, (struct span){ bytes, sizeof(bytes) });
	http_response_set_cookie(visit->response, visit->request->secure,
				 visit_cookie_name(visit), sbuf_text(&text),
				 left_s > 0 ? left_s : 0);
	explicit_bzero(bytes, sizeof(bytes));
}

void
visit_leave(struct visit *visit)
{
	http_response_set_cookie(visit->response, visit->request->secure,
				 visit_cookie_name(visit), "", 0);
	visit->key_kind = VISIT_KEY_NONE;
}

bool
visit_may_try(struct visit *visit)
{
	const bool may = limiter_try(
		portal_limiter(visit->portal), visit->request->client_address,
		visit->view->config->portal.rate, clock_mono_ms());

	if (!may)
		portal_count(visit->portal, PORTAL_COUNTER_TOO_FAST, 1);
	return may;
}
