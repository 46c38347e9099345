#include "scanners/readers/archive_kinds.h"

#include <archive.h>
#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/find.h"
#include "lib/base/parse.h"
#include "scanners/readers/archive_ends.h"
#include "scanners/readers/rar_walk.h"

enum {
	/* A program of this length stands before the archive at most. */
	ARCHIVE_STUB_BYTES = 4 * 1024 * 1024,
	TAR_HEADER_BYTES = 512,
	TAR_SUM_AT = 148,
	TAR_SUM_BYTES = 8,
	LZH_HEADER_BYTES = 21
};

enum archive_mark {
	ARCHIVE_7Z = 0,
	ARCHIVE_RAR,
	ARCHIVE_RAR5,
	ARCHIVE_CAB,
	ARCHIVE_ISO,
	ARCHIVE_AR,
	ARCHIVE_CPIO,
	ARCHIVE_GZIP,
	ARCHIVE_BZIP2,
	ARCHIVE_XZ,
	ARCHIVE_ZSTD,
	ARCHIVE_LZ4,
	ARCHIVE_LZIP,
	ARCHIVE_LZMA,
	ARCHIVE_COMPRESS,
	ARCHIVE_TAR,
	ARCHIVE_LZH
};

static const struct archive_kind archive_kinds[] = {
	[ARCHIVE_7Z] = { "7z", archive_read_support_format_7zip,
			 ARCHIVE_FILTER_NONE, archive_end_of_7z, false },
	[ARCHIVE_RAR] = { "rar", archive_read_support_format_rar,
			  ARCHIVE_FILTER_NONE, archive_end_of_rar, false },
	[ARCHIVE_RAR5] = { "rar", archive_read_support_format_rar5,
			   ARCHIVE_FILTER_NONE, archive_end_of_rar, false },
	[ARCHIVE_CAB] = { "cab", archive_read_support_format_cab,
			  ARCHIVE_FILTER_NONE, archive_end_of_cab, false },
	[ARCHIVE_ISO] = { "iso", archive_read_support_format_iso9660,
			  ARCHIVE_FILTER_NONE, archive_end_of_iso, false },
	[ARCHIVE_AR] = { "ar", archive_read_support_format_ar,
			 ARCHIVE_FILTER_NONE, archive_end_of_ar, false },
	[ARCHIVE_CPIO] = { "cpio", archive_read_support_format_cpio,
			   ARCHIVE_FILTER_NONE, archive_end_of_cpio, false },
	[ARCHIVE_GZIP] = { "gzip", archive_read_support_format_raw,
			   ARCHIVE_FILTER_GZIP, NULL, true },
	[ARCHIVE_BZIP2] = { "bzip2", archive_read_support_format_raw,
			    ARCHIVE_FILTER_BZIP2, NULL, true },
	[ARCHIVE_XZ] = { "xz", archive_read_support_format_raw,
			 ARCHIVE_FILTER_XZ, NULL, true },
	[ARCHIVE_ZSTD] = { "zstd", archive_read_support_format_raw,
			   ARCHIVE_FILTER_ZSTD, NULL, true },
	[ARCHIVE_LZ4] = { "lz4", archive_read_support_format_raw,
			  ARCHIVE_FILTER_LZ4, NULL, true },
	[ARCHIVE_LZIP] = { "lzip", archive_read_support_format_raw,
			   ARCHIVE_FILTER_LZIP, NULL, true },
	[ARCHIVE_LZMA] = { "lzma", archive_read_support_format_raw,
			   ARCHIVE_FILTER_LZMA, NULL, true },
	[ARCHIVE_COMPRESS] = { "compress", archive_read_support_format_raw,
			       ARCHIVE_FILTER_COMPRESS, NULL, true },
	[ARCHIVE_TAR] = { "tar", archive_read_support_format_tar,
			  ARCHIVE_FILTER_NONE, NULL, false },
	[ARCHIVE_LZH] = { "lzh", archive_read_support_format_lha,
			  ARCHIVE_FILTER_NONE, archive_end_of_lzh, false },
};

struct archive_signature {
	enum archive_mark mark;
	size_t at;
	const char *bytes;
	size_t len_bytes;
	bool anywhere; /* also behind a program */
};

#define SIGNATURE(mark, at, text, anywhere)                \
	{                                                  \
		mark, at, text, sizeof(text) - 1, anywhere \
	}

static const struct archive_signature archive_signatures[] = {
	SIGNATURE(ARCHIVE_7Z, 0, "7z\xBC\xAF\x27\x1C", true),
	SIGNATURE(ARCHIVE_RAR5, 0, "Rar!\x1A\x07\x01\x00", true),
	SIGNATURE(ARCHIVE_RAR, 0, "Rar!\x1A\x07\x00", true),
	SIGNATURE(ARCHIVE_CAB, 0, "MSCF\0\0\0\0", true),
	SIGNATURE(ARCHIVE_ISO, 32769, "CD001", false),
	SIGNATURE(ARCHIVE_AR, 0, "!<arch>\n", false),
	SIGNATURE(ARCHIVE_CPIO, 0, "070701", false),
	SIGNATURE(ARCHIVE_CPIO, 0, "070702", false),
	SIGNATURE(ARCHIVE_CPIO, 0, "070707", false),
	SIGNATURE(ARCHIVE_GZIP, 0, "\x1F\x8B\x08", false),
	SIGNATURE(ARCHIVE_BZIP2, 4, "1AY&SY", false),
	SIGNATURE(ARCHIVE_BZIP2, 4, "\x17rE8P\x90", false),
	SIGNATURE(ARCHIVE_XZ, 0, "\xFD\x37zXZ\0", false),
	SIGNATURE(ARCHIVE_ZSTD, 0, "\x28\xB5\x2F\xFD", false),
	SIGNATURE(ARCHIVE_LZ4, 0, "\x04\x22\x4D\x18", false),
	SIGNATURE(ARCHIVE_LZIP, 0, "LZIP\x01", false),
};

static bool
archive_has(struct span body, const struct archive_signature *signature)
{
	struct span part = { 0 };

	return span_cut(body, signature->at, signature->len_bytes, &part) &&
	       part.ptr != NULL &&
	       memcmp(part.ptr, signature->bytes, signature->len_bytes) == 0;
}

/*
 * A tar header is known by its checksum (POSIX 1003.1 pax, "ustar
 * Interchange Format"): old ones have no signature.
 */
static bool
archive_looks_like_tar(struct span body)
{
	unsigned sum = 0;
	unsigned stored = 0;
	bool digits = false;

	if (body.len_bytes < TAR_HEADER_BYTES || body.ptr[0] == 0)
		return false;
	for (size_t i = 0; i < TAR_HEADER_BYTES; i++) {
		const uint8_t c = body.ptr[i];
		const bool in_sum =
			i >= TAR_SUM_AT && i < TAR_SUM_AT + TAR_SUM_BYTES;

		sum += in_sum ? (unsigned)' ' : c;
		if (in_sum && c >= '0' && c <= '7') {
			stored = stored * 8 + (unsigned)(c - '0');
			digits = true;
		}
	}
	return digits && sum == stored;
}

/* "-lh5-" and its kind, behind two bytes of a header. */
static bool
archive_is_lzh(struct span body)
{
	return body.len_bytes > LZH_HEADER_BYTES && body.ptr[2] == '-' &&
	       body.ptr[3] == 'l' &&
	       (body.ptr[4] == 'h' || body.ptr[4] == 'z') && body.ptr[6] == '-';
}

/* The old binary form has two bytes as its mark, and is one when the first
 * member has a name that ends. */
static bool
archive_is_old_cpio(struct span body)
{
	enum { CPIO_HEADER_BYTES = 26, CPIO_NAME_AT = 20 };
	uint32_t len = 0;
	struct span name = { 0 };

	if (body.len_bytes < CPIO_HEADER_BYTES ||
	    !((body.ptr[0] == 0xC7 && body.ptr[1] == 0x71) ||
	      (body.ptr[0] == 0x71 && body.ptr[1] == 0xC7)))
		return false;
	len = body.ptr[0] == 0xC7
		      ? body.ptr[CPIO_NAME_AT] |
				(uint32_t)body.ptr[CPIO_NAME_AT + 1] << 8
		      : (uint32_t)body.ptr[CPIO_NAME_AT] << 8 |
				body.ptr[CPIO_NAME_AT + 1];
	return len > 1 && span_cut(body, CPIO_HEADER_BYTES, len, &name) &&
	       memchr(name.ptr, 0, len) == name.ptr + len - 1;
}

/* A file of compress: how long its codes may get, 9 to 16 bits. */
static bool
archive_is_compress(struct span body)
{
	enum { COMPRESS_SPARE_BITS = 0x60, COMPRESS_LENGTH_BITS = 0x1F };

	return body.len_bytes > 3 && body.ptr[0] == 0x1F &&
	       body.ptr[1] == 0x9D &&
	       (body.ptr[2] & COMPRESS_SPARE_BITS) == 0 &&
	       (body.ptr[2] & COMPRESS_LENGTH_BITS) >= 9 &&
	       (body.ptr[2] & COMPRESS_LENGTH_BITS) <= 16;
}

/*
 * lzma has no signature: settings, a size of the dictionary that is a power
 * of two or one and a half, a length that is not known or plausible, and the
 * first byte of the coder, which is 0.
 */
static bool
archive_is_lzma(struct span body)
{
	enum {
		LZMA_HEAD_BYTES = 13,
		LZMA_MAX_SETTINGS = 225,
		LZMA_USUAL_SETTINGS = 0x5D
	};
	uint32_t dictionary = 0;
	uint32_t low = 0;
	uint32_t high = 0;

	if (body.len_bytes <= LZMA_HEAD_BYTES ||
	    body.ptr[0] >= LZMA_MAX_SETTINGS ||
	    body.ptr[LZMA_HEAD_BYTES] != 0 ||
	    !span_read_le(body, 1, 4, &dictionary) ||
	    !span_read_le(body, 5, 4, &low) || !span_read_le(body, 9, 4, &high))
		return false;
	while (dictionary > 3 && dictionary % 2 == 0)
		dictionary /= 2;
	if (dictionary != 3 && dictionary != 1 && dictionary != 2 &&
	    dictionary != UINT32_MAX)
		return false;
	if (high == UINT32_MAX && low == UINT32_MAX)
		return true;
	return high == 0 && low > 0 && body.ptr[0] == LZMA_USUAL_SETTINGS;
}

bool
archive_is_program(struct span body)
{
	return body.len_bytes > 4 && (memcmp(body.ptr, "MZ", 2) == 0 ||
				      memcmp(body.ptr,
					     "\x7F"
					     "ELF",
					     4) == 0 ||
				      memcmp(body.ptr, "#!", 2) == 0);
}

/* Pictures and documents behind which an archive can stand, so that it looks
 * like one of these and still opens. */
static bool
archive_is_host(struct span body)
{
	static const struct {
		const char *bytes;
		size_t len_bytes;
	} hosts[] = {
		{ "\xFF\xD8\xFF", 3 }, { "\x89PNG", 4 }, { "GIF8", 4 },
		{ "BM", 2 },           { "RIFF", 4 },    { "%PDF", 4 },
		{ "II*\0", 4 },        { "MM\0*", 4 },
	};

	for (size_t i = 0; i < ARRAY_LEN(hosts); i++)
		if (body.len_bytes > hosts[i].len_bytes &&
		    memcmp(body.ptr, hosts[i].bytes, hosts[i].len_bytes) == 0)
			return true;
	return false;
}

/* More than the signature is right: programs have it among their data. */
static bool
archive_seems(enum archive_mark mark, struct span archive)
{
	enum { CAB_VERSION_AT = 24, SEVEN_VERSION_AT = 6 };
	struct rar_block block = { .type = RAR_NONE };
	uint32_t number = 0;

	if (mark == ARCHIVE_CAB)
		return span_read_le(archive, CAB_VERSION_AT, 2, &number) &&
		       number == 0x0103;
	if (mark == ARCHIVE_7Z)
		return span_read_le(archive, SEVEN_VERSION_AT, 1, &number) &&
		       number == 0 && archive_end_of_7z(archive) > 0;
	return rar_first_block(archive, &block) &&
	       (block.type == RAR_MAIN || block.type == RAR_LOCKED);
}

/* Where an archive of this kind starts behind a program or another file, 0
 * when there is none. */
static size_t
archive_find_behind(struct span body, const struct archive_signature *signature)
{
	const size_t look_bytes =
		archive_is_program(body) && body.len_bytes > ARCHIVE_STUB_BYTES
			? ARCHIVE_STUB_BYTES
			: body.len_bytes;
	size_t at = 1;

	while (at < look_bytes) {
		const struct span looked = { body.ptr, look_bytes };
		struct span rest = { 0 };

		at = find_next(looked, at, signature->bytes,
			       signature->len_bytes);
		if (at == look_bytes)
			return 0;
		if (span_cut(body, at, body.len_bytes - at, &rest) &&
		    archive_seems(signature->mark, rest))
			return at;
		at++;
	}
	return 0;
}

const struct archive_kind *
archive_kind_of(struct span body, size_t *at_out)
{
	*at_out = 0;
	for (size_t i = 0; i < ARRAY_LEN(archive_signatures); i++)
		if (archive_has(body, &archive_signatures[i]))
			return &archive_kinds[archive_signatures[i].mark];
	if (archive_is_old_cpio(body))
		return &archive_kinds[ARCHIVE_CPIO];
	if (archive_is_compress(body))
		return &archive_kinds[ARCHIVE_COMPRESS];
	if (archive_is_lzma(body))
		return &archive_kinds[ARCHIVE_LZMA];
	if (archive_is_lzh(body))
		return &archive_kinds[ARCHIVE_LZH];
	if (archive_looks_like_tar(body))
		return &archive_kinds[ARCHIVE_TAR];
	if (!archive_is_program(body) && !archive_is_host(body))
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(archive_signatures); i++) {
		if (!archive_signatures[i].anywhere)
			continue;
		*at_out = archive_find_behind(body, &archive_signatures[i]);
		if (*at_out > 0)
			return &archive_kinds[archive_signatures[i].mark];
	}
	return NULL;
}

const struct archive_kind *
archive_kind_at(size_t index)
{
	return index < ARRAY_LEN(archive_kinds) ? &archive_kinds[index] : NULL;
}
