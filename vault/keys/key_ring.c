/*
 * key_ring.c - the ring in two meta rows:
 *
 *	"key_ring"    boxed under the master key:
 *	              0  1  version 1
 *	              1 32  secret from which the symmetric keys come
 *	             33  4  number of epochs, 1 to 64, big-endian
 *	             37  n  per epoch: 4 epoch, 32 X25519 private key; the
 *	                    last one is in use
 *	"public_key"  in clear: 4 epoch, 32 X25519 public key
 */
#include "vault/keys/key_ring.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "vault/client/master_key.h"
#include "vault/keys/key_ring_audit.h"

enum {
	RING_VERSION = 1,
	RING_MAX_EPOCHS = 64,
	RING_SECRET_BYTES = 32,
	RING_SOURCE_BYTES = 4200,
	RING_HEAD_BYTES = 1 + RING_SECRET_BYTES + 4,
	RING_EPOCH_BYTES = 4 + SEAL_KEY_BYTES,
	RING_MAX_BYTES = RING_HEAD_BYTES + RING_MAX_EPOCHS * RING_EPOCH_BYTES,
	RING_MAX_BOXED_BYTES = RING_MAX_BYTES + 64
};

static const char ring_context[] = "sekimori key ring 1";
static const char ring_row[] = "key_ring";
static const char public_row[] = "public_key";

static const char *const use_labels[KEY_USE_END] = {
	[KEY_USE_CONTENT] = "sekimori 1 content",
	[KEY_USE_ADDRESS] = "sekimori 1 address",
	[KEY_USE_PAIR] = "sekimori 1 pair",
	[KEY_USE_VERSION] = "sekimori 1 version",
	[KEY_USE_DEDUPE] = "sekimori 1 dedupe",
	[KEY_USE_FORM] = "sekimori 1 form",
	[KEY_USE_AUDIT_TIP] = "sekimori 1 audit tip",
	[KEY_USE_SIGN] = "sekimori 1 sign",
};
static const char row_label[] = "sekimori 1 row";
static const char audit_label[] = "sekimori 1 audit";

/* Lies in pages of its own: locked into memory, left out of core dumps. */
struct key_ring {
	struct seal_private epochs[RING_MAX_EPOCHS];
	size_t epoch_count;
	struct seal_public public_key;     /* of the last epoch */
	uint8_t secret[RING_SECRET_BYTES]; /* only until it was derived from */
	char source[RING_SOURCE_BYTES];    /* where the master key is */
	uint8_t row_key[SEAL_KEY_BYTES];
	uint8_t use_keys[KEY_USE_END][DIGEST_BYTES];
};

/* NULL when there is no memory. */
static struct key_ring *
ring_new(void)
{
	void *memory =
		mmap(NULL, sizeof(struct key_ring), PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return NULL;
	/* Against swap and core files as far as the system allows; keys work
	 * without it. */
	(void)mlock(memory, sizeof(struct key_ring));
	(void)madvise(memory, sizeof(struct key_ring), MADV_DONTDUMP);
	return memory;
}

void
key_ring_free(struct key_ring **ring)
{
	if (*ring != NULL) {
		explicit_bzero(*ring, sizeof(**ring));
		(void)munmap(*ring, sizeof(**ring));
	}
	*ring = NULL;
}

/* Everything that is computed from the epochs and the secret. */
static enum status
ring_derive(struct key_ring *ring, struct err *err)
{
	const struct span secret = { ring->secret, sizeof(ring->secret) };
	const struct span salt = { NULL, 0 };
	enum status st = seal_public_of(&ring->epochs[ring->epoch_count - 1],
					&ring->public_key, err);

	if (st == ST_OK)
		st = hkdf(secret, salt, row_label, ring->row_key,
			  sizeof(ring->row_key), err);
	for (int use = KEY_USE_NONE + 1; st == ST_OK && use < KEY_USE_END;
	     use++)
		st = hkdf(secret, salt, use_labels[use], ring->use_keys[use],
			  DIGEST_BYTES, err);
	return st;
}

static void
ring_add_number(struct sbuf *bytes, uint32_t value)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		sbuf_add_byte(bytes, (uint8_t)(value >> shift));
}

/* span_cut() at *at, which moves on. */
static bool
ring_take(struct span bytes, size_t *at, size_t len_bytes, struct span *out)
{
	if (!span_cut(bytes, *at, len_bytes, out))
		return false;
	*at += len_bytes;
	return true;
}

static bool
ring_take_number(struct span bytes, size_t *at, uint32_t *value_out)
{
	struct span part;

	if (!ring_take(bytes, at, 4, &part))
		return false;
	*value_out = (uint32_t)part.ptr[0] << 24 | (uint32_t)part.ptr[1] << 16 |
		     (uint32_t)part.ptr[2] << 8 | part.ptr[3];
	return true;
}

static bool
ring_decode(struct key_ring *ring, struct span bytes)
{
	size_t at = 1;
	struct span part;
	uint32_t count = 0;

	if (bytes.len_bytes < RING_HEAD_BYTES || bytes.ptr[0] != RING_VERSION ||
	    !ring_take(bytes, &at, RING_SECRET_BYTES, &part))
		return false;
	memcpy(ring->secret, part.ptr, RING_SECRET_BYTES);
	if (!ring_take_number(bytes, &at, &count) || count == 0 ||
	    count > RING_MAX_EPOCHS)
		return false;
	for (size_t i = 0; i < count; i++) {
		struct seal_private *epoch = &ring->epochs[i];

		if (!ring_take_number(bytes, &at, &epoch->epoch) ||
		    !ring_take(bytes, &at, SEAL_KEY_BYTES, &part))
			return false;
		memcpy(epoch->key, part.ptr, SEAL_KEY_BYTES);
	}
	ring->epoch_count = count;
	return at == bytes.len_bytes;
}

static enum status
ring_store(struct store *store, const struct key_ring *ring,
	   const struct master_key *master, struct err *err)
{
	AUTO(sbuf_done) struct sbuf bytes;
	AUTO(sbuf_done) struct sbuf boxed;
	AUTO(sbuf_done) struct sbuf clear;
	enum status st = ST_OK;

	sbuf_init_secret(&bytes, RING_MAX_BYTES);
	sbuf_init(&boxed, RING_MAX_BOXED_BYTES);
	sbuf_init(&clear, RING_EPOCH_BYTES);
	sbuf_add_byte(&bytes, RING_VERSION);
	sbuf_add(&bytes, ring->secret, sizeof(ring->secret));
	ring_add_number(&bytes, (uint32_t)ring->epoch_count);
	for (size_t i = 0; i < ring->epoch_count; i++) {
		ring_add_number(&bytes, ring->epochs[i].epoch);
		sbuf_add(&bytes, ring->epochs[i].key, SEAL_KEY_BYTES);
	}
	ring_add_number(&clear, ring->public_key.epoch);
	sbuf_add(&clear, ring->public_key.key, SEAL_KEY_BYTES);
	st = sbuf_status(&bytes, "keys", err);
	if (st == ST_OK)
		st = sbuf_status(&clear, "keys", err);
	if (st == ST_OK)
		st = box_close(master->bytes, ring_context, sbuf_span(&bytes),
			       &boxed, err);
	if (st == ST_OK)
		st = store_meta_put(store, ring_row, sbuf_span(&boxed), err);
	if (st == ST_OK)
		st = store_meta_put(store, public_row, sbuf_span(&clear), err);
	return st;
}

enum status
key_ring_create(const char *source, struct store *store, struct err *err)
{
	AUTO(key_ring_free) struct key_ring *ring = NULL;
	AUTO(master_key_wipe) struct master_key master;
	AUTO(sbuf_done) struct sbuf old;
	enum status st = master_key_load(source, &master, err);

	sbuf_init(&old, RING_MAX_BOXED_BYTES);
	if (st != ST_OK)
		return st;
	st = store_meta_find(store, ring_row, &old, err);
	if (st == ST_OK)
		return err_set(err, ST_DENIED,
			       "keys: the store has a key ring already");
	if (st != ST_NOT_FOUND)
		return st;
	ring = ring_new();
	if (ring == NULL)
		return err_set(err, ST_NO_MEMORY, "keys: no memory");
	st = random_fill(ring->secret, sizeof(ring->secret), err);
	if (st == ST_OK)
		st = seal_key_make(1, &ring->epochs[0], &ring->public_key, err);
	if (st != ST_OK)
		return st;
	ring->epoch_count = 1;
	return ring_store(store, ring, &master, err);
}

/* Read and unbox the ring; nothing is derived yet. */
static enum status
ring_load(const char *source, struct store *store, struct key_ring **ring_out,
	  struct err *err)
{
	AUTO(key_ring_free) struct key_ring *ring = NULL;
	AUTO(master_key_wipe) struct master_key master;
	AUTO(sbuf_done) struct sbuf boxed;
	AUTO(sbuf_done) struct sbuf bytes;
	enum status st = master_key_load(source, &master, err);

	sbuf_init(&boxed, RING_MAX_BOXED_BYTES);
	sbuf_init_secret(&bytes, RING_MAX_BYTES);
	if (st != ST_OK)
		return st;
	st = store_meta_find(store, ring_row, &boxed, err);
	if (st == ST_NOT_FOUND)
		return err_set(err, ST_NOT_FOUND,
			       "keys: the store has no key ring yet");
	if (st == ST_OK)
		st = box_open(master.bytes, ring_context, sbuf_span(&boxed),
			      &bytes, err);
	if (st == ST_FORMAT)
		return err_set(err, ST_DENIED,
			       "keys: the master key does not open the key "
			       "ring of this store");
	if (st != ST_OK)
		return st;
	ring = ring_new();
	if (ring == NULL)
		return err_set(err, ST_NO_MEMORY, "keys: no memory");
	if (!ring_decode(ring, sbuf_span(&bytes)))
		return err_set(err, ST_FORMAT,
			       "keys: the key ring is of a form unknown here");
	*ring_out = MOVE(ring);
	return ST_OK;
}

enum status
key_ring_open(const char *source, struct store *store,
	      struct key_ring **ring_out, struct err *err)
{
	AUTO(key_ring_free) struct key_ring *ring = NULL;
	enum status st = ring_load(source, store, &ring, err);

	if (st != ST_OK)
		return st;
	assert(ring != NULL);
	if (snprintf(ring->source, sizeof(ring->source), "%s", source) >=
	    (int)sizeof(ring->source))
		return err_set(err, ST_FORMAT, "keys: source too long");
	st = ring_derive(ring, err);
	explicit_bzero(ring->secret, sizeof(ring->secret));
	if (st == ST_OK)
		*ring_out = MOVE(ring);
	return st;
}

enum status
key_ring_find_public(struct store *store, struct seal_public *public_out,
		     struct err *err)
{
	AUTO(sbuf_done) struct sbuf clear;
	struct seal_public found;
	struct span part;
	size_t at = 0;
	enum status st = ST_OK;

	sbuf_init(&clear, RING_EPOCH_BYTES);
	st = store_meta_find(store, public_row, &clear, err);
	if (st != ST_OK)
		return st;
	if (!ring_take_number(sbuf_span(&clear), &at, &found.epoch) ||
	    !ring_take(sbuf_span(&clear), &at, SEAL_KEY_BYTES, &part))
		return err_set(err, ST_FORMAT,
			       "keys: the public key in the store is damaged");
	memcpy(found.key, part.ptr, SEAL_KEY_BYTES);
	*public_out = found;
	return ST_OK;
}

enum status
key_ring_mac(const struct key_ring *ring, enum key_use use, struct span bytes,
	     uint8_t out[DIGEST_BYTES], struct err *err)
{
	if (use <= KEY_USE_NONE || use >= KEY_USE_END)
		return err_set(err, ST_UNSUPPORTED, "keys: no such use");
	return hmac_once((struct span){ ring->use_keys[use], DIGEST_BYTES },
			 bytes, out, err);
}

/* The private key that wrapped was made for. */
static enum status
ring_find_epoch(const struct key_ring *ring, struct span wrapped,
		const struct seal_private **epoch_out, struct err *err)
{
	uint32_t epoch = 0;
	const enum status st = seal_epoch(wrapped, &epoch, err);

	if (st != ST_OK)
		return st;
	for (size_t i = 0; i < ring->epoch_count; i++) {
		if (ring->epochs[i].epoch == epoch) {
			*epoch_out = &ring->epochs[i];
			return ST_OK;
		}
	}
	return err_set(err, ST_NOT_FOUND,
		       "keys: no key of epoch %" PRIu32 " in the ring", epoch);
}

enum status
key_ring_unseal(const struct key_ring *ring, const char *context,
		struct span wrapped, struct span sealed, struct sbuf *bytes_out,
		struct err *err)
{
	const struct seal_private *epoch = NULL;
	const enum status st = ring_find_epoch(ring, wrapped, &epoch, err);

	return st == ST_OK ? seal_open_bytes(epoch, context, wrapped, sealed,
					     bytes_out, err)
			   : st;
}

enum status
key_ring_unseal_fd(const struct key_ring *ring, const char *context,
		   struct span wrapped, int from, int to, struct err *err)
{
	const struct seal_private *epoch = NULL;
	const enum status st = ring_find_epoch(ring, wrapped, &epoch, err);

	return st == ST_OK
		       ? seal_open_fd(epoch, context, wrapped, from, to, err)
		       : st;
}

enum status
key_ring_rewrap(const struct key_ring *ring, const struct seal_public *to,
		const char *context, struct span wrapped,
		uint8_t wrapped_out[SEAL_WRAPPED_BYTES], struct err *err)
{
	const struct seal_private *epoch = NULL;
	const enum status st = ring_find_epoch(ring, wrapped, &epoch, err);

	return st == ST_OK ? seal_rewrap(epoch, to, context, wrapped,
					 wrapped_out, err)
			   : st;
}

const struct seal_public *
key_ring_public(const struct key_ring *ring)
{
	return &ring->public_key;
}

enum status
key_ring_box(const struct key_ring *ring, const char *context,
	     struct span bytes, struct sbuf *boxed_out, struct err *err)
{
	return box_close(ring->row_key, context, bytes, boxed_out, err);
}

enum status
key_ring_unbox(const struct key_ring *ring, const char *context,
	       struct span boxed, struct sbuf *bytes_out, struct err *err)
{
	return box_open(ring->row_key, context, boxed, bytes_out, err);
}

enum status
key_ring_audit_key(const struct key_ring *ring, struct store *store,
		   uint8_t key_out[DIGEST_BYTES], struct err *err)
{
	AUTO(key_ring_free) struct key_ring *loaded = NULL;
	const enum status st = ring_load(ring->source, store, &loaded, err);

	if (st != ST_OK)
		return st;
	assert(loaded != NULL);
	return hkdf((struct span){ loaded->secret, sizeof(loaded->secret) },
		    (struct span){ NULL, 0 }, audit_label, key_out,
		    DIGEST_BYTES, err);
}

enum status
key_ring_facts(const char *source, const char *state_dir, struct store *store,
	       struct key_ring_facts *facts_out, struct err *err)
{
	AUTO(master_key_wipe) struct master_key master;
	struct key_ring_facts facts = { 0 };
	struct seal_public current = { 0 };
	enum status st = key_ring_find_public(store, &current, err);

	if (st != ST_OK)
		return st;
	facts.epoch = current.epoch;
	st = master_key_load(source, &master, err);
	if (st == ST_OK)
		st = master_key_is_escrowed(&master, state_dir, &facts.escrowed,
					    err);
	if (st == ST_OK)
		st = master_key_is_beside(source, state_dir,
					  &facts.key_on_store_device, err);
	if (st == ST_OK)
		*facts_out = facts;
	return st;
}
