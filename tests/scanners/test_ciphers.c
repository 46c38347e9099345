/* What unlocks: published vectors, all ways of the processor, real files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/parse.h"
#include "scanners/ciphers/aes.h"
#include "scanners/ciphers/blowfish.h"
#include "scanners/ciphers/cipher_text.h"
#include "scanners/ciphers/derive.h"
#include "scanners/ciphers/hash_blocks.h"
#include "scanners/ciphers/odf_cipher.h"
#include "scanners/ciphers/ooxml_cipher.h"
#include "scanners/ciphers/password_form.h"
#include "scanners/ciphers/rc4.h"
#include "scanners/ciphers/zip_cipher.h"
#include "scanners/readers/cfb_walk.h"
#include "scanners/readers/zip_walk.h"
#include "tests/harness/check.h"
#include "tests/scanners/sample.h"

enum { SAMPLE_BYTES = 1 << 20, WORKS = 50, ROUNDS = 300, BIG_BYTES = 5000 };

static uint32_t seed = 1;

static uint8_t
any_byte(void)
{
	seed = seed * 1103515245U + 12345U;
	return (uint8_t)(seed >> 16);
}

static void
check_hex(const uint8_t *bytes, size_t len, const char *hex)
{
	AUTO(sbuf_done) struct sbuf text;

	sbuf_init(&text, 1000);
	format_hex(&text, (struct span){ bytes, len });
	assert_string_equal(sbuf_text(&text), hex);
}

/* RFC 1321, FIPS 180-4: "abc". */
static void
hashes_are_those_of_the_standards(void **state)
{
	static const char *const abc[HASH_END] = {
		[HASH_MD5] = "900150983cd24fb0d6963f7d28e17f72",
		[HASH_SHA1] = "a9993e364706816aba3e25717850c26c9cd0d89d",
		[HASH_SHA256] = "ba7816bf8f01cfea414140de5dae2223"
				"b00361a396177a9cb410ff61f20015ad",
		[HASH_SHA384] =
			"cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163"
			"1a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
		[HASH_SHA512] = "ddaf35a193617abacc417349ae204131"
				"12e6fa4e89a97ea20a9eeee64b55d39a"
				"2192992a274fc1a836ba3c23a3feebbd"
				"454d4423643ce80e2a9ac94fa54ca49f",
	};
	uint8_t out[HASH_MAX_BYTES];

	(void)state;
	for (enum hash_kind kind = HASH_MD5; kind < HASH_END; kind++) {
		hash_once(kind, span_of("abc"), out);
		check_hex(out, hash_bytes(kind), abc[kind]);
	}
}

static void
a_hash_of_pieces_is_that_of_the_whole(void **state)
{
	uint8_t bytes[BIG_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = any_byte();
	for (enum hash_kind kind = HASH_MD5; kind < HASH_END; kind++)
		for (size_t len = 0; len < 300; len++) {
			uint8_t whole[HASH_MAX_BYTES];
			uint8_t pieces[HASH_MAX_BYTES];
			const size_t cut = len / 3;
			struct hash hash;

			hash_once(kind, (struct span){ bytes, len }, whole);
			hash_init(&hash, kind);
			hash_add(&hash, (struct span){ bytes, cut });
			hash_add(&hash,
				 (struct span){ bytes + cut, len - cut });
			hash_end(&hash, pieces);
			assert_memory_equal(whole, pieces, hash_bytes(kind));
		}
}

/* RFC 2202 and 4231; RFC 6070. */
static void
codes_and_keys_are_those_of_the_standards(void **state)
{
	uint8_t out[HASH_MAX_BYTES];
	struct hmac hmac;
	const struct pbkdf2 with = { HASH_SHA1, span_of("password"),
				     span_of("salt"), 4096 };

	(void)state;
	hmac_init(&hmac, HASH_SHA1, span_of("Jefe"));
	hmac_add(&hmac, span_of("what do ya want for nothing?"));
	hmac_end(&hmac, out);
	check_hex(out, 20, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
	hmac_init(&hmac, HASH_SHA256, span_of("Jefe"));
	hmac_add(&hmac, span_of("what do ya want for nothing?"));
	hmac_end(&hmac, out);
	check_hex(out, 32,
		  "5bdcc146bf60754e6a042426089575c7"
		  "5a003f089d2739839dec58b964ec3843");
	pbkdf2_once(&with, out, 20);
	check_hex(out, 20, "4b007901b765489abead49d926f721d065a429c1");
}

/* FIPS 197, appendix C. */
static void
aes_is_that_of_the_standard(void **state)
{
	static const char *const wanted[3] = {
		"69c4e0d86a7b0430d8cdb78070b4c55a",
		"dda97ca4864cdfe06eaf70a0ec0d7191",
		"8ea2b7ca516745bfeafc49904b496089",
	};
	uint8_t key[32];
	uint8_t plain[AES_BLOCK_BYTES];
	uint8_t out[AES_BLOCK_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof(key); i++)
		key[i] = (uint8_t)i;
	for (size_t i = 0; i < sizeof(plain); i++)
		plain[i] = (uint8_t)(i * 0x11);
	for (size_t i = 0; i < 6; i++) {
		struct aes aes;

		if (i < 3)
			aes_init(&aes, key, 16 + 8 * i);
		else
			aes_init_portable(&aes, key, 16 + 8 * (i - 3));
		aes_ecb_encrypt(&aes, plain, 1, out);
		check_hex(out, sizeof(out), wanted[i % 3]);
		aes_ecb_decrypt(&aes, out, 1, out);
		assert_memory_equal(out, plain, sizeof(plain));
		aes_done(&aes);
	}
}

static void
aes_with_and_without_instructions_is_the_same(void **state)
{
	uint8_t key[32];
	uint8_t in[BIG_BYTES];
	uint8_t a[BIG_BYTES];
	uint8_t b[BIG_BYTES];
	uint8_t iv_a[AES_BLOCK_BYTES] = { 1 };
	uint8_t iv_b[AES_BLOCK_BYTES] = { 1 };
	const size_t blocks = sizeof(in) / AES_BLOCK_BYTES;
	struct aes fast;
	struct aes slow;

	(void)state;
	for (size_t i = 0; i < sizeof(in); i++)
		in[i] = any_byte();
	memcpy(key, in, sizeof(key));
	aes_init(&fast, key, sizeof(key));
	aes_init_portable(&slow, key, sizeof(key));
	aes_ctr_winzip(&fast, in, sizeof(in), a);
	aes_ctr_winzip(&slow, in, sizeof(in), b);
	assert_memory_equal(a, b, sizeof(a));
	aes_cbc_encrypt(&fast, iv_a, in, blocks, a);
	iv_a[0] = 1;
	memset(iv_a + 1, 0, sizeof(iv_a) - 1);
	aes_cbc_decrypt(&slow, iv_a, a, blocks, a);
	assert_memory_equal(a, in, blocks * AES_BLOCK_BYTES);
	aes_cbc_decrypt(&fast, iv_b, in, blocks, b);
	iv_b[0] = 1;
	memset(iv_b + 1, 0, sizeof(iv_b) - 1);
	aes_cbc_decrypt(&slow, iv_b, in, blocks, a);
	assert_memory_equal(a, b, blocks * AES_BLOCK_BYTES);
}

/* Schneier's test vectors of ECB. */
static void
blowfish_is_that_of_its_author(void **state)
{
	const uint8_t key[8] = {
		0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF
	};
	uint32_t words[2] = { 0x11111111, 0x11111111 };
	struct blowfish blowfish;

	(void)state;
	blowfish_init(&blowfish, (struct span){ key, sizeof(key) });
	blowfish_encrypt(&blowfish, words);
	assert_int_equal(words[0], 0x61F9C380);
	assert_int_equal(words[1], 0x2281B096);
}

static void
check_pbkdf2(const struct lanes *lanes)
{
	static uint8_t texts[WORKS][100];
	static uint8_t outs[WORKS][DERIVE_PBKDF2_BYTES];
	struct derive_pbkdf2 works[WORKS];

	for (size_t i = 0; i < WORKS; i++) {
		for (size_t k = 0; k < sizeof(texts[i]); k++)
			texts[i][k] = any_byte();
		works[i] = (struct derive_pbkdf2){ { texts[i], i * 2 },
						   { texts[i], 8 + i % 9 },
						   1 + (uint32_t)i % 4,
						   outs[i] };
	}
	assert_int_equal(derive_pbkdf2(lanes, works, WORKS, ROUNDS, NULL, NULL),
			 ST_OK);
	for (size_t i = 0; i < WORKS; i++) {
		const struct pbkdf2 with = { HASH_SHA1, works[i].password,
					     works[i].salt, ROUNDS };
		uint8_t key[4 * DERIVE_PBKDF2_BYTES];

		pbkdf2_once(&with, key, sizeof(key));
		assert_memory_equal(outs[i],
				    key + (works[i].block - 1) *
						    DERIVE_PBKDF2_BYTES,
				    DERIVE_PBKDF2_BYTES);
	}
}

static void
check_spin(const struct lanes *lanes, enum hash_kind kind)
{
	static uint8_t values[WORKS][HASH_MAX_BYTES];
	static uint8_t wanted[WORKS][HASH_MAX_BYTES];
	const struct derive_spin spin = { kind, ROUNDS, values, WORKS };
	const size_t len = hash_bytes(kind);

	for (size_t i = 0; i < WORKS; i++)
		for (size_t k = 0; k < len; k++)
			wanted[i][k] = values[i][k] = any_byte();
	assert_int_equal(derive_spin(lanes, &spin, NULL, NULL), ST_OK);
	for (size_t i = 0; i < WORKS; i++) {
		for (size_t r = 0; r < ROUNDS; r++) {
			const uint8_t number[4] = { (uint8_t)r,
						    (uint8_t)(r >> 8), 0, 0 };
			struct hash hash;

			hash_init(&hash, kind);
			hash_add(&hash, (struct span){ number, 4 });
			hash_add(&hash, (struct span){ wanted[i], len });
			hash_end(&hash, wanted[i]);
		}
		assert_memory_equal(values[i], wanted[i], len);
	}
}

static void
check_7z(const struct lanes *lanes, unsigned power)
{
	static uint8_t texts[WORKS][40];
	static struct derive_7z works[WORKS];
	static const uint8_t salt[5] = { 1, 2, 3, 4, 5 };
	const struct derive_7z_with with = { lanes,
					     { salt, power % 6 },
					     power };

	for (size_t i = 0; i < WORKS; i++) {
		for (size_t k = 0; k < sizeof(texts[i]); k++)
			texts[i][k] = any_byte();
		works[i].password =
			(struct span){ texts[i], 2 * (any_byte() % 20U) };
	}
	assert_int_equal(derive_7z(&with, works, WORKS, NULL, NULL), ST_OK);
	for (size_t i = 0; i < WORKS; i++) {
		uint8_t wanted[HASH_MAX_BYTES];
		struct hash hash;

		hash_init(&hash, HASH_SHA256);
		for (uint32_t n = 0; n < 1U << power; n++) {
			const uint8_t number[8] = { (uint8_t)n,
						    (uint8_t)(n >> 8) };

			hash_add(&hash, with.salt);
			hash_add(&hash, works[i].password);
			hash_add(&hash, (struct span){ number, 8 });
		}
		hash_end(&hash, wanted);
		assert_memory_equal(works[i].out, wanted, DERIVE_7Z_BYTES);
	}
}

static uint32_t
any_word(void)
{
	return (uint32_t)any_byte() | (uint32_t)any_byte() << 8 |
	       (uint32_t)any_byte() << 16 | (uint32_t)any_byte() << 24;
}

/* to may be the block. */
static void
check_md5(const struct lanes *lanes)
{
	uint32_t from[MD5_WORDS * LANES_MAX] = { 0 };
	uint32_t block[LANES_BLOCK_WORDS * LANES_MAX] = { 0 };
	uint32_t wanted[MD5_WORDS * LANES_MAX];
	const size_t n = lanes->short_count;

	for (size_t i = 0; i < MD5_WORDS * n; i++)
		from[i] = any_word();
	for (size_t i = 0; i < LANES_BLOCK_WORDS * n; i++)
		block[i] = any_word();
	for (size_t l = 0; l < n; l++) {
		uint32_t one[MD5_WORDS];
		uint8_t bytes[4 * LANES_BLOCK_WORDS];

		for (size_t w = 0; w < MD5_WORDS; w++)
			one[w] = from[w * n + l];
		for (size_t i = 0; i < sizeof(bytes); i++)
			bytes[i] =
				(uint8_t)(block[i / 4 * n + l] >> 8 * (i % 4));
		md5_block(one, bytes);
		for (size_t w = 0; w < MD5_WORDS; w++)
			wanted[w * n + l] = one[w];
	}
	lanes->md5(from, block, block);
	assert_memory_equal(block, wanted, MD5_WORDS * n * sizeof(uint32_t));
}

static void
several_streams_of_rc4_are_each_what_one_is(void **state)
{
	enum { KEY = 16, STEP = 40 };
	uint8_t keys[RC4_EACH][KEY];
	uint8_t texts[RC4_EACH][STEP];
	uint8_t wanted[RC4_EACH][STEP];

	(void)state;
	for (size_t len = 0; len <= STEP; len++) {
		for (size_t l = 0; l < RC4_EACH; l++) {
			for (size_t i = 0; i < KEY; i++)
				keys[l][i] = any_byte();
			for (size_t i = 0; i < STEP; i++)
				wanted[l][i] = texts[l][i] = any_byte();
			rc4_once((struct span){ keys[l], KEY },
				 (struct span){ texts[l], len }, wanted[l]);
		}
		rc4_each(&keys[0][0], KEY, &texts[0][0], STEP, len);
		assert_memory_equal(texts, wanted, sizeof(texts));
	}
}

static void
lanes_give_what_plain_code_gives(void **state)
{
	(void)state;
	for (enum cpu_way way = CPU_WAY_PORTABLE; way < CPU_WAY_END; way++) {
		if (!cpu_can(way))
			continue;
		for (size_t i = 0; i < WORKS; i++)
			check_md5(lanes_of(way));
		check_pbkdf2(lanes_of(way));
		for (enum hash_kind kind = HASH_SHA1; kind < HASH_END; kind++)
			check_spin(lanes_of(way), kind);
		for (unsigned power = 0; power < 12; power++)
			check_7z(lanes_of(way), power);
	}
}

static void
check_form(const char *utf8, enum password_form form, const char *hex)
{
	AUTO(sbuf_done) struct sbuf out;

	sbuf_init_secret(&out, 100);
	assert_true(password_form(span_of(utf8), form, &out));
	check_hex(out.bytes, out.len_bytes, hex);
}

static void
passwords_have_the_bytes_that_programs_use(void **state)
{
	AUTO(sbuf_done) struct sbuf out;

	(void)state;
	check_form("秘密", PASSWORD_FORM_UTF8, "e7a798e5af86");
	check_form("秘密a", PASSWORD_FORM_CP932, "94e996a761");
	/* Half-width kana, a second byte 0x5c, a row of NEC. */
	check_form("ﾊﾟ表①", PASSWORD_FORM_CP932, "cadf955c8740");
	check_form("pä", PASSWORD_FORM_LATIN1, "70e4");
	check_form("a秘😀", PASSWORD_FORM_UTF16LE, "6100d8793dd800de");
	sbuf_init_secret(&out, 100);
	assert_false(password_form(span_of("abc"), PASSWORD_FORM_CP932, &out));
	assert_false(password_form(span_of("é"), PASSWORD_FORM_CP932, &out));
}

static void
load(const char *file, struct sbuf *out)
{
	char path[100];

	(void)snprintf(path, sizeof(path), "locks/%s", file);
	sbuf_init(out, SAMPLE_BYTES);
	sample_read(path, out);
}

/* The first member of a locked archive. */
static struct zip_cipher
first_cipher(struct span archive, struct zip_entry *central)
{
	struct zip_cipher cipher;
	struct zip_cipher_member member = { .flags = 0 };
	struct zip_entry local;
	struct zip_end end;
	struct err err = { .st = ST_OK };

	assert_true(zip_find_end(archive, &end));
	size_t at = (size_t)end.directory_at;

	assert_true(zip_central_next(archive, &at, central));
	assert_true(zip_local_read(archive, central->local_at, &local));
	member.extra = central->extra;
	member.flags = local.flags;
	member.method = central->method;
	member.crc = central->crc;
	assert_true(span_cut(archive, local.data_at,
			     (size_t)central->packed_bytes, &member.packed));
	assert_true(span_read_le(archive, (size_t)central->local_at + 10, 2,
				 &member.time));
	check_status(ST_OK, zip_cipher_parse(&member, &cipher, &err), &err);
	return cipher;
}

static void
a_member_of_zip_comes_out_in_clear(void **state)
{
	AUTO(sbuf_done) struct sbuf stored;
	AUTO(sbuf_done) struct sbuf packed;
	struct zip_entry central;
	uint8_t *out = malloc(SAMPLE_BYTES);

	(void)state;
	assert_non_null(out);
	load("zipcrypto_stored.zip", &stored);
	struct zip_cipher cipher = first_cipher(sbuf_span(&stored), &central);

	assert_int_equal(cipher.data.len_bytes, central.size_bytes);
	assert_int_equal(zip_cipher_open(&cipher, span_of("secret"), out, NULL),
			 ST_OK);
	assert_memory_equal(out, "\x8e\x81\x96\xbc,", 5);
	load("aes256.zip", &packed);
	cipher = first_cipher(sbuf_span(&packed), &central);
	assert_int_equal(cipher.kind, ZIP_CIPHER_AES);
	assert_int_equal(zip_cipher_open(&cipher, span_of("Secret"), out, NULL),
			 ST_NOT_FOUND);
	assert_int_equal(zip_cipher_open(&cipher, span_of("secret"), out, NULL),
			 ST_OK);
	/* A changed byte is seen. */
	packed.bytes[cipher.data.ptr - packed.bytes] ^= 1;
	assert_int_equal(zip_cipher_open(&cipher, span_of("secret"), out, NULL),
			 ST_NOT_FOUND);
	free(out);
}

static void
read_stream(struct sbuf *file, const char *name, struct sbuf *out)
{
	struct cfb cfb;
	struct err err = { .st = ST_OK };
	size_t size = 0;

	check_status(ST_OK, cfb_open(&cfb, sbuf_span(file), &err), &err);
	sbuf_init(out, SAMPLE_BYTES);
	for (size_t i = 0; i < cfb.entry_count; i++)
		if (cfb_is_named(&cfb, i, name) && out->len_bytes == 0) {
			check_status(ST_OK,
				     cfb_read_stream(&cfb, i, out, &size, &err),
				     &err);
			sbuf_truncate(out, size);
		}
	cfb_done(&cfb);
}

static void
check_package(const char *name)
{
	AUTO(sbuf_done) struct sbuf file;
	AUTO(sbuf_done) struct sbuf info;
	AUTO(sbuf_done) struct sbuf package;
	const struct span password = span_of("secret");
	const struct ooxml_trial trial = { lanes_get(), &password, 1, NULL };
	struct ooxml_cipher cipher;
	struct ooxml_key key;
	struct err err = { .st = ST_OK };
	size_t index = 1;
	size_t size = 0;

	load(name, &file);
	read_stream(&file, "EncryptionInfo", &info);
	read_stream(&file, "EncryptedPackage", &package);
	check_status(ST_OK, ooxml_cipher_parse(sbuf_span(&info), &cipher, &err),
		     &err);
	check_status(ST_OK,
		     ooxml_cipher_try(&cipher, &trial, &index, &key, &err),
		     &err);
	assert_true(ooxml_cipher_size(sbuf_span(&package), &size));
	uint8_t *out = malloc(size);

	assert_non_null(out);
	assert_true(ooxml_cipher_open(&cipher, &key, sbuf_span(&package), out));
	assert_true(zip_is_office_open((struct span){ out, size }));
	package.bytes[100] ^= 1;
	if (ooxml_cipher_open(&cipher, &key, sbuf_span(&package), out) &&
	    cipher.agile)
		fail_msg("%s: damage is not seen", name);
	free(out);
}

static void
a_package_of_office_comes_out_in_clear(void **state)
{
	(void)state;
	check_package("agile.xlsx");
	check_package("agile_sha1.xlsx");
	check_package("agile_sha256.xlsx");
	check_package("agile_sha384.xlsx");
	check_package("libreoffice.docx");
	check_package("libreoffice.xlsx");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hashes_are_those_of_the_standards),
		cmocka_unit_test(a_hash_of_pieces_is_that_of_the_whole),
		cmocka_unit_test(codes_and_keys_are_those_of_the_standards),
		cmocka_unit_test(aes_is_that_of_the_standard),
		cmocka_unit_test(aes_with_and_without_instructions_is_the_same),
		cmocka_unit_test(blowfish_is_that_of_its_author),
		cmocka_unit_test(lanes_give_what_plain_code_gives),
		cmocka_unit_test(several_streams_of_rc4_are_each_what_one_is),
		cmocka_unit_test(passwords_have_the_bytes_that_programs_use),
		cmocka_unit_test(a_member_of_zip_comes_out_in_clear),
		cmocka_unit_test(a_package_of_office_comes_out_in_clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
