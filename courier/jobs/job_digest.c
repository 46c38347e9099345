#include <string.h>

#include "courier/jobs/job_send.h"
#include "courier/smtp/smtp_data.h"
#include "lib/base/parse.h"
#include "lib/crypto/content.h"

enum {
	JOB_CHUNK_BYTES = 32 * 1024,
	JOB_MAX_HEADER_BYTES = 512 * 1024 * 1024,
	JOB_MAX_NAME_BYTES = 256 /* longer names are none of the digest's */
};

/* A mail on its way into its digest: the header is gathered first. */
struct job_digester {
	struct content_digest *digest;
	struct smtp_data data;
	struct sbuf header; /* all that came until the header was over */
	struct sbuf chunk;
	bool in_body;
};

/* Length of the line at the start of text, its CR LF not counted. */
static size_t
job_line_bytes(struct span text)
{
	const uint8_t *end = memchr(text.ptr, '\r', text.len_bytes);

	return end != NULL ? (size_t)(end - text.ptr) : text.len_bytes;
}

/* Length of the field at the start of text, with the lines that continue it;
 * 0 when there is no field. */
static size_t
job_field_bytes(struct span text)
{
	size_t at = job_line_bytes(text);
	const uint8_t *colon = memchr(text.ptr, ':', at);

	if (colon == NULL || colon == text.ptr || *text.ptr == ' ' ||
	    *text.ptr == '\t')
		return 0;
	at += 2;
	while (at < text.len_bytes &&
	       (text.ptr[at] == ' ' || text.ptr[at] == '\t')) {
		const struct span rest = { text.ptr + at, text.len_bytes - at };

		at += job_line_bytes(rest) + 2;
	}
	return at < text.len_bytes ? at : text.len_bytes;
}

static enum status
job_digest_field(struct job_digester *digester, struct span field,
		 struct err *err)
{
	const uint8_t *colon = memchr(field.ptr, ':', field.len_bytes);
	size_t name_bytes = colon != NULL ? (size_t)(colon - field.ptr) : 0;
	char name[JOB_MAX_NAME_BYTES];
	struct span value = { 0 };

	(void)span_cut(field, name_bytes + 1, field.len_bytes - name_bytes - 1,
		       &value);
	while (name_bytes > 0 && (field.ptr[name_bytes - 1] == ' ' ||
				  field.ptr[name_bytes - 1] == '\t'))
		name_bytes--;
	if (name_bytes == 0 || name_bytes >= sizeof(name))
		return ST_OK;
	memcpy(name, field.ptr, name_bytes);
	name[name_bytes] = '\0';
	return content_digest_field(digester->digest, name, value, err);
}

/* The header is there as a whole, perhaps with the first of the body. */
static enum status
job_digest_header(struct job_digester *digester, struct err *err)
{
	struct span rest = sbuf_span(&digester->header);
	enum status st = sbuf_status(&digester->header, "job: header", err);
	size_t field_bytes = 0;

	while (st == ST_OK && rest.len_bytes > 0 &&
	       (field_bytes = job_field_bytes(rest)) > 0) {
		st = job_digest_field(
			digester, (struct span){ rest.ptr, field_bytes }, err);
		(void)span_cut(rest, field_bytes, rest.len_bytes - field_bytes,
			       &rest);
	}
	/* The empty line; without one, what is no field begins the body. */
	if (rest.len_bytes >= 2 && rest.ptr[0] == '\r')
		(void)span_cut(rest, 2, rest.len_bytes - 2, &rest);
	digester->in_body = true;
	if (st == ST_OK)
		st = content_digest_body(digester->digest, rest, err);
	sbuf_done(&digester->header);
	return st;
}

/* What smtp_data has made of the next bytes. */
static enum status
job_digest_chunk(struct job_digester *digester, struct err *err)
{
	enum status st = sbuf_status(&digester->chunk, "job: digest", err);

	if (st == ST_OK && digester->in_body) {
		st = content_digest_body(digester->digest,
					 sbuf_span(&digester->chunk), err);
	} else if (st == ST_OK) {
		sbuf_add_span(&digester->header, sbuf_span(&digester->chunk));
		if (!digester->data.in_header)
			st = job_digest_header(digester, err);
	}
	sbuf_clear(&digester->chunk);
	return st;
}

static enum status
job_digest_part(struct job_digester *digester, struct span part,
		struct err *err)
{
	enum status st = ST_OK;

	while (st == ST_OK && part.len_bytes > 0) {
		const size_t len = part.len_bytes < JOB_CHUNK_BYTES
					   ? part.len_bytes
					   : JOB_CHUNK_BYTES;

		smtp_data_add(&digester->data, (struct span){ part.ptr, len },
			      &digester->chunk);
		(void)span_cut(part, len, part.len_bytes - len, &part);
		st = job_digest_chunk(digester, err);
	}
	return st;
}

static enum status
job_digest_letter(struct job_digester *digester,
		  const struct job_letter *letter,
		  uint8_t out[CASE_DIGEST_BYTES], struct err *err)
{
	enum status st = content_digest_new(&digester->digest, err);

	if (st == ST_OK)
		st = content_digest_sender(digester->digest, letter->sender,
					   err);
	for (size_t i = 0; i < JOB_LETTER_PARTS && st == ST_OK; i++)
		st = job_digest_part(digester, letter->parts[i], err);
	smtp_data_end(&digester->data, &digester->chunk);
	if (st == ST_OK)
		st = job_digest_chunk(digester, err);
	if (st == ST_OK && !digester->in_body)
		st = job_digest_header(digester, err);
	return st == ST_OK ? content_digest_end(digester->digest, out, err)
			   : st;
}

enum status
job_digest(const struct job_letter *letter, uint8_t digest[CASE_DIGEST_BYTES],
	   struct err *err)
{
	struct job_digester digester = { 0 };
	enum status st = ST_OK;

	smtp_data_init(&digester.data, false);
	sbuf_init_secret(&digester.header, JOB_MAX_HEADER_BYTES);
	sbuf_init_secret(&digester.chunk, 2 * JOB_CHUNK_BYTES + 64);
	st = job_digest_letter(&digester, letter, digest, err);
	content_digest_free(&digester.digest);
	sbuf_done(&digester.header);
	sbuf_done(&digester.chunk);
	return st;
}
