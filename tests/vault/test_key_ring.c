/* Tests of vault/keys/key_ring.h, in the order of its promises. */
#include "vault/keys/key_ring.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/vault/key_harness.h"
#include "vault/client/master_key.h"

static struct key_ring *
ring_of(struct fixture *f)
{
	struct key_ring *ring = NULL;
	struct err err = { 0 };

	check_status(ST_OK, key_ring_open(key_source(f), f->store, &ring, &err),
		     &err);
	return ring;
}

static void
a_ring_is_made_once(void **state)
{
	struct fixture *f = *state;
	struct err err = { 0 };

	check_status(ST_OK, store_begin(f->store, &err), &err);
	check_status(ST_DENIED, key_ring_create(key_source(f), f->store, &err),
		     &err);
	store_rollback(f->store);
}

static void
without_a_key_or_a_ring_nothing_opens(void **state)
{
	struct fixture *f = *state;
	struct store *empty = NULL;
	struct key_ring *ring = NULL;
	struct seal_public found;
	struct err err = { 0 };

	check_status(
		ST_NOT_FOUND,
		key_ring_open("file:/nonexistent/key", f->store, &ring, &err),
		&err);
	check_status(ST_OK,
		     store_open("sqlite::memory:", f->dir, STORE_MODE_WRITE,
				&empty, &err),
		     &err);
	check_status(ST_NOT_FOUND,
		     key_ring_open(key_source(f), empty, &ring, &err), &err);
	check_status(ST_NOT_FOUND, key_ring_find_public(empty, &found, &err),
		     &err);
	store_close(&empty);
	assert_null(ring);
}

static void
another_key_does_not_open_the_ring(void **state)
{
	struct fixture *f = *state;
	struct key_ring *ring = NULL;
	struct err err = { 0 };
	char path[100];
	char source[120];

	(void)snprintf(path, sizeof(path), "%s/other.key", f->dir);
	(void)snprintf(source, sizeof(source), "file:%s", path);
	check_status(ST_OK, master_key_create(path, &err), &err);
	check_status(ST_DENIED, key_ring_open(source, f->store, &ring, &err),
		     &err);
	assert_non_null(strstr(err.text, "does not open"));
	assert_null(ring);
}

static void
a_changed_ring_does_not_open(void **state)
{
	struct fixture *f = *state;
	AUTO(sbuf_done) struct sbuf row;
	struct key_ring *ring = NULL;
	struct err err = { 0 };

	sbuf_init(&row, 10000);
	check_status(ST_OK, store_meta_find(f->store, "key_ring", &row, &err),
		     &err);
	check_status(ST_OK, store_begin(f->store, &err), &err);
	for (size_t i = 0; i < row.len_bytes; i += 5) {
		row.bytes[i] ^= 1;
		check_status(ST_OK,
			     store_meta_put(f->store, "key_ring",
					    sbuf_span(&row), &err),
			     &err);
		check_status(
			ST_DENIED,
			key_ring_open(key_source(f), f->store, &ring, &err),
			&err);
		row.bytes[i] ^= 1;
	}
	store_rollback(f->store);
}

static void
the_public_key_is_there_without_the_master_key(void **state)
{
	struct fixture *f = *state;
	AUTO(key_ring_free) struct key_ring *ring = ring_of(f);
	struct seal_public found;
	struct err err = { 0 };

	check_status(ST_OK, key_ring_find_public(f->store, &found, &err), &err);
	assert_int_equal(found.epoch, 1);
	assert_int_equal(key_ring_public(ring)->epoch, 1);
	assert_memory_equal(found.key, key_ring_public(ring)->key, 32);
}

static void
what_was_sealed_for_the_ring_opens_after_restart(void **state)
{
	struct fixture *f = *state;
	AUTO(key_ring_free) struct key_ring *ring = NULL;
	AUTO(sbuf_done) struct sbuf sealed;
	AUTO(sbuf_done) struct sbuf out;
	uint8_t wrapped[SEAL_WRAPPED_BYTES];
	uint8_t other[SEAL_WRAPPED_BYTES];
	const struct span key = { wrapped, sizeof(wrapped) };
	struct seal_private someone;
	struct seal_public to;
	struct err err = { 0 };

	sbuf_init(&sealed, 1000);
	sbuf_init(&out, 1000);
	check_status(ST_OK, key_ring_find_public(f->store, &to, &err), &err);
	check_status(ST_OK,
		     seal_bytes(&to, "test", span_of("hello"), &sealed, wrapped,
				&err),
		     &err);
	ring = ring_of(f);
	check_status(ST_OK,
		     key_ring_unseal(ring, "test", key, sbuf_span(&sealed),
				     &out, &err),
		     &err);
	assert_string_equal(sbuf_text(&out), "hello");
	check_status(ST_OK, seal_key_make(9, &someone, &to, &err), &err);
	check_status(ST_OK,
		     key_ring_rewrap(ring, &to, "test", key, other, &err),
		     &err);
	check_status(ST_NOT_FOUND,
		     key_ring_unseal(ring, "test",
				     (struct span){ other, sizeof(other) },
				     sbuf_span(&sealed), &out, &err),
		     &err);
	check_status(ST_FORMAT,
		     key_ring_unseal(ring, "test", span_of("junk"),
				     sbuf_span(&sealed), &out, &err),
		     &err);
}

static void
descriptors_open_as_well(void **state)
{
	struct fixture *f = *state;
	AUTO(key_ring_free) struct key_ring *ring = ring_of(f);
	AUTO(fd_close) int plain = FD_NONE;
	AUTO(fd_close) int sealed = FD_NONE;
	AUTO(fd_close) int back = FD_NONE;
	AUTO(sbuf_done) struct sbuf out;
	uint8_t wrapped[SEAL_WRAPPED_BYTES];
	struct err err = { 0 };

	sbuf_init(&out, 1000);
	check_status(ST_OK, fd_memory("a", &plain, &err), &err);
	check_status(ST_OK, fd_memory("b", &sealed, &err), &err);
	check_status(ST_OK, fd_memory("c", &back, &err), &err);
	check_status(ST_OK, fd_write_all(plain, span_of("hello"), &err), &err);
	check_status(ST_OK,
		     seal_fd(key_ring_public(ring), "test", plain, sealed,
			     wrapped, &err),
		     &err);
	check_status(
		ST_OK,
		key_ring_unseal_fd(ring, "test",
				   (struct span){ wrapped, sizeof(wrapped) },
				   sealed, back, &err),
		&err);
	assert_int_equal(lseek(back, 0, SEEK_SET), 0);
	check_status(ST_OK, fd_slurp(back, &out, &err), &err);
	assert_string_equal(sbuf_text(&out), "hello");
}

static void
macs_are_steady_and_differ_by_use(void **state)
{
	struct fixture *f = *state;
	AUTO(key_ring_free) struct key_ring *ring = ring_of(f);
	AUTO(key_ring_free) struct key_ring *again = ring_of(f);
	uint8_t macs[KEY_USE_END][DIGEST_BYTES];
	uint8_t mac[DIGEST_BYTES];
	struct err err = { 0 };

	for (int use = KEY_USE_NONE + 1; use < KEY_USE_END; use++) {
		check_status(ST_OK,
			     key_ring_mac(ring, (enum key_use)use, span_of("x"),
					  macs[use], &err),
			     &err);
		check_status(ST_OK,
			     key_ring_mac(again, (enum key_use)use,
					  span_of("x"), mac, &err),
			     &err);
		assert_memory_equal(mac, macs[use], sizeof(mac));
		for (int before = KEY_USE_NONE + 1; before < use; before++)
			assert_memory_not_equal(macs[before], mac, sizeof(mac));
	}
	check_status(ST_UNSUPPORTED,
		     key_ring_mac(ring, KEY_USE_END, span_of("x"), mac, &err),
		     &err);
}

static void
boxes_open_with_their_context_only(void **state)
{
	struct fixture *f = *state;
	AUTO(key_ring_free) struct key_ring *ring = ring_of(f);
	AUTO(sbuf_done) struct sbuf boxed;
	AUTO(sbuf_done) struct sbuf out;
	struct err err = { 0 };

	sbuf_init(&boxed, 1000);
	sbuf_init(&out, 1000);
	check_status(ST_OK,
		     key_ring_box(ring, "row", span_of("hello"), &boxed, &err),
		     &err);
	check_status(ST_OK,
		     key_ring_unbox(ring, "row", sbuf_span(&boxed), &out, &err),
		     &err);
	assert_string_equal(sbuf_text(&out), "hello");
	check_status(
		ST_FORMAT,
		key_ring_unbox(ring, "other", sbuf_span(&boxed), &out, &err),
		&err);
}

static void
facts_are_told_for_the_doctor(void **state)
{
	struct fixture *f = *state;
	struct key_ring_facts facts = { 0 };
	struct master_key key;
	struct err err = { 0 };

	check_status(
		ST_OK,
		key_ring_facts(key_source(f), f->dir, f->store, &facts, &err),
		&err);
	assert_int_equal(facts.epoch, 1);
	assert_false(facts.escrowed);
	assert_true(facts.key_on_store_device);
	check_status(ST_OK, master_key_load(key_source(f), &key, &err), &err);
	check_status(ST_OK, master_key_note_escrow(&key, f->dir, &err), &err);
	check_status(
		ST_OK,
		key_ring_facts(key_source(f), f->dir, f->store, &facts, &err),
		&err);
	assert_true(facts.escrowed);
}

#define KEYED(test) \
	cmocka_unit_test_setup_teardown(test, fixture_keyed, fixture_teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		KEYED(a_ring_is_made_once),
		KEYED(without_a_key_or_a_ring_nothing_opens),
		KEYED(another_key_does_not_open_the_ring),
		KEYED(a_changed_ring_does_not_open),
		KEYED(the_public_key_is_there_without_the_master_key),
		KEYED(what_was_sealed_for_the_ring_opens_after_restart),
		KEYED(descriptors_open_as_well),
		KEYED(macs_are_steady_and_differ_by_use),
		KEYED(boxes_open_with_their_context_only),
		KEYED(facts_are_told_for_the_doctor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
