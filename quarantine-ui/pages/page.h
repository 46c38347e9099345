/*
 * page.h - what all pages share: layout, errors, links.
 *
 * Layer:    quarantine-ui/pages
 * Threads:  belongs to one worker
 */
#ifndef QUARANTINE_UI_PAGES_PAGE_H
#define QUARANTINE_UI_PAGES_PAGE_H

#include "quarantine-ui/desk/call.h"
#include "quarantine-ui/html/view.h"

enum view_template {
	VIEW_TEMPLATE_NONE = 0,
#define TEMPLATE(symbol, file, shape) VIEW_TEMPLATE_##symbol,
#include "quarantine-ui/pages/templates.def"
#undef TEMPLATE
	VIEW_TEMPLATE_END
};

/* Which entry of the menu a page belongs to. */
enum page_menu {
	PAGE_MENU_NONE = 0,
	PAGE_MENU_INBOX,
	PAGE_MENU_AUDIT,
	PAGE_MENU_REPORT,
	PAGE_MENU_PEOPLE,
	PAGE_MENU_ACCOUNT
};

struct page {
	enum view_template template;
	const void *values; /* a struct of the template's shape */
	const char *title;  /* in the person's language */
	enum page_menu menu;
};

/* Put the page into the response, whose status stays as it is.
 * Returns: ST_OK; ST_LIMIT the page would be too large; ST_NO_MEMORY */
MUST_CHECK enum status
page_render(struct call *call, const struct page *page, struct err *err);

/* What the last step did, told on the page that it came back to (?done=name).
 * Gives: the text in the person's language; "" when no row has that name */
struct page_done {
	const char *name;
	const char *english;
};
const char *page_done_text(const struct call *call,
			   const struct page_done *rows, size_t count);

/* Is a new password long enough, and not too long? NIST SP 800-63B and ASVS
 * 6.2: length counts, composition rules do not. */
bool page_password_is_fine(const char *text);

/* An error page that says what to do next. reason: the vault's words, or "". */
void page_error(struct call *call, unsigned status, const char *reason);
/* The same for a form without its token (an old page, or another site). */
void page_error_form(struct call *call);

/* A page that loads itself again, for links from other sites. */
void page_hop(struct call *call);
/* To the one case of a guest. */
void page_to_guests_case(struct call *call);
void page_redirect_to_sign_in(struct call *call);

#endif
