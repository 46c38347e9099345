/*
 * coverage.h - can somebody decide on everybody's mail?
 *
 * Layer:    vault/case
 * Threads:  as the struct vault
 */
#ifndef VAULT_CASE_COVERAGE_H
#define VAULT_CASE_COVERAGE_H

#include "vault/case/vault.h"

/*
 * The groups that hold rules of the policy in force name, each once, with the
 * accounts that decide for it and those that it leaves alone.
 * Gives:    *groups_out lies in arena
 * Returns:  ST_OK, ST_IO, ST_NO_MEMORY
 */
MUST_CHECK enum status
coverage_read(struct vault *vault, struct wire_arena *arena,
	      struct vault_groups_answer *groups_out, struct err *err);

#endif
