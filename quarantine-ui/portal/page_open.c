/* How a visit begins: GET shows the same page for every link, and asks
 * nobody; POST brings the code. */
#include <string.h>

#include "lib/base/log.h"
#include "quarantine-ui/portal/portal_page.h"

enum { OPEN_RETRY_S = 60 };

struct open_page {
	const char *id, *failure, *company, *stamp;
};

static const struct template_field open_fields[] = {
	TEMPLATE_TEXT_F(struct open_page, id),
	TEMPLATE_TEXT_F(struct open_page, failure),
	TEMPLATE_TEXT_F(struct open_page, company),
	TEMPLATE_TEXT_F(struct open_page, stamp),
};
const struct template_shape portal_shape_open =
	TEMPLATE_SHAPE(open_page, open_fields);

static struct open_page
open_values(const struct visit *visit, const char *failure)
{
	return (struct open_page){
		.id = visit->link_text,
		.failure = visit_text(visit, failure),
		.company = visit->view->config->portal.company,
		.stamp = visit->view->stamp,
	};
}

enum status
portal_show_open(struct visit *visit, const char *failure, struct err *err)
{
	const struct open_page values = open_values(visit, failure);

	return portal_render(visit, PORTAL_TEMPLATE_OPEN, &values,
			     visit_text(visit, N_("Receive files")), err);
}

enum status
portal_no_visit(struct visit *visit, struct err *err)
{
	visit_leave(visit);
	visit->response->status = 404;
	return portal_show_open(
		visit,
		N_("Your visit has ended, or the link has. Open the link in "
		   "the mail once more, or type the code again. If that does "
		   "not help, ask the sender for a new link."),
		err);
}

enum status
portal_link(struct visit *visit, struct err *err)
{
	return portal_show_open(visit, "", err);
}

static void
open_log(const struct visit *visit, enum log_level level, const char *event)
{
	struct log_line line;

	log_begin(&line, level, event);
	log_text(&line, "link", visit->link_text);
	log_text(&line, "client", visit->request->client_address);
	log_send(&line);
}

static enum status
open_too_fast(struct visit *visit, struct err *err)
{
	open_log(visit, LOG_LEVEL_WARNING, "open-rate");
	visit->response->status = 429;
	visit->response->retry_after_s = OPEN_RETRY_S;
	return portal_show_open(
		visit,
		N_("Too many tries from your address. Wait a minute, then try "
		   "again."),
		err);
}

/* Unknown, ended, used up, revoked, wrong: the same words. */
static enum status
open_refused(struct visit *visit, struct err *err)
{
	open_log(visit, LOG_LEVEL_WARNING, "open-refused");
	portal_count(visit->portal, PORTAL_COUNTER_REFUSED, 1);
	visit->response->status = 404;
	return portal_show_open(
		visit,
		N_("This link cannot be opened. Perhaps its time is over, its "
		   "files were fetched already, or the sender took it back; "
		   "or the code is not the one in the mail. Try the code in "
		   "the mail once more; if that does not help, ask the sender "
		   "for a new link."),
		err);
}

enum status
portal_open(struct visit *visit, struct err *err)
{
	struct link_secret secret;
	enum status st = ST_OK;

	if (!visit_may_try(visit))
		return open_too_fast(visit, err);
	if (!link_secret_parse(
		    visit_typed(visit, form_get(&visit->form, "code")),
		    &secret)) {
		visit->response->status = 400;
		return portal_show_open(
			visit,
			N_("The code is not complete: it has 52 letters and "
			   "digits. Copy it from the mail, from the first to "
			   "the last."),
			err);
	}
	st = visit_open(visit, &secret, err);
	explicit_bzero(&secret, sizeof(secret));
	if (st == ST_NOT_FOUND || st == ST_DENIED)
		return open_refused(visit, err);
	if (st != ST_OK)
		return st;
	portal_count(visit->portal, PORTAL_COUNTER_OPENED, 1);
	open_log(visit, LOG_LEVEL_INFO, "open");
	visit_keep(visit);
	http_response_redirect(visit->response,
			       scratch_textf(&visit->scratch, "/l/%s/files",
					     visit->link_text));
	return ST_OK;
}

enum status
portal_leave(struct visit *visit, struct err *err)
{
	const struct open_page values = open_values(visit, "");
	enum status st = ST_OK;

	/* Over already is over; what the vault did not hear of is not. */
	if (visit->key_kind != VISIT_KEY_NONE)
		st = visit_end(visit, err);
	if (st != ST_OK && st != ST_NOT_FOUND && st != ST_DENIED)
		return st;
	visit_leave(visit);
	return portal_render(visit, PORTAL_TEMPLATE_LEFT, &values,
			     visit_text(visit, N_("Visit ended")), err);
}
