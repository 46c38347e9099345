/* Tests of lib/crypto/certificate.h, in the order of its promises. */
#include "lib/crypto/certificate.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "lib/base/clock.h"
#include "tests/harness/check.h"

static X509 *
read_certificate(const struct sbuf *pem)
{
	BIO *bio = BIO_new_mem_buf(pem->bytes, (int)pem->len_bytes);
	X509 *x509 = PEM_read_bio_X509(bio, NULL, NULL, NULL);

	(void)BIO_free(bio);
	return x509;
}

static void
certificate_and_key_belong_together(void **state)
{
	static const char *const names[] = { "desk.example.co.jp", "127.0.0.1",
					     "::1" };
	AUTO(sbuf_done) struct sbuf certificate;
	AUTO(sbuf_done) struct sbuf key;
	struct err err = { 0 };

	(void)state;
	sbuf_init(&certificate, 8192);
	sbuf_init_secret(&key, 8192);
	check_status(ST_OK,
		     certificate_make(names, ARRAY_LEN(names), clock_unix_ms(),
				      &certificate, &key, &err),
		     &err);
	X509 *x509 = read_certificate(&certificate);
	BIO *bio = BIO_new_mem_buf(key.bytes, (int)key.len_bytes);
	EVP_PKEY *pkey = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);

	assert_non_null(x509);
	assert_non_null(pkey);
	assert_int_equal(X509_check_private_key(x509, pkey), 1);
	assert_int_equal(X509_verify(x509, pkey), 1);
	assert_int_equal(
		X509_check_host(x509, "desk.example.co.jp", 0, 0, NULL), 1);
	assert_int_equal(X509_check_host(x509, "example.co.jp", 0, 0, NULL), 0);
	assert_int_equal(X509_check_ip_asc(x509, "127.0.0.1", 0), 1);
	assert_int_equal(X509_check_ip_asc(x509, "::1", 0), 1);
	assert_true(X509_cmp_time(X509_get0_notBefore(x509), NULL) < 0);
	assert_true(X509_cmp_time(X509_get0_notAfter(x509), NULL) > 0);
	assert_int_equal(X509_check_ca(x509), 0);
	X509_free(x509);
	EVP_PKEY_free(pkey);
	(void)BIO_free(bio);
}

static void
names_that_would_change_the_meaning_are_refused(void **state)
{
	static const char *const bad[] = { "", "a,IP:10.0.0.1", "a b", "a\n",
					   "\xe9" };
	struct err err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		AUTO(sbuf_done) struct sbuf certificate;
		AUTO(sbuf_done) struct sbuf key;

		sbuf_init(&certificate, 8192);
		sbuf_init(&key, 8192);
		check_status(ST_FORMAT,
			     certificate_make(&bad[i], 1, clock_unix_ms(),
					      &certificate, &key, &err),
			     &err);
	}
}

static void
the_number_of_names_is_bounded(void **state)
{
	static const char *const names[CERTIFICATE_MAX_NAMES + 1] = {
		"a", "b", "c", "d", "e", "f", "g", "h", "i"
	};
	AUTO(sbuf_done) struct sbuf certificate;
	AUTO(sbuf_done) struct sbuf key;
	struct err err = { 0 };

	(void)state;
	sbuf_init(&certificate, 8192);
	sbuf_init(&key, 8192);
	check_status(ST_LIMIT,
		     certificate_make(names, 0, 0, &certificate, &key, &err),
		     &err);
	check_status(ST_LIMIT,
		     certificate_make(names, ARRAY_LEN(names), 0, &certificate,
				      &key, &err),
		     &err);
}

static void
a_certificate_says_its_time_its_names_and_its_key(void **state)
{
	static const char *const names[] = { "desk.example.co.jp",
					     "127.0.0.1" };
	const int64_t now_unix_ms = clock_unix_ms();
	AUTO(sbuf_done) struct sbuf certificate;
	AUTO(sbuf_done) struct sbuf key;
	AUTO(sbuf_done) struct sbuf other;
	struct certificate_facts facts = { .fits_key = false };
	struct err err = { 0 };

	(void)state;
	sbuf_init(&certificate, 8192);
	sbuf_init_secret(&key, 8192);
	sbuf_init_secret(&other, 8192);
	check_status(ST_OK,
		     certificate_make(names, ARRAY_LEN(names), now_unix_ms,
				      &certificate, &key, &err),
		     &err);
	check_status(ST_OK,
		     certificate_look(sbuf_span(&certificate), sbuf_span(&key),
				      "desk.example.co.jp", &facts, &err),
		     &err);
	assert_true(facts.fits_key && facts.fits_host);
	assert_true(facts.from_unix_ms < now_unix_ms);
	assert_true(facts.to_unix_ms > now_unix_ms + INT64_C(86400000) * 800);
	check_status(ST_OK,
		     certificate_look(sbuf_span(&certificate), sbuf_span(&key),
				      "127.0.0.1", &facts, &err),
		     &err);
	assert_true(facts.fits_host);
	check_status(ST_OK,
		     certificate_look(sbuf_span(&certificate), sbuf_span(&key),
				      "example.co.jp", &facts, &err),
		     &err);
	assert_false(facts.fits_host);
	sbuf_clear(&certificate);
	check_status(ST_OK,
		     certificate_make(names, ARRAY_LEN(names), now_unix_ms,
				      &certificate, &other, &err),
		     &err);
	check_status(ST_OK,
		     certificate_look(sbuf_span(&certificate), sbuf_span(&key),
				      "127.0.0.1", &facts, &err),
		     &err);
	assert_false(facts.fits_key);
	check_status(ST_FORMAT,
		     certificate_look(sbuf_span(&key), sbuf_span(&key), "a",
				      &facts, &err),
		     &err);
	check_status(ST_FORMAT,
		     certificate_look(sbuf_span(&certificate),
				      sbuf_span(&certificate), "a", &facts,
				      &err),
		     &err);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(certificate_and_key_belong_together),
		cmocka_unit_test(
			a_certificate_says_its_time_its_names_and_its_key),
		cmocka_unit_test(
			names_that_would_change_the_meaning_are_refused),
		cmocka_unit_test(the_number_of_names_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
