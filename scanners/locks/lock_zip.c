/* Zip archives: ZipCrypto and AES, each member by itself. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/sbuf.h"
#include "scanners/ciphers/derive.h"
#include "scanners/ciphers/password_form.h"
#include "scanners/ciphers/zip_cipher.h"
#include "scanners/locks/lock_formats.h"
#include "scanners/locks/zip_lock.h"
#include "scanners/readers/zip_walk.h"

enum {
	ZIP_DOORS_MAX = 1 << 16, /* members that are looked at */
	/* A password is tried on so many closed members; one that opens any is
	 * tried on all. */
	ZIP_DOORS_TRADITIONAL = 64,
	ZIP_DOORS_AES = 8,
	/* Of a longer list only on the first one, since members with passwords
	 * of their own are rare; unless it is known that they have. */
	ZIP_FEW = 64,
	ZIP_WORDS = 32, /* passwords at once; each has up to two forms */
	ZIP_LOCAL_TIME = 10,
	ZIP_KEPT = 1 << 20 /* bytes that prove it, once a password is known */
};

struct zip_door {
	struct zip_cipher cipher;
	uint32_t crc;
	uint64_t size_bytes;
	bool open;
};

struct zip_state {
	struct zip_door *doors; /* those with few bytes first */
	size_t count;
	size_t room;
	size_t closed;
	uint64_t proof_bytes; /* of those that the last password opened */
	bool stuck;           /* one is locked and cannot be tried */
	const char *other;    /* how */
	bool traditional;
	const char *aes; /* its name, or NULL */
};

/* A password in the bytes that are tried. */
struct zip_word {
	struct sbuf bytes;
	size_t index;
};

struct zip_words {
	struct zip_word list[2 * ZIP_WORDS];
	size_t count;
};

static bool
zip_is(struct span object)
{
	struct zip_end end;

	return zip_find_end(object, &end);
}

static void
zip_done(void *state)
{
	struct zip_state *zip = state;

	if (zip != NULL)
		free(zip->doors);
	free(zip);
}

static enum status
zip_door_add(struct zip_state *zip, const struct zip_door *door,
	     struct err *err)
{
	if (zip->count == ZIP_DOORS_MAX) {
		zip->stuck = true;
		return ST_OK;
	}
	if (zip->count == zip->room) {
		const size_t room = zip->room == 0 ? 16 : zip->room * 2;
		struct zip_door *more =
			reallocarray(zip->doors, room, sizeof(*more));

		if (more == NULL)
			return err_set(err, ST_NO_MEMORY, "zip: no memory");
		zip->doors = more;
		zip->room = room;
	}
	zip->doors[zip->count++] = *door;
	return ST_OK;
}

static void
zip_is_stuck(struct zip_state *zip, const char *other)
{
	zip->stuck = true;
	zip->other = other;
}

/* Can what this cipher protects be checked? */
static bool
zip_is_checked(const struct zip_cipher *cipher)
{
	return cipher->kind == ZIP_CIPHER_AES ||
	       zip_lock_is_method(cipher->method);
}

static enum status
zip_take(struct zip_state *zip, struct span archive,
	 const struct zip_entry *central, struct err *err)
{
	const char *name = zip_lock_name(central);
	struct zip_door door = { .crc = central->crc,
				 .size_bytes = central->size_bytes };
	struct zip_cipher_member member = { .extra = central->extra,
					    .flags = central->flags,
					    .method = central->method,
					    .crc = central->crc };
	struct zip_entry local;

	if (name == NULL || central->local_at > archive.len_bytes ||
	    central->packed_bytes > archive.len_bytes ||
	    !zip_local_read(archive, (size_t)central->local_at, &local) ||
	    !span_cut(archive, local.data_at, (size_t)central->packed_bytes,
		      &member.packed) ||
	    !span_read_le(archive, (size_t)central->local_at + ZIP_LOCAL_TIME,
			  2, &member.time))
		return ST_OK;
	member.flags = (member.flags & ~(uint32_t)ZIP_FLAG_DESCRIPTOR) |
		       (local.flags & ZIP_FLAG_DESCRIPTOR);
	if (zip_cipher_parse(&member, &door.cipher, NULL) != ST_OK) {
		zip_is_stuck(zip, name);
		return ST_OK;
	}
	/* An empty file says nothing, and has nothing. */
	if (door.cipher.data.len_bytes == 0 || door.size_bytes == 0)
		return ST_OK;
	if (!zip_is_checked(&door.cipher)) {
		zip_is_stuck(zip, zip_method_name(door.cipher.method));
		return ST_OK;
	}
	if (door.cipher.kind == ZIP_CIPHER_AES)
		zip->aes = name;
	else
		zip->traditional = true;
	return zip_door_add(zip, &door, err);
}

static int
zip_compare(const void *a, const void *b)
{
	const struct zip_door *left = a;
	const struct zip_door *right = b;
	const size_t x = left->cipher.data.len_bytes;
	const size_t y = right->cipher.data.len_bytes;

	return x < y ? -1 : x > y;
}

static const char *
zip_kind_name(const struct zip_state *zip)
{
	if (zip->aes == NULL)
		return "zip: ZipCrypto";
	return zip->traditional ? "zip: ZipCrypto and AES" : zip->aes;
}

static enum status
zip_find(struct lock *lock, struct span object, struct err *err)
{
	struct zip_state *zip = calloc(1, sizeof(*zip));
	struct zip_entry entry;
	struct zip_end end;
	enum status st = ST_OK;

	lock->state = zip;
	if (zip == NULL)
		return err_set(err, ST_NO_MEMORY, "zip: no memory");
	if (!zip_find_end(object, &end))
		return ST_NOT_FOUND;
	size_t at = (size_t)end.directory_at;

	while (st == ST_OK && zip_central_next(object, &at, &entry)) {
		entry.local_at += end.shift;
		st = zip_take(zip, object, &entry, err);
	}
	if (st == ST_OK && zip->count == 0)
		return zip->other == NULL
			       ? ST_NOT_FOUND
			       : err_set(err, ST_UNSUPPORTED, "%s", zip->other);
	if (st != ST_OK)
		return st;
	qsort(zip->doors, zip->count, sizeof(zip->doors[0]), zip_compare);
	zip->closed = zip->count;
	lock->kind = (struct lock_kind){
		.name = zip_kind_name(zip),
		.cost_ns = zip->aes == NULL
				   ? 1000
				   : lock_cost_ns(lock, HASH_SHA1,
						  2 * ZIP_CIPHER_ROUNDS),
		.batch = zip->aes == NULL ? 1
					  : (uint32_t)lock->lanes->short_count,
	};
	return ST_OK;
}

static void
zip_words_done(struct zip_words *words)
{
	for (size_t i = 0; i < words->count; i++)
		sbuf_done(&words->list[i].bytes);
	words->count = 0;
}

static void
zip_words_fill(struct zip_words *words, const struct span *passwords,
	       size_t first, size_t count)
{
	static const enum password_form forms[] = { PASSWORD_FORM_UTF8,
						    PASSWORD_FORM_CP932 };

	words->count = 0;
	for (size_t i = first; i < count && i < first + ZIP_WORDS; i++)
		for (size_t k = 0; k < ARRAY_LEN(forms); k++) {
			struct zip_word *word = &words->list[words->count];

			word->index = i;
			sbuf_init_secret(&word->bytes, LOCK_PASSWORD_BYTES);
			if (password_form(passwords[i], forms[k], &word->bytes))
				words->count++;
			else
				sbuf_done(&word->bytes);
		}
}

/* Does the whole member come out with its checksum? sure: the password opens
 * another one already, so that its beginning is enough. */
static bool
zip_reads(struct lock *lock, const struct zip_door *door,
	  const struct zipcrypto_keys *keys, bool sure)
{
	const struct zip_lock_member member = {
		.data = door->cipher.data,
		.header = door->cipher.header,
		.check = door->cipher.check,
		.method = door->cipher.method,
		.crc = door->crc,
		.size_bytes = door->size_bytes,
	};
	struct zipcrypto_keys behind = *keys;
	const struct zip_lock_look look = {
		.watch = lock->watch,
		.enough_bytes = sure ? ZIP_KEPT : UINT64_MAX,
	};
	const bool fits = zip_cipher_header(&door->cipher, &behind) &&
			  zip_lock_reads(&member, &behind, &look);

	explicit_bzero(&behind, sizeof(behind));
	return fits;
}

static bool
zip_opens_traditional(struct lock *lock, struct span password)
{
	struct zip_state *zip = lock->state;
	struct zipcrypto_keys keys = zipcrypto_of(password);
	size_t looked = 0;
	bool fits = false;

	for (size_t i = 0; i < zip->count && !fits; i++) {
		const struct zip_door *door = &zip->doors[i];

		if (door->open || door->cipher.kind != ZIP_CIPHER_TRADITIONAL)
			continue;
		lock->passed_over |= looked == ZIP_DOORS_TRADITIONAL;
		if (looked == ZIP_DOORS_TRADITIONAL)
			break;
		looked++;
		fits = zip_reads(lock, door, &keys, false);
	}
	explicit_bzero(&keys, sizeof(keys));
	return fits;
}

/* The verifiers of pairs of a password and a member. */
struct zip_pairs {
	struct span passwords[2 * ZIP_WORDS];
	const struct zip_cipher *ciphers[2 * ZIP_WORDS];
	bool may[2 * ZIP_WORDS]; /* its two bytes are right */
	size_t count;
};

static enum status
zip_verify(struct lock *lock, struct zip_pairs *pairs, struct err *err)
{
	uint8_t blocks[2 * ZIP_WORDS][DERIVE_PBKDF2_BYTES];
	struct derive_pbkdf2 works[2 * ZIP_WORDS];
	size_t at = 0;

	for (size_t i = 0; i < pairs->count; i++)
		works[i] = (struct derive_pbkdf2){
			pairs->passwords[i], pairs->ciphers[i]->salt,
			zip_cipher_verifier_block(pairs->ciphers[i], &at),
			blocks[i]
		};
	const enum status st =
		derive_pbkdf2(lock->lanes, works, pairs->count,
			      ZIP_CIPHER_ROUNDS, lock->watch, err);

	for (size_t i = 0; st == ST_OK && i < pairs->count; i++) {
		(void)zip_cipher_verifier_block(pairs->ciphers[i], &at);
		pairs->may[i] =
			memcmp(blocks[i] + at, pairs->ciphers[i]->verifier,
			       ZIP_CIPHER_VERIFIER_BYTES) == 0;
	}
	explicit_bzero(blocks, sizeof(blocks));
	return st;
}

/* The first of words that opens door, if it stands before *word_out. */
static enum status
zip_words_aes(struct lock *lock, const struct zip_door *door,
	      const struct zip_words *words, const struct zip_word **word_out,
	      struct err *err)
{
	/* What stands behind a word that fits comes in a later attempt. */
	struct zip_pairs pairs = {
		.count = *word_out == NULL ? words->count
					   : (size_t)(*word_out - words->list)
	};

	for (size_t i = 0; i < pairs.count; i++) {
		pairs.passwords[i] = sbuf_span(&words->list[i].bytes);
		pairs.ciphers[i] = &door->cipher;
	}
	const enum status st = zip_verify(lock, &pairs, err);

	for (size_t i = 0; st == ST_OK && i < pairs.count; i++)
		if (pairs.may[i] &&
		    zip_cipher_is_authentic(&door->cipher,
					    pairs.passwords[i])) {
			*word_out = &words->list[i];
			return ST_OK;
		}
	return st;
}

static enum status
zip_words_try(struct lock *lock, const struct zip_words *words, size_t doors,
	      const struct zip_word **word_out, struct err *err)
{
	struct zip_state *zip = lock->state;
	enum status st = ST_OK;
	size_t looked = 0;

	for (size_t i = 0; i < words->count && *word_out == NULL; i++)
		if (zip->traditional &&
		    zip_opens_traditional(lock,
					  sbuf_span(&words->list[i].bytes)))
			*word_out = &words->list[i];
	for (size_t i = 0;
	     i < zip->count && st == ST_OK && *word_out != words->list; i++) {
		const struct zip_door *door = &zip->doors[i];

		if (door->open || door->cipher.kind != ZIP_CIPHER_AES)
			continue;
		lock->passed_over |= looked == doors;
		if (looked == doors)
			break;
		looked++;
		st = zip_words_aes(lock, door, words, word_out, err);
	}
	if (st == ST_OK && *word_out == NULL)
		st = lanes_tick(lock->watch, err);
	return st;
}

static void
zip_open_door(struct zip_state *zip, struct zip_door *door)
{
	door->open = true;
	zip->closed--;
	/* AES has a code over it all. */
	zip->proof_bytes += door->cipher.kind == ZIP_CIPHER_TRADITIONAL
				    ? zip_lock_proof_bytes(door->size_bytes)
				    : ZIP_LOCK_PROOF_BYTES;
}

static void
zip_open_traditional(struct lock *lock, struct span password)
{
	struct zip_state *zip = lock->state;
	struct zipcrypto_keys keys = zipcrypto_of(password);

	for (size_t i = 0; i < zip->count; i++) {
		struct zip_door *door = &zip->doors[i];

		if (!door->open &&
		    door->cipher.kind == ZIP_CIPHER_TRADITIONAL &&
		    zip_reads(lock, door, &keys, true))
			zip_open_door(zip, door);
	}
	explicit_bzero(&keys, sizeof(keys));
}

/* Closed members with AES from *at on. */
static void
zip_next_pairs(struct zip_state *zip, struct span password, size_t *at,
	       struct zip_pairs *pairs)
{
	pairs->count = 0;
	for (; *at < zip->count && pairs->count < ARRAY_LEN(pairs->ciphers);
	     (*at)++) {
		const struct zip_door *door = &zip->doors[*at];

		if (door->open || door->cipher.kind != ZIP_CIPHER_AES)
			continue;
		pairs->passwords[pairs->count] = password;
		pairs->ciphers[pairs->count++] = &door->cipher;
	}
}

static enum status
zip_open_aes(struct lock *lock, struct span password, struct err *err)
{
	struct zip_state *zip = lock->state;
	struct zip_pairs pairs;
	enum status st = ST_OK;
	size_t at = 0;

	while (st == ST_OK && at < zip->count) {
		size_t door_at = at;

		zip_next_pairs(zip, password, &at, &pairs);
		st = zip_verify(lock, &pairs, err);
		for (size_t i = 0; st == ST_OK && i < pairs.count; i++) {
			while (&zip->doors[door_at].cipher != pairs.ciphers[i])
				door_at++;
			if (pairs.may[i] &&
			    zip_cipher_is_authentic(pairs.ciphers[i], password))
				zip_open_door(zip, &zip->doors[door_at]);
		}
	}
	return st;
}

static enum status
zip_attempt(struct lock *lock, const struct span *passwords, size_t count,
	    size_t *index_out, struct err *err)
{
	struct zip_state *zip = lock->state;
	const struct zip_word *word = NULL;
	const size_t doors = count <= ZIP_FEW || zip->closed < zip->count
				     ? ZIP_DOORS_AES
				     : 1;
	struct zip_words words;
	enum status st = ST_OK;

	for (size_t at = 0; at < count && st == ST_OK && word == NULL;
	     at += ZIP_WORDS) {
		zip_words_fill(&words, passwords, at, count);
		st = zip_words_try(lock, &words, doors, &word, err);
		if (st == ST_OK && word != NULL) {
			*index_out = word->index;
			zip->proof_bytes = 0;
			zip_open_traditional(lock, sbuf_span(&word->bytes));
			st = zip_open_aes(lock, sbuf_span(&word->bytes), err);
			lock->is_open = zip->closed == 0 && !zip->stuck;
			lock->unsure = zip->proof_bytes < ZIP_LOCK_PROOF_BYTES;
		}
		zip_words_done(&words);
	}
	return st == ST_OK && word == NULL ? ST_NOT_FOUND : st;
}

const struct lock_format lock_zip = {
	.is = zip_is,
	.find = zip_find,
	.attempt = zip_attempt,
	.done = zip_done,
};
