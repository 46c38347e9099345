#include "scanners/readers/inflate_code.h"

#include <string.h>

enum {
	CODE_END = 256,    /* among literals */
	CODE_BYTE_AT = 16, /* of an entry */
	CODE_BITS_AT = 8,  /* of an entry */
	CODE_SHORTEST = 3, /* match */
	CODE_LAST_LENGTH = 28,
	CODE_LENGTHS = 29,
	CODE_DISTANCES = 30
};

/* Words of one length follow each other. */
struct code_words {
	uint16_t counts[INFLATE_MAX_BITS + 1]; /* left of this length */
	uint16_t symbols[INFLATE_LITERALS];    /* by length, then by number */
	size_t count;
	unsigned longest;
	bool complete;
};

/* The table that is being filled. */
struct code_table {
	uint32_t *entries;
	unsigned root_bits;
	size_t room;
	size_t end;         /* of all tables */
	uint32_t prefix;    /* of the words of the last one */
	size_t start;       /* of the last one; 0: none yet */
	unsigned rest_bits; /* that find an entry of it */
};

static uint32_t
code_number(uint32_t least, uint32_t more_bits)
{
	return least << CODE_BYTE_AT | more_bits;
}

static uint32_t
code_length(uint32_t row, bool is_64)
{
	if (row >= CODE_LENGTHS)
		return INFLATE_ANOTHER;
	if (row == CODE_LAST_LENGTH)
		return is_64 ? code_number(CODE_SHORTEST, 16)
			     : code_number(258, 0);
	if (row < 8)
		return code_number(CODE_SHORTEST + row, 0);
	const uint32_t more = row / 4 - 1;

	return code_number(CODE_SHORTEST + ((4 + row % 4) << more), more);
}

static uint32_t
code_literal(uint32_t symbol, bool is_64)
{
	if (symbol < CODE_END)
		return INFLATE_LITERAL | symbol << CODE_BYTE_AT;
	if (symbol == CODE_END)
		return INFLATE_ANOTHER | INFLATE_END;
	return code_length(symbol - CODE_END - 1, is_64);
}

static uint32_t
code_distance(uint32_t symbol, bool is_64)
{
	if (symbol >= CODE_DISTANCES && !is_64)
		return INFLATE_ANOTHER;
	if (symbol < 4)
		return code_number(symbol + 1, 0);
	const uint32_t more = symbol / 2 - 1;

	return code_number(((2 + (symbol & 1)) << more) + 1, more);
}

/* An entry without the bits of its word. */
static uint32_t
code_value(enum inflate_alphabet alphabet, uint32_t symbol)
{
	switch (alphabet) {
	case INFLATE_OF_LITERALS:
	case INFLATE_OF_LITERALS_64:
		return code_literal(symbol, alphabet == INFLATE_OF_LITERALS_64);
	case INFLATE_OF_DISTANCES:
	case INFLATE_OF_DISTANCES_64:
		return code_distance(symbol,
				     alphabet == INFLATE_OF_DISTANCES_64);
	case INFLATE_OF_LENS:
	case INFLATE_OF_NONE:
	default:
		return INFLATE_LITERAL | symbol << CODE_BYTE_AT;
	}
}

unsigned
inflate_code_bits(enum inflate_alphabet alphabet)
{
	switch (alphabet) {
	case INFLATE_OF_LITERALS:
	case INFLATE_OF_LITERALS_64:
		return INFLATE_LITERAL_BITS;
	case INFLATE_OF_DISTANCES:
	case INFLATE_OF_DISTANCES_64:
		return INFLATE_DISTANCE_BITS;
	case INFLATE_OF_LENS:
	case INFLATE_OF_NONE:
	default:
		return INFLATE_LEN_BITS;
	}
}

/* Sort the words. False when there are more than there can be. */
static bool
code_sort(struct code_words *words, const uint8_t *lens, size_t count)
{
	uint16_t at[INFLATE_MAX_BITS + 2] = { 0 };
	int32_t left = 1;

	memset(words->counts, 0, sizeof(words->counts));
	words->longest = 0;
	for (size_t i = 0; i < count; i++)
		words->counts[lens[i]]++;
	words->count = count - words->counts[0];
	words->counts[0] = 0;
	for (unsigned len = 1; len <= INFLATE_MAX_BITS; len++) {
		left = left * 2 - words->counts[len];
		if (left < 0)
			return false;
		at[len + 1] = (uint16_t)(at[len] + words->counts[len]);
		if (words->counts[len] > 0)
			words->longest = len;
	}
	words->complete = left == 0;
	for (size_t i = 0; i < count; i++)
		if (lens[i] > 0)
			words->symbols[at[lens[i]]++] = (uint16_t)i;
	return true;
}

/* The word behind this one of len bits, its first bit lowest. */
static uint32_t
code_next(uint32_t word, unsigned len)
{
	uint32_t bit = UINT32_C(1) << (len - 1);

	while ((word & bit) != 0)
		bit >>= 1;
	return bit == 0 ? 0 : (word & (bit - 1)) | bit;
}

/* A table of its own for all words that start as this one of len bits. */
static bool
code_start_table(struct code_table *table, const struct code_words *words,
		 uint32_t prefix, unsigned len)
{
	unsigned bits = len - table->root_bits;
	int32_t left = INT32_C(1) << bits;

	for (; bits + table->root_bits < words->longest; bits++) {
		left -= words->counts[bits + table->root_bits];
		if (left <= 0)
			break;
		left *= 2;
	}
	if (table->end + (UINT32_C(1) << bits) > table->room)
		return false;
	table->prefix = prefix;
	table->start = table->end;
	table->rest_bits = bits;
	table->end += UINT32_C(1) << bits;
	table->entries[prefix] = INFLATE_ANOTHER | INFLATE_TABLE |
				 (uint32_t)table->start << CODE_BYTE_AT |
				 bits << CODE_BITS_AT | table->root_bits;
	return true;
}

/* At every place of the table where the bits of this word are found. */
static void
code_fill(uint32_t *entries, size_t bits, uint32_t word, unsigned len,
	  uint32_t value)
{
	const uint32_t entry = value + (len << CODE_BITS_AT | len);

	for (size_t i = word; i < (size_t)1 << bits; i += (size_t)1 << len)
		entries[i] = entry;
}

static bool
code_put(struct code_table *table, const struct code_words *words,
	 uint32_t word, unsigned len, uint32_t value)
{
	const unsigned root_bits = table->root_bits;
	const uint32_t prefix = word & ((UINT32_C(1) << root_bits) - 1);

	if (len <= root_bits) {
		code_fill(table->entries, root_bits, word, len, value);
		return true;
	}
	if ((table->start == 0 || prefix != table->prefix) &&
	    !code_start_table(table, words, prefix, len))
		return false;
	code_fill(table->entries + table->start, table->rest_bits,
		  word >> root_bits, len - root_bits, value);
	return true;
}

bool
inflate_code_make(uint32_t *entries, enum inflate_alphabet alphabet,
		  const uint8_t *lens, size_t count)
{
	struct code_words words;
	struct code_table table = { .entries = entries };
	uint32_t word = 0;

	table.root_bits = inflate_code_bits(alphabet);
	table.room = alphabet == INFLATE_OF_DISTANCES ||
				     alphabet == INFLATE_OF_DISTANCES_64
			     ? INFLATE_DISTANCE_ROOM
			     : INFLATE_LITERAL_ROOM;
	table.end = (size_t)1 << table.root_bits;
	if (!code_sort(&words, lens, count))
		return false;
	if (!words.complete) {
		if (words.longest > 1 ||
		    (words.longest == 1 && alphabet == INFLATE_OF_LENS))
			return false;
		for (size_t i = 0; i < table.end; i++)
			entries[i] = INFLATE_ANOTHER;
	}
	for (size_t i = 0; i < words.count; i++) {
		const uint32_t symbol = words.symbols[i];
		const unsigned len = lens[symbol];

		if (!code_put(&table, &words, word, len,
			      code_value(alphabet, symbol)))
			return false;
		words.counts[len]--;
		if (i + 1 < words.count)
			word = code_next(word, len);
	}
	return true;
}
