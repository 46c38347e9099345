/* Tests of how a visit of the portal ends in the browser. */
#include <string.h>

#include "lib/base/log.h"
#include "tests/harness/check.h"
#include "tests/quarantine-ui/portal_site.h"

/* Somebody has a copy of the cookie, as on a computer that others use. */
static void
a_visit_that_was_left_is_over_for_its_cookie(void **state)
{
	struct portal_site *site = *state;
	struct guest one;
	struct guest other;

	guest_visit(&one, site, FAKE_LINK_READY);
	guest_init(&other, site, FAKE_LINK_READY);
	sbuf_add_span(&other.cookies, sbuf_span(&one.cookies));
	assert_int_equal(guest_post(&other, "/take", "file=2"), 303);
	assert_int_equal(guest_ask(&other, HTTP_METHOD_GET, "/files", ""), 200);
	assert_int_equal(guest_post(&one, "/leave", ""), 200);
	assert_true(guest_sees(&one, "The visit has ended"));
	assert_int_equal(guest_ask(&other, HTTP_METHOD_GET, "/files", ""), 404);
	/* Left once more, or without a visit: the same page. */
	assert_int_equal(guest_post(&one, "/leave", ""), 200);
	guest_done(&other);
	guest_done(&one);
}

/* count of them, of links that are not in the fake vault: l-ID=x; … */
static void
add_cookies(struct guest *guest, uint8_t count)
{
	for (uint8_t i = 0; i < count; i++) {
		char text[CASE_ID_TEXT_BYTES];
		uint8_t id[LINK_ID_BYTES];

		memset(id, 0x80 + i, sizeof(id));
		case_id_format(id, text);
		sbuf_addf(&guest->cookies, "%sl-%s=x", i > 0 ? "; " : "", text);
	}
}

static bool
removes(const struct guest *guest, size_t which, uint8_t number)
{
	const char *line = sbuf_text(&guest->response.cookies[which]);
	char text[CASE_ID_TEXT_BYTES];
	uint8_t id[LINK_ID_BYTES];

	memset(id, 0x80 + number, sizeof(id));
	case_id_format(id, text);
	return strstr(line, text) != NULL && strstr(line, "Max-Age=0") != NULL;
}

static void
of_many_visits_a_browser_forgets_the_oldest(void **state)
{
	static const struct {
		uint8_t have;
		size_t dropped;
	} browsers[] = { { 39, 0 }, { 40, 1 }, { 60, 2 } };
	struct portal_site *site = *state;
	char own[CASE_ID_TEXT_BYTES];

	fake_link_id(FAKE_LINK_READY, own);
	for (size_t i = 0; i < ARRAY_LEN(browsers); i++) {
		const size_t dropped = browsers[i].dropped;
		struct guest one;

		guest_init(&one, site, FAKE_LINK_READY);
		/* What is not of a link is none of ours. */
		add_cookies(&one, browsers[i].have);
		sbuf_add_text(&one.cookies, "; l-x=1; lang=en");
		guest_open(&one, FAKE_LINK_READY);
		assert_int_equal(one.response.cookie_count, dropped + 1);
		for (uint8_t n = 0; n < dropped; n++)
			assert_true(removes(&one, n, n));
		assert_non_null(
			strstr(sbuf_text(&one.response.cookies[dropped]), own));
		assert_int_equal(guest_ask(&one, HTTP_METHOD_GET, "/files", ""),
				 200);
		guest_done(&one);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		PORTAL_TEST(a_visit_that_was_left_is_over_for_its_cookie),
		PORTAL_TEST(of_many_visits_a_browser_forgets_the_oldest),
	};

	log_open("test", LOG_TARGET_STDERR, false);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
