#include "scanners/detect/detect.h"

#include <stdlib.h>
#include <string.h>

#include "scanners/detect/columns.h"
#include "scanners/detect/dull.h"
#include "scanners/detect/found_lines.h"

struct detector {
	struct words *own_words;   /* NULL: those of the options */
	struct labels *own_labels; /* ditto */
	struct own_words own;
	struct findings *findings;
	struct stream stream;
	struct columns columns;
	bool lines; /* of the options */
	/* Records since something was seen in one. */
	uint64_t dull_records;
	uint64_t dull_bytes;
};

/*
 * So much is looked at before records are left out: columns know by then what
 * they hold, and what stood before is too far away to matter.
 */
enum { DETECTOR_DULL_RECORDS = 32, DETECTOR_DULL_BYTES = 4096 };

/* The shipped words and a table of labels, unless the caller has them. */
static enum status
detector_complete(struct detector *detector, struct detect_options *options,
		  struct err *err)
{
	enum status st = ST_OK;

	if (options->words == NULL) {
		st = words_new(&detector->own_words, err);
		options->words = detector->own_words;
		options->labels = NULL;
	}
	if (st == ST_OK && options->labels == NULL) {
		st = labels_new(options->words, &detector->own_labels, err);
		options->labels = detector->own_labels;
	}
	return st;
}

enum status
detector_new(const struct detect_options *options,
	     struct detector **detector_out, struct err *err)
{
	AUTO(detector_free)
	struct detector *detector = calloc(1, sizeof(*detector));
	struct detect_options all = *options;
	enum status st = ST_OK;

	if (detector == NULL)
		return err_set(err, ST_NO_MEMORY, "detector: no memory");
	st = detector_complete(detector, &all, err);
	if (st == ST_OK)
		st = own_words_init(&detector->own, all.words, err);
	if (st == ST_OK)
		st = findings_new(&all, &detector->findings, err);
	if (st != ST_OK)
		return st;
	detector->lines = all.lines;
	stream_init(&detector->stream, detector->findings, all.labels,
		    &detector->own);
	*detector_out = MOVE(detector);
	return ST_OK;
}

void
detector_free(struct detector **detector)
{
	if (*detector == NULL)
		return;
	stream_done(&(*detector)->stream);
	columns_done(&(*detector)->columns);
	findings_free(&(*detector)->findings);
	own_words_done(&(*detector)->own);
	labels_free(&(*detector)->own_labels);
	words_free(&(*detector)->own_words);
	free(*detector);
	*detector = NULL;
}

enum status
detector_part(struct detector *detector, const char *path, struct err *err)
{
	const enum status st = detector_break(detector, err);

	if (st != ST_OK)
		return st;
	return findings_part(detector->findings, path, &detector->stream.part,
			     err);
}

enum status
detector_text(struct detector *detector, const struct place *place,
	      struct span utf8, struct err *err)
{
	return stream_text(&detector->stream, place, utf8, err);
}

enum status
detector_break(struct detector *detector, struct err *err)
{
	const enum status st =
		columns_break(&detector->columns, &detector->stream, err);

	detector->dull_records = 0;
	detector->dull_bytes = 0;
	own_words_break(&detector->own);
	return st == ST_OK ? stream_break(&detector->stream, err) : st;
}

enum status
detector_cell(struct detector *detector, const struct cell *cell,
	      struct span utf8, struct err *err)
{
	return columns_cell(&detector->columns, &detector->stream, cell, utf8,
			    err);
}

enum status
detector_may_skip(struct detector *detector, struct span record,
		  uint8_t delimiter, bool *skip_out, struct err *err)
{
	struct stream *stream = &detector->stream;

	*skip_out = false;
	if (detector->lines || detector->own.matcher != NULL)
		return ST_OK;
	if (!dull_is_record(stream->labels, stream->filter, record,
			    delimiter)) {
		detector->dull_records = 0;
		detector->dull_bytes = 0;
		return ST_OK;
	}
	detector->dull_records++;
	detector->dull_bytes += record.len_bytes;
	if (detector->dull_records <= DETECTOR_DULL_RECORDS ||
	    detector->dull_bytes <= DETECTOR_DULL_BYTES)
		return ST_OK;
	*skip_out = true;
	return stream_leave_out(stream, err);
}

uint64_t
detector_line(const struct detector *detector)
{
	const struct stream *stream = &detector->stream;

	return stream->open ? stream->line_base : stream->line;
}

enum status
detector_possible_lines(struct detector *detector, struct detect_lines *lines,
			uint64_t *undone_out, struct err *err)
{
	struct found_lines *found = findings_lines(detector->findings);
	const struct stream *stream = &detector->stream;
	const enum status st =
		found_lines_settle(found, EVIDENCE_LABEL_ANSWER, err);

	if (st != ST_OK)
		return st;
	*lines = (struct detect_lines){ found->lines, found->line_count };
	*undone_out = stream->line;
	/* Numbers that wait for what follows them are the newest. */
	if (stream->pending_count > 0 &&
	    stream->pending[stream->pending_at].line < *undone_out)
		*undone_out = stream->pending[stream->pending_at].line;
	return ST_OK;
}

void
detector_found_lines(const struct detector *detector,
		     struct detect_lines *lines)
{
	const struct found_lines *found = findings_lines(detector->findings);

	*lines = (struct detect_lines){ found->lines, found->line_count };
}

enum status
detector_finish(struct detector *detector, struct scan_report *report,
		struct err *err)
{
	const enum status st = detector_break(detector, err);
	enum evidence mail_label = EVIDENCE_LABEL_ABSENT;

	if (st != ST_OK)
		return st;
	if (detector->stream.has_direct)
		mail_label = detector->stream.reply.is_reply
				     ? EVIDENCE_LABEL_ANSWER
				     : EVIDENCE_LABEL_MESSAGE;
	else if (detector->stream.has_form)
		mail_label = EVIDENCE_LABEL_FORM_WORD;
	return findings_report(detector->findings, mail_label, report, err);
}
