#include "tests/vault/key_harness.h"

#include "tests/harness/check.h"
#include "vault/client/master_key.h"

const char *
key_source(struct fixture *f)
{
	(void)snprintf(f->key_source, sizeof(f->key_source),
		       "file:%s/master.key", f->dir);
	return f->key_source;
}

int
fixture_keyed(void **state)
{
	struct fixture *f = NULL;
	struct err err = { 0 };

	(void)fixture_file(state);
	f = *state;
	check_status(ST_OK, master_key_create(key_source(f) + 5, &err), &err);
	check_status(ST_OK, store_begin(f->store, &err), &err);
	check_status(ST_OK, key_ring_create(key_source(f), f->store, &err),
		     &err);
	check_status(ST_OK, store_commit(f->store, &err), &err);
	return 0;
}
