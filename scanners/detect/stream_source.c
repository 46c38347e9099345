#include "scanners/detect/stream_source.h"

#include <string.h>

#include "lib/base/find.h"

void
stream_source_open(struct stream_source *source, uint64_t number, uint64_t line)
{
	stream_source_clear(source);
	source->number = number;
	source->base = line;
}

void
stream_source_add(struct stream_source *source, size_t at, uint64_t number)
{
	if (source->count == STREAM_SOURCE_CALLS && source->first > 0) {
		source->count -= source->first;
		memmove(source->calls, source->calls + source->first,
			source->count * sizeof(source->calls[0]));
		source->first = 0;
	}
	if (source->count == STREAM_SOURCE_CALLS)
		source->count--;
	source->calls[source->count++] = (struct stream_call){ at, number };
}

void
stream_source_clear(struct stream_source *source)
{
	source->first = 0;
	source->count = 0;
}

void
stream_source_shift(struct stream_source *source, size_t drop)
{
	for (size_t i = source->first; i < source->count; i++)
		source->calls[i].at -= drop;
}

static uint64_t
source_count_lines(struct span text, size_t from, size_t to)
{
	struct span part = { 0 };

	(void)span_cut(text, from, to - from, &part);
	return find_count(part, '\n');
}

uint64_t
stream_source_count(struct stream_source *source, struct span text, size_t from,
		    size_t to, uint64_t line)
{
	for (; source->first < source->count &&
	       source->calls[source->first].at <= to;
	     source->first++) {
		const struct stream_call *call = &source->calls[source->first];

		if (call->at > from) {
			line += source_count_lines(text, from, call->at);
			from = call->at;
		}
		source->number = call->number;
		source->base = line;
	}
	if (source->first == source->count)
		stream_source_clear(source);
	return line + source_count_lines(text, from, to);
}
