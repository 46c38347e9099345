#include "lib/wire/channel.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/wire/channel_parts.h"

enum { CHANNEL_BACKLOG = 512, CHANNEL_CONTROL_BYTES = 64 };

_Static_assert(CMSG_SPACE(sizeof(int) * CHANNEL_MAX_FDS) <=
		       CHANNEL_CONTROL_BYTES,
	       "room for the descriptors");

void
frame_init(struct frame *frame)
{
	*frame = (struct frame){ .type = 0 };
	sbuf_init_secret(&frame->payload, CHANNEL_MAX_FRAME_BYTES);
	for (size_t i = 0; i < CHANNEL_MAX_FDS; i++)
		frame->fds[i] = FD_NONE;
}

void
frame_done(struct frame *frame)
{
	sbuf_done(&frame->payload);
	for (size_t i = 0; i < CHANNEL_MAX_FDS; i++)
		fd_close(&frame->fds[i]);
	frame->fd_count = 0;
}

enum status
channel_open(int fd, struct channel *channel, struct err *err)
{
	struct ucred cred = { 0, 0, 0 };
	socklen_t len = sizeof(cred);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) != 0)
		return err_set_errno(err, "channel: not a UNIX socket");
	*channel = (struct channel){ .fd = fd,
				     .peer = { cred.pid, cred.uid, cred.gid } };
	return ST_OK;
}

void
channel_adopt(int fd, struct channel *channel)
{
	*channel = (struct channel){ .fd = fd };
}

void
channel_close(struct channel *channel)
{
	fd_close(&channel->fd);
	channel->broken = true;
}

static enum status
channel_address(const char *path, struct sockaddr_un *address, struct err *err)
{
	const size_t len_bytes = strlen(path);

	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (len_bytes >= sizeof(address->sun_path))
		return err_set(err, ST_LIMIT, "%s: socket path too long", path);
	memcpy(address->sun_path, path, len_bytes + 1);
	return ST_OK;
}

enum status
channel_connect(const char *path, struct channel *channel, struct err *err)
{
	struct sockaddr_un address;
	enum status st = channel_address(path, &address, err);

	if (st != ST_OK)
		return st;
	AUTO(fd_close)
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return err_set_errno(err, "channel: no socket");
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) !=
	    0)
		return err_set_errno(err, "%s: cannot connect", path);
	st = channel_open(fd, channel, err);
	if (st == ST_OK)
		(void)FD_MOVE(fd);
	return st;
}

enum status
channel_listen(const char *path, mode_t mode, int *fd_out, struct err *err)
{
	struct sockaddr_un address;
	struct stat info;
	enum status st = channel_address(path, &address, err);

	if (st == ST_OK)
		st = fd_make_parent(path, err);
	if (st != ST_OK)
		return st;
	if (lstat(path, &info) == 0 && S_ISSOCK(info.st_mode))
		(void)unlink(path);
	AUTO(fd_close)
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return err_set_errno(err, "channel: no socket");
	/* The mode counts from the first instant: umask() is per process, so
	 * narrow the socket inode itself before it gets its name. */
	if (fchmod(fd, mode) != 0 ||
	    bind(fd, (const struct sockaddr *)&address, sizeof(address)) != 0)
		return err_set_errno(err, "%s: cannot bind", path);
	if (chmod(path, mode) != 0 || listen(fd, CHANNEL_BACKLOG) != 0)
		return err_set_errno(err, "%s: cannot listen", path);
	*fd_out = FD_MOVE(fd);
	return ST_OK;
}

static enum status
channel_poll(struct channel *channel, short events, int64_t deadline_mono_ms,
	     struct err *err)
{
	for (;;) {
		struct pollfd one = { channel->fd, events, 0 };
		int64_t left_ms = -1;

		if (deadline_mono_ms != INT64_MAX) {
			left_ms = clock_left_ms(deadline_mono_ms);
			if (left_ms > INT_MAX)
				left_ms = INT_MAX;
		}
		const int n = poll(&one, 1, (int)left_ms);

		if (n > 0)
			return ST_OK;
		if (n == 0)
			return err_set(err, ST_LIMIT,
				       "channel: no answer in time");
		if (errno != EINTR)
			return err_set_errno(err, "channel: poll failed");
	}
}

enum status
channel_wait(struct channel *channel, int64_t deadline_mono_ms, struct err *err)
{
	return channel_poll(channel, POLLIN, deadline_mono_ms, err);
}

static void
channel_attach(struct msghdr *header, uint8_t *control, const int *fds,
	       size_t fd_count)
{
	struct cmsghdr *part = NULL;

	if (fd_count == 0)
		return;
	header->msg_control = control;
	header->msg_controllen = CMSG_SPACE(sizeof(int) * fd_count);
	part = CMSG_FIRSTHDR(header);
	assert(part != NULL);
	part->cmsg_level = SOL_SOCKET;
	part->cmsg_type = SCM_RIGHTS;
	part->cmsg_len = CMSG_LEN(sizeof(int) * fd_count);
	memcpy(CMSG_DATA(part), fds, sizeof(int) * fd_count);
}

/* The part of a frame that at bytes of header and payload leave to send. */
static void
channel_fill(const uint8_t *head, struct span payload, size_t at,
	     struct iovec parts[2])
{
	const size_t in_head = at < WIRE_HEADER_BYTES ? at : WIRE_HEADER_BYTES;
	const size_t in_payload = at - in_head;

	parts[0].iov_base = (void *)(uintptr_t)(head + in_head);
	parts[0].iov_len = WIRE_HEADER_BYTES - in_head;
	parts[1].iov_base = (void *)((uintptr_t)payload.ptr + in_payload);
	parts[1].iov_len = payload.len_bytes - in_payload;
}

/* Send header and payload; the descriptors travel with the first byte. */
static enum status
channel_write(struct channel *channel, const uint8_t *head,
	      const struct frame *frame, int64_t deadline_mono_ms,
	      struct err *err)
{
	const struct span payload = sbuf_span(&frame->payload);
	const size_t whole_bytes = WIRE_HEADER_BYTES + payload.len_bytes;
	_Alignas(struct cmsghdr) uint8_t control[CHANNEL_CONTROL_BYTES] = { 0 };
	size_t at = 0;

	while (at < whole_bytes) {
		struct iovec parts[2] = { { NULL, 0 }, { NULL, 0 } };
		struct msghdr header = { .msg_iov = parts, .msg_iovlen = 2 };

		channel_fill(head, payload, at, parts);
		if (at == 0)
			channel_attach(&header, control, frame->fds,
				       frame->fd_count);
		const ssize_t n = sendmsg(channel->fd, &header,
					  MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n >= 0) {
			at += (size_t)n;
			continue;
		}
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN)
			return err_set_errno(err, "channel: send failed");
		const enum status st =
			channel_poll(channel, POLLOUT, deadline_mono_ms, err);
		if (st != ST_OK)
			return st;
	}
	return ST_OK;
}

static enum status
channel_fail(struct channel *channel, enum status st)
{
	channel->broken = true;
	return st;
}

enum status
channel_send_frame(struct channel *channel, const struct frame *frame,
		   int64_t deadline_mono_ms, struct err *err)
{
	const size_t n = frame->payload.len_bytes;
	const uint8_t head[WIRE_HEADER_BYTES] = {
		(uint8_t)(n >> 24),
		(uint8_t)(n >> 16),
		(uint8_t)(n >> 8),
		(uint8_t)n,
		(uint8_t)(frame->type >> 8),
		(uint8_t)frame->type,
		(uint8_t)(frame->version >> 8),
		(uint8_t)frame->version,
	};

	if (channel->broken)
		return err_set(err, ST_IO, "channel: already broken");
	if (frame->fd_count > CHANNEL_MAX_FDS)
		return err_set(err, ST_LIMIT, "channel: too many descriptors");
	const enum status st =
		channel_write(channel, head, frame, deadline_mono_ms, err);

	return st == ST_OK ? ST_OK : channel_fail(channel, st);
}

/* NOLINTBEGIN(readability-function-size): two pairs that belong together */
enum status
channel_send(struct channel *channel, const struct wire_table *table,
	     const void *message, const int *fds, size_t fd_count,
	     int64_t deadline_mono_ms, struct err *err)
{
	struct frame frame;
	enum status st = ST_OK;

	if (fd_count > CHANNEL_MAX_FDS)
		return err_set(err, ST_LIMIT, "channel: too many descriptors");
	frame_init(&frame);
	frame.type = table->type;
	frame.version = table->version;
	st = wire_encode(table, message, &frame.payload, err);
	if (st == ST_OK) {
		for (size_t i = 0; i < fd_count; i++)
			frame.fds[i] = fds[i];
		frame.fd_count = fd_count;
		st = channel_send_frame(channel, &frame, deadline_mono_ms, err);
	}
	/* The descriptors are the caller's: only the payload is ours. */
	sbuf_done(&frame.payload);
	return st;
}

/* NOLINTEND(readability-function-size) */

static void
channel_take_fds(const struct msghdr *header, struct frame *frame)
{
	struct msghdr *mutable = (struct msghdr *)(uintptr_t)header;

	for (struct cmsghdr *part = CMSG_FIRSTHDR(mutable); part != NULL;
	     part = CMSG_NXTHDR(mutable, part)) {
		size_t count = 0;

		if (part->cmsg_level != SOL_SOCKET ||
		    part->cmsg_type != SCM_RIGHTS)
			continue;
		count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < count; i++) {
			int fd = FD_NONE;

			memcpy(&fd, CMSG_DATA(part) + i * sizeof(int),
			       sizeof(fd));
			if (frame->fd_count < CHANNEL_MAX_FDS)
				frame->fds[frame->fd_count++] = fd;
			else
				fd_close(&fd);
		}
	}
}

enum status
channel_read_some(struct channel *channel, struct iovec part,
		  struct frame *frame, size_t *got_out, struct err *err)
{
	_Alignas(struct cmsghdr) uint8_t control[CHANNEL_CONTROL_BYTES];
	struct msghdr header = { .msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof(control) };
	const ssize_t n =
		recvmsg(channel->fd, &header, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return ST_NOT_FOUND;
	if (n < 0)
		return err_set_errno(err, "channel: receive failed");
	channel_take_fds(&header, frame);
	if ((header.msg_flags & MSG_CTRUNC) != 0)
		return err_set(err, ST_LIMIT, "channel: too many descriptors");
	*got_out = (size_t)n;
	return ST_OK;
}

/* Read exactly len_bytes; descriptors may come with any of them. */
static enum status
channel_read(struct channel *channel, struct iovec place, struct frame *frame,
	     int64_t deadline_mono_ms, struct err *err)
{
	uint8_t *bytes = place.iov_base;
	size_t at = 0;

	while (at < place.iov_len) {
		const struct iovec rest = { bytes + at, place.iov_len - at };
		size_t got = 0;
		enum status st =
			channel_read_some(channel, rest, frame, &got, err);

		if (st == ST_NOT_FOUND) {
			st = channel_poll(channel, POLLIN, deadline_mono_ms,
					  err);
			if (st != ST_OK)
				return st;
			continue;
		}
		if (st != ST_OK)
			return st;
		if (got == 0 && at == 0)
			return ST_END;
		if (got == 0)
			return err_set(err, ST_FORMAT,
				       "channel: cut off after %zu of %zu "
				       "bytes",
				       at, place.iov_len);
		at += got;
	}
	return ST_OK;
}

static enum status
channel_read_payload(struct channel *channel, const uint8_t *head,
		     struct frame *frame, int64_t deadline_mono_ms,
		     struct err *err)
{
	const size_t len_bytes = (size_t)head[0] << 24 | (size_t)head[1] << 16 |
				 (size_t)head[2] << 8 | head[3];
	uint8_t *place = NULL;
	enum status st = ST_OK;

	if (len_bytes > CHANNEL_MAX_FRAME_BYTES)
		return err_set(err, ST_LIMIT, "channel: frame of %zu bytes",
			       len_bytes);
	frame->type = (uint16_t)(head[4] << 8 | head[5]);
	frame->version = (uint16_t)(head[6] << 8 | head[7]);
	if (len_bytes == 0)
		return ST_OK;
	place = sbuf_extend(&frame->payload, len_bytes);
	if (place == NULL)
		return sbuf_status(&frame->payload, "channel", err);
	st = channel_read(channel, (struct iovec){ place, len_bytes }, frame,
			  deadline_mono_ms, err);
	return st == ST_END ? err_set(err, ST_FORMAT, "channel: cut off") : st;
}

enum status
channel_receive(struct channel *channel, struct frame *frame,
		int64_t deadline_mono_ms, struct err *err)
{
	uint8_t head[WIRE_HEADER_BYTES] = { 0 };
	enum status st = ST_OK;

	if (channel->broken)
		return err_set(err, ST_IO, "channel: already broken");
	frame_done(frame);
	st = channel_read(channel, (struct iovec){ head, sizeof(head) }, frame,
			  deadline_mono_ms, err);
	if (st == ST_OK)
		st = channel_read_payload(channel, head, frame,
					  deadline_mono_ms, err);
	if (st == ST_OK)
		return ST_OK;
	frame_done(frame);
	return channel_fail(channel, st);
}

enum status
frame_decode(const struct frame *frame, const struct wire_table *table,
	     void *message, struct wire_arena **arena_out, struct err *err)
{
	if (frame->type != table->type || frame->version != table->version)
		return err_set(err, ST_FORMAT,
			       "wire: got message %u version %u, want %s",
			       frame->type, frame->version, table->name);
	return wire_decode(table, sbuf_span(&frame->payload), message,
			   arena_out, err);
}
