#include "tests/scanners/office_places.h"

#include <stdlib.h>
#include <string.h>

#include "tests/harness/check.h"
#include "tests/scanners/sample.h"

static const struct child attached = {
	.name = "", .content_type = "", .charset = "", .attachment = true
};

void
office_has(const struct sink *sink, const char *part)
{
	if (!recording_sink_has(sink, part))
		fail_msg("not in the record: %s\n---\n%s", part,
			 sbuf_text(&sink->record));
}

/* Packages in a package are children: read like the engine would, one level
 * deep, into the same record. */
static void
office_read_children(struct sink *sink)
{
	const size_t children = sink->children;

	for (size_t i = 0; i < children; i++) {
		const struct span bytes = recording_sink_child(sink, i);
		struct sink inner;
		struct err err = { 0 };

		if (reader_ooxml.sniff(bytes, &attached) == SNIFF_NO)
			continue;
		recording_sink_init(&inner);
		check_status(ST_OK,
			     recording_sink_read(&inner, &reader_ooxml, bytes,
						 &attached, &err),
			     &err);
		sbuf_add_span(&sink->record, sbuf_span(&inner.record));
		recording_sink_done(&inner);
	}
}

void
office_read(struct sink *sink, const char *path)
{
	struct sbuf file;
	struct err err = { 0 };

	sbuf_init(&file, SIZE_MAX / 2);
	sample_read(path, &file);
	assert_int_equal(reader_ooxml.sniff(sbuf_span(&file), &attached),
			 SNIFF_CERTAIN);
	assert_int_equal(reader_zip.sniff(sbuf_span(&file), &attached),
			 SNIFF_NO);
	recording_sink_init(sink);
	check_status(ST_OK,
		     recording_sink_read(sink, &reader_ooxml, sbuf_span(&file),
					 &attached, &err),
		     &err);
	sbuf_done(&file);
	office_read_children(sink);
}

/* "file\tplace\tnumber" of one line. */
struct place_row {
	char file[64];
	char place[64];
	char number[16];
};

static bool
place_next(const char **at, struct place_row *row)
{
	const char *end = strchr(*at, '\n');

	if (end == NULL)
		return false;
	/* NOLINTNEXTLINE(cert-err34-c): a file of ours */
	assert_int_equal(sscanf(*at, "%63[^\t]\t%63[^\t]\t%15[0-9]", row->file,
				row->place, row->number),
			 3);
	*at = end + 1;
	return true;
}

static bool
place_is_exempt(const char *file, const char *except)
{
	return except != NULL && strstr(file, except) != NULL;
}

/* The digits that stand alone in cells, one after another. */
static void
place_collect_digits(const struct sink *sink, struct sbuf *digits)
{
	const char *at = sbuf_text(&sink->record);
	const char *last = at + sink->record.len_bytes;
	const char *end = NULL;

	/* There are gaps with bytes of any kind in it. */
	while ((end = memchr(at, '\n', (size_t)(last - at))) != NULL) {
		if (end - at > 8 && end[-2] == ' ' && end[-3] == ':' &&
		    (strncmp(at, "cell ", 5) == 0 ||
		     strncmp(at, "number ", 7) == 0))
			sbuf_add_byte(digits, (uint8_t)end[-1]);
		at = end + 1;
	}
}

/* In one piece, one digit in each cell, or with hyphens between. */
static bool
place_is_read(const struct sink *sink, const struct place_row *row)
{
	char hyphens[16];
	struct sbuf digits;
	bool read = recording_sink_has(sink, row->number);

	sbuf_init(&digits, SIZE_MAX / 2);
	place_collect_digits(sink, &digits);
	if (strncmp(row->place, "one digit", 9) == 0)
		read |= strstr(sbuf_text(&digits), row->number) != NULL;
	(void)snprintf(hyphens, sizeof(hyphens), "%.4s-%.4s-%.4s", row->number,
		       row->number + 4, row->number + 8);
	read |= recording_sink_has(sink, hyphens);
	sbuf_done(&digits);
	return read;
}

void
office_check_places(const char *folder, const char *except)
{
	char path[64];
	char open[64] = "";
	struct place_row row;
	struct sbuf places;
	struct sink sink;
	size_t missing = 0;

	(void)snprintf(path, sizeof(path), "%s/places.tsv", folder);
	sbuf_init(&places, SIZE_MAX / 2);
	sample_read(path, &places);
	const char *at = sbuf_text(&places);

	recording_sink_init(&sink);
	while (place_next(&at, &row)) {
		if (strcmp(open, row.file) != 0) {
			recording_sink_done(&sink);
			office_read(&sink, row.file);
			(void)snprintf(open, sizeof(open), "%s", row.file);
			if (!place_is_exempt(row.file, except) &&
			    sink.opaques + sink.ambiguities > 0)
				fail_msg("%s is not read in full:\n%s",
					 row.file, sbuf_text(&sink.record));
		}
		if (place_is_exempt(row.file, except) ||
		    place_is_read(&sink, &row))
			continue;
		missing++;
		print_error("%s: not found: %s %s\n", row.file, row.place,
			    row.number);
	}
	recording_sink_done(&sink);
	sbuf_done(&places);
	assert_int_equal(missing, 0);
}

/* One broken version of the file. */
static void
office_try(struct span bytes, size_t whole_bytes)
{
	struct sink sink;
	struct err err = { 0 };
	enum status st = ST_OK;

	recording_sink_init(&sink);
	st = recording_sink_read(&sink, &reader_ooxml, bytes, &attached, &err);
	if (st != ST_OK && st != ST_FORMAT)
		check_status(ST_OK, st, &err);
	if (st == ST_OK && bytes.len_bytes < whole_bytes && sink.opaques == 0)
		fail_msg("%zu of %zu bytes pass as whole", bytes.len_bytes,
			 whole_bytes);
	recording_sink_done(&sink);
}

void
office_check_damage(const char *path)
{
	struct sbuf file;

	sbuf_init(&file, SIZE_MAX / 2);
	sample_read(path, &file);
	for (size_t i = 0; i < file.len_bytes; i++) {
		office_try((struct span){ file.bytes, i }, file.len_bytes);
		file.bytes[i] ^= 0xA5;
		office_try(sbuf_span(&file), 0);
		file.bytes[i] ^= 0xA5;
	}
	sbuf_done(&file);
}
