/* Any bytes as a zip: both walks end, and what they say lies inside. */
#include "scanners/readers/zip_walk.h"

#include <stdlib.h>

#include "tests/fuzz/fuzz.h"

static void
walk_local(struct span archive)
{
	struct zip_entry entry;
	struct span name;
	bool odd = false;
	size_t at = 0;
	size_t last_end = 0;

	while (zip_local_next(archive, &at, &entry)) {
		FUZZ_PROMISE(at <= archive.len_bytes);
		FUZZ_PROMISE(entry.local_at >= last_end);
		FUZZ_PROMISE(entry.data_at <= entry.end_at);
		FUZZ_PROMISE(entry.end_at <= archive.len_bytes);
		last_end = entry.end_at;
		(void)zip_other_name(&entry, &name, &odd);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span archive = { data, size };
	struct zip_entry entry;
	struct zip_end end;
	size_t last = 0;
	size_t at = 0;

	walk_local(archive);
	(void)zip_is_package(archive);
	if (!zip_find_end(archive, &end))
		return 0;
	FUZZ_PROMISE(end.behind_at <= size && end.at < end.behind_at);
	if (end.directory_at > size)
		return 0;
	at = (size_t)end.directory_at;
	last = at;
	while (zip_central_next(archive, &at, &entry)) {
		FUZZ_PROMISE(at > last && at <= size);
		last = at;
	}
	return 0;
}
