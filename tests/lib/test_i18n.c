/* Tests of lib/i18n/i18n.h, in the order of its promises. */
#include "lib/i18n/i18n.h"

#include <unistd.h>

#include "lib/base/fd.h"
#include "tests/harness/check.h"

/* clang-format off */
/* "" -> "head", "a" -> "A", "b" -> "" */
static const uint8_t catalogue[] = {
	0xde, 0x12, 0x04, 0x95, 0, 0, 0, 0, 3, 0, 0, 0,
	28, 0, 0, 0, 52, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 76, 0, 0, 0,  1, 0, 0, 0, 77, 0, 0, 0,  1, 0, 0, 0, 79, 0, 0, 0,
	4, 0, 0, 0, 81, 0, 0, 0,  1, 0, 0, 0, 86, 0, 0, 0,  0, 0, 0, 0, 88, 0, 0, 0,
	0,  'a', 0,  'b', 0,  'h', 'e', 'a', 'd', 0,  'A', 0,  0,
};
/* clang-format on */

static void
join(char *path, size_t path_bytes, const char *dir, const char *name)
{
	assert_true(snprintf(path, path_bytes, "%s/%s", dir, name) <
		    (int)path_bytes);
}

/* Open a catalogue with these bytes in a directory of its own. */
static enum status
open_bytes(const uint8_t *bytes, size_t len_bytes, struct i18n **i18n_out,
	   struct err *err)
{
	char dir[] = "/tmp/test_i18n.XXXXXX";
	char path[64];
	enum status st = ST_OK;

	assert_non_null(mkdtemp(dir));
	join(path, sizeof(path), dir, "ja.mo");
	check_status(ST_OK,
		     fd_replace_file(path, (struct span){ bytes, len_bytes },
				     0600, err),
		     err);
	st = i18n_open(dir, i18n_out, err);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0);
	return st;
}

static void
a_text_comes_in_the_language_asked_for(void **state)
{
	AUTO(i18n_free) struct i18n *i18n = NULL;
	struct err err = { 0 };

	(void)state;
	check_status(ST_OK,
		     open_bytes(catalogue, sizeof(catalogue), &i18n, &err),
		     &err);
	assert_string_equal(i18n_text(i18n, I18N_LANGUAGE_JA, "a"), "A");
	assert_string_equal(i18n_text(i18n, I18N_LANGUAGE_EN, "a"), "a");
}

static void
a_text_without_translation_stays_english(void **state)
{
	AUTO(i18n_free) struct i18n *i18n = NULL;
	struct err err = { 0 };

	(void)state;
	check_status(ST_OK,
		     open_bytes(catalogue, sizeof(catalogue), &i18n, &err),
		     &err);
	assert_string_equal(i18n_text(i18n, I18N_LANGUAGE_JA, "b"), "b");
	assert_string_equal(i18n_text(i18n, I18N_LANGUAGE_JA, "zz"), "zz");
	assert_string_equal(i18n_text(i18n, I18N_LANGUAGE_JA, ""), "");
	assert_string_equal(i18n_text(NULL, I18N_LANGUAGE_JA, "a"), "a");
}

static void
no_catalogue_is_not_found(void **state)
{
	struct i18n *i18n = NULL;
	struct err err = { 0 };

	(void)state;
	check_status(ST_NOT_FOUND, i18n_open("/nonexistent", &i18n, &err),
		     &err);
	assert_null(i18n);
}

static void
every_prefix_is_refused(void **state)
{
	struct i18n *i18n = NULL;
	struct err err = { 0 };

	(void)state;
	for (size_t len = 0; len < sizeof(catalogue); len++) {
		check_status(ST_FORMAT, open_bytes(catalogue, len, &i18n, &err),
			     &err);
		assert_null(i18n);
	}
}

static void
damage_is_refused(void **state)
{
	static const struct {
		size_t at;
		uint8_t byte;
		const char *want_text;
	} cases[] = {
		{ 0, 0x95, "i18n: not a little-endian .mo file" },
		{ 6, 1, "i18n: version 65536" },
		{ 8, 0, "i18n: 0 texts" },
		{ 11, 0x7f, "i18n: 2130706435 texts" },
		{ 15, 0xff, "i18n: text 0 does not lie in the file" },
		{ 28, 1, "i18n: text 0 does not lie in the file" },
		{ 52, 200, "i18n: text 0 does not lie in the file" },
		{ 63, 0xff, "i18n: text 1 does not lie in the file" },
		{ 48, 77, "i18n: text 2 is not in order" },
		{ 78, 'x', "i18n: text 1 does not lie in the file" },
	};
	struct i18n *i18n = NULL;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint8_t bytes[sizeof(catalogue)];
		struct err err = { 0 };

		memcpy(bytes, catalogue, sizeof(bytes));
		bytes[cases[i].at] = cases[i].byte;
		check_status(ST_FORMAT,
			     open_bytes(bytes, sizeof(bytes), &i18n, &err),
			     &err);
		assert_string_equal(err.text, cases[i].want_text);
	}
}

static void
our_own_catalogue_is_japanese(void **state)
{
	AUTO(i18n_free) struct i18n *i18n = NULL;
	const char *top = getenv("top_builddir");
	char dir[4096];
	struct err err = { 0 };

	(void)state;
	join(dir, sizeof(dir), top != NULL ? top : ".", "po");
	check_status(ST_OK, i18n_open(dir, &i18n, &err), &err);
	assert_string_equal(
		i18n_text(i18n, I18N_LANGUAGE_JA, "protected by a password"),
		"パスワードで保護されています");
}

static void
a_language_is_known_by_its_name(void **state)
{
	(void)state;
	assert_int_equal(i18n_language_of("ja"), I18N_LANGUAGE_JA);
	assert_int_equal(i18n_language_of("en"), I18N_LANGUAGE_EN);
	assert_int_equal(i18n_language_of("JA"), I18N_LANGUAGE_NONE);
	assert_int_equal(i18n_language_of(""), I18N_LANGUAGE_NONE);
}

static void
the_best_accepted_language_wins(void **state)
{
	static const struct {
		const char *field;
		enum i18n_language want;
	} cases[] = {
		{ "ja", I18N_LANGUAGE_JA },
		{ "en-US,en;q=0.9,ja;q=0.8", I18N_LANGUAGE_EN },
		{ "fr, en;q=0.3 , JA-jp ;q=0.70", I18N_LANGUAGE_JA },
		{ "en;q=0.9,ja;q=1.000", I18N_LANGUAGE_JA },
		{ "en;q=0.05,ja;q=0.4", I18N_LANGUAGE_JA },
		{ "en;q=0,fr", I18N_LANGUAGE_NONE },
		{ "en;q=2,en;q=x,en;q=1.5,en;r=1,en;q=0.1234",
		  I18N_LANGUAGE_NONE },
		{ "jav,english", I18N_LANGUAGE_NONE },
		{ ",,;;,=", I18N_LANGUAGE_NONE },
		{ "", I18N_LANGUAGE_NONE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(
			i18n_accept(cases[i].field, I18N_LANGUAGE_NONE),
			cases[i].want);
	assert_int_equal(i18n_accept("fr", I18N_LANGUAGE_JA), I18N_LANGUAGE_JA);
	assert_int_equal(i18n_accept("*, en;q=0.1", I18N_LANGUAGE_JA),
			 I18N_LANGUAGE_JA);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_comes_in_the_language_asked_for),
		cmocka_unit_test(a_text_without_translation_stays_english),
		cmocka_unit_test(no_catalogue_is_not_found),
		cmocka_unit_test(every_prefix_is_refused),
		cmocka_unit_test(damage_is_refused),
		cmocka_unit_test(our_own_catalogue_is_japanese),
		cmocka_unit_test(a_language_is_known_by_its_name),
		cmocka_unit_test(the_best_accepted_language_wins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
