/* Tests of vault/client/master_key.h, in the order of its promises. */
#include "vault/client/master_key.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/vault/store_harness.h"

static const char passphrase[] = "a long enough passphrase";

struct place {
	char dir[64];
	char path[100];
	char source[120];
};

static int
place_setup(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	(void)snprintf(p->dir, sizeof(p->dir), "/tmp/sekimori-key.XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	(void)snprintf(p->path, sizeof(p->path), "%s/master.key", p->dir);
	(void)snprintf(p->source, sizeof(p->source), "file:%s", p->path);
	*state = p;
	return 0;
}

static int
place_teardown(void **state)
{
	struct place *p = *state;

	remove_tree(p->dir);
	free(p);
	(void)unsetenv("CREDENTIALS_DIRECTORY");
	return 0;
}

static void
a_new_key_is_ours_alone_and_loads(void **state)
{
	struct place *p = *state;
	struct master_key key;
	struct master_key again;
	struct stat info;
	struct err err = { 0 };

	check_status(ST_OK, master_key_create(p->path, &err), &err);
	assert_int_equal(stat(p->path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0400);
	check_status(ST_OK, master_key_load(p->source, &key, &err), &err);
	check_status(ST_OK, master_key_load(p->source, &again, &err), &err);
	assert_memory_equal(&key, &again, sizeof(key));
}

static void
a_key_file_is_never_overwritten(void **state)
{
	struct place *p = *state;
	struct master_key key;
	struct master_key again;
	struct err err = { 0 };

	check_status(ST_OK, master_key_create(p->path, &err), &err);
	check_status(ST_OK, master_key_load(p->source, &key, &err), &err);
	check_status(ST_DENIED, master_key_create(p->path, &err), &err);
	check_status(ST_DENIED, master_key_write(p->path, &key, &err), &err);
	check_status(ST_OK, master_key_load(p->source, &again, &err), &err);
	assert_memory_equal(&key, &again, sizeof(key));
}

static void
what_others_can_read_is_refused(void **state)
{
	struct place *p = *state;
	struct master_key key;
	struct err err = { 0 };
	char link_path[100];
	char link_source[120];

	check_status(ST_OK, master_key_create(p->path, &err), &err);
	for (unsigned int bit = 1; bit <= 040; bit <<= 1) {
		assert_int_equal(chmod(p->path, 0400 | bit), 0);
		check_status(ST_DENIED, master_key_load(p->source, &key, &err),
			     &err);
	}
	assert_int_equal(chmod(p->path, 0400), 0);
	(void)snprintf(link_path, sizeof(link_path), "%s/link", p->dir);
	(void)snprintf(link_source, sizeof(link_source), "file:%s", link_path);
	assert_int_equal(symlink(p->path, link_path), 0);
	check_status(ST_DENIED, master_key_load(link_source, &key, &err), &err);
	(void)snprintf(link_source, sizeof(link_source), "file:%s", p->dir);
	check_status(ST_DENIED, master_key_load(link_source, &key, &err), &err);
}

static void
what_is_no_key_or_no_source_is_told(void **state)
{
	static const char *const sources[] = { "",
					       "file:relative",
					       "/x",
					       "credential:",
					       "file:",
					       "credential:../x",
					       "credential:a/b" };
	static const char *const contents[] = {
		"",
		"sekimori-key-1 ",
		"sekimori-key-1 00",
		"sekimori-key-2 "
		"000102030405060708090a0b0c0d0e0f"
		"000102030405060708090a0b0c0d0e0f\n",
		"sekimori-key-1 "
		"000102030405060708090a0b0c0d0e0f"
		"000102030405060708090a0b0c0d0e0g\n",
		"sekimori-key-1 "
		"000102030405060708090a0b0c0d0e0f"
		"000102030405060708090a0b0c0d0e0f00\n",
	};
	struct place *p = *state;
	struct master_key key;
	struct err err = { 0 };
	char big[1000];

	for (size_t i = 0; i < ARRAY_LEN(sources); i++)
		check_status(ST_FORMAT, master_key_load(sources[i], &key, &err),
			     &err);
	check_status(ST_NOT_FOUND, master_key_load(p->source, &key, &err),
		     &err);
	check_status(ST_NOT_FOUND, master_key_load("credential:x", &key, &err),
		     &err);
	for (size_t i = 0; i < ARRAY_LEN(contents); i++) {
		check_status(ST_OK,
			     fd_replace_file(p->path, span_of(contents[i]),
					     0400, &err),
			     &err);
		check_status(ST_FORMAT, master_key_load(p->source, &key, &err),
			     &err);
	}
	memset(big, 'a', sizeof(big));
	check_status(ST_OK,
		     fd_replace_file(
			     p->path,
			     (struct span){ (const uint8_t *)big, sizeof(big) },
			     0400, &err),
		     &err);
	check_status(ST_FORMAT, master_key_load(p->source, &key, &err), &err);
}

static void
a_credential_is_found_in_its_directory(void **state)
{
	struct place *p = *state;
	struct master_key key;
	struct master_key again;
	struct err err = { 0 };

	check_status(ST_OK, master_key_create(p->path, &err), &err);
	check_status(ST_OK, master_key_load(p->source, &key, &err), &err);
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", p->dir, 1), 0);
	/* systemd's access list shows up in the group bits. */
	assert_int_equal(chmod(p->path, 0440), 0);
	check_status(ST_OK,
		     master_key_load("credential:master.key", &again, &err),
		     &err);
	assert_memory_equal(&key, &again, sizeof(key));
	assert_int_equal(chmod(p->path, 0444), 0);
	check_status(ST_DENIED,
		     master_key_load("credential:master.key", &again, &err),
		     &err);
}

static void
the_file_system_of_the_key_is_known(void **state)
{
	struct place *p = *state;
	bool beside = false;
	struct err err = { 0 };

	check_status(ST_OK, master_key_create(p->path, &err), &err);
	check_status(ST_OK,
		     master_key_is_beside(p->source, p->dir, &beside, &err),
		     &err);
	assert_true(beside);
	check_status(ST_OK,
		     master_key_is_beside(p->source, "/proc", &beside, &err),
		     &err);
	assert_false(beside);
}

static void
an_escrow_copy_gives_the_key_back(void **state)
{
	struct place *p = *state;
	AUTO(sbuf_done) struct sbuf text;
	struct master_key key;
	struct master_key again;
	struct err err = { 0 };

	sbuf_init(&text, MASTER_KEY_ESCROW_MAX_BYTES);
	check_status(ST_OK, master_key_create(p->path, &err), &err);
	check_status(ST_OK, master_key_load(p->source, &key, &err), &err);
	check_status(ST_LIMIT, master_key_escrow(&key, "short", &text, &err),
		     &err);
	assert_int_equal(text.len_bytes, 0);
	check_status(ST_OK, master_key_escrow(&key, passphrase, &text, &err),
		     &err);
	check_status(
		ST_OK,
		master_key_restore(sbuf_span(&text), passphrase, &again, &err),
		&err);
	assert_memory_equal(&key, &again, sizeof(key));
	check_status(ST_DENIED,
		     master_key_restore(sbuf_span(&text),
					"another long passphrase", &again,
					&err),
		     &err);
	check_status(
		ST_DENIED,
		master_key_restore(sbuf_span(&text), "short", &again, &err),
		&err);
	/* Typed in again: other line ends, an empty line. */
	sbuf_add_text(&text, "\r\n\r\n# the end");
	check_status(
		ST_OK,
		master_key_restore(sbuf_span(&text), passphrase, &again, &err),
		&err);
}

static void
a_damaged_escrow_copy_is_refused(void **state)
{
	struct place *p = *state;
	AUTO(sbuf_done) struct sbuf text;
	struct master_key key = { { 1, 2, 3 } };
	struct master_key again;
	struct err err = { 0 };
	const char *body = NULL;

	(void)p;
	sbuf_init(&text, MASTER_KEY_ESCROW_MAX_BYTES);
	check_status(ST_OK, master_key_escrow(&key, passphrase, &text, &err),
		     &err);
	body = strstr(sbuf_text(&text), "sekimori-escrow-1");
	assert_non_null(body);
	const size_t body_at = (size_t)(body - sbuf_text(&text));

	for (size_t len = 0; len + 1 < text.len_bytes; len += 7) {
		uint8_t *copy = malloc(len > 0 ? len : 1);

		assert_non_null(copy);
		memcpy(copy, text.bytes, len);
		check_status(ST_FORMAT,
			     master_key_restore((struct span){ copy, len },
						passphrase, &again, &err),
			     &err);
		free(copy);
	}
	/* One digit of salt, nonce, key and tag each. */
	for (size_t at = body_at + 25; at < text.len_bytes; at += 61) {
		const uint8_t old = text.bytes[at];

		text.bytes[at] = old == '0' ? '1' : '0';
		const enum status st = master_key_restore(
			sbuf_span(&text), passphrase, &again, &err);

		assert_true(st == ST_DENIED || st == ST_FORMAT);
		text.bytes[at] = old;
	}
}

static void
the_note_of_an_escrow_copy_is_for_one_key(void **state)
{
	struct place *p = *state;
	const struct master_key key = { { 1, 2, 3 } };
	const struct master_key other = { { 1, 2, 4 } };
	bool escrowed = true;
	struct err err = { 0 };

	check_status(ST_OK,
		     master_key_is_escrowed(&key, p->dir, &escrowed, &err),
		     &err);
	assert_false(escrowed);
	check_status(ST_OK, master_key_note_escrow(&key, p->dir, &err), &err);
	check_status(ST_OK,
		     master_key_is_escrowed(&key, p->dir, &escrowed, &err),
		     &err);
	assert_true(escrowed);
	check_status(ST_OK,
		     master_key_is_escrowed(&other, p->dir, &escrowed, &err),
		     &err);
	assert_false(escrowed);
}

#define IN_PLACE(test) \
	cmocka_unit_test_setup_teardown(test, place_setup, place_teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		IN_PLACE(a_new_key_is_ours_alone_and_loads),
		IN_PLACE(a_key_file_is_never_overwritten),
		IN_PLACE(what_others_can_read_is_refused),
		IN_PLACE(what_is_no_key_or_no_source_is_told),
		IN_PLACE(a_credential_is_found_in_its_directory),
		IN_PLACE(the_file_system_of_the_key_is_known),
		IN_PLACE(an_escrow_copy_gives_the_key_back),
		IN_PLACE(a_damaged_escrow_copy_is_refused),
		IN_PLACE(the_note_of_an_escrow_copy_is_for_one_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
