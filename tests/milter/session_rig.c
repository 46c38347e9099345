#include "tests/milter/session_rig.h"

#include <string.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"

static void
see_senders(struct seen *seen, const struct mail *mail)
{
	struct mail_senders senders = { .senders = NULL };
	struct err err;

	check_status(ST_OK, mail_collect_senders(mail, &senders, &err), &err);
	for (size_t i = 0; i < senders.count; i++)
		sbuf_addf(&seen->senders, "%d %s\n",
			  (int)senders.senders[i].kind,
			  senders.senders[i].address);
	seen->unclear = senders.unclear;
	mail_senders_done(&senders);
}

static enum mta_answer
see(void *context, struct mail *mail, const struct session_client *client,
    const struct mta *mta)
{
	struct seen *seen = context;
	struct span map = { NULL, 0 };
	struct err err;
	int fd = FD_NONE;

	(void)client;
	(void)mta;
	seen->mails++;
	seen->refusal = mail->refusal;
	seen->header_cut = mail->header_cut;
	seen->ours = mail->ours_count;
	seen->ticket_bytes = mail->ticket_bytes;
	sbuf_clear(&seen->mail);
	sbuf_clear(&seen->senders);
	sbuf_clear(&seen->envelope);
	sbuf_addf(&seen->envelope, "%s %s\n", mail->sender, mail->sender_args);
	for (size_t i = 0; i < mail->recipient_count; i++)
		sbuf_addf(&seen->envelope, "%s|%s|%s\n",
			  mail->recipients[i].given,
			  mail->recipients[i].address,
			  mail->recipients[i].esmtp_args);
	if (mail->refusal != REFUSAL_NONE)
		return MTA_ANSWER_TEMPFAIL;
	see_senders(seen, mail);
	check_status(ST_OK,
		     content_digest_end(mail->digest, seen->digest, &err),
		     &err);
	seen->has_dated = mail->digest_dated != NULL;
	if (seen->has_dated)
		check_status(ST_OK,
			     content_digest_end(mail->digest_dated,
						seen->digest_dated, &err),
			     &err);
	check_status(ST_OK, spool_finish(mail->spool, &fd, &err), &err);
	check_status(ST_OK, fd_map_sealed(fd, 1 << 30, &map, &err), &err);
	sbuf_add_span(&seen->mail, map);
	fd_unmap(&map);
	return MTA_ANSWER_ACCEPT;
}

void
rig_start(struct rig *rig, const char *milter)
{
	struct config *config = NULL;
	struct err err;

	memset(rig, 0, sizeof(*rig));
	fixture_make_dir(rig->dir);
	config = fixture_config(rig->dir, "", milter, NULL);
	check_status(ST_OK, settings_new(&config, &rig->settings, &err), &err);
	rig->mta = fake_mta_init(&rig->fake);
	sbuf_init(&rig->seen.mail, 1 << 26);
	sbuf_init(&rig->seen.senders, 1 << 20);
	sbuf_init(&rig->seen.envelope, 1 << 20);
	rig->services = (struct session_services){ rig->settings, &rig->budget,
						   see, &rig->seen };
	check_status(ST_OK, session_new(&rig->services, &rig->session, &err),
		     &err);
}

void
rig_stop(struct rig *rig)
{
	session_free(&rig->session);
	settings_free(&rig->settings);
	fake_mta_done(&rig->fake);
	sbuf_done(&rig->seen.mail);
	sbuf_done(&rig->seen.senders);
	sbuf_done(&rig->seen.envelope);
	fixture_remove_dir(rig->dir);
	assert_int_equal(rig->budget.used_bytes, 0);
}

enum mta_answer
rig_step(struct rig *rig, enum session_event event, const char *name,
	 const char *value)
{
	const struct session_input input = { .event = event,
					     .name = name,
					     .value = value };

	return session_step(rig->session, &input, &rig->mta);
}

enum mta_answer
rig_body(struct rig *rig, const char *text)
{
	const struct session_input input = { .event = EVENT_BODY,
					     .chunk = span_of(text) };

	return session_step(rig->session, &input, &rig->mta);
}

void
rig_begin(struct rig *rig)
{
	if (session_state_of(rig->session) == SESSION_NEW)
		(void)rig_step(rig, EVENT_CONNECT, "client.test", "192.0.2.7");
	(void)rig_step(rig, EVENT_MAIL, "<taro@example.co.jp>", NULL);
	(void)rig_step(rig, EVENT_RCPT, "<b@y.test>", NULL);
	(void)rig_step(rig, EVENT_DATA, NULL, NULL);
}

enum mta_answer
rig_end(struct rig *rig)
{
	(void)rig_step(rig, EVENT_EOH, NULL, NULL);
	(void)rig_body(rig, "line\r\n");
	return rig_step(rig, EVENT_EOM, NULL, NULL);
}
