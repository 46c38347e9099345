/* Tests of lib/crypto/master_key.h, in the order of its promises. */
#include "lib/crypto/master_key.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "tests/harness/check.h"

static const char passphrase[] = "correct horse battery staple";

struct place {
	char dir[32];
	char path[64];
	char source[80];
};

static void
place_init(struct place *place)
{
	memcpy(place->dir, "/tmp/sk-key-XXXXXX", 19);
	assert_non_null(mkdtemp(place->dir));
	(void)snprintf(place->path, sizeof(place->path), "%s/key", place->dir);
	(void)snprintf(place->source, sizeof(place->source), "file:%s",
		       place->path);
}

static void
place_done(struct place *place)
{
	(void)unlink(place->path);
	(void)rmdir(place->dir);
}

static void
put_file(const struct place *place, const char *text)
{
	struct err err = { 0 };

	check_status(ST_OK,
		     fd_replace_file(place->path, span_of(text), 0400, &err),
		     &err);
}

static void
sources_lead_to_files(void **state)
{
	char path[MASTER_KEY_PATH_BYTES];
	struct err err = { 0 };

	(void)state;
	check_status(ST_OK, master_key_find("file:/a/b", path, &err), &err);
	assert_string_equal(path, "/a/b");
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", "/run/c", 1), 0);
	check_status(ST_OK, master_key_find("credential:x", path, &err), &err);
	assert_string_equal(path, "/run/c/x");
	assert_int_equal(unsetenv("CREDENTIALS_DIRECTORY"), 0);
	check_status(ST_NOT_FOUND, master_key_find("credential:x", path, &err),
		     &err);
	check_status(ST_FORMAT, master_key_find("http:x", path, &err), &err);
}

static void
a_written_key_is_read_back(void **state)
{
	struct place place;
	uint8_t key[MASTER_KEY_BYTES];
	uint8_t other[MASTER_KEY_BYTES];
	uint8_t read[MASTER_KEY_BYTES] = { 0 };
	struct stat info;
	struct err err = { 0 };

	(void)state;
	place_init(&place);
	check_status(ST_OK, master_key_make(key, &err), &err);
	check_status(ST_OK, master_key_make(other, &err), &err);
	assert_memory_not_equal(key, other, sizeof(key));
	check_status(ST_OK, master_key_write(place.path, key, &err), &err);
	assert_int_equal(stat(place.path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0400);
	check_status(ST_OK, master_key_load(place.source, read, &err), &err);
	assert_memory_equal(read, key, sizeof(key));
	place_done(&place);
}

static void
a_key_is_never_overwritten(void **state)
{
	struct place place;
	uint8_t key[MASTER_KEY_BYTES] = { 1 };
	uint8_t read[MASTER_KEY_BYTES] = { 0 };
	struct err err = { 0 };

	(void)state;
	place_init(&place);
	check_status(ST_OK, master_key_write(place.path, key, &err), &err);
	key[0] = 2;
	check_status(ST_DENIED, master_key_write(place.path, key, &err), &err);
	check_status(ST_OK, master_key_load(place.source, read, &err), &err);
	assert_int_equal(read[0], 1);
	place_done(&place);
}

static void
a_missing_key_is_not_found(void **state)
{
	struct place place;
	uint8_t key[MASTER_KEY_BYTES];
	struct err err = { 0 };

	(void)state;
	place_init(&place);
	check_status(ST_NOT_FOUND, master_key_load(place.source, key, &err),
		     &err);
	place_done(&place);
}

static void
a_key_that_others_can_read_is_refused(void **state)
{
	struct place place;
	uint8_t key[MASTER_KEY_BYTES] = { 0 };
	struct err err = { 0 };

	(void)state;
	place_init(&place);
	check_status(ST_OK, master_key_write(place.path, key, &err), &err);
	assert_int_equal(chmod(place.path, 0440), 0);
	check_status(ST_DENIED, master_key_load(place.source, key, &err), &err);
	place_done(&place);
}

static void
every_changed_character_is_noticed(void **state)
{
	struct place place;
	uint8_t key[MASTER_KEY_BYTES] = { 0x5a, 0x11 };
	AUTO(sbuf_done) struct sbuf text;
	struct err err = { 0 };

	(void)state;
	place_init(&place);
	check_status(ST_OK, master_key_write(place.path, key, &err), &err);
	sbuf_init(&text, 1024);
	check_status(ST_OK, fd_slurp_file(place.path, &text, &err), &err);
	/* Up to the line end, which does not count. */
	for (size_t i = 0; i + 1 < text.len_bytes; i++) {
		const uint8_t was = text.bytes[i];

		text.bytes[i] = was == '7' ? '8' : '7';
		put_file(&place, sbuf_text(&text));
		check_status(ST_FORMAT,
			     master_key_load(place.source, key, &err), &err);
		text.bytes[i] = was;
	}
	put_file(&place, "");
	check_status(ST_FORMAT, master_key_load(place.source, key, &err), &err);
	place_done(&place);
}

static void
an_escrow_copy_gives_the_key_back(void **state)
{
	uint8_t key[MASTER_KEY_BYTES] = { 9, 8, 7 };
	uint8_t restored[MASTER_KEY_BYTES] = { 0 };
	AUTO(sbuf_done) struct sbuf text;
	struct err err = { 0 };

	(void)state;
	sbuf_init(&text, 1024);
	check_status(ST_OK, master_key_escrow(key, passphrase, &text, &err),
		     &err);
	check_status(ST_OK,
		     master_key_restore(sbuf_span(&text), passphrase, restored,
					&err),
		     &err);
	assert_memory_equal(key, restored, sizeof(key));
	check_status(ST_DENIED,
		     master_key_restore(sbuf_span(&text),
					"wrong horse battery staple", restored,
					&err),
		     &err);
}

static void
a_damaged_escrow_copy_is_refused(void **state)
{
	uint8_t key[MASTER_KEY_BYTES] = { 9, 8, 7 };
	AUTO(sbuf_done) struct sbuf text;
	struct err err = { 0 };

	(void)state;
	sbuf_init(&text, 1024);
	check_status(ST_OK, master_key_escrow(key, passphrase, &text, &err),
		     &err);
	text.bytes[0] = 'S';
	check_status(
		ST_FORMAT,
		master_key_restore(sbuf_span(&text), passphrase, key, &err),
		&err);
	text.bytes[0] = 's';
	text.bytes[text.len_bytes - 3] ^= 1;
	check_status(
		ST_DENIED,
		master_key_restore(sbuf_span(&text), passphrase, key, &err),
		&err);
}

static void
a_short_passphrase_is_refused(void **state)
{
	const uint8_t key[MASTER_KEY_BYTES] = { 0 };
	AUTO(sbuf_done) struct sbuf text;
	struct err err = { 0 };

	(void)state;
	sbuf_init(&text, 1024);
	check_status(ST_LIMIT,
		     master_key_escrow(key, "fifteen letters", &text, &err),
		     &err);
	assert_int_equal(text.len_bytes, 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(sources_lead_to_files),
		cmocka_unit_test(a_written_key_is_read_back),
		cmocka_unit_test(a_key_is_never_overwritten),
		cmocka_unit_test(a_missing_key_is_not_found),
		cmocka_unit_test(a_key_that_others_can_read_is_refused),
		cmocka_unit_test(every_changed_character_is_noticed),
		cmocka_unit_test(an_escrow_copy_gives_the_key_back),
		cmocka_unit_test(a_damaged_escrow_copy_is_refused),
		cmocka_unit_test(a_short_passphrase_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
