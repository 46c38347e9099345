#include "scanners/text/readings.h"

#include <string.h>

#include "lib/base/find.h"
#include "lib/base/parse.h"
#include "scanners/text/readings_look.h"
#include "scanners/text/utf8.h"

enum {
	READINGS_SAMPLE_BYTES = 2048, /* judged by this much */
	READINGS_LOOK_BYTES = 4096,
	READINGS_CLOSE_BYTES = 256 * 1024, /* of these every line is tried */
	READINGS_SHORT_BYTES = 40
};

/* Decode charset over sample only to count. */
static struct charset_stats
readings_try(enum charset charset, struct span sample)
{
	struct charset_stats stats = { 0 };

	charset_look_at(charset, sample, CHARSET_LOOK_KINDS, &stats);
	return stats;
}

/* How much the counts look like Japanese (or any) text; 0 and less: not. */
static int64_t
readings_score(const struct charset_stats *stats)
{
	return (int64_t)(stats->kana * 3 + stats->common * 2 +
			 stats->wide * 2) -
	       (int64_t)((stats->kanji - stats->common) + stats->half_kana +
			 stats->other * 2) /
		       2 -
	       (int64_t)stats->errors * 8;
}

/* True when charset reads all bytes without an error. */
static bool
readings_is_clean(struct readings_work *work, enum charset charset)
{
	return charset == CHARSET_UTF8
		       ? work->traits.utf8
		       : readings_errors(work, charset)->errors == 0;
}

static void
readings_add(struct text_readings *readings, enum charset charset)
{
	for (size_t i = 0; i < readings->count; i++)
		if (readings->charsets[i] == charset)
			return;
	if (readings->count < TEXT_MAX_READINGS)
		readings->charsets[readings->count++] = charset;
}

/* A piece from at on that tears no character, where that can be known. */
static struct span
readings_sample(struct span bytes, size_t at)
{
	enum { READINGS_TRIM_BYTES = 200 };
	struct span sample = bytes;
	const size_t left = bytes.len_bytes - at;
	size_t len =
		left < READINGS_SAMPLE_BYTES ? left : READINGS_SAMPLE_BYTES;

	if (len < left)
		for (size_t i = len; i > 0 && i + READINGS_TRIM_BYTES > len;
		     i--)
			if (bytes.ptr[at + i - 1] < 0x40) {
				len = i;
				break;
			}
	(void)span_cut(bytes, at, len, &sample);
	return sample;
}

/*
 * UTF-16 without a mark: NULs, or nothing wrong in that reading while the
 * bytes are wrong in the others. Kana, kanji and ASCII must be the most of it.
 */
static void
readings_add_utf16(struct text_readings *readings, struct span bytes,
		   int64_t rival)
{
	static const enum charset both[] = { CHARSET_UTF16LE, CHARSET_UTF16BE };
	const struct span sample = readings_sample(bytes, 0);

	if (bytes.len_bytes < 2)
		return;
	for (size_t i = 0; i < ARRAY_LEN(both); i++) {
		const struct charset_stats stats =
			readings_try(both[i], sample);
		const uint64_t units = sample.len_bytes / 2;
		const int64_t score = readings_score(&stats);

		if (stats.errors * 10 <= units && stats.other * 10 <= units &&
		    (stats.kanji - stats.common) * 4 <= units * 3 &&
		    score >= rival)
			readings_add(readings, both[i]);
	}
}

/* UTF-32 without a mark: every fourth byte is 0, and it is text. */
static void
readings_add_utf32(struct text_readings *readings, struct span bytes)
{
	static const enum charset both[] = { CHARSET_UTF32LE, CHARSET_UTF32BE };
	struct span sample = bytes;

	if (bytes.len_bytes > READINGS_LOOK_BYTES)
		(void)span_cut(bytes, 0, READINGS_LOOK_BYTES, &sample);
	for (size_t i = 0; i < ARRAY_LEN(both) && sample.len_bytes >= 4; i++) {
		const struct charset_stats stats =
			readings_try(both[i], sample);

		if (stats.errors * 10 <= sample.len_bytes / 4)
			readings_add(readings, both[i]);
	}
}

/* How an eight-bit set does on a sample. */
struct readings_rank {
	enum charset charset;
	int64_t score;
	bool clean;
	bool kana; /* there is some */
};

enum { READINGS_RANKS = 3 };

static struct readings_rank
readings_rank_of(enum charset charset, struct span sample)
{
	const struct charset_stats stats = readings_try(charset, sample);
	struct readings_rank rank = { charset, readings_score(&stats),
				      stats.errors == 0, stats.kana > 0 };

	/* UTF-8 that is valid but for a few bytes is no accident. */
	if (charset == CHARSET_UTF8 &&
	    stats.errors * 2 <= stats.kana + stats.kanji + stats.other)
		rank.score += (int64_t)(stats.kanji + stats.other) * 4;
	return rank;
}

/* All of them on what starts at at; the best score, or 0. */
static int64_t
readings_rank_all(struct span bytes, size_t at,
		  struct readings_rank ranks[READINGS_RANKS])
{
	static const enum charset sets[READINGS_RANKS] = { CHARSET_UTF8,
							   CHARSET_CP932,
							   CHARSET_EUCJP };
	const struct span sample = readings_sample(bytes, at);
	int64_t best = 0;

	for (size_t i = 0; i < READINGS_RANKS; i++) {
		ranks[i] = readings_rank_of(sets[i], sample);
		if (ranks[i].score > best)
			best = ranks[i].score;
	}
	return best;
}

/* Add those with at least this score, or, when nothing has one, those that
 * read without an error: half-width kana alone look like nothing much. */
static void
readings_add_ranked(struct text_readings *readings,
		    const struct readings_rank ranks[READINGS_RANKS],
		    int64_t least)
{
	for (size_t i = 0; i < READINGS_RANKS; i++)
		if (least > 0 ? ranks[i].score >= least : ranks[i].clean)
			readings_add(readings, ranks[i].charset);
}

/* True when one of them reads as kana, which is no accident. */
static bool
readings_is_sure(const struct readings_rank ranks[READINGS_RANKS])
{
	bool sure = false;

	for (size_t i = 0; i < READINGS_RANKS; i++)
		sure |= ranks[i].clean && ranks[i].kana && ranks[i].score > 0;
	return sure;
}

/* The eight-bit sets, best first, as far as they are plausible. */
static int64_t
readings_add_high(struct text_readings *readings, struct span bytes,
		  size_t first_high_at)
{
	struct readings_rank ranks[READINGS_RANKS];
	const int64_t best = readings_rank_all(bytes, first_high_at, ranks);

	readings_add_ranked(readings, ranks, best);
	if (best > 0)
		readings_add_ranked(readings, ranks, (best + 1) / 2);
	/* A word or two of kanji may be clean in several sets by chance. */
	if (bytes.len_bytes - first_high_at <= READINGS_SHORT_BYTES &&
	    !readings_is_sure(ranks))
		readings_add_ranked(readings, ranks, 0);
	return best;
}

/* Decodes, but says nothing: every byte is fine in it. */
static bool
readings_is_vague(enum charset charset)
{
	return charset == CHARSET_NONE || charset == CHARSET_ASCII ||
	       charset == CHARSET_LATIN1 || charset == CHARSET_GB ||
	       charset == CHARSET_BIG5;
}

static bool
readings_is_wide(enum charset charset)
{
	return charset >= CHARSET_UTF16LE && charset <= CHARSET_UTF32BE;
}

/* ISO-2022-JP; the other reading only where a line end makes a difference. */
static void
readings_add_jis(struct text_readings *readings, struct readings_work *work)
{
	readings_add(readings, CHARSET_ISO2022JP);
	if (readings_errors(work, CHARSET_ISO2022JP)->line_switch)
		readings_add(readings, CHARSET_ISO2022JP_KEEP);
}

/* True when charset, which reads ASCII as ASCII, finds Japanese in a text of
 * seven bits that has mark in it. */
static bool
readings_hides(enum charset charset, struct span bytes, const char *mark)
{
	const size_t at = find_next(bytes, 0, mark, strlen(mark));

	if (at == bytes.len_bytes)
		return false;
	const struct charset_stats stats =
		readings_try(charset, readings_sample(bytes, at));

	return stats.kana + stats.common + stats.wide >
	       (stats.kanji - stats.common) + stats.half_kana + stats.other +
		       stats.errors;
}

/* Bytes of seven bits: escapes, UTF-7, or sets in which they are others. */
static void
readings_of_seven_bits(struct text_readings *readings,
		       struct readings_work *work, enum charset named)
{
	const struct span bytes = work->bytes;
	const bool jis = named == CHARSET_ISO2022JP;
	const bool escapes = work->traits.escapes;

	if (readings_is_wide(named) && readings_is_clean(work, named))
		readings_add(readings, named);
	if (escapes || jis)
		readings_add_jis(readings, work);
	if (named == CHARSET_UTF7 ||
	    (!escapes && readings_hides(CHARSET_UTF7, bytes, "+")))
		readings_add(readings, CHARSET_UTF7);
	if (!escapes && readings_hides(CHARSET_ISO2022JP_LOST, bytes, "$B"))
		readings_add(readings, CHARSET_ISO2022JP_LOST);
	if (!jis)
		readings_add(readings, CHARSET_ASCII);
}

static void
readings_guess(struct text_readings *readings, struct readings_work *work)
{
	const struct span bytes = work->bytes;
	const struct readings_traits *traits = &work->traits;
	int64_t best = 0;

	if (traits->escapes)
		readings_add_jis(readings, work);
	if (traits->nuls)
		readings_add_utf32(readings, bytes);
	/* Nothing but UTF-8 is UTF-8 for more than a word. */
	if (traits->high && !traits->nuls &&
	    bytes.len_bytes - traits->first_high_at > READINGS_SHORT_BYTES &&
	    traits->utf8) {
		readings_add(readings, CHARSET_UTF8);
		return;
	}
	if (traits->high)
		best = readings_add_high(readings, bytes,
					 traits->first_high_at);
	if (traits->nuls || traits->high)
		readings_add_utf16(readings, bytes,
				   traits->nuls ? INT64_MIN : best + 1);
}

/* A set that must not meet bytes of one bit width it does not have. */
static bool
readings_is_declared_fit(struct readings_work *work, enum charset declared)
{
	const struct readings_traits *traits = &work->traits;

	if (readings_is_wide(declared))
		return readings_is_clean(work, declared);
	if (declared == CHARSET_ISO2022JP && traits->high)
		return false;
	return !readings_is_vague(declared) && !traits->nuls &&
	       !(traits->escapes && declared != CHARSET_ISO2022JP) &&
	       readings_is_clean(work, declared);
}

/* Kana, frequent kanji and wide letters, and hardly anything else. */
static bool
readings_is_convincing(const struct charset_stats *stats)
{
	return stats->errors == 0 &&
	       stats->kana + stats->common + stats->wide >
		       4 * (stats->kanji - stats->common + stats->half_kana +
			    stats->other);
}

/*
 * The declared set reads everything, and is the reading. But EUC-JP reads as
 * half-width kana in CP932, and most bytes as something in UTF-16: a set that
 * looks better is a second one.
 */
static void
readings_of_declared(struct text_readings *readings, struct readings_work *work,
		     enum charset named)
{
	const struct span bytes = work->bytes;
	const struct readings_traits *traits = &work->traits;
	const size_t at = readings_is_wide(named) ? 0 : traits->first_high_at;
	struct readings_rank ranks[READINGS_RANKS];
	struct charset_stats stats = { 0 };

	if (named == CHARSET_ISO2022JP)
		readings_add_jis(readings, work);
	/* A mark has said which UTF-16 it is; else it may be either. */
	if (named == CHARSET_UTF16 && readings->count == 0)
		readings_add_utf16(readings, bytes, 0);
	if (named != CHARSET_UTF16 || readings->count == 0)
		readings_add(readings, named);
	if (!traits->high || named == CHARSET_UTF8)
		return;
	if (traits->utf8)
		readings_add(readings, CHARSET_UTF8);
	if (traits->nuls)
		return;
	stats = readings_try(named, readings_sample(bytes, at));
	if (readings_is_convincing(&stats))
		return;
	const int64_t best =
		readings_rank_all(bytes, traits->first_high_at, ranks);

	if (best > 0 && best > readings_score(&stats))
		readings_add_ranked(readings, ranks, best);
}

/* Nothing usable is declared, or it does not fit. */
static void
readings_of_guess(struct text_readings *readings, struct readings_work *work,
		  enum charset named)
{
	if (!readings_is_vague(named))
		readings_add(readings, named);
	readings_guess(readings, work);
	if (named == CHARSET_GB || named == CHARSET_BIG5 ||
	    named == CHARSET_LATIN1 || readings->count == 0)
		readings_add(readings,
			     readings_is_vague(named) && named > CHARSET_ASCII
				     ? named
				     : CHARSET_LATIN1);
}

/* The next line at *at; a long one in pieces that tear no character. */
static struct span
readings_line(struct span bytes, size_t *at)
{
	struct span line = readings_sample(bytes, *at);
	const uint8_t *end = memchr(line.ptr, '\n', line.len_bytes);

	if (end != NULL)
		line.len_bytes = (size_t)(end - line.ptr) + 1;
	*at += line.len_bytes;
	return line;
}

/* The next word of a line at *at: what stands between bytes that no set has in
 * a character. Empty at the line's end. */
static struct span
readings_word(struct span line, size_t *at)
{
	enum { READINGS_LEAST_TRAIL = 0x40 };
	struct span word = { NULL, 0 };
	size_t start = *at;

	while (start < line.len_bytes && line.ptr[start] < READINGS_LEAST_TRAIL)
		start++;
	*at = start;
	while (*at < line.len_bytes && line.ptr[*at] >= READINGS_LEAST_TRAIL)
		(*at)++;
	(void)span_cut(line, start, *at - start, &word);
	return word;
}

/* The label may be in another set than what follows it; a word that is
 * shorter than any label tells nothing. */
static void
readings_add_for_word(struct text_readings *readings, struct span word)
{
	enum { READINGS_LABEL_BYTES = 8 }; /* four kanji */
	struct readings_rank ranks[READINGS_RANKS];

	if (word.len_bytes < READINGS_LABEL_BYTES)
		return;
	const struct charset_stats first =
		readings_try(readings->charsets[0], word);

	if (readings_is_convincing(&first))
		return;
	const int64_t best = readings_rank_all(word, 0, ranks);

	if (best > 0 && best > readings_score(&first))
		readings_add_ranked(readings, ranks, best);
}

/* Add the sets that fit a line in which the first one does not look right, or
 * a word of it. */
static void
readings_add_for_line(struct text_readings *readings, struct span line)
{
	struct readings_rank ranks[READINGS_RANKS];
	const int64_t best = readings_rank_all(line, 0, ranks);
	size_t at = 0;

	if (best > 0)
		readings_add_ranked(readings, ranks, (best + 1) / 2);
	while (at < line.len_bytes)
		readings_add_for_word(readings, readings_word(line, &at));
}

/*
 * Files are put together from others, and one byte too many spoils a whole
 * text for a set: what does not look right in the first reading, line by line,
 * is another reading of all of it.
 */
static void
readings_add_lines(struct text_readings *readings, struct span bytes,
		   size_t first_high_at)
{
	size_t at = first_high_at;

	/* The line's start may tell more, but high bytes decide. */
	while (at < bytes.len_bytes) {
		const struct span line = readings_line(bytes, &at);
		const struct charset_stats stats =
			readings_try(readings->charsets[0], line);

		if (!readings_is_convincing(&stats))
			readings_add_for_line(readings, line);
		at = parse_ascii_end(bytes, at);
	}
}

/* The line around at, as far as a sample reaches. */
static struct span
readings_line_around(struct span bytes, size_t at, size_t *behind_at)
{
	struct span line = { NULL, 0 };
	size_t start = at;
	size_t end = at;

	while (start > 0 && at - start < READINGS_SAMPLE_BYTES &&
	       bytes.ptr[start - 1] != '\n')
		start--;
	while (end < bytes.len_bytes && end - at < READINGS_SAMPLE_BYTES &&
	       bytes.ptr[end] != '\n')
		end++;
	*behind_at = end < bytes.len_bytes ? end + 1 : end;
	(void)span_cut(bytes, start, end - start, &line);
	return line;
}

/*
 * As readings_add_lines() for long texts, of which not every line can be tried:
 * others may fit the lines in which the first reading is wrong.
 */
static void
readings_add_mixed(struct text_readings *readings, struct readings_work *work)
{
	enum { READINGS_MAX_WRONG = 8 };
	const enum charset first =
		readings->count > 0 ? readings->charsets[0] : CHARSET_UTF8;
	struct charset_stats stats = *readings_errors(work, first);
	struct span rest = work->bytes;

	for (size_t i = 0; rest.len_bytes > 0 && stats.errors > 0; i++) {
		size_t behind_at = 0;

		if (i == READINGS_MAX_WRONG) {
			readings_add(readings, CHARSET_UTF8);
			readings_add(readings, CHARSET_CP932);
			readings_add(readings, CHARSET_EUCJP);
			break;
		}
		readings_add_for_line(readings,
				      readings_line_around(rest,
							   stats.first_error_at,
							   &behind_at));
		(void)span_cut(rest, behind_at, rest.len_bytes - behind_at,
			       &rest);
		charset_look_at(first, rest, CHARSET_LOOK_ERRORS, &stats);
	}
}

/* True when one of them is UTF-16 or UTF-32 and looks like it: what a mark
 * alone says may be wrong. */
static bool
readings_have_wide(const struct text_readings *readings, struct span bytes)
{
	const struct span sample = readings_sample(bytes, 0);

	for (size_t i = 0; i < readings->count; i++) {
		if (!readings_is_wide(readings->charsets[i]))
			continue;
		const struct charset_stats stats =
			readings_try(readings->charsets[i], sample);

		if (readings_is_convincing(&stats))
			return true;
	}
	return false;
}

static void
readings_add_others(struct text_readings *readings, struct readings_work *work)
{
	const struct span bytes = work->bytes;

	/* It is right where it cannot be an accident, whatever the bytes
	 * beside it say. */
	if (readings->charsets[0] != CHARSET_UTF8 && utf8_has_japanese(bytes))
		readings_add(readings, CHARSET_UTF8);
	if (readings_have_wide(readings, bytes))
		return;
	if (bytes.len_bytes <= READINGS_CLOSE_BYTES)
		readings_add_lines(readings, bytes, work->traits.first_high_at);
	else
		readings_add_mixed(readings, work);
}

static struct text_readings
readings_find(struct readings_work *work, struct span declared)
{
	const enum charset named = charset_find(declared);
	const enum charset mark = readings_mark(work->bytes);
	const struct readings_traits *traits = &work->traits;
	const bool seven_bits = !traits->high && !traits->nuls;
	struct text_readings readings = { .utf8 = traits->utf8 };

	readings.unknown = named == CHARSET_NONE && declared.len_bytes > 0 &&
			   mark == CHARSET_NONE && !seven_bits;
	if (mark != CHARSET_NONE)
		readings_add(&readings, mark);
	if (seven_bits)
		readings_of_seven_bits(&readings, work, named);
	else if (readings_is_declared_fit(work, named))
		readings_of_declared(&readings, work, named);
	else
		readings_of_guess(&readings, work, named);
	if (traits->high && !traits->utf8)
		readings_add_others(&readings, work);
	return readings;
}

void
text_find_readings(struct span bytes, struct span declared,
		   struct text_readings *readings_out)
{
	text_keep_readings(bytes, declared, NULL, readings_out);
}

void
text_keep_readings(struct span bytes, struct span declared,
		   struct text_kept *kept, struct text_readings *readings_out)
{
	struct readings_work work = { .bytes = bytes,
				      .traits = readings_look(bytes),
				      .kept = kept };

	*readings_out = readings_find(&work, declared);
	/* Only what is read next is worth the room. */
	if (kept != NULL && (kept->charset != readings_out->charsets[0] ||
			     kept->text.st != ST_OK)) {
		sbuf_done(&kept->text);
		kept->charset = CHARSET_NONE;
	}
}
