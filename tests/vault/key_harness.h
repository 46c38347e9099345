/* key_harness.h - a store with a master key and a key ring. */
#ifndef TESTS_VAULT_KEY_HARNESS_H
#define TESTS_VAULT_KEY_HARNESS_H

#include "tests/vault/store_harness.h"
#include "vault/keys/key_ring.h"

/* As fixture_file(), with the master key in dir/master.key and a ring. */
int fixture_keyed(void **state);

/* The setting vault.key of the fixture; lives as long as it. */
const char *key_source(struct fixture *f);

#endif
