/* Zip archives that programs read in different ways, of every kind known
 * (tests/data/make_ambiguous.py): what is planted in each is found, and that
 * there is more than one reading is said. */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/scanners/recording_sink.h"
#include "tests/scanners/sample.h"

enum { KINDS = 14, WORD_BYTES = 64 };

static const struct child attached = {
	.name = "a.zip", .content_type = "", .charset = "", .attachment = true
};

/* One line of the list. */
struct planted {
	char file[WORD_BYTES];
	char number[WORD_BYTES];
	char want[WORD_BYTES];
};

static bool
next_word(const char **at, char word[WORD_BYTES])
{
	size_t len = strcspn(*at, " \n");

	if (len == 0 || len >= WORD_BYTES)
		return false;
	memcpy(word, *at, len);
	word[len] = '\0';
	*at += len + 1;
	return true;
}

static bool
next_planted(const char **at, struct planted *planted)
{
	return next_word(at, planted->file) && next_word(at, planted->number) &&
	       next_word(at, planted->want);
}

/* True when it was read as it must be. */
static bool
read_planted(const struct planted *planted)
{
	AUTO(sbuf_done) struct sbuf bytes;
	struct sink sink;
	struct err err = { 0 };
	char path[WORD_BYTES * 2];

	(void)snprintf(path, sizeof(path), "zip_ambiguous/%s", planted->file);
	sbuf_init(&bytes, 1 << 20);
	sample_read(path, &bytes);
	recording_sink_init(&sink);
	assert_int_not_equal(reader_zip.sniff(sbuf_span(&bytes), &attached),
			     SNIFF_NO);
	check_status(ST_OK,
		     recording_sink_read(&sink, &reader_zip, sbuf_span(&bytes),
					 &attached, &err),
		     &err);
	const bool found = recording_sink_has(&sink, planted->number);
	const bool said = sink.ambiguities > 0;
	const bool wants_found = strcmp(planted->want, "said") != 0;
	const bool wants_said = strcmp(planted->want, "both") == 0;

	const bool right = (!wants_found || found) && (!wants_said || said) &&
			   (found || said || sink.opaques > 0);

	if (!right)
		print_error("%s: wanted %s, %s, %s\n%s\n", planted->file,
			    planted->want, found ? "found" : "not found",
			    said ? "ambiguous" : "silent",
			    sbuf_text(&sink.record));
	recording_sink_done(&sink);
	return right;
}

/* All files of the list whose name starts with kind. */
static void
check_kind(void **state)
{
	const char *kind = *state;
	AUTO(sbuf_done) struct sbuf list;
	struct planted planted;
	size_t count = 0;
	size_t wrong = 0;

	sbuf_init(&list, 1 << 20);
	sample_read("zip_ambiguous/index.txt", &list);
	const char *at = sbuf_text(&list);

	while (next_planted(&at, &planted)) {
		if (strncmp(planted.file, kind, strlen(kind)) != 0)
			continue;
		wrong += !read_planted(&planted);
		count++;
	}
	assert_true(count > 0);
	assert_int_equal(wrong, 0);
}

static int
set_locale(void **state)
{
	(void)state;
	return setlocale(LC_CTYPE, "C.UTF-8") == NULL;
}

#define KIND(name, kind)                               \
	{                                              \
		name, check_kind, NULL, NULL, (char[]) \
		{                                      \
			kind                           \
		}                                      \
	}

int
main(void)
{
	const struct CMUnitTest tests[KINDS] = {
		KIND("methods_of_the_headers_differ", "a1_"),
		KIND("sizes_differ", "a2_"),
		KIND("names_of_the_headers_differ", "a3_"),
		KIND("a_folder_has_content", "a4_"),
		KIND("one_header_says_encrypted", "a5_"),
		KIND("two_entries_have_one_name", "b1_"),
		KIND("a_name_has_a_special_byte", "b2_"),
		KIND("names_lead_to_the_same_file", "b3_"),
		KIND("names_differ_in_case", "b4_"),
		KIND("a_directory_or_header_is_hidden", "c1_"),
		KIND("archives_follow_each_other", "c2_"),
		KIND("the_end_record_counts_wrongly", "c3_"),
		KIND("there_are_two_directories", "c4_"),
		KIND("zip64_says_something_else", "c5_"),
	};

	return cmocka_run_group_tests(tests, set_locale, NULL);
}
