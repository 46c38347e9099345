/* Tests of lib/crypto/digest.h, in the order of its promises. */
#include "lib/crypto/digest.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"

static void
check_hex(const uint8_t *bytes, size_t len_bytes, const char *want)
{
	AUTO(sbuf_done) struct sbuf text;

	sbuf_init(&text, 1000);
	format_hex(&text, (struct span){ bytes, len_bytes });
	assert_string_equal(sbuf_text(&text), want);
}

static void
sha256_gives_the_published_values(void **state)
{
	/* FIPS 180-4 examples. */
	static const char abc_hash[] = "ba7816bf8f01cfea414140de5dae2223"
				       "b00361a396177a9cb410ff61f20015ad";
	AUTO(digest_free) struct digest *digest = NULL;
	struct err err = { 0 };
	uint8_t out[DIGEST_BYTES];

	(void)state;
	check_status(ST_OK, digest_once(span_of("abc"), out, &err), &err);
	check_hex(out, sizeof(out), abc_hash);
	check_status(ST_OK, digest_once((struct span){ NULL, 0 }, out, &err),
		     &err);
	check_hex(out, sizeof(out),
		  "e3b0c44298fc1c149afbf4c8996fb924"
		  "27ae41e4649b934ca495991b7852b855");
	check_status(ST_OK, digest_new(&digest, &err), &err);
	check_status(ST_OK, digest_add(digest, span_of("a"), &err), &err);
	check_status(ST_OK, digest_add(digest, (struct span){ NULL, 0 }, &err),
		     &err);
	check_status(ST_OK, digest_add(digest, span_of("bc"), &err), &err);
	check_status(ST_OK, digest_end(digest, out, &err), &err);
	check_hex(out, sizeof(out), abc_hash);
}

static void
hmac_gives_the_values_of_rfc_4231(void **state)
{
	uint8_t key[131];
	struct err err = { 0 };
	uint8_t out[DIGEST_BYTES];

	(void)state;
	memset(key, 0x0b, 20);
	check_status(ST_OK,
		     hmac_once((struct span){ key, 20 }, span_of("Hi There"),
			       out, &err),
		     &err);
	check_hex(out, sizeof(out),
		  "b0344c61d8db38535ca8afceaf0bf12b"
		  "881dc200c9833da726e9376c2e32cff7");
	check_status(ST_OK,
		     hmac_once(span_of("Jefe"),
			       span_of("what do ya want for nothing?"), out,
			       &err),
		     &err);
	check_hex(out, sizeof(out),
		  "5bdcc146bf60754e6a042426089575c7"
		  "5a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof(key));
	check_status(ST_OK,
		     hmac_once((struct span){ key, sizeof(key) },
			       span_of("Test Using Larger Than Block-Size Key "
				       "- Hash Key First"),
			       out, &err),
		     &err);
	check_hex(out, sizeof(out),
		  "60e431591ee0b67f0d8a26aacbf5b77f"
		  "8e0bc6213728c5140546040f0ee37f54");
}

static void
hkdf_gives_the_values_of_rfc_5869(void **state)
{
	static const uint8_t salt[] = {
		0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
	};
	static const char info[] = "\xf0\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9";
	uint8_t secret[22];
	uint8_t out[42];
	struct err err = { 0 };

	(void)state;
	memset(secret, 0x0b, sizeof(secret));
	check_status(ST_OK,
		     hkdf((struct span){ secret, sizeof(secret) },
			  (struct span){ salt, sizeof(salt) }, info, out,
			  sizeof(out), &err),
		     &err);
	check_hex(out, sizeof(out),
		  "3cb25f25faacd57a90434f64d0362f2a"
		  "2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
		  "34007208d5b887185865");
	check_status(ST_OK,
		     hkdf((struct span){ secret, sizeof(secret) },
			  (struct span){ NULL, 0 }, "", out, sizeof(out), &err),
		     &err);
	check_hex(out, sizeof(out),
		  "8da4e775a563c18f715f802a063c5a31"
		  "b8a11f5c5ee1879ec3454e5f3c738d2d"
		  "9d201395faa4b61a96c8");
}

static void
hkdf_refuses_more_than_64_bytes(void **state)
{
	struct err err = { 0 };
	uint8_t out[65];

	(void)state;
	check_status(ST_LIMIT,
		     hkdf(span_of("secret"), span_of("salt"), "label", out,
			  sizeof(out), &err),
		     &err);
}

static void
random_fills_everything_differently(void **state)
{
	const size_t len_bytes = 100000; /* more than one getrandom() gives */
	struct err err = { 0 };
	uint8_t *a = calloc(1, len_bytes);
	uint8_t *b = calloc(1, len_bytes);

	(void)state;
	assert_non_null(a);
	assert_non_null(b);
	check_status(ST_OK, random_fill(a, len_bytes, &err), &err);
	check_status(ST_OK, random_fill(b, len_bytes, &err), &err);
	assert_memory_not_equal(a, b, 32);
	assert_memory_not_equal(a + len_bytes - 32, b + len_bytes - 32, 32);
	check_status(ST_LIMIT,
		     random_fill(a, (size_t)RANDOM_MAX_BYTES + 1, &err), &err);
	free(a);
	free(b);
}

static void
secrets_are_equal_only_byte_for_byte(void **state)
{
	(void)state;
	assert_true(secret_equal(span_of("abc"), span_of("abc")));
	assert_false(secret_equal(span_of("abc"), span_of("abd")));
	assert_false(secret_equal(span_of("abc"), span_of("ab")));
	assert_true(secret_equal((struct span){ NULL, 0 }, span_of("")));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha256_gives_the_published_values),
		cmocka_unit_test(hmac_gives_the_values_of_rfc_4231),
		cmocka_unit_test(hkdf_gives_the_values_of_rfc_5869),
		cmocka_unit_test(hkdf_refuses_more_than_64_bytes),
		cmocka_unit_test(random_fills_everything_differently),
		cmocka_unit_test(secrets_are_equal_only_byte_for_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
