/*
 * Formats that nobody here reads: by their own signatures, and by libmagic
 * for naming the rest. libmagic never keeps text from being read: it takes
 * Shift_JIS that starts with a certain kanji for a DOS program.
 */
#include <locale.h>
#include <magic.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/reader.h"
#include "scanners/text/readings.h"

enum {
	UNREAD_LOOK_BYTES = 64 * 1024,
	UNREAD_DENSE_LEAST_BYTES = 24, /* below, anything looks so */
	UNREAD_DENSE_CHANCE = 9        /* three times the deviation, squared */
};

struct unread_mark {
	size_t at;
	const char *bytes;
	size_t len;
	const char *name;
};

static const struct unread_mark unread_marks[] = {
#define MARK(at, text, name) { at, text, sizeof(text) - 1, name },
#define NAME(symbol, name)
#define COMPOUND(name)
#include "scanners/readers/unread_names.def"
#undef MARK
#undef NAME
#undef COMPOUND
};

#define MARK(at, text, name)
#define NAME(symbol, name) static const char unread_name_##symbol[] = name;
#define COMPOUND(name)
#include "scanners/readers/unread_names.def"
#undef MARK
#undef NAME
#undef COMPOUND

/* The one table of libmagic in a worker, which has one thread. */
static magic_t unread_magic;

/* Types that libmagic names and that hold no document. */
static bool
unread_is_harmless(const char *type)
{
	static const char *const harmless[] = {
		"text/",
		"message/",
		"inode/",
		"application/octet-stream",
		"application/json",
		"application/x-ndjson",
		"application/javascript",
		"application/x-dosexec",
		"application/x-setupscript",
		"application/pgp-signature",
		"application/pgp-keys",
		"application/pkcs7-signature",
		"application/x-wine-extension-ini",
		"application/x-bytecode.python",
		"application/postscript-text",
		"application/csv",
		"application/zip",
		"application/SIMH-tape-data",
	};

	for (size_t i = 0; i < ARRAY_LEN(harmless); i++)
		if (strncmp(type, harmless[i], strlen(harmless[i])) == 0)
			return true;
	return strncmp(type, "application/", 12) != 0 &&
	       strncmp(type, "image/", 6) != 0 &&
	       strncmp(type, "audio/", 6) != 0 &&
	       strncmp(type, "video/", 6) != 0;
}

static bool
unread_has(struct span body, const struct unread_mark *mark)
{
	struct span part = { 0 };

	return span_cut(body, mark->at, mark->len, &part) && part.ptr != NULL &&
	       memcmp(part.ptr, mark->bytes, mark->len) == 0;
}

/* BMP: "BM", a plausible size, two empty fields. */
static bool
unread_is_bmp(struct span body)
{
	uint32_t empty = 1;

	return body.len_bytes > 26 && body.ptr[0] == 'B' &&
	       body.ptr[1] == 'M' && span_read_le(body, 6, 4, &empty) &&
	       empty == 0;
}

/* Names must be ours to keep: libmagic's buffer changes with each call. */
static const char *
unread_general_name(const char *type)
{
	static const char *const kinds[] = { "image/", "audio/", "video/" };
	static const char *const names[] = { unread_name_IMAGE,
					     unread_name_AUDIO,
					     unread_name_VIDEO };

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (strncmp(type, kinds[i], strlen(kinds[i])) == 0)
			return names[i];
	return unread_name_APPLICATION;
}

/* As much of body as is looked at. */
static struct span
unread_head(struct span body)
{
	struct span head = body;

	if (body.len_bytes > UNREAD_LOOK_BYTES)
		(void)span_cut(body, 0, UNREAD_LOOK_BYTES, &head);
	return head;
}

/*
 * Plain text needs no other name, and asking libmagic about it would cost
 * more than all the rest of scanning an everyday mail. Markup is asked about:
 * it may be an image (SVG).
 */
static bool
unread_is_plain(struct span body)
{
	const struct span head = unread_head(body);
	uint32_t controls = 0;

	for (size_t i = 0; i < head.len_bytes; i++) {
		const uint8_t c = head.ptr[i];

		controls |= c < 0x20 && c != '\t' && c != '\n' && c != '\r' &&
			    c != '\f' && c != 0x1b;
	}
	return controls == 0 && head.len_bytes > 0 && head.ptr[0] != '<';
}

/* A signature of S/MIME: what it may hold stands in it as it is, so that the
 * raw sweep sees it. */
static bool
unread_is_signature(struct span body)
{
	static const uint8_t signed_data[] = { 0x06, 0x09, 0x2A, 0x86,
					       0x48, 0x86, 0xF7, 0x0D,
					       0x01, 0x07, 0x02 };
	struct span head = { 0 };

	return span_cut(body, 0, 32, &head) && head.ptr[0] == 0x30 &&
	       memmem(head.ptr, head.len_bytes, signed_data,
		      sizeof(signed_data)) != NULL;
}

/*
 * All byte values about equally often: packed or encrypted by a program that
 * nobody here knows. The chance that two bytes are the same is 1/256 then, and
 * of few bytes chance makes some more; other data, even programs, have several
 * times that.
 */
static bool
unread_is_dense(struct span body)
{
	uint64_t counts[256] = { 0 };
	uint64_t pairs = 0;
	const struct span head = unread_head(body);
	const uint64_t n = head.len_bytes;
	const uint64_t chance = n * n / 512 + 1;
	const uint64_t most = chance + chance / 4;

	if (n < UNREAD_DENSE_LEAST_BYTES || unread_is_signature(body))
		return false;
	for (size_t i = 0; i < head.len_bytes; i++)
		pairs += counts[head.ptr[i]]++;
	return (pairs < most || (pairs - most) * (pairs - most) <
					UNREAD_DENSE_CHANCE * chance) &&
	       !text_is_plausible(body);
}

/* gzip's own mark is short: flags, effort and system must be what they are. */
static bool
unread_is_gzip_head(struct span body)
{
	enum { GZIP_SPARE_FLAGS = 0xE0, GZIP_LAST_SYSTEM = 13 };
	const uint8_t *head = body.ptr;

	return body.len_bytes > 10 && (head[3] & GZIP_SPARE_FLAGS) == 0 &&
	       (head[8] == 0 || head[8] == 2 || head[8] == 4) &&
	       (head[9] <= GZIP_LAST_SYSTEM || head[9] == 0xFF);
}

static bool
unread_differs_by_one(struct span body, const char *mark, size_t len)
{
	size_t others = 0;

	if (body.len_bytes < len)
		return false;
	for (size_t i = 0; i < len; i++)
		others += body.ptr[i] != (uint8_t)mark[i];
	return others == 1;
}

/*
 * The mark of a packed or locked format with one byte that is another one: in
 * a small file what follows is too little to look dense, and what is packed in
 * it can be had again with one keystroke.
 */
static bool
unread_is_nearly_known(struct span body)
{
	static const struct {
		const char *bytes;
		size_t len;
	} marks[] = {
		{ "7z\xBC\xAF\x27\x1C", 6 },
		{ "Rar!\x1A\x07", 6 },
		{ "MSCF\0\0\0\0", 8 },
		{ "\xFD\x37zXZ\0", 6 },
		{ "\x28\xB5\x2F\xFD", 4 },
		{ "\x04\x22\x4D\x18", 4 },
		{ "LZIP\x01", 5 },
		{ "PK\3\4", 4 },
		{ "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8 },
	};
	bool nearly = unread_differs_by_one(body, "\x1F\x8B\x08", 3) &&
		      unread_is_gzip_head(body);
	struct span behind = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(marks) && !nearly; i++)
		nearly = unread_differs_by_one(body, marks[i].bytes,
					       marks[i].len);
	if (!nearly && span_cut(body, 4, 6, &behind))
		nearly = unread_differs_by_one(behind, "1AY&SY", 6);
	return nearly && !text_is_plausible(body);
}

static const char *
unread_by_magic(struct span body)
{
	const char *type = NULL;

	if (unread_magic == NULL || body.len_bytes == 0 ||
	    unread_is_plain(body))
		return NULL;
	type = magic_buffer(unread_magic, body.ptr,
			    body.len_bytes < UNREAD_LOOK_BYTES
				    ? body.len_bytes
				    : UNREAD_LOOK_BYTES);
	if (type == NULL || unread_is_harmless(type))
		return NULL;
	/* What reads as text is read as text. */
	if (strncmp(type, "application/", 12) == 0 && text_is_plausible(body))
		return NULL;
	return unread_general_name(type);
}

const char *
reader_unread_format(struct span body)
{
	for (size_t i = 0; i < ARRAY_LEN(unread_marks); i++)
		if (unread_has(body, &unread_marks[i]) &&
		    !(strcmp(unread_marks[i].name, "program") == 0 &&
		      text_is_plausible(body)))
			return unread_marks[i].name;
	if (unread_is_bmp(body))
		return unread_name_BMP;
	const char *name = unread_by_magic(body);

	if (name == NULL &&
	    (unread_is_dense(body) || unread_is_nearly_known(body)))
		return unread_name_DENSE;
	return name;
}

enum status
reader_prepare(struct err *err)
{
	static const uint8_t sample[64] = { 1, 2, 3 };
	const int flags = MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS |
			  MAGIC_NO_CHECK_TAR | MAGIC_NO_CHECK_CDF |
			  MAGIC_NO_CHECK_ELF | MAGIC_NO_CHECK_JSON |
			  MAGIC_NO_CHECK_CSV | MAGIC_NO_CHECK_TEXT |
			  MAGIC_NO_CHECK_TOKENS;

	if (unread_magic != NULL)
		return ST_OK;
	/* libarchive gives no names beyond ASCII in the locale "C". */
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): before any other thread */
	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		return err_set(err, ST_IO, "readers: no locale C.UTF-8");
	unread_magic = magic_open(flags);
	if (unread_magic == NULL || magic_load(unread_magic, NULL) != 0) {
		const char *why =
			unread_magic != NULL ? magic_error(unread_magic) : NULL;

		return err_set(err, ST_IO, "readers: libmagic: %s",
			       why != NULL ? why : "cannot be opened");
	}
	/* The first call loads what later ones would have to. */
	(void)magic_buffer(unread_magic, sample, sizeof(sample));
	return ST_OK;
}
