#include "scanners/worker/engine_sweep.h"

#include <string.h>

#include "lib/base/parse.h"
#include "scanners/text/charset.h"
#include "scanners/worker/sweep_window.h"

enum {
	/* So much is decoded whole, whatever is in it. */
	SWEEP_WHOLE_BYTES = 64 * 1024,
	SWEEP_PIECE_BYTES = 256 * 1024,
	/* How far back a piece may end to end at a space or line end. */
	SWEEP_SEARCH_BYTES = 16 * 1024,
	/* No decoder makes more of a byte than a replacement character. */
	SWEEP_GROWTH = 4,
	SWEEP_ESC = 0x1b
};

/* Is there a byte that is not of ASCII? */
static bool
sweep_has_high(struct span bytes)
{
	uint8_t all = 0;

	for (size_t i = 0; i < bytes.len_bytes; i++)
		all |= bytes.ptr[i];
	return all >= 0x80;
}

struct sweep_pass {
	enum charset charset;
	enum sweep_digits digits;
	size_t skip_bytes; /* start there: the other alignment */
};

static bool
sweep_has(struct span bytes, int byte)
{
	return bytes.len_bytes > 0 &&
	       memchr(bytes.ptr, byte, bytes.len_bytes) != NULL;
}

static bool
sweep_is_wide(const struct sweep_pass *pass)
{
	return pass->digits == SWEEP_DIGITS_UTF16LE ||
	       pass->digits == SWEEP_DIGITS_UTF16BE;
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

/* Decode bytes from at on, up to end, piece by piece. */
static enum status
sweep_decode(const struct engine_sweep *sweep, struct span bytes, size_t at,
	     const struct sweep_pass *pass, struct err *err)
{
	AUTO(sbuf_done) struct sbuf text;
	enum status st = ST_OK;

	sbuf_init_secret(&text, (size_t)SWEEP_PIECE_BYTES * SWEEP_GROWTH);
	st = sweep->stop(sweep->context, err);
	while (st == ST_OK && at < bytes.len_bytes) {
		struct span piece = { NULL, 0 };

		if (!span_cut(bytes, at, bytes.len_bytes - at, &piece))
			break;
		piece.len_bytes = sweep_cut(piece, sweep_is_wide(pass));
		sbuf_clear(&text);
		charset_decode(pass->charset, piece, &text);
		st = sbuf_status(&text, "sweep", err);
		if (st == ST_OK)
			st = sweep->text(sweep->context, at, sbuf_span(&text),
					 err);
		at += piece.len_bytes;
	}
	return st;
}

/* What two bytes mean in ISO-2022-JP depends on the last escape before. */
static size_t
sweep_find_escape(struct span bytes, size_t from, size_t at)
{
	const uint8_t *esc = NULL;

	if (at > from)
		esc = memrchr(bytes.ptr + from, SWEEP_ESC, at - from);
	return esc != NULL ? (size_t)(esc - bytes.ptr) : at;
}

/* The stretches where digits are, each with its surroundings. */
static enum status
sweep_windows(const struct engine_sweep *sweep, struct span bytes,
	      const struct sweep_pass *pass, struct err *err)
{
	enum status st = ST_OK;
	struct span part = { NULL, 0 };
	size_t at = pass->skip_bytes;
	size_t from = at;

	/* Looking costs time too, if much less than decoding. */
	st = sweep->work(sweep->context, bytes.len_bytes / SWEEP_GROWTH, err);
	while (st == ST_OK &&
	       sweep_window_next(pass->digits, bytes, &at, &part)) {
		const struct span up_to_end = { bytes.ptr,
						at + part.len_bytes };
		const size_t begin =
			pass->digits == SWEEP_DIGITS_JIS
				? sweep_find_escape(bytes, from, at)
				: at;

		st = sweep_decode(sweep, up_to_end, begin, pass, err);
		from = at + part.len_bytes;
		at = from;
	}
	return st;
}

static enum status
sweep_run(const struct engine_sweep *sweep, struct span bytes,
	  const struct sweep_pass *pass, struct err *err)
{
	if (bytes.len_bytes <= SWEEP_WHOLE_BYTES)
		return sweep_decode(sweep, bytes, pass->skip_bytes, pass, err);
	return sweep_windows(sweep, bytes, pass, err);
}

enum status
engine_sweep_bytes(const struct engine_sweep *sweep, struct span bytes,
		   struct err *err)
{
	static const struct sweep_pass utf8 = { CHARSET_UTF8, SWEEP_DIGITS_UTF8,
						0 };
	static const struct sweep_pass jis = { CHARSET_ISO2022JP,
					       SWEEP_DIGITS_JIS, 0 };
	static const struct sweep_pass cp932 = { CHARSET_CP932,
						 SWEEP_DIGITS_CP932, 0 };
	static const struct sweep_pass eucjp = { CHARSET_EUCJP,
						 SWEEP_DIGITS_EUC, 0 };
	static const struct sweep_pass utf16[] = {
		{ CHARSET_UTF16LE, SWEEP_DIGITS_UTF16LE, 0 },
		{ CHARSET_UTF16LE, SWEEP_DIGITS_UTF16LE, 1 },
		{ CHARSET_UTF16BE, SWEEP_DIGITS_UTF16BE, 0 },
		{ CHARSET_UTF16BE, SWEEP_DIGITS_UTF16BE, 1 },
	};
	enum status st = ST_OK;

	if (bytes.len_bytes == 0)
		return ST_OK;
	st = sweep_run(sweep, bytes, &utf8, err);
	if (st == ST_OK && sweep_has(bytes, SWEEP_ESC))
		st = sweep_run(sweep, bytes, &jis, err);
	/* For words beside the digits, not for full-width digits alone. */
	const bool other = sweep_has_high(bytes) && !parse_is_utf8(bytes);

	if (st == ST_OK && other)
		st = sweep_run(sweep, bytes, &cp932, err);
	if (st == ST_OK && other)
		st = sweep_run(sweep, bytes, &eucjp, err);
	/* Half of each digit in UTF-16, U+0030 or U+FF10. */
	const bool wide = sweep_has(bytes, 0x00) || sweep_has(bytes, 0xff);

	for (size_t i = 0; st == ST_OK && wide && i < ARRAY_LEN(utf16); i++)
		st = sweep_run(sweep, bytes, &utf16[i], err);
	return st == ST_OK ? sweep->stop(sweep->context, err) : st;
}
