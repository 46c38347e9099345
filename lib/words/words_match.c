#include "lib/words/words_match.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum { MATCH_TERM_BYTES = WORDS_MAX_PATTERN_NAME + sizeof("pattern..limit") };

struct match_pattern {
	pcre2_code *code;
	int64_t weight_db;
	char term[MATCH_TERM_BYTES];
	char limited_term[MATCH_TERM_BYTES];
};

struct words_patterns {
	struct match_pattern items[WORDS_MAX_PATTERNS];
	size_t count;
};

struct words_matcher {
	const struct words_patterns *patterns;
	pcre2_match_context *context;
	pcre2_match_data *data;
	unsigned limits[WORDS_MAX_PATTERNS];
};

void
words_patterns_free(struct words_patterns **patterns)
{
	if (*patterns == NULL)
		return;
	for (size_t i = 0; i < (*patterns)->count; i++)
		pcre2_code_free((*patterns)->items[i].code);
	free(*patterns);
	*patterns = NULL;
}

/* It stands in reports and on pages. */
static bool
match_is_name(const char *name)
{
	const size_t len_bytes = strlen(name);

	return len_bytes > 0 && len_bytes <= WORDS_MAX_PATTERN_NAME &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") ==
		       len_bytes;
}

static enum status
match_compile(const struct words_pattern *item, pcre2_code **code_out,
	      struct err *err)
{
	const size_t len_bytes = strlen(item->match);
	PCRE2_UCHAR words[120] = "";
	PCRE2_SIZE at = 0;
	int code = 0;

	if (!match_is_name(item->name))
		return err_set(err, ST_FORMAT,
			       "its name: write 1 to %d of a-z, 0-9 and -",
			       WORDS_MAX_PATTERN_NAME);
	if (item->weight_db == 0 || item->weight_db > WORDS_MOST_PATTERN_DB ||
	    item->weight_db < -WORDS_MOST_PATTERN_DB)
		return err_set(err, ST_FORMAT,
			       "weight: write -%d to +%d, and not 0",
			       WORDS_MOST_PATTERN_DB, WORDS_MOST_PATTERN_DB);
	if (len_bytes == 0 || len_bytes > WORDS_MAX_PATTERN_BYTES)
		return err_set(err, ST_FORMAT, "match: is %s",
			       len_bytes == 0 ? "missing" : "too long");
	*code_out = pcre2_compile(
		(PCRE2_SPTR)item->match, len_bytes,
		PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C |
			(item->any_case ? PCRE2_CASELESS : 0U),
		&code, &at, NULL);
	if (*code_out != NULL)
		return ST_OK;
	(void)pcre2_get_error_message(code, words, sizeof(words));
	return err_set(err, ST_FORMAT, "match: %s, at character %zu",
		       (const char *)words, at);
}

enum status
words_pattern_check(const struct words_pattern *item, struct err *err)
{
	pcre2_code *code = NULL;
	const enum status st = match_compile(item, &code, err);

	if (st == ST_OK)
		pcre2_code_free(code);
	return st;
}

enum status
words_patterns_new(const struct words_pattern *items, size_t count,
		   struct words_patterns **patterns_out, struct err *err)
{
	AUTO(words_patterns_free)
	struct words_patterns *patterns = calloc(1, sizeof(*patterns));

	if (patterns == NULL)
		return err_set(err, ST_NO_MEMORY, "words: no memory");
	if (count > WORDS_MAX_PATTERNS)
		return err_set(err, ST_LIMIT,
			       "words: more than %d patterns; write one with "
			       "| for several",
			       WORDS_MAX_PATTERNS);
	for (size_t i = 0; i < count; i++) {
		struct match_pattern *to = &patterns->items[i];
		struct err why = { .st = ST_OK };
		const enum status st =
			match_compile(&items[i], &to->code, &why);

		if (st != ST_OK)
			return err_set(err, st, "pattern \"%.40s\": %s",
				       items[i].name, why.text);
		patterns->count++;
		/* Without JIT (a kernel that forbids it) it is slower, not
		 * wrong. */
		(void)pcre2_jit_compile(to->code, PCRE2_JIT_COMPLETE);
		to->weight_db = items[i].weight_db;
		(void)snprintf(to->term, sizeof(to->term), "pattern.%s",
			       items[i].name);
		(void)snprintf(to->limited_term, sizeof(to->limited_term),
			       "pattern.%s.limit", items[i].name);
	}
	*patterns_out = MOVE(patterns);
	return ST_OK;
}

size_t
words_patterns_count(const struct words_patterns *patterns)
{
	return patterns != NULL ? patterns->count : 0;
}

bool
words_patterns_row(const struct words_patterns *patterns,
		   const struct words_matched *matched, size_t n,
		   const char **name_out, int64_t *weight_db_out)
{
	const struct match_pattern *item = NULL;
	const bool is_matched = (matched->matched >> n & 1) != 0;
	const bool is_limited = (matched->limited >> n & 1) != 0;

	if (n >= words_patterns_count(patterns) || (!is_matched && !is_limited))
		return false;
	item = &patterns->items[n];
	*name_out = is_limited ? item->limited_term : item->term;
	*weight_db_out = is_matched ? item->weight_db : 0;
	return true;
}

int64_t
words_patterns_db(const struct words_patterns *patterns,
		  const struct words_matched *matched)
{
	const char *name = NULL;
	int64_t weight_db = 0;
	int64_t sum_db = 0;

	for (size_t i = 0; i < words_patterns_count(patterns); i++)
		if (words_patterns_row(patterns, matched, i, &name, &weight_db))
			sum_db += weight_db;
	return sum_db;
}

void
words_matcher_free(struct words_matcher **matcher)
{
	if (*matcher == NULL)
		return;
	pcre2_match_context_free((*matcher)->context);
	pcre2_match_data_free((*matcher)->data);
	free(*matcher);
	*matcher = NULL;
}

enum status
words_matcher_new(const struct words_patterns *patterns,
		  struct words_matcher **matcher_out, struct err *err)
{
	AUTO(words_matcher_free)
	struct words_matcher *matcher = calloc(1, sizeof(*matcher));

	if (matcher == NULL)
		return err_set(err, ST_NO_MEMORY, "words: no memory");
	matcher->patterns = patterns;
	matcher->context = pcre2_match_context_create(NULL);
	matcher->data = pcre2_match_data_create(1, NULL);
	if (matcher->context == NULL || matcher->data == NULL)
		return err_set(err, ST_NO_MEMORY, "words: no memory");
	(void)pcre2_set_match_limit(matcher->context, WORDS_MATCH_LIMIT);
	(void)pcre2_set_depth_limit(matcher->context, WORDS_MATCH_DEPTH);
	(void)pcre2_set_heap_limit(matcher->context, WORDS_MATCH_HEAP_KIB);
	*matcher_out = MOVE(matcher);
	return ST_OK;
}

/* Pattern n could not be finished: see "Fail closed" in words_match.h. */
static void
match_add_limited(const struct words_patterns *patterns, size_t n,
		  struct words_matched *result)
{
	const uint16_t bit = (uint16_t)(1U << n);

	result->limited |= bit;
	if (patterns->items[n].weight_db > 0)
		result->matched |= bit;
}

struct words_matched
words_matcher_unfinished(const struct words_matcher *matcher)
{
	struct words_matched result = { 0, 0 };

	for (size_t i = 0; i < words_patterns_count(matcher->patterns); i++)
		match_add_limited(matcher->patterns, i, &result);
	return result;
}

struct words_matched
words_matcher_run(struct words_matcher *matcher, struct span text)
{
	static const char nothing[] = "";
	const struct words_patterns *patterns = matcher->patterns;
	struct words_matched result = { 0, 0 };

	for (size_t i = 0; i < words_patterns_count(patterns); i++) {
		const uint16_t bit = (uint16_t)(1U << i);
		int found = PCRE2_ERROR_MATCHLIMIT;

		if (matcher->limits[i] < WORDS_MATCH_MOST_LIMITS)
			found = pcre2_match(patterns->items[i].code,
					    text.len_bytes > 0
						    ? (PCRE2_SPTR)text.ptr
						    : (PCRE2_SPTR)nothing,
					    text.len_bytes, 0, 0, matcher->data,
					    matcher->context);
		/* 0: matched, and the captures did not fit; we want none. */
		if (found >= 0) {
			result.matched |= bit;
			continue;
		}
		if (found == PCRE2_ERROR_NOMATCH)
			continue;
		if (matcher->limits[i] < WORDS_MATCH_MOST_LIMITS)
			matcher->limits[i]++;
		match_add_limited(patterns, i, &result);
	}
	return result;
}
