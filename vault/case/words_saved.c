#include "vault/case/words_saved.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "lib/base/fd.h"

enum {
	SAVED_MAX_BYTES = 512 * 1024 * 1024,
	SAVED_MAX_WORDS = 1000000, /* of vault.words_max */
	SAVED_MODE = 0600
};

static const struct wire_field entry_fields[] = {
	WIRE_FIXED_F(struct words_entry, pair),
	WIRE_BOOL_F(struct words_entry, worked),
	WIRE_U64_F(struct words_entry, age_ms, 0, INT64_MAX / 4),
	WIRE_TEXT_F(struct words_entry, text, 1, REPORT_SECRET_BYTES),
};
static WIRE_TABLE(entry_table, 0, 1, words_entry, entry_fields);

static const struct wire_field snapshot_fields[] = {
	WIRE_FIXED_F(struct words_snapshot, key),
	WIRE_I64_F(struct words_snapshot, made_unix_ms),
	WIRE_LIST_F(struct words_snapshot, entries, count, 0, SAVED_MAX_WORDS,
		    entry_table),
};
static WIRE_TABLE(snapshot_table, 0x0316, 1, words_snapshot, snapshot_fields);

static enum status
saved_path(const struct vault *vault, char path[PATH_MAX], struct err *err)
{
	const int len = snprintf(path, PATH_MAX, "%s/words",
				 vault->config->general.state_dir);

	if (len < 0 || len >= PATH_MAX)
		return err_set(err, ST_LIMIT, "vault: path too long");
	return ST_OK;
}

/* --- out --------------------------------------------------------------- */

static enum status
saved_write(const struct vault *vault, const struct words_snapshot *snapshot,
	    struct err *err)
{
	AUTO(sbuf_done) struct sbuf plain;
	AUTO(sbuf_done) struct sbuf boxed;
	char path[PATH_MAX];
	enum status st = saved_path(vault, path, err);

	sbuf_init_secret(&plain, SAVED_MAX_BYTES);
	sbuf_init(&boxed, SAVED_MAX_BYTES);
	if (st == ST_OK)
		st = wire_encode(&snapshot_table, snapshot, &plain, err);
	if (st == ST_OK)
		st = key_ring_box(vault->ring, "words", sbuf_span(&plain),
				  &boxed, err);
	return st == ST_OK ? fd_replace_file(path, sbuf_span(&boxed),
					     SAVED_MODE, err)
			   : st;
}

enum status
words_saved_store(const struct vault *vault, int64_t now_mono_ms,
		  size_t *count_out, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = wire_arena_new();
	struct words_snapshot snapshot = { .made_unix_ms = vault->now_unix_ms };
	enum status st = ST_OK;

	*count_out = 0;
	if (!vault->config->vault.words_survive || vault->ring == NULL ||
	    vault->memory == NULL || vault->memory->words == NULL)
		return ST_OK;
	if (arena == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	st = words_pool_export(vault->memory->words, now_mono_ms, arena,
			       &snapshot, err);
	if (st == ST_OK && snapshot.count > 0)
		st = saved_write(vault, &snapshot, err);
	if (st == ST_OK)
		*count_out = snapshot.count;
	explicit_bzero(snapshot.key, sizeof(snapshot.key));
	return st;
}

/* --- in ---------------------------------------------------------------- */

/* As old as they are now. A clock that went back makes nobody younger. */
static void
saved_grow_old(const struct vault *vault, struct words_snapshot *snapshot)
{
	struct words_entry *entries =
		(struct words_entry *)(uintptr_t)snapshot->entries;
	const int64_t passed_ms = vault->now_unix_ms - snapshot->made_unix_ms;

	for (size_t i = 0; passed_ms > 0 && i < snapshot->count; i++)
		entries[i].age_ms += (uint64_t)passed_ms;
}

static enum status
saved_take(const struct vault *vault, const struct words_rules *rules,
	   struct span boxed, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	AUTO(sbuf_done) struct sbuf plain;
	struct words_snapshot snapshot = { .count = 0 };
	enum status st = ST_OK;

	sbuf_init_secret(&plain, SAVED_MAX_BYTES);
	st = key_ring_unbox(vault->ring, "words", boxed, &plain, err);
	if (st == ST_OK)
		st = wire_decode(&snapshot_table, sbuf_span(&plain), &snapshot,
				 &arena, err);
	if (st != ST_OK)
		return st;
	saved_grow_old(vault, &snapshot);
	st = words_pool_import(vault->memory->words, rules, &snapshot, err);
	explicit_bzero(snapshot.key, sizeof(snapshot.key));
	return st;
}

enum status
words_saved_load(const struct vault *vault, int64_t now_mono_ms,
		 size_t *count_out, struct err *err)
{
	AUTO(sbuf_done) struct sbuf boxed;
	char path[PATH_MAX];
	struct words_between between;
	enum status st = saved_path(vault, path, err);

	*count_out = 0;
	sbuf_init(&boxed, SAVED_MAX_BYTES);
	words_between_init(&between, vault->config);
	between.rules.now_mono_ms = now_mono_ms;
	if (st == ST_OK && vault->config->vault.words_survive) {
		st = vault_need_ring(vault, err);
		if (st != ST_OK)
			return st;
		st = fd_slurp_file(path, &boxed, err);
		if (st == ST_OK)
			st = saved_take(vault, &between.rules,
					sbuf_span(&boxed), err);
	}
	if (st == ST_OK && vault->memory->words != NULL)
		*count_out = words_pool_count(vault->memory->words);
	/* Once read it is of no use, and unread of none either. */
	if (st == ST_OK || st == ST_NOT_FOUND)
		return words_saved_remove(vault, err);
	NEGLECT(words_saved_remove(vault, NULL)); /* err says what was first */
	return st;
}

enum status
words_saved_remove(const struct vault *vault, struct err *err)
{
	char path[PATH_MAX];
	const enum status st = saved_path(vault, path, err);

	if (st == ST_OK && unlink(path) != 0 && errno != ENOENT)
		return err_set_errno(err, "%s: cannot be removed", path);
	return st;
}
