/* Tests of who gets in, and how: sign-in, password, language. */
#include <string.h>

#include "lib/base/log.h"
#include "quarantine-ui/desk/route.h"
#include "tests/harness/check.h"
#include "tests/quarantine-ui/visitor.h"

static void
nobody_sees_a_page_without_signing_in(void **state)
{
	struct visitor visitor;

	visitor_init(&visitor, *state);
	for (size_t i = 0; i < route_count; i++) {
		const char *id = strstr(routes[i].path, "{id}");
		AUTO(sbuf_done) struct sbuf path;
		unsigned status = 0;

		if (routes[i].roles == 0)
			continue;
		sbuf_init(&path, 200);
		sbuf_add_text(&path, routes[i].path);
		if (id != NULL) {
			sbuf_truncate(&path, (size_t)(id - routes[i].path));
			sbuf_addf(&path, "040g2081040g2081040g208104%s",
				  id + 4);
		}
		status = visitor_ask(&visitor, routes[i].method,
				     sbuf_text(&path), "");
		assert_int_equal(status,
				 routes[i].kind == ROUTE_API ? 401 : 303);
		if (routes[i].kind == ROUTE_PAGE)
			assert_int_equal(
				strncmp(sbuf_text(&visitor.response.location),
					"/sign-in?next=/", 15),
				0);
	}
	visitor_done(&visitor);
}

static void
signing_in_gives_a_session_and_signing_out_ends_it(void **state)
{
	struct visitor visitor;

	visitor_init(&visitor, *state);
	visitor.secure = true;
	visitor_sign_in(&visitor, "approver1");
	assert_non_null(strstr(sbuf_text(&visitor.cookies), "__Host-sid="));
	assert_true(visitor_sees(&visitor, "鈴木 花子"));
	assert_int_equal(visitor_post(&visitor, "/sign-out", ""), 303);
	assert_int_equal(visitor_get(&visitor, "/"), 303);
	visitor_done(&visitor);
}

static void
every_bad_sign_in_is_told_the_same(void **state)
{
	static const char *const fields[] = {
		"login=approver1&password=wrong",
		"login=nobody&password=wrong",
		"login=&password=",
		"login=approver1&password=",
	};
	struct visitor visitor;
	char first[4000] = "";

	visitor_init(&visitor, *state);
	(void)visitor_get(&visitor, "/sign-in");
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		assert_int_equal(visitor_post(&visitor, "/sign-in", fields[i]),
				 403);
		if (i == 0)
			(void)snprintf(first, sizeof(first), "%s",
				       visitor_text(&visitor));
		assert_string_equal(visitor_text(&visitor), first);
	}
	visitor_done(&visitor);
}

static void
sign_in_tries_are_limited_by_address(void **state)
{
	struct visitor visitor;
	struct visitor other;

	visitor_init(&visitor, *state);
	(void)visitor_get(&visitor, "/sign-in");
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(visitor_post(&visitor, "/sign-in",
					      "login=a&password=b"),
				 403);
	assert_int_equal(
		visitor_post(&visitor, "/sign-in", "login=a&password=b"), 429);
	assert_int_equal(visitor.response.retry_after_s, 60);
	assert_int_equal(visitor_ask(&visitor, HTTP_METHOD_POST,
				     "/api/v1/session",
				     "{\"login\":\"a\",\"password\":\"b\"}"),
			 429);
	visitor_init(&other, *state);
	other.far = true;
	(void)visitor_get(&other, "/sign-in");
	assert_int_equal(visitor_post(&other, "/sign-in", "login=a&password=b"),
			 403);
	visitor_done(&other);
	visitor_done(&visitor);
}

static void
after_signing_in_only_own_pages_are_gone_to(void **state)
{
	static const struct {
		const char *next, *want;
	} cases[] = {
		{ "/cases/040g2081040g2081040g208104",
		  "/cases/040g2081040g2081040g208104" },
		{ "/?filter=all", "/?filter=all" },
		{ "https%3A%2F%2Felsewhere.test/", "/" },
		{ "%2F%2Felsewhere.test/", "/" },
		{ "/nothing", "/" },
		{ "/%5C/elsewhere.test", "/" },
		{ "/api/v1/cases", "/" },
		{ "", "/" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct visitor visitor;
		char fields[300];

		visitor_init(&visitor, *state);
		visitor.far = i >= 4; /* keep below the rate */
		(void)visitor_get(&visitor, "/sign-in");
		(void)snprintf(fields, sizeof(fields),
			       "login=approver1&password=correct+horse+"
			       "battery+staple&next=%s",
			       cases[i].next);
		assert_int_equal(visitor_post(&visitor, "/sign-in", fields),
				 303);
		assert_string_equal(sbuf_text(&visitor.response.location),
				    cases[i].want);
		visitor_done(&visitor);
	}
}

static void
a_password_changes_only_with_the_old_one(void **state)
{
	struct visitor visitor;

	visitor_init(&visitor, *state);
	visitor_sign_in(&visitor, "approver1");
	assert_int_equal(visitor_get(&visitor, "/password"), 200);
	assert_int_equal(visitor_post(&visitor, "/password",
				      "old=wrong&new=a+new+good+password&"
				      "again=a+new+good+password"),
			 403);
	assert_int_equal(visitor_post(&visitor, "/password",
				      "old=correct+horse+battery+staple&"
				      "new=short&again=short"),
			 400);
	assert_int_equal(visitor_post(&visitor, "/password",
				      "old=correct+horse+battery+staple&"
				      "new=a+new+good+password&again=another"),
			 400);
	assert_int_equal(visitor_post(&visitor, "/password",
				      "old=correct+horse+battery+staple&"
				      "new=a+new+good+password&"
				      "again=a+new+good+password"),
			 303);
	assert_int_equal(visitor_get(&visitor, "/"), 200);
	visitor_done(&visitor);
}

static void
the_language_is_kept(void **state)
{
	struct visitor visitor;

	visitor_init(&visitor, *state);
	(void)visitor_get(&visitor, "/sign-in");
	assert_true(visitor_sees(&visitor, "<html lang=\"ja\">"));
	assert_true(visitor_sees(&visitor, "サインイン"));
	assert_int_equal(visitor_post(&visitor, "/language",
				      "language=en&next=/sign-in"),
			 303);
	assert_string_equal(sbuf_text(&visitor.response.location), "/sign-in");
	(void)visitor_get(&visitor, "/sign-in");
	assert_true(visitor_sees(&visitor, "<html lang=\"en\">"));
	assert_false(visitor_sees(&visitor, "サインイン"));
	assert_int_equal(visitor_post(&visitor, "/language", "language=xx"),
			 400);
	visitor_done(&visitor);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		VISIT_TEST(nobody_sees_a_page_without_signing_in),
		VISIT_TEST(signing_in_gives_a_session_and_signing_out_ends_it),
		VISIT_TEST(every_bad_sign_in_is_told_the_same),
		VISIT_TEST(sign_in_tries_are_limited_by_address),
		VISIT_TEST(after_signing_in_only_own_pages_are_gone_to),
		VISIT_TEST(a_password_changes_only_with_the_old_one),
		VISIT_TEST(the_language_is_kept),
	};

	log_open("test", LOG_TARGET_STDERR, false);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
