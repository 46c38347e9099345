/* unlock_harness.h - a locked mail, what people and the courier do about it. */
#ifndef TESTS_VAULT_UNLOCK_HARNESS_H
#define TESTS_VAULT_UNLOCK_HARNESS_H

#include "tests/vault/case_harness.h"
#include "vault/case/unlock.h"

enum status watch_type(struct scene *scene, const char *login,
		       const uint8_t id[CASE_ID_BYTES], const char *password,
		       struct err *err);
enum status watch_steer(struct scene *scene, const char *login,
			const uint8_t id[CASE_ID_BYTES], enum search_step step,
			struct err *err);

/* The next job of that kind, a search or another. */
bool watch_take(struct scene *scene, bool idle, enum job_kind kind,
		struct job_taken *taken);

/* What the courier gets with a job. */
struct given {
	size_t count;
	bool has_secret; /* WATCH_SECRET is among the words */
	uint64_t search_from;
	uint32_t search_ms;
	uint64_t mail_bytes;
	size_t mails; /* in the file that comes with it */
};
#define WATCH_SECRET "tsukimi-4711"
struct given watch_look(struct scene *scene, const struct job_taken *taken);

/* Hand in what the scan saw, and the word that worked (NULL: none). */
void watch_finish(struct scene *scene, struct job_taken *taken,
		  const struct mail_locks *locks, const char *worked);

/* What the page shows; its texts are gone. */
struct vault_case watch_show(struct scene *scene, const char *login,
			     const uint8_t id[CASE_ID_BYTES]);

#endif
