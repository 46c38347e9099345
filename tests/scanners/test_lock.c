/* lock.h: which password opens what, of files that real programs made. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/attr.h"
#include "lib/base/parse.h"
#include "scanners/locks/lock.h"
#include "scanners/locks/pdf_lanes.h"
#include "scanners/locks/pdf_password.h"
#include "tests/scanners/sample.h"

enum {
	MANY = 1000,
	RANDOM_BYTES = 8,
	SAMPLE_BYTES = 1 << 20,
	CHEAP_NS = 1000000
};

struct opened {
	const char *file;
	const char *kind;
	const char *password;
};

static const struct opened all_samples[] = {
	{ "zipcrypto.zip", "zip: ZipCrypto", "secret" },
	{ "zipcrypto_stored.zip", "zip: ZipCrypto", "secret" },
	{ "bsdtar_zipcrypto.zip", "zip: ZipCrypto", "secret" },
	{ "japanese_utf8.zip", "zip: ZipCrypto", "秘密" },
	{ "japanese_cp932.zip", "zip: ZipCrypto", "秘密" },
	{ "japanese_aes.zip", "zip: AES-256", "秘密" },
	{ "aes128.zip", "zip: AES-128", "secret" },
	{ "aes192.zip", "zip: AES-192", "secret" },
	{ "aes256.zip", "zip: AES-256", "secret" },
	{ "bsdtar_aes128.zip", "zip: AES-128", "secret" },
	{ "bsdtar_aes256.zip", "zip: AES-256", "secret" },
	{ "rc4_40.pdf", "pdf: RC4-40", "secret" },
	{ "rc4_40.pdf", "pdf: RC4-40", "owner" },
	{ "rc4_128.pdf", "pdf: RC4-128", "secret" },
	{ "rc4_128.pdf", "pdf: RC4-128", "owner" },
	{ "aes128.pdf", "pdf: AES-128", "secret" },
	{ "aes128.pdf", "pdf: AES-128", "owner" },
	{ "clear_metadata.pdf", "pdf: AES-128", "secret" },
	{ "streams.pdf", "pdf: AES-128", "secret" },
	{ "aes256_5.pdf", "pdf: AES-256", "secret" },
	{ "aes256_5.pdf", "pdf: AES-256", "owner" },
	{ "aes256_6.pdf", "pdf: AES-256", "secret" },
	{ "aes256_6.pdf", "pdf: AES-256", "owner" },
	{ "japanese.pdf", "pdf: AES-256", "秘密" },
	{ "zipcrypto_lzma.zip", "zip: ZipCrypto", "secret" },
	{ "zipcrypto_bzip2.zip", "zip: ZipCrypto", "secret" },
	{ "zipcrypto_deflate64.zip", "zip: ZipCrypto", "secret" },
	{ "zipcrypto_ppmd.zip", "zip: ZipCrypto", "secret" },
	{ "zipcrypto_xz.zip", "zip: ZipCrypto", "secret" },
	{ "aes256_lzma.zip", "zip: AES-256", "secret" },
	{ "aes256_bzip2.zip", "zip: AES-256", "secret" },
	{ "aes256_deflate64.zip", "zip: AES-256", "secret" },
	{ "aes256_ppmd.zip", "zip: AES-256", "secret" },
	{ "aes256_xz.zip", "zip: AES-256", "secret" },
	{ "data.7z", "7z: AES-256", "secret" },
	{ "stored.7z", "7z: AES-256", "secret" },
	{ "lzma.7z", "7z: AES-256", "secret" },
	{ "ppmd.7z", "7z: AES-256", "secret" },
	{ "bzip2.7z", "7z: AES-256", "secret" },
	{ "deflate.7z", "7z: AES-256", "secret" },
	{ "single.7z", "7z: AES-256", "secret" },
	{ "bcj2.7z", "7z: AES-256", "secret" },
	{ "partly.7z", "7z: AES-256", "secret" },
	{ "names.7z", "7z: AES-256 with names", "secret" },
	{ "names_plain.7z", "7z: AES-256 with names", "secret" },
	{ "japanese.7z", "7z: AES-256 with names", "秘密" },
	{ "libreoffice.odt", "odf: aes256-cbc", "secret" },
	{ "japanese.ods", "odf: aes256-cbc", "秘密" },
	{ "blowfish.odt", "odf: blowfish", "secret" },
	{ "libreoffice.docx", "ooxml: standard", "secret" },
	{ "libreoffice.xlsx", "ooxml: standard", "secret" },
	{ "agile.xlsx", "ooxml: agile", "secret" },
	{ "agile_sha1.xlsx", "ooxml: agile", "secret" },
	{ "agile_sha256.xlsx", "ooxml: agile", "secret" },
	{ "agile_sha384.xlsx", "ooxml: agile", "secret" },
	{ "default.xlsx", "ooxml: agile", "VelvetSweatshop" },
	{ "japanese.xlsx", "ooxml: agile", "秘密" },
};

static void
load(const char *file, struct sbuf *out)
{
	char path[100];

	(void)snprintf(path, sizeof(path), "locks/%s", file);
	sbuf_init(out, SAMPLE_BYTES);
	sample_read(path, out);
}

static struct lock *
find(const struct sbuf *bytes)
{
	struct lock *lock = NULL;
	struct err err = { .st = ST_OK };

	if (lock_find(sbuf_span(bytes), &lock, &err) != ST_OK)
		fail_msg("%s", err.text);
	return lock;
}

static enum status
attempt(struct lock *lock, const char *password)
{
	const struct span one = span_of(password);
	size_t index = 1;
	const enum status st = lock_try(lock, &one, 1, NULL, &index, NULL);

	assert_int_equal(index, st == ST_OK ? 0 : 1);
	return st;
}

static void
every_lock_is_named_and_opens_with_its_password(void **state)
{
	const struct span wrong[] = { span_of("Secret"), span_of("") };
	size_t index = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(all_samples); i++) {
		AUTO(sbuf_done) struct sbuf bytes;
		AUTO(lock_free) struct lock *lock = NULL;

		load(all_samples[i].file, &bytes);
		lock = find(&bytes);
		assert_string_equal(lock_kind(lock)->name, all_samples[i].kind);
		assert_false(lock_is_open(lock));
		assert_int_equal(lock_try(lock, wrong, ARRAY_LEN(wrong), NULL,
					  &index, NULL),
				 ST_NOT_FOUND);
		assert_false(lock_is_open(lock));
		if (attempt(lock, all_samples[i].password) != ST_OK)
			fail_msg("%s stays closed", all_samples[i].file);
		assert_true(lock_is_open(lock));
	}
}

static uint32_t
next_random(uint32_t *seed)
{
	*seed = *seed * 1103515245U + 12345U;
	return *seed >> 16;
}

static void
thousands_of_wrong_passwords_open_nothing(void **state)
{
	static char texts[MANY][RANDOM_BYTES + 1];
	static struct span passwords[MANY + 1];
	uint32_t seed = 1;

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		for (size_t k = 0; k < RANDOM_BYTES; k++)
			texts[i][k] = (char)('!' + next_random(&seed) % 94);
		passwords[i] = span_of(texts[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(all_samples); i++) {
		AUTO(sbuf_done) struct sbuf bytes;
		AUTO(lock_free) struct lock *lock = NULL;
		size_t index = SIZE_MAX;
		size_t count = 0;

		load(all_samples[i].file, &bytes);
		lock = find(&bytes);
		/* So many as take a moment; a batch at least. */
		count = 20000000 / (lock_kind(lock)->cost_ns + 1);
		count = count < 20 ? 20 : count;
		count = count > MANY ? MANY : count;
		passwords[count] = span_of(all_samples[i].password);
		assert_int_equal(
			lock_try(lock, passwords, count, NULL, &index, NULL),
			ST_NOT_FOUND);
		/* And among them the right one is seen. */
		assert_int_equal(lock_try(lock, passwords, count + 1, NULL,
					  &index, NULL),
				 ST_OK);
		assert_int_equal(index, count);
		passwords[count] = span_of(texts[count % MANY]);
	}
}

static void
what_a_password_opened_stays_open(void **state)
{
	AUTO(sbuf_done) struct sbuf bytes;
	AUTO(lock_free) struct lock *lock = NULL;

	(void)state;
	load("mixed.zip", &bytes);
	lock = find(&bytes);
	assert_string_equal(lock_kind(lock)->name, "zip: ZipCrypto and AES");
	assert_int_equal(attempt(lock, "other"), ST_OK);
	assert_false(lock_is_open(lock));
	assert_int_equal(attempt(lock, "other"), ST_NOT_FOUND);
	assert_int_equal(attempt(lock, "secret"), ST_OK);
	assert_true(lock_is_open(lock));
}

/* A word that was passed over is tried again when another one has opened
 * something, and the first that opens anything is the one that is told. */
static void
words_of_a_list_open_members_in_any_order(void **state)
{
	enum { MEMBERS = 14, ATTEMPTS = 200 };
	static char texts[MEMBERS][8];
	struct span words[MEMBERS];

	(void)state;
	for (size_t turn = 0; turn < 2; turn++) {
		AUTO(sbuf_done) struct sbuf bytes;
		AUTO(lock_free) struct lock *lock = NULL;
		size_t at = 0;

		for (unsigned i = 0; i < MEMBERS; i++) {
			(void)snprintf(texts[i], sizeof(texts[i]), "own-%02u",
				       turn == 0 ? i : MEMBERS - 1 - i);
			words[i] = span_of(texts[i]);
		}
		load("own.zip", &bytes);
		lock = find(&bytes);
		for (size_t i = 0; i < ATTEMPTS && at < MEMBERS; i++) {
			size_t index = 0;

			if (lock_try(lock, words + at, MEMBERS - at, NULL,
				     &index, NULL) != ST_OK)
				break;
			at = lock_passed_over(lock) ? 0 : at + index + 1;
		}
		assert_true(lock_is_open(lock));
	}
}

static enum status
stop(void *context, struct err *err)
{
	size_t *left = context;

	if (*left > 0) {
		(*left)--;
		return ST_OK;
	}
	return err_set(err, ST_LIMIT, "enough");
}

static void
a_watch_ends_a_trial(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(all_samples); i++) {
		AUTO(sbuf_done) struct sbuf bytes;
		AUTO(lock_free) struct lock *lock = NULL;
		const struct span wrong = span_of("wrong");
		size_t index = 7;
		size_t left = 0;
		const struct lock_watch watch = { stop, &left };

		load(all_samples[i].file, &bytes);
		lock = find(&bytes);
		assert_int_equal(
			lock_try(lock, &wrong, 1, &watch, &index, NULL),
			ST_LIMIT);
		assert_int_equal(index, 7);
		assert_int_equal(attempt(lock, all_samples[i].password), ST_OK);
	}
}

static uint32_t turn = 3;

/* Every sample, cut or with a byte changed: in a block of exact size. */
static void
try_broken(struct span bytes, const char *password)
{
	uint8_t *copy = malloc(bytes.len_bytes + 1);
	struct lock *lock = NULL;

	assert_non_null(copy);
	memcpy(copy, bytes.ptr, bytes.len_bytes);
	if (lock_find((struct span){ copy, bytes.len_bytes }, &lock, NULL) ==
	    ST_OK) {
		const uint64_t cost_ns =
			lock_kind(lock)->cost_ns * lock_kind(lock)->batch;

		/* What is dear is tried now and then. */
		if (cost_ns < CHEAP_NS || next_random(&turn) % 200 == 0) {
			assert_int_equal(attempt(lock, "wrong"), ST_NOT_FOUND);
			const enum status st = attempt(lock, password);

			assert_true(st == ST_OK || st == ST_NOT_FOUND);
		}
		lock_free(&lock);
	}
	free(copy);
}

static void
what_is_cut_or_damaged_is_survived(void **state)
{
	uint32_t seed = 7;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(all_samples); i++) {
		AUTO(sbuf_done) struct sbuf bytes;

		load(all_samples[i].file, &bytes);
		const size_t step = bytes.len_bytes / 40 + 1;

		for (size_t len = 0; len < bytes.len_bytes; len += step)
			try_broken((struct span){ bytes.bytes, len },
				   all_samples[i].password);
		for (size_t k = 0; k < 60; k++) {
			const size_t at = next_random(&seed) % bytes.len_bytes;
			const uint8_t was = bytes.bytes[at];

			bytes.bytes[at] ^=
				(uint8_t)(1 + next_random(&seed) % 255);
			try_broken(sbuf_span(&bytes), all_samples[i].password);
			bytes.bytes[at] = was;
		}
	}
}

/* Its names are packed in a way that nothing unpacks, which shows only once a
 * password is tried: that one does not fit, and no more is wrong. */
static void
a_lock_that_is_damaged_behind_it_stays_closed(void **state)
{
	static const struct {
		size_t at;
		uint8_t byte;
	} damage[] = {
		{ 81, 0xb2 },  { 142, 0x81 }, { 185, 0x28 },
		{ 305, 0x5c }, { 310, 0x99 },
	};
	AUTO(sbuf_done) struct sbuf bytes;
	struct lock *lock = NULL;

	(void)state;
	load("../archive/locked_header.7z", &bytes);
	for (size_t i = 0; i < ARRAY_LEN(damage); i++)
		bytes.bytes[damage[i].at] = damage[i].byte;
	assert_int_equal(lock_find(sbuf_span(&bytes), &lock, NULL), ST_OK);
	assert_int_equal(attempt(lock, "wrong"), ST_NOT_FOUND);
	lock_free(&lock);
}

struct refused {
	const char *file; /* below tests/data */
	enum status st;
	const char *text;
};

static void
what_is_not_tried_is_named(void **state)
{
	static const struct refused all[] = {
		{ "archive/strong.zip", ST_UNSUPPORTED,
		  "zip: strong encryption" },
		{ "locks/owner_only.pdf", ST_NOT_FOUND,
		  "nothing in it is locked" },
		{ "pdf/text.pdf", ST_NOT_FOUND, "nothing in it is locked" },
		{ "archive/locked5.rar", ST_UNSUPPORTED, "rar" },
		{ "archive/stored4.rar", ST_NOT_FOUND,
		  "nothing in it is locked" },
		{ "archive/lzma2.7z", ST_NOT_FOUND, "nothing in it is locked" },
		{ "odf/text.odt", ST_NOT_FOUND, "nothing in it is locked" },
		{ "locks/rounds.xlsx", ST_LIMIT, "limit rounds" },
		{ "locks/old.xls", ST_UNSUPPORTED, "xls: encrypted" },
		{ "locks/old.doc", ST_UNSUPPORTED, "doc: encrypted" },
		{ "cfb/sheet.xls", ST_NOT_FOUND, "nothing in it is locked" },
		{ "zip/infozip.zip", ST_NOT_FOUND, "nothing in it is locked" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		AUTO(sbuf_done) struct sbuf bytes;
		struct lock *lock = NULL;
		struct err err = { .st = ST_OK };

		sbuf_init(&bytes, SAMPLE_BYTES);
		sample_read(all[i].file, &bytes);
		if (lock_find(sbuf_span(&bytes), &lock, &err) != all[i].st)
			fail_msg("%s: %s", all[i].file, err.text);
		if (strncmp(err.text, all[i].text, strlen(all[i].text)) != 0)
			fail_msg("%s: %s", all[i].file, err.text);
		assert_null(lock);
	}
}

/* Each place of a batch, the user's password and the owner's; the first of
 * both counts. */
static void
check_pdf_lanes(const struct pdf_encrypt *encrypt, const struct lanes *lanes,
		const char *fits)
{
	struct span passwords[LANES_MAX] = { { NULL, 0 } };
	const size_t most = lanes->short_count;

	for (size_t i = 0; i < most; i++)
		passwords[i] = span_of("wrong");
	assert_int_equal(pdf_lanes_find(encrypt, lanes, passwords, most), most);
	for (size_t i = most; i > 0; i--) {
		passwords[i - 1] = span_of(fits);
		assert_int_equal(
			pdf_lanes_find(encrypt, lanes, passwords, most), i - 1);
		if (i < most)
			assert_int_equal(pdf_lanes_find(encrypt, lanes,
							passwords, i - 1),
					 i - 1);
	}
	assert_true(pdf_password_fits(encrypt, span_of(fits)));
}

static void
a_batch_of_passwords_opens_a_pdf_as_one_does(void **state)
{
	static const char *const files[] = { "rc4_128.pdf", "aes128.pdf",
					     "clear_metadata.pdf" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		struct pdf_encrypt encrypt;
		struct err err = { .st = ST_OK };
		struct sbuf object;
		char path[100];

		(void)snprintf(path, sizeof(path), "locks/%s", files[i]);
		sbuf_init(&object, SAMPLE_BYTES);
		sample_read(path, &object);
		assert_int_equal(
			pdf_encrypt_find(sbuf_span(&object), &encrypt, &err),
			ST_OK);
		assert_true(pdf_lanes_can(&encrypt));
		for (enum cpu_way way = CPU_WAY_PORTABLE; way < CPU_WAY_END;
		     way++) {
			if (!cpu_can(way))
				continue;
			check_pdf_lanes(&encrypt, lanes_of(way), "secret");
			check_pdf_lanes(&encrypt, lanes_of(way), "owner");
		}
		sbuf_done(&object);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			every_lock_is_named_and_opens_with_its_password),
		cmocka_unit_test(thousands_of_wrong_passwords_open_nothing),
		cmocka_unit_test(what_a_password_opened_stays_open),
		cmocka_unit_test(words_of_a_list_open_members_in_any_order),
		cmocka_unit_test(a_watch_ends_a_trial),
		cmocka_unit_test(what_is_cut_or_damaged_is_survived),
		cmocka_unit_test(a_lock_that_is_damaged_behind_it_stays_closed),
		cmocka_unit_test(what_is_not_tried_is_named),
		cmocka_unit_test(a_batch_of_passwords_opens_a_pdf_as_one_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
