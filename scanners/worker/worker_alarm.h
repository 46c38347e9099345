/*
 * worker_alarm.h - the answer of a worker that cannot come to an end.
 *
 * Layer:    scanners/worker
 * Threads:  one; process-wide (signals and interval timers)
 *
 * The engine looks at the clocks wherever our own code runs. A foreign parser
 * that spins does not: then a timer's signal writes on the worker's page
 * (worker_note.h) which limit it was and ends the process; the supervisor says
 * so, with the reader and the part that stand there. Its kill at hard_stop is
 * for what even this does not end.
 */
#ifndef SCANNERS_WORKER_WORKER_ALARM_H
#define SCANNERS_WORKER_WORKER_ALARM_H

#include "scanners/worker/worker_messages.h"
#include "scanners/worker/worker_note.h"

/* Exit status of a worker that its alarm ended. */
enum { WORKER_EXIT_ALARM = 3 };

/* Install the handlers; before the sandbox. Returns: ST_OK, ST_IO */
MUST_CHECK enum status worker_alarm_prepare(struct err *err);

/* Where they write, borrowed for ever; before the first alarm. */
void worker_alarm_write_on(struct worker_note *note);

/* Between arm and disarm the process may end at any instruction.
 * Returns: ST_OK, ST_IO */
MUST_CHECK enum status
worker_alarm_arm(const struct worker_job *job, struct err *err);
void worker_alarm_disarm(void);

/* Hold the alarm off while a frame is being sent. */
void worker_alarm_hold(void);
void worker_alarm_resume(void);

#endif
