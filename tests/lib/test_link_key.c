/* Tests of lib/crypto/link_key.h, in the order of its promises. */
#include "lib/crypto/link_key.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "lib/crypto/digest.h"
#include "tests/harness/check.h"

enum { PLAIN_BYTES = 3 * SEAL_CHUNK_BYTES + 1234, PLACES = 2000 };

static const uint8_t id_bytes[16] = "one link's names";
static const struct span link_id = { id_bytes, sizeof(id_bytes) };
static const uint8_t file_key[SEAL_KEY_BYTES] = "a file key, only for tests";

static struct link_secret
secret_of(uint8_t first)
{
	struct link_secret secret = { { 0 } };

	for (size_t i = 0; i < sizeof(secret.bytes); i++)
		secret.bytes[i] = (uint8_t)(first + i);
	return secret;
}

static void
a_secret_is_typed_as_people_type(void **state)
{
	char text[LINK_CODE_TEXT_BYTES];
	char typed[256];
	size_t len = 0;
	struct link_secret secret = { { 0 } };
	struct link_secret again;
	struct link_secret back;
	struct err err = { 0 };

	(void)state;
	check_status(ST_OK, link_secret_make(&secret, &err), &err);
	check_status(ST_OK, link_secret_make(&again, &err), &err);
	assert_memory_not_equal(&secret, &again, sizeof(secret));
	link_secret_format(&secret, text);
	assert_int_equal(strlen(text), LINK_CODE_TEXT_BYTES - 1);
	assert_int_equal(text[4], '-');
	for (const char *c = text; *c != '\0'; c++)
		assert_true(islower((unsigned char)*c) ||
			    isdigit((unsigned char)*c) || *c == '-');
	assert_true(link_secret_parse(text, &back));
	assert_memory_equal(&back, &secret, sizeof(back));
	for (const char *c = text; *c != '\0'; c++) {
		if (*c == '-')
			typed[len++] = ' ';
		else if (*c == '0')
			typed[len++] = 'o';
		else if (*c == '1')
			typed[len++] = 'l';
		else
			typed[len++] = (char)toupper((unsigned char)*c);
	}
	typed[len] = '\0';
	memset(&back, 0, sizeof(back));
	assert_true(link_secret_parse(typed, &back));
	assert_memory_equal(&back, &secret, sizeof(back));
}

static void
what_is_no_secret_is_not_read(void **state)
{
	const struct link_secret secret = secret_of(7);
	char text[LINK_CODE_TEXT_BYTES];
	char longer[LINK_CODE_TEXT_BYTES + 4];
	struct link_secret back = secret_of(1);
	const struct link_secret kept = back;

	(void)state;
	link_secret_format(&secret, text);
	memcpy(longer, text, sizeof(text));
	memcpy(longer + sizeof(text) - 1, "0", 2);
	assert_false(link_secret_parse(longer, &back));
	text[sizeof(text) - 2] = '\0';
	assert_false(link_secret_parse(text, &back));
	assert_false(link_secret_parse("", &back));
	text[0] = 'u'; /* not in the alphabet */
	assert_false(link_secret_parse(text, &back));
	assert_memory_equal(&back, &kept, sizeof(back));
}

/* What follows from a secret, and what differs when one thing differs. */
static void
proof_and_opening_say_nothing_of_each_other(void **state)
{
	const struct link_secret secret = secret_of(7);
	const struct link_secret other = secret_of(8);
	const struct span other_id = { id_bytes, sizeof(id_bytes) - 1 };
	const uint8_t password_key[SEAL_KEY_BYTES] = { 9 };
	uint8_t made[6][SEAL_KEY_BYTES];
	uint8_t again[SEAL_KEY_BYTES];
	struct err err = { 0 };

	(void)state;
	check_status(ST_OK, link_key_proof(&secret, link_id, made[0], &err),
		     &err);
	check_status(ST_OK, link_key_proof(&other, link_id, made[1], &err),
		     &err);
	check_status(ST_OK, link_key_proof(&secret, other_id, made[2], &err),
		     &err);
	check_status(ST_OK,
		     link_key_opening(&secret, NULL, link_id, made[3], &err),
		     &err);
	check_status(
		ST_OK,
		link_key_opening(&secret, password_key, link_id, made[4], &err),
		&err);
	check_status(ST_OK, link_password_proof(password_key, made[5], &err),
		     &err);
	for (size_t i = 0; i < ARRAY_LEN(made); i++)
		for (size_t j = i + 1; j < ARRAY_LEN(made); j++)
			assert_memory_not_equal(made[i], made[j],
						SEAL_KEY_BYTES);
	assert_memory_not_equal(made[5], password_key, SEAL_KEY_BYTES);
	check_status(ST_OK, link_key_proof(&secret, link_id, again, &err),
		     &err);
	assert_memory_equal(again, made[0], sizeof(again));
}

static void
a_password_gives_the_same_key_again(void **state)
{
	uint8_t key[SEAL_KEY_BYTES];
	uint8_t again[SEAL_KEY_BYTES];
	char too_long[1026];
	struct err err = { 0 };

	(void)state;
	memset(too_long, 'x', sizeof(too_long) - 1);
	too_long[sizeof(too_long) - 1] = '\0';
	check_status(ST_OK, link_password_key("4 Words", link_id, key, &err),
		     &err);
	check_status(ST_OK, link_password_key("4 Words", link_id, again, &err),
		     &err);
	assert_memory_equal(key, again, sizeof(key));
	check_status(ST_OK, link_password_key("4 words", link_id, again, &err),
		     &err);
	assert_memory_not_equal(key, again, sizeof(key));
	check_status(ST_LIMIT, link_password_key("", link_id, again, &err),
		     &err);
	check_status(ST_LIMIT,
		     link_password_key(too_long, link_id, again, &err), &err);
	check_status(ST_LIMIT,
		     link_password_key("x", (struct span){ id_bytes, 4 }, again,
				       &err),
		     &err);
}

static void
a_wrapped_key_opens_with_its_own_secret_and_link(void **state)
{
	const struct span other_id = { id_bytes, sizeof(id_bytes) - 1 };
	uint8_t opening[SEAL_KEY_BYTES] = { 5 };
	uint8_t wrapped[LINK_WRAPPED_BYTES];
	uint8_t back[SEAL_KEY_BYTES] = { 0 };
	const struct span whole = { wrapped, sizeof(wrapped) };
	struct err err = { 0 };

	(void)state;
	check_status(ST_OK,
		     link_key_wrap(opening, link_id, file_key, wrapped, &err),
		     &err);
	check_status(ST_OK,
		     link_key_unwrap(opening, link_id, whole, back, &err),
		     &err);
	assert_memory_equal(back, file_key, sizeof(back));
	check_status(ST_FORMAT,
		     link_key_unwrap(opening, other_id, whole, back, &err),
		     &err);
	for (size_t i = 0; i < sizeof(wrapped); i++) {
		wrapped[i] ^= 1;
		check_status(
			ST_FORMAT,
			link_key_unwrap(opening, link_id, whole, back, &err),
			&err);
		wrapped[i] ^= 1;
		check_status(ST_FORMAT,
			     link_key_unwrap(opening, link_id,
					     (struct span){ wrapped, i }, back,
					     &err),
			     &err);
	}
	opening[0] ^= 1;
	check_status(ST_FORMAT,
		     link_key_unwrap(opening, link_id, whole, back, &err),
		     &err);
	assert_memory_equal(back, file_key, sizeof(back));
}

/* --- files ---------------------------------------------------------------- */

struct sealed {
	uint8_t *plain; /* in front of it stand before_bytes others */
	size_t plain_bytes;
	int fd;
	uint64_t sealed_bytes;
};

static void
sealed_done(struct sealed *sealed)
{
	free(sealed->plain);
	fd_close(&sealed->fd);
}

static void
sealed_make(struct sealed *sealed, size_t plain_bytes)
{
	enum { BEFORE_BYTES = 77 };
	AUTO(fd_close) int from = FD_NONE;
	uint32_t noise = 1;
	struct err err = { 0 };

	sealed->plain_bytes = plain_bytes;
	sealed->plain = malloc(BEFORE_BYTES + plain_bytes);
	assert_non_null(sealed->plain);
	for (size_t i = 0; i < BEFORE_BYTES + plain_bytes; i++) {
		noise = noise * 1664525U + 1013904223U;
		sealed->plain[i] = (uint8_t)(noise >> 24);
	}
	check_status(ST_OK, fd_memory("plain", &from, &err), &err);
	check_status(ST_OK, fd_memory("sealed", &sealed->fd, &err), &err);
	check_status(ST_OK,
		     fd_write_all(from,
				  (struct span){ sealed->plain,
						 BEFORE_BYTES + plain_bytes },
				  &err),
		     &err);
	check_status(ST_OK,
		     link_seal_fd(file_key, from, BEFORE_BYTES, plain_bytes,
				  sealed->fd, &err),
		     &err);
	memmove(sealed->plain, sealed->plain + BEFORE_BYTES, plain_bytes);
	check_status(ST_OK, fd_size(sealed->fd, &sealed->sealed_bytes, &err),
		     &err);
}

/* Every byte by a reader of its own; the first failure, or ST_OK. */
static enum status
sealed_read_all(const struct sealed *sealed, const uint8_t key[SEAL_KEY_BYTES],
		uint64_t sealed_bytes, size_t step, struct err *err)
{
	AUTO(link_reader_free) struct link_reader *reader = NULL;
	uint8_t *out = malloc(step);
	size_t at = 0;
	size_t len = 1;
	enum status st =
		link_reader_open(key, sealed->fd, sealed_bytes, &reader, err);

	assert_non_null(out);
	while (st == ST_OK && len > 0) {
		st = link_reader_read(reader, at, out, step, &len, err);
		if (st != ST_OK)
			break;
		assert_true(len <= sealed->plain_bytes - at);
		assert_memory_equal(out, sealed->plain + at, len);
		at += len;
	}
	if (st == ST_OK)
		assert_int_equal(at, sealed->plain_bytes);
	free(out);
	return st;
}

static void
files_come_back_whatever_their_length(void **state)
{
	static const size_t lengths[] = { 0,
					  1,
					  SEAL_CHUNK_BYTES - 1,
					  SEAL_CHUNK_BYTES,
					  SEAL_CHUNK_BYTES + 1,
					  (size_t)2 * SEAL_CHUNK_BYTES,
					  PLAIN_BYTES };
	struct err err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		AUTO(sealed_done) struct sealed sealed = { .fd = FD_NONE };

		sealed_make(&sealed, lengths[i]);
		check_status(ST_OK,
			     sealed_read_all(&sealed, file_key,
					     sealed.sealed_bytes, 1000, &err),
			     &err);
		check_status(ST_OK,
			     sealed_read_all(&sealed, file_key,
					     sealed.sealed_bytes, 200000, &err),
			     &err);
	}
}

static void
any_place_reads_as_in_the_plain_copy(void **state)
{
	AUTO(sealed_done) struct sealed sealed = { .fd = FD_NONE };
	AUTO(link_reader_free) struct link_reader *reader = NULL;
	uint8_t *out = malloc((size_t)2 * SEAL_CHUNK_BYTES);
	uint32_t noise = 99;
	struct err err = { 0 };

	(void)state;
	assert_non_null(out);
	sealed_make(&sealed, PLAIN_BYTES);
	check_status(ST_OK,
		     link_reader_open(file_key, sealed.fd, sealed.sealed_bytes,
				      &reader, &err),
		     &err);
	for (size_t i = 0; i < PLACES; i++) {
		size_t len = 12345;

		noise = noise * 1664525U + 1013904223U;
		const size_t at = (noise >> 8) % (PLAIN_BYTES + 100);

		noise = noise * 1664525U + 1013904223U;
		const size_t room =
			1 + (noise >> 8) % ((size_t)2 * SEAL_CHUNK_BYTES);

		check_status(
			ST_OK,
			link_reader_read(reader, at, out, room, &len, &err),
			&err);
		assert_true(len <= room);
		assert_int_equal(len == 0, at >= PLAIN_BYTES);
		if (len > 0)
			assert_memory_equal(out, sealed.plain + at, len);
	}
	free(out);
}

static void
every_flipped_byte_is_refused(void **state)
{
	/* Tags and neighbours of their ends in full, of the rest one in 997. */
	AUTO(sealed_done) struct sealed sealed = { .fd = FD_NONE };
	struct err err = { 0 };
	size_t tried = 0;

	(void)state;
	sealed_make(&sealed, SEAL_CHUNK_BYTES + 300);
	for (uint64_t at = 0; at < sealed.sealed_bytes; at++) {
		const uint64_t to_end = sealed.sealed_bytes - at;
		uint8_t byte = 0;

		if (at % 997 != 0 && to_end > 40 &&
		    (at < SEAL_CHUNK_BYTES - 4 || at > SEAL_CHUNK_BYTES + 20))
			continue;
		assert_int_equal(pread(sealed.fd, &byte, 1, (off_t)at), 1);
		byte ^= 0x10;
		assert_int_equal(pwrite(sealed.fd, &byte, 1, (off_t)at), 1);
		check_status(ST_FORMAT,
			     sealed_read_all(&sealed, file_key,
					     sealed.sealed_bytes, 70000, &err),
			     &err);
		byte ^= 0x10;
		assert_int_equal(pwrite(sealed.fd, &byte, 1, (off_t)at), 1);
		tried++;
	}
	assert_true(tried > 100);
	check_status(ST_OK,
		     sealed_read_all(&sealed, file_key, sealed.sealed_bytes,
				     70000, &err),
		     &err);
}

/* One reader, one key schedule: a failure leaves neither half-way. */
static void
after_a_refused_chunk_the_reader_reads_on(void **state)
{
	AUTO(sealed_done) struct sealed sealed = { .fd = FD_NONE };
	AUTO(link_reader_free) struct link_reader *reader = NULL;
	static uint8_t out[SEAL_CHUNK_BYTES + SEAL_TAG_BYTES];
	struct err err = { 0 };
	uint8_t byte = 0;
	size_t len = 0;

	(void)state;
	sealed_make(&sealed, SEAL_CHUNK_BYTES + 300);
	check_status(ST_OK,
		     link_reader_open(file_key, sealed.fd, sealed.sealed_bytes,
				      &reader, &err),
		     &err);
	for (size_t room = 100; room <= sizeof(out);
	     room += sizeof(out) - 100) {
		assert_int_equal(pread(sealed.fd, &byte, 1, 7), 1);
		byte ^= 1;
		assert_int_equal(pwrite(sealed.fd, &byte, 1, 7), 1);
		check_status(ST_FORMAT,
			     link_reader_read(reader, 0, out, room, &len, &err),
			     &err);
		byte ^= 1;
		assert_int_equal(pwrite(sealed.fd, &byte, 1, 7), 1);
		check_status(ST_OK,
			     link_reader_read(reader, 0, out, room, &len, &err),
			     &err);
		assert_memory_equal(out, sealed.plain, len);
		check_status(ST_OK,
			     link_reader_read(reader, SEAL_CHUNK_BYTES, out,
					      room, &len, &err),
			     &err);
		assert_memory_equal(out, sealed.plain + SEAL_CHUNK_BYTES, len);
	}
}

static void
what_was_cut_swapped_or_has_another_key_is_refused(void **state)
{
	enum { CLOSED_BYTES = SEAL_CHUNK_BYTES + SEAL_TAG_BYTES };
	AUTO(sealed_done) struct sealed sealed = { .fd = FD_NONE };
	uint8_t other_key[SEAL_KEY_BYTES];
	uint8_t *chunks = malloc((size_t)2 * CLOSED_BYTES);
	struct err err = { 0 };

	(void)state;
	assert_non_null(chunks);
	sealed_make(&sealed, PLAIN_BYTES);
	/* Cut off at the end of a chunk, inside one, inside a tag. */
	for (size_t cut = 1; cut < CLOSED_BYTES * 2; cut += 601)
		check_status(ST_FORMAT,
			     sealed_read_all(&sealed, file_key,
					     sealed.sealed_bytes - cut, 70000,
					     &err),
			     &err);
	check_status(ST_FORMAT,
		     sealed_read_all(&sealed, file_key,
				     (uint64_t)3 * CLOSED_BYTES, 70000, &err),
		     &err);
	check_status(ST_FORMAT,
		     sealed_read_all(&sealed, file_key, sealed.sealed_bytes + 1,
				     70000, &err),
		     &err);
	memcpy(other_key, file_key, sizeof(other_key));
	other_key[31] ^= 1;
	check_status(ST_FORMAT,
		     sealed_read_all(&sealed, other_key, sealed.sealed_bytes,
				     70000, &err),
		     &err);
	assert_int_equal(pread(sealed.fd, chunks, (size_t)2 * CLOSED_BYTES, 0),
			 2 * CLOSED_BYTES);
	assert_int_equal(
		pwrite(sealed.fd, chunks + CLOSED_BYTES, CLOSED_BYTES, 0),
		CLOSED_BYTES);
	assert_int_equal(pwrite(sealed.fd, chunks, CLOSED_BYTES, CLOSED_BYTES),
			 CLOSED_BYTES);
	check_status(ST_FORMAT,
		     sealed_read_all(&sealed, file_key, sealed.sealed_bytes,
				     70000, &err),
		     &err);
	free(chunks);
}

static void
a_part_that_is_not_there_is_not_sealed(void **state)
{
	AUTO(fd_close) int from = FD_NONE;
	AUTO(fd_close) int to = FD_NONE;
	struct err err = { 0 };

	(void)state;
	check_status(ST_OK, fd_memory("plain", &from, &err), &err);
	check_status(ST_OK, fd_memory("sealed", &to, &err), &err);
	check_status(ST_OK, fd_write_all(from, link_id, &err), &err);
	check_status(ST_FORMAT, link_seal_fd(file_key, from, 1, 16, to, &err),
		     &err);
	check_status(ST_FORMAT,
		     link_seal_fd(file_key, from, UINT64_MAX, 2, to, &err),
		     &err);
	check_status(ST_OK, link_seal_fd(file_key, from, 1, 15, to, &err),
		     &err);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_secret_is_typed_as_people_type),
		cmocka_unit_test(what_is_no_secret_is_not_read),
		cmocka_unit_test(proof_and_opening_say_nothing_of_each_other),
		cmocka_unit_test(a_password_gives_the_same_key_again),
		cmocka_unit_test(
			a_wrapped_key_opens_with_its_own_secret_and_link),
		cmocka_unit_test(files_come_back_whatever_their_length),
		cmocka_unit_test(any_place_reads_as_in_the_plain_copy),
		cmocka_unit_test(every_flipped_byte_is_refused),
		cmocka_unit_test(after_a_refused_chunk_the_reader_reads_on),
		cmocka_unit_test(
			what_was_cut_swapped_or_has_another_key_is_refused),
		cmocka_unit_test(a_part_that_is_not_there_is_not_sealed),
	};

	return cmocka_run_group_tests_name("link_key", tests, NULL, NULL);
}
