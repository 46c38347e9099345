/* Tests of courier/jobs: what the vault and the next hop get to see. */
#include "courier/jobs/job_send.h"

#include <signal.h>

#include "lib/base/clock.h"
#include "lib/base/parse.h"
#include "lib/crypto/content.h"
#include "tests/courier/world.h"
#include "tests/harness/check.h"

#define TICKET_FIELD "X-Sekimori-Ticket: " FAKE_TICKET "\r\n"
#define TAKEN_BY(ehlo)                                                    \
	{ SMTP_CONNECT, "220 mx.test" }, { "EHLO gate.corp.test", ehlo }, \
		{ "MAIL FROM:", "250 ok" }, { "RCPT TO:", "250 ok" },     \
		{ "DATA", "354 go" },                                     \
	{                                                                 \
		SMTP_MAIL, "250 2.0.0 queued"                             \
	}
#define END                \
	{                  \
		NULL, NULL \
	}
#define EHLO_ALL "250-mx.test\r\n250-8BITMIME\r\n250 DSN"

static const struct smtp_step taken[] = { TAKEN_BY(EHLO_ALL), END };

/* Do one job to its end; the world is still there to be looked at. */
static struct world *
do_job(const struct smtp_step *script, const struct vault_job *job,
       const char *mail)
{
	struct world *world = world_start(script);

	fake_vault_give(world->vault, job, span_of(mail));
	(void)fake_vault_done(world->vault, 0);
	world_stop(world);
	if (world->server != NULL)
		smtp_server_stop(world->server);
	return world;
}

static const char *
sent_mail(const struct world *world, size_t i)
{
	const struct span mail = smtp_server_mail(world->server, i);

	return mail.len_bytes > 0 ? (const char *)mail.ptr : "";
}

static void
a_released_mail_goes_out_as_it_is_with_its_ticket(void **state)
{
	static const struct smtp_step script[] = {
		{ SMTP_CONNECT, "220 mx.test" },
		{ "EHLO gate.corp.test", EHLO_ALL },
		{ "MAIL FROM:<a@x.test> RET=HDRS ENVID=SK1\r\n", "250 ok" },
		{ "RCPT TO:<b@y.test> NOTIFY=NEVER\r\n", "250 ok" },
		{ "DATA", "354 go" },
		{ SMTP_MAIL, "250 2.0.0 queued" },
		END,
	};
	static const struct case_recipient recipients[] = {
		{ "b@y.test", "NOTIFY=NEVER" },
	};
	static const char mail[] = "From: a@x.test\r\nSubject: x\r\n\r\nhi\r\n";
	struct vault_job job = world_job(JOB_KIND_RELEASE);
	AUTO(world_free) struct world *world = NULL;

	(void)state;
	job.recipients = recipients;
	world = do_job(script, &job, mail);
	const struct fake_done *done = fake_vault_done(world->vault, 0);

	assert_int_equal(done->result, JOB_RESULT_DONE);
	assert_int_equal(done->job_id, 7);
	assert_int_equal(done->delivery_count, 1);
	assert_string_equal(done->deliveries[0].recipient, "b@y.test");
	assert_int_equal(done->deliveries[0].code, 250);
	assert_string_equal(done->deliveries[0].enhanced, "2.0.0");
	assert_memory_equal(sent_mail(world, 0), TICKET_FIELD,
			    sizeof(TICKET_FIELD) - 1);
	assert_string_equal(sent_mail(world, 0) + sizeof(TICKET_FIELD) - 1,
			    mail);
}

/* The digest as the milter takes it: fields and body as they arrive. */
static void
milter_digest(const char *sender, uint8_t digest[CASE_DIGEST_BYTES])
{
	AUTO(content_digest_free) struct content_digest *content = NULL;
	struct err err = { 0 };

	check_status(ST_OK, content_digest_new(&content, &err), &err);
	check_status(ST_OK, content_digest_sender(content, sender, &err), &err);
	check_status(ST_OK,
		     content_digest_field(content, "From", span_of(" a@x.test"),
					  &err),
		     &err);
	check_status(ST_OK,
		     content_digest_field(content, "Subject",
					  span_of(" two\n lines"), &err),
		     &err);
	check_status(
		ST_OK,
		content_digest_field(content, "Received", span_of("x"), &err),
		&err);
	check_status(ST_OK,
		     content_digest_field(content, "Content-Type",
					  span_of("text/plain"), &err),
		     &err);
	check_status(ST_OK,
		     content_digest_body(content,
					 span_of("one\r\n.two\r\n\r\n"), &err),
		     &err);
	check_status(ST_OK, content_digest_end(content, digest, &err), &err);
}

static void
the_ticket_is_bound_to_the_bytes_that_go_out(void **state)
{
	static const char *const mails[] = {
		"From: a@x.test\r\nSubject: two\r\n lines\r\nReceived: x\r\n"
		"Content-Type: text/plain\r\n\r\none\r\n.two\r\n\r\n",
		"From: a@x.test\nSubject : two\n lines\nReceived: x\n"
		"CONTENT-TYPE: text/plain\n\none\n.two\r\r\n\n",
		"From: a@x.test\r\nSubject: two\r\n lines\r\nReceived: x\r\n"
		"Content-Type: text/plain\r\n\r\none\r.two\r\r",
	};
	uint8_t want[CASE_DIGEST_BYTES];

	(void)state;
	milter_digest("a@x.test", want);
	for (size_t i = 0; i < ARRAY_LEN(mails); i++) {
		const struct vault_job job = world_job(JOB_KIND_RELEASE);
		AUTO(world_free)
		struct world *world = do_job(taken, &job, mails[i]);

		assert_memory_equal(fake_vault_digest(world->vault), want,
				    sizeof(want));
	}
}

static void
a_digest_covers_every_part_and_every_byte(void **state)
{
	enum { BODY_BYTES = 100000 };
	static char body[BODY_BYTES + 1];
	struct job_letter letter = { .sender = "", .parts = { span_of("") } };
	uint8_t first[CASE_DIGEST_BYTES];
	uint8_t second[CASE_DIGEST_BYTES];
	struct err err = { 0 };

	(void)state;
	memset(body, 'x', BODY_BYTES);
	letter.parts[0] = span_of("Subject: a\r\n");
	letter.parts[1] = span_of("\r\n");
	letter.parts[2] = span_of(body);
	check_status(ST_OK, job_digest(&letter, first, &err), &err);
	body[BODY_BYTES - 1] = 'y';
	check_status(ST_OK, job_digest(&letter, second, &err), &err);
	assert_memory_not_equal(first, second, sizeof(first));
	body[BODY_BYTES - 1] = 'x';
	letter.parts[0] = span_of("Subject: b\r\n");
	check_status(ST_OK, job_digest(&letter, second, &err), &err);
	assert_memory_not_equal(first, second, sizeof(first));
	letter.parts[0] = span_of("Subject: a\r\nX-Other: b\r\n");
	check_status(ST_OK, job_digest(&letter, second, &err), &err);
	assert_memory_equal(first, second, sizeof(first));
}

static void
answers_are_reported_masked_and_in_one_line(void **state)
{
	static const struct smtp_step script[] = {
		{ SMTP_CONNECT, "220 mx.test" },
		{ "EHLO", "250 mx.test" },
		{ "MAIL", "250 ok" },
		{ "RCPT", "550-5.1.1 no mailbox 123456789018 here\r\n"
			  "550 5.1.1 ask 123" },
		{ "RSET", "250 ok" },
		END,
	};
	const struct vault_job job = world_job(JOB_KIND_RELEASE);
	AUTO(world_free)
	struct world *world = do_job(script, &job, "A: b\r\n\r\n");
	const struct fake_done *done = fake_vault_done(world->vault, 0);

	(void)state;
	assert_int_equal(done->result, JOB_RESULT_DONE);
	assert_int_equal(done->deliveries[0].code, 550);
	assert_string_equal(done->deliveries[0].text,
			    "no mailbox ************ here ask 123");
}

static void
text_is_masked_at_both_ends(void **state)
{
	char text[] = "1234 123 12345\n\xe3 9876";

	(void)state;
	job_mask_text(text);
	assert_string_equal(text, "**** 123 *****?? ****");
}

static void
without_a_next_hop_the_job_is_tried_again(void **state)
{
	const struct vault_job job = world_job(JOB_KIND_RELEASE);
	AUTO(world_free)
	struct world *world = do_job(NULL, &job, "A: b\r\n\r\n");
	const struct fake_done *done = fake_vault_done(world->vault, 0);

	(void)state;
	assert_int_equal(done->result, JOB_RESULT_RETRY);
	assert_int_equal(done->delivery_count, 0);
	assert_non_null(strstr(done->reason, "cannot connect"));
}

static void
a_connection_lost_after_the_dot_is_tried_again(void **state)
{
	static const struct smtp_step script[] = {
		{ SMTP_CONNECT, "220 mx.test" },
		{ "EHLO", "250 mx.test" },
		{ "MAIL", "250 ok" },
		{ "RCPT", "250 ok" },
		{ "DATA", "354 go" },
		{ SMTP_MAIL, NULL },
		{ SMTP_CLOSE, NULL },
		END,
	};
	const struct vault_job job = world_job(JOB_KIND_RELEASE);
	AUTO(world_free)
	struct world *world = do_job(script, &job, "A: b\r\n\r\n");

	(void)state;
	assert_int_equal(fake_vault_done(world->vault, 0)->result,
			 JOB_RESULT_RETRY);
}

static void
what_is_known_is_reported_when_the_connection_is_lost(void **state)
{
	static const struct smtp_step script[] = {
		{ SMTP_CONNECT, "220 mx.test" },
		{ "EHLO", "250 mx.test" },
		{ "MAIL", "250 ok" },
		{ "RCPT TO:<b@y.test>", "550 5.1.1 no" },
		{ "RCPT TO:<c@y.test>", "250 ok" },
		{ "DATA", NULL },
		{ SMTP_CLOSE, NULL },
		END,
	};
	static const struct case_recipient two[] = { { "b@y.test", "" },
						     { "c@y.test", "" } };
	struct vault_job job = world_job(JOB_KIND_RELEASE);
	AUTO(world_free) struct world *world = NULL;

	(void)state;
	job.recipients = two;
	job.recipient_count = 2;
	world = do_job(script, &job, "A: b\r\n\r\n");
	const struct fake_done *done = fake_vault_done(world->vault, 0);

	assert_int_equal(done->result, JOB_RESULT_DONE);
	assert_int_equal(done->delivery_count, 2);
	assert_int_equal(done->deliveries[0].code, 550);
	assert_int_equal(done->deliveries[1].code, 0);
	assert_string_equal(done->deliveries[1].recipient, "c@y.test");
	assert_string_equal(done->deliveries[1].text, done->reason);
	assert_non_null(strstr(done->reason, "smtp: "));
}

static void
without_a_ticket_nothing_is_sent(void **state)
{
	const struct vault_job job = world_job(JOB_KIND_RELEASE);
	AUTO(world_free) struct world *world = world_start(NULL);

	(void)state;
	fake_vault_refuse_tickets(world->vault);
	fake_vault_give(world->vault, &job, span_of("A: b\r\n\r\n"));
	const struct fake_done *done = fake_vault_done(world->vault, 0);

	assert_int_equal(done->result, JOB_RESULT_RETRY);
	assert_string_equal(done->reason, "no ticket");
}

static void
a_job_without_its_mail_is_tried_again(void **state)
{
	const struct vault_job job = world_job(JOB_KIND_RELEASE);
	AUTO(world_free) struct world *world = do_job(NULL, &job, "");

	(void)state;
	assert_int_equal(fake_vault_done(world->vault, 0)->result,
			 JOB_RESULT_RETRY);
	assert_string_equal(fake_vault_done(world->vault, 0)->reason,
			    "job: the mail is missing");
}

/* The boundary of a composed mail. */
static void
find_boundary(const char *mail, char boundary[100])
{
	const char *at = strstr(mail, "boundary=\"");
	size_t len = 0;

	assert_non_null(at);
	at += strlen("boundary=\"");
	len = strcspn(at, "\"");
	assert_true(len < 100);
	memcpy(boundary, at, len);
	boundary[len] = '\0';
}

static void
check_given_back(const char *mail, const char *wire, const char *encoding)
{
	struct vault_job job = world_job(JOB_KIND_GIVE_BACK);
	char boundary[100];
	AUTO(sbuf_done) struct sbuf want;
	AUTO(world_free) struct world *world = NULL;

	job.event = NOTICE_RETURNED;
	world = do_job(taken, &job, mail);
	find_boundary(sent_mail(world, 0), boundary);
	sbuf_init(&want, 10000);
	sbuf_addf(&want,
		  "\r\n--%s\r\nContent-Type: message/rfc822\r\n"
		  "Content-Disposition: attachment\r\n"
		  "Content-Transfer-Encoding: %s\r\n\r\n%s\r\n--%s--\r\n",
		  boundary, encoding, wire, boundary);
	assert_non_null(strstr(sent_mail(world, 0), sbuf_text(&want)));
	assert_non_null(strstr(sent_mail(world, 0),
			       "\r\nAuto-Submitted: auto-generated\r\n"));
	assert_non_null(
		strstr(smtp_server_commands(world->server), "MAIL FROM:<> "));
	assert_int_equal(fake_vault_done(world->vault, 0)->deliveries[0].code,
			 250);
}

static void
mail_is_given_back_byte_for_byte(void **state)
{
	(void)state;
	check_given_back("From: a@x.test\r\n\r\n.body\r\n",
			 "From: a@x.test\r\n\r\n..body\r\n", "7bit");
	check_given_back("A: b\r\n\r\nno end", "A: b\r\n\r\nno end", "7bit");
	check_given_back("A: b\r\n\r\n\xe5\xb1\xb1\r\n",
			 "A: b\r\n\r\n\xe5\xb1\xb1\r\n", "8bit");
}

static void
mail_of_eight_bits_goes_back_as_a_file_when_it_must(void **state)
{
	static const struct smtp_step script[] = {
		{ SMTP_CONNECT, "220 mx.test" },
		{ "EHLO", "250 mx.test" },
		{ "QUIT", NULL },
		TAKEN_BY("250 mx.test"),
		END,
	};
	struct vault_job job = world_job(JOB_KIND_GIVE_BACK);
	AUTO(world_free) struct world *world = NULL;

	(void)state;
	job.event = NOTICE_EXPIRED;
	world = do_job(script, &job, "A: b\r\n\r\n\xe5\xb1\xb1\r\n");
	assert_int_equal(fake_vault_done(world->vault, 0)->deliveries[0].code,
			 250);
	assert_non_null(strstr(sent_mail(world, 0),
			       "filename=\"original.eml\"\r\n"
			       "Content-Transfer-Encoding: base64\r\n\r\n"
			       "QTogYg0KDQrlsbENCg==\r\n"));
}

static void
a_notice_goes_to_one_person(void **state)
{
	static const struct smtp_step script[] = {
		{ SMTP_CONNECT, "220 mx.test" },
		{ "EHLO", EHLO_ALL },
		{ "MAIL FROM:<> RET=HDRS\r\n", "250 ok" },
		{ "RCPT TO:<b@y.test>\r\n", "250 ok" },
		{ "DATA", "354 go" },
		{ SMTP_MAIL, "250 ok" },
		END,
	};
	const struct vault_job job = world_job(JOB_KIND_NOTICE);
	AUTO(world_free) struct world *world = do_job(script, &job, "");
	const char *mail = sent_mail(world, 0);

	(void)state;
	assert_int_equal(fake_vault_done(world->vault, 0)->deliveries[0].code,
			 250);
	assert_memory_equal(mail, TICKET_FIELD, sizeof(TICKET_FIELD) - 1);
	assert_non_null(strstr(mail, "<sekimori@corp.test>\r\n"));
	assert_non_null(strstr(mail, "<b@y.test>\r\n"));
	assert_non_null(strstr(mail, ".7@gate.corp.test>\r\n"));
	assert_non_null(strstr(mail, "\r\nAuto-Submitted: auto-generated\r\n"));
}

static void
a_notice_that_does_not_exist_is_refused_for_good(void **state)
{
	struct vault_job job = world_job(JOB_KIND_NOTICE);
	AUTO(world_free) struct world *world = NULL;

	(void)state;
	job.event = NOTICE_CANCELLED;
	job.audience = NOTICE_AUDIENCE_APPROVER;
	world = do_job(NULL, &job, "");
	assert_int_equal(fake_vault_done(world->vault, 0)->result,
			 JOB_RESULT_DONE);
	assert_int_equal(fake_vault_done(world->vault, 0)->deliveries[0].code,
			 554);
}

static void
a_result_is_reported_until_the_vault_has_it(void **state)
{
	const struct vault_job job = world_job(JOB_KIND_RELEASE);
	AUTO(world_free) struct world *world = world_start(taken);

	(void)state;
	fake_vault_drop_done(world->vault, 2);
	fake_vault_give(world->vault, &job, span_of("A: b\r\n\r\n"));
	assert_int_equal(fake_vault_done(world->vault, 0)->deliveries[0].code,
			 250);
	world_stop(world);
	smtp_server_stop(world->server);
}

static void
only_the_first_request_is_fresh(void **state)
{
	AUTO(world_free) struct world *world = world_start(NULL);

	(void)state;
	while (fake_vault_takes(world->vault) < 3)
		pause_ms(2);
	assert_int_equal(fake_vault_fresh(world->vault), 1);
}

static void
after_a_lost_answer_the_next_request_is_fresh(void **state)
{
	AUTO(world_free) struct world *world = world_start(NULL);

	(void)state;
	while (fake_vault_fresh(world->vault) < 1)
		pause_ms(2);
	fake_vault_lose_take(world->vault);
	while (fake_vault_fresh(world->vault) < 2)
		pause_ms(2);
	const unsigned takes = fake_vault_takes(world->vault);

	while (fake_vault_takes(world->vault) < takes + 2)
		pause_ms(2);
	assert_int_equal(fake_vault_fresh(world->vault), 2);
}

/* A vault that is gone frees the job when it is back. */
static void
what_came_to_nothing_delays_no_end(void **state)
{
	const struct vault_job job = world_job(JOB_KIND_RELEASE);
	AUTO(world_free) struct world *world = world_start(NULL);
	int64_t since_ms = 0;

	(void)state;
	fake_vault_drop_done(world->vault, 1000000);
	fake_vault_give(world->vault, &job, span_of("A: b\r\n\r\n"));
	pause_ms(100);
	since_ms = clock_mono_ms();
	world_stop(world);
	assert_true(clock_mono_ms() - since_ms < 8000);
}

static void
a_job_in_hand_is_finished_before_the_end(void **state)
{
	const struct vault_job job = world_job(JOB_KIND_RELEASE);
	AUTO(world_free) struct world *world = world_start(taken);

	(void)state;
	fake_vault_give(world->vault, &job, span_of("A: b\r\n\r\n"));
	while (fake_vault_binds(world->vault) == 0)
		pause_ms(1);
	world_stop(world);
	assert_int_equal(fake_vault_done(world->vault, 0)->deliveries[0].code,
			 250);
	smtp_server_stop(world->server);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_released_mail_goes_out_as_it_is_with_its_ticket),
		cmocka_unit_test(the_ticket_is_bound_to_the_bytes_that_go_out),
		cmocka_unit_test(a_digest_covers_every_part_and_every_byte),
		cmocka_unit_test(answers_are_reported_masked_and_in_one_line),
		cmocka_unit_test(text_is_masked_at_both_ends),
		cmocka_unit_test(without_a_next_hop_the_job_is_tried_again),
		cmocka_unit_test(
			a_connection_lost_after_the_dot_is_tried_again),
		cmocka_unit_test(
			what_is_known_is_reported_when_the_connection_is_lost),
		cmocka_unit_test(without_a_ticket_nothing_is_sent),
		cmocka_unit_test(a_job_without_its_mail_is_tried_again),
		cmocka_unit_test(mail_is_given_back_byte_for_byte),
		cmocka_unit_test(
			mail_of_eight_bits_goes_back_as_a_file_when_it_must),
		cmocka_unit_test(a_notice_goes_to_one_person),
		cmocka_unit_test(
			a_notice_that_does_not_exist_is_refused_for_good),
		cmocka_unit_test(a_result_is_reported_until_the_vault_has_it),
		cmocka_unit_test(only_the_first_request_is_fresh),
		cmocka_unit_test(after_a_lost_answer_the_next_request_is_fresh),
		cmocka_unit_test(what_came_to_nothing_delays_no_end),
		cmocka_unit_test(a_job_in_hand_is_finished_before_the_end),
	};

	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
