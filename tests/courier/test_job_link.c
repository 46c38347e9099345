/* Tests of courier/jobs/job_link.c: what leaves for a recipient outside. */
#include "courier/jobs/job_send.h"

#include <signal.h>

#include "lib/base/parse.h"
#include "tests/courier/world.h"
#include "tests/harness/check.h"

#define TICKET_FIELD "X-Sekimori-Ticket: " FAKE_TICKET "\r\n"
#define END                \
	{                  \
		NULL, NULL \
	}
#define CODE                                                           \
	"k3f9-0123-4567-89ab-cdef-ghjk-mnpq-rstv-wxyz-0123-4567-89ab-" \
	"cdef"

#define BEFORE                                                                 \
	"From: a@x.test\r\nSubject: x\r\nMIME-Version: 1.0\r\n"                \
	"Content-Type: multipart/mixed; boundary=\"out\"\r\n\r\n--out\r\n\r\n" \
	"bytes \xe3\x81\x82\r\n.dot\r\n--out\r\n"
#define AFTER "\r\n--out--\r\nepilogue\r\n"
static const char mail[] = BEFORE AFTER;

static const struct smtp_step taken[] = {
	{ SMTP_CONNECT, "220 mx.test" },
	{ "EHLO gate.corp.test", "250-mx.test\r\n250-8BITMIME\r\n250 DSN" },
	{ "MAIL FROM:<a@x.test> BODY=8BITMIME RET=HDRS ENVID=SK1\r\n",
	  "250 ok" },
	{ "RCPT TO:<b@y.test>\r\n", "250 ok" },
	{ "DATA", "354 go" },
	{ SMTP_MAIL, "250 2.0.0 queued" },
	END,
};

static const struct vault_link_file files[] = {
	{ "", "a.xlsx", "application/x", 860, 0 },
};
static const uint8_t link_id[LINK_ID_BYTES] = { 1 };

static struct vault_job
link_job(void)
{
	struct vault_job job = world_job(JOB_KIND_LINK);

	job.link = (struct vault_link_order){
		.link_id = { link_id, sizeof(link_id) },
		.code = CODE,
		.hole_offset = sizeof(BEFORE) - 1,
		.boundary = "out",
		.expires_unix_ms = 1796526289000,
		.needs_code = true,
		.files = files,
		.file_count = ARRAY_LEN(files),
		.mailbox_code = "",
	};
	return job;
}

static struct world *
do_job(const struct smtp_step *script, const struct vault_job *job)
{
	struct world *world = world_start(script);

	fake_vault_give(world->vault, job, span_of(mail));
	(void)fake_vault_done(world->vault, 0);
	world_stop(world);
	if (world->server != NULL)
		smtp_server_stop(world->server);
	return world;
}

static void
the_part_goes_into_the_hole_and_nothing_else_changes(void **state)
{
	static const char start[] = TICKET_FIELD
		"From: a@x.test\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
		"Content-Type: multipart/mixed; boundary=\"out\"\r\n\r\n"
		"--out\r\n\r\nbytes \xe3\x81\x82\r\n..dot\r\n--out\r\n"
		"Content-Type: multipart/alternative;\r\n boundary=\"";
	const struct vault_job job = link_job();
	AUTO(world_free) struct world *world = do_job(taken, &job);
	const struct fake_done *done = fake_vault_done(world->vault, 0);
	const struct span sent = smtp_server_mail(world->server, 0);
	const size_t end = sizeof("--" AFTER) - 1;

	(void)state;
	assert_int_equal(done->result, JOB_RESULT_DONE);
	assert_int_equal(done->deliveries[0].code, 250);
	assert_string_equal(done->deliveries[0].recipient, "b@y.test");
	assert_true(sent.len_bytes > sizeof(start) + end);
	assert_memory_equal(sent.ptr, start, sizeof(start) - 1);
	assert_memory_equal(&sent.ptr[sent.len_bytes - end], "--" AFTER, end);
	for (size_t i = sizeof(start) - 1; i < sent.len_bytes - end; i++)
		assert_in_range(sent.ptr[i], '\n', '~');
}

static void
the_ticket_is_bound_to_the_link_mail(void **state)
{
	const struct vault_job job = link_job();
	AUTO(world_free) struct world *world = do_job(taken, &job);
	const struct span sent = smtp_server_mail(world->server, 0);
	struct job_letter letter = { .sender = "a@x.test" };
	uint8_t want[CASE_DIGEST_BYTES];
	AUTO(sbuf_done) struct sbuf plain;
	struct err err = { 0 };

	(void)state;
	/* As it went, without the ticket and the doubled dot. */
	sbuf_init(&plain, 1024 * 1024);
	for (size_t i = sizeof(TICKET_FIELD) - 1; i < sent.len_bytes; i++)
		if (sent.ptr[i] != '.' || sent.ptr[i - 1] != '\n')
			sbuf_add_byte(&plain, sent.ptr[i]);
	letter.parts[0] = sbuf_span(&plain);
	check_status(ST_OK, job_digest(&letter, want, &err), &err);
	assert_memory_equal(fake_vault_digest(world->vault), want,
			    sizeof(want));
}

static void
two_tries_never_share_a_boundary(void **state)
{
	const struct vault_job job = link_job();
	AUTO(world_free) struct world *first = do_job(taken, &job);
	AUTO(world_free) struct world *second = do_job(taken, &job);
	const struct span one = smtp_server_mail(first->server, 0);
	const struct span two = smtp_server_mail(second->server, 0);

	(void)state;
	assert_false(one.len_bytes == two.len_bytes &&
		     memcmp(one.ptr, two.ptr, one.len_bytes) == 0);
}

static void
answers_of_the_next_hop_are_handed_in(void **state)
{
	static const struct smtp_step refused[] = {
		{ SMTP_CONNECT, "220 mx.test" },
		{ "EHLO gate.corp.test", "250-mx.test\r\n250 8BITMIME" },
		{ "MAIL FROM:", "250 ok" },
		{ "RCPT TO:", "550 5.1.1 nobody" },
		{ "RSET", "250 ok" },
		END,
	};
	const struct vault_job job = link_job();
	AUTO(world_free) struct world *world = do_job(refused, &job);
	const struct fake_done *done = fake_vault_done(world->vault, 0);

	(void)state;
	assert_int_equal(done->result, JOB_RESULT_DONE);
	assert_int_equal(done->deliveries[0].code, 550);
}

static void
a_job_without_a_way_to_the_files_is_not_sent(void **state)
{
	static const struct case_recipient two[] = { { "b@y.test", "" },
						     { "c@y.test", "" } };
	struct vault_job jobs[] = { link_job(), link_job(), link_job(),
				    link_job(), link_job() };

	(void)state;
	jobs[0].link.link_id.len_bytes = 0;
	jobs[1].link.code = "";
	/* Could end the address early. */
	jobs[2].link.code = "a\"b";
	jobs[3].link.hole_offset = sizeof(mail);
	jobs[4].recipients = two;
	jobs[4].recipient_count = ARRAY_LEN(two);
	for (size_t i = 0; i < ARRAY_LEN(jobs); i++) {
		AUTO(world_free) struct world *world = do_job(NULL, &jobs[i]);
		const struct fake_done *done = fake_vault_done(world->vault, 0);

		assert_int_equal(done->result, JOB_RESULT_RETRY);
		assert_non_null(strstr(done->reason, "link: "));
		assert_int_equal(fake_vault_binds(world->vault), 0);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			the_part_goes_into_the_hole_and_nothing_else_changes),
		cmocka_unit_test(the_ticket_is_bound_to_the_link_mail),
		cmocka_unit_test(two_tries_never_share_a_boundary),
		cmocka_unit_test(answers_of_the_next_hop_are_handed_in),
		cmocka_unit_test(a_job_without_a_way_to_the_files_is_not_sent),
	};

	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
