/*
 * loss.h - what is said of a mail whose worker was lost.
 *
 * Layer:    scanners/supervisor; private to pool.c
 * Threads:  values
 */
#ifndef SCANNERS_SUPERVISOR_LOSS_H
#define SCANNERS_SUPERVISOR_LOSS_H

#include "scanners/supervisor/seat.h"
#include "scanners/worker/worker_note.h"

enum { LOSS_DETAIL_BYTES = 100 };

struct loss {
	enum report_reason reason;
	bool final; /* its own limits ended it: a second try would end so, too
		     */
	struct worker_note note; /* reader and part, where they are known */
	char detail[LOSS_DETAIL_BYTES];
};

/* From what is seen of seat (reason) and what its worker wrote down. */
void loss_judge(const struct worker_seat *seat, enum report_reason reason,
		struct loss *loss);

#endif
