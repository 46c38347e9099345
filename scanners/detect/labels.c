#include "scanners/detect/labels.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/detect/fold.h"
#include "scanners/text/utf8.h"

enum {
	LABELS_BUCKETS = 1024,
	LABELS_MAX_LETTERS = 32,
	LABELS_MAX_SPREAD_BYTES = 256 /* of a word in a text, gaps included */
};

static const struct {
	enum label_kind kind;
	enum label_place place;
	const char *text;
} label_words[] = {
#include "scanners/detect/words_table.h"
};

/* A word as letters, in a list of those that start alike. */
struct labels_word {
	uint32_t letters[LABELS_MAX_LETTERS];
	size_t count;
	uint16_t next; /* index + 1; 0: the last */
};

struct labels {
	bool starts[256]; /* by the first byte in UTF-8 */
	uint16_t buckets[LABELS_BUCKETS];
	struct labels_word words[ARRAY_LEN(label_words)];
};

static size_t
labels_bucket(uint32_t letter)
{
	return (letter ^ letter >> 10) % LABELS_BUCKETS;
}

/* Every byte that a character which folds to letter may start with. */
static void
labels_mark_starts(struct labels *labels, uint32_t letter)
{
	uint8_t room[UTF8_MAX_BYTES];

	(void)utf8_encode(letter, room);
	labels->starts[room[0]] = true;
	if (letter >= 'a' && letter <= 'z')
		labels->starts[letter - 0x20] = true;
	if (letter < 0x80 || (letter >= 0x30A0 && letter <= 0x30FF))
		labels->starts[0xEF] = true; /* full-width, half-width */
	if (letter >= 0x30A0 && letter <= 0x30FF)
		labels->starts[0xE3] = true; /* hiragana */
}

static void
labels_add(struct labels *labels, size_t index)
{
	struct labels_word *word = &labels->words[index];
	const struct span text = span_of(label_words[index].text);
	size_t at = 0;
	size_t start = 0;
	uint32_t letter = 0;

	while (word->count < LABELS_MAX_LETTERS &&
	       (letter = fold_letter_next(text, &at, &start)) != 0)
		word->letters[word->count++] = letter;
	if (word->count == 0)
		return;
	uint16_t *bucket = &labels->buckets[labels_bucket(word->letters[0])];

	word->next = *bucket;
	*bucket = (uint16_t)(index + 1);
	labels_mark_starts(labels, word->letters[0]);
}

enum status
labels_new(struct labels **labels_out, struct err *err)
{
	struct labels *labels = calloc(1, sizeof(*labels));

	if (labels == NULL)
		return err_set(err, ST_NO_MEMORY, "labels: no memory");
	for (size_t i = 0; i < ARRAY_LEN(label_words); i++)
		labels_add(labels, i);
	*labels_out = labels;
	return ST_OK;
}

void
labels_free(struct labels **labels)
{
	free(*labels);
	*labels = NULL;
}

static bool
labels_is_latin(uint32_t letter)
{
	return letter >= 'a' && letter <= 'z';
}

/* A letter right before or behind, no blank between: "border" is no order. */
static bool
labels_latin_at(struct span text, size_t at, bool before)
{
	size_t i = at;
	uint32_t cp = 0;

	if (before ? at == 0 : at >= text.len_bytes)
		return false;
	if (before)
		i = utf8_back(text, at);
	cp = fold_width(utf8_next(text, &i)) | 0x20;
	return labels_is_latin(cp);
}

/* Does word stand at start? Its end to *end_out. */
static bool
labels_match(const struct labels_word *word, struct span text, size_t start,
	     size_t *end_out)
{
	size_t at = start;
	size_t ignored = 0;

	for (size_t i = 0; i < word->count; i++)
		if (fold_letter_next(text, &at, &ignored) != word->letters[i] ||
		    at - start > LABELS_MAX_SPREAD_BYTES)
			return false;
	if (labels_is_latin(word->letters[0]) &&
	    labels_latin_at(text, start, true))
		return false;
	if (labels_is_latin(word->letters[word->count - 1]) &&
	    labels_latin_at(text, at, false))
		return false;
	*end_out = at;
	return true;
}

/* The longest word that starts at start. */
static bool
labels_at(const struct labels *labels, struct span text, size_t start,
	  uint32_t letter, struct label *label_out)
{
	uint16_t index = labels->buckets[labels_bucket(letter)];
	struct label best = { 0 };

	while (index != 0) {
		const struct labels_word *word = &labels->words[index - 1];
		size_t end = 0;

		if (word->letters[0] == letter &&
		    labels_match(word, text, start, &end) && end > best.end_at)
			best = (struct label){ label_words[index - 1].kind,
					       label_words[index - 1].place,
					       start, end };
		index = word->next;
	}
	if (best.end_at == 0)
		return false;
	*label_out = best;
	return true;
}

bool
labels_next(const struct labels *labels, struct span text, size_t at,
	    struct label *label_out)
{
	size_t start = 0;

	while (at < text.len_bytes) {
		if (!labels->starts[text.ptr[at]]) {
			at++;
			continue;
		}
		size_t next = at;
		const uint32_t letter = fold_letter_next(text, &next, &start);

		if (letter != 0 && labels->starts[text.ptr[start]] &&
		    labels_at(labels, text, start, letter, label_out))
			return true;
		/* One character on, not more: a letter may be composed. */
		at = start > at ? start : at + 1;
	}
	return false;
}
