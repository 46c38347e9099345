#include "scanners/worker/engine_path.h"

#include <inttypes.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/detect/detect.h"
#include "scanners/text/plain.h"
#include "scanners/worker/engine_hide.h"

enum {
	PATH_MASK_ROOM_BYTES = 4096,
	/* A parent longer than this is cut, so that the child's own name and
	 * number are always whole. */
	PATH_PARENT_BYTES = ENGINE_PATH_BYTES - 2 * ENGINE_NAME_BYTES
};

size_t
engine_path_cut(struct span text, size_t max_bytes)
{
	size_t at = text.len_bytes;

	if (at <= max_bytes)
		return at;
	at = max_bytes;
	while (at > 0 && (text.ptr[at] & 0xc0) == 0x80)
		at--;
	return at;
}

void
engine_path_add_words(struct sbuf *out, const char *words, enum words_text kind)
{
	AUTO(sbuf_done) struct sbuf safe;
	AUTO(sbuf_done) struct sbuf said;
	AUTO(sbuf_done) struct sbuf masked;
	struct span text;

	sbuf_init_secret(&safe, PATH_MASK_ROOM_BYTES);
	sbuf_init(&said, PATH_MASK_ROOM_BYTES);
	sbuf_init(&masked, PATH_MASK_ROOM_BYTES);
	text_add_plain(&safe, span_of(words), PATH_MASK_ROOM_BYTES / 8);
	if (kind == WORDS_TEXT_NONE)
		sbuf_add_span(&said, sbuf_span(&safe));
	else
		engine_hide_said(sbuf_span(&safe), kind, &said);
	/* Mask first and cut then: a cut run might look too short to mask. */
	detect_mask(sbuf_span(&said), &masked);
	text = sbuf_span(&masked);
	text.len_bytes = engine_path_cut(text, ENGINE_NAME_BYTES);
	sbuf_add_span(out, text);
}

void
engine_path_add_name(struct sbuf *out, const char *name)
{
	engine_path_add_words(out, name, WORDS_TEXT_NAMES);
}

static char *
path_take(const struct sbuf *out)
{
	return out->st == ST_OK ? strdup(sbuf_text(out)) : NULL;
}

char *
engine_path_child(const char *parent, enum engine_path_kind kind,
		  uint64_t number_in_parent, const char *name)
{
	AUTO(sbuf_done) struct sbuf out;
	struct span above = span_of(parent);
	const bool is_root_mail = strcmp(parent, ENGINE_PATH_ROOT_MAIL) == 0;

	sbuf_init(&out, ENGINE_PATH_BYTES);
	above.len_bytes = engine_path_cut(above, PATH_PARENT_BYTES);
	if (!is_root_mail) {
		sbuf_add_span(&out, above);
		sbuf_add_byte(&out, '/');
	}
	if (kind == ENGINE_PATH_OF_MAIL || name[0] == '\0')
		sbuf_addf(&out, "%" PRIu64, number_in_parent);
	if (kind == ENGINE_PATH_OF_MAIL && name[0] != '\0')
		sbuf_add_byte(&out, '/');
	engine_path_add_name(&out, name);
	return path_take(&out);
}

char *
engine_path_root(enum engine_path_kind kind, const char *name)
{
	AUTO(sbuf_done) struct sbuf out;

	sbuf_init(&out, ENGINE_PATH_BYTES);
	if (kind == ENGINE_PATH_OF_MAIL)
		sbuf_add_text(&out, ENGINE_PATH_ROOT_MAIL);
	else if (name[0] == '\0')
		sbuf_add_text(&out, ENGINE_PATH_ROOT_FILE);
	else
		engine_path_add_name(&out, name);
	return path_take(&out);
}
