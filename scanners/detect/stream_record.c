#include "scanners/detect/stream_record.h"

#include "scanners/detect/name_words.h"
#include "scanners/detect/record.h"

/* What cells show without words for it. */
enum {
	STREAM_CELL_PERSON =
		EVIDENCE_HAS_BIRTH | EVIDENCE_HAS_NAME | EVIDENCE_HAS_ADDRESS
};

void
stream_record_on_name(struct stream *stream, const char *name)
{
	const struct name_words words = name_words_of(stream->labels, name);

	stream->field = words.header;
	stream->record = (struct stream_record){ 0 };
	stream->field_person |= words.person;
	for (unsigned i = 0; i < STREAM_PERSON_KINDS; i++) {
		if ((words.person >> i & 1) != 0)
			stream->field_lines[i] = stream->line;
	}
	for (size_t i = 0; i < stream->pending_count; i++) {
		struct stream_pending *pending =
			&stream->pending[(stream->pending_at + i) %
					 STREAM_MAX_PENDING];

		if (pending->sighting.evidence.check == EVIDENCE_CHECK_VALID &&
		    stream->line - pending->line <= STREAM_RECORD_LINES)
			pending->sighting.evidence.person |= words.person;
	}
}

void
stream_record_on_cell(struct stream *stream, const struct cell *cell,
		      struct span text)
{
	if (stream->seen.person != 0 && !stream->seen.numbers &&
	    text.len_bytes <= STREAM_HEADER_BYTES)
		stream->table_person |= stream->seen.person;
	if ((stream->table_person & STREAM_CELL_PERSON) != STREAM_CELL_PERSON &&
	    cell->row <= STREAM_BIRTHDAY_ROWS &&
	    text.len_bytes <= STREAM_HEADER_BYTES)
		stream->table_person |= record_cell_person(text);
}

void
stream_record_new_table(struct stream *stream)
{
	stream->table_person = 0;
}

void
stream_record_break(struct stream *stream)
{
	stream->table_person = 0;
	stream->field_person = 0;
	stream->record = (struct stream_record){ 0 };
}

/* Of fields whose names were seen a few lines before. */
static unsigned
stream_field_person(const struct stream *stream)
{
	unsigned person = 0;

	for (unsigned i = 0; i < STREAM_PERSON_KINDS; i++) {
		if ((stream->field_person >> i & 1) != 0 &&
		    stream->line - stream->field_lines[i] <=
			    STREAM_RECORD_LINES)
			person |= 1U << i;
	}
	return person;
}

unsigned
stream_record_person(struct stream *stream, struct span text,
		     const struct candidate *candidate)
{
	struct stream_record *record = &stream->record;
	const uint64_t at = stream->dropped_bytes + candidate->start_at;

	if (stream->cell != NULL)
		return stream->table_person |
		       record_person(stream->labels, text);
	/* The numbers of a paragraph have it looked at once. */
	if (record->to <= at || record->from > at) {
		const struct span around = record_around(
			text, candidate->start_at, candidate->end_at);

		record->from = stream->dropped_bytes +
			       (uint64_t)(around.ptr - text.ptr);
		record->to = record->from + around.len_bytes;
		record->person = record_person(stream->labels, around);
	}
	return record->person | stream_field_person(stream);
}
