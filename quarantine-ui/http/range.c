#include "quarantine-ui/http/range.h"

#include <string.h>

#include "lib/base/parse.h"

/* "bytes=first-last": either may be missing, not both. */
struct range_spec {
	bool has_first, has_last;
	uint64_t first, last;
};

static bool
range_parse(const char *text, struct range_spec *spec_out)
{
	static const char unit[] = "bytes=";
	struct range_spec spec = { .has_first = false };
	struct span whole;
	struct span part;
	size_t dash = 0;

	if (!span_equal_nocase((struct span){ (const uint8_t *)text,
					      strnlen(text, sizeof(unit) - 1) },
			       span_of(unit)))
		return false;
	whole = span_of(text + sizeof(unit) - 1);
	dash = strcspn(text + sizeof(unit) - 1, "-");
	if (!span_cut(whole, 0, dash, &part))
		return false;
	spec.has_first = part.len_bytes > 0;
	if (spec.has_first && !parse_u64(part, UINT64_MAX, &spec.first))
		return false;
	if (dash == whole.len_bytes ||
	    !span_cut(whole, dash + 1, whole.len_bytes - dash - 1, &part))
		return false;
	spec.has_last = part.len_bytes > 0;
	if (spec.has_last && !parse_u64(part, UINT64_MAX, &spec.last))
		return false;
	*spec_out = spec;
	return (spec.has_first || spec.has_last) &&
	       !(spec.has_first && spec.has_last && spec.last < spec.first);
}

struct range
range_choose(const char *range, const char *if_range, const char *etag,
	     uint64_t total_bytes)
{
	const struct range whole = { 200, 0, total_bytes };
	const struct range none = { 416, 0, 0 };
	struct range_spec spec;
	uint64_t last = 0;

	if (range[0] == '\0' || !range_parse(range, &spec))
		return whole;
	if (if_range[0] != '\0' && strcmp(if_range, etag) != 0)
		return whole;
	if (!spec.has_first) {
		const uint64_t len_bytes =
			spec.last < total_bytes ? spec.last : total_bytes;

		return len_bytes == 0
			       ? none
			       : (struct range){ 206, total_bytes - len_bytes,
						 len_bytes };
	}
	if (spec.first >= total_bytes)
		return none;
	last = spec.has_last && spec.last < total_bytes ? spec.last
							: total_bytes - 1;
	return (struct range){ 206, spec.first, last - spec.first + 1 };
}
