/*
 * worker_warm.h - tables that the first mail makes, made in advance.
 *
 * Layer:    scanners/worker
 * Threads:  one
 *
 * Some tables of the detector are made when they are needed first. A template
 * reads a mail of its own, so that its copies find them, and a heap that has
 * grown.
 */
#ifndef SCANNERS_WORKER_WORKER_WARM_H
#define SCANNERS_WORKER_WORKER_WARM_H

#include "scanners/worker/engine.h"

/* Returns: ST_OK, ST_NO_MEMORY, or what the detector says */
MUST_CHECK enum status
worker_warm_up(const struct words *words, const struct labels *labels,
	       struct err *err);

#endif
