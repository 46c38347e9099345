/*
 * Hidden text and recorded changes: a number with hidden letters in it is one
 * to whoever reads the page, and one of which a part was deleted is one to
 * whoever looks at the changes. Only paragraphs that have such stretches are
 * read again.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/odf_parts.h"

enum {
	ODF_MAX_CHANGES = 100000,
	ODF_MAX_HIDDEN = 1024,
	ODF_MAX_MARKS = 4096, /* of paragraphs that are open */
	ODF_MAX_LOOKS = 20000000
};

void
odf_changes_init(struct odf_changes *changes)
{
	*changes = (struct odf_changes){ .count = 0 };
	sbuf_init_secret(&changes->deleted, SIZE_MAX / 2);
}

void
odf_changes_done(struct odf_changes *changes)
{
	sbuf_done(&changes->deleted);
	free(changes->list);
	free(changes->marks);
	free(changes->hidden);
}

/* Room for one more in a list of count; false without memory. */
static bool
odf_make_room(void **list, size_t count, size_t *room, size_t item_bytes)
{
	const size_t more = *room * 2 + 16;
	void *grown = NULL;

	if (count < *room)
		return true;
	grown = reallocarray(*list, more, item_bytes);
	if (grown == NULL)
		return false;
	*list = grown;
	*room = more;
	return true;
}

static enum status
odf_add_mark(struct odf_text *odf, const struct odf_mark *mark, struct err *err)
{
	struct odf_changes *changes = &odf->changes;
	void *list = changes->marks;

	if (changes->mark_count == ODF_MAX_MARKS) {
		changes->over = true;
		return ST_OK;
	}
	if (!odf_make_room(&list, changes->mark_count, &changes->mark_room,
			   sizeof(*mark)))
		return err_set(err, ST_NO_MEMORY, "odf: no memory");
	changes->marks = list;
	changes->marks[changes->mark_count++] = *mark;
	return ST_OK;
}

/* <style:style style:name="a"><style:text-properties text:display="none"/> */
static enum status
odf_note_style(struct odf_text *odf, struct span local, struct span attributes,
	       struct err *err)
{
	struct odf_changes *changes = &odf->changes;
	void *list = changes->hidden;

	if (span_equal(local, span_of("style"))) {
		changes->style = odf_attribute(attributes, "name");
		return ST_OK;
	}
	if (!span_equal(local, span_of("text-properties")) ||
	    !span_equal(odf_attribute(attributes, "display"),
			span_of("none")) ||
	    changes->style.len_bytes == 0)
		return ST_OK;
	if (changes->hidden_count == ODF_MAX_HIDDEN) {
		changes->over = true;
		return ST_OK;
	}
	if (!odf_make_room(&list, changes->hidden_count, &changes->hidden_room,
			   sizeof(*changes->hidden)))
		return err_set(err, ST_NO_MEMORY, "odf: no memory");
	changes->hidden = list;
	changes->hidden[changes->hidden_count++] = changes->style;
	return ST_OK;
}

/* One look at a list; too many are no document but an attack. */
static bool
odf_look(struct odf_changes *changes)
{
	if (changes->looks < ODF_MAX_LOOKS)
		changes->looks++;
	else
		changes->over = true;
	return !changes->over;
}

static bool
odf_is_hidden(struct odf_changes *changes, struct span attributes)
{
	struct span style = { 0 };

	if (changes->hidden_count == 0)
		return false;
	style = odf_attribute(attributes, "style-name");
	for (size_t i = 0; i < changes->hidden_count && odf_look(changes); i++)
		if (span_equal(style, changes->hidden[i]))
			return true;
	return false;
}

/* The list of changes, at the start of a document. */
static enum status
odf_note_change(struct odf_text *odf, struct span local, struct span attributes,
		struct err *err)
{
	struct odf_changes *changes = &odf->changes;
	struct odf_change *change = NULL;
	void *list = changes->list;

	if (span_equal(local, span_of("changed-region"))) {
		if (changes->count == ODF_MAX_CHANGES) {
			changes->over = true;
			return ST_OK;
		}
		if (!odf_make_room(&list, changes->count, &changes->room,
				   sizeof(*change)))
			return err_set(err, ST_NO_MEMORY, "odf: no memory");
		changes->list = list;
		changes->list[changes->count++] = (struct odf_change){
			.id = odf_attribute(attributes, "id"),
			.text_at = changes->deleted.len_bytes,
		};
	}
	if (changes->count == 0)
		return ST_OK;
	change = &changes->list[changes->count - 1];
	if (span_equal(local, span_of("insertion"))) {
		change->kind = ODF_MARK_INSERTED;
	} else if (span_equal(local, span_of("deletion"))) {
		change->kind = ODF_MARK_DELETED;
		changes->in_deletion = true;
	}
	return ST_OK;
}

/* The change that id names: usually the one behind the last. */
static const struct odf_change *
odf_find_change(struct odf_changes *changes, struct span attributes)
{
	const struct span id = odf_attribute(attributes, "change-id");

	for (size_t i = 0; i < changes->count && odf_look(changes); i++) {
		const size_t at = (changes->next + i) % changes->count;

		if (!span_equal(changes->list[at].id, id))
			continue;
		changes->next = at + 1;
		return &changes->list[at];
	}
	return NULL;
}

/* <text:change text:change-id="a"/> and its like in a paragraph. */
static enum status
odf_note_place(struct odf_text *odf, struct span local, struct span attributes,
	       struct err *err)
{
	struct odf_changes *changes = &odf->changes;
	struct odf_mark mark = { .from = odf->text.len_bytes,
				 .to = odf->text.len_bytes };
	const struct odf_change *change = NULL;

	if (span_equal(local, span_of("change-end")) && changes->inserting) {
		changes->inserting = false;
		mark.kind = ODF_MARK_INSERTED;
		mark.from = changes->insert_at;
		return odf_add_mark(odf, &mark, err);
	}
	change = odf_find_change(changes, attributes);
	if (change == NULL)
		return ST_OK;
	if (change->kind == ODF_MARK_INSERTED &&
	    span_equal(local, span_of("change-start"))) {
		changes->inserting = true;
		changes->insert_at = odf->text.len_bytes;
	} else if (change->kind == ODF_MARK_DELETED) {
		mark.kind = ODF_MARK_DELETED;
		(void)span_cut(sbuf_span(&changes->deleted), change->text_at,
			       change->len_bytes, &mark.deleted);
		return odf_add_mark(odf, &mark, err);
	}
	return ST_OK;
}

static bool
odf_starts(struct span name, const char *start)
{
	const size_t len = strlen(start);

	return name.len_bytes >= len && memcmp(name.ptr, start, len) == 0;
}

enum status
odf_changes_open(struct odf_text *odf, struct odf_level *level,
		 struct span attributes, struct err *err)
{
	const struct span local = level->name;

	/* What was inserted may go on over the ends of paragraphs. */
	if (level->paragraph && !level->joins && odf->changes.inserting)
		odf->changes.insert_at = odf->text.len_bytes;
	if (level->paragraph) {
		level->hides = odf_is_hidden(&odf->changes, attributes);
		if (level->joins && odf_starts(local, "change"))
			return odf_note_place(odf, local, attributes, err);
		return ST_OK;
	}
	if (odf_starts(local, "style") || odf_starts(local, "text-prop"))
		return odf_note_style(odf, local, attributes, err);
	return odf_note_change(odf, local, attributes, err);
}

enum status
odf_changes_close(struct odf_text *odf, const struct odf_level *level,
		  struct err *err)
{
	struct odf_changes *changes = &odf->changes;
	struct odf_mark mark = { .kind = ODF_MARK_INSERTED,
				 .from = changes->insert_at,
				 .to = odf->text.len_bytes };
	enum status st = ST_OK;

	if (level->paragraph && !level->joins && changes->inserting)
		st = odf_add_mark(odf, &mark, err);
	if (st == ST_OK && level->hides) {
		mark.kind = ODF_MARK_HIDDEN;
		mark.from = level->text_at;
		st = odf_add_mark(odf, &mark, err);
	}
	if (level->paragraph && !level->joins && changes->in_deletion &&
	    odf->text.len_bytes > level->text_at)
		sbuf_add(&changes->deleted, odf->text.bytes + level->text_at,
			 odf->text.len_bytes - level->text_at);
	if (span_equal(level->name, span_of("deletion")) &&
	    changes->count > 0) {
		struct odf_change *change = &changes->list[changes->count - 1];

		change->len_bytes =
			changes->deleted.len_bytes - change->text_at;
		changes->in_deletion = false;
	}
	return st == ST_OK ? sbuf_status(&changes->deleted, "odf: changes", err)
			   : st;
}

/* The text of the paragraph without what is of kind; what was deleted is in
 * the reading without what was inserted. */
static void
odf_read_again(const struct odf_text *odf, const struct odf_level *level,
	       enum odf_mark_kind kind, uint8_t *left_out, struct sbuf *out)
{
	const struct odf_changes *changes = &odf->changes;
	const size_t len = odf->text.len_bytes - level->text_at;

	memset(left_out, 0, len + 1);
	for (size_t i = level->first_mark; i < changes->mark_count; i++) {
		const struct odf_mark *mark = &changes->marks[i];

		if (mark->kind == kind && mark->from >= level->text_at &&
		    mark->to <= odf->text.len_bytes && mark->from < mark->to)
			memset(left_out + (mark->from - level->text_at), 1,
			       mark->to - mark->from);
	}
	for (size_t at = 0, i = level->first_mark; at <= len; at++) {
		/* Those of a place come in order. */
		for (; kind == ODF_MARK_INSERTED && i < changes->mark_count &&
		       changes->marks[i].to <= level->text_at + at;
		     i++)
			if (changes->marks[i].kind == ODF_MARK_DELETED)
				sbuf_add_span(out, changes->marks[i].deleted);
		if (at < len && left_out[at] == 0)
			sbuf_add_byte(out,
				      odf->text.bytes[level->text_at + at]);
	}
}

static enum status
odf_give_again(struct odf_text *odf, const struct odf_level *level,
	       enum odf_mark_kind kind, uint8_t *left_out, struct err *err)
{
	const struct odf_level beside = {
		.flow = ODF_FLOW_ASIDE,
		.aside = kind == ODF_MARK_HIDDEN ? "without hidden text"
						 : "before the changes",
	};
	struct sbuf text;
	enum status st = ST_OK;

	sbuf_init_secret(&text, SIZE_MAX / 2);
	odf_read_again(odf, level, kind, left_out, &text);
	st = sbuf_status(&text, "odf: changes", err);
	if (st == ST_OK && text.len_bytes > 0)
		st = odf_give_paragraph(odf, &beside, sbuf_span(&text), err);
	sbuf_done(&text);
	return st;
}

enum status
odf_changes_give(struct odf_text *odf, const struct odf_level *level,
		 struct err *err)
{
	struct odf_changes *changes = &odf->changes;
	const size_t len = odf->text.len_bytes - level->text_at;
	uint8_t *left_out = NULL;
	bool hidden = false;
	bool changed = false;
	enum status st = ST_OK;

	for (size_t i = level->first_mark; i < changes->mark_count; i++) {
		hidden |= changes->marks[i].kind == ODF_MARK_HIDDEN;
		changed |= changes->marks[i].kind != ODF_MARK_HIDDEN;
	}
	if (!hidden && !changed)
		return ST_OK;
	left_out = calloc(1, len + 1);
	if (left_out == NULL)
		return err_set(err, ST_NO_MEMORY, "odf: no memory");
	if (hidden)
		st = odf_give_again(odf, level, ODF_MARK_HIDDEN, left_out, err);
	if (st == ST_OK && changed)
		st = odf_give_again(odf, level, ODF_MARK_INSERTED, left_out,
				    err);
	free(left_out);
	changes->mark_count = level->first_mark;
	return st;
}
