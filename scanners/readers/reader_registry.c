#include "scanners/readers/reader.h"

static const struct reader *const readers[] = {
#define READER(name) &reader_##name,
#include "scanners/readers/readers.def"
#undef READER
};

const struct reader *
reader_next(struct span body, const struct child *hint, size_t *index,
	    enum sniff *sniff_out)
{
	while (*index < ARRAY_LEN(readers)) {
		const struct reader *reader = readers[(*index)++];
		const enum sniff sniff = reader->sniff(body, hint);

		if (sniff != SNIFF_NO) {
			*sniff_out = sniff;
			return reader;
		}
	}
	return NULL;
}
