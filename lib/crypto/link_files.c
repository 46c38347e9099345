#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "lib/crypto/gcm.h"
#include "lib/crypto/link_key.h"

enum {
	CLOSED_CHUNK_BYTES = SEAL_CHUNK_BYTES + SEAL_TAG_BYTES,
	NONCE_LAST_OFFSET = GCM_NONCE_BYTES - 1
};
static const char chunk_label[] = "sekimori link 1 chunk";

/* The file key is used for this run of bytes alone. */
static void
chunk_nonce(uint64_t number, bool last, uint8_t nonce[GCM_NONCE_BYTES])
{
	memset(nonce, 0, GCM_NONCE_BYTES);
	for (size_t i = 0; i < sizeof(number); i++)
		nonce[i] = (uint8_t)(number >> (56 - 8 * i));
	nonce[NONCE_LAST_OFFSET] = last;
}

/* Exactly len_bytes from offset on; ST_FORMAT when they are not there. */
static enum status
read_at(int fd, uint64_t offset, uint8_t *place, size_t len_bytes,
	struct err *err)
{
	size_t got_bytes = 0;

	while (got_bytes < len_bytes) {
		const ssize_t n =
			pread(fd, place + got_bytes, len_bytes - got_bytes,
			      (off_t)(offset + got_bytes));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set_errno(err, "link: read failed");
		if (n == 0)
			return err_set(err, ST_FORMAT,
				       "link: it ends at byte %" PRIu64,
				       offset + got_bytes);
		got_bytes += (size_t)n;
	}
	return ST_OK;
}

/* Room for one chunk, plain and closed. */
struct chunk_room {
	uint8_t *plain;
	uint8_t *closed;
};

static void
chunk_room_done(struct chunk_room *room)
{
	if (room->plain != NULL)
		explicit_bzero(room->plain, SEAL_CHUNK_BYTES);
	free(room->plain);
	free(room->closed);
}

static enum status
chunk_room_init(struct chunk_room *room, struct err *err)
{
	room->plain = malloc(SEAL_CHUNK_BYTES);
	room->closed = malloc(CLOSED_CHUNK_BYTES);
	if (room->plain == NULL || room->closed == NULL)
		return err_set(err, ST_NO_MEMORY, "link: no memory");
	return ST_OK;
}

enum status
link_seal_fd(const uint8_t file_key[SEAL_KEY_BYTES], int from, uint64_t offset,
	     uint64_t len_bytes, int to, struct err *err)
{
	AUTO(chunk_room_done) struct chunk_room room = { 0 };
	AUTO(gcm_free) struct gcm *gcm = NULL;
	uint64_t left_bytes = len_bytes;
	enum status st =
		offset <= INT64_MAX && len_bytes <= INT64_MAX - offset
			? chunk_room_init(&room, err)
			: err_set(err, ST_FORMAT, "link: no such part");

	if (st == ST_OK)
		st = gcm_new(file_key, &gcm, err);
	for (uint64_t number = 0; st == ST_OK; number++) {
		const size_t now_bytes = left_bytes < SEAL_CHUNK_BYTES
						 ? (size_t)left_bytes
						 : SEAL_CHUNK_BYTES;
		uint8_t nonce[GCM_NONCE_BYTES];

		left_bytes -= now_bytes;
		chunk_nonce(number, left_bytes == 0, nonce);
		st = read_at(from, offset, room.plain, now_bytes, err);
		if (st == ST_OK)
			st = gcm_close(gcm, nonce, span_of(chunk_label),
				       (struct span){ room.plain, now_bytes },
				       room.closed, err);
		if (st == ST_OK)
			st = fd_write_all(
				to,
				(struct span){ room.closed,
					       now_bytes + SEAL_TAG_BYTES },
				err);
		if (left_bytes == 0)
			break;
		offset += now_bytes;
	}
	return st;
}

struct link_reader {
	struct gcm *gcm;
	uint8_t *room; /* of one chunk, while a rest of it is wanted */
	int fd;
	uint64_t plain_bytes;
	uint64_t last; /* number of the last chunk */
	uint64_t held; /* number of the chunk in room */
	bool holds;    /* there is one */
};

static void
reader_drop(struct link_reader *reader)
{
	if (reader->room != NULL)
		explicit_bzero(reader->room, CLOSED_CHUNK_BYTES);
	free(reader->room);
	reader->room = NULL;
	reader->holds = false;
}

void
link_reader_free(struct link_reader **reader)
{
	if (*reader != NULL) {
		gcm_free(&(*reader)->gcm);
		reader_drop(*reader);
	}
	free(*reader);
	*reader = NULL;
}

enum status
link_reader_open(const uint8_t file_key[SEAL_KEY_BYTES], int fd,
		 uint64_t sealed_bytes, struct link_reader **reader_out,
		 struct err *err)
{
	AUTO(link_reader_free) struct link_reader *reader = NULL;
	const uint64_t rest_bytes = sealed_bytes % CLOSED_CHUNK_BYTES;
	const uint64_t whole = sealed_bytes / CLOSED_CHUNK_BYTES;

	/* A tag alone stands for no bytes at all: the one chunk of nothing. */
	if (sealed_bytes > INT64_MAX || sealed_bytes < SEAL_TAG_BYTES ||
	    (rest_bytes > 0 && rest_bytes < SEAL_TAG_BYTES) ||
	    (rest_bytes == SEAL_TAG_BYTES && whole > 0))
		return err_set(err, ST_FORMAT,
			       "link: %" PRIu64 " bytes are no sealed files",
			       sealed_bytes);
	const uint64_t chunks = whole + (rest_bytes > 0);

	reader = calloc(1, sizeof(*reader));
	if (reader == NULL)
		return err_set(err, ST_NO_MEMORY, "link: no memory");
	reader->fd = fd;
	reader->plain_bytes = sealed_bytes - chunks * SEAL_TAG_BYTES;
	reader->last = chunks - 1;
	const enum status st = gcm_new(file_key, &reader->gcm, err);

	if (st == ST_OK)
		*reader_out = MOVE(reader);
	return st;
}

static size_t
reader_chunk_bytes(const struct link_reader *reader, uint64_t number)
{
	if (number < reader->last)
		return SEAL_CHUNK_BYTES;
	return (size_t)(reader->plain_bytes - number * SEAL_CHUNK_BYTES);
}

/* Read the chunk to place, with its tag, and decrypt it there. */
static enum status
reader_decrypt(struct link_reader *reader, uint64_t number, uint8_t *place,
	       struct err *err)
{
	const size_t closed_bytes =
		reader_chunk_bytes(reader, number) + SEAL_TAG_BYTES;
	uint8_t nonce[GCM_NONCE_BYTES];
	enum status st = read_at(reader->fd, number * CLOSED_CHUNK_BYTES, place,
				 closed_bytes, err);

	if (st != ST_OK)
		return st;
	chunk_nonce(number, number == reader->last, nonce);
	st = gcm_open(reader->gcm, nonce, span_of(chunk_label),
		      (struct span){ place, closed_bytes }, place, err);
	if (st == ST_FORMAT)
		return err_set(err, ST_FORMAT,
			       "link: chunk %" PRIu64
			       " changed, moved or cut off",
			       number);
	return st;
}

/* The chunk in the reader's own room; it is decrypted once while it stays. */
static enum status
reader_hold(struct link_reader *reader, uint64_t number, struct err *err)
{
	if (reader->holds && reader->held == number)
		return ST_OK;
	if (reader->room == NULL)
		reader->room = malloc(CLOSED_CHUNK_BYTES);
	if (reader->room == NULL)
		return err_set(err, ST_NO_MEMORY, "link: no memory");
	reader->holds = false;
	const enum status st =
		reader_decrypt(reader, number, reader->room, err);

	if (st == ST_OK) {
		reader->holds = true;
		reader->held = number;
	}
	return st;
}

enum status
link_reader_read(struct link_reader *reader, uint64_t offset, void *out,
		 size_t room, size_t *len_out, struct err *err)
{
	if (offset >= reader->plain_bytes) {
		*len_out = 0; /* that there is nothing is proved as well */
		return reader->plain_bytes == 0 ? reader_hold(reader, 0, err)
						: ST_OK;
	}
	const uint64_t number = offset / SEAL_CHUNK_BYTES;
	const size_t at = (size_t)(offset % SEAL_CHUNK_BYTES);
	const size_t len_bytes = reader_chunk_bytes(reader, number);
	enum status st = ST_OK;

	/* A whole chunk goes where it is wanted, without a copy. */
	if (at == 0 && room >= len_bytes + SEAL_TAG_BYTES &&
	    !(reader->holds && reader->held == number)) {
		st = reader_decrypt(reader, number, out, err);
		if (st == ST_OK)
			*len_out = len_bytes;
		return st;
	}
	st = reader_hold(reader, number, err);
	if (st != ST_OK)
		return st;
	*len_out = len_bytes - at < room ? len_bytes - at : room;
	memcpy(out, reader->room + at, *len_out);
	if (at + *len_out == len_bytes)
		reader_drop(reader);
	return ST_OK;
}
