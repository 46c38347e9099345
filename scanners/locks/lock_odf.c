/* OpenDocument packages: each member is encrypted, all with one password. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "lib/base/parse.h"
#include "scanners/ciphers/odf_cipher.h"
#include "scanners/locks/lock_formats.h"
#include "scanners/readers/zip_walk.h"

enum {
	ODF_MANIFEST_BYTES = 4 * 1024 * 1024,
	ODF_ENOUGH_BYTES = 1024, /* what is hashed of a member */
	ODF_LOOKED = 64          /* entries of the manifest */
};

struct odf_state {
	struct odf_cipher cipher; /* of the member that is tried */
	struct span data;
};

static bool
odf_is(struct span object)
{
	return zip_is_opendocument(object);
}

static void
odf_done(void *state)
{
	free(state);
}

/* The bytes of a member as they lie there. */
static bool
odf_member(struct span object, struct span path, struct zip_entry *entry_out,
	   struct span *data_out)
{
	struct zip_end end;
	struct zip_entry local;

	if (!zip_find_end(object, &end))
		return false;
	size_t at = (size_t)end.directory_at;

	while (zip_central_next(object, &at, entry_out)) {
		entry_out->local_at += end.shift;
		if (span_equal(entry_out->name, path))
			return entry_out->local_at < object.len_bytes &&
			       entry_out->packed_bytes < object.len_bytes &&
			       zip_local_read(object,
					      (size_t)entry_out->local_at,
					      &local) &&
			       span_cut(object, local.data_at,
					(size_t)entry_out->packed_bytes,
					data_out);
	}
	return false;
}

static bool
odf_inflate(struct span data, struct sbuf *out)
{
	uint8_t room[4096];
	z_stream stream = { .next_in = (Bytef *)(uintptr_t)data.ptr,
			    .avail_in = (uInt)data.len_bytes };
	int state = Z_OK;

	if (data.len_bytes > UINT32_MAX / 2 ||
	    inflateInit2(&stream, -MAX_WBITS) != Z_OK)
		return false;
	do {
		stream.next_out = room;
		stream.avail_out = sizeof(room);
		state = inflate(&stream, Z_NO_FLUSH);
		sbuf_add(out, room, sizeof(room) - stream.avail_out);
	} while (state == Z_OK && stream.avail_out == 0 && out->st == ST_OK);
	(void)inflateEnd(&stream);
	return out->st == ST_OK && (state == Z_STREAM_END || state == Z_OK);
}

static bool
odf_load_manifest(struct span object, struct sbuf *out)
{
	struct zip_entry entry;
	struct span data = { NULL, 0 };

	if (!odf_member(object, span_of("META-INF/manifest.xml"), &entry,
			&data))
		return false;
	if (entry.method == 8)
		return odf_inflate(data, out);
	sbuf_add_span(out, data);
	return entry.method == 0 && out->st == ST_OK;
}

/* The smallest member of which all that is hashed is there. */
static bool
odf_is_better(struct span data, struct span best)
{
	if (data.len_bytes == 0)
		return false;
	if (best.len_bytes == 0)
		return true;
	return best.len_bytes < ODF_ENOUGH_BYTES
		       ? data.len_bytes > best.len_bytes
		       : data.len_bytes >= ODF_ENOUGH_BYTES &&
				 data.len_bytes < best.len_bytes;
}

static enum status
odf_choose(struct span object, struct span manifest, struct odf_state *odf,
	   const char **name_out, struct err *err)
{
	struct odf_sealed sealed;
	struct zip_entry entry;
	enum status refused = ST_NOT_FOUND;
	const char *why = "";
	size_t at = 0;

	for (size_t i = 0;
	     i < ODF_LOOKED && odf_cipher_next(manifest, &at, &sealed); i++) {
		struct span data = { NULL, 0 };

		if (sealed.st != ST_OK) {
			refused = sealed.st;
			why = sealed.name;
		} else if (odf_member(object, sealed.path, &entry, &data) &&
			   odf_is_better(data, odf->data)) {
			odf->cipher = sealed.cipher;
			odf->data = data;
			*name_out = sealed.name;
		}
	}
	if (odf->data.len_bytes > 0)
		return ST_OK;
	return refused == ST_NOT_FOUND ? refused
				       : err_set(err, refused, "%s", why);
}

static enum status
odf_take(struct lock *lock, struct span object, struct span manifest,
	 struct err *err)
{
	struct odf_state *odf = calloc(1, sizeof(*odf));
	const char *name = NULL;
	enum status st = ST_OK;

	lock->state = odf;
	if (odf == NULL)
		return err_set(err, ST_NO_MEMORY, "odf: no memory");
	st = odf_choose(object, manifest, odf, &name, err);
	if (st != ST_OK)
		return st;
	const uint64_t blocks = odf->cipher.key_bytes > 20 ? 4 : 2;

	lock->kind = (struct lock_kind){
		.name = name,
		.cost_ns = lock_cost_ns(lock, HASH_SHA1,
					blocks * odf->cipher.rounds),
		.batch = (uint32_t)(lock->lanes->short_count / (blocks / 2)),
	};
	return ST_OK;
}

static enum status
odf_find(struct lock *lock, struct span object, struct err *err)
{
	struct sbuf manifest;
	enum status st = ST_NOT_FOUND;

	sbuf_init(&manifest, ODF_MANIFEST_BYTES);
	if (odf_load_manifest(object, &manifest))
		st = odf_take(lock, object, sbuf_span(&manifest), err);
	sbuf_done(&manifest);
	return st;
}

static enum status
odf_attempt(struct lock *lock, const struct span *passwords, size_t count,
	    size_t *index_out, struct err *err)
{
	const struct odf_state *odf = lock->state;
	const struct odf_trial trial = { lock->lanes, passwords, count,
					 lock->watch };
	const enum status st =
		odf_cipher_try(&odf->cipher, odf->data, &trial, index_out, err);

	lock->is_open = st == ST_OK;
	return st;
}

const struct lock_format lock_odf = {
	.is = odf_is,
	.find = odf_find,
	.attempt = odf_attempt,
	.done = odf_done,
};
