#include "tests/vault/mail_harness.h"

#include <string.h>

#include "lib/base/fd.h"
#include "tests/harness/check.h"

/* Without any, of lists and the search. */
enum { MAIL_LOCKS_BYTES = 4 + 4 + 3 * 8 + 4 };

struct lock_room {
	struct report_lock locks[4];
	struct report_opaque opaques[4];
};

/* An archive of which so many members are open, and nothing was found. */
static void
add_locks(const struct mail_locks *wanted, struct scan_report *report,
	  struct lock_room *room)
{
	static const char *const parts[] = { "2/a.zip", "2/b.zip", "2/c.zip",
					     "2/d.zip" };
	const size_t count = wanted->opened + wanted->closed;

	assert_true(count <= ARRAY_LEN(parts));
	for (size_t i = 0; i < count; i++) {
		const bool opened = i < wanted->opened;

		room->locks[i] = (struct report_lock){
			parts[i], "zip: ZipCrypto", opened,
			opened ? wanted->source : REPORT_WORD_SOURCE_NONE
		};
		room->opaques[i] =
			(struct report_opaque){ parts[i], REPORT_REASON_LOCKED,
						"zip: ZipCrypto" };
	}
	report->locks = room->locks;
	report->lock_count = count;
	report->search = wanted->search;
	if (wanted->found && wanted->opened > 0)
		return;
	report->opaques = room->opaques + wanted->opened;
	report->opaque_count = wanted->closed;
	if (wanted->partly)
		return;
	report->level = REPORT_LEVEL_NONE;
	report->score_db = 0;
	report->number_count = 0;
	report->finding_count = 0;
	report->verdict = wanted->closed > 0 ? REPORT_VERDICT_UNSCANNABLE
					     : REPORT_VERDICT_CLEAN;
}

static void
report_of(const struct mail *mail, struct sbuf *out)
{
	static const struct report_term terms[] = { { "check.valid", 10 } };
	struct report_finding findings[] = {
		{ .part = "2/list.csv",
		  .location = "C2",
		  .masked = "********9018",
		  .number = "",
		  .context = "",
		  .subject = 1,
		  .count = 3,
		  .level = REPORT_LEVEL_SURE,
		  .score_db = 12,
		  .terms = terms,
		  .term_count = 1 },
	};
	static const struct report_part parts[] = {
		{ .path = "1", .name = "", .type = "text", .size_bytes = 5 },
		{ .path = "2/list.csv",
		  .name = "list.csv",
		  .type = "csv",
		  .size_bytes = 500,
		  .attachment = true },
	};
	static const struct report_opaque opaques[] = {
		{ "2/list.csv", REPORT_REASON_ENCRYPTED, "" }
	};
	struct lock_room room;
	struct scan_report report = {
		.verdict = REPORT_VERDICT_FOUND,
		.level = REPORT_LEVEL_SURE,
		.score_db = 12,
		.number_count = 1,
		.findings = findings,
		.finding_count = 1,
		.parts = parts,
		.part_count = 2,
		.profile = REPORT_PROFILE_STANDARD,
	};
	struct err err = { .st = ST_OK };

	if (mail->level == REPORT_LEVEL_SUSPECT) {
		report.level = findings[0].level = REPORT_LEVEL_SUSPECT;
		report.score_db = findings[0].score_db = 5;
	}
	if (mail->unread) {
		report.verdict = REPORT_VERDICT_UNSCANNABLE;
		report.level = REPORT_LEVEL_NONE;
		report.score_db = 0;
		report.number_count = 0;
		report.finding_count = 0;
		report.opaques = opaques;
		report.opaque_count = 1;
	}
	if (mail->no_files)
		report.part_count = report.finding_count = report.number_count =
			1;
	if (mail->locks.closed + mail->locks.opened > 0)
		add_locks(&mail->locks, &report, &room);
	if (mail->profile != REPORT_PROFILE_NONE)
		report.profile = mail->profile;
	check_status(ST_OK, wire_encode(&report_table, &report, out, &err),
		     &err);
	/* The profile came behind everything else, and the locks later. */
	if (mail->before_profiles)
		sbuf_truncate(out, out->len_bytes - 4 - MAIL_LOCKS_BYTES);
}

void
mail_report(struct sbuf *out)
{
	mail_report_in(REPORT_PROFILE_STANDARD, out);
}

void
mail_report_locks(const struct mail_locks *locks, struct sbuf *out)
{
	const struct mail mail = { .locks = *locks };

	report_of(&mail, out);
}

void
mail_report_in(enum report_profile profile, struct sbuf *out)
{
	const struct mail usual = { .profile = profile };

	report_of(&usual, out);
}

static size_t
list_senders(const struct mail *mail, struct case_sender senders[3])
{
	const char *envelope =
		mail->sender != NULL ? mail->sender : "alice@example.co.jp";
	size_t count = 0;

	if (mail->nobody)
		return 0;
	if (mail->login != NULL)
		senders[count++] =
			(struct case_sender){ CASE_SENDER_LOGIN, mail->login };
	if (envelope[0] != '\0')
		senders[count++] =
			(struct case_sender){ CASE_SENDER_ENVELOPE, envelope };
	senders[count++] = (struct case_sender){
		CASE_SENDER_HEADER, mail->from != NULL ? mail->from : envelope
	};
	return count;
}

void
mail_seal_detail(const struct seal_public *to, const struct mail *mail,
		 int64_t now_unix_ms, struct sbuf *sealed,
		 uint8_t wrapped[SEAL_WRAPPED_BYTES])
{
	struct case_sender senders[3];
	struct case_recipient recipients[4] = { { "yamada@example.com", "" } };
	struct case_detail detail = {
		.queue_id = "4XyZ",
		.client_name = "client.example.co.jp",
		.client_address = "192.0.2.1",
		.authenticated = mail->login != NULL,
		.senders = senders,
		.sender_count = list_senders(mail, senders),
		.envelope_sender = mail->sender != NULL ? mail->sender
							: "alice@example.co.jp",
		.sender_esmtp_args = "BODY=8BITMIME",
		.recipients = recipients,
		.recipient_count = 1,
		.subject =
			mail->subject != NULL ? mail->subject : "list of ****",
		.size_bytes = 1000,
		.received_unix_ms = now_unix_ms,
		.terms = { .rule = mail->rule != NULL ? mail->rule
						      : "numbers are held",
			   .approvers =
				   mail->group != NULL ? mail->group : "hr",
			   .tag = "",
			   .expires_after_s = 7 * 86400,
			   .remind_after_s = 86400,
			   .approvals = 1,
			   .link = mail->link },
	};
	struct sbuf plain;
	struct sbuf report;
	struct err err = { .st = ST_OK };

	if (mail->nobody)
		detail.envelope_sender = "";
	for (size_t i = 0; i < ARRAY_LEN(mail->to) && mail->to[i] != NULL;
	     i++) {
		recipients[i] = (struct case_recipient){ mail->to[i], "" };
		detail.recipient_count = i + 1;
	}
	sbuf_init(&plain, 1 << 20);
	sbuf_init(&report, 1 << 20);
	report_of(mail, &report);
	detail.report = sbuf_span(&report);
	check_status(ST_OK,
		     wire_encode(&case_detail_table, &detail, &plain, &err),
		     &err);
	check_status(ST_OK,
		     seal_bytes(to, CASE_SEAL_DETAIL, sbuf_span(&plain), sealed,
				wrapped, &err),
		     &err);
	sbuf_done(&plain);
	sbuf_done(&report);
}

int
mail_seal(const struct seal_public *to, uint8_t wrapped[SEAL_WRAPPED_BYTES],
	  uint64_t *sealed_bytes)
{
	static const char text[] = MAIL_TEXT;
	AUTO(fd_close) int plain = FD_NONE;
	int sealed = FD_NONE;
	struct err err = { .st = ST_OK };

	check_status(ST_OK, fd_memory("plain", &plain, &err), &err);
	check_status(ST_OK, fd_memory("sealed", &sealed, &err), &err);
	check_status(ST_OK,
		     fd_write_all(plain,
				  (struct span){ (const uint8_t *)text,
						 sizeof(text) - 1 },
				  &err),
		     &err);
	check_status(ST_OK,
		     seal_fd(to, CASE_SEAL_MAIL, plain, sealed, wrapped, &err),
		     &err);
	check_status(ST_OK, fd_size(sealed, sealed_bytes, &err), &err);
	return sealed;
}
