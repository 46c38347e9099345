/*
 * The reader of mail. One call reads one header and what it governs: a
 * multipart inside is given back to the sink as a child, so that nesting
 * costs no stack and is counted by the engine.
 */
#include "scanners/readers/reader.h"

#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/mbox_line.h"
#include "scanners/readers/mime_split.h"
#include "scanners/readers/reader_mime.h"

enum { MIME_SNIFF_LINES = 40, MIME_SNIFF_FIELDS = 3 };

static bool
mime_is_multipart(struct span type_value)
{
	char word[MIME_WORD_BYTES];

	mime_value_word(type_value, word);
	return strncmp(word, "multipart/", 10) == 0;
}

static bool
mime_has_multipart(const struct mime_entity *entity)
{
	for (size_t i = 0; i < entity->type.count; i++)
		if (mime_is_multipart(entity->type.values[i]))
			return true;
	return false;
}

/*
 * What stands beside the parts: swept raw; and read as a text when a file in
 * printable letters may stand in it, as a part that lost its delimiter does.
 */
static enum status
mime_give_beside(struct sink *sink, struct span bytes, struct err *err)
{
	const struct child child = { .name = "",
				     .content_type = "text/plain",
				     .charset = "" };
	enum status st = sink_gap(sink, bytes, err);

	if (st == ST_OK && reader_encoded.sniff(bytes, &child) != SNIFF_NO)
		st = sink_child(sink, &child, bytes, NULL, err);
	return st;
}

/* What the header of entity leaves open. */
static enum status
mime_report_odd(struct sink *sink, const struct mime_entity *entity,
		struct err *err)
{
	enum status st = ST_OK;

	if (entity->odd != NULL)
		st = sink_ambiguous(sink, entity->odd, err);
	if (st == ST_OK && entity->type.count > 1)
		st = sink_ambiguous(sink, "several content-type fields", err);
	if (st == ST_OK && entity->encoding.count > 1)
		st = sink_ambiguous(
			sink, "several content-transfer-encoding fields", err);
	/* What other readers take for the body's start is swept raw. */
	if (st == ST_OK && entity->odd != NULL)
		st = mime_give_beside(sink, entity->bytes, err);
	return st;
}

/* Every type that the header names, as if it were the only one; otherwise is
 * the type of a part that names none. */
static enum status
mime_emit_leaves(struct sink *sink, const struct mime_entity *entity,
		 struct span otherwise, struct err *err)
{
	enum status st = ST_OK;

	if (entity->type.count == 0)
		return mime_emit_leaf(sink, entity, otherwise, err);
	for (size_t i = 0; i < entity->type.count && st == ST_OK; i++)
		if (!mime_is_multipart(entity->type.values[i]))
			st = mime_emit_leaf(sink, entity,
					    entity->type.values[i], err);
	return st;
}

/* One part of a multipart, and the boundary line before it. */
struct mime_part {
	struct span bytes;
	struct span lead;
};

static enum status
mime_read_part(struct sink *sink, const struct mime_part *part,
	       struct span otherwise, struct err *err)
{
	const struct span bytes = part->bytes;
	const struct child child = { .name = "",
				     .content_type = "multipart/mixed",
				     .charset = "",
				     .entity = bytes,
				     .lead = part->lead };
	struct mime_entity entity;
	enum status st = sink_spend(sink, 0, 0, err);

	if (st != ST_OK)
		return st;
	mime_entity_parse(bytes, &entity);
	entity.lead = part->lead;
	st = mime_emit_fields(sink, &entity, err);
	/* It is parsed again as the child: it reports its own oddities. */
	if (st == ST_OK && mime_has_multipart(&entity))
		return sink_child(sink, &child, bytes, NULL, err);
	if (st == ST_OK)
		st = mime_report_odd(sink, &entity, err);
	if (st == ST_OK)
		st = mime_emit_leaves(sink, &entity, otherwise, err);
	return st;
}

/* A cheap look: the end of the boundary, which differs from other text sooner
 * than the dashes at its start. */
static bool
mime_may_hold(struct span part, struct span boundary)
{
	enum { MIME_LOOK_BYTES = 16 };
	struct span tail = boundary;

	if (boundary.len_bytes > MIME_LOOK_BYTES)
		(void)span_cut(boundary, boundary.len_bytes - MIME_LOOK_BYTES,
			       MIME_LOOK_BYTES, &tail);
	return part.len_bytes > 0 && memmem(part.ptr, part.len_bytes, tail.ptr,
					    tail.len_bytes) != NULL;
}

/*
 * A part in which lines only begin like the boundary: to some programs they
 * are boundary lines. Those of a multipart inside are its own.
 */
static enum status
mime_read_loose(struct sink *sink, struct span part, struct span boundary,
		struct span otherwise, struct err *err)
{
	struct mime_split split = { .body = part,
				    .boundary = boundary,
				    .loose = true };
	struct mime_entity entity;
	struct mime_piece piece = { 0 };
	enum status st = ST_OK;

	if (!mime_may_hold(part, boundary) ||
	    !mime_split_is_used(part, boundary, true))
		return ST_OK;
	mime_entity_parse(part, &entity);
	if (mime_has_multipart(&entity))
		return ST_OK;
	st = sink_ambiguous(sink, "a line that goes on behind the boundary",
			    err);
	while (st == ST_OK && mime_split_next(&split, &piece))
		if (piece.kind == MIME_PIECE_PART)
			st = mime_read_part(
				sink,
				&(struct mime_part){ .bytes = piece.bytes },
				otherwise, err);
	return st;
}

/* RFC 2046, 5.1.5: what stands in a digest is mail. */
static struct span
mime_part_type(const struct mime_entity *entity)
{
	char word[MIME_WORD_BYTES];

	for (size_t i = 0; i < entity->type.count; i++) {
		mime_value_word(entity->type.values[i], word);
		if (strcmp(word, "multipart/digest") == 0)
			return span_of("message/rfc822");
	}
	return (struct span){ 0 };
}

/* Cut the body of entity at boundary. */
static enum status
mime_read_parts(struct sink *sink, const struct mime_entity *entity,
		struct span boundary, struct err *err)
{
	struct mime_split split = { .body = entity->body,
				    .boundary = boundary };
	const struct span otherwise = mime_part_type(entity);
	struct mime_piece piece = { 0 };
	struct mime_part part = { .bytes = { NULL, 0 } };
	size_t end = 0;
	enum status st = ST_OK;

	while (st == ST_OK && mime_split_next(&split, &piece)) {
		(void)span_cut(entity->body, end, piece.at - end, &part.lead);
		part.bytes = piece.bytes;
		end = piece.at + piece.bytes.len_bytes;
		if (piece.kind == MIME_PIECE_PART)
			st = mime_read_part(sink, &part, otherwise, err);
		else if (piece.bytes.len_bytes > 0)
			st = mime_give_beside(sink, piece.bytes, err);
		if (st == ST_OK)
			st = mime_read_loose(sink, piece.bytes, boundary,
					     otherwise, err);
	}
	if (st == ST_OK && split.lone_cr)
		st = sink_ambiguous(sink, "boundary at a line end of CR alone",
				    err);
	if (st == ST_OK && split.has_nul)
		st = sink_ambiguous(sink, "NUL in a boundary line", err);
	if (st == ST_OK && split.next != MIME_PIECE_EPILOGUE)
		st = sink_opaque(sink, REPORT_REASON_DAMAGED,
				 "multipart without its end", err);
	return st;
}

/* The different boundaries that the header may mean; used: it is in the body,
 * so that a reader that takes it sees parts. */
struct mime_boundaries {
	struct sbuf texts[MIME_MAX_VARIANTS];
	bool used[MIME_MAX_VARIANTS];
	size_t count;
	size_t used_count;
	bool too_many;
	bool differ;    /* one field names several: readers take either */
	enum status st; /* ST_OK, or no memory for one of them */
};

static void
mime_boundaries_add(struct mime_boundaries *all, struct span body,
		    struct span boundary)
{
	if (boundary.len_bytes == 0)
		return;
	for (size_t i = 0; i < all->count; i++)
		if (span_equal(sbuf_span(&all->texts[i]), boundary))
			return;
	if (all->count == MIME_MAX_VARIANTS) {
		all->too_many = true;
		return;
	}
	sbuf_init(&all->texts[all->count], SIZE_MAX / 2);
	sbuf_add_span(&all->texts[all->count], boundary);
	if (all->texts[all->count].st != ST_OK)
		all->st = ST_NO_MEMORY;
	all->used[all->count] = mime_split_is_used(body, boundary, false);
	all->used_count += all->used[all->count];
	all->count++;
}

static void
mime_boundaries_find(struct mime_boundaries *all,
		     const struct mime_entity *entity)
{
	enum { MIME_TRIED_VARIANTS = 36 };
	struct sbuf text;

	sbuf_init(&text, SIZE_MAX / 2);
	for (size_t i = 0; i < entity->type.count; i++) {
		bool differs = false;

		if (!mime_is_multipart(entity->type.values[i]))
			continue;
		if (mime_param_differs(entity->type.values[i], "boundary",
				       &differs) != ST_OK)
			all->st = ST_NO_MEMORY;
		all->differ |= differs;
		for (size_t k = 0; k < MIME_TRIED_VARIANTS; k++) {
			sbuf_clear(&text);
			if (!mime_param_variant(entity->type.values[i],
						"boundary", k, &text))
				break;
			if (text.st != ST_OK)
				all->st = ST_NO_MEMORY;
			mime_boundaries_add(all, entity->body,
					    sbuf_span(&text));
			mime_boundaries_add(all, entity->body,
					    mime_trim(sbuf_span(&text)));
		}
	}
	sbuf_done(&text);
}

/* No boundary, or none that is in the body: guess one. */
static enum status
mime_read_guessed(struct sink *sink, const struct mime_entity *entity,
		  struct err *err)
{
	struct span boundary = { 0 };
	enum status st = mime_give_beside(sink, entity->body, err);

	if (st == ST_OK)
		st = sink_ambiguous(sink, "multipart without its boundary",
				    err);
	if (st == ST_OK && mime_split_guess(entity->body, &boundary))
		st = mime_read_parts(sink, entity, boundary, err);
	return st;
}

static enum status
mime_read_multipart(struct sink *sink, const struct mime_entity *entity,
		    struct err *err)
{
	struct mime_boundaries all = { .count = 0 };
	enum status st = ST_OK;

	mime_boundaries_find(&all, entity);
	if (all.st != ST_OK)
		st = err_set(err, all.st, "mime: no memory for a boundary");
	if (st == ST_OK && all.used_count == 0 && entity->body.len_bytes > 0)
		st = mime_read_guessed(sink, entity, err);
	if (st == ST_OK && (all.used_count > 1 || all.too_many || all.differ))
		st = sink_ambiguous(sink, "several boundaries", err);
	for (size_t i = 0; i < all.count; i++) {
		if (st == ST_OK && all.used[i])
			st = mime_read_parts(sink, entity,
					     sbuf_span(&all.texts[i]), err);
		sbuf_done(&all.texts[i]);
	}
	return st;
}

/*
 * A multipart may not be encoded (RFC 2045, 6.4), but some readers decode it:
 * then the decoded bytes are a second reading, with the same header.
 */
static enum status
mime_read_encoded_multipart(struct sink *sink, const struct mime_entity *entity,
			    struct err *err)
{
	const struct child child = { .name = "",
				     .content_type = "multipart/mixed",
				     .charset = "" };
	struct sbuf bytes;
	char word[MIME_WORD_BYTES];
	enum mime_encoding encoding = MIME_ENCODING_NONE;
	enum status st = ST_OK;

	if (entity->encoding.count == 0)
		return ST_OK;
	mime_value_word(entity->encoding.values[0], word);
	encoding = mime_encoding_find(span_of(word));
	if (encoding != MIME_ENCODING_BASE64 &&
	    encoding != MIME_ENCODING_QUOTED)
		return ST_OK;
	sbuf_init_secret(&bytes, SIZE_MAX / 2);
	sbuf_add_text(&bytes, "Content-Type:");
	sbuf_add_span(&bytes, entity->type.values[0]);
	sbuf_add_text(&bytes, "\r\n\r\n");
	if (encoding == MIME_ENCODING_BASE64)
		(void)mime_decode_base64(entity->body, &bytes);
	else
		(void)mime_decode_quoted(entity->body, &bytes);
	st = sbuf_status(&bytes, "mime: multipart", err);
	if (st == ST_OK)
		st = sink_spend(sink, bytes.len_bytes, entity->body.len_bytes,
				err);
	if (st == ST_OK)
		st = sink_ambiguous(sink,
				    "multipart in base64 or "
				    "quoted-printable",
				    err);
	if (st == ST_OK)
		st = sink_child(sink, &child, sbuf_span(&bytes), NULL, err);
	sbuf_done(&bytes);
	return st;
}

/* PGP/MIME: the second part is not for us. */
static enum status
mime_report_encrypted(struct sink *sink, const struct mime_entity *entity,
		      struct err *err)
{
	char word[MIME_WORD_BYTES];
	bool encrypted = false;

	for (size_t i = 0; i < entity->type.count; i++) {
		mime_value_word(entity->type.values[i], word);
		encrypted |= strcmp(word, "multipart/encrypted") == 0;
	}
	if (!encrypted)
		return ST_OK;
	return sink_opaque(sink, REPORT_REASON_ENCRYPTED, "multipart/encrypted",
			   err);
}

static bool
mime_is_part_hint(const struct child *hint)
{
	return strncmp(hint->content_type, "multipart/", 10) == 0;
}

static enum status
mime_read(struct sink *sink, struct span body, const struct child *hint,
	  struct err *err)
{
	struct mime_entity entity;
	enum status st = ST_OK;

	mime_entity_parse(body, &entity);
	/* The fields of a part were given by the mail that holds it. */
	if (!mime_is_part_hint(hint))
		st = mime_emit_fields(sink, &entity, err);
	if (st == ST_OK)
		st = mime_report_odd(sink, &entity, err);
	if (st == ST_OK)
		st = mime_report_encrypted(sink, &entity, err);
	if (st != ST_OK)
		return st;
	if (mime_has_multipart(&entity)) {
		st = mime_read_multipart(sink, &entity, err);
		if (st == ST_OK)
			st = mime_read_encoded_multipart(sink, &entity, err);
		if (st != ST_OK || entity.type.count == 1)
			return st;
	}
	return mime_emit_leaves(sink, &entity, (struct span){ 0 }, err);
}

/* A saved mail: several of the usual fields at the top. */
static enum sniff
mime_sniff_fields(struct span body)
{
	static const char *const usual[] = {
		"From",         "To",           "Subject",      "Date",
		"Received",     "Message-Id",   "MIME-Version", "Return-Path",
		"Content-Type", "Delivered-To", "Reply-To",     "X-Mailer",
	};
	struct span head = body;
	struct mime_field field;
	size_t known = 0;
	size_t behind = 0;

	/* A mailbox, of one mail perhaps. */
	if (mbox_is_line(body, 0, &behind))
		return SNIFF_NO;

	if (body.len_bytes > 4096)
		(void)span_cut(body, 0, 4096, &head);
	struct mime_header_walk walk = { .bytes = head };

	while (walk.fields < MIME_SNIFF_LINES &&
	       mime_field_next(&walk, &field)) {
		for (size_t i = 0; i < ARRAY_LEN(usual); i++)
			known += mime_field_is(&field, usual[i]);
		/* A saved web page (MHTML) may have but this one and its type;
		 * it begins with it. */
		known += walk.fields == 1 &&
			 mime_field_is(&field, "MIME-Version");
	}
	if (walk.has_junk && walk.junk_at == 0)
		return SNIFF_NO;
	return known >= MIME_SNIFF_FIELDS ? SNIFF_LIKELY : SNIFF_NO;
}

static enum sniff
mime_sniff(struct span body, const struct child *hint)
{
	if (hint->mail || mime_is_part_hint(hint))
		return SNIFF_CERTAIN;
	/* Text in a mail that quotes a header is not a mail. */
	if (!hint->attachment && strncmp(hint->content_type, "text/", 5) == 0)
		return SNIFF_NO;
	return mime_sniff_fields(body);
}

const struct reader reader_mime = {
	.name = "mime",
	.foreign = false,
	.sniff = mime_sniff,
	.read = mime_read,
};
