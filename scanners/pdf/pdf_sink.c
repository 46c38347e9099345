#include "scanners/pdf/pdf_sink.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/base/clock.h"
#include "lib/base/parse.h"
#include "scanners/text/plain.h"
#include "scanners/text/utf8.h"

enum { MS_PER_S = 1000, NS_PER_MS = 1000000 };

static enum status
pdf_receive_frame(struct pdf_sink *sink, const struct wire_table *table,
		  void *message, struct wire_arena **arena_out, struct err *err)
{
	AUTO(frame_done) struct frame frame;
	enum status st = ST_OK;

	frame_init(&frame);
	st = channel_receive(&sink->channel, &frame, sink->deadline_mono_ms,
			     err);
	if (st == ST_END)
		return err_set(err, ST_IO, "pdf: who asked is gone");
	return st == ST_OK
		       ? frame_decode(&frame, table, message, arena_out, err)
		       : st;
}

static enum status
pdf_receive_bytes(struct pdf_sink *sink, uint8_t *bytes, size_t len_bytes,
		  struct err *err)
{
	size_t used = 0;

	while (used < len_bytes) {
		AUTO(wire_arena_free) struct wire_arena *arena = NULL;
		struct remote_bytes chunk = { 0 };
		const enum status st = pdf_receive_frame(
			sink, &remote_bytes_table, &chunk, &arena, err);

		if (st != ST_OK)
			return st;
		if (chunk.bytes.len_bytes == 0 ||
		    chunk.bytes.len_bytes > len_bytes - used)
			return err_set(err, ST_FORMAT,
				       "pdf: no bytes, or too many");
		memcpy(bytes + used, chunk.bytes.ptr, chunk.bytes.len_bytes);
		used += chunk.bytes.len_bytes;
	}
	return ST_OK;
}

enum status
pdf_sink_receive(struct pdf_sink *sink, uint8_t **bytes_out,
		 size_t *len_bytes_out, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct remote_document document = { 0 };
	uint8_t *bytes = NULL;
	enum status st = pdf_receive_frame(sink, &remote_document_table,
					   &document, &arena, err);

	if (st != ST_OK)
		return st;
	sink->deadline_mono_ms = clock_mono_ms() + document.wall_ms;
	sink->order = document;
	(void)snprintf(sink->password, sizeof(sink->password), "%s",
		       document.password);
	sink->order.password = sink->password;
	bytes = malloc(document.size_bytes + 1);
	if (bytes == NULL)
		return err_set(err, ST_NO_MEMORY, "pdf: no memory");
	st = pdf_receive_bytes(sink, bytes, document.size_bytes, err);
	if (st != ST_OK) {
		free(bytes);
		return st;
	}
	*bytes_out = bytes;
	*len_bytes_out = document.size_bytes;
	return ST_OK;
}

bool
pdf_sink_is_over(const struct pdf_sink *sink)
{
	return sink->err.st != ST_OK ||
	       clock_left_ms(sink->deadline_mono_ms) == 0;
}

static void
pdf_send(struct pdf_sink *sink, const struct wire_table *table,
	 const void *message)
{
	if (sink->err.st != ST_OK)
		return;
	sink->sending = true;
	NEGLECT(channel_send(&sink->channel, table, message, NULL, 0,
			     sink->deadline_mono_ms, &sink->err));
	sink->sending = false;
}

/* Names and titles come from the document: no controls, and not too long. */
static const char *
pdf_plain(const char *text, size_t max_bytes, struct sbuf *room)
{
	sbuf_init(room, max_bytes);
	if (text != NULL)
		text_add_plain(room, span_of(text), max_bytes);
	return sbuf_text(room);
}

/* Append text with U+FFFD for what is not UTF-8. */
static void
pdf_add_valid(struct sbuf *out, struct span text)
{
	size_t at = 0;

	if (parse_is_utf8(text)) {
		sbuf_add_span(out, text);
		return;
	}
	while (at < text.len_bytes)
		utf8_put(out, utf8_next(text, &at));
}

void
pdf_sink_text(struct pdf_sink *sink, const struct place *place,
	      const char *utf8)
{
	AUTO(sbuf_done) struct sbuf label;
	AUTO(sbuf_done) struct sbuf valid;
	struct remote_text text = {
		.kind = place->kind,
		.number = place->number,
		.label = pdf_plain(place->label, REMOTE_LABEL_BYTES, &label),
	};

	sbuf_init_secret(&valid, SIZE_MAX / 2);
	if (utf8 == NULL || utf8[0] == '\0')
		return;
	pdf_add_valid(&valid, span_of(utf8));
	if (valid.st != ST_OK) {
		(void)!err_set(&sink->err, valid.st, "pdf: no memory");
		return;
	}
	for (size_t at = 0; at < valid.len_bytes;) {
		size_t end = at + REMOTE_TEXT_BYTES;

		if (end >= valid.len_bytes)
			end = valid.len_bytes;
		else
			while ((valid.bytes[end] & 0xC0) == 0x80)
				end--;
		text.utf8 = (struct span){ valid.bytes + at, end - at };
		pdf_send(sink, &remote_text_table, &text);
		at = end;
	}
}

void
pdf_sink_break(struct pdf_sink *sink)
{
	static const struct remote_break one = { 1 };

	pdf_send(sink, &remote_break_table, &one);
}

void
pdf_sink_child(struct pdf_sink *sink, const char *name, struct span bytes)
{
	AUTO(sbuf_done) struct sbuf plain;
	const struct remote_child child = {
		.name = pdf_plain(name, REMOTE_LABEL_BYTES, &plain),
		.size_bytes = bytes.len_bytes,
	};

	pdf_send(sink, &remote_child_table, &child);
	for (size_t at = 0; at < bytes.len_bytes; at += REMOTE_CHUNK_BYTES) {
		const size_t left = bytes.len_bytes - at;
		struct remote_bytes chunk = { 0 };

		(void)span_cut(bytes, at,
			       left < REMOTE_CHUNK_BYTES ? left
							 : REMOTE_CHUNK_BYTES,
			       &chunk.bytes);
		pdf_send(sink, &remote_bytes_table, &chunk);
	}
}

void
pdf_sink_opaque(struct pdf_sink *sink, enum report_reason reason,
		const char *detail)
{
	const struct remote_opaque opaque = { reason, detail };

	pdf_send(sink, &remote_opaque_table, &opaque);
}

void
pdf_sink_spend(struct pdf_sink *sink, uint64_t len_bytes)
{
	const struct remote_spend spend = { len_bytes };

	pdf_send(sink, &remote_spend_table, &spend);
}

void
pdf_sink_end(struct pdf_sink *sink, const char *why)
{
	AUTO(sbuf_done) struct sbuf plain;
	const struct remote_end end = {
		.damaged = why != NULL,
		.why = pdf_plain(why, REMOTE_DETAIL_BYTES, &plain),
	};

	struct timespec used = { 0, 0 };
	struct remote_cpu cpu = { 0 };

	/* What was left out for want of time must not look like the end. */
	if (clock_left_ms(sink->deadline_mono_ms) == 0)
		pdf_sink_opaque(sink, REPORT_REASON_TIMEOUT,
				"pdf: not all of it in time");
	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) == 0)
		cpu.used_ms = (uint32_t)(used.tv_sec * MS_PER_S +
					 used.tv_nsec / NS_PER_MS);
	pdf_send(sink, &remote_cpu_table, &cpu);
	pdf_send(sink, &remote_end_table, &end);
}
