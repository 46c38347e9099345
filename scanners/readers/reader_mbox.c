/* The reader of mailboxes: many mails in one file. */
#include "scanners/readers/reader.h"

#include "scanners/readers/mbox_line.h"

/* The mail behind the line at at; the next line starts at end_at. */
static enum status
mbox_give(struct sink *sink, struct span body, size_t at, size_t end_at,
	  struct err *err)
{
	const struct child child = { .name = "",
				     .content_type = "message/rfc822",
				     .charset = "",
				     .attachment = true,
				     .mail = true };
	struct span line = { 0 };
	struct span mail = { 0 };
	size_t mail_at = at;
	enum status st = sink_spend(sink, 0, 0, err);

	(void)mbox_is_line(body, at, &mail_at);
	(void)span_cut(body, at, mail_at - at, &line);
	(void)span_cut(body, mail_at, end_at - mail_at, &mail);
	/* An address may be a number. */
	if (st == ST_OK)
		st = sink_gap(sink, line, err);
	return st == ST_OK ? sink_child(sink, &child, mail, NULL, err) : st;
}

static enum status
mbox_read(struct sink *sink, struct span body, const struct child *hint,
	  struct err *err)
{
	struct span before = { 0 };
	size_t at = mbox_find_line(body, 0);
	enum status st = ST_OK;

	(void)hint;
	if (at > 0 && span_cut(body, 0, at, &before))
		st = sink_gap(sink, before, err);
	while (st == ST_OK && at < body.len_bytes) {
		size_t behind = at;

		(void)mbox_is_line(body, at, &behind);
		const size_t end_at = mbox_find_line(body, behind);

		st = mbox_give(sink, body, at, end_at, err);
		at = end_at;
	}
	return st;
}

/* What was sent as one mail is a mailbox only when there are more in it. */
static enum sniff
mbox_sniff(struct span body, const struct child *hint)
{
	size_t behind = 0;

	if (!mbox_is_line(body, 0, &behind))
		return SNIFF_NO;
	if (hint->mail && mbox_find_line(body, behind) >= body.len_bytes)
		return SNIFF_NO;
	return SNIFF_CERTAIN;
}

const struct reader reader_mbox = {
	.name = "mbox",
	.foreign = false,
	.sniff = mbox_sniff,
	.read = mbox_read,
};
