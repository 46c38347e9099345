/* Tests of "hold export key" and "hold export open". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "lib/base/parse.h"
#include "lib/crypto/seal.h"
#include "tests/cli/cli_harness.h"
#include "tests/harness/check.h"
#include "vault/client/export_file.h"

enum { MAIL_BYTES = 150000 };

struct place {
	char dir[32];
	struct seal_public to;
	uint8_t *mail;
};

static void
place_path(const struct place *place, const char *name, char path[128])
{
	(void)snprintf(path, 128, "%s/%s", place->dir, name);
}

/* A folder, and in it a key pair made by the command. */
static int
place_init(void **state)
{
	struct place *place = calloc(1, sizeof(*place));
	AUTO(cli_run_done) struct cli_run run;
	char words[128];
	struct stat info;

	assert_non_null(place);
	memcpy(place->dir, "/tmp/sk-out-XXXXXX", 19);
	assert_non_null(mkdtemp(place->dir));
	(void)snprintf(words, sizeof(words), "hold export key %s/key",
		       place->dir);
	cli_run(&run, words, NULL);
	assert_int_equal(run.status, 0);
	assert_true(parse_hex((struct span){ run.out.bytes, 64 }, place->to.key,
			      sizeof(place->to.key)));
	place_path(place, "key", words);
	assert_int_equal(stat(words, &info), 0);
	assert_int_equal(info.st_mode & 077, 0);
	place->mail = malloc(MAIL_BYTES);
	assert_non_null(place->mail);
	for (size_t i = 0; i < MAIL_BYTES; i++)
		place->mail[i] = (uint8_t)(i * 7 >> 3);
	*state = place;
	return 0;
}

static void
place_id(uint8_t number, uint8_t id[CASE_ID_BYTES])
{
	memset(id, number, CASE_ID_BYTES);
}

static int
place_done(void **state)
{
	struct place *place = *state;
	char path[128];

	for (uint8_t n = 1; n < 3; n++) {
		uint8_t id[CASE_ID_BYTES];
		char name[CASE_ID_TEXT_BYTES + 4];

		place_id(n, id);
		case_id_format(id, name);
		memcpy(name + CASE_ID_TEXT_BYTES - 1, ".eml", 5);
		place_path(place, name, path);
		(void)remove(path);
	}
	place_path(place, "key", path);
	assert_int_equal(remove(path), 0);
	place_path(place, "archive", path);
	(void)remove(path);
	assert_int_equal(rmdir(place->dir), 0);
	free(place->mail);
	free(place);
	return 0;
}

/* Append mail number n, of len_bytes bytes, as the vault would. */
static void
archive_add(const struct place *place, int archive, uint8_t n, size_t len_bytes)
{
	AUTO(fd_close) int clear = FD_NONE;
	AUTO(fd_close) int sealed = FD_NONE;
	struct export_entry entry = { .key_bytes = SEAL_WRAPPED_BYTES };
	struct err err = { 0 };

	place_id(n, entry.case_id);
	check_status(ST_OK, fd_memory("clear", &clear, &err), &err);
	check_status(ST_OK, fd_memory("sealed", &sealed, &err), &err);
	check_status(ST_OK,
		     fd_write_all(clear,
				  (struct span){ place->mail, len_bytes },
				  &err),
		     &err);
	check_status(ST_OK,
		     seal_fd(&place->to, CASE_SEAL_MAIL, clear, sealed,
			     entry.key, &err),
		     &err);
	check_status(ST_OK, fd_size(sealed, &entry.sealed_bytes, &err), &err);
	check_status(ST_OK, export_write(archive, &entry, &err), &err);
	check_status(ST_OK, fd_copy(sealed, archive, NULL, &err), &err);
}

/* An archive of two mails, its bytes in all. */
static void
archive_make(const struct place *place, struct sbuf *all)
{
	AUTO(fd_close) int archive = FD_NONE;
	struct err err = { 0 };

	check_status(ST_OK, fd_memory("archive", &archive, &err), &err);
	archive_add(place, archive, 1, 100);
	archive_add(place, archive, 2, MAIL_BYTES);
	sbuf_init(all, 1024 * 1024);
	assert_int_equal(lseek(archive, 0, SEEK_SET), 0);
	check_status(ST_OK, fd_slurp(archive, all, &err), &err);
}

static void
archive_put(const struct place *place, struct span bytes)
{
	char path[128];
	struct err err = { 0 };

	place_path(place, "archive", path);
	check_status(ST_OK, fd_replace_file(path, bytes, 0600, &err), &err);
}

static void
check_open(const struct place *place, int want_status, const char *want_err)
{
	char words[256];

	(void)snprintf(words, sizeof(words),
		       "hold export open --key %s/key %s/archive %s",
		       place->dir, place->dir, place->dir);
	cli_check(words, want_status, NULL, want_err);
}

static bool
mail_is_there(const struct place *place, uint8_t n, size_t len_bytes)
{
	AUTO(sbuf_done) struct sbuf mail;
	uint8_t id[CASE_ID_BYTES];
	char name[CASE_ID_TEXT_BYTES + 4];
	char path[128];
	struct err err = { 0 };

	sbuf_init(&mail, 1024 * 1024);
	place_id(n, id);
	case_id_format(id, name);
	memcpy(name + CASE_ID_TEXT_BYTES - 1, ".eml", 5);
	place_path(place, name, path);
	return fd_slurp_file(path, &mail, &err) == ST_OK &&
	       span_equal(sbuf_span(&mail),
			  (struct span){ place->mail, len_bytes });
}

static void
what_was_sealed_for_the_key_opens_with_it(void **state)
{
	const struct place *place = *state;
	AUTO(sbuf_done) struct sbuf all;

	archive_make(place, &all);
	archive_put(place, sbuf_span(&all));
	check_open(place, 0, NULL);
	assert_true(mail_is_there(place, 1, 100));
	assert_true(mail_is_there(place, 2, MAIL_BYTES));
	/* Nothing is overwritten. */
	check_open(place, EX_NOPERM, "there is such a file");
}

static void
a_missing_folder_is_made_for_its_owner_alone(void **state)
{
	const struct place *place = *state;
	AUTO(sbuf_done) struct sbuf all;
	struct stat info;
	char words[256];
	char path[128];

	sbuf_init(&all, 16);
	archive_put(place, sbuf_span(&all));
	place_path(place, "folder", path);
	(void)snprintf(words, sizeof(words),
		       "hold export open --key %s/key %s/archive %s",
		       place->dir, place->dir, path);
	cli_check(words, 0, NULL, NULL);
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 07777, 0700);
	assert_int_equal(rmdir(path), 0);
}

static void
another_key_opens_nothing(void **state)
{
	struct place *place = *state;
	AUTO(sbuf_done) struct sbuf all;

	place->to.key[0] ^= 1;
	archive_make(place, &all);
	archive_put(place, sbuf_span(&all));
	check_open(place, EX_DATAERR, NULL);
	assert_false(mail_is_there(place, 1, 100));
}

static void
a_changed_or_cut_archive_leaves_no_half_mail(void **state)
{
	const struct place *place = *state;
	AUTO(sbuf_done) struct sbuf all;

	archive_make(place, &all);
	archive_put(place, (struct span){ all.bytes, all.len_bytes - 1 });
	check_open(place, EX_DATAERR, "cut off");
	assert_true(mail_is_there(place, 1, 100));
	assert_false(mail_is_there(place, 2, MAIL_BYTES));
	all.bytes[160] ^= 1; /* inside the first mail */
	archive_put(place, sbuf_span(&all));
	check_open(place, EX_NOPERM, "there is such a file");
}

static void
what_is_no_key_is_refused(void **state)
{
	const struct place *place = *state;
	char words[256];

	archive_put(place, span_of("SKX1"));
	(void)snprintf(words, sizeof(words),
		       "hold export open --key %s/archive %s/archive %s",
		       place->dir, place->dir, place->dir);
	cli_check(words, EX_DATAERR, NULL, "is no key of an export");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			what_was_sealed_for_the_key_opens_with_it, place_init,
			place_done),
		cmocka_unit_test_setup_teardown(
			a_missing_folder_is_made_for_its_owner_alone,
			place_init, place_done),
		cmocka_unit_test_setup_teardown(another_key_opens_nothing,
						place_init, place_done),
		cmocka_unit_test_setup_teardown(
			a_changed_or_cut_archive_leaves_no_half_mail,
			place_init, place_done),
		cmocka_unit_test_setup_teardown(what_is_no_key_is_refused,
						place_init, place_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
