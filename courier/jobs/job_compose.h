/*
 * job_compose.h - the letter for a job in which a person hears from us.
 *
 * Layer:    courier/jobs
 * Threads:  values
 */
#ifndef COURIER_JOBS_JOB_COMPOSE_H
#define COURIER_JOBS_JOB_COMPOSE_H

#include "courier/jobs/job.h"

/*
 * Append header and both forms of the notice for job to out.
 *
 * Takes:    boundary, NULL for a notice alone; eight_bit, see compose.h
 * Returns:  ST_OK; ST_NOT_FOUND there is no such notice; else as
 *           letter_write()
 */
MUST_CHECK enum status
job_compose(const struct job *job, const char *boundary, bool eight_bit,
	    struct sbuf *out, struct err *err);

/* Answer all recipients in the next hop's place: it can never be sent. */
MUST_CHECK enum status
job_refuse(struct job *job, const char *text, struct err *err);

enum { JOB_LETTER_BYTES = 1024 * 1024 };

#endif
