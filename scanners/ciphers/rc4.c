#include "scanners/ciphers/rc4.h"

#include <string.h>

enum { RC4_STATES = 256 };

void
rc4_once(struct span key, struct span in, uint8_t *out)
{
	uint8_t s[RC4_STATES];
	uint8_t j = 0;
	uint8_t i = 0;

	for (size_t k = 0; k < RC4_STATES; k++)
		s[k] = (uint8_t)k;
	for (size_t k = 0; k < RC4_STATES; k++) {
		const uint8_t was = s[k];

		j = (uint8_t)(j + was + key.ptr[k % key.len_bytes]);
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
