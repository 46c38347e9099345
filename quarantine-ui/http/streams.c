#include "quarantine-ui/http/streams.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

enum { STREAM_BLOCK_BYTES = 256, STREAM_RETRY_MS = 4000 };

struct stream {
	struct streams *streams;
	struct MHD_Connection *connection;
	uint64_t owner;
	uint64_t told; /* revision; 0: none yet */
	int64_t opened_mono_ms;
	int64_t wrote_mono_ms;
	bool greeted;
	bool ping;
	bool ending;
	bool suspended;
	struct stream *behind; /* older */
	struct stream *before; /* younger */
};

struct streams {
	struct streams_options options;
	pthread_mutex_t lock;
	struct stream *first; /* the youngest */
	size_t count;
	uint64_t revision;
	int64_t now_mono_ms; /* of the last tick */
	bool ending;
};

enum status
streams_new(const struct streams_options *options, struct streams **streams_out,
	    struct err *err)
{
	struct streams *streams = calloc(1, sizeof(*streams));

	if (streams == NULL)
		return err_set(err, ST_NO_MEMORY, "streams: no memory");
	streams->options = *options;
	(void)pthread_mutex_init(&streams->lock, NULL);
	*streams_out = streams;
	return ST_OK;
}

void
streams_free(struct streams **streams)
{
	if (*streams == NULL)
		return;
	(void)pthread_mutex_destroy(&(*streams)->lock);
	free(*streams);
	*streams = NULL;
}

/* Let its connection ask for more; the lock is held. */
static void
stream_wake(struct stream *stream)
{
	if (!stream->suspended)
		return;
	stream->suspended = false;
	MHD_resume_connection(stream->connection);
}

/* What there is to say now; 0: nothing. */
static int
stream_say(struct stream *stream, char *text, size_t max_bytes)
{
	const uint64_t revision = stream->streams->revision;

	if (!stream->greeted) {
		stream->greeted = true;
		return snprintf(text, max_bytes, "retry: %d\n\n",
				STREAM_RETRY_MS);
	}
	if (stream->told != revision) {
		stream->told = revision;
		return snprintf(text, max_bytes, "data: %" PRIu64 "\n\n",
				revision);
	}
	return stream->ping ? snprintf(text, max_bytes, ":\n\n") : 0;
}

/* Called by libmicrohttpd when the connection can take more. */
static ssize_t
stream_read(void *context, uint64_t at, char *text, size_t max_bytes)
{
	struct stream *stream = context;
	struct streams *streams = stream->streams;
	int len_bytes = 0;

	(void)at;
	(void)pthread_mutex_lock(&streams->lock);
	if (stream->ending) {
		(void)pthread_mutex_unlock(&streams->lock);
		return MHD_CONTENT_READER_END_OF_STREAM;
	}
	len_bytes = stream_say(stream, text, max_bytes);
	if (len_bytes > 0) {
		stream->ping = false;
		stream->wrote_mono_ms = streams->now_mono_ms;
	} else {
		stream->suspended = true;
		MHD_suspend_connection(stream->connection);
	}
	(void)pthread_mutex_unlock(&streams->lock);
	return len_bytes;
}

/* Called by libmicrohttpd when the connection is over. */
static void
stream_free(void *context)
{
	struct stream *stream = context;
	struct streams *streams = stream->streams;

	(void)pthread_mutex_lock(&streams->lock);
	if (stream->before != NULL)
		stream->before->behind = stream->behind;
	else
		streams->first = stream->behind;
	if (stream->behind != NULL)
		stream->behind->before = stream->before;
	streams->count--;
	(void)pthread_mutex_unlock(&streams->lock);
	free(stream);
}

static void
stream_end(struct stream *stream)
{
	stream->ending = true;
	stream_wake(stream);
}

/* One more of this owner: who has too many loses the oldest. */
static void
streams_make_room(struct streams *streams, uint64_t owner)
{
	size_t count = 0;

	for (struct stream *one = streams->first; one != NULL;
	     one = one->behind) {
		if (one->owner == owner && !one->ending &&
		    ++count >= streams->options.max_of_owner)
			stream_end(one);
	}
}

static void
streams_add(struct streams *streams, struct stream *stream)
{
	stream->behind = streams->first;
	if (streams->first != NULL)
		streams->first->before = stream;
	streams->first = stream;
	streams->count++;
}

struct MHD_Response *
streams_open(struct streams *streams, struct MHD_Connection *connection,
	     uint64_t owner, int64_t now_mono_ms)
{
	struct stream *stream = NULL;
	struct MHD_Response *answer = NULL;

	(void)pthread_mutex_lock(&streams->lock);
	streams->now_mono_ms = now_mono_ms;
	if (!streams->ending && streams->count < streams->options.max_count) {
		streams_make_room(streams, owner);
		stream = calloc(1, sizeof(*stream));
	}
	if (stream != NULL) {
		*stream = (struct stream){ .streams = streams,
					   .connection = connection,
					   .owner = owner,
					   .opened_mono_ms = now_mono_ms,
					   .wrote_mono_ms = now_mono_ms };
		streams_add(streams, stream);
	}
	(void)pthread_mutex_unlock(&streams->lock);
	if (stream == NULL)
		return NULL;
	answer = MHD_create_response_from_callback(
		MHD_SIZE_UNKNOWN, STREAM_BLOCK_BYTES, stream_read, stream,
		stream_free);
	if (answer == NULL)
		stream_free(stream);
	return answer;
}

void
streams_publish(struct streams *streams, uint64_t revision)
{
	(void)pthread_mutex_lock(&streams->lock);
	streams->revision = revision;
	for (struct stream *one = streams->first; one != NULL;
	     one = one->behind) {
		if (one->told != revision)
			stream_wake(one);
	}
	(void)pthread_mutex_unlock(&streams->lock);
}

void
streams_end(struct streams *streams, uint64_t owner)
{
	(void)pthread_mutex_lock(&streams->lock);
	for (struct stream *one = streams->first; one != NULL;
	     one = one->behind) {
		if (one->owner == owner)
			stream_end(one);
	}
	(void)pthread_mutex_unlock(&streams->lock);
}

void
streams_end_all(struct streams *streams)
{
	(void)pthread_mutex_lock(&streams->lock);
	streams->ending = true;
	for (struct stream *one = streams->first; one != NULL;
	     one = one->behind)
		stream_end(one);
	(void)pthread_mutex_unlock(&streams->lock);
}

void
streams_tick(struct streams *streams, int64_t now_mono_ms)
{
	const struct streams_options *options = &streams->options;

	(void)pthread_mutex_lock(&streams->lock);
	streams->now_mono_ms = now_mono_ms;
	for (struct stream *one = streams->first; one != NULL;
	     one = one->behind) {
		if (now_mono_ms - one->opened_mono_ms >= options->life_ms) {
			stream_end(one);
		} else if (now_mono_ms - one->wrote_mono_ms >=
			   options->ping_ms) {
			one->ping = true;
			stream_wake(one);
		}
	}
	(void)pthread_mutex_unlock(&streams->lock);
}

size_t
streams_count(struct streams *streams)
{
	size_t count = 0;

	(void)pthread_mutex_lock(&streams->lock);
	count = streams->count;
	(void)pthread_mutex_unlock(&streams->lock);
	return count;
}
