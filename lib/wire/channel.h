/*
 * channel.h - frames over a UNIX stream socket, with descriptors beside them.
 *
 * Layer:    lib/wire
 * Threads:  a channel belongs to one thread at a time
 * Input:    untrusted; a bad frame ends in ST_FORMAT, and the channel is then
 *           unusable (every later call fails the same way)
 */
#ifndef LIB_WIRE_CHANNEL_H
#define LIB_WIRE_CHANNEL_H

#include <sys/types.h>

#include "lib/base/fd.h"
#include "lib/wire/table.h"

enum { CHANNEL_MAX_FDS = 4, CHANNEL_MAX_FRAME_BYTES = 16 * 1024 * 1024 };

/* Who is at the other end, by SO_PEERCRED at connection time. */
struct channel_peer {
	pid_t pid;
	uid_t uid;
	gid_t gid;
};

struct channel {
	int fd;
	bool broken;
	struct channel_peer peer;
};

struct frame {
	uint16_t type;
	uint16_t version;
	struct sbuf payload;
	int fds[CHANNEL_MAX_FDS]; /* FD_NONE where there is none */
	size_t fd_count;
};

/* An empty frame; release with frame_done(), which also closes its fds. */
void frame_init(struct frame *frame);
void frame_done(struct frame *frame);

/* Take over fd. Returns: ST_OK; ST_IO not a socket (fd is then kept) */
MUST_CHECK enum status
channel_open(int fd, struct channel *channel, struct err *err);
/* Take over one end of a socket pair that came from a program of ours; asks
 * the system nothing, which a sandbox would not allow. No peer is known. */
void channel_adopt(int fd, struct channel *channel);
void channel_close(struct channel *channel);

/* Connect to a UNIX socket. Returns: ST_OK; ST_LIMIT path too long; ST_IO */
MUST_CHECK enum status
channel_connect(const char *path, struct channel *channel, struct err *err);

/*
 * Listen on a UNIX socket at path with mode; a stale socket file is replaced,
 * and a missing directory made (0755; its own parent must be there).
 * Returns: ST_OK, ST_LIMIT, ST_IO
 */
MUST_CHECK enum status
channel_listen(const char *path, mode_t mode, int *fd_out, struct err *err);

/*
 * Send message with fd_count descriptors (borrowed; duplicates travel).
 * Blocks until everything is written or deadline_mono_ms has passed.
 * Returns: ST_OK; ST_LIMIT deadline or size; ST_FORMAT; ST_NO_MEMORY; ST_IO
 */
MUST_CHECK enum status
channel_send(struct channel *channel, const struct wire_table *table,
	     const void *message, const int *fds, size_t fd_count,
	     int64_t deadline_mono_ms, struct err *err);

/* As channel_send() for a payload that is encoded already. */
MUST_CHECK enum status
channel_send_frame(struct channel *channel, const struct frame *frame,
		   int64_t deadline_mono_ms, struct err *err);

/*
 * Wait for the next frame, up to deadline_mono_ms (INT64_MAX: for ever).
 * Gives:    *frame is filled; its descriptors are the caller's through
 *           frame_done(), close-on-exec
 * Returns:  ST_OK; ST_END the peer closed between frames; ST_LIMIT deadline,
 *           or a frame or its descriptors over the maximum; ST_FORMAT;
 *           ST_NO_MEMORY; ST_IO
 */
MUST_CHECK enum status
channel_receive(struct channel *channel, struct frame *frame,
		int64_t deadline_mono_ms, struct err *err);

/*
 * Wait until there is something to receive. ST_OK, ST_LIMIT at the deadline,
 * ST_IO. Lets a caller do other things (progress reports) while it waits.
 */
MUST_CHECK enum status channel_wait(struct channel *channel,
				    int64_t deadline_mono_ms, struct err *err);

/* Decode frame as table's message: type and version must be table's. */
MUST_CHECK enum status
frame_decode(const struct frame *frame, const struct wire_table *table,
	     void *message, struct wire_arena **arena_out, struct err *err);

#endif
