/* Tests of lib/crypto/seal.h, in the order of its promises. */
#include "lib/crypto/seal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "lib/crypto/x25519.h"
#include "tests/harness/check.h"

enum { MAX_BYTES = 1 << 20, CLOSED_BYTES = SEAL_CHUNK_BYTES + SEAL_TAG_BYTES };

struct sealed {
	struct seal_private private_key;
	struct seal_public public_key;
	uint8_t wrapped[SEAL_WRAPPED_BYTES];
	struct sbuf plain;
	struct sbuf bytes;
};

static struct sealed
seal_some(size_t len_bytes)
{
	struct sealed made = { 0 };
	struct err err = { 0 };

	check_status(
		ST_OK,
		seal_key_make(7, &made.private_key, &made.public_key, &err),
		&err);
	sbuf_init(&made.plain, MAX_BYTES);
	sbuf_init(&made.bytes, MAX_BYTES);
	for (size_t i = 0; i < len_bytes; i++)
		sbuf_add_byte(&made.plain, (uint8_t)(i * 7 + i / 251));
	check_status(ST_OK,
		     seal_bytes(&made.public_key, "test",
				sbuf_span(&made.plain), &made.bytes,
				made.wrapped, &err),
		     &err);
	return made;
}

static void
sealed_done(struct sealed *made)
{
	sbuf_done(&made->plain);
	sbuf_done(&made->bytes);
}

/* Open with the sealed bytes in a heap block of exactly their size. */
static enum status
open_exact(const struct sealed *made, const char *context,
	   const uint8_t *wrapped, struct span sealed, struct sbuf *out,
	   struct err *err)
{
	uint8_t *copy = malloc(sealed.len_bytes > 0 ? sealed.len_bytes : 1);
	uint8_t *key = malloc(SEAL_WRAPPED_BYTES);
	enum status st = ST_OK;

	assert_non_null(copy);
	assert_non_null(key);
	if (sealed.len_bytes > 0)
		memcpy(copy, sealed.ptr, sealed.len_bytes);
	memcpy(key, wrapped, SEAL_WRAPPED_BYTES);
	st = seal_open_bytes(&made->private_key, context,
			     (struct span){ key, SEAL_WRAPPED_BYTES },
			     (struct span){ copy, sealed.len_bytes }, out, err);
	free(copy);
	free(key);
	return st;
}

static void
check_refused(const struct sealed *made, const char *context,
	      const uint8_t *wrapped, struct span sealed)
{
	AUTO(sbuf_done) struct sbuf out;
	struct err err = { 0 };

	sbuf_init(&out, MAX_BYTES);
	sbuf_add_text(&out, "before");
	check_status(ST_FORMAT,
		     open_exact(made, context, wrapped, sealed, &out, &err),
		     &err);
	assert_string_equal(sbuf_text(&out), "before");
}

static void
what_was_sealed_opens_again(void **state)
{
	static const size_t sizes[] = { 0,
					1,
					SEAL_CHUNK_BYTES - 1,
					SEAL_CHUNK_BYTES,
					SEAL_CHUNK_BYTES + 1,
					3 * SEAL_CHUNK_BYTES + 17 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		AUTO(sealed_done) struct sealed made = seal_some(sizes[i]);
		AUTO(sbuf_done) struct sbuf out;
		const size_t chunks =
			sizes[i] == 0 ? 1
				      : (sizes[i] - 1) / SEAL_CHUNK_BYTES + 1;
		struct err err = { 0 };

		sbuf_init(&out, MAX_BYTES);
		assert_int_equal(made.bytes.len_bytes,
				 sizes[i] + chunks * SEAL_TAG_BYTES);
		check_status(ST_OK,
			     open_exact(&made, "test", made.wrapped,
					sbuf_span(&made.bytes), &out, &err),
			     &err);
		assert_true(
			span_equal(sbuf_span(&out), sbuf_span(&made.plain)));
	}
}

static void
descriptors_and_bytes_have_one_format(void **state)
{
	AUTO(sealed_done) struct sealed made = seal_some(100000);
	AUTO(fd_close) int plain = FD_NONE;
	AUTO(fd_close) int sealed = FD_NONE;
	AUTO(fd_close) int back = FD_NONE;
	AUTO(sbuf_done) struct sbuf out;
	struct err err = { 0 };

	(void)state;
	sbuf_init(&out, MAX_BYTES);
	check_status(ST_OK, fd_memory("plain", &plain, &err), &err);
	check_status(ST_OK, fd_memory("sealed", &sealed, &err), &err);
	check_status(ST_OK, fd_memory("back", &back, &err), &err);
	check_status(ST_OK, fd_write_all(plain, sbuf_span(&made.plain), &err),
		     &err);
	/* The position of plain is now at its end: it is read from 0. */
	check_status(ST_OK,
		     seal_fd(&made.public_key, "test", plain, sealed,
			     made.wrapped, &err),
		     &err);
	check_status(
		ST_OK,
		seal_open_fd(&made.private_key, "test",
			     (struct span){ made.wrapped, SEAL_WRAPPED_BYTES },
			     sealed, back, &err),
		&err);
	assert_int_equal(lseek(back, 0, SEEK_SET), 0);
	check_status(ST_OK, fd_slurp(back, &out, &err), &err);
	assert_true(span_equal(sbuf_span(&out), sbuf_span(&made.plain)));

	sbuf_clear(&made.bytes);
	assert_int_equal(lseek(sealed, 0, SEEK_SET), 0);
	check_status(ST_OK, fd_slurp(sealed, &made.bytes, &err), &err);
	sbuf_clear(&out);
	check_status(ST_OK,
		     open_exact(&made, "test", made.wrapped,
				sbuf_span(&made.bytes), &out, &err),
		     &err);
	assert_true(span_equal(sbuf_span(&out), sbuf_span(&made.plain)));
}

static void
every_changed_bit_is_noticed(void **state)
{
	AUTO(sealed_done) struct sealed made = seal_some(40);

	(void)state;
	for (size_t bit = 0; bit < made.bytes.len_bytes * 8; bit++) {
		made.bytes.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		check_refused(&made, "test", made.wrapped,
			      sbuf_span(&made.bytes));
		made.bytes.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}

static void
every_changed_bit_of_the_wrapped_key_is_noticed(void **state)
{
	AUTO(sealed_done) struct sealed made = seal_some(40);
	AUTO(sbuf_done) struct sbuf out;

	(void)state;
	sbuf_init(&out, MAX_BYTES);
	for (size_t bit = 0; bit < SEAL_WRAPPED_BYTES * 8; bit++) {
		/* Bytes 1 to 4 are the epoch: another key is asked for. The
		 * highest bit of a point is ignored by X25519, but ours covers
		 * it by the tag. */
		const bool epoch = bit / 8 >= 1 && bit / 8 <= 4;
		struct err err = { 0 };

		made.wrapped[bit / 8] ^= (uint8_t)(1 << bit % 8);
		check_status(epoch ? ST_NOT_FOUND : ST_FORMAT,
			     open_exact(&made, "test", made.wrapped,
					sbuf_span(&made.bytes), &out, &err),
			     &err);
		assert_int_equal(out.len_bytes, 0);
		made.wrapped[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}

static void
every_truncation_is_noticed(void **state)
{
	static const size_t lengths[] = {
		0,
		1,
		SEAL_TAG_BYTES - 1,
		SEAL_TAG_BYTES,
		SEAL_CHUNK_BYTES,
		CLOSED_BYTES - 1,
		CLOSED_BYTES, /* whole chunks, but not the last */
		CLOSED_BYTES + SEAL_TAG_BYTES,
		2 * CLOSED_BYTES,
		2 * CLOSED_BYTES + 10 + SEAL_TAG_BYTES - 1,
	};
	AUTO(sealed_done)
	struct sealed made = seal_some(2 * SEAL_CHUNK_BYTES + 10);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++)
		check_refused(&made, "test", made.wrapped,
			      (struct span){ made.bytes.bytes, lengths[i] });
	sbuf_add_byte(&made.bytes, 0);
	check_refused(&made, "test", made.wrapped, sbuf_span(&made.bytes));
}

static void
chunks_cannot_change_places(void **state)
{
	AUTO(sealed_done) struct sealed made = seal_some(3 * SEAL_CHUNK_BYTES);
	AUTO(sealed_done) struct sealed other = seal_some(3 * SEAL_CHUNK_BYTES);
	AUTO(sbuf_done) struct sbuf mixed;

	(void)state;
	sbuf_init(&mixed, MAX_BYTES);
	for (size_t i = 0; i < 3; i++) {
		static const size_t order[] = { 1, 0, 2 };

		sbuf_add(&mixed, made.bytes.bytes + order[i] * CLOSED_BYTES,
			 CLOSED_BYTES);
	}
	check_refused(&made, "test", made.wrapped, sbuf_span(&mixed));
	/* The chunk of another blob at the same place. */
	memcpy(made.bytes.bytes + CLOSED_BYTES,
	       other.bytes.bytes + CLOSED_BYTES, CLOSED_BYTES);
	check_refused(&made, "test", made.wrapped, sbuf_span(&made.bytes));
}

static void
context_and_key_must_be_the_same(void **state)
{
	AUTO(sealed_done) struct sealed made = seal_some(40);
	AUTO(sealed_done) struct sealed other = seal_some(40);

	(void)state;
	check_refused(&made, "tes", made.wrapped, sbuf_span(&made.bytes));
	check_refused(&made, "test2", made.wrapped, sbuf_span(&made.bytes));
	check_refused(&other, "test", made.wrapped, sbuf_span(&made.bytes));
	check_refused(&made, "test", other.wrapped, sbuf_span(&made.bytes));
}

static void
sealing_the_same_twice_gives_other_bytes(void **state)
{
	AUTO(sealed_done) struct sealed made = seal_some(40);
	AUTO(sbuf_done) struct sbuf again;
	uint8_t wrapped[SEAL_WRAPPED_BYTES];
	struct err err = { 0 };

	(void)state;
	sbuf_init(&again, MAX_BYTES);
	check_status(ST_OK,
		     seal_bytes(&made.public_key, "test",
				sbuf_span(&made.plain), &again, wrapped, &err),
		     &err);
	assert_memory_not_equal(again.bytes, made.bytes.bytes, 16);
	assert_memory_not_equal(wrapped + 5, made.wrapped + 5, 32);
}

static void
a_low_order_public_key_is_refused(void **state)
{
	const struct seal_public zero = { .epoch = 1 };
	AUTO(sbuf_done) struct sbuf out;
	uint8_t wrapped[SEAL_WRAPPED_BYTES];
	struct err err = { 0 };

	(void)state;
	sbuf_init(&out, MAX_BYTES);
	check_status(
		ST_FORMAT,
		seal_bytes(&zero, "test", span_of("text"), &out, wrapped, &err),
		&err);
	assert_int_equal(out.len_bytes, 0);
}

static void
epoch_is_read_from_the_wrapped_key(void **state)
{
	AUTO(sealed_done) struct sealed made = seal_some(1);
	uint32_t epoch = 0;
	struct err err = { 0 };

	(void)state;
	check_status(
		ST_OK,
		seal_epoch((struct span){ made.wrapped, SEAL_WRAPPED_BYTES },
			   &epoch, &err),
		&err);
	assert_int_equal(epoch, 7);
	check_status(ST_FORMAT,
		     seal_epoch((struct span){ made.wrapped,
					       SEAL_WRAPPED_BYTES - 1 },
				&epoch, &err),
		     &err);
}

static void
a_rewrapped_key_opens_for_the_new_owner(void **state)
{
	AUTO(sealed_done) struct sealed made = seal_some(70000);
	AUTO(sealed_done) struct sealed other = seal_some(0);
	AUTO(sbuf_done) struct sbuf out;
	uint8_t wrapped[SEAL_WRAPPED_BYTES];
	struct err err = { 0 };

	(void)state;
	sbuf_init(&out, MAX_BYTES);
	check_status(
		ST_OK,
		seal_rewrap(&made.private_key, &other.public_key, "test",
			    (struct span){ made.wrapped, SEAL_WRAPPED_BYTES },
			    wrapped, &err),
		&err);
	check_status(ST_OK,
		     open_exact(&other, "test", wrapped, sbuf_span(&made.bytes),
				&out, &err),
		     &err);
	assert_true(span_equal(sbuf_span(&out), sbuf_span(&made.plain)));
	check_refused(&made, "test", wrapped, sbuf_span(&made.bytes));
	check_status(
		ST_FORMAT,
		seal_rewrap(&made.private_key, &other.public_key, "else",
			    (struct span){ made.wrapped, SEAL_WRAPPED_BYTES },
			    wrapped, &err),
		&err);
}

static void
keys_agree_as_in_rfc_7748(void **state)
{
	static const char alice_text[] = "77076d0a7318a57d3c16c17251b26645"
					 "df4c2f87ebc0992ab177fba51db92c2a";
	static const char alice_public_text[] =
		"8520f0098930a754748b7ddcb43ef75a"
		"0dbf3a0d26381af4eba4a98eaa9b4e6a";
	static const char bob_public_text[] =
		"de9edb7d7b7dc1b4d35b61c2ece43537"
		"3f8343c85b78674dadfc7e146f882b4f";
	static const char shared_text[] = "4a5d9d5ba4ce2de1728e3bf480350f25"
					  "e07e21c947d19e3376f09b3c1e161742";
	uint8_t alice[32];
	uint8_t bob[32];
	uint8_t want[32];
	uint8_t got[32];
	struct err err = { 0 };

	(void)state;
	assert_true(parse_hex(span_of(alice_text), alice, 32));
	assert_true(parse_hex(span_of(bob_public_text), bob, 32));
	assert_true(parse_hex(span_of(alice_public_text), want, 32));
	check_status(ST_OK, x25519_public(alice, got, &err), &err);
	assert_memory_equal(got, want, 32);
	assert_true(parse_hex(span_of(shared_text), want, 32));
	check_status(ST_OK, x25519_agree(alice, bob, got, &err), &err);
	assert_memory_equal(got, want, 32);
}

static void
wiping_leaves_no_key(void **state)
{
	static const uint8_t zero[SEAL_KEY_BYTES];
	AUTO(sealed_done) struct sealed made = seal_some(0);

	(void)state;
	seal_private_wipe(&made.private_key);
	assert_memory_equal(made.private_key.key, zero, sizeof(zero));
}

static void
boxes_open_only_unchanged(void **state)
{
	static const uint8_t key[SEAL_KEY_BYTES] = { 1, 2, 3 };
	static const uint8_t wrong[SEAL_KEY_BYTES] = { 1, 2, 4 };
	AUTO(sbuf_done) struct sbuf boxed;
	AUTO(sbuf_done) struct sbuf out;
	struct err err = { 0 };

	(void)state;
	sbuf_init(&boxed, 1000);
	sbuf_init(&out, 1000);
	check_status(ST_OK,
		     box_close(key, "row", span_of("hello"), &boxed, &err),
		     &err);
	assert_int_equal(boxed.len_bytes, 12 + 5 + 16);
	check_status(ST_OK, box_open(key, "row", sbuf_span(&boxed), &out, &err),
		     &err);
	assert_string_equal(sbuf_text(&out), "hello");
	sbuf_clear(&out);
	check_status(ST_FORMAT,
		     box_open(wrong, "row", sbuf_span(&boxed), &out, &err),
		     &err);
	check_status(ST_FORMAT,
		     box_open(key, "rows", sbuf_span(&boxed), &out, &err),
		     &err);
	for (size_t len = 0; len < boxed.len_bytes; len++) {
		uint8_t *copy = malloc(len > 0 ? len : 1);

		assert_non_null(copy);
		memcpy(copy, boxed.bytes, len);
		check_status(ST_FORMAT,
			     box_open(key, "row", (struct span){ copy, len },
				      &out, &err),
			     &err);
		free(copy);
	}
	for (size_t bit = 0; bit < boxed.len_bytes * 8; bit++) {
		boxed.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		check_status(
			ST_FORMAT,
			box_open(key, "row", sbuf_span(&boxed), &out, &err),
			&err);
		boxed.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	assert_int_equal(out.len_bytes, 0);
}

static void
spool_blocks_come_back_and_differ(void **state)
{
	enum { BLOCK = 3000 };
	AUTO(spool_cipher_free) struct spool_cipher *cipher = NULL;
	AUTO(spool_cipher_free) struct spool_cipher *other = NULL;
	uint8_t a[BLOCK] = { 0 };
	uint8_t b[BLOCK] = { 0 };
	uint8_t c[BLOCK] = { 0 };
	static const uint8_t zero[BLOCK];
	struct err err = { 0 };

	(void)state;
	check_status(ST_OK, spool_cipher_new(&cipher, &err), &err);
	check_status(ST_OK, spool_cipher_new(&other, &err), &err);
	check_status(ST_OK, spool_cipher_run(cipher, 0, a, BLOCK, &err), &err);
	check_status(ST_OK, spool_cipher_run(cipher, 1, b, BLOCK, &err), &err);
	check_status(ST_OK, spool_cipher_run(other, 0, c, BLOCK, &err), &err);
	assert_memory_not_equal(a, zero, 16);
	assert_memory_not_equal(a + 16, a, 16);
	assert_memory_not_equal(a, b, 16);
	assert_memory_not_equal(a, c, 16);
	check_status(ST_OK, spool_cipher_run(cipher, 0, a, BLOCK, &err), &err);
	assert_memory_equal(a, zero, BLOCK);
	check_status(ST_OK, spool_cipher_run(cipher, 1, b, BLOCK, &err), &err);
	assert_memory_equal(b, zero, BLOCK);
	check_status(ST_LIMIT,
		     spool_cipher_run(cipher, 0, a, SEAL_CHUNK_BYTES + 1, &err),
		     &err);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_sealed_opens_again),
		cmocka_unit_test(descriptors_and_bytes_have_one_format),
		cmocka_unit_test(every_changed_bit_is_noticed),
		cmocka_unit_test(
			every_changed_bit_of_the_wrapped_key_is_noticed),
		cmocka_unit_test(every_truncation_is_noticed),
		cmocka_unit_test(chunks_cannot_change_places),
		cmocka_unit_test(context_and_key_must_be_the_same),
		cmocka_unit_test(sealing_the_same_twice_gives_other_bytes),
		cmocka_unit_test(a_low_order_public_key_is_refused),
		cmocka_unit_test(epoch_is_read_from_the_wrapped_key),
		cmocka_unit_test(a_rewrapped_key_opens_for_the_new_owner),
		cmocka_unit_test(keys_agree_as_in_rfc_7748),
		cmocka_unit_test(wiping_leaves_no_key),
		cmocka_unit_test(boxes_open_only_unchanged),
		cmocka_unit_test(spool_blocks_come_back_and_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
