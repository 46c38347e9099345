#include "lib/crypto/link_key.h"

#include <string.h>

#include "lib/base/base32.h"
#include "lib/base/parse.h"
#include "lib/crypto/digest.h"
#include "lib/crypto/gcm.h"
#include "lib/crypto/password.h"

enum {
	CODE_GROUP = 4,
	CODE_MAX_BYTES = 256, /* of what somebody typed */
	WRAP_MAX_AAD_BYTES = 128
};

_Static_assert(LINK_WRAPPED_BYTES ==
		       GCM_NONCE_BYTES + SEAL_KEY_BYTES + GCM_TAG_BYTES,
	       "nonce, key, tag");

static const char proof_label[] = "sekimori link 1 proof";
static const char opening_label[] = "sekimori link 1 opening";
static const char opening_password_label[] =
	"sekimori link 1 opening with password";
static const char password_proof_label[] = "sekimori link 1 password proof";
static const char wrap_label[] = "sekimori link 1 wrap ";

enum status
link_secret_make(struct link_secret *secret_out, struct err *err)
{
	struct link_secret made;
	const enum status st = random_fill(made.bytes, sizeof(made.bytes), err);

	if (st == ST_OK)
		*secret_out = made;
	explicit_bzero(&made, sizeof(made));
	return st;
}

void
link_secret_format(const struct link_secret *secret,
		   char text[LINK_CODE_TEXT_BYTES])
{
	AUTO(sbuf_done) struct sbuf code;
	size_t len_bytes = 0;

	sbuf_init_secret(&code, LINK_CODE_TEXT_BYTES);
	format_code(&code,
		    (struct span){ secret->bytes, sizeof(secret->bytes) },
		    CODE_GROUP);
	memset(text, 0, LINK_CODE_TEXT_BYTES);
	for (const char *c = sbuf_text(&code); *c != '\0'; c++) {
		/* ASCII: lower case is one bit more; digits and '-' have it. */
		text[len_bytes++] = (char)((unsigned char)*c | 0x20U);
	}
}

bool
link_secret_parse(const char *text, struct link_secret *secret_out)
{
	struct link_secret parsed;
	const struct span typed = { (const uint8_t *)text,
				    strnlen(text, CODE_MAX_BYTES) };
	const bool whole =
		parse_code(typed, parsed.bytes, sizeof(parsed.bytes));

	if (whole)
		*secret_out = parsed;
	explicit_bzero(&parsed, sizeof(parsed));
	return whole;
}

enum status
link_key_proof(const struct link_secret *secret, struct span link_id,
	       uint8_t out[SEAL_KEY_BYTES], struct err *err)
{
	return hkdf((struct span){ secret->bytes, sizeof(secret->bytes) },
		    link_id, proof_label, out, SEAL_KEY_BYTES, err);
}

enum status
link_password_key(const char *password, struct span salt,
		  uint8_t out[SEAL_KEY_BYTES], struct err *err)
{
	return password_stretch(password, salt, out, err);
}

enum status
link_password_proof(const uint8_t password_key[SEAL_KEY_BYTES],
		    uint8_t out[SEAL_KEY_BYTES], struct err *err)
{
	return hkdf((struct span){ password_key, SEAL_KEY_BYTES },
		    (struct span){ NULL, 0 }, password_proof_label, out,
		    SEAL_KEY_BYTES, err);
}

enum status
link_key_opening(const struct link_secret *secret, const uint8_t *password_key,
		 struct span link_id, uint8_t opening_out[SEAL_KEY_BYTES],
		 struct err *err)
{
	uint8_t both[LINK_SECRET_BYTES + SEAL_KEY_BYTES];
	struct span from = { both, LINK_SECRET_BYTES };

	memcpy(both, secret->bytes, LINK_SECRET_BYTES);
	if (password_key != NULL) {
		memcpy(both + LINK_SECRET_BYTES, password_key, SEAL_KEY_BYTES);
		from.len_bytes = sizeof(both);
	}
	const enum status st = hkdf(
		from, link_id,
		password_key != NULL ? opening_password_label : opening_label,
		opening_out, SEAL_KEY_BYTES, err);

	explicit_bzero(both, sizeof(both));
	return st;
}

/* Purpose and link, so that a wrapped key fits its own link only. */
static enum status
wrap_begin(const uint8_t opening[SEAL_KEY_BYTES], struct span link_id,
	   struct gcm **gcm_out, struct sbuf *aad, struct err *err)
{
	sbuf_add_text(aad, wrap_label);
	sbuf_add_span(aad, link_id);
	const enum status st = sbuf_status(aad, "link", err);

	return st == ST_OK ? gcm_new(opening, gcm_out, err) : st;
}

enum status
link_key_wrap(const uint8_t opening[SEAL_KEY_BYTES], struct span link_id,
	      const uint8_t file_key[SEAL_KEY_BYTES],
	      uint8_t wrapped_out[LINK_WRAPPED_BYTES], struct err *err)
{
	AUTO(gcm_free) struct gcm *gcm = NULL;
	AUTO(sbuf_done) struct sbuf aad;
	uint8_t wrapped[LINK_WRAPPED_BYTES];

	sbuf_init(&aad, WRAP_MAX_AAD_BYTES);
	enum status st = wrap_begin(opening, link_id, &gcm, &aad, err);

	if (st == ST_OK)
		st = random_fill(wrapped, GCM_NONCE_BYTES, err);
	if (st == ST_OK)
		st = gcm_close(gcm, wrapped, sbuf_span(&aad),
			       (struct span){ file_key, SEAL_KEY_BYTES },
			       wrapped + GCM_NONCE_BYTES, err);
	if (st == ST_OK)
		memcpy(wrapped_out, wrapped, sizeof(wrapped));
	return st;
}

enum status
link_key_unwrap(const uint8_t opening[SEAL_KEY_BYTES], struct span link_id,
		struct span wrapped, uint8_t file_key_out[SEAL_KEY_BYTES],
		struct err *err)
{
	AUTO(gcm_free) struct gcm *gcm = NULL;
	AUTO(sbuf_done) struct sbuf aad;
	uint8_t key[SEAL_KEY_BYTES];
	struct span nonce;
	struct span closed;

	sbuf_init(&aad, WRAP_MAX_AAD_BYTES);
	if (wrapped.len_bytes != LINK_WRAPPED_BYTES ||
	    !span_cut(wrapped, 0, GCM_NONCE_BYTES, &nonce) ||
	    !span_cut(wrapped, GCM_NONCE_BYTES,
		      LINK_WRAPPED_BYTES - GCM_NONCE_BYTES, &closed))
		return err_set(err, ST_FORMAT,
			       "link: a wrapped key of %zu bytes",
			       wrapped.len_bytes);
	enum status st = wrap_begin(opening, link_id, &gcm, &aad, err);

	if (st == ST_OK)
		st = gcm_open(gcm, nonce.ptr, sbuf_span(&aad), closed, key,
			      err);
	if (st == ST_OK)
		memcpy(file_key_out, key, sizeof(key));
	explicit_bzero(key, sizeof(key));
	return st;
}
