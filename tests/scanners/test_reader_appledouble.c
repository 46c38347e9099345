/* Tests of the reader of AppleSingle and AppleDouble. */
#include <string.h>

#include "tests/harness/check.h"
#include "tests/scanners/real_scan.h"

#define LABELLED \
	"\xe5\x80\x8b\xe4\xba\xba\xe7\x95\xaa\xe5\x8f\xb7 123456789018\n"

/* An AppleSingle file: its name, resource fork and data, or a cut one. */
static void
add_apple(struct sbuf *out, const char *magic, const char *data)
{
	static const struct {
		uint8_t id;
		const char *text;
	} entries[] = { { 3, "list.txt" }, { 2, "fork" }, { 1, "" } };
	uint8_t offset = 26 + 12 * 3;

	sbuf_add(out, magic, 4);
	for (size_t i = 0; i < 20; i++)
		sbuf_add_byte(out, i == 1 ? 2 : 0);
	sbuf_add(out, "\0\3", 2);
	for (size_t i = 0; i < ARRAY_LEN(entries); i++) {
		const char *text = entries[i].id == 1 ? data : entries[i].text;
		const uint8_t row[12] = { 0, 0, 0, entries[i].id,
					  0, 0, 0, offset,
					  0, 0, 0, (uint8_t)strlen(text) };

		sbuf_add(out, row, sizeof(row));
		offset = (uint8_t)(offset + strlen(text));
	}
	sbuf_add_text(out, "list.txtfork");
	sbuf_add_text(out, data);
}

static void
both_forks_of_a_file_are_read(void **state)
{
	static const char *const magics[] = { "\0\5\x16\0", "\0\5\x16\7" };
	struct sbuf file;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(magics); i++) {
		struct real_scan scan;

		sbuf_init(&file, SIZE_MAX / 2);
		add_apple(&file, magics[i], LABELLED);
		real_scan_file(&scan, "a", sbuf_span(&file));
		assert_string_equal(scan.report.parts[0].type, "appledouble");
		assert_true(real_scan_found(&scan, "a/list.txt"));
		assert_int_equal(scan.report.part_count, 3);
		assert_int_equal(scan.report.opaque_count, 0);
		real_scan_done(&scan);
		for (size_t len = 4; len < file.len_bytes; len++) {
			const struct span prefix = { file.bytes, len };

			real_scan_file(&scan, "a", prefix);
			assert_true(real_scan_opaque(
				&scan, REPORT_REASON_DAMAGED, "cut off"));
			real_scan_done(&scan);
		}
		sbuf_done(&file);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_forks_of_a_file_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
