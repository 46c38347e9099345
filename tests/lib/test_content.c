/* Tests of lib/crypto/content.h, in the order of its promises. */
#include "lib/crypto/content.h"

#include <string.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"

struct field {
	const char *name;
	const char *value;
};
struct mail {
	const char *sender;
	struct field fields[4]; /* up to a NULL name */
	const char *chunks[4];  /* up to a NULL */
};

static void
digest_of(const struct mail *mail, uint8_t out[DIGEST_BYTES])
{
	AUTO(content_digest_free) struct content_digest *digest = NULL;
	struct err err = { 0 };

	check_status(ST_OK, content_digest_new(&digest, &err), &err);
	check_status(ST_OK, content_digest_sender(digest, mail->sender, &err),
		     &err);
	for (size_t i = 0; i < 4 && mail->fields[i].name != NULL; i++)
		check_status(ST_OK,
			     content_digest_field(
				     digest, mail->fields[i].name,
				     span_of(mail->fields[i].value), &err),
			     &err);
	for (size_t i = 0; i < 4 && mail->chunks[i] != NULL; i++)
		check_status(ST_OK,
			     content_digest_body(
				     digest, span_of(mail->chunks[i]), &err),
			     &err);
	check_status(ST_OK, content_digest_end(digest, out, &err), &err);
}

static bool
same(const struct mail *a, const struct mail *b)
{
	uint8_t one[DIGEST_BYTES];
	uint8_t two[DIGEST_BYTES];

	digest_of(a, one);
	digest_of(b, two);
	return memcmp(one, two, sizeof(one)) == 0;
}

static const struct mail model = {
	"a@example.co.jp",
	{ { "From", "a@example.co.jp" }, { "Subject", "one two" } },
	{ "body\r\n" },
};

static void
what_does_not_matter_changes_nothing(void **state)
{
	static const struct mail alike[] = {
		/* names in any case, white space around, folds */
		{ "a@example.co.jp",
		  { { "FROM", " a@example.co.jp " },
		    { "subject", "\tone\r\n two\r\n" } },
		  { "body\r\n" } },
		{ "a@example.co.jp",
		  { { "From", "a@example.co.jp" }, { "Subject", "one\n two" } },
		  { "body\r\n" } },
		/* other fields */
		{ "a@example.co.jp",
		  { { "Received", "from x" },
		    { "From", "a@example.co.jp" },
		    { "X-Mailer", "y" },
		    { "Subject", "one two" } },
		  { "body\r\n" } },
		/* chunks */
		{ "a@example.co.jp",
		  { { "From", "a@example.co.jp" }, { "Subject", "one two" } },
		  { "bo", "", "dy\r\n" } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(alike); i++)
		assert_true(same(&model, &alike[i]));
}

static void
every_part_matters(void **state)
{
	static const struct mail others[] = {
		{ "b@example.co.jp",
		  { { "From", "a@example.co.jp" }, { "Subject", "one two" } },
		  { "body\r\n" } },
		{ "a@example.co.jp",
		  { { "From", "b@example.co.jp" }, { "Subject", "one two" } },
		  { "body\r\n" } },
		{ "a@example.co.jp",
		  { { "Subject", "one two" }, { "From", "a@example.co.jp" } },
		  { "body\r\n" } },
		{ "a@example.co.jp",
		  { { "From", "a@example.co.jp" }, { "Subject", "one  two" } },
		  { "body\r\n" } },
		{ "a@example.co.jp",
		  { { "From", "a@example.co.jp" }, { "Subject", "one two" } },
		  { "body\n" } },
		{ "a@example.co.jp",
		  { { "From", "a@example.co.jp" }, { "Subject", "one two" } },
		  { NULL } },
	};
	static const char *const names[] = { "To",
					     "Cc",
					     "Date",
					     "Message-ID",
					     "MIME-Version",
					     "Content-Type",
					     "content-transfer-encoding" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		assert_false(same(&model, &others[i]));
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct mail more = model;

		more.fields[2] = (struct field){ names[i], "x" };
		assert_false(same(&model, &more));
	}
}

static void
parts_cannot_run_together(void **state)
{
	static const struct mail pairs[][2] = {
		{ { "a", { { "To", "bSubject" } }, { NULL } },
		  { "a", { { "To", "b" }, { "Subject", "" } }, { NULL } } },
		{ { "ab", { { "To", "c" } }, { NULL } },
		  { "a", { { "To", "bc" } }, { NULL } } },
		{ { "a", { { "To", "b" } }, { "c" } },
		  { "a", { { "To", "bc" } }, { "" } } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
		assert_false(same(&pairs[i][0], &pairs[i][1]));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_does_not_matter_changes_nothing),
		cmocka_unit_test(every_part_matters),
		cmocka_unit_test(parts_cannot_run_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
