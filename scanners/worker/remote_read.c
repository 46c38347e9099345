/* The end of remote.h that the worker of the mail holds. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/parse.h"
#include "scanners/worker/remote.h"

struct remote {
	struct channel *channel;
	struct sink *sink;
	struct remote_terms *terms;
	bool ended;
	bool damaged;
	struct err why; /* of the damage */
};

static enum status
remote_send_bytes(const struct remote *remote, struct span body,
		  struct err *err)
{
	const struct remote_document document = {
		body.len_bytes,
		(uint32_t)clock_left_ms(remote->terms->deadline_mono_ms) + 1,
		remote->terms->cpu_ms,
		remote->terms->max_pages,
		remote->terms->max_objects,
		remote->terms->password != NULL ? remote->terms->password : "",
	};
	enum status st =
		channel_send(remote->channel, &remote_document_table, &document,
			     NULL, 0, remote->terms->deadline_mono_ms, err);

	for (size_t at = 0; st == ST_OK && at < body.len_bytes;
	     at += REMOTE_CHUNK_BYTES) {
		const size_t left = body.len_bytes - at;
		struct remote_bytes chunk = { 0 };

		(void)span_cut(body, at,
			       left < REMOTE_CHUNK_BYTES ? left
							 : REMOTE_CHUNK_BYTES,
			       &chunk.bytes);
		st = channel_send(remote->channel, &remote_bytes_table, &chunk,
				  NULL, 0, remote->terms->deadline_mono_ms,
				  err);
	}
	return st;
}

static enum status
remote_receive(const struct remote *remote, struct frame *frame,
	       struct err *err)
{
	const enum status st = channel_receive(
		remote->channel, frame, remote->terms->deadline_mono_ms, err);

	if (st == ST_END)
		return err_set(err, ST_IO, "the reader ended");
	return st;
}

/* What it says must be text, since everything behind us trusts that. */
static enum status
remote_take_text(struct remote *remote, const struct frame *frame,
		 struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct remote_text text;
	enum status st =
		frame_decode(frame, &remote_text_table, &text, &arena, err);

	if (st != ST_OK)
		return st;
	if (!parse_is_utf8(text.utf8))
		return err_set(err, ST_IO, "the reader sent no text");
	const struct place place = {
		text.kind,
		text.number,
		text.label[0] != '\0' ? text.label : NULL,
	};

	st = sink_spend(remote->sink, text.utf8.len_bytes, 0, err);
	return st == ST_OK ? sink_text(remote->sink, &place, text.utf8, err)
			   : st;
}

/* The bytes of a child into room, which has size_bytes. */
static enum status
remote_take_bytes(const struct remote *remote, uint8_t *room, size_t size_bytes,
		  struct err *err)
{
	size_t used = 0;

	while (used < size_bytes) {
		AUTO(frame_done) struct frame frame;
		AUTO(wire_arena_free) struct wire_arena *arena = NULL;
		struct remote_bytes chunk = { 0 };
		enum status st = ST_OK;

		frame_init(&frame);
		st = remote_receive(remote, &frame, err);
		if (st == ST_OK)
			st = frame_decode(&frame, &remote_bytes_table, &chunk,
					  &arena, err);
		if (st != ST_OK)
			return st;
		if (chunk.bytes.len_bytes > size_bytes - used)
			return err_set(err, ST_IO, "the reader sent too much");
		memcpy(room + used, chunk.bytes.ptr, chunk.bytes.len_bytes);
		used += chunk.bytes.len_bytes;
	}
	return ST_OK;
}

static enum status
remote_take_child(struct remote *remote, const struct frame *frame,
		  struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct remote_child child;
	uint8_t *bytes = NULL;
	enum status st =
		frame_decode(frame, &remote_child_table, &child, &arena, err);

	if (st == ST_OK)
		st = sink_spend(remote->sink, child.size_bytes, 0, err);
	if (st != ST_OK)
		return st;
	bytes = malloc(child.size_bytes + 1);
	if (bytes == NULL)
		return err_set(err, ST_NO_MEMORY, "remote: no memory");
	st = remote_take_bytes(remote, bytes, child.size_bytes, err);
	if (st == ST_OK) {
		const struct child hint = { .name = child.name,
					    .content_type = "",
					    .charset = "",
					    .attachment = true };

		st = sink_child(remote->sink, &hint,
				(struct span){ bytes, child.size_bytes },
				&bytes, err);
	}
	free(bytes);
	return st;
}

static enum status
remote_take_opaque(struct remote *remote, const struct frame *frame,
		   struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct remote_opaque opaque;
	const enum status st =
		frame_decode(frame, &remote_opaque_table, &opaque, &arena, err);

	return st == ST_OK ? sink_opaque(remote->sink, opaque.reason,
					 opaque.detail, err)
			   : st;
}

static enum status
remote_take_spend(struct remote *remote, const struct frame *frame,
		  struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct remote_spend spend;
	const enum status st =
		frame_decode(frame, &remote_spend_table, &spend, &arena, err);

	return st == ST_OK ? sink_spend(remote->sink, spend.len_bytes, 0, err)
			   : st;
}

static enum status
remote_take_cpu(struct remote *remote, const struct frame *frame,
		struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct remote_cpu cpu;
	const enum status st =
		frame_decode(frame, &remote_cpu_table, &cpu, &arena, err);

	if (st != ST_OK)
		return st;
	remote->terms->said_cpu = true;
	remote->terms->cpu_used_ms = cpu.used_ms;
	return ST_OK;
}

static enum status
remote_take_end(struct remote *remote, const struct frame *frame,
		struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct remote_end end;
	const enum status st =
		frame_decode(frame, &remote_end_table, &end, &arena, err);

	if (st != ST_OK)
		return st;
	remote->ended = true;
	remote->damaged = end.damaged;
	if (end.damaged)
		(void)!err_set(&remote->why, ST_FORMAT, "%s", end.why);
	return ST_OK;
}

static enum status
remote_take(struct remote *remote, const struct frame *frame, struct err *err)
{
	switch (frame->type) {
	case REMOTE_TEXT_TYPE:
		return remote_take_text(remote, frame, err);
	case REMOTE_BREAK_TYPE:
		return sink_break(remote->sink, err);
	case REMOTE_CHILD_TYPE:
		return remote_take_child(remote, frame, err);
	case REMOTE_OPAQUE_TYPE:
		return remote_take_opaque(remote, frame, err);
	case REMOTE_SPEND_TYPE:
		return remote_take_spend(remote, frame, err);
	case REMOTE_CPU_TYPE:
		return remote_take_cpu(remote, frame, err);
	case REMOTE_END_TYPE:
		return remote_take_end(remote, frame, err);
	default:
		return err_set(err, ST_IO, "the reader sent something else");
	}
}

enum status
remote_read(struct channel *channel, struct sink *sink, struct span body,
	    struct remote_terms *terms, struct err *err)
{
	struct remote remote = { .channel = channel,
				 .sink = sink,
				 .terms = terms };
	enum status st = remote_send_bytes(&remote, body, err);

	while (st == ST_OK && !remote.ended) {
		AUTO(frame_done) struct frame frame;

		frame_init(&frame);
		st = remote_receive(&remote, &frame, err);
		if (st == ST_OK)
			st = remote_take(&remote, &frame, err);
	}
	if (st != ST_OK || !remote.damaged)
		return st;
	*err = remote.why;
	return err->st;
}
