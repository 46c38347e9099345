/*
 * upkeep.h - check, back up and restore rows and blobs together.
 *
 * Layer:    vault/store
 * Threads:  as the store connection it is given
 */
#ifndef VAULT_STORE_UPKEEP_H
#define VAULT_STORE_UPKEEP_H

#include "vault/store/blob.h"

struct upkeep_finding {
	uint64_t cases;
	uint64_t blobs;
	uint64_t problems;
	char first_problem[200];
};
/* Rows by the back end's check, every blob of a case there with its hash. */
MUST_CHECK enum status
upkeep_check(struct store *store, const char *state_dir,
	     struct upkeep_finding *finding_out, struct err *err);

/* A tar stream to fd: every blob that the rows name, then a consistent copy
 * of the rows. All of it ciphertext or public. Runs on a READ connection. */
MUST_CHECK enum status upkeep_backup(struct store *store, const char *state_dir,
				     int fd, struct err *err);

/*
 * Into a state_dir that is missing, or empty but for keys of links; the rows get their name only when every
 * blob was found to be there.
 * Returns: ST_OK; ST_DENIED state_dir is not empty; ST_FORMAT no backup of
 *          ours, damaged or cut off; ST_IO
 */
MUST_CHECK enum status
upkeep_restore(const char *tar_path, const char *state_dir, struct err *err);

#endif
