/*
 * job_loop.h - one worker: take a job, do it, report it, again.
 *
 * Layer:    courier/jobs
 * Threads:  each worker is a thread of its own
 */
#ifndef COURIER_JOBS_JOB_LOOP_H
#define COURIER_JOBS_JOB_LOOP_H

#include "courier/jobs/job_desk.h"
#include "courier/pause.h"

struct job_loop {
	struct setup_holder *setups;
	struct job_desk *desk;
	struct gate *gate;
	enum job_lane lane;
};

/*
 * Work until the gate is stopped. A job in hand is finished and reported
 * first. Failures of the vault, the scanner and the next hop are waited out.
 */
void job_loop_run(const struct job_loop *loop);

#endif
