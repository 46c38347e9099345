#include "scanners/readers/mime_words.h"

#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/mime_decode.h"
#include "scanners/readers/mime_header.h"
#include "scanners/readers/text_flow.h"
#include "scanners/text/readings.h"

enum { MIME_WORD_CHARSET_MAX_BYTES = 64 };

struct mime_word {
	struct span charset; /* without a language (RFC 2231) */
	uint8_t encoding;    /* 'b' or 'q' */
	struct span text;
	size_t end_at; /* behind "?=" */
};

struct mime_words {
	struct span value;
	enum charset raw;
	struct sbuf *out;
	struct sbuf joined;  /* bytes of words not yet decoded */
	struct span charset; /* theirs */
	size_t index;
	size_t most;       /* readings of a word */
	bool no_more_ends; /* no "?=" follows: no need to search again */
};

/* Where "?=" stands at or after at. Once there is none, there is none behind
 * either: the search stays linear over many half words. */
static bool
mime_word_end(struct mime_words *words, size_t at, size_t *end_out)
{
	const uint8_t *found = NULL;

	if (words->no_more_ends || at >= words->value.len_bytes)
		return false;
	found = memmem(words->value.ptr + at, words->value.len_bytes - at,
		       "?=", 2);
	if (found == NULL) {
		words->no_more_ends = true;
		return false;
	}
	*end_out = (size_t)(found - words->value.ptr);
	return true;
}

static bool
mime_word_parse(struct mime_words *words, size_t at, struct mime_word *word_out)
{
	const struct span value = words->value;
	struct mime_word word = { 0 };
	size_t i = at + 2;
	size_t end = 0;

	while (i < value.len_bytes && i - at < MIME_WORD_CHARSET_MAX_BYTES &&
	       value.ptr[i] != '?' && value.ptr[i] > ' ')
		i++;
	if (i + 2 >= value.len_bytes || value.ptr[i] != '?' ||
	    value.ptr[i + 2] != '?')
		return false;
	(void)span_cut(value, at + 2, i - at - 2, &word.charset);
	for (size_t k = 0; k < word.charset.len_bytes; k++)
		if (word.charset.ptr[k] == '*')
			word.charset.len_bytes = k;
	word.encoding = value.ptr[i + 1] | 0x20;
	if (word.encoding != 'b' && word.encoding != 'q')
		return false;
	if (!mime_word_end(words, i + 3, &end))
		return false;
	(void)span_cut(value, i + 3, end - i - 3, &word.text);
	word.end_at = end + 2;
	*word_out = word;
	return true;
}

static void
mime_words_flush(struct mime_words *words)
{
	const struct span joined = sbuf_span(&words->joined);
	struct text_readings readings;
	size_t index = words->index;

	if (words->joined.st != ST_OK)
		words->out->st = words->joined.st;
	if (joined.len_bytes == 0)
		return;
	text_find_readings(joined, words->charset, &readings);
	if (readings.count > words->most)
		words->most = readings.count;
	if (index >= readings.count)
		index = 0;
	charset_decode(readings.charsets[index], joined, words->out);
	sbuf_clear(&words->joined);
}

static void
mime_words_add(struct mime_words *words, const struct mime_word *word)
{
	if (!span_equal_nocase(words->charset, word->charset))
		mime_words_flush(words);
	words->charset = word->charset;
	if (word->encoding == 'b')
		(void)mime_decode_base64(word->text, &words->joined);
	else
		mime_decode_word_q(word->text, &words->joined);
}

/* The fold at at without its line ends; one stays where it cuts a number.
 * Returns where to go on. */
static size_t
mime_words_add_fold(struct span part, size_t at, struct sbuf *line)
{
	struct span before = { 0 };
	struct span behind = { 0 };
	size_t end = at;

	while (end < part.len_bytes && mime_is_space(part.ptr[end]))
		end++;
	(void)span_cut(part, 0, at, &before);
	(void)span_cut(part, end, part.len_bytes - end, &behind);
	if (text_cuts_number(before, behind)) {
		sbuf_add_byte(line, '\n');
		return end;
	}
	for (; at < end; at++)
		if (part.ptr[at] != '\r' && part.ptr[at] != '\n')
			sbuf_add_byte(line, part.ptr[at]);
	return end;
}

/* Text outside of words: line ends of folds are left out. */
static void
mime_words_add_raw(struct mime_words *words, size_t from, size_t to)
{
	struct sbuf line;
	struct span part = { 0 };

	if (!span_cut(words->value, from, to - from, &part) ||
	    part.len_bytes == 0)
		return;
	sbuf_init_secret(&line, SIZE_MAX / 2);
	for (size_t i = 0; i < part.len_bytes;) {
		if (part.ptr[i] == '\r' || part.ptr[i] == '\n')
			i = mime_words_add_fold(part, i, &line);
		else
			sbuf_add_byte(&line, part.ptr[i++]);
	}
	charset_decode(words->raw, sbuf_span(&line), words->out);
	if (line.st != ST_OK)
		words->out->st = line.st;
	sbuf_done(&line);
}

static bool
mime_words_is_blank(struct span value, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (value.ptr[i] != ' ' && value.ptr[i] != '\t' &&
		    value.ptr[i] != '\r' && value.ptr[i] != '\n')
			return false;
	return true;
}

static void
mime_words_run(struct mime_words *words)
{
	const struct span value = words->value;
	struct mime_word word;
	size_t done_at = 0; /* everything before is written */
	bool after_word = false;

	for (size_t at = 0; at + 1 < value.len_bytes;) {
		if (value.ptr[at] != '=' || value.ptr[at + 1] != '?' ||
		    !mime_word_parse(words, at, &word)) {
			at++;
			continue;
		}
		if (!after_word || !mime_words_is_blank(value, done_at, at)) {
			mime_words_flush(words);
			mime_words_add_raw(words, done_at, at);
		}
		mime_words_add(words, &word);
		after_word = true;
		at = word.end_at;
		done_at = at;
	}
	mime_words_flush(words);
	mime_words_add_raw(words, done_at, value.len_bytes);
}

size_t
mime_words_decode(struct span value, enum charset raw, size_t index,
		  struct sbuf *out)
{
	struct mime_words words = { .value = value,
				    .raw = raw,
				    .index = index,
				    .most = 1,
				    .out = out };

	sbuf_init_secret(&words.joined, SIZE_MAX / 2);
	mime_words_run(&words);
	if (words.joined.st != ST_OK)
		out->st = words.joined.st;
	sbuf_done(&words.joined);
	return words.most;
}
