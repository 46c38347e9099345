#include <string.h>

#include "quarantine-ui/pages/alarms.h"
#include "quarantine-ui/pages/page.h"
#include "quarantine-ui/pages/shapes.h"

/* What top.html and bottom.html show. */
struct layout {
	const char *language, *title, *name, *form_token, *here, *version,
		*stamp;
	bool signed_in, japanese, english, may_audit, may_report;
	bool may_people, guest, in_inbox, in_audit, in_report, in_people;
	bool in_account;
	const struct alarm_line *alarms;
	size_t alarm_count;
};

static const struct template_field layout_alarm_fields[] = {
	TEMPLATE_TEXT_F(struct alarm_line, text),
	TEMPLATE_FLAG_F(struct alarm_line, bad),
};
static const struct template_shape layout_alarm_shape =
	TEMPLATE_SHAPE(alarm_line, layout_alarm_fields);

static const struct template_field layout_fields[] = {
	TEMPLATE_LIST_F(struct layout, alarms, alarm_count, layout_alarm_shape),
	TEMPLATE_TEXT_F(struct layout, language),
	TEMPLATE_TEXT_F(struct layout, title),
	TEMPLATE_TEXT_F(struct layout, name),
	TEMPLATE_TEXT_F(struct layout, form_token),
	TEMPLATE_TEXT_F(struct layout, here),
	TEMPLATE_TEXT_F(struct layout, version),
	TEMPLATE_TEXT_F(struct layout, stamp),
	TEMPLATE_FLAG_F(struct layout, signed_in),
	TEMPLATE_FLAG_F(struct layout, japanese),
	TEMPLATE_FLAG_F(struct layout, english),
	TEMPLATE_FLAG_F(struct layout, may_audit),
	TEMPLATE_FLAG_F(struct layout, in_inbox),
	TEMPLATE_FLAG_F(struct layout, in_audit),
	TEMPLATE_FLAG_F(struct layout, may_report),
	TEMPLATE_FLAG_F(struct layout, may_people),
	TEMPLATE_FLAG_F(struct layout, guest),
	TEMPLATE_FLAG_F(struct layout, in_report),
	TEMPLATE_FLAG_F(struct layout, in_people),
	TEMPLATE_FLAG_F(struct layout, in_account),
};
const struct template_shape shape_layout =
	TEMPLATE_SHAPE(layout, layout_fields);

static void
layout_fill(struct call *call, const struct page *page, struct layout *layout)
{
	*layout = (struct layout){
		.title = page->title,
		.name = call->signed_in ? call->session.user.name : "",
		.form_token = call->form_token,
		.version = SEKIMORI_VERSION,
		.stamp = call->view->stamp,
		/* Where a change of language comes back to. */
		.here = call_next(call, call->request->path),
		.signed_in = call->signed_in,
		.japanese = call->language == I18N_LANGUAGE_JA,
		.english = call->language == I18N_LANGUAGE_EN,
		.may_audit = call_has_role(call, VAULT_ROLE_AUDITOR |
							 VAULT_ROLE_ADMIN),
		.in_inbox = page->menu == PAGE_MENU_INBOX,
		.in_audit = page->menu == PAGE_MENU_AUDIT,
		.may_report = call_has_role(call, VAULT_ROLE_APPROVER |
							  VAULT_ROLE_AUDITOR |
							  VAULT_ROLE_ADMIN),
		.may_people = call_has_role(call, VAULT_ROLE_AUDITOR |
							  VAULT_ROLE_ADMIN),
		.guest = call_is_guest(call),
		.in_report = page->menu == PAGE_MENU_REPORT,
		.in_people = page->menu == PAGE_MENU_PEOPLE,
		.in_account = page->menu == PAGE_MENU_ACCOUNT,
	};
	layout->language = layout->english ? "en" : "ja";
	if (call->signed_in && layout->name[0] == '\0')
		layout->name = call->session.user.login;
}

static void
layout_render(const struct call *call, enum view_template which,
	      const void *values)
{
	template_render(call->view->templates[which], values, call->view->i18n,
			call->language, &call->response->body);
}

enum status
page_render(struct call *call, const struct page *page, struct err *err)
{
	struct layout layout;
	struct alarm_line alarms[ALARMS_MAX];

	layout_fill(call, page, &layout);
	layout.alarm_count = alarms_find(call, alarms);
	layout.alarms = alarms;
	sbuf_clear(&call->response->body);
	layout_render(call, VIEW_TEMPLATE_TOP, &layout);
	layout_render(call, page->template, page->values);
	layout_render(call, VIEW_TEMPLATE_BOTTOM, &layout);
	if (call->scratch.failed)
		return err_set(err, ST_NO_MEMORY, "desk: no memory for a page");
	return sbuf_status(&call->response->body, "desk: page", err);
}

const char *
page_done_text(const struct call *call, const struct page_done *rows,
	       size_t count)
{
	const char *done = form_get(&call->query, "done");

	for (size_t i = 0; i < count; i++) {
		if (strcmp(rows[i].name, done) == 0)
			return call_text(call, rows[i].english);
	}
	return "";
}
