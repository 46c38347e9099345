#include "scanners/detect/labels.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/detect/fold.h"
#include "scanners/detect/label_starts.h"
#include "scanners/text/utf8.h"

enum {
	LABELS_BUCKETS = 1024,
	LABELS_ASCII = 0x80,
	LABELS_KANA_FIRST = 0x3041,
	LABELS_KANA = 0x30FB - LABELS_KANA_FIRST,
	/* Of a word in a text, what does not count between its letters
	 * included: it bounds what a start can cost. */
	LABELS_MAX_SPREAD_BYTES = 256,
	LABELS_MAX_ALIKE = 16 /* letters of all in labels_bango_too */
};

/* One letter of a word; words that begin alike share their nodes. */
struct labels_node {
	uint32_t letter;
	uint32_t child; /* index + 1 of the first letter behind; 0: none */
	uint32_t next;  /* of another letter in this place */
	enum label_kind kind; /* of the word that ends here */
	enum label_place place;
};

struct labels {
	label_starts_look *look;
	/* Characters that, folded, start a word. */
	struct label_starts starts;
	struct label_starts distant; /* of words that count at any distance */
	struct label_starts lone;    /* of words of one letter */
	struct label_starts pairs;   /* of first two letters, hashed */
	/* What characters that stand alone fold to; 0: they are left out. */
	uint32_t kana[LABELS_KANA];
	uint32_t ascii[LABELS_ASCII];
	uint32_t buckets[LABELS_BUCKETS]; /* of first letters */
	struct labels_node *nodes;
	size_t count;
};

static size_t
labels_bucket(uint32_t letter)
{
	return (letter ^ letter >> 10) % LABELS_BUCKETS;
}

/* Where a pair of letters is in a set of them. */
static uint32_t
labels_pair(uint32_t first, uint32_t second)
{
	return (first * 0x9E37U ^ second) % LABEL_STARTS_PLANE;
}

/* Mark cp when it, followed by mark (0: by nothing), folds to the start of a
 * word. */
static void
labels_mark_if_start(struct label_starts *starts, uint32_t cp, uint32_t mark)
{
	uint8_t bytes[2 * UTF8_MAX_BYTES];
	size_t len = utf8_encode(cp, bytes);
	size_t at = 0;
	size_t start = 0;
	uint32_t letter = 0;

	if (mark != 0)
		len += utf8_encode(mark, bytes + len);
	letter = fold_letter_next((struct span){ bytes, len }, &at, &start);
	if (letter != 0 && start == 0 && letter < LABEL_STARTS_PLANE &&
	    label_starts_has(starts, letter))
		label_starts_add(starts, cp);
}

/* All characters that fold to a letter; those of kana also without the mark
 * that would be composed with them. Asks the folding itself, over the blocks
 * in which such characters are. */
static void
labels_mark_starts(struct label_starts *starts)
{
	static const struct {
		uint32_t first;
		uint32_t last;
	} blocks[] = { { '0', 'z' }, { 0x3041, 0x30FF }, { 0xFF01, 0xFF9F } };
	static const uint32_t marks[] = { 0, 0x3099, 0x309A };

	for (size_t i = 0; i < ARRAY_LEN(blocks); i++) {
		for (uint32_t cp = blocks[i].first; cp <= blocks[i].last; cp++)
			for (size_t k = 0; k < ARRAY_LEN(marks); k++)
				labels_mark_if_start(starts, cp, marks[k]);
	}
}

/* The node of letter in the list that begins at *link. */
static const struct labels_node *
labels_find(const struct labels *labels, uint32_t link, uint32_t letter)
{
	while (link != 0) {
		const struct labels_node *node = &labels->nodes[link - 1];

		if (node->letter == letter)
			return node;
		link = node->next;
	}
	return NULL;
}

/* Index of the node of letter behind parent (SIZE_MAX: of a first letter); a
 * new one when there is none yet. There is room. */
static size_t
labels_grow(struct labels *labels, size_t parent, uint32_t letter)
{
	uint32_t *link = parent == SIZE_MAX
				 ? &labels->buckets[labels_bucket(letter)]
				 : &labels->nodes[parent].child;
	const struct labels_node *known = labels_find(labels, *link, letter);

	if (known != NULL)
		return (size_t)(known - labels->nodes);
	labels->nodes[labels->count] =
		(struct labels_node){ .letter = letter, .next = *link };
	*link = (uint32_t)++labels->count;
	return labels->count - 1;
}

/* Add the letters of text behind parent; returns the last one's node. */
static size_t
labels_grow_text(struct labels *labels, size_t parent, struct span text)
{
	size_t at = 0;
	size_t start = 0;
	size_t node = parent;
	size_t count = 0;
	uint32_t first = 0;
	uint32_t letter = 0;

	while ((letter = fold_letter_next(text, &at, &start)) != 0) {
		if (node == SIZE_MAX) {
			label_starts_add(&labels->starts, letter);
			first = letter;
		} else if (count == 1) {
			label_starts_add(&labels->pairs,
					 labels_pair(first, letter));
		}
		count++;
		node = labels_grow(labels, node, letter);
	}
	if (count == 1 && parent == SIZE_MAX)
		label_starts_add(&labels->lone, first);
	return node;
}

/* What people write for the last two characters of a word that ends in this. */
static const char labels_bango[] = "番号";
static const char *const labels_bango_too[] = { "No", "№", "ナンバー" };

/* The other ways to write a word; one that is in the files is left alone. */
static void
labels_add_alike(struct labels *labels, const struct words_entry *entry)
{
	const struct span text = span_of(entry->text);
	const size_t tail_bytes = sizeof(labels_bango) - 1;
	struct span head = { NULL, 0 };

	if (text.len_bytes <= tail_bytes ||
	    memcmp(text.ptr + (text.len_bytes - tail_bytes), labels_bango,
		   tail_bytes) != 0 ||
	    !span_cut(text, 0, text.len_bytes - tail_bytes, &head))
		return;
	const size_t parent = labels_grow_text(labels, SIZE_MAX, head);

	for (size_t i = 0; i < ARRAY_LEN(labels_bango_too); i++) {
		const size_t at = labels_grow_text(
			labels, parent, span_of(labels_bango_too[i]));

		if (labels->nodes[at].kind != LABEL_NONE)
			continue;
		labels->nodes[at].kind = entry->kind;
		labels->nodes[at].place = entry->place;
	}
}

static void
labels_add(struct labels *labels, const struct words_entry *entry)
{
	size_t at = 0;
	size_t start = 0;
	const size_t node =
		labels_grow_text(labels, SIZE_MAX, span_of(entry->text));

	if (node == SIZE_MAX)
		return;
	labels->nodes[node].kind = entry->kind;
	labels->nodes[node].place = entry->place;
	if (entry->kind != LABEL_DIRECT && entry->kind != LABEL_FORM)
		return;
	label_starts_add(&labels->distant,
			 fold_letter_next(span_of(entry->text), &at, &start));
}

/* The letter that cp is by itself; 0: it is left out. */
static uint32_t
labels_fold_lone(uint32_t cp)
{
	uint8_t bytes[UTF8_MAX_BYTES];
	const size_t len = utf8_encode(cp, bytes);
	size_t at = 0;
	size_t start = 0;

	return fold_letter_next((struct span){ bytes, len }, &at, &start);
}

static void
labels_fold_plain(struct labels *labels)
{
	for (uint32_t i = 0; i < LABELS_KANA; i++)
		labels->kana[i] = labels_fold_lone(LABELS_KANA_FIRST + i);
	for (uint32_t i = 0; i < LABELS_ASCII; i++)
		labels->ascii[i] = labels_fold_lone(i);
}

void
labels_free(struct labels **labels)
{
	if (*labels == NULL)
		return;
	free((*labels)->nodes);
	free(*labels);
	*labels = NULL;
}

enum status
labels_new(const struct words *words, struct labels **labels_out,
	   struct err *err)
{
	AUTO(labels_free) struct labels *labels = calloc(1, sizeof(*labels));
	const struct words_entries entries = words_entries(words);
	size_t room = 1;

	/* A letter has a byte at least; some words are written in other ways,
	 * too, none of which is longer by more. */
	for (size_t i = 0; i < entries.count; i++)
		room += span_of(entries.items[i].text).len_bytes +
			LABELS_MAX_ALIKE;
	if (labels != NULL)
		labels->nodes = calloc(room, sizeof(*labels->nodes));
	if (labels == NULL || labels->nodes == NULL)
		return err_set(err, ST_NO_MEMORY, "labels: no memory");
	for (size_t i = 0; i < entries.count; i++)
		labels_add(labels, &entries.items[i]);
	/* The last one counts here, too. */
	for (size_t i = entries.count; i > 0; i--)
		labels_add_alike(labels, &entries.items[i - 1]);
	labels_mark_starts(&labels->starts);
	labels_mark_starts(&labels->distant);
	labels_fold_plain(labels);
	labels->look = label_starts_of(cpu_best());
	labels_mark_starts(&labels->lone);
	*labels_out = MOVE(labels);
	return ST_OK;
}

static bool
labels_is_latin(uint32_t letter)
{
	return letter >= 'a' && letter <= 'z';
}

/* A new word begins at at: the capital of trackingNumber. */
static bool
labels_is_hump(struct span text, size_t at)
{
	return at > 0 && at < text.len_bytes && text.ptr[at] >= 'A' &&
	       text.ptr[at] <= 'Z' && text.ptr[at - 1] >= 'a' &&
	       text.ptr[at - 1] <= 'z';
}

/* A letter right before or behind, no blank between: "border" is no order. */
static bool
labels_latin_at(struct span text, size_t at, bool before)
{
	size_t i = at;
	uint32_t cp = 0;

	if ((before ? at == 0 : at >= text.len_bytes) ||
	    labels_is_hump(text, at))
		return false;
	if (before)
		i = utf8_back(text, at);
	cp = fold_width(utf8_next(text, &i)) | 0x20;
	return labels_is_latin(cp);
}

/* Is what ends at end a word by its neighbours? */
static bool
labels_is_word(struct span text, size_t start, uint32_t first, size_t end,
	       uint32_t last)
{
	if (labels_is_latin(first) && labels_latin_at(text, start, true))
		return false;
	return !labels_is_latin(last) || !labels_latin_at(text, end, false);
}

/* Behind the long vowels at at, which belong to the word before them. */
static size_t
labels_skip_vowels(struct span text, size_t at)
{
	static const uint8_t vowels[][3] = { { 0xE3, 0x83, 0xBC },
					     { 0xEF, 0xBD, 0xB0 } };

	while (text.len_bytes - at >= sizeof(vowels[0]) &&
	       (memcmp(text.ptr + at, vowels[0], sizeof(vowels[0])) == 0 ||
		memcmp(text.ptr + at, vowels[1], sizeof(vowels[1])) == 0))
		at += sizeof(vowels[0]);
	return at;
}

/* The letter at at, as far as a character that is not composed says; 0 where
 * folding has more to say. */
static inline uint32_t
labels_plain_letter(const struct labels *labels, struct span text, size_t at)
{
	const uint8_t *c = text.ptr + at;
	uint32_t cp = 0;

	if (at >= text.len_bytes)
		return 0;
	if (c[0] < LABELS_ASCII)
		return labels->ascii[c[0]];
	if (text.len_bytes - at < 3 || (c[0] & 0xF0) != 0xE0)
		return 0;
	cp = (c[0] & 0x0FU) << 12 | (c[1] & 0x3FU) << 6 | (c[2] & 0x3FU);
	if (cp >= LABELS_KANA_FIRST && cp < LABELS_KANA_FIRST + LABELS_KANA)
		return labels->kana[cp - LABELS_KANA_FIRST];
	return cp >= 0x4E00 && cp <= 0x9FFF ? cp : 0;
}

/* May the kana of three bytes at at make another letter with a mark behind, or
 * with one behind what is left out? Neither is ASCII nor another letter. */
static inline bool
labels_is_composed(struct span text, size_t at)
{
	const uint8_t *next = text.ptr + at + 3;

	if (text.len_bytes - at <= 3 || text.ptr[at] != 0xE3 ||
	    next[0] < LABELS_ASCII || (next[0] >= 0xE4 && next[0] <= 0xE9))
		return false;
	if (next[0] != 0xE3 || text.len_bytes - at < 6 || next[1] < 0x80)
		return true;
	/* Of U+3000 to U+303F blanks and waves are left out. */
	if (next[1] == 0x80)
		return next[2] == 0x80 || next[2] == 0x9C || next[2] == 0xB0 ||
		       next[2] == 0xBF;
	/* U+3099 to U+309C are the marks. */
	return next[1] == 0x82 && next[2] >= 0x99 && next[2] <= 0x9C;
}

/* As fold_letter_next(), which is asked only where it has more to say. */
static uint32_t
labels_letter_next(const struct labels *labels, struct span text, size_t *at)
{
	const uint32_t letter = labels_plain_letter(labels, text, *at);
	size_t start = 0;

	if (letter == 0 || labels_is_composed(text, *at))
		return fold_letter_next(text, at, &start);
	*at += text.ptr[*at] < LABELS_ASCII ? 1 : 3;
	return letter;
}

/* The longest word that starts at start with the letter first. */
static bool
labels_at(const struct labels *labels, struct span text, size_t start,
	  uint32_t first, struct label *label_out)
{
	uint32_t link = labels->buckets[labels_bucket(first)];
	size_t at = start;
	bool found = false;

	while (link != 0) {
		const uint32_t letter = labels_letter_next(labels, text, &at);

		if (letter == 0 || at - start > LABELS_MAX_SPREAD_BYTES)
			break;
		const struct labels_node *node =
			labels_find(labels, link, letter);

		if (node == NULL)
			break;
		link = node->child;
		if (node->kind == LABEL_NONE ||
		    !labels_is_word(text, start, first, at, letter))
			continue;
		*label_out =
			(struct label){ node->kind, node->place, start, at };
		found = true;
	}
	if (found)
		label_out->end_at = labels_skip_vowels(text, label_out->end_at);
	return found;
}

/* In the middle of a word of ASCII letters no label starts. */
static bool
labels_is_inside(struct span text, size_t at)
{
	return at > 0 && text.ptr[at] < 0x80 &&
	       labels_is_latin(text.ptr[at] | 0x20U) &&
	       labels_is_latin(text.ptr[at - 1] | 0x20U) &&
	       !labels_is_hump(text, at);
}

/*
 * What starts like a word at at, does it go on like one? A look at the next
 * two characters, where they are what they seem: most of what starts like a
 * word is over by then.
 */
static inline bool
labels_goes_on(const struct labels *labels, struct span text, size_t at)
{
	const uint32_t first = labels_plain_letter(labels, text, at);
	size_t next = at + (text.ptr[at] < LABELS_ASCII ? 1 : 3);
	uint32_t second = 0;

	if (first == 0 || label_starts_has(&labels->lone, first))
		return true;
	/* Blanks and the like are left out of words. */
	while (next < text.len_bytes && text.ptr[next] < LABELS_ASCII &&
	       labels->ascii[text.ptr[next]] == 0) {
		/* The marks of a quoted mail are left out there, too. */
		if (text.ptr[next] == '\n' && next + 1 < text.len_bytes &&
		    text.ptr[next + 1] == '>')
			return true;
		next++;
	}
	second = labels_plain_letter(labels, text, next);
	if (next >= text.len_bytes)
		return false;
	return second == 0 || labels_is_composed(text, next) ||
	       label_starts_has(&labels->pairs, labels_pair(first, second));
}

/* The word at at, where one may start. */
static bool
labels_here(const struct labels *labels, struct span text, size_t at,
	    struct label *label_out)
{
	size_t start = at;
	size_t next = at;
	uint32_t letter = 0;

	if (labels_is_inside(text, at) || !labels_goes_on(labels, text, at))
		return false;
	letter = labels_plain_letter(labels, text, at);
	if (letter == 0 || labels_is_composed(text, at))
		letter = fold_letter_next(text, &next, &start);
	return letter != 0 && start == at &&
	       labels_at(labels, text, start, letter, label_out);
}

/* The next word that begins with one of starts. */
static bool
labels_next_of(const struct labels *labels, const struct label_starts *starts,
	       struct span text, size_t at, struct label *label_out)
{
	for (; at < text.len_bytes; at += LABEL_STARTS_BLOCK_BYTES) {
		uint64_t found = labels->look(starts, text, at);

		while (found != 0) {
			const size_t start =
				at + (size_t)__builtin_ctzll(found);

			if (labels_here(labels, text, start, label_out))
				return true;
			found &= found - 1;
		}
	}
	return false;
}

bool
labels_next(const struct labels *labels, struct span text, size_t at,
	    struct label *label_out)
{
	return labels_next_of(labels, &labels->starts, text, at, label_out);
}

bool
labels_next_distant(const struct labels *labels, struct span text, size_t at,
		    struct label *label_out)
{
	return labels_next_of(labels, &labels->distant, text, at, label_out);
}
