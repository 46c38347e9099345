#include "lib/crypto/totp.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "lib/crypto/digest.h"

enum { TOTP_HMAC_BYTES = 20, TOTP_MODULUS = 1000000 };

enum status
totp_code(struct span secret, uint64_t step, char code_out[TOTP_DIGITS + 1],
	  struct err *err)
{
	uint8_t counter[8];
	uint8_t hash[TOTP_HMAC_BYTES];
	unsigned int len_bytes = 0;
	uint32_t number = 0;

	for (size_t i = 0; i < sizeof(counter); i++)
		counter[i] = (uint8_t)(step >> (56 - 8 * i));
	if (secret.len_bytes > INT_MAX ||
	    HMAC(EVP_sha1(), secret.ptr, (int)secret.len_bytes, counter,
		 sizeof(counter), hash, &len_bytes) == NULL ||
	    len_bytes != sizeof(hash))
		return err_set(err, ST_IO, "totp: OpenSSL refuses HMAC-SHA-1");
	/* RFC 4226 section 5.3: four bytes from where the last one says. */
	const size_t at = hash[TOTP_HMAC_BYTES - 1] & 0xf;

	number = (uint32_t)(hash[at] & 0x7f) << 24 |
		 (uint32_t)hash[at + 1] << 16 | (uint32_t)hash[at + 2] << 8 |
		 hash[at + 3];
	(void)snprintf(code_out, TOTP_DIGITS + 1, "%06u",
		       (unsigned int)(number % TOTP_MODULUS));
	explicit_bzero(hash, sizeof(hash));
	return ST_OK;
}

/* The digits without blanks; what is none of it ends as another length. */
static void
totp_digits(const char *code, char out[TOTP_DIGITS + 2])
{
	size_t len = 0;

	for (; *code != '\0' && len <= TOTP_DIGITS; code++)
		if (*code != ' ')
			out[len++] = *code;
	out[len] = '\0';
}

enum status
totp_check(struct span secret, const char *code, int64_t now_unix_ms,
	   uint64_t last_step, uint64_t *step_out, struct err *err)
{
	const uint64_t now_step =
		now_unix_ms > 0 ? (uint64_t)now_unix_ms / 1000 / TOTP_STEP_S
				: 0;
	char typed[TOTP_DIGITS + 2];
	uint64_t found = 0;

	totp_digits(code, typed);
	const struct span given = { (const uint8_t *)typed, strlen(typed) };

	for (uint64_t i = 0; i <= 2 * TOTP_WINDOW_STEPS; i++) {
		const uint64_t step = now_step + i - TOTP_WINDOW_STEPS;
		char right[TOTP_DIGITS + 1];
		const enum status st = totp_code(secret, step, right, err);

		if (st != ST_OK)
			return st;
		if (secret_equal(given, (struct span){ (const uint8_t *)right,
						       TOTP_DIGITS }) &&
		    step > last_step && found == 0)
			found = step;
		explicit_bzero(right, sizeof(right));
	}
	explicit_bzero(typed, sizeof(typed));
	if (found == 0)
		return err_set(err, ST_DENIED, "the code is not right");
	*step_out = found;
	return ST_OK;
}
