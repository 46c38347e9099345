#include "scanners/readers/zip_open.h"

#include "scanners/ciphers/password_form.h"
#include "scanners/ciphers/zip_cipher.h"
#include "scanners/readers/zip_unpack.h"

enum { ZIP_OPEN_TIME_AT = 10, ZIP_OPEN_PASSWORD_BYTES = 4096 };

/* An entry, while passwords are tried on it. */
struct zip_open {
	struct zip_giver *giver;
	const struct zip_entry *entry;
	struct zip_cipher cipher;
	struct sbuf bytes; /* when it is open */
	bool opened;
};

static bool
zip_open_parse(struct zip_open *open, const struct zip_entry *local)
{
	const struct zip_entry *entry = open->entry;
	const struct span archive = open->giver->archive;
	struct zip_cipher_member member = { .extra = entry->extra,
					    .flags = local->flags,
					    .method = entry->method,
					    .crc = entry->crc };
	struct err why = { .st = ST_OK };

	(void)span_read_le(archive, (size_t)local->local_at + ZIP_OPEN_TIME_AT,
			   2, &member.time);
	return entry->packed_bytes <= archive.len_bytes &&
	       span_cut(archive, local->data_at, (size_t)entry->packed_bytes,
			&member.packed) &&
	       zip_cipher_parse(&member, &open->cipher, &why) == ST_OK;
}

/* Does what was decrypted unpack to what the headers say? */
static enum status
zip_open_unpack(struct zip_open *open, struct span plain, struct err *err)
{
	const struct zip_cipher *cipher = &open->cipher;
	const struct zip_entry *entry = open->entry;
	const struct zip_packed packed = {
		.method = cipher->method,
		.flags = entry->flags,
		.bytes = plain,
		.packed_bytes = plain.len_bytes,
		.size_bytes = entry->size_bytes,
		.crc = entry->crc,
		/* What is authentic needs no checksum, and may have none. */
		.unchecked = cipher->kind == ZIP_CIPHER_AES && !cipher->has_crc,
	};
	enum zip_outcome outcome = ZIP_OUTCOME_NONE;
	enum status st = zip_unpack(open->giver->sink, &packed, &open->bytes,
				    &outcome, err);

	open->opened =
		outcome == ZIP_OUTCOME_WHOLE || outcome == ZIP_OUTCOME_ODD;
	if (packed.unchecked && open->bytes.len_bytes != entry->size_bytes)
		open->opened = false;
	if (!open->opened)
		sbuf_clear(&open->bytes);
	return st;
}

static enum status
zip_open_try(struct zip_open *open, struct span password, struct err *err)
{
	const size_t len_bytes = open->cipher.data.len_bytes;
	struct sbuf plain;
	struct err why = { .st = ST_OK };
	enum status st =
		sink_spend(open->giver->sink, len_bytes, len_bytes, err);

	if (st != ST_OK)
		return st;
	sbuf_init_secret(&plain, SIZE_MAX / 2);
	uint8_t *room = sbuf_extend(&plain, len_bytes);

	st = sbuf_status(&plain, "zip: member", err);
	if (st == ST_OK &&
	    zip_cipher_open(&open->cipher, password, room, &why) == ST_OK)
		st = zip_open_unpack(open, sbuf_span(&plain), err);
	sbuf_done(&plain);
	return st;
}

/* A password in all the bytes that programs make of it. */
static enum status
zip_open_try_forms(struct zip_open *open, struct span password, struct err *err)
{
	static const enum password_form forms[] = { PASSWORD_FORM_UTF8,
						    PASSWORD_FORM_CP932 };
	enum status st = ST_OK;

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct sbuf bytes;

		if (st != ST_OK || open->opened)
			break;
		sbuf_init_secret(&bytes, ZIP_OPEN_PASSWORD_BYTES);
		if (password_form(password, forms[i], &bytes))
			st = zip_open_try(open, sbuf_span(&bytes), err);
		sbuf_done(&bytes);
	}
	return st;
}

enum status
zip_open_entry(struct zip_giver *giver, const struct zip_entry *entry,
	       const struct zip_entry *local, struct err *err)
{
	struct zip_open open = { .giver = giver, .entry = entry };
	const char *lock = zip_lock_name(local);
	enum status st = ST_OK;

	if (zip_lock_name(entry) == NULL || lock == NULL)
		return ST_OK;
	sbuf_init_secret(&open.bytes, SIZE_MAX / 2);
	if (zip_open_parse(&open, local))
		for (size_t i = 0; st == ST_OK && !open.opened &&
				   i < giver->taker->password_count;
		     i++)
			st = zip_open_try_forms(
				&open, giver->taker->passwords[i], err);
	if (st == ST_OK)
		st = zip_give_bytes(giver, entry->name, &open.bytes,
				    open.opened ? NULL : lock, err);
	sbuf_done(&open.bytes);
	return st;
}

enum status
zip_open_all(struct zip_giver *giver, const struct zip_list *central,
	     const struct zip_list *local, struct err *err)
{
	struct zip_entry there;
	enum status st = ST_OK;

	for (size_t i = 0; i < central->count && st == ST_OK; i++) {
		const struct zip_entry *listed = &central->entries[i];

		if (listed->local_at <= SIZE_MAX / 2 &&
		    zip_local_read(giver->archive, (size_t)listed->local_at,
				   &there))
			st = zip_open_entry(giver, listed, &there, err);
	}
	for (size_t i = 0; i < local->count && st == ST_OK; i++) {
		const struct zip_entry *alone = &local->entries[i];

		if (!zip_list_has(central, alone->local_at))
			st = zip_open_entry(giver, alone, alone, err);
	}
	return st;
}
