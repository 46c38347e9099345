#include "tests/courier/smtp_sent.h"

#include "lib/base/clock.h"
#include "lib/base/parse.h"
#include "tests/harness/check.h"

static const struct case_recipient one[] = {
	{ "b@y.test", "NOTIFY=FAILURE ORCPT=rfc822;b@y.test XX=1" },
};
struct smtp_mail
simple_mail(void)
{
	return (struct smtp_mail){
		.sender = "a@x.test",
		.sender_args = "",
		.envid = "SK1",
		.recipients = one,
		.recipient_count = ARRAY_LEN(one),
		.parts = { span_of("X-T: 1\r\n"),
			   span_of("Subject: x\r\n\r\n.hi\r\n") },
	};
}

struct sent
send_with(const struct smtp_step *script, const struct smtp_mail *mail,
	  enum smtp_tls tls, bool trust)
{
	struct sent sent = { .server = smtp_server_start(script) };
	const struct smtp_options options = {
		.next_hop = smtp_server_address(sent.server),
		.helo = "out.test",
		.tls = tls,
		.tls_ca = trust ? smtp_server_certificate(sent.server) : "",
		/* Long: a busy machine is not what is tested. */
		.connect_ms = 20000,
		.step_ms = 20000,
		.deadline_mono_ms = clock_mono_ms() + 60000,
	};

	assert_true(mail->recipient_count <= ARRAY_LEN(sent.deliveries));
	sent.st = smtp_send(&options, mail, sent.deliveries, &sent.err);
	smtp_server_stop(sent.server);
	return sent;
}
