#include "lib/config/policy_pattern.h"

#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum {
	PATTERN_MATCH_LIMIT = 200000,
	PATTERN_HEAP_LIMIT_KIB = 4096,
	PATTERN_DEPTH_LIMIT = 5000,
	PATTERN_MAX_BYTES = 4096
};

struct policy_pattern {
	pcre2_code *code;
};

void
policy_pattern_free(struct policy_pattern **pattern)
{
	if (*pattern == NULL)
		return;
	pcre2_code_free((*pattern)->code);
	free(*pattern);
	*pattern = NULL;
}

enum status
policy_pattern_new(const char *text, struct policy_pattern **pattern_out,
		   struct err *err)
{
	AUTO(policy_pattern_free) struct policy_pattern *pattern = NULL;
	const size_t len_bytes = strlen(text);
	PCRE2_UCHAR words[120] = "";
	PCRE2_SIZE at = 0;
	int code = 0;

	if (len_bytes == 0 || len_bytes > PATTERN_MAX_BYTES)
		return err_set(err, ST_FORMAT,
			       "pattern is empty or over %d bytes",
			       PATTERN_MAX_BYTES);
	pattern = calloc(1, sizeof(*pattern));
	if (pattern == NULL)
		return err_set(err, ST_NO_MEMORY, "policy: no memory");
	pattern->code = pcre2_compile((PCRE2_SPTR)text, len_bytes,
				      PCRE2_UTF | PCRE2_MATCH_INVALID_UTF |
					      PCRE2_NEVER_BACKSLASH_C,
				      &code, &at, NULL);
	if (pattern->code == NULL) {
		(void)pcre2_get_error_message(code, words, sizeof(words));
		return err_set(err, ST_FORMAT, "%s, at character %zu",
			       (const char *)words, at);
	}
	/* Without JIT (a kernel that forbids it) it is slower, not wrong. */
	(void)pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE);
	*pattern_out = MOVE(pattern);
	return ST_OK;
}

static void
pattern_context_free(pcre2_match_context **context)
{
	pcre2_match_context_free(*context);
}

static void
pattern_data_free(pcre2_match_data **data)
{
	pcre2_match_data_free(*data);
}

enum status
policy_pattern_match(const struct policy_pattern *pattern, struct span value,
		     bool *matches_out, struct err *err)
{
	static const char nothing[] = "";
	AUTO(pattern_context_free)
	pcre2_match_context *context = pcre2_match_context_create(NULL);
	AUTO(pattern_data_free)
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);
	int found = 0;

	if (context == NULL || data == NULL)
		return err_set(err, ST_NO_MEMORY, "policy: no memory");
	(void)pcre2_set_match_limit(context, PATTERN_MATCH_LIMIT);
	(void)pcre2_set_heap_limit(context, PATTERN_HEAP_LIMIT_KIB);
	(void)pcre2_set_depth_limit(context, PATTERN_DEPTH_LIMIT);
	found = pcre2_match(pattern->code,
			    value.len_bytes > 0 ? (PCRE2_SPTR)value.ptr
						: (PCRE2_SPTR)nothing,
			    value.len_bytes, 0, 0, data, context);
	/* 0: matched, and the captures did not fit; we want none. */
	if (found >= 0 || found == PCRE2_ERROR_NOMATCH) {
		*matches_out = found >= 0;
		return ST_OK;
	}
	return err_set(err, ST_LIMIT, "pattern hit a limit (%d)", found);
}
