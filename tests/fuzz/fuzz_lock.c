/*
 * Any bytes: a lock is found or not, and a trial ends; what LZMA and the
 * strings of PDF make of them stays in its room; what opens, opens again.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/parse.h"
#include "lib/base/sbuf.h"
#include "scanners/ciphers/lzma.h"
#include "scanners/ciphers/odf_cipher.h"
#include "scanners/ciphers/ooxml_cipher.h"
#include "scanners/locks/lock.h"
#include "scanners/locks/pdf_encrypt.h"
#include "tests/fuzz/fuzz.h"

enum { FUZZ_OUT_BYTES = 4096, FUZZ_CHEAP_NS = 2000000 };

static void
check_lock(struct span object)
{
	const struct span passwords[] = { span_of("wrong"), span_of("secret") };
	struct lock *lock = NULL;
	size_t index = 9;

	if (lock_find(object, &lock, NULL) != ST_OK)
		return;
	FUZZ_PROMISE(lock_kind(lock)->name != NULL &&
		     lock_kind(lock)->batch > 0 && !lock_is_open(lock));
	if (lock_kind(lock)->cost_ns * lock_kind(lock)->batch < FUZZ_CHEAP_NS &&
	    lock_try(lock, passwords, 2, NULL, &index, NULL) == ST_OK)
		FUZZ_PROMISE(index < 2);
	lock_free(&lock);
}

static void
check_lzma(struct span bytes)
{
	uint8_t out[FUZZ_OUT_BYTES];
	struct lzma_result result = { LZMA_NONE, 0 };
	struct span rest = bytes;

	if (!span_cut(bytes, 1, bytes.len_bytes - 1, &rest))
		return;
	if (lzma_unpack(bytes, rest, out, sizeof(out), &result, NULL) == ST_OK)
		FUZZ_PROMISE(result.len_bytes <= sizeof(out));
	if (lzma2_unpack(bytes, out, sizeof(out), &result, NULL) == ST_OK)
		FUZZ_PROMISE(result.len_bytes <= sizeof(out));
}

static void
check_words(struct span bytes)
{
	struct ooxml_cipher cipher;
	struct odf_sealed sealed;
	struct pdf_encrypt encrypt;
	size_t at = 0;

	if (ooxml_cipher_parse(bytes, &cipher, NULL) == ST_OK)
		FUZZ_PROMISE(cipher.rounds <= OOXML_CIPHER_MAX_ROUNDS);
	while (odf_cipher_next(bytes, &at, &sealed))
		FUZZ_PROMISE(sealed.st != ST_OK ||
			     sealed.cipher.rounds <= ODF_CIPHER_MAX_ROUNDS);
	if (pdf_encrypt_find(bytes, &encrypt, NULL) == ST_OK)
		FUZZ_PROMISE(encrypt.user.len_bytes <= PDF_STRING_BYTES);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span all = { data, size };

	check_lock(all);
	check_lzma(all);
	check_words(all);
	return 0;
}
