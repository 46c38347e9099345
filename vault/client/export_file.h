/*
 * export_file.h - held mails on their way out (DESIGN 7): the file that
 * EXPORT_FETCH writes, sealed for one named key.
 *
 * Layer:    vault/client; includes only lib/
 * Threads:  no shared state
 * Input:    export_read() takes untrusted bytes
 *
 * Shape (big-endian), for each mail, one after another up to the end:
 *
 *	 0  4  "SKX1"
 *	 4 16  case id
 *	20  2  bytes of the wrapped key
 *	22  8  bytes of the sealed mail
 *	30  n  wrapped key: open with seal_open_fd() and CASE_SEAL_MAIL
 *	 …  n  sealed mail
 */
#ifndef VAULT_CLIENT_EXPORT_FILE_H
#define VAULT_CLIENT_EXPORT_FILE_H

#include "lib/base/fd.h"
#include "vault/client/vault_messages.h"

struct export_entry {
	uint8_t case_id[CASE_ID_BYTES];
	uint8_t key[VAULT_MAX_KEY_BYTES];
	size_t key_bytes;
	uint64_t sealed_bytes;
};

/* Write the head of one mail; the sealed bytes follow by fd_copy(). */
MUST_CHECK enum status
export_write(int fd, const struct export_entry *entry, struct err *err);

/* Read the head of the next mail; the caller then reads exactly
 * sealed_bytes. Returns: ST_OK; ST_END no more; ST_FORMAT; ST_IO */
MUST_CHECK enum status
export_read(int fd, struct export_entry *entry_out, struct err *err);

#endif
