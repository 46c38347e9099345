#include "lib/crypto/seal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/crypto/digest.h"
#include "lib/crypto/gcm.h"
#include "lib/crypto/seal_wrap.h"

enum {
	CLOSED_CHUNK_BYTES = SEAL_CHUNK_BYTES + SEAL_TAG_BYTES,
	NONCE_LAST_OFFSET = GCM_NONCE_BYTES - 1
};
static const char chunk_label[] = "sekimori seal 1 chunk ";

/* Where bytes come from (a descriptor, or a span when fd is FD_NONE) and
 * where they go (a descriptor, or a buffer). */
struct seal_pipe {
	int from;
	int to;
	struct span bytes;
	struct sbuf *sealed;
	off_t at;
};

/*
 * Chunks one after another with one chunk read ahead, because the last one
 * must be known as such before it is worked on.
 */
struct seal_run {
	struct seal_pipe *pipe;
	struct gcm *gcm;
	struct sbuf aad;
	uint64_t number;
	size_t chunk_bytes; /* of input */
	size_t now_bytes;
	size_t next_bytes;
	uint8_t *now;
	uint8_t *next;
	uint8_t *out;
};

static enum status
pipe_read(struct seal_pipe *pipe, uint8_t *place, size_t want_bytes,
	  size_t *got_bytes_out, struct err *err)
{
	size_t got_bytes = 0;

	while (pipe->from != FD_NONE && got_bytes < want_bytes) {
		const ssize_t n = pread(pipe->from, place + got_bytes,
					want_bytes - got_bytes,
					pipe->at + (off_t)got_bytes);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set_errno(err, "seal: read failed");
		if (n == 0)
			break;
		got_bytes += (size_t)n;
	}
	if (pipe->from == FD_NONE) {
		const size_t at = (size_t)pipe->at;
		const size_t left_bytes = pipe->bytes.len_bytes - at;
		struct span part = { 0 };

		got_bytes = left_bytes < want_bytes ? left_bytes : want_bytes;
		if (span_cut(pipe->bytes, at, got_bytes, &part) &&
		    got_bytes > 0)
			memcpy(place, part.ptr, got_bytes);
	}
	pipe->at += (off_t)got_bytes;
	*got_bytes_out = got_bytes;
	return ST_OK;
}

static enum status
pipe_write(struct seal_pipe *pipe, struct span bytes, struct err *err)
{
	if (pipe->to != FD_NONE)
		return fd_write_all(pipe->to, bytes, err);
	sbuf_add_span(pipe->sealed, bytes);
	return sbuf_status(pipe->sealed, "seal", err);
}

static void
run_done(struct seal_run *run)
{
	uint8_t *buffers[] = { run->now, run->next, run->out };

	for (size_t i = 0; i < ARRAY_LEN(buffers); i++) {
		if (buffers[i] != NULL)
			explicit_bzero(buffers[i], CLOSED_CHUNK_BYTES);
		free(buffers[i]);
	}
	gcm_free(&run->gcm);
	sbuf_done(&run->aad);
}

static enum status
run_init(struct seal_run *run, struct seal_pipe *pipe, const char *context,
	 const uint8_t data_key[SEAL_KEY_BYTES], struct err *err)
{
	run->pipe = pipe;
	sbuf_init(&run->aad, SIZE_MAX / 2);
	sbuf_add_text(&run->aad, chunk_label);
	sbuf_add_text(&run->aad, context);
	const enum status st = sbuf_status(&run->aad, "seal", err);

	if (st != ST_OK)
		return st;
	run->now = malloc(CLOSED_CHUNK_BYTES);
	run->next = malloc(CLOSED_CHUNK_BYTES);
	run->out = malloc(CLOSED_CHUNK_BYTES);
	if (run->now == NULL || run->next == NULL || run->out == NULL)
		return err_set(err, ST_NO_MEMORY, "seal: no memory");
	return gcm_new(data_key, &run->gcm, err);
}

/* Chunk number and last mark; the data key is used for this blob alone. */
static void
run_nonce(const struct seal_run *run, uint8_t nonce[GCM_NONCE_BYTES])
{
	memset(nonce, 0, GCM_NONCE_BYTES);
	for (size_t i = 0; i < sizeof(run->number); i++)
		nonce[i] = (uint8_t)(run->number >> (56 - 8 * i));
	nonce[NONCE_LAST_OFFSET] = run->next_bytes == 0;
}

typedef enum status run_work(struct seal_run *run, struct err *err);

static enum status
run_close_chunk(struct seal_run *run, struct err *err)
{
	uint8_t nonce[GCM_NONCE_BYTES];

	run_nonce(run, nonce);
	const enum status st = gcm_close(
		run->gcm, nonce, sbuf_span(&run->aad),
		(struct span){ run->now, run->now_bytes }, run->out, err);

	if (st != ST_OK)
		return st;
	return pipe_write(
		run->pipe,
		(struct span){ run->out, run->now_bytes + SEAL_TAG_BYTES },
		err);
}

static enum status
run_open_chunk(struct seal_run *run, struct err *err)
{
	uint8_t nonce[GCM_NONCE_BYTES];

	run_nonce(run, nonce);
	const enum status st = gcm_open(
		run->gcm, nonce, sbuf_span(&run->aad),
		(struct span){ run->now, run->now_bytes }, run->out, err);

	if (st == ST_FORMAT)
		return err_set(err, ST_FORMAT,
			       "seal: chunk %" PRIu64
			       " changed, moved or cut off",
			       run->number);
	if (st != ST_OK)
		return st;
	return pipe_write(
		run->pipe,
		(struct span){ run->out, run->now_bytes - SEAL_TAG_BYTES },
		err);
}

static enum status
run_chunks(struct seal_run *run, run_work *work, struct err *err)
{
	enum status st = pipe_read(run->pipe, run->now, run->chunk_bytes,
				   &run->now_bytes, err);

	for (;;) {
		uint8_t *spare = run->now;

		if (st == ST_OK)
			st = pipe_read(run->pipe, run->next, run->chunk_bytes,
				       &run->next_bytes, err);
		if (st == ST_OK)
			st = work(run, err);
		if (st != ST_OK || run->next_bytes == 0)
			return st;
		run->now = run->next;
		run->now_bytes = run->next_bytes;
		run->next = spare;
		run->number++;
	}
}

static enum status
seal_pipe_close(const struct seal_public *recipient, const char *context,
		struct seal_pipe *pipe, uint8_t wrapped_out[SEAL_WRAPPED_BYTES],
		struct err *err)
{
	AUTO(run_done)
	struct seal_run run = {
		.chunk_bytes = SEAL_CHUNK_BYTES,
	};
	uint8_t wrapped[SEAL_WRAPPED_BYTES];
	uint8_t data_key[SEAL_KEY_BYTES];
	enum status st = random_fill(data_key, sizeof(data_key), err);

	if (st == ST_OK)
		st = seal_wrap(recipient, context, data_key, wrapped, err);
	if (st == ST_OK)
		st = run_init(&run, pipe, context, data_key, err);
	explicit_bzero(data_key, sizeof(data_key));
	if (st == ST_OK)
		st = run_chunks(&run, run_close_chunk, err);
	if (st == ST_OK)
		memcpy(wrapped_out, wrapped, sizeof(wrapped));
	return st;
}

static enum status
seal_pipe_open(const struct seal_private *private_key, const char *context,
	       struct span wrapped, struct seal_pipe *pipe, struct err *err)
{
	AUTO(run_done)
	struct seal_run run = {
		.chunk_bytes = CLOSED_CHUNK_BYTES,
	};
	uint8_t data_key[SEAL_KEY_BYTES];
	enum status st =
		seal_unwrap(private_key, context, wrapped, data_key, err);

	if (st == ST_OK)
		st = run_init(&run, pipe, context, data_key, err);
	explicit_bzero(data_key, sizeof(data_key));
	return st == ST_OK ? run_chunks(&run, run_open_chunk, err) : st;
}

enum status
seal_fd(const struct seal_public *recipient, const char *context, int from,
	int to, uint8_t wrapped_out[SEAL_WRAPPED_BYTES], struct err *err)
{
	struct seal_pipe pipe = { .from = from, .to = to };

	return seal_pipe_close(recipient, context, &pipe, wrapped_out, err);
}

enum status
seal_bytes(const struct seal_public *recipient, const char *context,
	   struct span bytes, struct sbuf *sealed_out,
	   uint8_t wrapped_out[SEAL_WRAPPED_BYTES], struct err *err)
{
	struct seal_pipe pipe = {
		.from = FD_NONE,
		.to = FD_NONE,
		.bytes = bytes,
		.sealed = sealed_out,
	};
	const size_t before_bytes = sealed_out->len_bytes;
	const enum status st =
		seal_pipe_close(recipient, context, &pipe, wrapped_out, err);

	if (st != ST_OK)
		sbuf_truncate(sealed_out, before_bytes);
	return st;
}

enum status
seal_open_fd(const struct seal_private *private_key, const char *context,
	     struct span wrapped, int from, int to, struct err *err)
{
	struct seal_pipe pipe = { .from = from, .to = to };

	return seal_pipe_open(private_key, context, wrapped, &pipe, err);
}

/* Plaintext that does not count must not stay. */
static void
seal_forget(struct sbuf *buf, size_t keep_bytes)
{
	if (buf->len_bytes <= keep_bytes)
		return;
	explicit_bzero(buf->bytes + keep_bytes, buf->len_bytes - keep_bytes);
	sbuf_truncate(buf, keep_bytes);
}

enum status
seal_open_bytes(const struct seal_private *private_key, const char *context,
		struct span wrapped, struct span sealed, struct sbuf *bytes_out,
		struct err *err)
{
	struct seal_pipe pipe = {
		.from = FD_NONE,
		.to = FD_NONE,
		.bytes = sealed,
		.sealed = bytes_out,
	};
	const size_t before_bytes = bytes_out->len_bytes;
	const enum status st =
		seal_pipe_open(private_key, context, wrapped, &pipe, err);

	if (st != ST_OK)
		seal_forget(bytes_out, before_bytes);
	return st;
}
