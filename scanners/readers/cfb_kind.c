#include "scanners/readers/cfb_kind.h"

#include <string.h>

#include "lib/base/parse.h"

struct cfb_mark {
	const char *stream; /* or storage, below the root */
	const char *kind;
};

/* In this order: a mail holds streams of what is attached deeper only. */
static const struct cfb_mark cfb_marks[] = {
	{ "WordDocument", "doc" },
	{ "Workbook", "xls" },
	{ "Book", "xls" },
	{ "PowerPoint Document", "ppt" },
	{ "PP40", "ppt" },
	{ "__properties_version1.0", "msg" },
	{ "__nameid_version1.0", "msg" },
	{ "JSCompDocument", "jtd" },
	{ "DocumentText", "jtd" },
	{ "JSRV_SegmentInformation", "jtd" },
	{ "HwpSummaryInformation", "hwp" },
	{ "_HwpSummaryInformation", "hwp" },
	{ "Quill", "pub" },
	{ "VisioDocument", "vsd" },
	{ "StarWriterDocument", "staroffice" },
	{ "StarCalcDocument", "staroffice" },
	{ "StarDrawDocument3", "staroffice" },
	{ "PerfectOffice_MAIN", "wordperfect" },
	{ "MatOST", "works" },
};

/* The first bytes of classes as they stand in a file. */
struct cfb_class_mark {
	const char *class;
	const char *kind;
};

static const struct cfb_class_mark cfb_classes[] = {
	{ "\x84\x10\x0C\x00\x00\x00\x00\x00\xC0\x00\x00\x00\x00\x00\x00\x46",
	  "msi" },
	{ "\x86\x10\x0C\x00\x00\x00\x00\x00\xC0\x00\x00\x00\x00\x00\x00\x46",
	  "msi" },
	{ "\x06\x09\x02\x00\x00\x00\x00\x00\xC0\x00\x00\x00\x00\x00\x00\x46",
	  "doc" },
	{ "\x10\x08\x02\x00\x00\x00\x00\x00\xC0\x00\x00\x00\x00\x00\x00\x46",
	  "xls" },
	{ "\x20\x08\x02\x00\x00\x00\x00\x00\xC0\x00\x00\x00\x00\x00\x00\x46",
	  "xls" },
	{ "\x10\x8D\x81\x64\x9B\x4F\xCF\x11\x86\xEA\x00\xAA\x00\xB9\x29\xE8",
	  "ppt" },
	{ "\x0B\x0D\x02\x00\x00\x00\x00\x00\xC0\x00\x00\x00\x00\x00\x00\x46",
	  "msg" },
};

static const char *
cfb_kind_of_class(const struct cfb *cfb)
{
	enum { CFB_CLASS_BYTES = 16 };
	const struct span class = cfb_class(cfb, 0);

	for (size_t i = 0; i < ARRAY_LEN(cfb_classes); i++)
		if (class.len_bytes == CFB_CLASS_BYTES &&
		    memcmp(class.ptr, cfb_classes[i].class, CFB_CLASS_BYTES) ==
			    0)
			return cfb_classes[i].kind;
	return NULL;
}

const char *
cfb_kind(const struct cfb *cfb)
{
	size_t best = ARRAY_LEN(cfb_marks);

	for (size_t i = 1; i < cfb->entry_count; i++) {
		if (cfb->entries[i].parent != 0 ||
		    cfb->entries[i].type == CFB_TYPE_NONE)
			continue;
		for (size_t mark = 0; mark < best; mark++)
			if (cfb_is_named(cfb, i, cfb_marks[mark].stream))
				best = mark;
	}
	return best < ARRAY_LEN(cfb_marks) ? cfb_marks[best].kind
					   : cfb_kind_of_class(cfb);
}

const char *
cfb_lock(struct span info)
{
	uint32_t major = 0;
	uint32_t minor = 0;

	(void)span_read_le(info, 0, 2, &major);
	(void)span_read_le(info, 2, 2, &minor);
	if (major == 4 && minor == 4)
		return "ooxml: agile";
	if (major >= 2 && major <= 4 && minor == 2)
		return "ooxml: standard";
	if ((major == 3 || major == 4) && minor == 3)
		return "ooxml: extensible";
	return "ooxml: unknown version";
}

/* A workbook: a record FILEPASS among the first. */
static bool
cfb_has_filepass(struct span stream)
{
	enum { CFB_FILEPASS = 0x2F, CFB_BOF = 0x0809, CFB_MAX_RECORDS = 8 };
	uint32_t id = 0;
	uint32_t len = 0;
	size_t at = 0;

	for (size_t i = 0; i < CFB_MAX_RECORDS; i++) {
		if (!span_read_le(stream, at, 2, &id) ||
		    !span_read_le(stream, at + 2, 2, &len) ||
		    (i == 0 && (id & 0xFF) != (CFB_BOF & 0xFF)))
			return false;
		if (id == CFB_FILEPASS)
			return true;
		at += 4 + (size_t)len;
	}
	return false;
}

const char *
cfb_old_lock(const struct cfb *cfb, size_t index, struct span stream)
{
	enum {
		CFB_DOC_FLAGS_AT = 10,
		CFB_DOC_ENCRYPTED = 0x0100,
		CFB_PPT_TOKEN_AT = 12
	};
	uint32_t value = 0;

	if (cfb_is_named(cfb, index, "WordDocument"))
		return span_read_le(stream, CFB_DOC_FLAGS_AT, 2, &value) &&
				       (value & CFB_DOC_ENCRYPTED) != 0
			       ? "doc: encrypted"
			       : NULL;
	if (cfb_is_named(cfb, index, "Workbook") ||
	    cfb_is_named(cfb, index, "Book"))
		return cfb_has_filepass(stream) ? "xls: encrypted" : NULL;
	if (cfb_is_named(cfb, index, "Current User"))
		return span_read_le(stream, CFB_PPT_TOKEN_AT, 4, &value) &&
				       value == UINT32_C(0xF3D1C4DF)
			       ? "ppt: encrypted"
			       : NULL;
	return NULL;
}
