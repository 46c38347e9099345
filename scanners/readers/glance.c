#include "scanners/readers/glance.h"

#include <string.h>

#include "scanners/readers/encoded_file.h"
#include "scanners/readers/glance_look.h"
#include "scanners/text/readings.h"

struct glance_walk {
	struct span bytes;
	struct glance_marks marks;
	bool line_starts; /* where the next block does */
	size_t run;       /* letters right before it */
};

static bool
glance_has(struct span bytes, size_t at, struct span mark)
{
	struct span part = { 0 };

	return span_cut(bytes, at, mark.len_bytes, &part) &&
	       memcmp(part.ptr, mark.ptr, mark.len_bytes) == 0;
}

/* Lines of the block at at that start with what bits show. */
static void
glance_note_files(struct glance_walk *walk, size_t at, uint64_t bits)
{
	for (; bits != 0; bits &= bits - 1) {
		const size_t line_at = at + (size_t)__builtin_ctzll(bits);

		if (encoded_mark_at(walk->bytes, line_at) == ENCODED_NONE)
			continue;
		walk->marks.file_at = line_at;
		return;
	}
}

static void
glance_note_marks(struct glance_walk *walk, size_t at, uint64_t bits)
{
	static const char armor[] = "-----BEGIN ";
	static const char end[] = "startxref";
	const struct span marks[] = {
		{ (const uint8_t *)armor, sizeof(armor) - 1 },
		{ (const uint8_t *)end, sizeof(end) - 1 },
	};
	size_t *const places[] = { &walk->marks.armor_at, &walk->marks.end_at };

	for (; bits != 0; bits &= bits - 1) {
		const size_t mark_at = at + (size_t)__builtin_ctzll(bits);

		for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
			if (mark_at < *places[i] &&
			    glance_has(walk->bytes, mark_at, marks[i]))
				*places[i] = mark_at;
	}
}

/* Where bits has GLANCE_LETTERS in a row; 0: nowhere. */
static uint64_t
glance_runs(uint64_t bits)
{
	for (unsigned half = 1; half < GLANCE_LETTERS; half *= 2)
		bits &= bits >> half;
	return bits;
}

/* Letters go on from block to block. */
static void
glance_note_letters(struct glance_walk *walk, size_t at, uint64_t bits)
{
	const size_t first = ~bits == 0 ? GLANCE_BLOCK_BYTES
					: (size_t)__builtin_ctzll(~bits);
	const uint64_t runs = glance_runs(bits);

	if (walk->run + first >= GLANCE_LETTERS)
		walk->marks.letters_at = at - walk->run;
	else if (runs != 0)
		walk->marks.letters_at = at + (size_t)__builtin_ctzll(runs);
	walk->run = ~bits == 0 ? GLANCE_BLOCK_BYTES
			       : (size_t)__builtin_clzll(~bits);
}

static void
glance_note(struct glance_walk *walk, size_t at,
	    const struct glance_block *block)
{
	const size_t none = walk->bytes.len_bytes;
	const uint64_t starts =
		block->heads & (block->ends << 1 | walk->line_starts);

	if (starts != 0 && walk->marks.file_at == none)
		glance_note_files(walk, at, starts);
	if (block->marks != 0)
		glance_note_marks(walk, at, block->marks);
	if (walk->marks.letters_at == none)
		glance_note_letters(walk, at, block->letters);
	walk->line_starts = block->ends >> (GLANCE_BLOCK_BYTES - 1) != 0;
}

struct glance_marks
glance_search(enum cpu_way way, struct span bytes)
{
	glance_look *const look = glance_look_of(way);
	const size_t none = bytes.len_bytes;
	struct glance_walk walk = { .bytes = bytes,
				    .marks = { none, none, none, none },
				    .line_starts = true };
	uint8_t room[GLANCE_READ_BYTES] = { 0 };
	struct glance_block block = { 0, 0, 0, 0 };
	size_t at = 0;

	for (; bytes.len_bytes - at >= GLANCE_READ_BYTES;
	     at += GLANCE_BLOCK_BYTES) {
		block = look(bytes.ptr + at);
		glance_note(&walk, at, &block);
	}
	for (; at < bytes.len_bytes; at += GLANCE_BLOCK_BYTES) {
		const size_t left = bytes.len_bytes - at;

		memset(room, 0, sizeof(room));
		memcpy(room, bytes.ptr + at, left);
		block = look(room);
		glance_note(&walk, at, &block);
	}
	explicit_bzero(room, sizeof(room));
	return walk.marks;
}

/* Where what is found out about body can be kept, or NULL. */
static struct glance *
glance_of(struct span body, const struct child *hint)
{
	struct glance *glance = hint->glance;

	return glance != NULL && glance->bytes.ptr == body.ptr &&
			       glance->bytes.len_bytes == body.len_bytes
		       ? glance
		       : NULL;
}

struct glance_marks
glance_marks(struct span body, const struct child *hint)
{
	struct glance *glance = glance_of(body, hint);

	if (glance == NULL)
		return glance_search(cpu_best(), body);
	if (!glance->searched)
		glance->marks = glance_search(cpu_best(), body);
	glance->searched = true;
	return glance->marks;
}

bool
glance_is_text(struct span body, const struct child *hint)
{
	struct glance *glance = glance_of(body, hint);

	if (glance == NULL)
		return text_is_plausible(body);
	if (glance->text == GLANCE_ANSWER_NONE)
		glance->text = text_is_plausible(body) ? GLANCE_ANSWER_YES
						       : GLANCE_ANSWER_NO;
	return glance->text == GLANCE_ANSWER_YES;
}
