#include "courier/notices/link_part.h"

#include <string.h>

#include "courier/notices/compose.h"
#include "lib/base/parse.h"
#include "lib/crypto/digest.h"

enum { PART_RANDOM_BYTES = 18, PART_BOUNDARY_BYTES = 64 };

/*
 * So many random bits are in no mail. A boundary that begins with the one
 * around it would end the part (RFC 2046 5.1.1): two beginnings, of which
 * one is never its.
 */
static enum status
part_make_boundary(const char *around, struct sbuf *boundary, struct err *err)
{
	uint8_t random[PART_RANDOM_BYTES];
	const enum status st = random_fill(random, sizeof(random), err);

	if (st != ST_OK)
		return st;
	sbuf_add_text(boundary, around[0] == '=' ? "link_=_" COMPOSE_MARK "_"
						 : "=_" COMPOSE_MARK "_");
	format_base64url(boundary, (struct span){ random, sizeof(random) });
	return sbuf_status(boundary, "notices: boundary", err);
}

static enum status
part_check(const struct letter_office *office, const struct vault_job *job,
	   struct err *err)
{
	if (office->config->portal.url[0] == '\0')
		return err_set(err, ST_FORMAT,
			       "link: portal.url is empty; set it again, "
			       "the mail waits");
	if (job->link.link_id.len_bytes != LINK_ID_BYTES ||
	    job->link.code[0] == '\0' || job->link.file_count == 0)
		return err_set(err, ST_FORMAT,
			       "link: the job has no link or no files");
	return ST_OK;
}

enum status
link_part_write(const struct letter_office *office, const struct vault_job *job,
		struct sbuf *out, struct err *err)
{
	AUTO(notices_text_done) struct notices_text text;
	AUTO(sbuf_done) struct sbuf boundary;
	struct vault_job told = *job;
	enum status st = part_check(office, job, err);

	notices_text_init(&text);
	sbuf_init(&boundary, PART_BOUNDARY_BYTES);
	if (st == ST_OK)
		st = part_make_boundary(job->link.boundary, &boundary, err);
	told.event = NOTICE_LINKED;
	told.audience = NOTICE_AUDIENCE_RECIPIENT;
	told.language = "";
	if (st == ST_OK)
		st = letter_words(office, &told, false, &text, err);
	if (st != ST_OK)
		return st;
	if (strstr(sbuf_text(&text.plain), job->link.code) == NULL)
		return err_set(err, ST_FORMAT,
			       "link: link-recipient.txt shows neither "
			       "{link_url} nor {link_code}");
	if (job->link.whole_body)
		sbuf_add_text(out, "MIME-Version: 1.0\r\n");
	const struct compose_forms forms = { sbuf_text(&text.plain),
					     sbuf_text(&text.html),
					     text.picture };

	st = compose_alternative(sbuf_text(&boundary), &forms, out, err);
	if (job->link.whole_body)
		sbuf_add_text(out, "\r\n");
	return st == ST_OK ? sbuf_status(out, "notices: link", err) : st;
}
