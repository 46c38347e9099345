/* Tests of lib/config/logo.h. */
#include "lib/config/logo.h"

#include <string.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"

#define PNG "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
/* Two segments before the frame: a comment and a table between C0 and CF. */
#define JPEG                                                              \
	"\xff\xd8\xff\xfe\0\x04zz\xff\xc4\0\x03z\xff\xc2\0\x0b\x08\0\x30" \
	"\x01\x20"

static enum status
look(const char *bytes, size_t len, struct logo *logo)
{
	struct err err = { .st = ST_OK };

	return logo_look((struct span){ (const uint8_t *)bytes, len }, logo,
			 &err);
}
#define LOOK(text, logo) look(text, sizeof(text) - 1, logo)

static void
pictures_tell_their_size(void **state)
{
	struct logo logo;

	(void)state;
	assert_int_equal(LOOK(PNG "\0\0\x01\x2c\0\0\0\x40", &logo), ST_OK);
	assert_string_equal(logo.content_type, "image/png");
	assert_int_equal(logo.width, 300);
	assert_int_equal(logo.height, 64);
	assert_true(logo.mail);
	assert_int_equal(LOOK(JPEG "rest", &logo), ST_OK);
	assert_string_equal(logo.content_type, "image/jpeg");
	assert_int_equal(logo.width, 288);
	assert_int_equal(logo.height, 48);
	assert_true(logo.mail);
}

static void
a_drawing_is_for_the_portal_alone(void **state)
{
	struct logo logo;

	(void)state;
	assert_int_equal(LOOK("<?xml version='1.0'?><svg/>", &logo), ST_OK);
	assert_string_equal(logo.content_type, "image/svg+xml");
	assert_false(logo.mail);
}

static void
a_large_one_stays_out_of_mails(void **state)
{
	static char large[LOGO_MAX_MAIL_BYTES + 1] =
		PNG "\0\0\x01\x2c\0\0\0\x40";
	struct logo logo;

	(void)state;
	assert_int_equal(look(large, sizeof(large), &logo), ST_OK);
	assert_false(logo.mail);
	assert_int_equal(look(large, sizeof(large) - 1, &logo), ST_OK);
	assert_true(logo.mail);
}

static void
what_is_no_picture_is_refused(void **state)
{
	struct logo logo;

	(void)state;
	assert_int_equal(LOOK("GIF89a", &logo), ST_FORMAT);
	assert_int_equal(LOOK("", &logo), ST_FORMAT);
	assert_int_equal(LOOK(PNG "\0\0\0\0\0\0\0\x40", &logo), ST_FORMAT);
	assert_int_equal(LOOK(PNG "\0\0\x10\0\0\0\0\x40", &logo), ST_FORMAT);
	assert_int_equal(LOOK("\xff\xd8\xff\xfe\xff\xff zzzzzz", &logo),
			 ST_FORMAT);
}

/* Every cut of a file: refused or read, and nothing read behind its end. */
static void
a_cut_file_is_refused(void **state)
{
	struct logo logo;

	(void)state;
	for (size_t len = 3; len < sizeof(JPEG) - 1; len++)
		assert_int_equal(look(JPEG, len, &logo), ST_FORMAT);
	for (size_t len = 6; len < sizeof(PNG) + 7; len++)
		assert_int_equal(look(PNG "\0\0\x01\x2c\0\0\0\x40", len, &logo),
				 ST_FORMAT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pictures_tell_their_size),
		cmocka_unit_test(a_drawing_is_for_the_portal_alone),
		cmocka_unit_test(a_large_one_stays_out_of_mails),
		cmocka_unit_test(what_is_no_picture_is_refused),
		cmocka_unit_test(a_cut_file_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
