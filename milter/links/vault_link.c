#include "milter/links/vault_link.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"

enum { LINK_IDLE_MAX = 32 };

struct vault_link {
	pthread_mutex_t lock;
	char *socket_path;
	struct vault_client *idle[LINK_IDLE_MAX]; /* idle_count are free */
	size_t idle_count;
	bool has_key;
	struct seal_public key;
};

enum status
vault_link_new(const char *socket_path, struct vault_link **link_out,
	       struct err *err)
{
	AUTO(vault_link_free) struct vault_link *link = NULL;

	link = calloc(1, sizeof(*link));
	if (link == NULL)
		return err_set(err, ST_NO_MEMORY, "vault link: no memory");
	(void)pthread_mutex_init(&link->lock, NULL);
	link->socket_path = strdup(socket_path);
	if (link->socket_path == NULL)
		return err_set(err, ST_NO_MEMORY, "vault link: no memory");
	*link_out = MOVE(link);
	return ST_OK;
}

static void
link_drop_client(struct vault_client *client)
{
	vault_client_done(client);
	free(client);
}

void
vault_link_free(struct vault_link **link)
{
	struct vault_link *l = *link;

	if (l == NULL)
		return;
	for (size_t i = 0; i < l->idle_count; i++)
		link_drop_client(l->idle[i]);
	(void)pthread_mutex_destroy(&l->lock);
	free(l->socket_path);
	free(l);
	*link = NULL;
}

static struct vault_client *
link_take(struct vault_link *link)
{
	struct vault_client *client = NULL;

	(void)pthread_mutex_lock(&link->lock);
	if (link->idle_count > 0)
		client = link->idle[--link->idle_count];
	(void)pthread_mutex_unlock(&link->lock);
	if (client != NULL)
		return client;
	client = calloc(1, sizeof(*client));
	if (client != NULL)
		vault_client_init(client, link->socket_path);
	return client;
}

static void
link_give(struct vault_link *link, struct vault_client *client)
{
	(void)pthread_mutex_lock(&link->lock);
	if (link->idle_count < LINK_IDLE_MAX) {
		link->idle[link->idle_count++] = client;
		client = NULL;
	}
	(void)pthread_mutex_unlock(&link->lock);
	if (client != NULL)
		link_drop_client(client);
}

enum status
vault_link_call(struct vault_link *link, const struct vault_call *call,
		struct wire_arena **arena_out, struct err *err)
{
	struct vault_client *client = link_take(link);
	enum status st = ST_OK;

	if (client == NULL)
		return err_set(err, ST_NO_MEMORY, "vault link: no memory");
	st = vault_client_call(client, call, arena_out, err);
	link_give(link, client);
	return st;
}

static enum status
link_fetch_key(struct vault_link *link, int64_t deadline_mono_ms,
	       struct seal_public *key_out, struct err *err)
{
	const struct vault_empty nothing = { 0 };
	struct vault_public_key answer = { 0 };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_call call = VAULT_CALL(PUBLIC_KEY, &nothing, &answer);
	enum status st = ST_OK;

	call.deadline_mono_ms = deadline_mono_ms;
	st = vault_link_call(link, &call, &arena, err);
	if (st != ST_OK)
		return st;
	key_out->epoch = answer.epoch;
	memcpy(key_out->key, answer.key, sizeof(key_out->key));
	(void)pthread_mutex_lock(&link->lock);
	link->key = *key_out;
	link->has_key = true;
	(void)pthread_mutex_unlock(&link->lock);
	return ST_OK;
}

static bool
link_cached_key(struct vault_link *link, struct seal_public *key_out)
{
	bool has_key = false;

	(void)pthread_mutex_lock(&link->lock);
	has_key = link->has_key;
	if (has_key)
		*key_out = link->key;
	(void)pthread_mutex_unlock(&link->lock);
	return has_key;
}

/* Room for one sealed case; released whatever happens. */
struct sealed_case {
	int blob_fd;
	uint64_t blob_bytes;
	uint8_t blob_key[SEAL_WRAPPED_BYTES];
	uint8_t detail_key[SEAL_WRAPPED_BYTES];
	struct sbuf plain; /* the encoded detail */
	struct sbuf detail;
};

static void
sealed_case_init(struct sealed_case *sealed)
{
	*sealed = (struct sealed_case){ .blob_fd = FD_NONE };
	sbuf_init_secret(&sealed->plain, VAULT_MAX_DETAIL_BYTES);
	sbuf_init(&sealed->detail, VAULT_MAX_DETAIL_BYTES);
}

static void
sealed_case_done(struct sealed_case *sealed)
{
	fd_close(&sealed->blob_fd);
	sbuf_done(&sealed->plain);
	sbuf_done(&sealed->detail);
}

static enum status
sealed_case_make(struct sealed_case *sealed, const struct seal_public *key,
		 const struct vault_link_hold *hold, struct err *err)
{
	enum status st = wire_encode(&case_detail_table, hold->detail,
				     &sealed->plain, err);

	if (st == ST_OK)
		st = seal_bytes(key, "case-detail", sbuf_span(&sealed->plain),
				&sealed->detail, sealed->detail_key, err);
	if (st == ST_OK)
		st = sbuf_status(&sealed->detail, "vault link: detail", err);
	if (st == ST_OK)
		st = fd_memory("sealed", &sealed->blob_fd, err);
	if (st == ST_OK)
		st = seal_fd(key, "case-mail", hold->mail_fd, sealed->blob_fd,
			     sealed->blob_key, err);
	if (st == ST_OK)
		st = fd_size(sealed->blob_fd, &sealed->blob_bytes, err);
	if (st == ST_OK)
		st = fd_seal(sealed->blob_fd, err);
	return st;
}

static enum status
link_send_hold(struct vault_link *link, const struct vault_link_hold *hold,
	       const struct sealed_case *sealed, uint32_t key_epoch,
	       struct vault_hold_answer *answer_out, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_hold request = {
		.unconfirmed = hold->unconfirmed,
		.self_test = hold->self_test,
		.key_epoch = key_epoch,
		.blob_key = { sealed->blob_key, sizeof(sealed->blob_key) },
		.detail_key = { sealed->detail_key,
				sizeof(sealed->detail_key) },
		.detail = sbuf_span(&sealed->detail),
		.sealed_bytes = sealed->blob_bytes,
		.companion_of = hold->companion_of,
	};
	struct vault_call call = VAULT_CALL(HOLD, &request, answer_out);

	memcpy(request.content_digest, hold->content_digest,
	       sizeof(request.content_digest));
	call.fd = sealed->blob_fd;
	call.deadline_mono_ms = hold->deadline_mono_ms;
	return vault_link_call(link, &call, &arena, err);
}

static enum status
link_hold_with(struct vault_link *link, const struct seal_public *key,
	       const struct vault_link_hold *hold,
	       struct vault_hold_answer *answer_out, struct err *err)
{
	AUTO(sealed_case_done) struct sealed_case sealed;
	enum status st = ST_OK;

	sealed_case_init(&sealed);
	st = sealed_case_make(&sealed, key, hold, err);
	if (st == ST_OK)
		st = link_send_hold(link, hold, &sealed, key->epoch, answer_out,
				    err);
	return st;
}

enum status
vault_link_hold(struct vault_link *link, const struct vault_link_hold *hold,
		struct vault_hold_answer *answer_out, struct err *err)
{
	struct seal_public key = { 0 };
	struct vault_hold_answer answer = { .joined = false };
	const bool cached = link_cached_key(link, &key);
	enum status st = ST_OK;

	if (!cached)
		st = link_fetch_key(link, hold->deadline_mono_ms, &key, err);
	if (st == ST_OK)
		st = link_hold_with(link, &key, hold, &answer, err);
	/* The key was renewed since we asked for it. */
	if (st == ST_NOT_FOUND && cached) {
		st = link_fetch_key(link, hold->deadline_mono_ms, &key, err);
		if (st == ST_OK)
			st = link_hold_with(link, &key, hold, &answer, err);
	}
	if (st == ST_OK)
		*answer_out = answer;
	return st;
}
