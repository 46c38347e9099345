#include "quarantine-ui/http/transfers.h"

#include <pthread.h>
#include <stdlib.h>

#include "lib/base/clock.h"

struct transfer {
	struct transfers *transfers;
	struct connection *connection;
	struct http_source source; /* read NULL: it was told its end */
	uint64_t owner;
	uint64_t first, len_bytes;
	uint64_t sent_bytes;
	uint64_t marked_bytes; /* of sent_bytes, when the limit last began */
	struct transfer *behind, *before;
};

struct transfers {
	struct transfers_options options;
	pthread_mutex_t lock;
	struct transfer *first;
	size_t count;
};

enum status
transfers_new(const struct transfers_options *options,
	      struct transfers **transfers_out, struct err *err)
{
	struct transfers *transfers = calloc(1, sizeof(*transfers));

	if (transfers == NULL)
		return err_set(err, ST_NO_MEMORY, "transfers: no memory");
	transfers->options = *options;
	(void)pthread_mutex_init(&transfers->lock, NULL);
	*transfers_out = transfers;
	return ST_OK;
}

void
transfers_free(struct transfers **transfers)
{
	if (*transfers == NULL)
		return;
	(void)pthread_mutex_destroy(&(*transfers)->lock);
	free(*transfers);
	*transfers = NULL;
}

/* Called by libmicrohttpd when the connection can take more. */
static ssize_t
transfer_read(void *context, uint64_t at, char *out, size_t room)
{
	struct transfer *transfer = context;
	const uint64_t left = transfer->len_bytes - at;
	size_t len = 0;

	if (at >= transfer->len_bytes)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (transfer->source.read == NULL ||
	    transfer->source.read(
		    transfer->source.context, transfer->first + at, out,
		    left < room ? (size_t)left : room, &len) != ST_OK ||
	    len == 0)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	transfer->sent_bytes = at + len;
	if (transfer->sent_bytes - transfer->marked_bytes >=
	    TRANSFER_STEP_BYTES) {
		transfer->marked_bytes = transfer->sent_bytes;
		connections_enter(transfer->transfers->options.connections,
				  transfer->connection, CONNECTION_TRANSFER,
				  clock_mono_ms());
	}
	return (ssize_t)len;
}

void
transfer_end(struct transfer *transfer, bool complete)
{
	const struct http_sent sent = {
		.first = transfer->first,
		.len_bytes = transfer->sent_bytes,
		.complete =
			complete && transfer->sent_bytes == transfer->len_bytes,
	};
	const struct http_source source = transfer->source;

	transfer->source = (struct http_source){ .read = NULL };
	if (source.read != NULL)
		source.end(source.context, &sent);
}

/* Called by libmicrohttpd when nobody has the answer any more. */
static void
transfer_free(void *context)
{
	struct transfer *transfer = context;
	struct transfers *transfers = transfer->transfers;

	transfer_end(transfer, false);
	(void)pthread_mutex_lock(&transfers->lock);
	if (transfer->before != NULL)
		transfer->before->behind = transfer->behind;
	else
		transfers->first = transfer->behind;
	if (transfer->behind != NULL)
		transfer->behind->before = transfer->before;
	transfers->count--;
	(void)pthread_mutex_unlock(&transfers->lock);
	free(transfer);
}

/* Is there room for one more of this owner? The lock is held. */
static bool
transfers_have_room(const struct transfers *transfers, uint64_t owner)
{
	size_t count = 0;

	for (const struct transfer *one = transfers->first; one != NULL;
	     one = one->behind)
		count += one->owner == owner;
	return transfers->count < transfers->options.max_count &&
	       count < transfers->options.max_of_owner;
}

static struct transfer *
transfers_add(struct transfers *transfers, const struct http_file *file,
	      struct connection *connection)
{
	struct transfer *transfer = NULL;

	(void)pthread_mutex_lock(&transfers->lock);
	if (transfers_have_room(transfers, file->owner))
		transfer = calloc(1, sizeof(*transfer));
	if (transfer != NULL) {
		*transfer = (struct transfer){ .transfers = transfers,
					       .connection = connection,
					       .owner = file->owner,
					       .first = file->first,
					       .len_bytes = file->len_bytes,
					       .behind = transfers->first };
		if (transfers->first != NULL)
			transfers->first->before = transfer;
		transfers->first = transfer;
		transfers->count++;
	}
	(void)pthread_mutex_unlock(&transfers->lock);
	return transfer;
}

struct MHD_Response *
transfers_open(struct transfers *transfers, struct http_file *file,
	       struct connection *connection, struct transfer **transfer_out)
{
	struct transfer *transfer = transfers_add(transfers, file, connection);
	struct MHD_Response *answer = NULL;

	if (transfer == NULL)
		return NULL;
	answer = MHD_create_response_from_callback(
		file->len_bytes, HTTP_FILE_BLOCK_BYTES, transfer_read, transfer,
		transfer_free);
	if (answer == NULL) {
		transfer_free(transfer);
		return NULL;
	}
	transfer->source = file->source;
	file->source = (struct http_source){ .read = NULL };
	*transfer_out = transfer;
	return answer;
}

size_t
transfers_count(struct transfers *transfers)
{
	size_t count = 0;

	(void)pthread_mutex_lock(&transfers->lock);
	count = transfers->count;
	(void)pthread_mutex_unlock(&transfers->lock);
	return count;
}
