/*
 * sqlite_wal.h - the write-ahead log of a store that is about to be opened.
 *
 * Layer:    vault/store; only the files sqlite*.c
 * Threads:  before the first connection of the process
 */
#ifndef VAULT_STORE_SQLITE_WAL_H
#define VAULT_STORE_SQLITE_WAL_H

#include "lib/base/status.h"

/* Create an empty store file, mode 0600, durably, when there is none.
 * Returns: ST_OK, ST_IO */
MUST_CHECK enum status sqlite_make_file(const char *path, struct err *err);

/*
 * Write every byte of path-wal once more and fsync it. After a failed fsync
 * the kernel may hold pages as clean that never reached the disk; SQLite
 * would take such commits for durable and add new ones behind them. Writing
 * makes the pages dirty again, so that this fsync tells the truth.
 * Returns: ST_OK (also when there is no such file), ST_IO
 */
MUST_CHECK enum status sqlite_rewrite_wal(const char *path, struct err *err);

#endif
