/*
 * timers.h - ask the vault at intervals to see to its deadlines.
 *
 * Layer:    courier/timers
 * Threads:  a thread of its own
 */
#ifndef COURIER_TIMERS_TIMERS_H
#define COURIER_TIMERS_TIMERS_H

#include "courier/jobs/job_loop.h"

/* Ask every courier.timer until the gate is stopped. */
void timers_run(const struct job_loop *loop);

#endif
