/* box.c - small records under a symmetric key; see seal.h. */
#include <string.h>

#include "lib/base/parse.h"
#include "lib/crypto/digest.h"
#include "lib/crypto/gcm.h"
#include "lib/crypto/seal.h"

enum status
box_close(const uint8_t key[SEAL_KEY_BYTES], const char *context,
	  struct span bytes, struct sbuf *boxed_out, struct err *err)
{
	AUTO(gcm_free) struct gcm *gcm = NULL;
	const size_t before_bytes = boxed_out->len_bytes;
	uint8_t nonce[GCM_NONCE_BYTES];
	enum status st = random_fill(nonce, sizeof(nonce), err);

	if (st == ST_OK)
		st = gcm_new(key, &gcm, err);
	if (st != ST_OK)
		return st;
	sbuf_add(boxed_out, nonce, sizeof(nonce));
	uint8_t *out = sbuf_extend(boxed_out, bytes.len_bytes + GCM_TAG_BYTES);

	if (out == NULL)
		return sbuf_status(boxed_out, "box", err);
	st = gcm_close(gcm, nonce, span_of(context), bytes, out, err);
	if (st != ST_OK)
		sbuf_truncate(boxed_out, before_bytes);
	return st;
}

enum status
box_open(const uint8_t key[SEAL_KEY_BYTES], const char *context,
	 struct span boxed, struct sbuf *bytes_out, struct err *err)
{
	AUTO(gcm_free) struct gcm *gcm = NULL;
	const size_t before_bytes = bytes_out->len_bytes;
	struct span nonce;
	struct span closed;
	enum status st = ST_OK;

	if (!span_cut(boxed, 0, GCM_NONCE_BYTES, &nonce) ||
	    !span_cut(boxed, GCM_NONCE_BYTES, boxed.len_bytes - GCM_NONCE_BYTES,
		      &closed) ||
	    closed.len_bytes < GCM_TAG_BYTES)
		return err_set(err, ST_FORMAT, "box: cut off");
	st = gcm_new(key, &gcm, err);
	if (st != ST_OK)
		return st;
	uint8_t *out = sbuf_extend(bytes_out, closed.len_bytes - GCM_TAG_BYTES);

	if (out == NULL)
		return sbuf_status(bytes_out, "box", err);
	st = gcm_open(gcm, nonce.ptr, span_of(context), closed, out, err);
	if (st != ST_OK)
		sbuf_truncate(bytes_out, before_bytes);
	return st == ST_FORMAT
		       ? err_set(err, ST_FORMAT,
				 "box: changed, or another key or context")
		       : st;
}
