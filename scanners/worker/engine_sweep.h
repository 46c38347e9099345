/*
 * engine_sweep.h - read bytes of unknown meaning as text in the usual sets.
 *
 * Layer:    scanners/worker
 * Threads:  as engine.h
 *
 * UTF-8 (and with it ASCII) always; ISO-2022-JP, CP932, EUC-JP and UTF-16 in
 * both orders and at both alignments where a cheap look says that digits or
 * words in them are possible. Up to 64 KiB are decoded whole; of more bytes
 * those around places where a number could stand (sweep_window.h).
 */
#ifndef SCANNERS_WORKER_ENGINE_SWEEP_H
#define SCANNERS_WORKER_ENGINE_SWEEP_H

#include "lib/base/span.h"
#include "lib/base/status.h"

struct engine_sweep {
	/* Takes a piece of text; at: offset of its first byte in the bytes
	 * swept. */
	enum status (*text)(void *context, uint64_t at, struct span utf8,
			    struct err *err);
	/* Bytes were looked at without giving text. */
	enum status (*work)(void *context, uint64_t len_bytes, struct err *err);
	/* The next piece does not continue the last one. */
	enum status (*stop)(void *context, struct err *err);
	void *context;
};

/* Returns: ST_OK, ST_NO_MEMORY, what sweep's functions return */
MUST_CHECK enum status engine_sweep_bytes(const struct engine_sweep *sweep,
					  struct span bytes, struct err *err);

#endif
