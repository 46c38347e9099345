#include "tests/vault/store_harness.h"

#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/vault/store_rows.h"

static int
fixture_setup(void **state, bool on_disk)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct err err = { 0 };

	assert_non_null(f);
	/* In memory where that is possible: 256 directories each time. */
	(void)snprintf(f->dir, sizeof(f->dir), "/dev/shm/sekimori.XXXXXX");
	if (mkdtemp(f->dir) == NULL) {
		(void)snprintf(f->dir, sizeof(f->dir), "/tmp/sekimori.XXXXXX");
		assert_non_null(mkdtemp(f->dir));
	}
	f->on_disk = on_disk;
	check_status(ST_OK,
		     store_open(on_disk ? "sqlite:" : "sqlite::memory:", f->dir,
				STORE_MODE_WRITE, &f->store, &err),
		     &err);
	*state = f;
	return 0;
}

int
fixture_file(void **state)
{
	return fixture_setup(state, true);
}

int
fixture_memory(void **state)
{
	return fixture_setup(state, false);
}

void
remove_tree(const char *dir)
{
	char *roots[] = { (char *)(uintptr_t)dir, NULL };
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOSTAT, NULL);
	FTSENT *entry = NULL;

	assert_non_null(walk);
	while ((entry = fts_read(walk)) != NULL) {
		if (entry->fts_info != FTS_D)
			(void)remove(entry->fts_accpath);
	}
	(void)fts_close(walk);
}

int
fixture_teardown(void **state)
{
	struct fixture *f = *state;

	store_close(&f->store);
	remove_tree(f->dir);
	free(f);
	return 0;
}

void
fixture_reopen(struct fixture *f)
{
	struct err err = { 0 };

	store_close(&f->store);
	check_status(ST_OK,
		     store_open("sqlite:", f->dir, STORE_MODE_WRITE, &f->store,
				&err),
		     &err);
}

void
put_value(struct store *store, const char *name, const char *value)
{
	struct err err = { 0 };

	check_status(ST_OK, store_begin(store, &err), &err);
	check_status(ST_OK, store_meta_put(store, name, span_of(value), &err),
		     &err);
	check_status(ST_OK, store_commit(store, &err), &err);
}

void
insert_case(struct store *store, const struct store_case *row)
{
	const struct store_case_detail detail = row_detail();
	struct err err = { 0 };

	check_status(ST_OK, store_case_insert(store, row, &detail, &err), &err);
}

enum status
seen_step(struct seen *seen, uint8_t id, struct err *err)
{
	assert_true(seen->count < sizeof(seen->ids));
	seen->ids[seen->count++] = id;
	if (seen->count != seen->stop_after)
		return ST_OK;
	return seen->stop_with == ST_END
		       ? ST_END
		       : err_set(err, seen->stop_with, "stopped");
}
