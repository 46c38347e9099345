/* Members of an OpenDocument package that are encrypted, with passwords. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/ciphers/odf_cipher.h"
#include "scanners/readers/deflated.h"
#include "scanners/readers/html_entity.h"
#include "scanners/readers/odf_parts.h"

/* More entries of a manifest than any document has stay closed. */
enum { UNSEAL_MOST = 2000, UNSEAL_BATCH = 16, UNSEAL_TICK_BYTES = 64 * 1024 };

/* Entries whose keys are made together. */
struct unseal_batch {
	struct odf_cipher ciphers[UNSEAL_BATCH];
	struct odf_member *members[UNSEAL_BATCH];
	size_t count;
};

static enum status
unseal_tick(void *context, struct err *err)
{
	/* Work, and a look at the clocks. */
	return sink_spend(context, UNSEAL_TICK_BYTES, 0, err);
}

/* The member that a manifest names, while it is closed. */
static struct odf_member *
unseal_find(struct odf_member *members, struct span path)
{
	struct odf_member *member = members;
	struct sbuf name;

	sbuf_init(&name, SIZE_MAX / 2);
	html_unescape(path, &name);
	while (member != NULL && (!member->sealed || member->locked ||
				  member->opened || name.st != ST_OK ||
				  strcmp(member->name, sbuf_text(&name)) != 0))
		member = member->next;
	sbuf_done(&name);
	return member;
}

/* The bytes of a member are those in clear from now on. */
static enum status
unseal_open(struct sink *sink, const struct odf_cipher *cipher,
	    const struct odf_key *key, struct odf_member *member,
	    struct err *err)
{
	const struct span data = { member->bytes, member->len_bytes };
	struct deflated deflated = { .whole = false };
	struct sbuf packed;
	struct sbuf plain;
	size_t len = 0;
	enum status st = sink_spend(sink, data.len_bytes, data.len_bytes, err);

	if (st != ST_OK)
		return st;
	sbuf_init_secret(&packed, SIZE_MAX / 2);
	sbuf_init_secret(&plain, SIZE_MAX / 2);
	uint8_t *room = sbuf_extend(&packed, data.len_bytes);

	st = sbuf_status(&packed, "odf: member", err);
	if (st == ST_OK) {
		odf_cipher_open(cipher, key, data, room, &len);
		st = deflated_unpack(sink, DEFLATED_RAW,
				     (struct span){ room, len }, &plain,
				     &deflated, err);
	}
	sbuf_done(&packed);
	if (st == ST_OK && !deflated.whole)
		st = sink_opaque(sink, REPORT_REASON_DAMAGED,
				 "odf: damaged member", err);
	if (st == ST_OK) {
		explicit_bzero(member->bytes, member->len_bytes);
		free(member->bytes);
		member->bytes = plain.bytes;
		member->len_bytes = plain.len_bytes;
		member->sealed = false;
		member->opened = true;
		sbuf_init(&plain, 0);
	}
	sbuf_done(&plain);
	return st;
}

/* One password for those of the batch that are closed still. */
static enum status
unseal_try(struct sink *sink, struct unseal_batch *batch, struct span password,
	   struct err *err)
{
	const struct lanes_watch watch = { unseal_tick, sink };
	const struct odf_cipher *ciphers[UNSEAL_BATCH];
	struct odf_key keys[UNSEAL_BATCH];
	size_t which[UNSEAL_BATCH];
	size_t count = 0;
	enum status st = ST_OK;

	for (size_t i = 0; i < batch->count; i++)
		if (!batch->members[i]->opened) {
			which[count] = i;
			ciphers[count++] = &batch->ciphers[i];
		}
	if (count > 0)
		st = odf_cipher_keys(ciphers, count, password, &watch, keys,
				     err);
	for (size_t i = 0; st == ST_OK && i < count; i++) {
		struct odf_member *member = batch->members[which[i]];
		const struct span data = { member->bytes, member->len_bytes };

		if (odf_cipher_fits(ciphers[i], &keys[i], data))
			st = unseal_open(sink, ciphers[i], &keys[i], member,
					 err);
	}
	explicit_bzero(keys, sizeof(keys));
	return st;
}

static enum status
unseal_batch(struct sink *sink, struct unseal_batch *batch,
	     const struct child *hint, struct err *err)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < hint->password_count; i++)
		st = unseal_try(sink, batch, hint->passwords[i], err);
	batch->count = 0;
	return st;
}

enum status
odf_unseal(struct sink *sink, struct span manifest, struct odf_member *members,
	   const struct child *hint, struct err *err)
{
	struct unseal_batch *batch = calloc(1, sizeof(*batch));
	struct odf_sealed sealed;
	size_t at = 0;
	enum status st = ST_OK;

	if (batch == NULL)
		return err_set(err, ST_NO_MEMORY, "odf: no memory");
	for (size_t i = 0; st == ST_OK && i < UNSEAL_MOST &&
			   odf_cipher_next(manifest, &at, &sealed);
	     i++) {
		struct odf_member *member =
			sealed.st == ST_OK ? unseal_find(members, sealed.path)
					   : NULL;

		if (member == NULL || member->len_bytes == 0)
			continue;
		batch->ciphers[batch->count] = sealed.cipher;
		batch->members[batch->count++] = member;
		if (batch->count == UNSEAL_BATCH)
			st = unseal_batch(sink, batch, hint, err);
	}
	if (st == ST_OK && batch->count > 0)
		st = unseal_batch(sink, batch, hint, err);
	free(batch);
	return st;
}
