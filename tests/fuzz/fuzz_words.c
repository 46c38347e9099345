/*
 * Any text, as body, subject, names and fields of a mail: looking for words
 * ends, gives words that are whole and within their bounds, and the same ones
 * again. What is sure is among all.
 */
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/locks/words_items.h"
#include "scanners/locks/words_rank.h"
#include "tests/fuzz/fuzz.h"

enum { FUZZ_MOST_SAID = 32 };

static void
check_list(const struct words_list *list)
{
	for (size_t i = 0; i < words_list_count(list); i++) {
		const struct span word = words_list_word(list, i);

		FUZZ_PROMISE(word.len_bytes > 0 &&
			     word.len_bytes <= REPORT_SECRET_BYTES);
		FUZZ_PROMISE(word.ptr[word.len_bytes] == '\0');
		FUZZ_PROMISE(words_list_source(list, i) >
			     REPORT_WORD_SOURCE_NONE);
	}
}

static bool
has(const struct words_list *list, struct span word)
{
	for (size_t i = 0; i < words_list_count(list); i++)
		if (span_equal(words_list_word(list, i), word))
			return true;
	return false;
}

static void
check_mail(const struct words_mail *mail)
{
	AUTO(words_list_free) struct words_list *said = NULL;
	AUTO(words_list_free) struct words_list *all = NULL;
	struct err err;
	size_t count = 0;

	FUZZ_PROMISE(words_list_new(&said, &err) == ST_OK);
	FUZZ_PROMISE(words_list_new(&all, &err) == ST_OK);
	FUZZ_PROMISE(words_rank_said(mail, FUZZ_MOST_SAID, said, &err) ==
		     ST_OK);
	FUZZ_PROMISE(words_list_count(said) <= FUZZ_MOST_SAID);
	FUZZ_PROMISE(words_rank(mail, words_mail_text(mail, WORDS_PLACE_NAME),
				all, &err) == ST_OK);
	check_list(said);
	check_list(all);
	for (size_t i = 0; i < words_list_count(said); i++)
		FUZZ_PROMISE(has(all, words_list_word(said, i)));
	/* A second time there is nothing new. */
	count = words_list_count(all);
	FUZZ_PROMISE(words_rank(mail, words_mail_text(mail, WORDS_PLACE_NAME),
				all, &err) == ST_OK);
	FUZZ_PROMISE(words_list_count(all) == count ||
		     count == WORDS_LIST_MOST);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span text = { data, size };
	struct words_mail mail;

	if (!parse_is_utf8(text))
		return 0;
	words_mail_init(&mail);
	for (int place = WORDS_PLACE_BODY; place < WORDS_PLACE_COUNT; place++) {
		words_mail_add(&mail, (enum words_place)place, text);
		words_mail_end_line(&mail, (enum words_place)place);
	}
	check_mail(&mail);
	words_mail_done(&mail);
	return 0;
}
