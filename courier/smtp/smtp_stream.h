/*
 * smtp_stream.h - a connection to the next hop: replies in, bytes out.
 *
 * Layer:    courier/smtp; includes only lib/
 * Threads:  one stream belongs to one thread
 */
#ifndef COURIER_SMTP_SMTP_STREAM_H
#define COURIER_SMTP_SMTP_STREAM_H

#include "courier/smtp/smtp_reply.h"
#include "courier/smtp/tls.h"
#include "lib/base/fd.h"

enum { SMTP_HOST_BYTES = 256, SMTP_PORT_BYTES = 16 };

struct smtp_stream {
	int fd;
	struct tls *tls;     /* NULL: in clear */
	uint8_t bytes[4096]; /* read and not yet used: [at, end) */
	size_t at, end;
};

/*
 * Split "host:port", "[address]:port".
 * Returns: ST_OK, ST_FORMAT
 */
MUST_CHECK enum status
smtp_split_next_hop(const char *next_hop, char host[SMTP_HOST_BYTES],
		    char port[SMTP_PORT_BYTES], struct err *err);

/*
 * Connect to the first address of next_hop that answers; each gets
 * connect_ms, all together until deadline_mono_ms.
 * Returns: ST_OK; ST_FORMAT next_hop; ST_LIMIT, ST_IO not reachable
 */
MUST_CHECK enum status
smtp_stream_open(struct smtp_stream *stream, const char *next_hop,
		 int64_t connect_ms, int64_t deadline_mono_ms, struct err *err);
void smtp_stream_close(struct smtp_stream *stream);

/*
 * The rest of the connection is TLS. What came in clear and was not yet read
 * would be taken for part of it: that is ST_FORMAT.
 * Returns: ST_OK, ST_FORMAT, or as tls_start()
 */
MUST_CHECK enum status
smtp_stream_start_tls(struct smtp_stream *stream,
		      const struct tls_target *target, int64_t deadline_mono_ms,
		      struct err *err);

/* All of bytes. Returns: ST_OK, ST_LIMIT, ST_IO */
MUST_CHECK enum status
smtp_stream_write(struct smtp_stream *stream, struct span bytes,
		  int64_t deadline_mono_ms, struct err *err);

/* The next reply. Returns: ST_OK; ST_FORMAT, ST_LIMIT, ST_IO (also when the
 * connection ends) */
MUST_CHECK enum status
smtp_stream_read(struct smtp_stream *stream, struct smtp_reply *reply,
		 int64_t deadline_mono_ms, struct err *err);

#endif
