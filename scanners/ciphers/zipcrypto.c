#include "scanners/ciphers/zipcrypto.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

/* The polynomial of CRC-32, reflected. */
enum { ZIPCRYPTO_BITS = 8 };
static const uint32_t zipcrypto_polynomial = 0xEDB88320;

/* Set once, then constant. */
static struct zipcrypto_tables zipcrypto_made;
static pthread_once_t zipcrypto_once = PTHREAD_ONCE_INIT;

static uint32_t
zipcrypto_crc_of(uint32_t byte)
{
	for (unsigned i = 0; i < ZIPCRYPTO_BITS; i++)
		byte = (byte & 1) != 0 ? byte >> 1 ^ zipcrypto_polynomial
				       : byte >> 1;
	return byte;
}

/* Row i of the matrix says which bits put in change bit i of the result; rows
 * stand from the last byte to the first. */
static uint64_t
zipcrypto_matrix(const uint32_t *crc, unsigned plane)
{
	uint64_t matrix = 0;

	for (unsigned i = 0; i < ZIPCRYPTO_BITS; i++) {
		uint64_t row = 0;

		for (unsigned k = 0; k < ZIPCRYPTO_BITS; k++)
			row |= (uint64_t)(crc[1U << k] >> (8 * plane + i) & 1)
			       << k;
		matrix |= row << 8 * (7 - i);
	}
	return matrix;
}

static void
zipcrypto_make(void)
{
	struct zipcrypto_tables *made = &zipcrypto_made;

	for (uint32_t i = 0; i < ZIPCRYPTO_BYTE_VALUES; i++)
		made->crc[i] = zipcrypto_crc_of(i);
	for (unsigned plane = 0; plane < ZIPCRYPTO_PLANES; plane++) {
		made->matrix[plane] = zipcrypto_matrix(made->crc, plane);
		for (unsigned i = 0; i < ZIPCRYPTO_NIBBLES; i++) {
			made->low_half[plane][i] =
				(uint8_t)(made->crc[i] >> 8 * plane);
			made->high_half[plane][i] =
				(uint8_t)(made->crc[i << 4] >> 8 * plane);
		}
	}
}

const struct zipcrypto_tables *
zipcrypto_tables(void)
{
	(void)pthread_once(&zipcrypto_once, zipcrypto_make);
	return &zipcrypto_made;
}

struct zipcrypto_keys
zipcrypto_none(void)
{
	return (struct zipcrypto_keys){ 0x12345678, 0x23456789, 0x34567890 };
}

void
zipcrypto_keys_text(const struct zipcrypto_keys *keys,
		    char text[ZIPCRYPTO_KEYS_TEXT_BYTES + 1])
{
	(void)snprintf(text, ZIPCRYPTO_KEYS_TEXT_BYTES + 1,
		       "keys:%08" PRIx32 ":%08" PRIx32 ":%08" PRIx32, keys->low,
		       keys->sum, keys->high);
}

/* Eight digits; false when one of them is none. */
static bool
zipcrypto_read_key(const uint8_t *digits, uint32_t *key_out)
{
	*key_out = 0;
	for (size_t i = 0; i < 8; i++) {
		const uint8_t c = digits[i];
		const uint8_t letter = (uint8_t)(c - 'a' + 10);

		if ((c < '0' || c > '9') && (c < 'a' || c > 'f'))
			return false;
		*key_out = *key_out << 4 |
			   (c <= '9' ? (uint32_t)(c - '0') : letter);
	}
	return true;
}

static bool
zipcrypto_read_keys(struct span text, struct zipcrypto_keys *keys)
{
	return text.len_bytes == ZIPCRYPTO_KEYS_TEXT_BYTES &&
	       memcmp(text.ptr, "keys:", 5) == 0 && text.ptr[13] == ':' &&
	       text.ptr[22] == ':' &&
	       zipcrypto_read_key(text.ptr + 5, &keys->low) &&
	       zipcrypto_read_key(text.ptr + 14, &keys->sum) &&
	       zipcrypto_read_key(text.ptr + 23, &keys->high);
}

struct zipcrypto_keys
zipcrypto_of(struct span password)
{
	const struct zipcrypto_tables *tables = zipcrypto_tables();
	struct zipcrypto_keys keys = zipcrypto_none();

	if (zipcrypto_read_keys(password, &keys))
		return keys;
	keys = zipcrypto_none();
	for (size_t i = 0; i < password.len_bytes; i++)
		zipcrypto_update(tables, &keys, password.ptr[i]);
	return keys;
}

void
zipcrypto_decrypt(struct zipcrypto_keys *keys, struct span in, uint8_t *out)
{
	const struct zipcrypto_tables *tables = zipcrypto_tables();

	for (size_t i = 0; i < in.len_bytes; i++)
		out[i] = zipcrypto_next(tables, keys, in.ptr[i]);
}
