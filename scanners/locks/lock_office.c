/* Office documents: compound files with an encrypted package, or old ones. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/sbuf.h"
#include "scanners/ciphers/ooxml_cipher.h"
#include "scanners/locks/lock_formats.h"
#include "scanners/readers/cfb_kind.h"
#include "scanners/readers/cfb_walk.h"

static bool
office_is(struct span object)
{
	return cfb_is_file(object);
}

static void
office_done(void *state)
{
	free(state);
}

/* The stream with EncryptionInfo, or how an old document is locked. */
struct office_look {
	struct sbuf info;
	bool has_info;
	const char *old;
};

static enum status
office_look_at(struct cfb *cfb, size_t index, struct office_look *look,
	       struct err *err)
{
	struct sbuf bytes;
	size_t size = 0;
	enum status st = ST_OK;

	sbuf_init(&bytes, SIZE_MAX / 2);
	st = cfb_read_stream(cfb, index, &bytes, &size, err);
	if (st == ST_OK && cfb_is_named(cfb, index, "EncryptionInfo")) {
		sbuf_truncate(&bytes, size);
		sbuf_clear(&look->info);
		sbuf_add_span(&look->info, sbuf_span(&bytes));
		look->has_info = true;
		st = sbuf_status(&look->info, "ooxml: EncryptionInfo", err);
	} else if (st == ST_OK && look->old == NULL) {
		look->old = cfb_old_lock(cfb, index, sbuf_span(&bytes));
	}
	sbuf_done(&bytes);
	return st;
}

static enum status
office_look_all(struct cfb *cfb, struct office_look *look, struct err *err)
{
	static const char *const names[] = { "EncryptionInfo", "WordDocument",
					     "Workbook", "Book",
					     "Current User" };
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < cfb->entry_count; i++) {
		if (cfb->entries[i].type != CFB_TYPE_STREAM)
			continue;
		for (size_t k = 0; k < ARRAY_LEN(names); k++)
			if (cfb_is_named(cfb, i, names[k])) {
				st = office_look_at(cfb, i, look, err);
				break;
			}
	}
	return st;
}

static enum status
office_take(struct lock *lock, struct span info, struct err *err)
{
	struct ooxml_cipher *cipher = calloc(1, sizeof(*cipher));
	enum status st = ST_OK;

	lock->state = cipher;
	if (cipher == NULL)
		return err_set(err, ST_NO_MEMORY, "ooxml: no memory");
	st = ooxml_cipher_parse(info, cipher, err);
	if (st != ST_OK)
		return st;
	lock->kind = (struct lock_kind){
		.name = ooxml_cipher_name(cipher),
		.cost_ns = lock_cost_ns(lock, cipher->password.hash,
					cipher->rounds),
		.batch = (uint32_t)ooxml_cipher_batch(cipher, lock->lanes),
	};
	return ST_OK;
}

static enum status
office_find(struct lock *lock, struct span object, struct err *err)
{
	struct office_look look = { .old = NULL };
	struct cfb cfb;
	enum status st = ST_OK;

	sbuf_init(&look.info, SIZE_MAX / 2);
	st = cfb_open(&cfb, object, err);
	if (st == ST_OK)
		st = office_look_all(&cfb, &look, err);
	cfb_done(&cfb);
	if (st == ST_OK && look.has_info)
		st = office_take(lock, sbuf_span(&look.info), err);
	else if (st == ST_OK)
		st = look.old != NULL
			     ? err_set(err, ST_UNSUPPORTED, "%s", look.old)
			     : ST_NOT_FOUND;
	sbuf_done(&look.info);
	return st;
}

static enum status
office_attempt(struct lock *lock, const struct span *passwords, size_t count,
	       size_t *index_out, struct err *err)
{
	const struct ooxml_cipher *cipher = lock->state;
	const struct ooxml_trial trial = { lock->lanes, passwords, count,
					   lock->watch };
	struct ooxml_key key;
	size_t index = 0;
	const enum status st =
		ooxml_cipher_try(cipher, &trial, &index, &key, err);

	explicit_bzero(&key, sizeof(key));
	if (st != ST_OK)
		return st;
	*index_out = index;
	lock->is_open = true;
	return ST_OK;
}

const struct lock_format lock_office = {
	.is = office_is,
	.find = office_find,
	.attempt = office_attempt,
	.done = office_done,
};
