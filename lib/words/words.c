#include "lib/words/words.h"

#include <stdlib.h>

#include "lib/base/attr.h"
#include "lib/base/parse.h"

static const struct {
	const char *name;
	int weight_db;
} words_weights[] = {
#include "lib/words/weights_table.h"
};

struct words {
	int64_t weights_db[EVIDENCE_END];
};

enum status
words_new(struct words **words_out, struct err *err)
{
	struct words *words = calloc(1, sizeof(*words));

	if (words == NULL)
		return err_set(err, ST_NO_MEMORY, "words: no memory");
	for (size_t i = 0; i < ARRAY_LEN(words_weights); i++)
		words->weights_db[evidence_find(span_of(
			words_weights[i].name))] = words_weights[i].weight_db;
	words->weights_db[EVIDENCE_NONE] = 0;
	*words_out = words;
	return ST_OK;
}

void
words_free(struct words **words)
{
	free(*words);
	*words = NULL;
}

int64_t
words_weight_db(const struct words *words, enum evidence evidence)
{
	return words->weights_db[evidence];
}
