#include "lib/crypto/content.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"

enum content_step {
	CONTENT_NONE = 0,
	CONTENT_SENDER,
	CONTENT_FIELDS,
	CONTENT_BODY,
	CONTENT_ENDED
};

struct content_digest {
	struct digest *digest;
	enum content_step step;
};

static const char *const content_fields[] = {
	"from", "to", "cc", "subject", "date", "message-id", "mime-version"
};
static const char content_prefix[] = "content-";

enum status
content_digest_new(struct content_digest **digest_out, struct err *err)
{
	AUTO(content_digest_free)
	struct content_digest *digest = calloc(1, sizeof(*digest));

	if (digest == NULL)
		return err_set(err, ST_NO_MEMORY, "content: no memory");
	const enum status st = digest_new(&digest->digest, err);

	if (st != ST_OK)
		return st;
	digest->step = CONTENT_SENDER;
	*digest_out = MOVE(digest);
	return ST_OK;
}

void
content_digest_free(struct content_digest **digest)
{
	if (*digest != NULL)
		digest_free(&(*digest)->digest);
	free(*digest);
	*digest = NULL;
}

/* A length in front of each piece, so that pieces cannot run together. */
static enum status
content_add_head(struct content_digest *digest, char kind, uint64_t len_bytes,
		 struct err *err)
{
	uint8_t head[9] = { (uint8_t)kind };

	for (size_t i = 8; i > 0; i--) {
		head[i] = (uint8_t)len_bytes;
		len_bytes >>= 8;
	}
	return digest_add(digest->digest, (struct span){ head, sizeof(head) },
			  err);
}

enum status
content_digest_sender(struct content_digest *digest, const char *address,
		      struct err *err)
{
	const struct span bytes = span_of(address);

	assert(digest->step == CONTENT_SENDER);
	digest->step = CONTENT_FIELDS;
	const enum status st =
		content_add_head(digest, 'S', bytes.len_bytes, err);

	return st == ST_OK ? digest_add(digest->digest, bytes, err) : st;
}

static bool
content_is_field(const char *name)
{
	const struct span text = span_of(name);
	struct span front;

	for (size_t i = 0; i < ARRAY_LEN(content_fields); i++) {
		if (span_equal_nocase(text, span_of(content_fields[i])))
			return true;
	}
	return span_cut(text, 0, strlen(content_prefix), &front) &&
	       span_equal_nocase(front, span_of(content_prefix));
}

static bool
content_is_space(uint8_t byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static struct span
content_trim(struct span value)
{
	while (value.len_bytes > 0 && content_is_space(value.ptr[0]))
		(void)span_cut(value, 1, value.len_bytes - 1, &value);
	while (value.len_bytes > 0 &&
	       content_is_space(value.ptr[value.len_bytes - 1]))
		value.len_bytes--;
	return value;
}

static enum status
content_add_lower(struct content_digest *digest, const char *name,
		  struct err *err)
{
	enum status st = content_add_head(digest, 'N', strlen(name), err);

	for (size_t i = 0; st == ST_OK && name[i] != '\0'; i++) {
		const bool upper = name[i] >= 'A' && name[i] <= 'Z';
		const uint8_t byte =
			(uint8_t)(upper ? name[i] - 'A' + 'a' : name[i]);

		st = digest_add(digest->digest, (struct span){ &byte, 1 }, err);
	}
	return st;
}

/* Unfolding takes the line end out and leaves the space (RFC 5322 2.2.3);
 * libmilter gives LF where the wire had CRLF, so both are dropped. */
static enum status
content_add_unfolded(struct content_digest *digest, struct span value,
		     struct err *err)
{
	size_t kept_bytes = 0;
	size_t start = 0;
	enum status st = ST_OK;

	for (size_t i = 0; i < value.len_bytes; i++)
		kept_bytes += value.ptr[i] != '\r' && value.ptr[i] != '\n';
	st = content_add_head(digest, 'V', kept_bytes, err);
	for (size_t i = 0; st == ST_OK && i <= value.len_bytes; i++) {
		struct span run;

		if (i < value.len_bytes && value.ptr[i] != '\r' &&
		    value.ptr[i] != '\n')
			continue;
		if (span_cut(value, start, i - start, &run))
			st = digest_add(digest->digest, run, err);
		start = i + 1;
	}
	return st;
}

enum status
content_digest_field(struct content_digest *digest, const char *name,
		     struct span value, struct err *err)
{
	assert(digest->step == CONTENT_FIELDS);
	if (!content_is_field(name))
		return ST_OK;
	const enum status st = content_add_lower(digest, name, err);

	return st == ST_OK
		       ? content_add_unfolded(digest, content_trim(value), err)
		       : st;
}

/* The body is last and runs to the end: one mark, no length needed. */
static enum status
content_start_body(struct content_digest *digest, struct err *err)
{
	if (digest->step == CONTENT_BODY)
		return ST_OK;
	assert(digest->step == CONTENT_FIELDS);
	digest->step = CONTENT_BODY;
	return content_add_head(digest, 'B', 0, err);
}

enum status
content_digest_body(struct content_digest *digest, struct span chunk,
		    struct err *err)
{
	const enum status st = content_start_body(digest, err);

	return st == ST_OK ? digest_add(digest->digest, chunk, err) : st;
}

enum status
content_digest_end(struct content_digest *digest, uint8_t out[DIGEST_BYTES],
		   struct err *err)
{
	const enum status st = content_start_body(digest, err);

	digest->step = CONTENT_ENDED;
	return st == ST_OK ? digest_end(digest->digest, out, err) : st;
}
