#include "scanners/readers/archive_unlock.h"

#include "lib/base/attr.h"
#include "scanners/ciphers/seven_cipher.h"

enum { UNLOCK_TICK_BYTES = 64 * 1024 };

static enum status
unlock_tick(void *context, struct err *err)
{
	/* Work, and a look at the clocks. */
	return sink_spend(context, UNLOCK_TICK_BYTES, 0, err);
}

/* What is wrong with the archive has been said when it was read before. */
static enum status
unlock_one(struct sink *sink, struct span archive, struct span password,
	   struct sbuf *out, struct err *err)
{
	const struct lanes_watch watch = { unlock_tick, sink };
	AUTO(seven_cipher_free) struct seven_cipher *cipher = NULL;
	struct err why = { .st = ST_OK };
	enum status st = seven_cipher_new(archive, &cipher, &why);

	if (st != ST_OK)
		return st == ST_NO_MEMORY ? err_set(err, st, "%s", why.text)
					  : ST_OK;
	st = sink_spend(sink, seven_cipher_open_bytes(cipher),
			archive.len_bytes, err);
	if (st != ST_OK)
		return st;
	st = seven_cipher_open(cipher, password, &watch, out, &why);
	if (st == ST_OK)
		return ST_OK;
	sbuf_clear(out);
	if (st == ST_NOT_FOUND || st == ST_UNSUPPORTED || st == ST_FORMAT)
		return ST_OK;
	*err = why;
	return st;
}

enum status
archive_unlock(struct sink *sink, struct span archive, const struct child *hint,
	       struct sbuf *out, struct err *err)
{
	enum status st = ST_OK;

	for (size_t i = hint->password_count;
	     st == ST_OK && i > 0 && out->len_bytes == 0; i--)
		st = unlock_one(sink, archive, hint->passwords[i - 1], out,
				err);
	return st;
}

bool
archive_is_sealed(struct span archive)
{
	AUTO(seven_cipher_free) struct seven_cipher *cipher = NULL;

	return seven_cipher_new(archive, &cipher, NULL) == ST_OK;
}
