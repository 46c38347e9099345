#include "scanners/worker/preview_words.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/worker/engine_hide.h"

enum { PREVIEW_NAMES_BYTES = 16 * 1024 };

void
preview_words_hide_texts(const struct words_list *words,
			 struct preview_collect *collect)
{
	for (struct preview_source *source = collect->first;
	     words != NULL && source != NULL; source = source->next)
		for (size_t i = 0; i < PREVIEW_STREAMS; i++)
			engine_hide_over(words, &source->streams[i].text);
}

static bool
words_hide_name(const struct words_list *words, char **text)
{
	AUTO(sbuf_done) struct sbuf out;

	sbuf_init_secret(&out, PREVIEW_NAMES_BYTES);
	if (*text == NULL || !engine_hide_text(words, span_of(*text), &out))
		return true;
	free(*text);
	*text = out.st == ST_OK ? strdup(sbuf_text(&out)) : NULL;
	return *text != NULL;
}

bool
preview_words_hide(const struct words_list *words,
		   struct preview_collect *collect)
{
	bool whole = true;

	for (struct preview_source *source = collect->first;
	     words != NULL && source != NULL && whole; source = source->next)
		whole = words_hide_name(words, &source->path) &&
			words_hide_name(words, &source->name);
	return whole;
}
