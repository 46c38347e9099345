/*
 * reader.h - what one file format must provide to be scanned.
 *
 * Layer:    scanners/readers; includes only lib/ and scanners/text
 * To add a format: write reader_<name>.c, add READER(<name>) to readers.def
 * and a row to lib/report/formats.def, put samples under tests/data/<name>/.
 * tests/checks/registry.sh and tests/scanners/test_formats find gaps.
 */
#ifndef SCANNERS_READERS_READER_H
#define SCANNERS_READERS_READER_H

#include "scanners/readers/sink.h"

/* How sure a reader is. Every reader over SNIFF_NO reads (polyglots); text
 * runs beside others only when nothing is SNIFF_CERTAIN. */
enum sniff {
	SNIFF_NO = 0,
	SNIFF_MAYBE = 20, /* plausible by content or declared type */
	SNIFF_LIKELY = 60,
	SNIFF_CERTAIN = 100 /* its signature, where it must be */
};

struct reader {
	const char *name; /* as report_part.type */
	bool foreign;     /* runs a foreign parser (libarchive, expat) */
	/*
	 * Sees the whole body: some formats are known by their end (zip) or
	 * far inside. Cheap (a few KB looked at), no allocation.
	 */
	enum sniff (*sniff)(struct span body, const struct child *hint);
	/*
	 * Give everything in body to sink. ST_FORMAT means damaged: the
	 * engine reports it and sweeps the raw bytes as well.
	 */
	enum status (*read)(struct sink *sink, struct span body,
			    const struct child *hint, struct err *err);
	/* The name of what body is, where one reader reads several
	 * formats; NULL: name. */
	const char *(*type)(struct span body);
	/* The names that type() gives, one after another, from 0; NULL behind
	 * the last. Each has a row in lib/report/formats.def. */
	const char *(*type_at)(size_t index);
};

#define READER(name) extern const struct reader reader_##name;
#include "scanners/readers/readers.def"
#undef READER

/*
 * Step through the readers that claim body. Start with *index == 0; NULL when
 * there are no more. *sniff_out says how sure the one returned is.
 */
const struct reader *reader_next(struct span body, const struct child *hint,
				 size_t *index, enum sniff *sniff_out);

/*
 * Name of a container or document format that body is and that no reader of
 * ours reads ("7z", "pdf", "doc", …), by own signatures and libmagic; NULL
 * when it is none. An image is "image/png" and so on; data that is packed or
 * encrypted in no known way is named as that. Such a part is opaque (after a
 * raw sweep).
 */
const char *reader_unread_format(struct span body);

/* Load libmagic's table and warm up what later needs files. Before the
 * sandbox. Returns: ST_OK, ST_IO */
MUST_CHECK enum status reader_prepare(struct err *err);

#endif
