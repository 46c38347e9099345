/*
 * blob.h - sealed mails as files: durable before a row names them.
 *
 * Layer:    vault/store
 * Threads:  a blob belongs to one thread at a time; no shared state
 *
 * A blob is state_dir/blobs/<2 hex>/<32 hex>, mode 0600, ciphertext only. Its
 * name is random. Putting: new/<name> written, fsync, rename into place, fsync
 * of that directory. A blob without a row is a stray and swept at start.
 */
#ifndef VAULT_STORE_BLOB_H
#define VAULT_STORE_BLOB_H

#include "vault/store/store_case.h"

/* Make the directories below state_dir. Returns: ST_OK, ST_IO */
MUST_CHECK enum status blob_prepare(const char *state_dir, struct err *err);

struct blob {
	uint8_t id[STORE_BLOB_ID_BYTES];
	uint8_t hash[STORE_HASH_BYTES]; /* SHA-256 of the bytes */
	uint64_t size_bytes;
};

/*
 * Store all bytes of fd durably. After a failure nothing is left behind; a
 * failed fsync is not tried again.
 * Returns: ST_OK, ST_IO, ST_NO_MEMORY
 */
MUST_CHECK enum status
blob_put(const char *state_dir, int fd, struct blob *blob_out, struct err *err);

/* As blob_put() for what fill writes to the file to: nothing of it lies in
 * memory. Also what fill returns. */
typedef enum status (*blob_filler)(void *context, int to, struct err *err);
MUST_CHECK enum status
blob_make(const char *state_dir, blob_filler fill, void *context,
	  struct blob *blob_out, struct err *err);

/* Open for reading. Returns: ST_OK; ST_NOT_FOUND; ST_IO */
MUST_CHECK enum status
blob_open(const char *state_dir, const uint8_t id[STORE_BLOB_ID_BYTES],
	  int *fd_out, struct err *err);

/* Remove it durably; ST_OK also when there is none. Returns: ST_OK, ST_IO */
MUST_CHECK enum status
blob_delete(const char *state_dir, const uint8_t id[STORE_BLOB_ID_BYTES],
	    struct err *err);

/* Remove blobs (and unfinished ones) that no case owns; at start only. */
MUST_CHECK enum status blob_sweep(const char *state_dir, struct store *store,
				  uint64_t *removed_out, struct err *err);

/* Free bytes for us on the file system of state_dir. */
MUST_CHECK enum status
blob_free_bytes(const char *state_dir, uint64_t *bytes_out, struct err *err);

#endif
