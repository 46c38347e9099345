/* Errors, language, files of our own, and what machines ask. */
#include <inttypes.h>
#include <string.h>

#include "quarantine-ui/portal/portal_page.h"

enum { LANGUAGE_KEEP_S = 365 * 24 * 3600 };

/* --- errors -------------------------------------------------------------- */

struct error_page {
	uint64_t status;
	const char *what, *next, *id;
};

static const struct template_field error_fields[] = {
	TEMPLATE_NUMBER_F(struct error_page, status),
	TEMPLATE_TEXT_F(struct error_page, what),
	TEMPLATE_TEXT_F(struct error_page, next),
	TEMPLATE_TEXT_F(struct error_page, id),
};
const struct template_shape portal_shape_error =
	TEMPLATE_SHAPE(error_page, error_fields);

static const struct {
	unsigned status;
	const char *what;
	const char *next;
} error_words[] = {
	{ 400, N_("The request could not be understood."),
	  N_("Open the link in the mail once more, and start from there.") },
	{ 403, N_("This did not come from our own page."),
	  N_("Nothing was done. Open the link in the mail once more, and press "
	     "the button there.") },
	{ 404, N_("There is nothing here."),
	  N_("Open the link in the mail that you received, and start from "
	     "there. It must be copied whole.") },
	{ 405, N_("There is nothing here."),
	  N_("Open the link in the mail that you received, and start from "
	     "there. It must be copied whole.") },
	{ 409, N_("Something has changed meanwhile."),
	  N_("Open the link in the mail once more, and start from there.") },
	{ 503, N_("This does not work just now."),
	  N_("Your files are safe, and nothing was used up. Try again in a few "
	     "minutes. If it goes on, tell the sender.") },
	{ 0, N_("Something went wrong on our side."),
	  N_("Nothing was used up. Try again in a few minutes. If it goes on, "
	     "tell the sender.") },
};

void
portal_error(struct visit *visit, unsigned status)
{
	struct error_page values = { .status = status, .id = visit->link_text };
	struct err err = { .st = ST_OK };
	size_t i = 0;

	while (i + 1 < ARRAY_LEN(error_words) &&
	       error_words[i].status != status)
		i++;
	if (status == 415)
		i = 0;
	values.what = visit_text(visit, error_words[i].what);
	values.next = visit_text(visit, error_words[i].next);
	http_response_reset(visit->response, status);
	if (portal_render(visit, PORTAL_TEMPLATE_ERROR, &values, values.what,
			  &err) == ST_OK)
		return;
	http_response_reset(visit->response, 500);
	visit->response->content_type = "text/plain; charset=utf-8";
	sbuf_add_text(&visit->response->body, "500\n");
}

/* --- language, files of our own ------------------------------------------ */

enum status
portal_language(struct visit *visit, struct err *err)
{
	const char *language = form_get(&visit->form, "language");
	const char *next = form_get(&visit->form, "next");

	if (i18n_language_of(language) == I18N_LANGUAGE_NONE)
		return err_set(err, ST_FORMAT, "no such language");
	if (!portal_is_page(next))
		return err_set(err, ST_NOT_FOUND, "no such page");
	http_response_set_cookie(visit->response, visit->request->secure,
				 "lang", language, LANGUAGE_KEEP_S);
	http_response_redirect(visit->response, next);
	return ST_OK;
}

static enum status
static_answer(struct visit *visit, const char *path, struct err *err)
{
	const struct view_file *file = view_find_file(visit->view, path);

	if (file == NULL)
		return err_set(err, ST_NOT_FOUND, "no such file");
	http_response_reset(visit->response, 200);
	visit->response->content_type = file->content_type;
	visit->response->may_cache = true;
	sbuf_add_span(&visit->response->body, sbuf_span(&file->bytes));
	return ST_OK;
}

enum status
portal_style(struct visit *visit, struct err *err)
{
	return static_answer(visit, visit->request->path, err);
}

enum status
portal_script(struct visit *visit, struct err *err)
{
	return static_answer(visit, visit->request->path, err);
}

enum status
portal_icon(struct visit *visit, struct err *err)
{
	return static_answer(visit, visit->request->path, err);
}

enum status
portal_logo(struct visit *visit, struct err *err)
{
	return static_answer(visit, visit->request->path, err);
}

enum status
portal_favicon(struct visit *visit, struct err *err)
{
	return static_answer(visit, "/static/icon.svg", err);
}

/* --- for machines --------------------------------------------------------- */

static void
plain_begin(struct visit *visit, unsigned status)
{
	http_response_reset(visit->response, status);
	visit->response->content_type = "text/plain; charset=utf-8";
}

enum status
portal_robots(struct visit *visit, struct err *err)
{
	(void)err;
	plain_begin(visit, 200);
	sbuf_add_text(&visit->response->body, "User-agent: *\nDisallow: /\n");
	return ST_OK;
}

static enum status
health_ask(struct visit *visit, struct err *err)
{
	const struct vault_empty request = { 0 };
	struct vault_link_public key;
	const struct vault_call call = VAULT_CALL(LINK_PUBLIC, &request, &key);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;

	return vault_client_call(visit->vault, &call, &arena, err);
}

/* Others than this host hear that the portal runs, and cost the vault
 * nothing. */
enum status
portal_healthz(struct visit *visit, struct err *err)
{
	const enum status st =
		visit->request->local ? health_ask(visit, err) : ST_OK;

	plain_begin(visit, st == ST_OK ? 200 : 503);
	sbuf_add_text(&visit->response->body,
		      st == ST_OK            ? "ok\n"
		      : st == ST_UNSUPPORTED ? "vault locked\n"
					     : "vault not reachable\n");
	return ST_OK;
}

/* Counts only, and only for this host. */
enum status
portal_metrics(struct visit *visit, struct err *err)
{
	static const struct {
		enum portal_counter counter;
		const char *name, *help;
	} rows[] = {
		{ PORTAL_COUNTER_OPENED, "opened", "Links opened." },
		{ PORTAL_COUNTER_REFUSED, "refused", "Codes refused." },
		{ PORTAL_COUNTER_TOO_FAST, "too_fast",
		  "Tries over portal.rate." },
		{ PORTAL_COUNTER_BUSY, "password_busy",
		  "Passwords that found no place." },
		{ PORTAL_COUNTER_TRANSFERS, "transfers", "Files begun." },
		{ PORTAL_COUNTER_COMPLETE, "transfers_complete",
		  "Files, or the parts asked for, that went out." },
		{ PORTAL_COUNTER_BYTES, "sent_bytes", "Bytes of files sent." },
	};

	if (!visit->request->local)
		return err_set(err, ST_NOT_FOUND, "only from this host");
	plain_begin(visit, 200);
	visit->response->content_type =
		"text/plain; version=0.0.4; charset=utf-8";
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		sbuf_addf(&visit->response->body,
			  "# HELP sekimori_portal_%s_total %s\n"
			  "# TYPE sekimori_portal_%s_total counter\n"
			  "sekimori_portal_%s_total %" PRIu64 "\n",
			  rows[i].name, rows[i].help, rows[i].name,
			  rows[i].name,
			  portal_counted(visit->portal, rows[i].counter));
	return ST_OK;
}
