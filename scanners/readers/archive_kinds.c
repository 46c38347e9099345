#include "scanners/readers/archive_kinds.h"

#include <archive.h>
#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/parse.h"

enum {
	/* A program of this length stands before the archive at most. */
	ARCHIVE_STUB_BYTES = 2 * 1024 * 1024,
	TAR_HEADER_BYTES = 512,
	TAR_SUM_AT = 148,
	TAR_SUM_BYTES = 8,
	LZH_HEADER_BYTES = 21,
	AR_MARK_BYTES = 8,
	AR_HEADER_BYTES = 60,
	AR_SIZE_AT = 48,
	AR_SIZE_BYTES = 10,
	RAR_TAIL_BYTES = 64,
	RAR_END_BYTES = 7,
	RAR_END_TYPE = 0x7B
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
	ARCHIVE_LZIP,
	ARCHIVE_LZMA,
	ARCHIVE_TAR,
	ARCHIVE_LZH
};

/*
 * Volumes and archives of RAR 3 and 4 end in a block of type 0x7B; without
 * looking for it one that was cut off between two files is read as whole.
 */
static bool
archive_rar_is_whole(struct span archive)
{
	const size_t from = archive.len_bytes > RAR_TAIL_BYTES
				    ? archive.len_bytes - RAR_TAIL_BYTES
				    : 0;

	for (size_t at = from; at + RAR_END_BYTES <= archive.len_bytes; at++) {
		uint32_t size_bytes = 0;

		if (archive.ptr[at + 2] == RAR_END_TYPE &&
		    span_read_le(archive, at + 5, 2, &size_bytes) &&
		    size_bytes >= RAR_END_BYTES &&
		    size_bytes <= archive.len_bytes - at)
			return true;
	}
	return false;
}

/* The end block of RAR 5: three bytes of header, the first its type. */
static bool
archive_rar5_is_whole(struct span archive)
{
	size_t tail_bytes = archive.len_bytes;

	if (tail_bytes > RAR_TAIL_BYTES)
		tail_bytes = RAR_TAIL_BYTES;
	return tail_bytes > 0 &&
	       memmem(archive.ptr + archive.len_bytes - tail_bytes, tail_bytes,
		      "\3\5", 2) != NULL;
}

/* A header of length 0 is the end. */
static bool
archive_lzh_is_whole(struct span archive)
{
	return archive.len_bytes > 0 && archive.ptr[archive.len_bytes - 1] == 0;
}

/* Members follow each other up to the last byte (ar(5)): there is no mark, but
 * a header that was cut off is read as the end. */
static bool
archive_ar_is_whole(struct span archive)
{
	struct span field = { 0 };
	size_t at = AR_MARK_BYTES;

	while (at < archive.len_bytes) {
		uint64_t size_bytes = 0;

		if (!span_cut(archive, at + AR_SIZE_AT, AR_SIZE_BYTES, &field))
			return false;
		while (field.len_bytes > 0 &&
		       field.ptr[field.len_bytes - 1] == ' ')
			field.len_bytes--;
		if (!parse_u64(field, archive.len_bytes, &size_bytes))
			return false;
		at += AR_HEADER_BYTES + (size_t)size_bytes;
		if (at > archive.len_bytes)
			return false;
		at += size_bytes % 2;
	}
	return true;
}

static const struct archive_kind archive_kinds[] = {
	[ARCHIVE_7Z] = { "7z", archive_read_support_format_7zip, NULL, NULL,
			 false },
	[ARCHIVE_RAR] = { "rar", archive_read_support_format_rar, NULL,
			  archive_rar_is_whole, false },
	[ARCHIVE_RAR5] = { "rar", archive_read_support_format_rar5, NULL,
			   archive_rar5_is_whole, false },
	[ARCHIVE_CAB] = { "cab", archive_read_support_format_cab, NULL, NULL,
			  false },
	[ARCHIVE_ISO] = { "iso", archive_read_support_format_iso9660, NULL,
			  NULL, false },
	[ARCHIVE_AR] = { "ar", archive_read_support_format_ar, NULL,
			 archive_ar_is_whole, false },
	[ARCHIVE_CPIO] = { "cpio", archive_read_support_format_cpio, NULL, NULL,
			   false },
	[ARCHIVE_GZIP] = { "gzip", archive_read_support_format_raw,
			   archive_read_support_filter_gzip, NULL, true },
	[ARCHIVE_BZIP2] = { "bzip2", archive_read_support_format_raw,
			    archive_read_support_filter_bzip2, NULL, true },
	[ARCHIVE_XZ] = { "xz", archive_read_support_format_raw,
			 archive_read_support_filter_xz, NULL, true },
	[ARCHIVE_ZSTD] = { "zstd", archive_read_support_format_raw,
			   archive_read_support_filter_zstd, NULL, true },
	[ARCHIVE_LZIP] = { "lzip", archive_read_support_format_raw,
			   archive_read_support_filter_lzip, NULL, true },
	[ARCHIVE_LZMA] = { "lzma", archive_read_support_format_raw,
			   archive_read_support_filter_lzma, NULL, true },
	[ARCHIVE_TAR] = { "tar", archive_read_support_format_tar, NULL, NULL,
			  false },
	[ARCHIVE_LZH] = { "lzh", archive_read_support_format_lha, NULL,
			  archive_lzh_is_whole, false },
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
	SIGNATURE(ARCHIVE_LZIP, 0, "LZIP\x01", false),
	SIGNATURE(ARCHIVE_LZMA, 0, "]\0\0", false),
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
archive_is_tar(struct span body)
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

/* Where the signature stands behind a program, 0 when it does not. */
static size_t
archive_behind_program(struct span body,
		       const struct archive_signature *signature)
{
	const size_t look_bytes = body.len_bytes < ARCHIVE_STUB_BYTES
					  ? body.len_bytes
					  : ARCHIVE_STUB_BYTES;
	const uint8_t *found = NULL;

	if (!signature->anywhere || body.len_bytes < 2 || body.ptr[0] != 'M' ||
	    body.ptr[1] != 'Z')
		return 0;
	found = memmem(body.ptr, look_bytes, signature->bytes,
		       signature->len_bytes);
	return found != NULL ? (size_t)(found - body.ptr) : 0;
}

const struct archive_kind *
archive_kind_of(struct span body, size_t *at_out)
{
	*at_out = 0;
	for (size_t i = 0; i < ARRAY_LEN(archive_signatures); i++)
		if (archive_has(body, &archive_signatures[i]))
			return &archive_kinds[archive_signatures[i].mark];
	if (archive_is_lzh(body))
		return &archive_kinds[ARCHIVE_LZH];
	if (archive_is_tar(body))
		return &archive_kinds[ARCHIVE_TAR];
	for (size_t i = 0; i < ARRAY_LEN(archive_signatures); i++) {
		*at_out = archive_behind_program(body, &archive_signatures[i]);
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
