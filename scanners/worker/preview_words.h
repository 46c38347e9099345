/*
 * preview_words.h - passwords do not stand on pages: hide them in a preview.
 *
 * Layer:    scanners/worker; includes lib/, scanners/locks
 * Threads:  as engine.h
 * Input:    untrusted texts; words are secrets
 */
#ifndef SCANNERS_WORKER_PREVIEW_WORDS_H
#define SCANNERS_WORKER_PREVIEW_WORDS_H

#include "scanners/locks/words_list.h"
#include "scanners/worker/preview_collect.h"

/* Put stars over every one of words (NULL: none) in the texts, whose numbers
 * are masked already. */
void preview_words_hide_texts(const struct words_list *words,
			      struct preview_collect *collect);

/* The same for paths, which are those of the report, and names. False: without
 * memory. */
MUST_CHECK bool preview_words_hide(const struct words_list *words,
				   struct preview_collect *collect);

#endif
