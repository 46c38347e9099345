/* A part that is no multipart: decode it, name it, give it on. */
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/reader_mime.h"
#include "scanners/text/readings.h"

/* What is known of a part besides its bytes. */
struct mime_leaf {
	struct sink *sink;
	const struct mime_entity *entity;
	char type[MIME_WORD_BYTES];
	struct sbuf charset;
	struct sbuf name;
	struct child child;
};

enum { MIME_VALUE_MAX_BYTES = 1000 }; /* of a word in a type */

/* A piece of a mail (message/partial) has a header when it is the first; the
 * others are read as a body. */
static const char *const mime_mail_types[] = {
	"message/partial",        "message/rfc822",
	"message/global",         "message/news",
	"text/rfc822-headers",    "message/rfc822-headers",
	"message/global-headers",
};

static bool
mime_is_one_of(const char *type, const char *const *types, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(type, types[i]) == 0)
			return true;
	return false;
}

/* A name with "%41" in it, as browsers write names, shows decoded in some
 * programs. Without its ending, which would stick to a number. */
static enum status
mime_leaf_percent(struct mime_leaf *leaf, struct err *err)
{
	const struct place place = { PLACE_NAME, 0, NULL };
	struct span name = sbuf_span(&leaf->name);
	struct sbuf bytes;
	struct sbuf text;
	enum status st = ST_OK;

	if (name.ptr == NULL || memchr(name.ptr, '%', name.len_bytes) == NULL)
		return ST_OK;
	const uint8_t *dot = memrchr(name.ptr, '.', name.len_bytes);

	if (dot != NULL)
		(void)span_cut(name, 0, (size_t)(dot - name.ptr), &name);
	sbuf_init_secret(&bytes, SIZE_MAX / 2);
	sbuf_init_secret(&text, SIZE_MAX / 2);
	mime_decode_percent(name, &bytes);
	text_decode_best(sbuf_span(&bytes), (struct span){ 0 }, &text);
	st = sbuf_status(&bytes, "mime: name", err);
	if (st == ST_OK)
		st = sbuf_status(&text, "mime: name", err);
	if (st == ST_OK)
		st = sink_text(leaf->sink, &place, sbuf_span(&text), err);
	sbuf_done(&bytes);
	sbuf_done(&text);
	return st;
}

/* Other names of the part, when its fields disagree. */
static enum status
mime_leaf_names(struct mime_leaf *leaf, struct span type_value, struct err *err)
{
	const struct mime_entity *entity = leaf->entity;
	const struct place place = { PLACE_NAME, 0, NULL };
	struct sbuf other;
	enum status st = ST_OK;

	for (size_t i = 0; i < entity->disposition.count; i++)
		if (leaf->name.len_bytes == 0)
			(void)mime_param_find(entity->disposition.values[i],
					      "filename", &leaf->name);
	sbuf_init(&other, SIZE_MAX / 2);
	if (mime_param_find(type_value, "name", &other))
		st = sbuf_status(&other, "mime: name", err);
	if (st == ST_OK && other.len_bytes > 0 &&
	    !span_equal(sbuf_span(&other), sbuf_span(&leaf->name))) {
		if (leaf->name.len_bytes == 0)
			sbuf_add_span(&leaf->name, sbuf_span(&other));
		else
			st = sink_text(leaf->sink, &place, sbuf_span(&other),
				       err);
	}
	sbuf_done(&other);
	return st == ST_OK ? mime_leaf_percent(leaf, err) : st;
}

/* Mail programs give a part of an application as a file, without a name, too.
 */
static bool
mime_leaf_is_attached(const struct mime_leaf *leaf)
{
	char word[MIME_WORD_BYTES] = "";

	if (leaf->entity->disposition.count > 0)
		mime_value_word(leaf->entity->disposition.values[0], word);
	return strcmp(word, "attachment") == 0 || leaf->name.len_bytes > 0 ||
	       strncmp(leaf->type, "application/", 12) == 0;
}

/* A picture with a name for the text of the mail that may show it. */
static bool
mime_leaf_is_shown(const struct mime_leaf *leaf)
{
	struct mime_header_walk walk = { .bytes = leaf->entity->bytes };
	struct mime_field field;
	char word[MIME_WORD_BYTES] = "";

	if (strncmp(leaf->type, "image/", 6) != 0)
		return false;
	if (leaf->entity->disposition.count > 0)
		mime_value_word(leaf->entity->disposition.values[0], word);
	if (strcmp(word, "attachment") == 0)
		return false;
	while (mime_field_next(&walk, &field))
		if (mime_field_is(&field, "Content-Id"))
			return true;
	return false;
}

/* Is the parameter name of the type this word? */
static bool
mime_type_says(struct span type_value, const char *name, const char *word,
	       enum status *st)
{
	struct sbuf value;
	bool says = false;

	sbuf_init(&value, MIME_VALUE_MAX_BYTES);
	says = mime_param_find(type_value, name, &value) &&
	       span_equal_nocase(sbuf_span(&value), span_of(word));
	if (value.st == ST_NO_MEMORY)
		*st = ST_NO_MEMORY;
	sbuf_done(&value);
	return says;
}

/* RFC 3676. */
static enum status
mime_leaf_flow(struct span type_value, enum text_flow *flow_out,
	       struct err *err)
{
	enum status st = ST_OK;

	*flow_out = TEXT_FLOW_NONE;
	if (mime_type_says(type_value, "format", "flowed", &st))
		*flow_out = mime_type_says(type_value, "delsp", "yes", &st)
				    ? TEXT_FLOW_DELSP
				    : TEXT_FLOW_SPACE;
	return st == ST_OK ? ST_OK
			   : err_set(err, st, "mime: no memory for a type");
}

static enum status
mime_leaf_describe(struct mime_leaf *leaf, struct span type_value,
		   struct err *err)
{
	mime_value_word(type_value, leaf->type);
	if (mime_param_find(type_value, "charset", &leaf->charset) &&
	    leaf->charset.len_bytes > 0) {
		/* "utf-8 format=flowed": a semicolon is missing. */
		const uint8_t *blank = memchr(leaf->charset.bytes, ' ',
					      leaf->charset.len_bytes);

		if (blank != NULL)
			sbuf_truncate(&leaf->charset,
				      (size_t)(blank - leaf->charset.bytes));
	}
	enum status st = mime_leaf_names(leaf, type_value, err);

	if (st == ST_OK)
		st = sbuf_status(&leaf->charset, "mime: charset", err);
	if (st == ST_OK)
		st = sbuf_status(&leaf->name, "mime: name", err);
	leaf->child = (struct child){
		.name = sbuf_text(&leaf->name),
		.content_type = leaf->type,
		.charset = sbuf_text(&leaf->charset),
		.attachment = mime_leaf_is_attached(leaf),
		.shown = mime_leaf_is_shown(leaf),
		.mail = mime_is_one_of(leaf->type, mime_mail_types,
				       ARRAY_LEN(mime_mail_types)),
		.entity = leaf->entity->bytes,
		.lead = leaf->entity->lead,
	};
	return st == ST_OK ? mime_leaf_flow(type_value, &leaf->child.flow, err)
			   : st;
}

/* What cannot be read however it is encoded. */
static enum status
mime_leaf_opaque(struct mime_leaf *leaf, struct err *err)
{
	static const char *const external[] = { "message/partial",
						"message/external-body" };
	const char *type = leaf->child.content_type;

	if (!mime_is_one_of(type, external, ARRAY_LEN(external)))
		return ST_OK;
	return sink_opaque(leaf->sink, REPORT_REASON_EXTERNAL, type, err);
}

/* The bytes as the reader of that type wants them. */
static enum status
mime_leaf_give(struct mime_leaf *leaf, struct span bytes, uint8_t **owned,
	       struct err *err)
{
	if (strcmp(leaf->child.content_type, "message/delivery-status") == 0 ||
	    strcmp(leaf->child.content_type,
		   "message/global-delivery-status") == 0)
		mime_emit_dsn(leaf->sink, bytes);
	return sink_child(leaf->sink, &leaf->child, bytes, owned, err);
}

static void
mime_leaf_decode(enum mime_encoding encoding, struct span body,
		 struct sbuf *out, struct mime_decoded *decoded_out)
{
	if (encoding == MIME_ENCODING_BASE64)
		*decoded_out = mime_decode_base64(body, out);
	else
		*decoded_out = mime_decode_quoted(body, out);
}

static enum status
mime_leaf_encoded(struct mime_leaf *leaf, enum mime_encoding encoding,
		  struct err *err)
{
	const struct span body = leaf->entity->body;
	struct sbuf bytes;
	uint8_t *owned = NULL;
	struct mime_decoded decoded = { 0 };
	enum status st =
		sink_spend(leaf->sink, body.len_bytes, body.len_bytes, err);

	if (st != ST_OK)
		return st;
	sbuf_init_secret(&bytes, SIZE_MAX / 2);
	mime_leaf_decode(encoding, body, &bytes, &decoded);
	st = sbuf_status(&bytes, "mime: body", err);
	/* Text between the base64 may be meant to be seen. */
	if (st == ST_OK && decoded.junk > 0)
		st = sink_gap(leaf->sink, body, err);
	if (st == ST_OK && decoded.is_cut)
		st = sink_opaque(leaf->sink, REPORT_REASON_DAMAGED,
				 "encoded body cut off", err);
	owned = bytes.bytes;
	if (st == ST_OK)
		st = mime_leaf_give(leaf, sbuf_span(&bytes),
				    owned != NULL ? &owned : NULL, err);
	bytes.bytes = owned;
	if (owned == NULL)
		sbuf_init(&bytes, 0);
	sbuf_done(&bytes);
	return st;
}

static enum status
mime_leaf_view(struct mime_leaf *leaf, struct span encoding_value,
	       struct err *err)
{
	char word[MIME_WORD_BYTES];
	enum mime_encoding encoding = MIME_ENCODING_PLAIN;

	mime_value_word(encoding_value, word);
	if (word[0] != '\0')
		encoding = mime_encoding_find(span_of(word));
	if (encoding == MIME_ENCODING_NONE) {
		const enum status st = sink_ambiguous(
			leaf->sink, "unknown content-transfer-encoding", err);

		if (st != ST_OK)
			return st;
	}
	if (encoding == MIME_ENCODING_PLAIN || encoding == MIME_ENCODING_NONE)
		return mime_leaf_give(leaf, leaf->entity->body, NULL, err);
	return mime_leaf_encoded(leaf, encoding, err);
}

static enum status
mime_leaf_views(struct mime_leaf *leaf, struct err *err)
{
	const struct mime_values *encodings = &leaf->entity->encoding;
	const struct span none = { 0 };
	enum status st = ST_OK;

	if (encodings->count == 0)
		return mime_leaf_view(leaf, none, err);
	for (size_t i = 0; i < encodings->count && st == ST_OK; i++)
		st = mime_leaf_view(leaf, encodings->values[i], err);
	return st;
}

enum status
mime_emit_leaf(struct sink *sink, const struct mime_entity *entity,
	       struct span type_value, struct err *err)
{
	struct mime_leaf leaf = { .sink = sink, .entity = entity };
	enum status st = ST_OK;

	sbuf_init(&leaf.charset, SIZE_MAX / 2);
	sbuf_init_secret(&leaf.name, SIZE_MAX / 2);
	st = mime_leaf_describe(&leaf, type_value, err);
	if (st == ST_OK)
		st = mime_leaf_opaque(&leaf, err);
	if (st == ST_OK)
		st = mime_leaf_views(&leaf, err);
	sbuf_done(&leaf.charset);
	sbuf_done(&leaf.name);
	return st;
}
