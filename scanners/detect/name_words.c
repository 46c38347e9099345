#include "scanners/detect/name_words.h"

#include "scanners/detect/lead.h"

/* Names are short: what is longer is looked at so far. */
enum { NAME_WORDS_MAX_BYTES = 128 };

static bool
name_words_is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool
name_words_is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* "employeeMyNumber" has three words: "_" goes between, which labels skip.
 * Returns the length. */
static size_t
name_words_split(const char *name, uint8_t room[NAME_WORDS_MAX_BYTES])
{
	char last = '\0';
	size_t len = 0;

	for (const char *at = name;
	     *at != '\0' && len < NAME_WORDS_MAX_BYTES - 1; at++) {
		if (name_words_is_lower(last) && name_words_is_upper(*at))
			room[len++] = '_';
		room[len++] = (uint8_t)*at;
		last = *at;
	}
	return len;
}

unsigned
name_words_person(enum label_kind kind)
{
	switch (kind) {
	case LABEL_BIRTH:
		return EVIDENCE_HAS_BIRTH;
	case LABEL_FAMILY:
		return EVIDENCE_HAS_FAMILY;
	case LABEL_NAME:
		return EVIDENCE_HAS_NAME;
	case LABEL_ADDRESS:
		return EVIDENCE_HAS_ADDRESS;
	case LABEL_NONE:
	case LABEL_DIRECT:
	case LABEL_RIVAL:
	case LABEL_FORM:
	case LABEL_WEAK:
	default:
		return 0;
	}
}

struct name_words
name_words_of(const struct labels *labels, const char *name)
{
	uint8_t room[NAME_WORDS_MAX_BYTES];
	const struct span text = { room, name_words_split(name, room) };
	struct name_words words = { .header = JUDGE_HEADER_NONE };
	struct label label = { .kind = LABEL_NONE };
	size_t at = 0;

	while (labels_next(labels, text, at, &label)) {
		at = label.end_at;
		words.person |= name_words_person(label.kind);
		/* A short word is a name with nothing behind it. */
		if (label.place == LABEL_TOUCHING &&
		    (label.kind != LABEL_DIRECT ||
		     label.end_at != text.len_bytes))
			continue;
		if (label.kind == LABEL_DIRECT)
			words.header = JUDGE_HEADER_DIRECT;
		else if (label.kind == LABEL_RIVAL)
			words.header = JUDGE_HEADER_RIVAL;
	}
	if (words.header == JUDGE_HEADER_NONE && lead_is_noun(text))
		words.header = JUDGE_HEADER_RIVAL;
	return words;
}
