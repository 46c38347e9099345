/* store_harness.h - a store of its own for each test, per back end. */
#ifndef TESTS_VAULT_STORE_HARNESS_H
#define TESTS_VAULT_STORE_HARNESS_H

#include "vault/store/store.h"

struct fixture {
	struct store *store; /* WRITE */
	char dir[64];        /* a directory of its own, also for memory */
	bool on_disk;
	char key_source[100]; /* see key_harness.h */
};

/* cmocka's setup functions, one for each back end. */
int fixture_file(void **state);
int fixture_memory(void **state);
int fixture_teardown(void **state);

/* Close the store without a commit and open it again (on disk only). */
void fixture_reopen(struct fixture *f);

/* One committed value. */
void put_value(struct store *store, const char *name, const char *value);

/* Remove a directory and all below it. */
void remove_tree(const char *dir);

/* A test on every back end; needs cmocka.h. */
#define ON(setup, test) \
	cmocka_unit_test_setup_teardown(test, setup, fixture_teardown)
#define EVERYWHERE(test) ON(fixture_file, test), ON(fixture_memory, test)

#endif
