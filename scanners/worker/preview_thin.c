/* Room for more lines, when the memory for a preview is used up. */
#include <string.h>

#include "scanners/worker/preview_collect.h"

/* Nothing that is given at once is larger. */
enum { PREVIEW_MARGIN_BYTES = 1024 * 1024 };

bool
preview_collect_is_heavy(const struct preview_collect *collect)
{
	return !collect->full &&
	       collect->used_bytes > PREVIEW_KEEP_BYTES - PREVIEW_MARGIN_BYTES;
}

const struct detect_line *
preview_first_in(const struct detect_lines *lines,
		 const struct preview_kept *line)
{
	size_t low = 0;
	size_t high = lines->count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (lines->lines[middle].line < line->first_id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < lines->count && lines->lines[low].line <= line->last_id
		       ? &lines->lines[low]
		       : NULL;
}

static void
preview_mark_near(struct preview_stream *stream, size_t at)
{
	const size_t from =
		at > PREVIEW_NEAR_LINES ? at - PREVIEW_NEAR_LINES : 0;

	for (size_t i = from; i < stream->count && i <= at + PREVIEW_NEAR_LINES;
	     i++)
		stream->lines[i].keep = true;
}

static void
preview_mark(struct preview_stream *stream, const struct detect_lines *possible,
	     uint64_t undone)
{
	for (size_t i = 0; i < stream->count; i++) {
		struct preview_kept *line = &stream->lines[i];

		line->keep |= i < PREVIEW_HEAD_LINES || line->last_id >= undone;
		if (preview_first_in(possible, line) != NULL)
			preview_mark_near(stream, i);
	}
	/* The line that is being written. */
	for (size_t i = stream->first_piece; stream->open && i < stream->count;
	     i++)
		stream->lines[i].keep = true;
}

/* Drop what is not marked. Returns whether there was any. */
static bool
preview_squeeze(struct preview_stream *stream)
{
	uint8_t *text = stream->text.bytes;
	size_t kept = 0;
	size_t at = 0;
	bool gap = false;

	for (size_t i = 0; i < stream->count; i++) {
		struct preview_kept line = stream->lines[i];

		if (!line.keep) {
			gap = true;
			continue;
		}
		if (stream->open && i == stream->first_piece)
			stream->first_piece = kept;
		if (line.len_bytes > 0)
			memmove(text + at, text + line.at, line.len_bytes);
		line.at = at;
		at += line.len_bytes;
		line.gap |= gap;
		line.keep = false;
		gap = false;
		stream->lines[kept++] = line;
	}
	const bool any = kept < stream->count;

	stream->count = kept;
	if (text != NULL)
		explicit_bzero(text + at, stream->text.len_bytes - at);
	sbuf_truncate(&stream->text, at);
	return any;
}

void
preview_collect_thin(struct preview_collect *collect,
		     const struct detect_lines *possible, uint64_t undone)
{
	size_t used_bytes = 0;

	for (struct preview_source *source = collect->first; source != NULL;
	     source = source->next)
		for (size_t i = 0; i < PREVIEW_STREAMS; i++) {
			struct preview_stream *stream = &source->streams[i];

			preview_mark(stream, possible, undone);
			if (preview_squeeze(stream))
				source->cut |= i == PREVIEW_SEEN;
			used_bytes += stream->text.len_bytes +
				      stream->count * sizeof(*stream->lines);
		}
	collect->used_bytes = used_bytes;
	collect->full = used_bytes > PREVIEW_THIN_BYTES;
}
