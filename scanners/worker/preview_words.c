#include "scanners/worker/preview_words.h"

#include "scanners/detect/preview_mask.h"

/* What is shorter is not worth hiding, and would tear texts apart. */
enum { PREVIEW_WORD_LEAST_BYTES = 4 };

/* Digits of it may be hidden already, as those of a number. */
static bool
words_stands_at(const uint8_t *text, struct span word)
{
	for (size_t i = 0; i < word.len_bytes; i++)
		if (text[i] != word.ptr[i] && !preview_mask_is_hidden(text[i]))
			return false;
	return true;
}

static void
words_hide_text(struct sbuf *text, struct span word)
{
	for (size_t at = 0; at + word.len_bytes <= text->len_bytes; at++) {
		if (!words_stands_at(text->bytes + at, word))
			continue;
		for (size_t i = 0; i < word.len_bytes; i++)
			if (!preview_mask_is_hidden(text->bytes[at + i]))
				text->bytes[at + i] = '*';
		at += word.len_bytes - 1;
	}
}

static void
words_hide(struct preview_collect *collect, struct span word)
{
	if (word.len_bytes < PREVIEW_WORD_LEAST_BYTES)
		return;
	for (struct preview_source *source = collect->first; source != NULL;
	     source = source->next)
		for (size_t i = 0; i < PREVIEW_STREAMS; i++)
			words_hide_text(&source->streams[i].text, word);
}

void
preview_words_hide(const struct engine_locks *locks,
		   struct preview_collect *collect)
{
	const size_t said =
		locks->said != NULL ? words_list_count(locks->said) : 0;

	for (const struct engine_lock *lock = locks->first; lock != NULL;
	     lock = lock->next)
		for (size_t i = 0; i < lock->password_count; i++)
			words_hide(collect, lock->passwords[i]);
	for (size_t i = 0; i < said; i++)
		words_hide(collect, words_list_word(locks->said, i));
}
