/* What a certificate says: its time, its names, its key. */
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <time.h>

#include "lib/crypto/certificate.h"

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

static bool
look_time(const ASN1_TIME *time, int64_t *unix_ms_out)
{
	struct tm tm;

	if (time == NULL || ASN1_TIME_to_tm(time, &tm) != 1)
		return false;
	*unix_ms_out = (int64_t)timegm(&tm) * 1000;
	return true;
}

/* A pass phrase is never asked for on somebody's terminal. */
static int
/* NOLINTNEXTLINE(readability-non-const-parameter): OpenSSL's type */
look_no_phrase(char *text, int room_bytes, int writing, void *context)
{
	(void)text;
	(void)room_bytes;
	(void)writing;
	(void)context;
	return 0;
}

enum status
certificate_look(struct span certificate, struct span key, const char *host,
		 struct certificate_facts *facts_out, struct err *err)
{
	AUTO(bio_done)
	BIO *certificate_bio =
		BIO_new_mem_buf(certificate.ptr, (int)certificate.len_bytes);
	AUTO(bio_done)
	BIO *key_bio = BIO_new_mem_buf(key.ptr, (int)key.len_bytes);
	struct certificate_facts facts = { .fits_key = false };

	if (certificate_bio == NULL || key_bio == NULL)
		return err_set(err, ST_NO_MEMORY, "certificate: no memory");
	AUTO(x509_done)
	X509 *x509 =
		PEM_read_bio_X509(certificate_bio, NULL, look_no_phrase, NULL);
	AUTO(pkey_done)
	EVP_PKEY *pkey =
		PEM_read_bio_PrivateKey(key_bio, NULL, look_no_phrase, NULL);

	if (x509 == NULL)
		return err_set(err, ST_FORMAT,
			       "certificate: not a PEM "
			       "certificate");
	if (pkey == NULL)
		return err_set(err, ST_FORMAT,
			       "certificate: its key is not a "
			       "plain PEM key");
	if (!look_time(X509_get0_notBefore(x509), &facts.from_unix_ms) ||
	    !look_time(X509_get0_notAfter(x509), &facts.to_unix_ms))
		return err_set(err, ST_FORMAT,
			       "certificate: its dates cannot "
			       "be read");
	facts.fits_key = X509_check_private_key(x509, pkey) == 1;
	facts.fits_host = X509_check_ip_asc(x509, host, 0) == 1 ||
			  X509_check_host(x509, host, 0, 0, NULL) == 1;
	*facts_out = facts;
	return ST_OK;
}
