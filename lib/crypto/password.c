#include "lib/crypto/password.h"

#include <argon2.h>
#include <string.h>

#include "lib/base/parse.h"
#include "lib/crypto/digest.h"

enum {
	PASSWORD_SALT_BYTES = 16,
	PASSWORD_RAW_BYTES = 32,
	/* What a stored hash may ask of us; it is read from a database. */
	PASSWORD_MAX_MEMORY_KIB = 256 * 1024,
	PASSWORD_MAX_PASSES = 16,
	PASSWORD_MAX_LANES = 4,
	/* Escrow copies meet an attacker with the file in hand. */
	DERIVE_MEMORY_KIB = 64 * 1024,
	DERIVE_PASSES = 3,
	STRETCH_MIN_SALT_BYTES = 8,
	STRETCH_MAX_SALT_BYTES = 64
};

static enum status
password_failure(int code, struct err *err)
{
	if (code == ARGON2_MEMORY_ALLOCATION_ERROR)
		return err_set(err, ST_NO_MEMORY, "password: no memory");
	return err_set(err, ST_IO, "password: %s", argon2_error_message(code));
}

static enum status
password_check_length(const char *password, struct err *err)
{
	const size_t len_bytes = strlen(password);

	if (len_bytes < PASSWORD_MIN_BYTES)
		return err_set(err, ST_LIMIT,
			       "password: shorter than %d characters",
			       PASSWORD_MIN_BYTES);
	if (len_bytes > PASSWORD_MAX_BYTES)
		return err_set(err, ST_LIMIT, "password: longer than %d bytes",
			       PASSWORD_MAX_BYTES);
	return ST_OK;
}

enum status
password_hash(const char *password, char hash_out[PASSWORD_HASH_BYTES],
	      struct err *err)
{
	uint8_t salt[PASSWORD_SALT_BYTES];
	char hash[PASSWORD_HASH_BYTES];
	enum status st = password_check_length(password, err);

	if (st == ST_OK)
		st = random_fill(salt, sizeof(salt), err);
	if (st != ST_OK)
		return st;
	const int code = argon2id_hash_encoded(
		PASSWORD_PASSES, PASSWORD_MEMORY_KIB, 1, password,
		strlen(password), salt, sizeof(salt), PASSWORD_RAW_BYTES, hash,
		sizeof(hash));

	if (code != ARGON2_OK)
		return password_failure(code, err);
	memcpy(hash_out, hash, sizeof(hash));
	return ST_OK;
}

/* Take "name=number" and the byte behind it off the front of *text. */
static bool
password_take_cost(const char **text, const char *name, char end, uint64_t max)
{
	const size_t name_bytes = strlen(name);
	const char *stop = NULL;
	uint64_t cost = 0;

	if (strncmp(*text, name, name_bytes) != 0)
		return false;
	*text += name_bytes;
	stop = strchr(*text, end);
	if (stop == NULL)
		return false;
	const struct span digits = { (const uint8_t *)*text,
				     (size_t)(stop - *text) };

	*text = stop + 1;
	return parse_u64(digits, max, &cost) && cost > 0;
}

/* A stored hash must not make us allocate or compute without end. */
static bool
password_is_affordable(const char *hash)
{
	return password_take_cost(&hash, "$argon2id$v=", '$',
				  ARGON2_VERSION_NUMBER) &&
	       password_take_cost(&hash, "m=", ',', PASSWORD_MAX_MEMORY_KIB) &&
	       password_take_cost(&hash, "t=", ',', PASSWORD_MAX_PASSES) &&
	       password_take_cost(&hash, "p=", '$', PASSWORD_MAX_LANES);
}

enum status
password_verify(const char *password, const char *hash, struct err *err)
{
	if (strlen(password) > PASSWORD_MAX_BYTES)
		return err_set(err, ST_DENIED, "password: wrong");
	if (!password_is_affordable(hash))
		return err_set(err, ST_DENIED,
			       "password: the stored hash is damaged");
	const int code = argon2id_verify(hash, password, strlen(password));

	if (code == ARGON2_OK)
		return ST_OK;
	if (code == ARGON2_MEMORY_ALLOCATION_ERROR)
		return password_failure(code, err);
	if (code == ARGON2_VERIFY_MISMATCH)
		return err_set(err, ST_DENIED, "password: wrong");
	return err_set(err, ST_DENIED, "password: the stored hash is damaged");
}

void
password_waste_time(const char *password)
{
	static const uint8_t salt[PASSWORD_SALT_BYTES] = { 0 };
	const size_t len_bytes = strnlen(password, PASSWORD_MAX_BYTES);
	uint8_t raw[PASSWORD_RAW_BYTES];

	(void)argon2id_hash_raw(PASSWORD_PASSES, PASSWORD_MEMORY_KIB, 1,
				password, len_bytes, salt, sizeof(salt), raw,
				sizeof(raw));
	explicit_bzero(raw, sizeof(raw));
}

enum status
password_stretch(const char *password, struct span salt, uint8_t key_out[32],
		 struct err *err)
{
	const size_t len_bytes = strlen(password);
	uint8_t key[PASSWORD_RAW_BYTES];

	if (len_bytes == 0 || len_bytes > PASSWORD_MAX_BYTES)
		return err_set(err, ST_LIMIT, "password: %zu bytes", len_bytes);
	if (salt.len_bytes < STRETCH_MIN_SALT_BYTES ||
	    salt.len_bytes > STRETCH_MAX_SALT_BYTES)
		return err_set(err, ST_LIMIT, "password: salt of %zu bytes",
			       salt.len_bytes);
	const int code = argon2id_hash_raw(DERIVE_PASSES, DERIVE_MEMORY_KIB, 1,
					   password, len_bytes, salt.ptr,
					   salt.len_bytes, key, sizeof(key));

	if (code != ARGON2_OK)
		return password_failure(code, err);
	memcpy(key_out, key, sizeof(key));
	explicit_bzero(key, sizeof(key));
	return ST_OK;
}

enum status
password_derive(const char *passphrase, const uint8_t salt[16],
		uint8_t key_out[32], struct err *err)
{
	const enum status st = password_check_length(passphrase, err);

	if (st != ST_OK)
		return st;
	return password_stretch(passphrase,
				(struct span){ salt, PASSWORD_SALT_BYTES },
				key_out, err);
}
