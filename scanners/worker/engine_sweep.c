#include "scanners/worker/engine_sweep.h"

#include <string.h>

#include "scanners/text/charset.h"

enum {
	SWEEP_PIECE_BYTES = 256 * 1024,
	/* How far back a piece may end to end at a space or line end. */
	SWEEP_SEARCH_BYTES = 16 * 1024,
	/* No decoder makes more of a byte than a replacement character. */
	SWEEP_GROWTH = 4
};

struct sweep_pass {
	enum charset charset;
	size_t skip_bytes; /* start there: the other alignment */
	bool wide;         /* two bytes a unit: cut at even places only */
};

static bool
sweep_has(struct span bytes, int byte)
{
	return bytes.len_bytes > 0 &&
	       memchr(bytes.ptr, byte, bytes.len_bytes) != NULL;
}

/* Where to end a piece so that no character is torn: behind a control or a
 * space, which is never the second byte of anything but UTF-16. */
static size_t
sweep_cut(struct span rest, bool wide)
{
	size_t at = SWEEP_PIECE_BYTES;

	if (rest.len_bytes <= SWEEP_PIECE_BYTES)
		return rest.len_bytes;
	if (wide)
		return at;
	for (; at > SWEEP_PIECE_BYTES - SWEEP_SEARCH_BYTES; at--) {
		if (rest.ptr[at - 1] <= ' ')
			return at;
	}
	return SWEEP_PIECE_BYTES;
}

static enum status
sweep_run(const struct engine_sweep *sweep, struct span bytes,
	  const struct sweep_pass *pass, struct err *err)
{
	AUTO(sbuf_done) struct sbuf text;
	size_t at = pass->skip_bytes;
	enum status st = sweep->stop(sweep->context, err);

	sbuf_init_secret(&text, (size_t)SWEEP_PIECE_BYTES * SWEEP_GROWTH);
	while (st == ST_OK && at < bytes.len_bytes) {
		struct span piece = { NULL, 0 };

		if (!span_cut(bytes, at, bytes.len_bytes - at, &piece))
			break;
		piece.len_bytes = sweep_cut(piece, pass->wide);
		sbuf_clear(&text);
		charset_decode(pass->charset, piece, &text, NULL);
		st = sbuf_status(&text, "sweep", err);
		if (st == ST_OK)
			st = sweep->text(sweep->context, at, sbuf_span(&text),
					 err);
		at += piece.len_bytes;
	}
	return st;
}

enum status
engine_sweep_bytes(const struct engine_sweep *sweep, struct span bytes,
		   struct err *err)
{
	static const struct sweep_pass utf8 = { CHARSET_UTF8, 0, false };
	static const struct sweep_pass jis = { CHARSET_ISO2022JP, 0, false };
	static const struct sweep_pass cp932 = { CHARSET_CP932, 0, false };
	static const struct sweep_pass eucjp = { CHARSET_EUCJP, 0, false };
	static const struct sweep_pass utf16[] = {
		{ CHARSET_UTF16LE, 0, true },
		{ CHARSET_UTF16LE, 1, true },
		{ CHARSET_UTF16BE, 0, true },
		{ CHARSET_UTF16BE, 1, true },
	};
	enum status st = ST_OK;

	if (bytes.len_bytes == 0)
		return ST_OK;
	st = sweep_run(sweep, bytes, &utf8, err);
	if (st == ST_OK && sweep_has(bytes, 0x1b))
		st = sweep_run(sweep, bytes, &jis, err);
	/* The lead bytes of full-width digits: 0x82 and 0xa3. */
	if (st == ST_OK && sweep_has(bytes, 0x82))
		st = sweep_run(sweep, bytes, &cp932, err);
	if (st == ST_OK && sweep_has(bytes, 0xa3))
		st = sweep_run(sweep, bytes, &eucjp, err);
	/* Half of each digit in UTF-16, U+0030 or U+FF10. */
	const bool wide = sweep_has(bytes, 0x00) || sweep_has(bytes, 0xff);

	for (size_t i = 0; st == ST_OK && wide && i < ARRAY_LEN(utf16); i++)
		st = sweep_run(sweep, bytes, &utf16[i], err);
	return st == ST_OK ? sweep->stop(sweep->context, err) : st;
}
