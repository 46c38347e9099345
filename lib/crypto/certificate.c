#include "lib/crypto/certificate.h"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

enum {
	CERTIFICATE_DAYS = 825,
	CERTIFICATE_SERIAL_BITS = 127,
	CERTIFICATE_MAX_NAME_BYTES = 64, /* of a common name, X.520 */
	CERTIFICATE_ALTERNATIVES_BYTES = 1024
};

#define CERTIFICATE_MS_PER_S  INT64_C(1000)
#define CERTIFICATE_S_PER_DAY INT64_C(86400)

static void
x509_done(X509 **x509)
{
	X509_free(*x509);
}

static void
pkey_done(EVP_PKEY **key)
{
	EVP_PKEY_free(*key);
}

static void
bio_done(BIO **bio)
{
	(void)BIO_free(*bio);
}

static enum status
certificate_refused(struct err *err, const char *what)
{
	return err_set(err, ST_IO, "certificate: OpenSSL refuses %s", what);
}

/* Only what cannot change the meaning of an extension's text. */
static bool
certificate_is_name(const char *name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789.-:*";
	const size_t len_bytes = strlen(name);

	return len_bytes > 0 && len_bytes <= CERTIFICATE_MAX_NAME_BYTES &&
	       strspn(name, allowed) == len_bytes;
}

static bool
certificate_is_ip(const char *name)
{
	uint8_t address[16];

	return inet_pton(AF_INET, name, address) == 1 ||
	       inet_pton(AF_INET6, name, address) == 1;
}

static enum status
certificate_add(X509 *x509, int nid, const char *value, struct err *err)
{
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	if (extension == NULL)
		return certificate_refused(err, "an extension");
	const int done = X509_add_ext(x509, extension, -1);

	X509_EXTENSION_free(extension);
	return done == 1 ? ST_OK : certificate_refused(err, "an extension");
}

static enum status
certificate_set_names(X509 *x509, const char *const *names, size_t name_count,
		      struct err *err)
{
	AUTO(sbuf_done) struct sbuf words;
	X509_NAME *subject = X509_get_subject_name(x509);

	sbuf_init(&words, CERTIFICATE_ALTERNATIVES_BYTES);
	for (size_t i = 0; i < name_count; i++) {
		if (!certificate_is_name(names[i]))
			return err_set(err, ST_FORMAT,
				       "certificate: \"%.80s\" is not a name",
				       names[i]);
		sbuf_addf(&words, "%s%s:%s", i > 0 ? "," : "",
			  certificate_is_ip(names[i]) ? "IP" : "DNS", names[i]);
	}
	if (X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
				       (const unsigned char *)names[0], -1, -1,
				       0) != 1 ||
	    X509_set_issuer_name(x509, subject) != 1)
		return certificate_refused(err, "the name");
	enum status st = sbuf_status(&words, "certificate", err);

	if (st == ST_OK)
		st = certificate_add(x509, NID_subject_alt_name,
				     sbuf_text(&words), err);
	return st;
}

static enum status
certificate_set_serial(X509 *x509, struct err *err)
{
	BIGNUM *number = BN_new();
	const bool done =
		number != NULL &&
		BN_rand(number, CERTIFICATE_SERIAL_BITS, BN_RAND_TOP_ANY,
			BN_RAND_BOTTOM_ANY) == 1 &&
		BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509)) != NULL;

	BN_free(number);
	return done ? ST_OK : certificate_refused(err, "the serial number");
}

static enum status
certificate_set_times(X509 *x509, int64_t now_unix_ms, struct err *err)
{
	/* A day of grace for clocks that are behind. */
	const time_t from = (time_t)(now_unix_ms / CERTIFICATE_MS_PER_S -
				     CERTIFICATE_S_PER_DAY);
	const time_t to =
		from + (time_t)(CERTIFICATE_DAYS * CERTIFICATE_S_PER_DAY);

	if (ASN1_TIME_set(X509_getm_notBefore(x509), from) == NULL ||
	    ASN1_TIME_set(X509_getm_notAfter(x509), to) == NULL)
		return certificate_refused(err, "the time");
	return ST_OK;
}

static enum status
certificate_fill(X509 *x509, EVP_PKEY *key, struct err *err)
{
	enum status st = ST_OK;

	if (X509_set_version(x509, X509_VERSION_3) != 1 ||
	    X509_set_pubkey(x509, key) != 1)
		return certificate_refused(err, "the key");
	st = certificate_add(x509, NID_basic_constraints, "critical,CA:FALSE",
			     err);
	if (st == ST_OK)
		st = certificate_add(x509, NID_key_usage,
				     "critical,digitalSignature", err);
	if (st == ST_OK)
		st = certificate_add(x509, NID_ext_key_usage, "serverAuth",
				     err);
	if (st == ST_OK && X509_sign(x509, key, EVP_sha256()) == 0)
		st = certificate_refused(err, "to sign");
	return st;
}

static enum status
certificate_take_pem(BIO *bio, struct sbuf *out, struct err *err)
{
	char *bytes = NULL;
	const long len_bytes = BIO_get_mem_data(bio, &bytes);

	if (len_bytes <= 0)
		return certificate_refused(err, "to write");
	sbuf_add(out, bytes, (size_t)len_bytes);
	return sbuf_status(out, "certificate", err);
}

enum status
certificate_make(const char *const *names, size_t name_count,
		 int64_t now_unix_ms, struct sbuf *certificate_out,
		 struct sbuf *key_out, struct err *err)
{
	AUTO(x509_done) X509 *x509 = X509_new();
	AUTO(pkey_done) EVP_PKEY *key = EVP_EC_gen("P-256");
	AUTO(bio_done) BIO *certificate_bio = BIO_new(BIO_s_mem());
	AUTO(bio_done) BIO *key_bio = BIO_new(BIO_s_secmem());
	enum status st = ST_OK;

	if (name_count == 0 || name_count > CERTIFICATE_MAX_NAMES)
		return err_set(err, ST_LIMIT, "certificate: %zu names",
			       name_count);
	if (x509 == NULL || key == NULL || certificate_bio == NULL ||
	    key_bio == NULL)
		return err_set(err, ST_NO_MEMORY, "certificate: no memory");
	st = certificate_set_names(x509, names, name_count, err);
	if (st == ST_OK)
		st = certificate_set_serial(x509, err);
	if (st == ST_OK)
		st = certificate_set_times(x509, now_unix_ms, err);
	if (st == ST_OK)
		st = certificate_fill(x509, key, err);
	if (st != ST_OK)
		return st;
	if (PEM_write_bio_X509(certificate_bio, x509) != 1 ||
	    PEM_write_bio_PrivateKey(key_bio, key, NULL, NULL, 0, NULL, NULL) !=
		    1)
		return certificate_refused(err, "to write");
	st = certificate_take_pem(certificate_bio, certificate_out, err);
	if (st == ST_OK)
		st = certificate_take_pem(key_bio, key_out, err);
	return st;
}
