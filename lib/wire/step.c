#include "lib/wire/step.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/wire/channel_parts.h"

enum { STEP_CHUNK_BYTES = 64 * 1024 };

static size_t
step_payload_bytes(const struct step *step)
{
	return (size_t)step->head[0] << 24 | (size_t)step->head[1] << 16 |
	       (size_t)step->head[2] << 8 | step->head[3];
}

static enum status
step_fail(struct channel *channel, struct frame *frame, enum status st)
{
	frame_done(frame);
	channel->broken = true;
	return st;
}

/* The end of the stream, at this point of a frame. */
static enum status
step_closed(const struct step *step, struct err *err)
{
	if (step->at == 0)
		return ST_END;
	return err_set(err, ST_FORMAT, "channel: cut off after %zu bytes",
		       step->at);
}

static enum status
step_read_head(struct channel *channel, struct step *step, struct frame *frame,
	       struct err *err)
{
	const struct iovec rest = { step->head + step->at,
				    sizeof(step->head) - step->at };
	size_t got = 0;
	const enum status st =
		channel_read_some(channel, rest, frame, &got, err);

	if (st != ST_OK)
		return st;
	if (got == 0)
		return step_closed(step, err);
	step->at += got;
	return ST_OK;
}

/* Memory follows what has come, not what a head announces. */
static enum status
step_read_payload(struct channel *channel, struct step *step,
		  struct frame *frame, struct err *err)
{
	const size_t before = step->at - sizeof(step->head);
	const size_t left = step_payload_bytes(step) - before;
	const size_t ask = left < STEP_CHUNK_BYTES ? left : STEP_CHUNK_BYTES;
	uint8_t *place = sbuf_extend(&frame->payload, ask);
	size_t got = 0;

	if (place == NULL)
		return sbuf_status(&frame->payload, "channel", err);
	const enum status st = channel_read_some(
		channel, (struct iovec){ place, ask }, frame, &got, err);

	sbuf_truncate(&frame->payload, before + got);
	if (st != ST_OK)
		return st;
	if (got == 0)
		return step_closed(step, err);
	step->at += got;
	return ST_OK;
}

enum status
step_receive(struct channel *channel, struct step *step, struct frame *frame,
	     size_t max_bytes, bool *whole_out, struct err *err)
{
	enum status st = ST_OK;

	*whole_out = false;
	if (channel->broken)
		return err_set(err, ST_IO, "channel: already broken");
	while (st == ST_OK && step->at < sizeof(step->head))
		st = step_read_head(channel, step, frame, err);
	if (st == ST_OK && step_payload_bytes(step) > max_bytes)
		st = err_set(err, ST_LIMIT, "channel: frame of %zu bytes",
			     step_payload_bytes(step));
	while (st == ST_OK &&
	       step->at < sizeof(step->head) + step_payload_bytes(step))
		st = step_read_payload(channel, step, frame, err);
	if (st == ST_NOT_FOUND)
		return ST_OK;
	if (st != ST_OK)
		return step_fail(channel, frame, st);
	frame->type = (uint16_t)(step->head[4] << 8 | step->head[5]);
	frame->version = (uint16_t)(step->head[6] << 8 | step->head[7]);
	*step = (struct step){ .at = 0 };
	*whole_out = true;
	return ST_OK;
}

static void
step_write_head(struct step *step, const struct frame *frame)
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

	memcpy(step->head, head, sizeof(head));
}

static void
step_fill(const struct step *step, struct span payload, struct iovec parts[2])
{
	const size_t head_bytes = sizeof(step->head);
	const size_t in_head = step->at < head_bytes ? step->at : head_bytes;
	const size_t in_payload = step->at - in_head;

	parts[0] = (struct iovec){
		(void *)(uintptr_t)(step->head + in_head),
		head_bytes - in_head,
	};
	parts[1] = (struct iovec){
		(void *)((uintptr_t)payload.ptr + in_payload),
		payload.len_bytes - in_payload,
	};
}

enum status
step_send(struct channel *channel, struct step *step, const struct frame *frame,
	  bool *whole_out, struct err *err)
{
	const struct span payload = sbuf_span(&frame->payload);
	const size_t whole_bytes = sizeof(step->head) + payload.len_bytes;

	*whole_out = false;
	if (channel->broken)
		return err_set(err, ST_IO, "channel: already broken");
	if (step->at == 0)
		step_write_head(step, frame);
	while (step->at < whole_bytes) {
		struct iovec parts[2];
		const struct msghdr header = { .msg_iov = parts,
					       .msg_iovlen = 2 };

		step_fill(step, payload, parts);
		const ssize_t n = sendmsg(channel->fd, &header,
					  MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return ST_OK;
		if (n < 0) {
			channel->broken = true;
			return err_set_errno(err, "channel: send failed");
		}
		step->at += (size_t)n;
	}
	*step = (struct step){ .at = 0 };
	*whole_out = true;
	return ST_OK;
}
