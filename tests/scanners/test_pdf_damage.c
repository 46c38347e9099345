/*
 * One byte of a PDF document is wrong: its numbers are found all the same, or
 * the report says that something was not read.
 *
 * With SEKIMORI_SWEEP=N every Nth byte is tried (1: all of them, some minutes),
 * with SEKIMORI_SWEEP_ONLY=NAME in the samples with that in their names.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/scanners/pdf_scan.h"

enum { DAMAGE_STEP = 61, DAMAGE_MAX_NUMBERS = 3, DAMAGE_SHOWN = 40 };

struct damage_sample {
	const char *name;
	const char *numbers[DAMAGE_MAX_NUMBERS + 1];
	bool encrypted; /* only poppler sees what is in its streams */
};

static const struct damage_sample samples[] = {
	{ "pdf/text.pdf", { "123456789018" }, false },
	{ "pdf/glyphs.pdf", { "876543210989" }, false },
	{ "pdf/hidden.pdf", { "292175895982" }, false },
	{ "pdf/fields.pdf", { "621498320257" }, false },
	{ "pdf/notes.pdf",
	  { "873321641958", "491131223718", "185672239885" },
	  false },
	{ "pdf/attached.pdf", { "176521275740" }, false },
	{ "pdf/owner_only.pdf", { "123456789018" }, true },
	{ "pdf_places/xfa_packed.pdf", { "185672239885" }, false },
	{ "pdf_places/free_text.pdf", { "621498320257" }, false },
};

static size_t
damage_step(void)
{
	const char *wanted = getenv("SEKIMORI_SWEEP");
	const long step = wanted != NULL ? strtol(wanted, NULL, 10) : 0;

	return step > 0 ? (size_t)step : DAMAGE_STEP;
}

static bool
damage_has_number(const struct scan_report *report, const char *number)
{
	for (size_t i = 0; i < report->finding_count; i++)
		if (strcmp(report->findings[i].number, number) == 0)
			return true;
	return false;
}

/* Is a number lost, and nothing said? */
static bool
damage_hides(const struct damage_sample *sample, struct span bytes)
{
	AUTO(scan_reply_free) struct scan_reply *reply = pdf_scan_bytes(bytes);
	const struct scan_report *report = &reply->report;

	if (report->opaque_count > 0)
		return false;
	for (size_t i = 0; sample->numbers[i] != NULL; i++)
		if (!damage_has_number(report, sample->numbers[i]))
			return true;
	return false;
}

/* Is at in a string of UTF-16, its mark among it? */
static bool
damage_is_in_string(struct span bytes, size_t at)
{
	static const char mark[] = " (\\376";
	const size_t mark_bytes = sizeof(mark) - 1;
	struct span rest = { 0 };
	const uint8_t *start = NULL;
	size_t from = 0;

	while (span_cut(bytes, from, bytes.len_bytes - from, &rest) &&
	       rest.len_bytes > 0 &&
	       (start = memmem(rest.ptr, rest.len_bytes, mark, mark_bytes)) !=
		       NULL) {
		const size_t begin = (size_t)(start - bytes.ptr);
		const uint8_t *end =
			memchr(start, ')', bytes.len_bytes - begin);

		if (at >= begin && (end == NULL || bytes.ptr + at <= end))
			return true;
		from = begin + mark_bytes;
	}
	return false;
}

/* Is at among the data of a stream? */
static bool
damage_is_in_stream(struct span bytes, size_t at)
{
	static const char mark[] = "stream";
	const size_t mark_bytes = sizeof(mark) - 1;
	bool inside = false;

	for (size_t i = 0; i + mark_bytes <= at; i++)
		if (memcmp(bytes.ptr + i, mark, mark_bytes) == 0)
			inside = i < 3 ||
				 memcmp(bytes.ptr + i - 3, "end", 3) != 0;
	return inside;
}

/* Not a number itself or its label, as they stand: others are another
 * document. */
static bool
damage_is_of_number(const struct damage_sample *sample, struct span bytes,
		    size_t at)
{
	const size_t len = strlen(sample->numbers[0]);
	const size_t from = at > 2 * len ? at - 2 * len : 0;
	const size_t left = bytes.len_bytes - from;
	struct span near = { 0 };

	if (damage_is_in_string(bytes, at) ||
	    (sample->encrypted && damage_is_in_stream(bytes, at)))
		return true;
	if (!span_cut(bytes, from, left < 4 * len ? left : 4 * len, &near) ||
	    near.len_bytes == 0)
		return false;
	for (size_t i = 0; sample->numbers[i] != NULL; i++)
		if (memmem(near.ptr, near.len_bytes, sample->numbers[i], len) !=
		    NULL)
			return true;
	return false;
}

/* Another digit, letters of the other case, controls, no ASCII. */
static uint8_t
damage_bits(size_t at)
{
	static const uint8_t bits[] = { 0x01, 0x20, 0x40, 0x80, 0x06 };

	return bits[at % ARRAY_LEN(bits)];
}

static size_t
damage_sweep(const struct damage_sample *sample, size_t step)
{
	AUTO(sbuf_done) struct sbuf bytes;
	size_t hidden = 0;
	size_t tried = 0;

	pdf_scan_load(sample->name, &bytes);
	for (size_t at = step / 2; at < bytes.len_bytes; at += step) {
		if (damage_is_of_number(sample, sbuf_span(&bytes), at))
			continue;
		bytes.bytes[at] ^= damage_bits(at);
		if (damage_hides(sample, sbuf_span(&bytes))) {
			hidden++;
			if (hidden <= DAMAGE_SHOWN)
				print_error("%s: nothing said, byte %zu\n",
					    sample->name, at);
		}
		bytes.bytes[at] ^= damage_bits(at);
		tried++;
	}
	if (tried == 0)
		fail_msg("%s: nothing tried", sample->name);
	return hidden;
}

static void
a_wrong_byte_hides_no_number(void **state)
{
	const size_t step = damage_step();
	const char *only = getenv("SEKIMORI_SWEEP_ONLY");
	size_t hidden = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(samples); i++)
		if (only == NULL || strstr(samples[i].name, only) != NULL)
			hidden += damage_sweep(&samples[i], step);
	assert_int_equal(hidden, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wrong_byte_hides_no_number),
	};

	return cmocka_run_group_tests(tests, pdf_scan_start, pdf_scan_stop);
}
