/* Tests of link_password.h, in the order of its promises. */
#include "lib/crypto/link_password.h"

#include <string.h>

#include "tests/harness/check.h"

static void
check_fold(const char *typed, const char *want)
{
	AUTO(sbuf_done) struct sbuf folded;

	sbuf_init_secret(&folded, 1024);
	link_password_fold(typed, &folded);
	assert_string_equal(sbuf_text(&folded), want);
	assert_true(folded.len_bytes <= strlen(typed));
}

/* A mark behind each of the kana. */
static void
check_marked(const char *plain, const char *mark, const char *want)
{
	AUTO(sbuf_done) struct sbuf typed;

	sbuf_init(&typed, 1024);
	for (size_t i = 0; i < strlen(plain); i += 3) {
		sbuf_add(&typed, plain + i, 3);
		sbuf_add_text(&typed, mark);
	}
	check_fold(sbuf_text(&typed), want);
}

static void
what_is_typed_on_two_machines_is_one_password(void **state)
{
	const char *want = "がぎぐげご パス12";

	(void)state;
	check_fold("がぎぐげご パス12", want);
	check_fold("がぎぐげご パス１２", want);
	check_fold("がぎぐげご\xe3\x80\x80パス12", want);
	check_fold("がぎぐげご パス12 ", want);
	check_fold("\xe3\x80\x80がぎぐげご パス12\r\n", want);
	check_fold("か\xe3\x82\x99き\xe3\x82\x99く\xe3\x82\x99"
		   "け\xe3\x82\x99こ\xe3\x82\x99 ハ\xe3\x82\x9aス12",
		   want);
	check_fold("か゛き゛く゛け゛こ゛ ハ゜ス12", want);
	check_fold("がぎぐげご\xc2\xa0ﾊﾟｽ12", want);
}

static void
every_kana_with_a_mark_is_one_character(void **state)
{
	static const char *const plain =
		"かきくけこさしすせそたちつてとはひふへほうゝ"
		"カキクケコサシスセソタチツテトハヒフヘホウワヰヱヲヽ";
	static const char *const voiced =
		"がぎぐげござじずぜぞだぢづでどばびぶべぼゔゞ"
		"ガギグゲゴザジズゼゾダヂヅデドバビブベボヴヷヸヹヺヾ";
	static const char *const half = "はひふへほハヒフヘホ";
	static const char *const semivoiced = "ぱぴぷぺぽパピプペポ";

	(void)state;
	check_marked(plain, "\xe3\x82\x99", voiced);
	check_marked(half, "\xe3\x82\x9a", semivoiced);
}

static void
nothing_else_is_changed(void **state)
{
	static const char *const same[] = {
		"",
		"Correct  Horse",
		"つづり、あア",
		"caf\xc3\xa9",
		"な\xe3\x82\x99",
		"\xe3\x82\x99x",
		"ん",
		"𠮷野",
		"っゃ",
		"x\xff ",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(same); i++)
		check_fold(same[i], same[i]);
	check_fold(" \t ", "");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_typed_on_two_machines_is_one_password),
		cmocka_unit_test(every_kana_with_a_mark_is_one_character),
		cmocka_unit_test(nothing_else_is_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
