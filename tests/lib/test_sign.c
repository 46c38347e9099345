/* Tests of lib/crypto/sign.h, in the order of its promises. */
#include "lib/crypto/sign.h"

#include <string.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"

/* RFC 8032 section 7.1, TEST 1 to 3. */
static const struct {
	const char *seed;
	const char *public_key;
	const char *text;
	const char *signature;
} published[] = {
	{ "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
	  "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
	  "",
	  "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
	  "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b" },
	{ "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
	  "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
	  "72",
	  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
	  "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00" },
	{ "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
	  "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
	  "af82",
	  "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
	  "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a" },
};

struct vector {
	uint8_t seed[SIGN_SEED_BYTES];
	uint8_t public_key[SIGN_PUBLIC_BYTES];
	uint8_t text[8];
	size_t text_bytes;
	uint8_t signature[SIGNATURE_BYTES];
};

static struct vector
vector_at(size_t i)
{
	struct vector v = { .text_bytes = strlen(published[i].text) / 2 };

	assert_true(
		parse_hex(span_of(published[i].seed), v.seed, sizeof(v.seed)));
	assert_true(parse_hex(span_of(published[i].public_key), v.public_key,
			      sizeof(v.public_key)));
	assert_true(
		parse_hex(span_of(published[i].text), v.text, v.text_bytes));
	assert_true(parse_hex(span_of(published[i].signature), v.signature,
			      sizeof(v.signature)));
	return v;
}

static void
signatures_are_those_of_rfc_8032(void **state)
{
	struct err err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(published); i++) {
		const struct vector v = vector_at(i);
		const struct span text = { v.text, v.text_bytes };
		uint8_t public_key[SIGN_PUBLIC_BYTES];
		uint8_t signature[SIGNATURE_BYTES];

		check_status(ST_OK, sign_public(v.seed, public_key, &err),
			     &err);
		assert_memory_equal(public_key, v.public_key,
				    sizeof(public_key));
		check_status(ST_OK, sign(v.seed, text, signature, &err), &err);
		assert_memory_equal(signature, v.signature, sizeof(signature));
		check_status(ST_OK,
			     sign_verify(public_key, text, signature, &err),
			     &err);
	}
}

static void
whatever_is_changed_does_not_fit(void **state)
{
	const struct vector v = vector_at(2);
	const struct vector other = vector_at(1);
	const struct span text = { v.text, v.text_bytes };
	uint8_t changed[SIGNATURE_BYTES];
	struct err err = { 0 };

	(void)state;
	for (size_t bit = 0; bit < sizeof(changed) * 8; bit++) {
		memcpy(changed, v.signature, sizeof(changed));
		changed[bit / 8] ^= (uint8_t)(1U << (bit % 8));
		check_status(ST_DENIED,
			     sign_verify(v.public_key, text, changed, &err),
			     &err);
	}
	for (size_t bit = 0; bit < v.text_bytes * 8; bit++) {
		uint8_t other_text[8];

		memcpy(other_text, v.text, sizeof(other_text));
		other_text[bit / 8] ^= (uint8_t)(1U << (bit % 8));
		check_status(
			ST_DENIED,
			sign_verify(v.public_key,
				    (struct span){ other_text, v.text_bytes },
				    v.signature, &err),
			&err);
	}
	check_status(ST_DENIED,
		     sign_verify(v.public_key,
				 (struct span){ v.text, v.text_bytes - 1 },
				 v.signature, &err),
		     &err);
	check_status(ST_DENIED,
		     sign_verify(other.public_key, text, v.signature, &err),
		     &err);
}

static void
a_public_key_goes_to_pem_and_back(void **state)
{
	/* What openssl pkey -pubin shows of TEST 1's key. */
	static const char pem[] =
		"-----BEGIN PUBLIC KEY-----\n"
		"MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
		"-----END PUBLIC KEY-----\n";
	const struct vector v = vector_at(0);
	AUTO(sbuf_done) struct sbuf written;
	uint8_t back[SIGN_PUBLIC_BYTES];
	struct err err = { 0 };

	(void)state;
	sbuf_init(&written, 4096);
	check_status(ST_OK, sign_write_pem(v.public_key, &written, &err), &err);
	assert_string_equal(sbuf_text(&written), pem);
	check_status(ST_OK, sign_read_pem(sbuf_span(&written), back, &err),
		     &err);
	assert_memory_equal(back, v.public_key, sizeof(back));
}

static void
what_is_no_ed25519_key_is_refused(void **state)
{
	/* An X25519 key: as long, but not for signatures. */
	static const char other_kind[] =
		"-----BEGIN PUBLIC KEY-----\n"
		"MCowBQYDK2VuAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
		"-----END PUBLIC KEY-----\n";
	uint8_t out[SIGN_PUBLIC_BYTES] = { 1 };
	struct err err = { 0 };

	(void)state;
	check_status(ST_FORMAT, sign_read_pem(span_of(other_kind), out, &err),
		     &err);
	check_status(ST_FORMAT, sign_read_pem(span_of("no PEM"), out, &err),
		     &err);
	check_status(ST_FORMAT, sign_read_pem(span_of(""), out, &err), &err);
	assert_int_equal(out[0], 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signatures_are_those_of_rfc_8032),
		cmocka_unit_test(whatever_is_changed_does_not_fit),
		cmocka_unit_test(a_public_key_goes_to_pem_and_back),
		cmocka_unit_test(what_is_no_ed25519_key_is_refused),
	};

	return cmocka_run_group_tests_name("sign", tests, NULL, NULL);
}
