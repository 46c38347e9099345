/*
 * unlock_client.h - search the password of an archive, on all processors.
 *
 * Layer:    scanners/client; includes only lib/
 * Threads:  one
 * Input:    the answer is untrusted (unlock_messages.h)
 */
#ifndef SCANNERS_CLIENT_UNLOCK_CLIENT_H
#define SCANNERS_CLIENT_UNLOCK_CLIENT_H

#include "lib/wire/channel.h"
#include "scanners/client/unlock_messages.h"

struct unlock_search {
	const char *program_path; /* of sekimori-worker-unlock */
	int archive_fd;           /* sealed; borrowed */
	int words_fd;             /* sealed; borrowed; FD_NONE: no list */
	int known_fd; /* sealed; borrowed; FD_NONE: no known member */
	uint32_t processes;
	struct unlock_order order; /* slices and has_… are filled in */
	/* Called every interval_ms with the sum of all; else than ST_OK ends
	 * the search. May be NULL. */
	enum status (*tick)(void *context,
			    const struct unlock_progress *progress,
			    struct err *err);
	void *context;
	int64_t interval_ms;
};

/* A result and the memory of its texts, wiped when it is released. */
struct unlock_answer {
	struct unlock_result result;
	struct wire_arena *arena;
};
void unlock_answer_free(struct unlock_answer **answer);

/*
 * Search. The counts of the result are those of all processes.
 * Returns: ST_OK *answer_out says how it ended; ST_IO a searcher did not
 *          start or died; ST_FORMAT it said nonsense; ST_NO_MEMORY; or what
 *          tick returned
 */
MUST_CHECK enum status
unlock_client_search(const struct unlock_search *search,
		     struct unlock_answer **answer_out, struct err *err);

#endif
