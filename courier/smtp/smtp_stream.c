#include "courier/smtp/smtp_stream.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "courier/smtp/wait.h"
#include "lib/base/clock.h"
#include "lib/base/parse.h"

static void
smtp_free_addresses(struct addrinfo **list)
{
	if (*list != NULL)
		freeaddrinfo(*list);
	*list = NULL;
}

enum status
smtp_split_next_hop(const char *next_hop, char host[SMTP_HOST_BYTES],
		    char port[SMTP_PORT_BYTES], struct err *err)
{
	const char *colon = strrchr(next_hop, ':');
	struct span name = { 0 };
	uint64_t number = 0;

	if (colon == NULL ||
	    !parse_u64(span_of(colon + 1), UINT16_MAX, &number) || number == 0)
		return err_set(err, ST_FORMAT,
			       "smtp: next hop \"%s\" is not address:port",
			       next_hop);
	name = (struct span){ (const uint8_t *)next_hop,
			      (size_t)(colon - next_hop) };
	if (name.len_bytes > 2 && name.ptr[0] == '[' &&
	    name.ptr[name.len_bytes - 1] == ']')
		(void)span_cut(name, 1, name.len_bytes - 2, &name);
	if (name.len_bytes == 0 || name.len_bytes >= SMTP_HOST_BYTES)
		return err_set(err, ST_FORMAT,
			       "smtp: next hop \"%s\" has no address",
			       next_hop);
	memcpy(host, name.ptr, name.len_bytes);
	host[name.len_bytes] = '\0';
	(void)snprintf(port, SMTP_PORT_BYTES, "%u", (unsigned)number);
	return ST_OK;
}

static enum status
smtp_connect_one(const struct addrinfo *address, int64_t deadline_mono_ms,
		 int *fd_out, struct err *err)
{
	AUTO(fd_close)
	int fd = socket(address->ai_family,
			SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	const int on = 1;
	int failure = 0;
	socklen_t failure_bytes = sizeof(failure);

	if (fd < 0)
		return err_set_errno(err, "smtp: cannot make a socket");
	/* The end of a mail must not wait for the server's delayed ACK. */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (connect(fd, address->ai_addr, address->ai_addrlen) != 0) {
		if (errno != EINPROGRESS && errno != EINTR)
			return err_set_errno(err, "smtp: cannot connect to "
						  "the next hop");
		const enum status st =
			wait_for_socket(fd, POLLOUT, deadline_mono_ms, err);

		if (st != ST_OK)
			return st;
		if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure,
			       &failure_bytes) != 0)
			return err_set_errno(err, "smtp: cannot ask a socket");
		errno = failure;
		if (failure != 0)
			return err_set_errno(err, "smtp: cannot connect to "
						  "the next hop");
	}
	*fd_out = FD_MOVE(fd);
	return ST_OK;
}

enum status
smtp_stream_open(struct smtp_stream *stream, const char *next_hop,
		 int64_t connect_ms, int64_t deadline_mono_ms, struct err *err)
{
	static const struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
					       .ai_flags = AI_NUMERICSERV };
	AUTO(smtp_free_addresses) struct addrinfo *list = NULL;
	char host[SMTP_HOST_BYTES];
	char port[SMTP_PORT_BYTES];
	enum status st = smtp_split_next_hop(next_hop, host, port, err);
	int failure = 0;

	if (st != ST_OK)
		return st;
	failure = getaddrinfo(host, port, &hints, &list);
	if (failure != 0)
		return err_set(err, ST_IO, "smtp: next hop %s: %s", host,
			       gai_strerror(failure));
	st = ST_IO;
	for (const struct addrinfo *one = list; one != NULL && st != ST_OK;
	     one = one->ai_next) {
		int64_t until = clock_mono_ms() + connect_ms;

		if (until > deadline_mono_ms)
			until = deadline_mono_ms;
		st = smtp_connect_one(one, until, &stream->fd, err);
	}
	return st;
}

void
smtp_stream_close(struct smtp_stream *stream)
{
	tls_free(&stream->tls);
	fd_close(&stream->fd);
	stream->at = stream->end = 0;
}

enum status
smtp_stream_start_tls(struct smtp_stream *stream,
		      const struct tls_target *target, int64_t deadline_mono_ms,
		      struct err *err)
{
	if (stream->at != stream->end)
		return err_set(err, ST_FORMAT,
			       "smtp: the next hop sent more than a reply "
			       "before TLS");
	return tls_start(stream->fd, target, deadline_mono_ms, &stream->tls,
			 err);
}

static enum status
smtp_write_some(struct smtp_stream *stream, struct span bytes,
		size_t *written_bytes_out, int64_t deadline_mono_ms,
		struct err *err)
{
	ssize_t written = 0;
	enum status st = ST_OK;

	if (stream->tls != NULL)
		return tls_write(stream->tls, bytes, written_bytes_out,
				 deadline_mono_ms, err);
	st = wait_for_socket(stream->fd, POLLOUT, deadline_mono_ms, err);
	if (st != ST_OK)
		return st;
	written = send(stream->fd, bytes.ptr, bytes.len_bytes, MSG_NOSIGNAL);
	if (written < 0 && errno != EAGAIN && errno != EINTR)
		return err_set_errno(err, "smtp: connection lost");
	*written_bytes_out = written > 0 ? (size_t)written : 0;
	return ST_OK;
}

enum status
smtp_stream_write(struct smtp_stream *stream, struct span bytes,
		  int64_t deadline_mono_ms, struct err *err)
{
	while (bytes.len_bytes > 0) {
		size_t written = 0;
		const enum status st = smtp_write_some(stream, bytes, &written,
						       deadline_mono_ms, err);

		if (st != ST_OK)
			return st;
		(void)span_cut(bytes, written, bytes.len_bytes - written,
			       &bytes);
	}
	return ST_OK;
}

/* More bytes into the empty room. ST_END: the connection is over. */
static enum status
smtp_read_some(struct smtp_stream *stream, int64_t deadline_mono_ms,
	       struct err *err)
{
	ssize_t got = 0;
	enum status st = ST_OK;

	stream->at = stream->end = 0;
	if (stream->tls != NULL)
		return tls_read(stream->tls, stream->bytes,
				sizeof(stream->bytes), &stream->end,
				deadline_mono_ms, err);
	st = wait_for_socket(stream->fd, POLLIN, deadline_mono_ms, err);
	if (st != ST_OK)
		return st;
	got = recv(stream->fd, stream->bytes, sizeof(stream->bytes), 0);
	if (got == 0)
		return ST_END;
	if (got < 0 && errno != EAGAIN && errno != EINTR)
		return err_set_errno(err, "smtp: connection lost");
	stream->end = got > 0 ? (size_t)got : 0;
	return ST_OK;
}

enum status
smtp_stream_read(struct smtp_stream *stream, struct smtp_reply *reply,
		 int64_t deadline_mono_ms, struct err *err)
{
	smtp_reply_init(reply);
	for (;;) {
		const struct span unread = { stream->bytes + stream->at,
					     stream->end - stream->at };
		size_t used = 0;
		enum status st = smtp_reply_take(reply, unread, &used, err);

		stream->at += used;
		if (st != ST_END)
			return st;
		st = smtp_read_some(stream, deadline_mono_ms, err);
		if (st == ST_END)
			return err_set(err, ST_IO,
				       "smtp: the next hop closed the "
				       "connection");
		if (st != ST_OK)
			return st;
	}
}
