#include "scanners/ciphers/seven_cipher.h"

#include <stdlib.h>
#include <string.h>

#include "scanners/ciphers/lzma.h"
#include "scanners/ciphers/password_form.h"
#include "scanners/ciphers/seven_coders.h"
#include "scanners/ciphers/seven_write.h"
#include "scanners/ciphers/zipcrypto.h"

enum {
	SEVEN_LEVELS = 4,     /* headers packed in each other */
	SEVEN_LOOK_IN = 4096, /* bytes that are looked at first */
	SEVEN_LOOK_OUT = 2048,
	SEVEN_PASSWORD_BYTES = 512
};

static const uint8_t seven_signature[] = { '7', 'z', 0xBC, 0xAF, 0x27, 0x1C };

struct seven_cipher {
	struct span archive;
	struct span body;  /* behind the start header */
	struct sbuf bytes; /* of the header, when it was packed */
	struct seven_header header;
	bool hides_names;
	/* What is opened first: */
	size_t folder;
	struct seven_place place;
	struct span data;
};

uint32_t
seven_crc(struct span bytes)
{
	const uint32_t *table = zipcrypto_tables()->crc;
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < bytes.len_bytes; i++)
		crc = crc >> 8 ^ table[(uint8_t)(crc ^ bytes.ptr[i])];
	return ~crc;
}

static uint64_t
seven_read_u64(struct span bytes, size_t at)
{
	uint32_t low = 0;
	uint32_t high = 0;

	(void)span_read_le(bytes, at, 4, &low);
	(void)span_read_le(bytes, at + 4, 4, &high);
	return (uint64_t)high << 32 | low;
}

/* A packed stream of the archive. */
static bool
seven_stream(struct span body, const struct seven_header *header, size_t index,
	     struct span *stream_out)
{
	uint64_t at = header->pack_at;

	for (size_t i = 0; i < index && at <= body.len_bytes; i++)
		at += header->packed[i] <= body.len_bytes ? header->packed[i]
							  : body.len_bytes;
	return index < header->packed_count && at <= body.len_bytes &&
	       header->packed[index] <= body.len_bytes &&
	       span_cut(body, (size_t)at, (size_t)header->packed[index],
			stream_out);
}

/* Unpack a header that coder has packed. */
static enum status
seven_unpack(const struct seven_coder *coder, struct span in, uint64_t size,
	     struct sbuf *out, struct err *err)
{
	const enum seven_method method =
		coder == NULL ? SEVEN_METHOD_COPY : seven_method_of(coder);
	struct lzma_result result = { LZMA_NONE, 0 };
	enum status st = ST_OK;

	if (size > SEVEN_CIPHER_MAX_HEADER_BYTES)
		return err_set(err, ST_LIMIT, "limit memory of a header");
	if (method == SEVEN_METHOD_COPY) {
		if (size > in.len_bytes)
			return err_set(err, ST_FORMAT, "7z: damaged header");
		sbuf_add(out, in.ptr, (size_t)size);
		return sbuf_status(out, "7z: header", err);
	}
	if (method != SEVEN_METHOD_LZMA && method != SEVEN_METHOD_LZMA2)
		return err_set(err, ST_UNSUPPORTED,
			       "7z: strangely packed header");
	uint8_t *room = sbuf_extend(out, (size_t)size);

	if (room == NULL)
		return sbuf_status(out, "7z: header", err);
	st = method == SEVEN_METHOD_LZMA
		     ? lzma_unpack(coder->props, in, room, (size_t)size,
				   &result, err)
		     : lzma2_unpack(in, room, (size_t)size, &result, err);
	if (st == ST_OK && result.len_bytes != size)
		return err_set(err, ST_FORMAT, "7z: damaged header");
	return st;
}

/* Unpack the header that header describes; in: what its last packing made of
 * it. */
static enum status
seven_next_header(const struct seven_header *header,
		  const struct seven_coder *coder, struct span in,
		  struct sbuf *out, struct err *err)
{
	const struct seven_folder *folder = &header->folders[0];
	uint32_t wanted = 0;
	uint64_t size = 0;
	enum status st = ST_OK;

	/* The output that no other coder reads. */
	for (size_t i = 0; i < folder->out_count; i++) {
		bool read = false;

		for (size_t k = 0; k < folder->pair_count; k++)
			read = read || folder->pairs[k].out == i;
		size = read ? size : folder->sizes[i];
	}
	st = seven_unpack(coder, in, size, out, err);
	if (st == ST_OK && !seven_header_digest(header, &wanted))
		return err_set(err, ST_UNSUPPORTED,
			       "7z: header without a checksum");
	if (st == ST_OK && seven_crc(sbuf_span(out)) != wanted)
		return err_set(err, ST_FORMAT, "7z: damaged header");
	return st;
}

/* Headers that are packed but not encrypted, one in the other. */
static enum status
seven_load(struct seven_cipher *cipher, struct span bytes, struct err *err)
{
	struct span stream = { NULL, 0 };
	enum status st = seven_header_parse(bytes, &cipher->header, err);

	for (size_t i = 0; st == ST_OK && cipher->header.encoded; i++) {
		const struct seven_folder *folder = cipher->header.folders;
		struct seven_place place;
		struct sbuf next;

		if (i == SEVEN_LEVELS || cipher->header.folder_count != 1 ||
		    !seven_stream(cipher->body, &cipher->header, 0, &stream))
			return err_set(err, ST_FORMAT, "7z: damaged header");
		st = seven_find_aes(folder, &place, err);
		if (st != ST_NOT_FOUND)
			return st;
		if (folder->coder_count != 1)
			return err_set(err, ST_UNSUPPORTED,
				       "7z: strangely packed header");
		sbuf_init_secret(&next, SEVEN_CIPHER_MAX_HEADER_BYTES);
		st = seven_next_header(&cipher->header, &folder->coders[0],
				       stream, &next, err);
		seven_header_done(&cipher->header);
		sbuf_done(&cipher->bytes);
		cipher->bytes = next;
		if (st == ST_OK)
			st = seven_header_parse(sbuf_span(&cipher->bytes),
						&cipher->header, err);
	}
	return st;
}

static enum status
seven_choose(struct seven_cipher *cipher, struct err *err)
{
	const struct seven_header *header = &cipher->header;
	enum status st = ST_NOT_FOUND;

	cipher->hides_names = header->encoded;
	for (size_t i = 0; i < header->folder_count && st == ST_NOT_FOUND;
	     i++) {
		st = seven_find_aes(&header->folders[i], &cipher->place, err);
		cipher->folder = i;
	}
	if (st != ST_OK)
		return st;
	if (!seven_stream(cipher->body, header,
			  header->folders[cipher->folder].first_packed +
				  cipher->place.packed,
			  &cipher->data))
		return err_set(err, ST_FORMAT, "7z: streams are missing");
	return ST_OK;
}

static enum status
seven_start(struct seven_cipher *cipher, struct err *err)
{
	const struct span archive = cipher->archive;
	const uint64_t at = seven_read_u64(archive, 12);
	const uint64_t size = seven_read_u64(archive, 20);
	struct span bytes = { NULL, 0 };
	enum status st = ST_OK;

	(void)span_cut(archive, SEVEN_START_BYTES,
		       archive.len_bytes - SEVEN_START_BYTES, &cipher->body);
	if (size > SEVEN_CIPHER_MAX_HEADER_BYTES)
		return err_set(err, ST_LIMIT, "limit memory of a header");
	if (size == 0)
		return err_set(err, ST_NOT_FOUND, "7z: no streams");
	if (at > cipher->body.len_bytes ||
	    !span_cut(cipher->body, (size_t)at, (size_t)size, &bytes))
		return err_set(err, ST_FORMAT, "7z: no header");
	st = seven_load(cipher, bytes, err);
	if (st == ST_OK)
		st = seven_choose(cipher, err);
	return st;
}

enum status
seven_cipher_new(struct span archive, struct seven_cipher **cipher_out,
		 struct err *err)
{
	struct seven_cipher *cipher = NULL;
	enum status st = ST_OK;

	if (archive.len_bytes < SEVEN_START_BYTES ||
	    memcmp(archive.ptr, seven_signature, sizeof(seven_signature)) != 0)
		return err_set(err, ST_NOT_FOUND, "7z: no archive");
	cipher = calloc(1, sizeof(*cipher));
	if (cipher == NULL)
		return err_set(err, ST_NO_MEMORY, "7z: no memory");
	cipher->archive = archive;
	sbuf_init_secret(&cipher->bytes, SEVEN_CIPHER_MAX_HEADER_BYTES);
	st = seven_start(cipher, err);
	if (st != ST_OK)
		seven_cipher_free(&cipher);
	else
		*cipher_out = cipher;
	return st;
}

void
seven_cipher_free(struct seven_cipher **cipher)
{
	if (*cipher == NULL)
		return;
	seven_header_done(&(*cipher)->header);
	sbuf_done(&(*cipher)->bytes);
	free(*cipher);
	*cipher = NULL;
}

const char *
seven_cipher_name(const struct seven_cipher *cipher)
{
	return cipher->hides_names ? "7z: AES-256 with names" : "7z: AES-256";
}

bool
seven_cipher_hides_names(const struct seven_cipher *cipher)
{
	return cipher->hides_names;
}

unsigned
seven_cipher_power(const struct seven_cipher *cipher)
{
	return cipher->place.aes.power;
}

struct span
seven_cipher_salt(const struct seven_cipher *cipher)
{
	return (struct span){ cipher->place.aes.salt,
			      cipher->place.aes.salt_bytes };
}

void
seven_decrypt(const struct seven_aes *way, const uint8_t *key, struct span in,
	      uint8_t *out)
{
	uint8_t vector[AES_BLOCK_BYTES];
	struct aes aes;

	memcpy(vector, way->vector, sizeof(vector));
	aes_init(&aes, key, DERIVE_7Z_BYTES);
	aes_cbc_decrypt(&aes, vector, in.ptr, in.len_bytes / AES_BLOCK_BYTES,
			out);
	aes_done(&aes);
}

/* The header that is encrypted, with this key. ST_NOT_FOUND: another one. */
static enum status
seven_open_header(const struct seven_cipher *cipher, const uint8_t *key,
		  struct sbuf *out, struct err *err)
{
	const struct span data = cipher->data;
	struct sbuf plain;
	enum status st = ST_OK;

	sbuf_init_secret(&plain, SEVEN_CIPHER_MAX_HEADER_BYTES);
	uint8_t *room = sbuf_extend(&plain, data.len_bytes);

	if (room != NULL) {
		memset(room, 0, data.len_bytes);
		seven_decrypt(&cipher->place.aes, key, data, room);
		if (cipher->place.size_bytes < data.len_bytes)
			sbuf_truncate(&plain, (size_t)cipher->place.size_bytes);
		st = seven_next_header(&cipher->header, cipher->place.next,
				       sbuf_span(&plain), out, err);
	} else {
		st = sbuf_status(&plain, "7z: header", err);
	}
	sbuf_done(&plain);
	return st == ST_FORMAT
		       ? err_set(err, ST_NOT_FOUND, "7z: wrong password")
		       : st;
}

/* Can it go on as it begins? */
static enum status
seven_look(const struct seven_cipher *cipher, const uint8_t *key,
	   struct err *err)
{
	const struct seven_place *place = &cipher->place;
	uint8_t in[SEVEN_LOOK_IN];
	uint8_t out[SEVEN_LOOK_OUT];
	struct span start = cipher->data;
	struct lzma_result result = { LZMA_FULL, 0 };
	const enum seven_method method = place->next == NULL
						 ? SEVEN_METHOD_NONE
						 : seven_method_of(place->next);
	enum status st = ST_OK;

	if (start.len_bytes > sizeof(in))
		start.len_bytes = sizeof(in);
	seven_decrypt(&place->aes, key, start, in);
	const bool whole = start.len_bytes == cipher->data.len_bytes;
	const size_t room = place->next_bytes < sizeof(out)
				    ? (size_t)place->next_bytes
				    : sizeof(out);

	start.ptr = in;
	start.len_bytes -= start.len_bytes % AES_BLOCK_BYTES;
	if (place->size_bytes < start.len_bytes)
		start.len_bytes = (size_t)place->size_bytes;
	if (method == SEVEN_METHOD_LZMA)
		st = lzma_unpack(place->next->props, start, out, room, &result,
				 err);
	else if (method == SEVEN_METHOD_LZMA2)
		st = lzma2_unpack(start, out, room, &result, err);
	explicit_bzero(in, sizeof(in));
	explicit_bzero(out, sizeof(out));
	if (st == ST_OK && result.end != LZMA_FULL &&
	    (whole || result.end != LZMA_CUT))
		return err_set(err, ST_NOT_FOUND, "7z: wrong password");
	return st;
}

enum status
seven_cipher_may_open(const struct seven_cipher *cipher,
		      const uint8_t key[DERIVE_7Z_BYTES], struct err *err)
{
	struct sbuf header;
	enum status st = ST_OK;

	if (!cipher->hides_names)
		return seven_look(cipher, key, err);
	sbuf_init_secret(&header, SEVEN_CIPHER_MAX_HEADER_BYTES);
	st = seven_open_header(cipher, key, &header, err);
	sbuf_done(&header);
	return st;
}

uint64_t
seven_cipher_open_bytes(const struct seven_cipher *cipher)
{
	uint64_t header = cipher->bytes.len_bytes;

	if (cipher->hides_names)
		for (size_t i = 0; i < cipher->header.folders[0].out_count; i++)
			header += cipher->header.folders[0].sizes[i];
	return cipher->archive.len_bytes + header +
	       SEVEN_CIPHER_MAX_HEADER_BYTES / 1024;
}

static enum status
seven_derive(struct seven_keys *keys, const struct seven_aes *aes,
	     struct err *err)
{
	const struct derive_7z_with with = { lanes_get(),
					     { aes->salt, aes->salt_bytes },
					     aes->power };

	if (keys->power == aes->power && keys->salt_bytes == aes->salt_bytes &&
	    memcmp(keys->salt, aes->salt, aes->salt_bytes) == 0)
		return ST_OK;
	const enum status st =
		derive_7z(&with, &keys->work, 1, keys->watch, err);

	keys->power = st == ST_OK ? aes->power : UINT32_MAX;
	keys->salt_bytes = aes->salt_bytes;
	memcpy(keys->salt, aes->salt, sizeof(keys->salt));
	return st;
}

enum status
seven_key_of(struct seven_keys *keys, const struct seven_aes *aes,
	     const uint8_t **key_out, struct err *err)
{
	const enum status st = seven_derive(keys, aes, err);

	*key_out = keys->work.out;
	return st;
}

/* The header may hold one more that is packed. */
static enum status
seven_open_inner(const struct seven_cipher *cipher, struct span header,
		 struct seven_keys *keys, struct sbuf *out, struct err *err)
{
	struct seven_cipher inner = { .archive = cipher->archive,
				      .body = cipher->body };
	enum status st = ST_OK;

	sbuf_init_secret(&inner.bytes, SEVEN_CIPHER_MAX_HEADER_BYTES);
	st = seven_load(&inner, header, err);
	if (st == ST_OK && inner.header.encoded)
		st = err_set(err, ST_UNSUPPORTED, "7z: encrypted twice");
	if (st == ST_OK)
		st = seven_write(cipher->body, &inner.header, keys, out, err);
	seven_header_done(&inner.header);
	sbuf_done(&inner.bytes);
	return st;
}

static enum status
seven_open_with(struct seven_cipher *cipher, struct seven_keys *keys,
		struct sbuf *out, struct err *err)
{
	const uint8_t *key = NULL;
	struct sbuf header;
	enum status st = ST_OK;

	if (!cipher->hides_names)
		return seven_write(cipher->body, &cipher->header, keys, out,
				   err);
	sbuf_init_secret(&header, SEVEN_CIPHER_MAX_HEADER_BYTES);
	st = seven_key_of(keys, &cipher->place.aes, &key, err);
	if (st == ST_OK)
		st = seven_open_header(cipher, key, &header, err);
	if (st == ST_OK)
		st = seven_open_inner(cipher, sbuf_span(&header), keys, out,
				      err);
	sbuf_done(&header);
	return st;
}

enum status
seven_cipher_open_known(struct seven_cipher *cipher,
			const struct seven_password *password,
			const struct lanes_watch *watch, struct sbuf *out,
			struct err *err)
{
	struct seven_keys keys = { .power = UINT32_MAX, .watch = watch };
	struct sbuf wide;
	enum status st = ST_OK;

	sbuf_init_secret(&wide, SEVEN_PASSWORD_BYTES);
	if (!password_form(password->utf8, PASSWORD_FORM_UTF16LE, &wide))
		st = wide.st == ST_NO_MEMORY
			     ? err_set(err, ST_NO_MEMORY, "7z: no memory")
			     : err_set(err, ST_NOT_FOUND, "7z: wrong password");
	keys.work.password = sbuf_span(&wide);
	if (password->key != NULL) {
		const struct seven_aes *aes = &cipher->place.aes;

		memcpy(keys.work.out, password->key, sizeof(keys.work.out));
		memcpy(keys.salt, aes->salt, sizeof(keys.salt));
		keys.salt_bytes = aes->salt_bytes;
		keys.power = aes->power;
	}
	if (st == ST_OK)
		st = seven_open_with(cipher, &keys, out, err);
	explicit_bzero(&keys, sizeof(keys));
	sbuf_done(&wide);
	return st;
}

enum status
seven_cipher_open(struct seven_cipher *cipher, struct span password,
		  const struct lanes_watch *watch, struct sbuf *out,
		  struct err *err)
{
	const struct seven_password only = { password, NULL };

	return seven_cipher_open_known(cipher, &only, watch, out, err);
}

bool
seven_cipher_has_digests(const struct seven_cipher *cipher)
{
	return cipher->hides_names || seven_header_is_checked(&cipher->header);
}

bool
seven_cipher_is_whole(const struct seven_cipher *cipher)
{
	struct seven_place place;

	for (size_t i = 0;
	     !cipher->hides_names && i < cipher->header.folder_count; i++)
		if (seven_find_aes(&cipher->header.folders[i], &place, NULL) ==
		    ST_NOT_FOUND)
			return false;
	return true;
}
