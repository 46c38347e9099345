/* odf_parts.h: the random comment with which encrypted parts begin. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/odf_parts.h"
#include "tests/harness/check.h"
#include "tests/scanners/recording_sink.h"

enum { MEMBER_BYTES = 8192 };

#define DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

struct salt_case {
	const char *before;
	const char *start; /* of the comment */
	size_t letters;    /* more, of which base64 is made */
	const char *behind;
	bool known;
};

static void
read_case(const struct salt_case *one, struct sink *sink, struct sbuf *left)
{
	static const char letters[] = "QbX7+f0/KzMh2wPd9sLaGtYe5uRcJiVo";
	struct odf_member member = { .opened = true };
	struct err err = { .st = ST_OK };
	struct sbuf text;

	sbuf_init(&text, MEMBER_BYTES);
	sbuf_add_text(&text, one->before);
	sbuf_add_text(&text, one->start);
	for (size_t i = 0; i < one->letters; i++)
		sbuf_add_byte(&text, (uint8_t)letters[(i * i + i / 7) % 32]);
	sbuf_add_text(&text, one->behind);
	/* A block of its size, so that sanitizers see what is read behind. */
	member.len_bytes = text.len_bytes;
	member.bytes = malloc(text.len_bytes);
	assert_non_null(member.bytes);
	memcpy(member.bytes, text.bytes, text.len_bytes);
	recording_sink_init(sink);
	check_status(ST_OK, odf_give_salt(sink, &member, &err), &err);
	sbuf_clear(left);
	sbuf_add(left, (const char *)member.bytes, member.len_bytes);
	free(member.bytes);
	sbuf_done(&text);
}

static void
a_salt_is_text_and_nothing_else_is(void **state)
{
	static const struct salt_case all[] = {
		{ DECLARATION, "<!--", 896, "-->\n<a>x</a>", true },
		{ DECLARATION, "<!--", 1151, "--><a/>", true },
		{ "\xEF\xBB\xBF" DECLARATION "\n", "<!--", 1000, "-->", true },
		{ "", "<!--", 1000, "--><a/>", true },
		/* Longer than any, shorter, not at the start, not alone. */
		{ DECLARATION, "<!--", 3000, "--><a/>", false },
		{ DECLARATION, "<!--", 300, "--><a/>", false },
		{ DECLARATION "<a/>", "<!--", 1000, "-->", false },
		{ DECLARATION, "<!--", 1000, " 123456789018--><a/>", false },
		{ DECLARATION, "<!--", 1000, "", false },
		{ "<?xml ", "<!--", 1000, "-->", false },
		{ "", "", 0, "", false },
		/* A file that somebody has put there: zip, PDF. */
		{ DECLARATION, "<!--UEsDBBQAAAAIAAAAIQ", 1000, "--><a/>",
		  false },
		{ DECLARATION, "<!--JVBERi0xLjQK", 1000, "--><a/>", false },
	};
	struct sbuf left;

	(void)state;
	sbuf_init(&left, MEMBER_BYTES);
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		struct sink sink;

		read_case(&all[i], &sink, &left);
		if ((sink.texts == 1) != all[i].known)
			fail_msg("row %zu: %s", i, sbuf_text(&sink.record));
		assert_int_equal(sink.children, 0);
		assert_int_equal(strstr(sbuf_text(&left), "Qb+z") == NULL &&
					 all[i].letters > 0,
				 all[i].known);
		assert_non_null(strstr(sbuf_text(&left), all[i].behind));
		recording_sink_done(&sink);
	}
	sbuf_done(&left);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_salt_is_text_and_nothing_else_is),
	};
	struct err err = { .st = ST_OK };

	if (reader_prepare(&err) != ST_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
