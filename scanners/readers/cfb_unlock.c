#include "scanners/readers/cfb_unlock.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/ciphers/ooxml_cipher.h"
#include "scanners/readers/cfb_walk.h"

struct cfb_unlock {
	struct sink *sink;
	const struct child *hint;
	struct cfb cfb;
	struct ooxml_cipher cipher;
	bool has_cipher;
};

/* A stream, without what is left over behind it. */
static enum status
unlock_read(struct cfb_unlock *unlock, size_t index, struct sbuf *out,
	    struct err *err)
{
	size_t size = 0;
	enum status st = cfb_read_stream(&unlock->cfb, index, out, &size, err);

	if (st == ST_OK)
		sbuf_truncate(out, size);
	return st == ST_OK ? sink_spend(unlock->sink, out->len_bytes,
					out->len_bytes, err)
			   : st;
}

static bool
unlock_is(const struct cfb_unlock *unlock, size_t index, const char *name)
{
	return unlock->cfb.entries[index].type == CFB_TYPE_STREAM &&
	       cfb_is_named(&unlock->cfb, index, name);
}

static enum status
unlock_find_cipher(struct cfb_unlock *unlock, struct err *err)
{
	enum status st = ST_OK;

	for (size_t i = 1;
	     st == ST_OK && !unlock->has_cipher && i < unlock->cfb.entry_count;
	     i++) {
		struct err why = { .st = ST_OK };
		struct sbuf info;

		if (!unlock_is(unlock, i, "EncryptionInfo"))
			continue;
		sbuf_init(&info, SIZE_MAX / 2);
		st = unlock_read(unlock, i, &info, err);
		unlock->has_cipher =
			st == ST_OK &&
			ooxml_cipher_parse(sbuf_span(&info), &unlock->cipher,
					   &why) == ST_OK;
		sbuf_done(&info);
	}
	return st;
}

static enum status
unlock_give(struct cfb_unlock *unlock, size_t index, struct sbuf *plain,
	    struct err *err)
{
	AUTO(sbuf_done) struct sbuf path;
	enum status st = ST_OK;

	sbuf_init(&path, SIZE_MAX / 2);
	cfb_path(&unlock->cfb, index, &path);
	st = sbuf_status(&path, "cfb: name", err);
	if (st != ST_OK)
		return st;
	const struct child child = { .name = sbuf_text(&path),
				     .content_type = "",
				     .charset = "",
				     .attachment = true };
	uint8_t *owned = plain->bytes;

	st = sink_child(unlock->sink, &child, sbuf_span(plain), &owned, err);
	if (owned == NULL)
		sbuf_init(plain, 0);
	return st;
}

/* Decrypt a package whose key is known. One that somebody changed is read all
 * the same, and said to be damaged. */
static enum status
unlock_open(struct cfb_unlock *unlock, size_t index,
	    const struct ooxml_key *key, struct span package, struct err *err)
{
	const struct ooxml_cipher *cipher = &unlock->cipher;
	const bool has_check = cipher->agile && cipher->hmac_key.len_bytes > 0;
	struct sbuf plain;
	size_t size = 0;
	bool right = false;
	enum status st = ST_OK;

	if (!ooxml_cipher_size(package, &size) || size == 0)
		return ST_OK;
	st = sink_spend(unlock->sink, size, size, err);
	if (st != ST_OK)
		return st;
	sbuf_init_secret(&plain, SIZE_MAX / 2);
	uint8_t *room = sbuf_extend(&plain, size);

	st = sbuf_status(&plain, "cfb: package", err);
	if (st == ST_OK) {
		right = ooxml_cipher_open(cipher, key, package, room);
		st = unlock_give(unlock, index, &plain, err);
	}
	sbuf_done(&plain);
	if (st == ST_OK && has_check && !right)
		st = sink_opaque(unlock->sink, REPORT_REASON_DAMAGED,
				 "ooxml: integrity of the package", err);
	return st;
}

static enum status
unlock_tick(void *context, struct err *err)
{
	enum { UNLOCK_TICK_BYTES = 64 * 1024 };

	/* Work, and a look at the clocks. */
	return sink_spend(context, UNLOCK_TICK_BYTES, 0, err);
}

static enum status
unlock_package(struct cfb_unlock *unlock, size_t index, struct err *err)
{
	const struct lanes_watch watch = { unlock_tick, unlock->sink };
	const struct ooxml_trial trial = { lanes_get(), unlock->hint->passwords,
					   unlock->hint->password_count,
					   &watch };
	struct ooxml_key key;
	struct sbuf package;
	size_t which = 0;
	enum status st = ST_OK;

	sbuf_init(&package, SIZE_MAX / 2);
	st = unlock_read(unlock, index, &package, err);
	if (st == ST_OK)
		st = ooxml_cipher_try(&unlock->cipher, &trial, &which, &key,
				      err);
	if (st == ST_OK)
		st = unlock_open(unlock, index, &key, sbuf_span(&package), err);
	else if (st == ST_NOT_FOUND)
		st = ST_OK;
	explicit_bzero(&key, sizeof(key));
	sbuf_done(&package);
	return st;
}

enum status
cfb_unlock(struct sink *sink, struct span body, const struct child *hint,
	   struct err *err)
{
	struct cfb_unlock unlock = { .sink = sink, .hint = hint };
	enum status st = cfb_open(&unlock.cfb, body, err);

	if (st == ST_OK)
		st = unlock_find_cipher(&unlock, err);
	for (size_t i = 1;
	     st == ST_OK && unlock.has_cipher && i < unlock.cfb.entry_count;
	     i++)
		if (unlock_is(&unlock, i, "EncryptedPackage"))
			st = unlock_package(&unlock, i, err);
	explicit_bzero(&unlock.cipher, sizeof(unlock.cipher));
	cfb_done(&unlock.cfb);
	return st;
}
