/*
 * The reader of files that stand in a text in printable letters, as people
 * sent them before MIME and some programs still do.
 */
#include "scanners/readers/reader.h"

#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/encoded_block.h"
#include "scanners/readers/encoded_file.h"
#include "scanners/readers/glance.h"
#include "scanners/text/readings.h"

enum {
	ENCODED_LOOK_BYTES = 64 * 1024,
	ENCODED_DETAIL_BYTES = 80,
	/* A longer text is an object of its own, which may be a mail or have
	 * further files in it. A list of many short ones is none. */
	ENCODED_SHORT_BYTES = 256
};

struct encoded_walk {
	struct sink *sink;
	struct span text;
	struct encoded_file file;
	/* Parts of a yEnc file that followed each other so far. */
	struct encoded_file joined;
	bool rest_is_gap; /* no other reader gives what stands around */
	size_t given_at;  /* up to here everything was given */
};

static const char *
encoded_name(enum encoded_kind kind)
{
	switch (kind) {
	case ENCODED_UU:
		return "uuencode";
	case ENCODED_XX:
		return "xxencode";
	case ENCODED_BASE64:
		return "base64";
	case ENCODED_YENC:
		return "yEnc";
	case ENCODED_BINHEX:
		return "BinHex";
	case ENCODED_NONE:
	default:
		return "";
	}
}

static enum status
encoded_report(struct encoded_walk *walk, enum report_reason reason,
	       enum encoded_kind kind, const char *what, struct err *err)
{
	char detail[ENCODED_DETAIL_BYTES];

	(void)snprintf(detail, sizeof(detail), "%s: %s", encoded_name(kind),
		       what);
	return sink_opaque(walk->sink, reason, detail, err);
}

/* Names are in whatever set the sender's system had. */
static enum status
encoded_give_child(struct encoded_walk *walk, const struct encoded_file *file,
		   struct span bytes, struct err *err)
{
	struct sbuf name;
	enum status st = ST_OK;

	sbuf_init_secret(&name, SIZE_MAX / 2);
	text_decode_best(sbuf_span(&file->name), (struct span){ 0 }, &name);
	st = sbuf_status(&file->name, "encoded: name", err);
	if (st == ST_OK)
		st = sbuf_status(&name, "encoded: name", err);
	const struct child child = { .name = sbuf_text(&name),
				     .content_type = "",
				     .charset = "",
				     .attachment = true };

	if (st == ST_OK)
		st = sink_child(walk->sink, &child, bytes, NULL, err);
	sbuf_done(&name);
	return st;
}

static enum status
encoded_give(struct encoded_walk *walk, enum encoded_kind kind,
	     const struct encoded_file *file, struct err *err)
{
	enum status st = sbuf_status(&file->bytes, "encoded: bytes", err);

	if (st == ST_OK)
		st = sbuf_status(&file->fork, "encoded: fork", err);
	if (st == ST_OK && file->damage != NULL)
		st = encoded_report(walk, REPORT_REASON_DAMAGED, kind,
				    file->damage, err);
	if (st == ST_OK)
		st = encoded_give_child(walk, file, sbuf_span(&file->bytes),
					err);
	if (st == ST_OK && file->fork.len_bytes > 0)
		st = encoded_give_child(walk, file, sbuf_span(&file->fork),
					err);
	return st;
}

/* What was joined is the whole file, or the rest is in other mails. */
static enum status
encoded_end_joined(struct encoded_walk *walk, struct err *err)
{
	struct encoded_file *joined = &walk->joined;
	enum status st = ST_OK;

	if (!joined->is_part)
		return ST_OK;
	if (joined->part_at > 0 ||
	    joined->bytes.len_bytes != joined->whole_bytes)
		st = encoded_report(walk, REPORT_REASON_EXTERNAL, ENCODED_YENC,
				    "a part of a file", err);
	if (st == ST_OK)
		st = encoded_give(walk, ENCODED_YENC, joined, err);
	encoded_file_clear(joined);
	return st;
}

static bool
encoded_continues(const struct encoded_file *joined,
		  const struct encoded_file *part)
{
	return joined->is_part && joined->whole_bytes == part->whole_bytes &&
	       joined->part_at + joined->bytes.len_bytes == part->part_at &&
	       span_equal(sbuf_span(&joined->name), sbuf_span(&part->name));
}

static enum status
encoded_join(struct encoded_walk *walk, struct err *err)
{
	struct encoded_file *joined = &walk->joined;
	const struct encoded_file *part = &walk->file;

	if (!encoded_continues(joined, part)) {
		const enum status st = encoded_end_joined(walk, err);

		if (st != ST_OK)
			return st;
		sbuf_add_span(&joined->name, sbuf_span(&part->name));
		joined->is_part = true;
		joined->part_at = part->part_at;
		joined->whole_bytes = part->whole_bytes;
	}
	sbuf_add_span(&joined->bytes, sbuf_span(&part->bytes));
	if (part->damage != NULL)
		joined->damage = part->damage;
	return sbuf_status(&joined->bytes, "encoded: parts", err);
}

/* What kind begins at start_at; XX and UU can look alike: then both. */
static enum status
encoded_read_uu(struct encoded_walk *walk, size_t start_at, bool *found,
		size_t *end_at, struct err *err)
{
	static const enum encoded_kind kinds[] = { ENCODED_UU, ENCODED_XX,
						   ENCODED_BASE64 };
	enum status st = ST_OK;

	for (size_t i = 0; i < ARRAY_LEN(kinds) && st == ST_OK; i++) {
		encoded_file_clear(&walk->file);
		if (!encoded_uu_read(walk->text, start_at, kinds[i],
				     &walk->file))
			continue;
		*found = true;
		if (walk->file.end_at > *end_at)
			*end_at = walk->file.end_at;
		st = sink_spend(walk->sink, walk->file.bytes.len_bytes,
				walk->file.end_at - start_at, err);
		if (st == ST_OK)
			st = encoded_give(walk, kinds[i], &walk->file, err);
	}
	return st;
}

static enum status
encoded_read_yenc(struct encoded_walk *walk, size_t start_at, bool *found,
		  struct err *err)
{
	enum status st = ST_OK;

	encoded_file_clear(&walk->file);
	if (!encoded_yenc_read(walk->text, start_at, &walk->file))
		return ST_OK;
	*found = true;
	st = sink_spend(walk->sink, walk->file.bytes.len_bytes,
			walk->file.end_at - start_at, err);
	if (st == ST_OK && walk->file.is_part)
		return encoded_join(walk, err);
	if (st == ST_OK)
		st = encoded_end_joined(walk, err);
	return st == ST_OK ? encoded_give(walk, ENCODED_YENC, &walk->file, err)
			   : st;
}

static enum status
encoded_read_binhex(struct encoded_walk *walk, size_t start_at, bool *found,
		    struct err *err)
{
	enum status st = ST_OK;

	encoded_file_clear(&walk->file);
	st = encoded_binhex_read(walk->sink, walk->text, start_at, &walk->file,
				 err);
	if (st == ST_NOT_FOUND)
		return ST_OK;
	*found = true;
	return st == ST_OK
		       ? encoded_give(walk, ENCODED_BINHEX, &walk->file, err)
		       : st;
}

/* Bytes up to at that no file took. */
static enum status
encoded_give_rest(struct encoded_walk *walk, size_t at, struct err *err)
{
	struct span rest = { 0 };
	const char *format = NULL;
	enum status st = ST_OK;

	if (!walk->rest_is_gap || at <= walk->given_at ||
	    !span_cut(walk->text, walk->given_at, at - walk->given_at, &rest))
		return ST_OK;
	format = reader_unread_format(rest);
	if (format != NULL)
		st = sink_opaque(walk->sink, REPORT_REASON_UNKNOWN_CONTAINER,
				 format, err);
	return st == ST_OK ? sink_gap(walk->sink, rest, err) : st;
}

/* The file that may begin where search is, which moves behind it. */
static enum status
encoded_read_one(struct encoded_walk *walk, struct encoded_search *search,
		 enum encoded_kind kind, struct err *err)
{
	const size_t start_at = search->at;
	size_t end_at = start_at;
	bool found = false;
	enum status st = ST_OK;

	if (kind == ENCODED_UU)
		st = encoded_read_uu(walk, start_at, &found, &end_at, err);
	else if (kind == ENCODED_YENC)
		st = encoded_read_yenc(walk, start_at, &found, err);
	else
		st = encoded_read_binhex(walk, start_at, &found, err);
	if (st != ST_OK)
		return st;
	encoded_skip_line(search);
	if (!found)
		return ST_OK;
	if (kind != ENCODED_UU)
		end_at = walk->file.end_at;
	st = encoded_give_rest(walk, start_at, err);
	walk->given_at = end_at;
	if (end_at > search->at)
		search->at = end_at;
	return st;
}

static enum status
encoded_give_short(struct sink *sink, struct sbuf *bytes, uint64_t line,
		   struct err *err)
{
	const struct place place = { PLACE_ELEMENT, line, "base64" };

	const enum status st = sink_break(sink, err);

	sbuf_add_byte(bytes, '\n');
	return st == ST_OK ? sink_text(sink, &place, sbuf_span(bytes), err)
			   : st;
}

static enum status
encoded_give_block(struct sink *sink, const struct encoded_block *block,
		   uint64_t line, struct err *err)
{
	static const struct child child = { .name = "",
					    .content_type = "",
					    .charset = "",
					    .attachment = true };
	const size_t letters = block->letters.len_bytes;
	struct sbuf bytes;
	enum status st = sink_spend(sink, letters, letters, err);

	if (st != ST_OK)
		return st;
	sbuf_init_secret(&bytes, SIZE_MAX / 2);
	const bool read = encoded_block_read(block, &bytes);

	st = sbuf_status(&bytes, "encoded: block", err);
	if (st == ST_OK && read &&
	    (block->file || bytes.len_bytes > ENCODED_SHORT_BYTES))
		st = sink_child(sink, &child, sbuf_span(&bytes), NULL, err);
	else if (st == ST_OK && read)
		st = encoded_give_short(sink, &bytes, line, err);
	sbuf_done(&bytes);
	return st;
}

/* base64 that nothing names, from at on. */
static enum status
encoded_read_blocks(struct sink *sink, struct span text, size_t at,
		    struct err *err)
{
	struct encoded_block block = { .at = 0 };
	uint64_t line = 1;
	size_t counted_at = 0;
	enum status st = ST_OK;

	while (st == ST_OK && encoded_block_find(text, at, &block)) {
		for (; counted_at < block.at; counted_at++)
			line += text.ptr[counted_at] == '\n';
		st = encoded_give_block(sink, &block, line, err);
		at = block.at + block.letters.len_bytes;
	}
	return st;
}

/* Text is what the reader of text reads, too. */
static bool
encoded_is_text(struct span body, const struct child *hint)
{
	return strncmp(hint->content_type, "text/", 5) == 0 ||
	       strncmp(hint->content_type, "message/", 8) == 0 ||
	       glance_is_text(body, hint);
}

static enum status
encoded_read(struct sink *sink, struct span body, const struct child *hint,
	     struct err *err)
{
	struct encoded_walk walk = {
		.sink = sink,
		.text = body,
		.rest_is_gap = !encoded_is_text(body, hint),
	};
	const struct glance_marks marks = glance_marks(body, hint);
	struct encoded_search search = { .text = body, .at = marks.file_at };
	enum encoded_kind kind = ENCODED_NONE;
	enum status st = ST_OK;

	encoded_file_init(&walk.file);
	encoded_file_init(&walk.joined);
	while (st == ST_OK && (kind = encoded_find(&search)) != ENCODED_NONE)
		st = encoded_read_one(&walk, &search, kind, err);
	if (st == ST_OK)
		st = encoded_end_joined(&walk, err);
	if (st == ST_OK)
		st = encoded_give_rest(&walk, body.len_bytes, err);
	if (st == ST_OK && !walk.rest_is_gap)
		st = encoded_read_blocks(sink, body, marks.letters_at, err);
	encoded_file_done(&walk.file);
	encoded_file_done(&walk.joined);
	return st;
}

/* Other data that is yEnc near its start: it came as a file, so that all of
 * it is read here, and what stands around is named here, too. */
static bool
encoded_is_yenc(struct span body)
{
	struct encoded_search search = { .text = body };

	if (body.len_bytes > ENCODED_LOOK_BYTES)
		search.text.len_bytes = ENCODED_LOOK_BYTES;
	return encoded_find(&search) == ENCODED_YENC;
}

/* In text anywhere. A line that may begin a file is enough: reading decides. */
static enum sniff
encoded_sniff(struct span body, const struct child *hint)
{
	struct encoded_block block = { .at = 0 };

	if (!encoded_is_text(body, hint))
		return encoded_is_yenc(body) ? SNIFF_CERTAIN : SNIFF_NO;
	const struct glance_marks marks = glance_marks(body, hint);
	/* The parts of a mail are base64, too; they are given by the mail. */
	const bool has_parts = hint->mail || strncmp(hint->content_type,
						     "multipart/", 10) == 0;

	if (marks.file_at < body.len_bytes)
		return SNIFF_MAYBE;
	return !has_parts && encoded_block_find(body, marks.letters_at, &block)
		       ? SNIFF_MAYBE
		       : SNIFF_NO;
}

const struct reader reader_encoded = {
	.name = "encoded",
	.foreign = false,
	.sniff = encoded_sniff,
	.read = encoded_read,
};
