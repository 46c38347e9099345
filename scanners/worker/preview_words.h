/*
 * preview_words.h - passwords do not stand on pages: hide them in a preview.
 *
 * Layer:    scanners/worker; includes lib/, scanners/locks
 * Threads:  as engine.h
 * Input:    untrusted texts; words are secrets
 */
#ifndef SCANNERS_WORKER_PREVIEW_WORDS_H
#define SCANNERS_WORKER_PREVIEW_WORDS_H

#include "scanners/worker/engine_locks.h"
#include "scanners/worker/preview_collect.h"

/*
 * Put stars over every word that opened a lock or stands behind an anchor,
 * wherever it is in the texts, whose numbers are masked already.
 */
void preview_words_hide(const struct engine_locks *locks,
			struct preview_collect *collect);

#endif
