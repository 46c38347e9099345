#include "scanners/readers/ooxml_paragraph.h"

#include "lib/base/parse.h"

void
ooxml_paragraph_init(struct ooxml_paragraph *paragraph)
{
	*paragraph = (struct ooxml_paragraph){ .parted = false };
	for (size_t i = 0; i < OOXML_READINGS; i++)
		sbuf_init_secret(&paragraph->readings[i], SIZE_MAX / 2);
}

void
ooxml_paragraph_done(struct ooxml_paragraph *paragraph)
{
	for (size_t i = 0; i < OOXML_READINGS; i++)
		sbuf_done(&paragraph->readings[i]);
}

void
ooxml_paragraph_add(struct ooxml_paragraph *paragraph, unsigned mask,
		    struct span text)
{
	struct sbuf *readings = paragraph->readings;

	if (mask != OOXML_MASK_ALL && !paragraph->parted) {
		paragraph->parted = true;
		for (size_t i = 1; i < OOXML_READINGS; i++)
			sbuf_add_span(&readings[i], sbuf_span(&readings[0]));
	}
	for (size_t i = 0; i < OOXML_READINGS; i++)
		if ((mask >> i & 1) != 0 && (i == 0 || paragraph->parted))
			sbuf_add_span(&readings[i], text);
}

enum status
ooxml_paragraph_end(struct ooxml_paragraph *paragraph, struct sbuf *out,
		    struct ooxml_side *side, struct err *err)
{
	static const enum ooxml_side_kind kinds[OOXML_READINGS] = {
		[OOXML_READ_SHOWN] = OOXML_SIDE_SHOWN,
		[OOXML_READ_BEFORE] = OOXML_SIDE_BEFORE,
		[OOXML_READ_FALLBACK] = OOXML_SIDE_FALLBACK,
	};
	struct sbuf *readings = paragraph->readings;
	const struct span now = sbuf_span(&readings[OOXML_READ_NOW]);
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < OOXML_READINGS; i++)
		st = sbuf_status(&readings[i], "ooxml: paragraph", err);
	if (st != ST_OK)
		return st;
	sbuf_add_span(out, now);
	if (!paragraph->joins)
		sbuf_add_byte(out, '\n');
	for (size_t i = 1; i < OOXML_READINGS && paragraph->parted; i++)
		if (readings[i].len_bytes > 0 &&
		    !span_equal(sbuf_span(&readings[i]), now))
			ooxml_side_add(side, kinds[i], sbuf_span(&readings[i]));
	for (size_t i = 0; i < OOXML_READINGS; i++)
		sbuf_clear(&readings[i]);
	paragraph->parted = false;
	paragraph->joins = false;
	paragraph->hidden = false;
	return ST_OK;
}
