#include "courier/notices/plain.h"

#include <string.h>

enum { PLAIN_WORDS_BYTES = 64 * 1024 };

struct plain {
	const struct layout *layout;
	bool japanese;
	struct sbuf *words; /* of the block at hand */
	struct sbuf *out;
};

/* Columns on a terminal: what is no ASCII takes two of them. */
static size_t
plain_width(const char *text)
{
	size_t columns = 0;

	for (const char *p = text; *p != '\0'; p++) {
		const unsigned char byte = (unsigned char)*p;

		if (byte < 0x80)
			columns++;
		else if ((byte & 0xc0) != 0x80)
			columns += 2;
	}
	return columns;
}

/* Lines of words, each behind indent; blanks in front of them are dropped. */
static void
plain_add_lines(const struct plain *plain, const char *first,
		const char *indent)
{
	const char *line = sbuf_text(plain->words);

	sbuf_add_text(plain->out, first);
	while (*line != '\0') {
		const size_t len = strcspn(line, "\n");

		sbuf_add(plain->out, line, len);
		sbuf_add_byte(plain->out, '\n');
		line += len;
		line += *line == '\n';
		line += strspn(line, " ");
		if (*line != '\0')
			sbuf_add_text(plain->out, indent);
	}
}

/* The widest label, so that all facts line up. */
static size_t
plain_label_width(const struct layout *layout)
{
	size_t widest = 0;

	for (size_t i = 0; i < layout->block_count; i++) {
		const size_t width = plain_width(layout->blocks[i].label);

		if (layout->blocks[i].kind == LAYOUT_FACT && width > widest)
			widest = width;
	}
	return widest;
}

static void
plain_add_fact(const struct plain *plain, const struct layout_block *block)
{
	size_t missing =
		plain_label_width(plain->layout) - plain_width(block->label);

	sbuf_addf(plain->out, "  %s", block->label);
	if (strchr(sbuf_text(plain->words), '\n') != NULL) {
		plain_add_lines(plain, ":\n    ", "    ");
		return;
	}
	/* Wide blanks keep the columns where letters are not all alike. */
	for (; plain->japanese && missing > 1; missing -= 2)
		sbuf_add_text(plain->out, "\xe3\x80\x80");
	for (; missing > 0; missing--)
		sbuf_add_byte(plain->out, ' ');
	plain_add_lines(plain, ": ", "    ");
}

static void
plain_add_block(const struct plain *plain, const struct layout_block *block)
{
	switch (block->kind) {
	case LAYOUT_FACT:
		plain_add_fact(plain, block);
		break;
	case LAYOUT_HEADING:
		plain_add_lines(plain, plain->japanese ? "■ " : "", "");
		break;
	case LAYOUT_ITEM:
		plain_add_lines(plain, plain->japanese ? "  ・" : "  - ",
				"    ");
		break;
	case LAYOUT_QUOTE:
		plain_add_lines(plain, "> ", "> ");
		break;
	case LAYOUT_CODE:
		plain_add_lines(plain, "    ", "    ");
		break;
	case LAYOUT_BUTTON:
		sbuf_addf(plain->out, "%s:\n", block->label);
		plain_add_lines(plain, "  ", "  ");
		break;
	case LAYOUT_TITLE:
	case LAYOUT_PARAGRAPH:
	case LAYOUT_NONE:
	default:
		plain_add_lines(plain, "", "");
		break;
	}
}

/* Facts and items stand close, and both close to their heading. */
static bool
plain_is_close(enum layout_kind before, enum layout_kind kind)
{
	return before == LAYOUT_NONE || before == LAYOUT_HEADING ||
	       (before == kind && (kind == LAYOUT_FACT || kind == LAYOUT_ITEM));
}

enum status
plain_write(const struct layout *layout, const char *footer,
	    const struct layout_values *values, enum i18n_language language,
	    struct sbuf *out, struct err *err)
{
	AUTO(sbuf_done) struct sbuf words;
	const struct plain plain = {
		.layout = layout,
		.japanese = language == I18N_LANGUAGE_JA,
		.words = &words,
		.out = out,
	};
	const struct layout_block *block = NULL;
	enum layout_kind before = LAYOUT_NONE;
	size_t at = 0;
	enum status st = ST_OK;

	/* They may be a link with its secret. */
	sbuf_init_secret(&words, PLAIN_WORDS_BYTES);
	while ((block = layout_next(layout, values, &at)) != NULL) {
		sbuf_clear(&words);
		layout_render(block->words, values, &words);
		if (!plain_is_close(before, block->kind))
			sbuf_add_byte(out, '\n');
		plain_add_block(&plain, block);
		st = sbuf_status(&words, "notices: words", err);
		if (st != ST_OK)
			return st;
		before = block->kind;
	}
	sbuf_clear(&words);
	layout_render(footer, values, &words);
	plain_add_lines(&plain, "\n-- \n", "");
	st = sbuf_status(&words, "notices: words", err);
	return st == ST_OK ? sbuf_status(out, "notices: text", err) : st;
}
