/* Tests of courier/timers/self_test.h and self_test_mail.h. */
#include "courier/timers/self_test.h"

#include <signal.h>
#include <string.h>

#include "courier/timers/self_test_mail.h"
#include "lib/base/clock.h"
#include "lib/base/parse.h"
#include "tests/courier/world.h"
#include "tests/harness/check.h"

/* Where the next hop answers the mail itself. */
enum { TEST_SAYS_STEP = 5 };

/* Copy text from *from up to behind mark, then more. */
static void
add_after(struct sbuf *out, const char **from, const char *mark,
	  const char *more)
{
	const char *at = strstr(*from, mark);

	assert_non_null(at);
	at += strlen(mark);
	sbuf_add(out, *from, (size_t)(at - *from));
	sbuf_add_text(out, more);
	*from = at;
}

/* The usual configuration, with more settings. */
static void
configure(struct world *world, const char *general, const char *courier)
{
	AUTO(sbuf_done) struct sbuf old;
	AUTO(sbuf_done) struct sbuf text;
	const char *from = NULL;
	struct err err = { 0 };

	sbuf_init(&old, 10000);
	sbuf_init(&text, 10000);
	world_write_config(world, NULL);
	check_status(ST_OK, fd_slurp_file(world_config_path(world), &old, &err),
		     &err);
	from = sbuf_text(&old);
	add_after(&text, &from, "general {\n", general);
	add_after(&text, &from, "courier {\n", courier);
	sbuf_add_text(&text, from);
	world_write_config(world, sbuf_text(&text));
	check_status(
		ST_OK,
		setup_reload(world->setups, world_config_path(world), &err),
		&err);
}

/* One test with a next hop that says this to the mail. */
static enum self_test_trouble
test_with(const char *says, const struct fake_self_test *vault,
	  struct world **world_out, struct err *err)
{
	/* The server goes on with it behind us. */
	static struct smtp_step script[] = {
		{ SMTP_CONNECT, "220 mx.test" },
		{ "EHLO gate.corp.test\r\n", "250-mx.test\r\n250 DSN" },
		{ "MAIL FROM:<sekimori@corp.test>", "250 ok" },
		{ "RCPT TO:<self-test@sekimori.invalid> NOTIFY=NEVER",
		  "250 ok" },
		{ "DATA", "354 go" },
		{ SMTP_MAIL, NULL },
		{ "QUIT", "221 bye" },
		{ NULL, NULL },
	};
	struct world *world = NULL;
	const struct setup *setup = NULL;
	enum self_test_trouble trouble = SELF_TEST_NONE;

	script[TEST_SAYS_STEP].say = says;
	world = world_start(vault->refuse ? NULL : script);
	fake_vault_set_self_test(world->vault, vault);
	configure(world, "", "\tself_test_late = 1s\n");
	setup = setup_current(world->setups);
	trouble = self_test_once(setup, &world->gate, err);
	setup_release(world->setups, &setup);
	*world_out = world;
	return trouble;
}

static void
a_mail_that_is_held_is_no_trouble(void **state)
{
	const struct fake_self_test held = { false, 1000, 2000, 0 };
	AUTO(world_free) struct world *world = NULL;
	struct err err = { 0 };
	const int64_t started_ms = clock_mono_ms();

	(void)state;
	assert_int_equal(test_with("250 taken", &held, &world, &err),
			 SELF_TEST_NONE);
	assert_int_equal(fake_vault_self_tests(world->vault), 1);
	assert_true(clock_mono_ms() - started_ms < 1000);
	smtp_server_stop(world->server);
}

static void
the_mail_has_ticket_label_number_and_both_languages(void **state)
{
	AUTO(world_free) struct world *world = world_start(NULL);
	const struct setup *setup = setup_current(world->setups);
	AUTO(sbuf_done) struct sbuf mail;
	AUTO(sbuf_done) struct sbuf want;
	struct err err = { 0 };

	(void)state;
	sbuf_init(&mail, 100000);
	sbuf_init(&want, 1000);
	check_status(ST_OK,
		     self_test_compose(setup, span_of(FAKE_SELF_TEST_TICKET),
				       &mail, &err),
		     &err);
	assert_int_equal(strncmp(sbuf_text(&mail),
				 "X-Sekimori-Self-Test: ABCDEFGH234567\r\n",
				 38),
			 0);
	assert_non_null(strstr(sbuf_text(&mail), "<sekimori@corp.test>\r\n"));
	assert_non_null(strstr(sbuf_text(&mail),
			       "To: <self-test@sekimori.invalid>\r\n"));
	assert_non_null(
		strstr(sbuf_text(&mail), "Auto-Submitted: auto-generated"));
	/* The text is in base64, three bytes by three. */
	format_base64(&want, span_of("これは Sekimori"));
	assert_non_null(strstr(sbuf_text(&mail), sbuf_text(&want)));
	setup_release(world->setups, &setup);
}

static void
a_mail_that_is_taken_and_not_held_is_an_alarm_in_time(void **state)
{
	/* An older one was. */
	const struct fake_self_test other = { false, 3000, 2000, 0 };
	AUTO(world_free) struct world *world = NULL;
	struct err err = { 0 };
	const int64_t started_ms = clock_mono_ms();

	(void)state;
	assert_int_equal(test_with("250 taken", &other, &world, &err),
			 SELF_TEST_NOT_HELD);
	assert_true(clock_mono_ms() - started_ms >= 1000);
	assert_true(clock_mono_ms() - started_ms < 4000);
	assert_non_null(strstr(err.text, "sekimori doctor"));
	smtp_server_stop(world->server);
}

static void
an_mta_that_refuses_is_named_with_its_words(void **state)
{
	const struct fake_self_test held = { false, 1000, 2000, 0 };
	AUTO(world_free) struct world *world = NULL;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(
		test_with("451 4.3.0 later 12345", &held, &world, &err),
		SELF_TEST_SUBMISSION);
	assert_non_null(strstr(err.text, "451 4.3.0"));
	assert_null(strstr(err.text, "12345"));
	smtp_server_stop(world->server);
}

static void
an_mta_that_is_not_there_is_trouble_with_submission(void **state)
{
	const struct fake_self_test held = { false, 1000, 2000, 0 };
	AUTO(world_free) struct world *world = world_start(NULL);
	const struct setup *setup = NULL;
	struct err err = { 0 };

	(void)state;
	fake_vault_set_self_test(world->vault, &held);
	configure(world, "", "\tself_test_submission = \"127.0.0.1:1\"\n");
	setup = setup_current(world->setups);
	assert_int_equal(self_test_once(setup, &world->gate, &err),
			 SELF_TEST_SUBMISSION);
	setup_release(world->setups, &setup);
}

static void
a_vault_without_a_ticket_sends_nothing(void **state)
{
	const struct fake_self_test refusing = { true, 0, 0, 0 };
	AUTO(world_free) struct world *world = NULL;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(test_with("250 taken", &refusing, &world, &err),
			 SELF_TEST_VAULT);
	assert_true(fake_vault_self_tests(world->vault) > 0);
}

static void *
run(void *argument)
{
	self_test_run(argument);
	return NULL;
}

/* How many tests there are in so many milliseconds. */
static unsigned
count_tests(const char *general, const char *courier, int64_t wait_ms)
{
	const struct fake_self_test refusing = { true, 0, 0, 0 };
	AUTO(world_free) struct world *world = world_start(NULL);
	pthread_t thread;

	fake_vault_set_self_test(world->vault, &refusing);
	configure(world, general, courier);
	assert_int_equal(pthread_create(&thread, NULL, run, &world->loop), 0);
	pause_ms(wait_ms);
	gate_stop(&world->gate);
	assert_int_equal(pthread_join(thread, NULL), 0);
	return fake_vault_self_tests(world->vault);
}

static const char each_second[] =
	"\tself_test_interval = 1s\n\tself_test_late = 1s\n";

static void
tests_come_at_their_interval(void **state)
{
	/* After half a second, and a second later; each call is repeated
	 * once on a new connection. */
	const unsigned count = count_tests("", each_second, 1900);

	(void)state;
	assert_true(count >= 2 && count <= 4);
}

static void
an_interval_of_0_or_monitoring_means_no_tests(void **state)
{
	(void)state;
	assert_int_equal(count_tests("", "\tself_test_interval = 0s\n", 700),
			 0);
	assert_int_equal(count_tests("\tmode = monitor\n", each_second, 900),
			 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mail_that_is_held_is_no_trouble),
		cmocka_unit_test(
			the_mail_has_ticket_label_number_and_both_languages),
		cmocka_unit_test(
			a_mail_that_is_taken_and_not_held_is_an_alarm_in_time),
		cmocka_unit_test(an_mta_that_refuses_is_named_with_its_words),
		cmocka_unit_test(
			an_mta_that_is_not_there_is_trouble_with_submission),
		cmocka_unit_test(a_vault_without_a_ticket_sends_nothing),
		cmocka_unit_test(tests_come_at_their_interval),
		cmocka_unit_test(an_interval_of_0_or_monitoring_means_no_tests),
	};

	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
