/*
 * Strings of objects, as they stand in the file: scripts, lists of choices,
 * labels of pages, structure, names, and whatever else has a text that
 * poppler-glib has no function for. And who refers to whom.
 */
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/pdf/pdf_decode.h"
#include "scanners/pdf/pdf_file.h"
#include "scanners/pdf/pdf_tokens.h"
#include "scanners/text/readings.h"

enum {
	OBJECT_LEAST_BYTES = 2,
	OBJECT_ASK_BYTES = 4096,
	OBJECT_MAX_DEPTH = 32,
	OBJECT_MAX_PACKED = 100000
};

struct object_walk {
	struct pdf_file *file;
	struct tokens tokens;
	uint32_t number; /* of the object */
	size_t depth;    /* of dictionaries; entries that hold those: */
	char parents[OBJECT_MAX_DEPTH + 1][TOKEN_NAME_BYTES];
	char key[TOKEN_NAME_BYTES]; /* the name before the last one */
	enum token last;            /* token */
	uint32_t numbers[2];        /* the last two in a row */
	size_t number_count;
	size_t asked_at; /* when time was looked at last */
};

/* Asking for the time costs more than a token does. */
static bool
object_is_over(struct object_walk *walk)
{
	if (walk->tokens.at - walk->asked_at < OBJECT_ASK_BYTES)
		return false;
	walk->asked_at = walk->tokens.at;
	return pdf_sink_is_over(walk->file->sink);
}

/* Names of entries whose strings are no text, or that poppler gave already. */
static bool
object_is_other(const char *name)
{
	static const char *const others[] = {
		"ID",       "DA",        "CreationDate", "ModDate", "M",
		"Registry", "Ordering",  "CharSet",      "Panose",  "Cert",
		"O",        "U",         "OE",           "UE",      "Perms",
		"CheckSum", "ByteRange", "LastModified", "Lang",
	};

	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (strcmp(name, others[i]) == 0)
			return true;
	return false;
}

/* Text is UTF-16 or UTF-8 behind a mark, else of any set. */
static void
object_give(struct object_walk *walk)
{
	const struct span text = sbuf_span(&walk->tokens.text);
	const char *name = walk->tokens.name;
	struct sbuf utf8;

	if (text.len_bytes < OBJECT_LEAST_BYTES || object_is_other(name) ||
	    !text_is_plausible(text))
		return;
	sbuf_init_secret(&utf8, SIZE_MAX / 2);
	text_decode_best(text, (struct span){ 0 }, &utf8);
	if (utf8.st == ST_OK)
		pdf_file_keep(walk->file, name[0] != '\0' ? name : "Text",
			      sbuf_span(&utf8));
	sbuf_done(&utf8);
}

/* Of the dictionary that the walk is in; "" for the object itself. */
static const char *
object_parent(const struct object_walk *walk)
{
	return walk->depth > 0 && walk->depth <= OBJECT_MAX_DEPTH
		       ? walk->parents[walk->depth]
		       : "";
}

static void
object_open(struct object_walk *walk)
{
	if (++walk->depth <= OBJECT_MAX_DEPTH)
		memcpy(walk->parents[walk->depth], walk->tokens.name,
		       TOKEN_NAME_BYTES);
}

/* The entry that the dictionary was the value of is over. */
static void
object_close(struct object_walk *walk)
{
	walk->depth -= walk->depth > 0;
	walk->tokens.name[0] = '\0';
}

static void
object_start(struct object_walk *walk, uint32_t number)
{
	walk->number = number;
	walk->depth = 0;
	walk->tokens.name[0] = '\0';
}

/* "12 0 obj" or "12 0 R". */
static void
object_word(struct object_walk *walk)
{
	const char *word = walk->tokens.word;

	if (walk->number_count < 2)
		return;
	if (strcmp(word, "R") == 0)
		facts_add_reference(&walk->file->facts, walk->number,
				    object_parent(walk), walk->tokens.name,
				    walk->numbers[0]);
	else if (strcmp(word, "obj") == 0)
		object_start(walk, walk->numbers[0]);
}

static void
object_token(struct object_walk *walk, enum token token)
{
	switch (token) {
	case TOKEN_NAME:
		facts_add_name(&walk->file->facts, walk->number,
			       object_parent(walk),
			       walk->last == TOKEN_NAME ? walk->key : "",
			       walk->tokens.name);
		break;
	case TOKEN_STRING:
		object_give(walk);
		break;
	case TOKEN_OPEN:
		object_open(walk);
		break;
	case TOKEN_CLOSE:
		object_close(walk);
		break;
	case TOKEN_WORD:
		object_word(walk);
		break;
	case TOKEN_NONE:
	case TOKEN_NUMBER:
	default:
		break;
	}
}

static void
object_count_numbers(struct object_walk *walk, enum token token)
{
	if (token != TOKEN_NUMBER) {
		walk->number_count = 0;
		return;
	}
	if (walk->number_count == 2) {
		walk->numbers[0] = walk->numbers[1];
		walk->number_count = 1;
	}
	walk->numbers[walk->number_count++] = walk->tokens.number;
}

uint32_t
pdf_objects_read(struct pdf_file *file, uint32_t number, struct span objects)
{
	struct object_walk walk = { .file = file, .number = number };
	enum token token = TOKEN_NONE;

	tokens_init(&walk.tokens, objects);
	while (!object_is_over(&walk)) {
		memcpy(walk.key, walk.tokens.name, sizeof(walk.key));
		if (!tokens_next(&walk.tokens, &token))
			break;
		object_token(&walk, token);
		object_count_numbers(&walk, token);
		walk.last = token;
	}
	tokens_done(&walk.tokens);
	return walk.number;
}

/* Numbers of objects and where each begins, behind the first one. */
static size_t
objects_take_table(struct span unpacked, uint32_t *table, size_t room)
{
	struct tokens tokens;
	enum token token = TOKEN_NONE;
	size_t count = 0;

	tokens_init(&tokens, unpacked);
	while (count < room && tokens_next(&tokens, &token) &&
	       token == TOKEN_NUMBER)
		table[count++] = tokens.number;
	tokens_done(&tokens);
	return count;
}

void
pdf_objects_read_packed(struct pdf_file *file, struct span dictionary,
			struct span unpacked)
{
	const size_t first = pdf_decode_number(dictionary, "/First", 0);
	const size_t said = pdf_decode_number(dictionary, "/N", 0);
	const size_t room =
		2 * (said < OBJECT_MAX_PACKED ? said : OBJECT_MAX_PACKED);
	uint32_t *table = g_new(uint32_t, room + 1);
	const size_t count = objects_take_table(unpacked, table, room) / 2;
	size_t end = 0;

	for (size_t i = 0; i < count; i++) {
		const size_t from = first + table[2 * i + 1];
		const size_t to = i + 1 < count ? first + table[2 * i + 3]
						: unpacked.len_bytes;
		struct span object = { 0 };

		if (from < end || to < from ||
		    !span_cut(unpacked, from, to - from, &object))
			break;
		(void)pdf_objects_read(file, table[2 * i], object);
		end = to;
	}
	g_free(table);
	if (end < unpacked.len_bytes) {
		struct span rest = { 0 };

		(void)span_cut(unpacked, end, unpacked.len_bytes - end, &rest);
		(void)pdf_objects_read(file, 0, rest);
	}
}
