/*
 * job_desk.h - taking jobs from the vault and handing in what became of them.
 *
 * Layer:    courier/jobs
 * Threads:  one desk for all workers; every function from any thread
 *
 * Leases: a job that the vault gave to us and whose answer was lost would stay
 * leased for long. So after a start, and after a failed request, the next
 * request says "fresh" as soon as no worker has a job in hand.
 */
#ifndef COURIER_JOBS_JOB_DESK_H
#define COURIER_JOBS_JOB_DESK_H

#include "courier/jobs/job.h"

struct job_desk;

MUST_CHECK enum status
job_desk_new(unsigned workers, struct job_desk **desk_out, struct err *err);
void job_desk_free(struct job_desk **desk);

/* A job and its memory. */
struct job_taken {
	struct vault_job order;
	int fd; /* its mail, or FD_NONE */
	struct wire_arena *arena;
};
void job_taken_init(struct job_taken *taken);
void job_taken_done(struct job_taken *taken);

/* Searches for passwords take long: one worker does nothing else, and all
 * others do everything else. */
enum job_lane { JOB_LANE_NONE = 0, JOB_LANE_WORK, JOB_LANE_SEARCH };

/*
 * Take a job. Waits up to a second for one. Of several workers one at least
 * takes no job that waits for the scanner in the background.
 *
 * Takes:    lease_s, how long it is ours
 * Gives:    *taken, initialised before; when taken->order.present,
 *           job_desk_finish() must follow
 * Returns:  ST_OK, perhaps without a job; else as vault_client_call()
 */
MUST_CHECK enum status
job_desk_take(struct job_desk *desk, struct vault_client *vault,
	      enum job_lane lane, uint32_t lease_s, struct job_taken *taken,
	      struct err *err);

/* Hand in the result of a job; also counts as a try when it fails. */
MUST_CHECK enum status
job_desk_report(struct vault_client *vault, const struct vault_job_done *done,
		struct err *err);

/* The worker has that job in hand no more. */
void job_desk_finish(struct job_desk *desk, const struct vault_job *order);

/*
 * Remember whether something is well, and log the change ("vault-lost",
 * "vault-back", …) once, with the reason.
 */
enum job_neighbour {
	JOB_NEIGHBOUR_NONE = 0,
	JOB_NEIGHBOUR_VAULT,
	JOB_NEIGHBOUR_NEXT_HOP,
	JOB_NEIGHBOUR_SCANNER,
	JOB_NEIGHBOUR_TIMERS,
	JOB_NEIGHBOUR_END
};
void job_desk_note(struct job_desk *desk, enum job_neighbour neighbour,
		   enum status st, const struct err *err);

#endif
