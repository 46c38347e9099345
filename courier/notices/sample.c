#include "courier/notices/sample.h"

#include <string.h>
#include <time.h>

/* Words that differ between the languages. */
struct sample_words {
	const char *sender;
	const char *approver;
	const char *subject;
	const char *approvers;
	const char *rule;
	const char *comment;  /* the approver's, who returns it */
	const char *consent;  /* the approver's, who approves it */
	const char *question; /* the sender's */
};

static const struct sample_words sample_ja = {
	.sender = "山田 太郎",
	.approver = "佐藤 花子",
	.subject = "【11月分】社会保険の手続き書類をお送りします",
	.approvers = "佐藤 花子, 鈴木 一郎",
	.rule = "マイナンバーは承認のうえで送る",
	.comment = "宛先が社労士事務所ではないようです。\n"
		   "宛先をご確認のうえ、必要な方の分だけお送りください。",
	.consent = "宛先と内容を確認しました。",
	.question = "本日中に手続きが必要な書類です。\n"
		    "宛先は顧問の社労士事務所です。",
};

static const struct sample_words sample_en = {
	.sender = "Taro Yamada",
	.approver = "Hanako Sato",
	.subject = "Social insurance forms for November",
	.approvers = "Hanako Sato, Ichiro Suzuki",
	.rule = "My Numbers leave with an approval",
	.comment = "The recipient does not seem to be the labour office.\n"
		   "Please check the address and send only what is needed.",
	.consent = "Recipients and content are checked.",
	.question = "These forms are due today.\n"
		    "The recipient is our labour consultant.",
};

static const struct vault_part_line sample_parts[] = {
	{ "2", "xlsx", 12, REPORT_REASON_NONE },
	{ "3/1", "pdf: AES-256", 0, REPORT_REASON_LOCKED },
};

static const struct vault_link_file sample_files_ja[] = {
	{ "", "社会保険_11月.xlsx", "application/vnd.ms-excel", 48200, 0 },
	{ "", "資格取得届.pdf", "application/pdf", 183500, 0 },
};
static const struct vault_link_file sample_files_en[] = {
	{ "", "insurance-november.xlsx", "application/vnd.ms-excel", 48200, 0 },
	{ "", "enrolment.pdf", "application/pdf", 183500, 0 },
};

static const uint8_t sample_link_id[LINK_ID_BYTES] = { 0x71, 0x0c, 0x9a };

static const struct case_recipient sample_recipient = {
	.address = "tanaka@example.com",
	.esmtp_args = "",
};
static const struct case_recipient sample_sender = {
	.address = "yamada@example.co.jp",
	.esmtp_args = "",
};
static const struct case_recipient sample_approver = {
	.address = "sato@example.co.jp",
	.esmtp_args = "",
};

/* A minute of 2026 in the zone of this host. */
static int64_t
sample_time(int month, int day, int hour, int minute)
{
	struct tm local = {
		.tm_year = 126,
		.tm_mon = month - 1,
		.tm_mday = day,
		.tm_hour = hour,
		.tm_min = minute,
		.tm_isdst = -1,
	};

	return (int64_t)mktime(&local) * 1000;
}

static const char *
sample_reason(enum notice_event event, const struct sample_words *words)
{
	if (event == NOTICE_COMMENTED)
		return words->question;
	if (event == NOTICE_RETURNED)
		return words->comment;
	if (event == NOTICE_APPROVED)
		return words->consent;
	if (event == NOTICE_LINK_ENDED)
		return "office@example.org";
	if (event == NOTICE_FAILED || event == NOTICE_BOUNCED ||
	    event == NOTICE_LINK_FAILED)
		return "550 5.1.1 <tanaka@example.com>: "
		       "Recipient address rejected: User unknown";
	return "";
}

static const struct case_recipient *
sample_addressee(enum notice_audience audience)
{
	if (audience == NOTICE_AUDIENCE_RECIPIENT)
		return &sample_recipient;
	return audience == NOTICE_AUDIENCE_SENDER ? &sample_sender
						  : &sample_approver;
}

static const char *
sample_person(enum notice_audience audience, const struct sample_words *words)
{
	if (audience == NOTICE_AUDIENCE_RECIPIENT)
		return "";
	return audience == NOTICE_AUDIENCE_SENDER ? words->sender
						  : words->approver;
}

static bool
sample_is_about_one(enum notice_event event)
{
	return event == NOTICE_LINK_RECEIPT || event == NOTICE_LINK_FROZEN ||
	       event == NOTICE_LINK_FAILED;
}

static struct vault_link_order
sample_link(const struct notices_kind *kind, const char *language)
{
	const bool english = strcmp(language, "en") == 0;
	const bool outside = kind->audience == NOTICE_AUDIENCE_RECIPIENT;

	struct vault_link_order link = {
		.code = "",
		.boundary = "",
		.expires_unix_ms = sample_time(12, 4, 15, 12),
		.files = english ? sample_files_en : sample_files_ja,
		.file_count = ARRAY_LEN(sample_files_ja),
		.mailbox_code =
			kind->event == NOTICE_LINK_CODE ? "482 913" : "",
	};

	if (kind->event != NOTICE_LINKED)
		return link;
	link.link_id = (struct span){ sample_link_id, LINK_ID_BYTES };
	link.code = "samp-leco-de00-0000-0000-0000-0000-0000-0000-0000-0000-"
		    "0000-0000";
	link.needs_code = outside;
	return link;
}

struct vault_job
sample_job(const struct notices_kind *kind, const char *language)
{
	const struct sample_words *words =
		strcmp(language, "en") == 0 ? &sample_en : &sample_ja;
	const bool to_sender = kind->audience == NOTICE_AUDIENCE_SENDER;
	const struct case_recipient *to = sample_addressee(kind->audience);
	const bool failed =
		kind->event == NOTICE_FAILED || kind->event == NOTICE_BOUNCED;

	return (struct vault_job){
		.present = true,
		.job_id = 1,
		.kind = JOB_KIND_NOTICE,
		.attempt = 1,
		.case_id = { 0x5a, 0x3e },
		.event = kind->event,
		.audience = kind->audience,
		.language = language,
		.person = sample_person(kind->audience, words),
		.subject = words->subject,
		.sender = sample_sender.address,
		.approvers = words->approvers,
		.rule = words->rule,
		.reason = sample_reason(kind->event, words),
		.recipients = to,
		.recipient_count = 1,
		.recipients_text =
			failed || sample_is_about_one(kind->event)
				? sample_recipient.address
				: "tanaka@example.com, office@example.org",
		.received_unix_ms = sample_time(11, 20, 15, 12),
		.deadline_unix_ms = sample_time(11, 24, 17, 0),
		.number_count = 12,
		.parts = sample_parts,
		.part_count = ARRAY_LEN(sample_parts),
		.entry_id = to_sender ? "sampleonly" : "",
		.entry_code = to_sender ? "SAMP-LECO-DEXX-XXYZ" : "",
		.link = sample_link(kind, language),
	};
}

bool
sample_has_mail(const struct notices_kind *kind)
{
	return kind->event == NOTICE_RETURNED ||
	       kind->event == NOTICE_EXPIRED || kind->event == NOTICE_FAILED;
}
