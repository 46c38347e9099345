#include "scanners/ciphers/rc4.h"

#include <string.h>

enum { RC4_STATES = 256 };

void
rc4_once(struct span key, struct span in, uint8_t *out)
{
	uint8_t s[RC4_STATES];
	uint8_t j = 0;
	uint8_t i = 0;

	size_t at = 0;

	for (size_t k = 0; k < RC4_STATES; k++)
		s[k] = (uint8_t)k;
	for (size_t k = 0; k < RC4_STATES; k++) {
		const uint8_t was = s[k];

		j = (uint8_t)(j + was + key.ptr[at]);
		at = at + 1 < key.len_bytes ? at + 1 : 0;
		s[k] = s[j];
		s[j] = was;
	}
	j = 0;
	for (size_t k = 0; k < in.len_bytes; k++) {
		i++;
		const uint8_t was = s[i];

		j = (uint8_t)(j + was);
		s[i] = s[j];
		s[j] = was;
		out[k] = in.ptr[k] ^ s[(uint8_t)(s[i] + was)];
	}
	explicit_bzero(s, sizeof(s));
}

/* One step of the key, or of the text, waits for the one before: several of
 * them side by side do not wait for each other. */
static void
rc4_each_begin(uint8_t s[RC4_EACH][RC4_STATES], const uint8_t *keys,
	       size_t key_bytes)
{
	uint8_t j[RC4_EACH] = { 0 };
	size_t at = 0;

	for (size_t l = 0; l < RC4_EACH; l++)
		for (size_t k = 0; k < RC4_STATES; k++)
			s[l][k] = (uint8_t)k;
	for (size_t k = 0; k < RC4_STATES; k++) {
		for (size_t l = 0; l < RC4_EACH; l++) {
			const uint8_t was = s[l][k];

			j[l] = (uint8_t)(j[l] + was + keys[l * key_bytes + at]);
			s[l][k] = s[l][j[l]];
			s[l][j[l]] = was;
		}
		at = at + 1 < key_bytes ? at + 1 : 0;
	}
}

void
rc4_each(const uint8_t *keys, size_t key_bytes, uint8_t *texts, size_t step,
	 size_t len_bytes)
{
	uint8_t s[RC4_EACH][RC4_STATES];
	uint8_t j[RC4_EACH] = { 0 };

	rc4_each_begin(s, keys, key_bytes);
	for (size_t k = 0; k < len_bytes; k++) {
		const uint8_t i = (uint8_t)(k + 1);

		for (size_t l = 0; l < RC4_EACH; l++) {
			const uint8_t was = s[l][i];

			j[l] = (uint8_t)(j[l] + was);
			s[l][i] = s[l][j[l]];
			s[l][j[l]] = was;
			texts[l * step + k] ^= s[l][(uint8_t)(s[l][i] + was)];
		}
	}
	explicit_bzero(s, sizeof(s));
}
