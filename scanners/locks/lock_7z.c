/* 7z archives: AES-256, with or without an encrypted header. */
#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/sbuf.h"
#include "scanners/ciphers/password_form.h"
#include "scanners/ciphers/seven_cipher.h"
#include "scanners/locks/lock_formats.h"

enum {
	SEVEN_READ_BYTES = 64 * 1024,
	SEVEN_MAX_BATCH = LANES_MAX,
	SEVEN_UNITS_BLOCK = 64,
	SEVEN_USUAL_BYTES = 2 * 10 + 8 /* a unit of ten characters */
};

struct seven_state {
	struct seven_cipher *cipher;
	struct span archive;
};

static bool
seven_is(struct span object)
{
	return object.len_bytes >= 6 &&
	       memcmp(object.ptr, "7z\xBC\xAF\x27\x1C", 6) == 0;
}

static void
seven_done(void *state)
{
	struct seven_state *seven = state;

	if (seven != NULL)
		seven_cipher_free(&seven->cipher);
	free(seven);
}

static enum status
seven_find(struct lock *lock, struct span object, struct err *err)
{
	struct seven_state *seven = calloc(1, sizeof(*seven));
	enum status st = ST_OK;

	lock->state = seven;
	if (seven == NULL)
		return err_set(err, ST_NO_MEMORY, "7z: no memory");
	seven->archive = object;
	st = seven_cipher_new(object, &seven->cipher, err);
	if (st != ST_OK)
		return st;
	/* Nothing would tell a wrong password from the right one. */
	if (!seven_cipher_has_digests(seven->cipher))
		return err_set(err, ST_UNSUPPORTED, "7z: without checksums");
	lock->kind = (struct lock_kind){
		.name = seven_cipher_name(seven->cipher),
		.cost_ns = lock_cost_ns(lock, HASH_SHA256,
					((uint64_t)SEVEN_USUAL_BYTES
					 << seven_cipher_power(seven->cipher)) /
						SEVEN_UNITS_BLOCK),
		.batch = (uint32_t)lock->lanes->short_count,
	};
	return ST_OK;
}

/* Read an entry to its end: libarchive compares its checksum. */
static enum status
seven_read_entry(struct lock *lock, struct archive *archive, uint64_t *bytes,
		 struct err *err)
{
	uint8_t room[SEVEN_READ_BYTES / 8];
	enum status st = ST_OK;

	while (st == ST_OK) {
		const la_ssize_t len =
			archive_read_data(archive, room, sizeof(room));

		if (len < 0)
			return err_set(err, ST_NOT_FOUND, "7z: wrong password");
		if (len == 0)
			break;
		*bytes += (uint64_t)len;
		st = lanes_tick(lock->watch, err);
	}
	explicit_bzero(room, sizeof(room));
	return st;
}

/* Where all is encrypted, one entry says it; else all must be right. */
static enum status
seven_read_all(struct lock *lock, struct archive *archive, bool one,
	       struct err *err)
{
	struct archive_entry *entry = NULL;
	uint64_t bytes = 0;
	enum status st = ST_OK;
	int state = ARCHIVE_OK;

	while (st == ST_OK && (!one || bytes == 0)) {
		state = archive_read_next_header(archive, &entry);
		if (state == ARCHIVE_EOF)
			break;
		/* Names that this locale has not are a warning. */
		if (state != ARCHIVE_OK && state != ARCHIVE_WARN)
			return err_set(err, ST_NOT_FOUND, "7z: wrong password");
		st = seven_read_entry(lock, archive, &bytes, err);
	}
	if (st == ST_OK && bytes == 0)
		return err_set(err, ST_NOT_FOUND, "7z: nothing in it");
	return st;
}

static enum status
seven_read(struct lock *lock, struct span bytes, bool one, struct err *err)
{
	struct archive *archive = archive_read_new();
	enum status st = ST_OK;

	if (archive == NULL)
		return err_set(err, ST_NO_MEMORY, "7z: no memory");
	if (archive_read_support_format_7zip(archive) != ARCHIVE_OK ||
	    archive_read_open_memory(archive, bytes.ptr, bytes.len_bytes) !=
		    ARCHIVE_OK)
		st = err_set(err, ST_NOT_FOUND, "7z: wrong password");
	if (st == ST_OK)
		st = seven_read_all(lock, archive, one, err);
	(void)archive_read_free(archive);
	return st;
}

/* The first bytes are well: is the rest? */
static enum status
seven_prove(struct lock *lock, const struct seven_password *password,
	    struct err *err)
{
	const struct seven_state *seven = lock->state;
	const bool one = seven_cipher_is_whole(seven->cipher);
	struct seven_cipher *cipher = NULL;
	struct sbuf bytes;
	enum status st = seven_cipher_new(seven->archive, &cipher, err);

	if (st != ST_OK)
		return st;
	sbuf_init_secret(&bytes,
			 (size_t)seven_cipher_open_bytes(seven->cipher) * 2);
	st = seven_cipher_open_known(cipher, password, lock->watch, &bytes,
				     err);
	if (st == ST_OK)
		st = seven_read(lock, sbuf_span(&bytes), one, err);
	else if (st == ST_FORMAT)
		st = err_set(err, ST_NOT_FOUND, "7z: wrong password");
	sbuf_done(&bytes);
	seven_cipher_free(&cipher);
	return st;
}

static enum status
seven_check(struct lock *lock, struct span password,
	    const struct derive_7z *work, struct err *err)
{
	const struct seven_state *seven = lock->state;
	const struct seven_password known = { password, work->out };
	const enum status st =
		seven_cipher_may_open(seven->cipher, work->out, err);

	if (st != ST_OK || seven_cipher_hides_names(seven->cipher))
		return st;
	return seven_prove(lock, &known, err);
}

/* Passwords in the form that is hashed. */
struct seven_batch {
	struct derive_7z works[SEVEN_MAX_BATCH];
	struct sbuf wide[SEVEN_MAX_BATCH];
	size_t count;
};

static void
seven_batch_fill(struct seven_batch *batch, const struct span *passwords,
		 size_t count)
{
	batch->count = count;
	for (size_t i = 0; i < count; i++) {
		sbuf_init_secret(&batch->wide[i], 2 * LOCK_PASSWORD_BYTES);
		/* One that is too long fits nothing: it is tried cut. */
		(void)password_form(passwords[i], PASSWORD_FORM_UTF16LE,
				    &batch->wide[i]);
		batch->works[i].password = sbuf_span(&batch->wide[i]);
	}
}

static void
seven_batch_done(struct seven_batch *batch)
{
	for (size_t i = 0; i < batch->count; i++)
		sbuf_done(&batch->wide[i]);
	explicit_bzero(batch->works, sizeof(batch->works));
}

static enum status
seven_batch_try(struct lock *lock, struct seven_batch *batch,
		const struct span *passwords, size_t *index_out,
		struct err *err)
{
	const struct seven_state *seven = lock->state;
	const struct derive_7z_with with = {
		lock->lanes, seven_cipher_salt(seven->cipher),
		seven_cipher_power(seven->cipher)
	};
	enum status st =
		derive_7z(&with, batch->works, batch->count, lock->watch, err);

	if (st != ST_OK)
		return st;
	st = ST_NOT_FOUND;
	for (size_t i = 0; i < batch->count && st == ST_NOT_FOUND; i++) {
		st = seven_check(lock, passwords[i], &batch->works[i], err);
		*index_out = st == ST_OK ? i : *index_out;
	}
	return st;
}

static enum status
seven_attempt(struct lock *lock, const struct span *passwords, size_t count,
	      size_t *index_out, struct err *err)
{
	const size_t step = lock->lanes->short_count;
	struct seven_batch batch;
	enum status st = ST_NOT_FOUND;
	size_t index = 0;

	for (size_t at = 0; at < count && st == ST_NOT_FOUND; at += step) {
		seven_batch_fill(&batch, passwords + at,
				 count - at < step ? count - at : step);
		st = seven_batch_try(lock, &batch, passwords + at, &index, err);
		seven_batch_done(&batch);
		if (st == ST_OK)
			*index_out = at + index;
	}
	lock->is_open = st == ST_OK;
	return st;
}

const struct lock_format lock_7z = {
	.is = seven_is,
	.find = seven_find,
	.attempt = seven_attempt,
	.done = seven_done,
};
