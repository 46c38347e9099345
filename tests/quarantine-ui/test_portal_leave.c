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

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		PORTAL_TEST(a_visit_that_was_left_is_over_for_its_cookie),
	};

	log_open("test", LOG_TARGET_STDERR, false);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
