/* Published numbers through the whole of scanners/detect/detect.h: what is a
 * My Number is found beside its label, and what only looks like one is not. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/sbuf.h"
#include "scanners/detect/check_digit.h"
#include "tests/harness/check.h"
#include "tests/scanners/detector_scan.h"

/* Published as valid by the validators of others; two with few different
 * digits, which look made up, are judged in test_check_digit.c. */
static const char *const valid[] = {
	"123456789018", "621498320257", "372967742338", "292175895982",
	"873321641958", "263348291158", "491131223718", "185672239885",
	"176521275740", "654629853731", "465281266333", "983205673214",
	"876543210989", "987654321093", "923456789014", "803199283958",
};
static const char *const invalid[] = {
	"621498320258", "185672239886", "176521275741",
	"654629853732", "983205673210", "923456789018",
	"012345678901", "123456789010", "123456789012",
};

static const char decimal[] = "0123456789";

/* Something of the text stands in a place where people put My Numbers. */
static const char *const labels[] = {
	"個人番号：",
	"マイナンバー　",
	"My Number: ",
	"氏名 山田太郎\n個人番号\n",
};

/* The level of what is found in head, number and tail. */
static enum report_level
level_of(const char *head, const char *number, const char *tail)
{
	AUTO(sbuf_done) struct sbuf text;
	struct scan scan;

	sbuf_init(&text, 10000);
	sbuf_add_text(&text, head);
	sbuf_add_text(&text, number);
	sbuf_add_text(&text, tail);
	scan_one(&scan, sbuf_text(&text));
	const enum report_level level = scan.report.level;

	scan_end(&scan);
	return level;
}

static void
published_numbers_are_found_beside_a_label(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(valid); i++)
		for (size_t k = 0; k < ARRAY_LEN(labels); k++)
			if (level_of(labels[k], valid[i], "\n") <
			    REPORT_LEVEL_SUSPECT)
				fail_msg("%s%s", labels[k], valid[i]);
}

static void
a_wrong_check_digit_is_never_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(invalid); i++)
		for (size_t k = 0; k < ARRAY_LEN(labels); k++)
			if (level_of(labels[k], invalid[i], "\n") >=
			    REPORT_LEVEL_SUSPECT)
				fail_msg("%s%s", labels[k], invalid[i]);
}

/* Any one digit of a labelled number mistyped: found only when the check digit
 * happens to fit again, as it does for one error in fifty. */
static void
a_mistyped_digit_is_not_found(void **state)
{
	char number[] = "123456789018";

	(void)state;
	for (size_t at = 0; at < CHECK_DIGIT_COUNT; at++) {
		const char kept = number[at];

		for (const char *digit = decimal; *digit != '\0'; digit++) {
			uint8_t digits[CHECK_DIGIT_COUNT];

			number[at] = *digit;
			for (size_t i = 0; i < CHECK_DIGIT_COUNT; i++)
				digits[i] = (uint8_t)(number[i] - '0');
			const bool found = level_of("個人番号：", number, "") >=
					   REPORT_LEVEL_SUSPECT;

			if (found != check_digit_is_valid(digits))
				fail_msg("%s: %sfound", number,
					 found ? "" : "not ");
		}
		number[at] = kept;
	}
}

/* Real numbers of other kinds that pass the check: an order number, a parcel,
 * a licence, company numbers, years, a moment, a telephone. */
static const char *const golden[] = {
	"202610160001",   "319721648466",   "309212345610",   "010001192707",
	"000012010001",   "2015 2016 2017", "2020 2021 2022", "2036 2037 2038",
	"2024 2023 2022", "2019 2018 2017", "2003 2002 2001", "000000000000",
};

static void
golden_negatives_are_not_found_without_a_label(void **state)
{
	static const struct {
		const char *head, *tail;
	} around[] = {
		{ "", "" },
		{ "お世話になっております。", "の件、ご確認ください。" },
		{ "対象：", "\n" },
		{ "No. ", " (3 pages)" },
		{ "山田様\n\n", "\n\nTEL 03-0000-0000\n" },
		{ "(", ")" },
		{ "| ", " | 2 | 1,200円 |" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(golden); i++)
		for (size_t k = 0; k < ARRAY_LEN(around); k++)
			if (level_of(around[k].head, golden[i],
				     around[k].tail) >= REPORT_LEVEL_SUSPECT)
				fail_msg("%s%s%s", around[k].head, golden[i],
					 around[k].tail);
}

/* The same numbers under their own labels, in mail that is about My Numbers. */
static void
rivals_under_their_own_label_are_not_found(void **state)
{
	static const struct {
		const char *label, *number;
	} cases[] = {
		{ "注文番号：", "202610160001" },
		{ "送り状番号：", "319721648466" },
		{ "お問い合わせ番号 ", "444413758703" },
		{ "運転免許証番号：", "309212345610" },
		{ "会社法人等番号 ", "0100-01-192707" },
		{ "会社法人等番号 ", "010001192707" },
		{ "会社法人等番号：", "000012010001" },
		{ "法人番号：", "3010001192707" },
		{ "登録番号 ", "T3010001192707" },
		{ "年度 ", "2020 2021 2022" },
		{ "会議 ID: ", "123 456 789 018" },
		{ "カード番号 ", "1234-5678-9018-3456" },
		{ "e-Tax利用者識別番号 ", "3456 1234 5678 9018" },
		{ "携帯 ", "+81 90 1234 5673" },
		{ "金額 ", "123,456,789,018円" },
		{ "緯度 ", "35.123456789018" },
	};
	static const char head[] =
		"マイナンバーの提出は郵送でお願いします。締切は来週です。\n"
		"提出がまだの方は人事部までご連絡ください。\n\n";

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(sbuf_done) struct sbuf text;

		sbuf_init(&text, 10000);
		sbuf_add_text(&text, head);
		sbuf_add_text(&text, cases[i].label);
		if (level_of(sbuf_text(&text), cases[i].number, "\n") >=
		    REPORT_LEVEL_SUSPECT)
			fail_msg("%s%s", cases[i].label, cases[i].number);
	}
}

/* Draw twelve digits until the My Number check and fits() hold. */
static void
draw(const char *prefix, bool (*fits)(const char *number), unsigned *seed,
     char number_out[CHECK_DIGIT_COUNT + 1])
{
	for (;;) {
		uint8_t digits[CHECK_DIGIT_COUNT];

		for (size_t i = 0; i < CHECK_DIGIT_COUNT; i++) {
			*seed = *seed * 1103515245U + 12345U;
			number_out[i] = decimal[(*seed >> 16) % 10];
			if (i < strlen(prefix))
				number_out[i] = prefix[i];
			digits[i] = (uint8_t)(number_out[i] - '0');
		}
		number_out[CHECK_DIGIT_COUNT] = '\0';
		if (check_digit_is_valid(digits) && fits(number_out))
			return;
	}
}

static bool
fits_any(const char *number)
{
	(void)number;
	return true;
}

/* Parcels: the last digit is the rest of the eleven before by seven. */
static bool
fits_parcel(const char *number)
{
	unsigned rest = 0;

	for (size_t i = 0; i + 1 < CHECK_DIGIT_COUNT; i++)
		rest = (rest * 10 + (unsigned)(number[i] - '0')) % 7;
	return number[11] == decimal[rest];
}

/* UPC-A: weights 3 and 1, modulus 10. */
static bool
fits_upc(const char *number)
{
	unsigned sum = 0;

	for (size_t i = 0; i < CHECK_DIGIT_COUNT; i++)
		sum += (unsigned)(number[i] - '0') * (i % 2 == 0 ? 3 : 1);
	return sum % 10 == 0;
}

/* Driving licences: weights 5 4 3 2 7 6 5 4 3 2, modulus 11, eleventh digit;
 * the twelfth counts reissues. */
static bool
fits_licence(const char *number)
{
	static const unsigned weights[] = { 5, 4, 3, 2, 7, 6, 5, 4, 3, 2 };
	unsigned sum = 0;

	for (size_t i = 0; i < ARRAY_LEN(weights); i++)
		sum += (unsigned)(number[i] - '0') * weights[i];
	return number[10] == decimal[(11 - sum % 11) % 10] && number[11] == '0';
}

static void
generated_rivals_are_not_found_without_a_label(void **state)
{
	static const struct {
		const char *head, *prefix, *tail;
		bool (*fits)(const char *number);
	} cases[] = {
		{ "", "30", "", fits_licence }, /* a licence */
		{ "", "", "", fits_parcel },    /* a parcel */
		{ "", "", "", fits_upc },       /* a product */
		{ "", "8190", "", fits_any },   /* a telephone abroad */
		{ "+", "8190", "", fits_any },  /* and with its mark */
		{ "", "", "3456", fits_any },   /* 16 digits */
		{ "7", "0100", "", fits_any },  /* 13 digits */
		{ "T7", "0100", "", fits_any }, /* of an invoice */
		{ "2", "0", "", fits_any },     /* longer by one */
		{ "35.", "", "", fits_any },    /* a place on earth */
		{ "id=", "", "", fits_any },    /* a parameter */
		{ "https://a.example/", "", "", fits_any },
	};
	unsigned seed = 20261016;
	char number[CHECK_DIGIT_COUNT + 1];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		for (unsigned n = 0; n < 20; n++) {
			draw(cases[i].prefix, cases[i].fits, &seed, number);
			if (level_of(cases[i].head, number, cases[i].tail) >=
			    REPORT_LEVEL_SUSPECT)
				fail_msg("%s%s%s", cases[i].head, number,
					 cases[i].tail);
		}
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_numbers_are_found_beside_a_label),
		cmocka_unit_test(a_wrong_check_digit_is_never_found),
		cmocka_unit_test(a_mistyped_digit_is_not_found),
		cmocka_unit_test(
			golden_negatives_are_not_found_without_a_label),
		cmocka_unit_test(rivals_under_their_own_label_are_not_found),
		cmocka_unit_test(
			generated_rivals_are_not_found_without_a_label),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
