/* aes_instructions.h - AES by instructions; private to aes*.c. */
#ifndef SCANNERS_CIPHERS_AES_INSTRUCTIONS_H
#define SCANNERS_CIPHERS_AES_INSTRUCTIONS_H

#include "scanners/ciphers/aes.h"

bool aes_has_instructions(void);

/* Fill the inverse keys. */
void aes_ni_invert(struct aes *aes);
void aes_ni_encrypt(const struct aes *aes, const uint8_t *in, size_t blocks,
		    uint8_t *out);
void aes_ni_decrypt(const struct aes *aes, const uint8_t *in, size_t blocks,
		    uint8_t *out);

#endif
