#include "courier/timers/self_test_mail.h"

#include <string.h>

#include "courier/jobs/job_send.h"
#include "courier/notices/compose.h"
#include "lib/base/clock.h"
#include "lib/base/parse.h"
#include "lib/crypto/digest.h"

enum {
	SELF_TEST_MAIL_BYTES = 64 * 1024,
	SELF_TEST_ID_BYTES = 16,
	SELF_TEST_SEND_S = 60, /* at most, for the whole dialogue */
	SELF_TEST_MS_PER_S = 1000
};

/* Both languages, whoever reads it. */
static const char self_test_text[] =
	"これは Sekimori の自己診断メールです。\n"
	"マイナンバーを含むメールが保留されることを、次の試験用の番号で定期的に"
	"確かめています。\n"
	"\n"
	"マイナンバー： 123456789018\n"
	"\n"
	"（実在の人の番号ではありません。）\n"
	"このメールがどなたかに届いたときは、保留が働いていません。メールの管理者"
	"に知らせてください。\n"
	"管理者は「sekimori doctor」で原因を調べてください。\n"
	"\n"
	"This is a self-test mail of Sekimori. At intervals it makes sure that\n"
	"mail with a My Number is held; the number above is nobody's.\n"
	"When a person can read this, mail is not being held. Please tell whoever\n"
	"runs the mail server, who finds the cause with \"sekimori doctor\".\n";

static const char *
self_test_recipient(const struct config_courier *courier)
{
	return courier->self_test_recipient[0] != '\0'
		       ? courier->self_test_recipient
		       : SELF_TEST_RECIPIENT;
}

/* A Message-Id that tells nothing of the ticket. */
static enum status
self_test_make_id(struct sbuf *id, struct err *err)
{
	uint8_t random[SELF_TEST_ID_BYTES];
	const enum status st = random_fill(random, sizeof(random), err);

	if (st != ST_OK)
		return st;
	sbuf_add_text(id, "self-test.");
	format_hex(id, (struct span){ random, sizeof(random) });
	return sbuf_status(id, "self-test: id", err);
}

enum status
self_test_compose(const struct setup *setup, struct span ticket,
		  struct sbuf *out, struct err *err)
{
	const struct config *config = setup->config;
	AUTO(sbuf_done) struct sbuf id;
	enum status st = ST_OK;

	sbuf_init(&id, SELF_TEST_MAIL_BYTES);
	st = self_test_make_id(&id, err);
	if (st != ST_OK)
		return st;
	const struct compose compose = {
		.from_name = config->courier.notice_name,
		.from = config->courier.notice_sender,
		.to_name = "",
		.to = self_test_recipient(&config->courier),
		.subject = "[Sekimori] 自己診断 / self-test",
		.language = config->general.language,
		.host = config->general.host_name,
		.id = sbuf_text(&id),
		.thread = "",
		.now_unix_ms = clock_unix_ms(),
	};

	sbuf_add_text(out, "X-Sekimori-Self-Test: ");
	sbuf_add_span(out, ticket);
	sbuf_add_text(out, "\r\n");
	const struct compose_forms forms = { self_test_text, NULL, NULL };

	return compose_mail(&compose, &forms, out, err);
}

static enum status
self_test_judge(struct smtp_delivery *answer, struct err *err)
{
	if (answer->code / 100 == 2)
		return ST_OK;
	job_mask_text(answer->text);
	return err_set(err, ST_DENIED, "self-test: the MTA says %u %s %s",
		       (unsigned)answer->code, answer->enhanced, answer->text);
}

enum status
self_test_send(const struct setup *setup, struct span ticket, struct err *err)
{
	const struct config_courier *courier = &setup->config->courier;
	const int64_t longest_s = courier->timeout_s < SELF_TEST_SEND_S
					  ? courier->timeout_s
					  : SELF_TEST_SEND_S;
	const struct case_recipient recipient = { self_test_recipient(courier),
						  /* The alarm is elsewhere. */
						  "NOTIFY=NEVER" };
	const struct smtp_options options = {
		.next_hop = courier->self_test_submission[0] != '\0'
				    ? courier->self_test_submission
				    : courier->next_hop,
		.helo = setup->config->general.host_name,
		.tls = job_tls(courier->tls),
		.tls_ca = courier->tls_ca,
		.connect_ms = courier->connect_timeout_s * SELF_TEST_MS_PER_S,
		.step_ms = longest_s * SELF_TEST_MS_PER_S,
		.deadline_mono_ms =
			clock_mono_ms() + SELF_TEST_SEND_S * SELF_TEST_MS_PER_S,
	};
	struct smtp_mail mail = { .sender = courier->notice_sender,
				  .sender_args = "",
				  .envid = "",
				  .recipients = &recipient,
				  .recipient_count = 1 };
	struct smtp_delivery answer = { .code = 0 };
	AUTO(sbuf_done) struct sbuf bytes;
	enum status st = ST_OK;

	sbuf_init_secret(&bytes, SELF_TEST_MAIL_BYTES);
	st = self_test_compose(setup, ticket, &bytes, err);
	if (st != ST_OK)
		return st;
	mail.parts[0] = sbuf_span(&bytes);
	st = smtp_send(&options, &mail, &answer, err);
	return st == ST_OK ? self_test_judge(&answer, err) : st;
}
