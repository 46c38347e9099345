#include "scanners/text/charset.h"

#include <string.h>

#include "lib/base/parse.h"
#include "scanners/text/charset_writer.h"
#include "scanners/text/jis_table.h"

enum { CHARSET_NAME_MAX_BYTES = 40 };

struct charset_alias {
	const char *name; /* lower case, without - _ . : and space */
	enum charset charset;
};

static const struct charset_alias charset_aliases[] = {
	{ "usascii", CHARSET_ASCII },
	{ "ascii", CHARSET_ASCII },
	{ "ansix341968", CHARSET_ASCII },
	{ "iso646us", CHARSET_ASCII },
	{ "utf8", CHARSET_UTF8 },
	{ "unicode11utf8", CHARSET_UTF8 },
	{ "utf8mb4", CHARSET_UTF8 },
	{ "cesu8", CHARSET_UTF8 },
	{ "utf7", CHARSET_UTF7 },
	{ "unicode11utf7", CHARSET_UTF7 },
	{ "utf16", CHARSET_UTF16 },
	{ "unicode", CHARSET_UTF16 },
	{ "ucs2", CHARSET_UTF16 },
	{ "iso10646ucs2", CHARSET_UTF16 },
	{ "utf16le", CHARSET_UTF16LE },
	{ "utf16be", CHARSET_UTF16BE },
	{ "unicodefffe", CHARSET_UTF16BE },
	{ "utf32", CHARSET_UTF32BE },
	{ "utf32be", CHARSET_UTF32BE },
	{ "utf32le", CHARSET_UTF32LE },
	{ "iso2022jp", CHARSET_ISO2022JP },
	{ "iso2022jp1", CHARSET_ISO2022JP },
	{ "iso2022jp2", CHARSET_ISO2022JP },
	{ "iso2022jp3", CHARSET_ISO2022JP },
	{ "iso2022jp2004", CHARSET_ISO2022JP },
	{ "iso2022jpms", CHARSET_ISO2022JP },
	{ "iso2022kr", CHARSET_ISO2022JP },
	{ "iso2022cn", CHARSET_ISO2022JP },
	{ "csiso2022jp", CHARSET_ISO2022JP },
	{ "jis", CHARSET_ISO2022JP },
	{ "jis7", CHARSET_ISO2022JP },
	{ "cp50220", CHARSET_ISO2022JP },
	{ "cp50221", CHARSET_ISO2022JP },
	{ "cp50222", CHARSET_ISO2022JP },
	{ "shiftjis", CHARSET_CP932 },
	{ "xsjis", CHARSET_CP932 },
	{ "sjis", CHARSET_CP932 },
	{ "mskanji", CHARSET_CP932 },
	{ "csshiftjis", CHARSET_CP932 },
	{ "cswindows31j", CHARSET_CP932 },
	{ "windows31j", CHARSET_CP932 },
	{ "windows932", CHARSET_CP932 },
	{ "cp932", CHARSET_CP932 },
	{ "ms932", CHARSET_CP932 },
	{ "xmscp932", CHARSET_CP932 },
	{ "ibm943", CHARSET_CP932 },
	{ "eucjp", CHARSET_EUCJP },
	{ "xeucjp", CHARSET_EUCJP },
	{ "ujis", CHARSET_EUCJP },
	{ "eucjpms", CHARSET_EUCJP },
	{ "cp51932", CHARSET_EUCJP },
	{ "cseucpkdfmtjapanese", CHARSET_EUCJP },
	{ "gb2312", CHARSET_GB },
	{ "gbk", CHARSET_GB },
	{ "gb18030", CHARSET_GB },
	{ "cp936", CHARSET_GB },
	{ "euccn", CHARSET_GB },
	{ "euckr", CHARSET_GB },
	{ "ksc56011987", CHARSET_GB },
	{ "cp949", CHARSET_GB },
	{ "big5", CHARSET_BIG5 },
	{ "big5hkscs", CHARSET_BIG5 },
	{ "cp950", CHARSET_BIG5 },
	{ "latin1", CHARSET_LATIN1 },
	{ "koi8r", CHARSET_LATIN1 },
	{ "koi8u", CHARSET_LATIN1 },
	{ "tis620", CHARSET_LATIN1 },
	{ "macintosh", CHARSET_LATIN1 },
	{ "jisx0201", CHARSET_CP932 },
};

/* Sets of which many exist, all with ASCII digits. */
static const char *const charset_latin_prefixes[] = { "iso8859", "windows125",
						      "cp125", "cp437",
						      "cp85" };

static size_t
charset_fold_name(struct span name, char folded[CHARSET_NAME_MAX_BYTES])
{
	size_t used = 0;

	for (size_t i = 0; i < name.len_bytes; i++) {
		const uint8_t c = name.ptr[i];
		const bool upper = c >= 'A' && c <= 'Z';
		const bool lower = c >= 'a' && c <= 'z';
		const bool digit = c >= '0' && c <= '9';

		if (!upper && !lower && !digit)
			continue;
		if (used + 1 >= CHARSET_NAME_MAX_BYTES)
			return 0;
		folded[used++] = (char)(upper ? c + 0x20 : c);
	}
	folded[used] = '\0';
	return used;
}

enum charset
charset_find(struct span name)
{
	char folded[CHARSET_NAME_MAX_BYTES];

	if (charset_fold_name(name, folded) == 0)
		return CHARSET_NONE;
	for (size_t i = 0; i < ARRAY_LEN(charset_aliases); i++)
		if (strcmp(folded, charset_aliases[i].name) == 0)
			return charset_aliases[i].charset;
	for (size_t i = 0; i < ARRAY_LEN(charset_latin_prefixes); i++)
		if (strncmp(folded, charset_latin_prefixes[i],
			    strlen(charset_latin_prefixes[i])) == 0)
			return CHARSET_LATIN1;
	return CHARSET_NONE;
}

static bool
charset_is_common(uint32_t cp)
{
	const uint32_t at = cp - KANJI_COMMON_FIRST;

	return (kanji_common[at / 8] >> at % 8 & 1) != 0;
}

static void
charset_count(struct charset_stats *stats, uint32_t cp)
{
	if (cp >= 0x3000 && cp <= 0x30FF) {
		stats->kana++;
	} else if (cp >= 0x4E00 && cp <= 0x9FFF) {
		stats->kanji++;
		stats->common += charset_is_common(cp);
	} else if (cp >= 0xFF61 && cp <= 0xFF9F) {
		stats->half_kana++;
	} else if (cp >= 0xFF01 && cp <= 0xFF5E) {
		stats->wide++;
	} else if (cp < 0xA0) {
		stats->errors++; /* C1 controls: nobody writes them */
	} else if (cp != UTF8_REPLACEMENT) {
		stats->other++;
	}
}

/* What a decoder wrote: nothing in it needs to be checked. */
static void
charset_count_all(struct charset_stats *stats, struct span text)
{
	const uint8_t *bytes = text.ptr;
	size_t at = 0;

	while (at < text.len_bytes) {
		const uint8_t first = bytes[at];

		if (first < 0x80) {
			at++;
		} else if (first < 0xE0) {
			charset_count(stats, (first & 0x1FU) << 6 |
						     (bytes[at + 1] & 0x3FU));
			at += 2;
		} else if (first < 0xF0) {
			charset_count(stats, (first & 0x0FU) << 12 |
						     (bytes[at + 1] & 0x3FU)
							     << 6 |
						     (bytes[at + 2] & 0x3FU));
			at += 3;
		} else {
			stats->other++;
			at += 4;
		}
	}
}

void
charset_flush(struct charset_writer *writer)
{
	const struct span text = { writer->room,
				   (size_t)(writer->place - writer->room) };

	if (writer->counts)
		charset_count_all(&writer->stats, text);
	if (writer->out != NULL)
		sbuf_add_span(writer->out, text);
	writer->place = writer->room;
}

static bool
charset_has_mark(struct span bytes, uint8_t first, uint8_t second)
{
	return bytes.len_bytes >= 2 && bytes.ptr[0] == first &&
	       bytes.ptr[1] == second;
}

static void
charset_run(enum charset charset, struct charset_writer *writer,
	    struct span bytes)
{
	switch (charset) {
	case CHARSET_UTF7:
		charset_decode_utf7(writer, bytes);
		return;
	case CHARSET_UTF16:
		charset_decode_utf16(writer, bytes,
				     !charset_has_mark(bytes, 0xFF, 0xFE));
		return;
	case CHARSET_UTF16LE:
	case CHARSET_UTF16BE:
		charset_decode_utf16(writer, bytes, charset == CHARSET_UTF16BE);
		return;
	case CHARSET_UTF32LE:
	case CHARSET_UTF32BE:
		charset_decode_utf32(writer, bytes, charset == CHARSET_UTF32BE);
		return;
	case CHARSET_ISO2022JP:
	case CHARSET_ISO2022JP_KEEP:
	case CHARSET_ISO2022JP_LOST:
		charset_decode_iso2022jp(writer, bytes, charset);
		return;
	case CHARSET_CP932:
		charset_decode_cp932(writer, bytes);
		return;
	case CHARSET_EUCJP:
		charset_decode_eucjp(writer, bytes);
		return;
	case CHARSET_GB:
		charset_decode_gb(writer, bytes);
		return;
	case CHARSET_BIG5:
		charset_decode_big5(writer, bytes);
		return;
	case CHARSET_LATIN1:
		charset_decode_latin1(writer, bytes);
		return;
	case CHARSET_NONE:
	case CHARSET_ASCII:
	case CHARSET_UTF8:
	case CHARSET_END:
	default:
		charset_decode_utf8(writer, bytes);
		return;
	}
}

/* UTF-8 and ASCII come with a mark at times, which is no text. */
struct span
charset_skip_mark(enum charset charset, struct span bytes)
{
	struct span rest = bytes;

	if (charset <= CHARSET_UTF8 && bytes.len_bytes >= 3 &&
	    bytes.ptr[0] == 0xEF && bytes.ptr[1] == 0xBB &&
	    bytes.ptr[2] == 0xBF)
		(void)span_cut(bytes, 3, bytes.len_bytes - 3, &rest);
	return rest;
}

/* Decode to out (or nowhere); the room is wiped, for it held the text. */
static void
charset_pass(enum charset charset, struct span bytes, struct sbuf *out,
	     enum charset_look look, struct charset_stats *stats_out)
{
	UNSET struct charset_writer writer;

	writer.place = writer.room;
	writer.out = out;
	writer.counts = look == CHARSET_LOOK_KINDS;
	writer.stats = (struct charset_stats){ 0 };
	charset_run(charset, &writer, charset_skip_mark(charset, bytes));
	explicit_bzero(writer.room, bytes.len_bytes < CHARSET_BLOCK_BYTES
					    ? bytes.len_bytes * CHARSET_GROWTH +
						      CHARSET_SLACK_BYTES
					    : sizeof(writer.room));
	if (stats_out != NULL)
		*stats_out = writer.stats;
}

bool
charset_is_plain(enum charset charset, struct span bytes, struct span *text_out)
{
	if (charset > CHARSET_UTF8 || !parse_is_utf8(bytes))
		return false;
	*text_out = charset_skip_mark(charset, bytes);
	return true;
}

void
charset_decode(enum charset charset, struct span bytes, struct sbuf *out)
{
	struct span text = { 0 };

	/* Most text is UTF-8 as it should be. */
	if (charset_is_plain(charset, bytes, &text)) {
		sbuf_add_span(out, text);
		return;
	}
	sbuf_expect(out, bytes.len_bytes / 2 * CHARSET_GROWTH);
	charset_pass(charset, bytes, out, CHARSET_LOOK_NONE, NULL);
}

void
charset_look_at(enum charset charset, struct span bytes, enum charset_look look,
		struct charset_stats *stats_out)
{
	charset_pass(charset, bytes, NULL, look, stats_out);
}

void
charset_decode_stats(enum charset charset, struct span bytes, struct sbuf *out,
		     struct charset_stats *stats_out)
{
	sbuf_expect(out, bytes.len_bytes / 2 * CHARSET_GROWTH);
	charset_pass(charset, bytes, out, CHARSET_LOOK_ERRORS, stats_out);
}
