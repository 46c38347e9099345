/*
 * visitor.h - a browser without a network: requests to desk_handle().
 */
#ifndef TESTS_QUARANTINE_UI_VISITOR_H
#define TESTS_QUARANTINE_UI_VISITOR_H

#include "quarantine-ui/desk/desk.h"
#include "tests/quarantine-ui/fake_vault.h"

/* A desk over a fake vault, both in a temporary directory. */
struct visited {
	char directory[64];
	char socket[96];
	struct fake_vault *vault;
	struct desk *desk;
};

void visited_start(struct visited *site);
void visited_stop(struct visited *site);

/* The same for cmocka: *state is a struct visited of one test. */
int visited_setup(void **state);
int visited_teardown(void **state);
#define VISIT_TEST(name) \
	cmocka_unit_test_setup_teardown(name, visited_setup, visited_teardown)

/* One person's browser. */
struct visitor {
	struct visited *site;
	bool secure;
	const char *bearer; /* API: the token; NULL none */
	const char *sec_fetch_site;
	const char *content_type; /* NULL: what fits */
	bool far;                 /* comes from elsewhere, not loopback */
	struct sbuf cookies;      /* as the Cookie field */
	struct sbuf form_token;   /* of the last page seen */
	struct http_response response;
};

void visitor_init(struct visitor *visitor, struct visited *site);
void visitor_done(struct visitor *visitor);

/* Ask; the answer is visitor->response, cookies and form token are kept.
 * Returns its status. */
unsigned visitor_ask(struct visitor *visitor, enum http_method method,
		     const char *path, const char *body);
unsigned visitor_get(struct visitor *visitor, const char *path);
/* Post fields ("a=b&c=d", encoded) with the form token of the last page. */
unsigned
visitor_post(struct visitor *visitor, const char *path, const char *fields);
const char *visitor_text(const struct visitor *visitor);
bool visitor_sees(const struct visitor *visitor, const char *text);
/* Sign in on the page; cookies are kept. */
void visitor_sign_in(struct visitor *visitor, const char *login);
/* Sign in by the API; the token is kept as bearer (in *token). */
void visitor_get_token(struct visitor *visitor, const char *login,
		       struct sbuf *token);
/* "/cases/<id of case i><behind>" */
const char *visitor_case_path(const struct visited *site, size_t i,
			      const char *behind, char path[100]);
/* "version=…" as the open page has it, and more. */
const char *visitor_with_version(const struct visitor *visitor,
				 const char *more, char fields[400]);

#endif
