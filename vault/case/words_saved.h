/*
 * words_saved.h - words of the pool over a restart, when the setting
 * vault.words_survive says so.
 *
 * Layer:    vault/case
 * Threads:  start and end of the vault
 *
 * An orderly end writes them to state_dir/words, encrypted as rows are (box of
 * the key ring); the start that unlocks the vault reads the file, and any
 * start removes it. In no backup.
 */
#ifndef VAULT_CASE_WORDS_SAVED_H
#define VAULT_CASE_WORDS_SAVED_H

#include "vault/case/words_pool.h"

/*
 * Write what is in vault->memory; without the setting, the ring or words there
 * is no file. now_mono_ms belongs to vault->now_unix_ms.
 * Gives:    *count_out
 */
MUST_CHECK enum status
words_saved_store(const struct vault *vault, int64_t now_mono_ms,
		  size_t *count_out, struct err *err);

/*
 * Read what was written, and remove it, also when it cannot be read. The time
 * between counts. Without the setting nothing is read.
 * Gives:    *count_out, words in the pool
 * Returns:  ST_OK also without a file; ST_UNSUPPORTED the vault is locked:
 *           the file stays
 */
MUST_CHECK enum status
words_saved_load(const struct vault *vault, int64_t now_mono_ms,
		 size_t *count_out, struct err *err);

/* Remove a file that waits to be read. Returns: ST_OK also without one */
MUST_CHECK enum status
words_saved_remove(const struct vault *vault, struct err *err);

#endif
