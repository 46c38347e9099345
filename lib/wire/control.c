#include "lib/wire/control.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/base/clock.h"

enum {
	CONTROL_SERVE_MS = 5000,
	CONTROL_PING_MS = 3000,
	CONTROL_RELOAD_MS = 30000, /* files are read and checked */
	CONTROL_MAX_TEXT_BYTES = 400
};

static const struct wire_field control_request_fields[] = {
	WIRE_ENUM_F(struct control_request, verb, CONTROL_PING,
		    CONTROL_END - 1),
};
WIRE_TABLE(control_request_table, 0x0010, 1, control_request,
	   control_request_fields);

/* TEXT, not UTF8: a reason that was cut may end inside a character. */
static const struct wire_field control_answer_fields[] = {
	WIRE_BOOL_F(struct control_answer, done),
	WIRE_TEXT_F(struct control_answer, text, 0, CONTROL_MAX_TEXT_BYTES),
};
WIRE_TABLE(control_answer_table, 0x0011, 1, control_answer,
	   control_answer_fields);

enum status
control_path(const char *run_dir, const char *program, char *path,
	     size_t path_bytes, struct err *err)
{
	static const char prefix[] = "sekimori-";
	const char *name = program;

	if (strncmp(program, prefix, sizeof(prefix) - 1) == 0)
		name = program + sizeof(prefix) - 1;
	const int len =
		snprintf(path, path_bytes, "%s/%s/%s.ctl", run_dir, name, name);

	if (len < 0 || (size_t)len >= path_bytes)
		return err_set(err, ST_LIMIT,
			       "%s: path of the control socket is too long",
			       run_dir);
	return ST_OK;
}

/* Receive one request and answer it. */
static enum status
control_serve_one(struct channel *channel,
		  const struct control_handler *handler,
		  int64_t deadline_mono_ms, struct err *err)
{
	AUTO(frame_done) struct frame frame;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct control_request request = { CONTROL_NONE };
	struct err why = { 0 };
	char text[CONTROL_MAX_TEXT_BYTES];
	struct control_answer answer = { true, text };
	enum status st = ST_OK;

	frame_init(&frame);
	st = channel_receive(channel, &frame, deadline_mono_ms, err);
	if (st == ST_OK)
		st = frame_decode(&frame, &control_request_table, &request,
				  &arena, err);
	if (st != ST_OK)
		return st;
	if (request.verb == CONTROL_RELOAD)
		answer.done = handler->reload(handler->context, &why) == ST_OK;
	if (answer.done)
		(void)snprintf(text, sizeof(text), "%s %s", handler->program,
			       SEKIMORI_VERSION);
	else
		(void)snprintf(text, sizeof(text), "%s", why.text);
	return channel_send(channel, &control_answer_table, &answer, NULL, 0,
			    clock_mono_ms() + CONTROL_SERVE_MS, err);
}

void
control_serve(int listen_fd, const struct control_handler *handler)
{
	const int64_t deadline_mono_ms = clock_mono_ms() + CONTROL_SERVE_MS;
	AUTO(channel_close) struct channel channel = { .fd = FD_NONE };
	struct err err = { 0 };
	AUTO(fd_close)
	int fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0 || channel_open(fd, &channel, &err) != ST_OK)
		return;
	(void)FD_MOVE(fd);
	if (channel.peer.uid != 0 && channel.peer.uid != geteuid())
		return;
	while (control_serve_one(&channel, handler, deadline_mono_ms, &err) ==
	       ST_OK)
		;
}

enum status
control_ask(const char *path, enum control_verb verb, struct err *err)
{
	const struct control_request request = { verb };
	const int64_t deadline_mono_ms =
		clock_mono_ms() +
		(verb == CONTROL_PING ? CONTROL_PING_MS : CONTROL_RELOAD_MS);
	AUTO(channel_close) struct channel channel = { .fd = FD_NONE };
	AUTO(frame_done) struct frame frame;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct control_answer answer = { false, NULL };
	enum status st = ST_OK;

	frame_init(&frame);
	st = channel_connect(path, &channel, err);
	if (st == ST_OK)
		st = channel_send(&channel, &control_request_table, &request,
				  NULL, 0, deadline_mono_ms, err);
	if (st == ST_OK)
		st = channel_receive(&channel, &frame, deadline_mono_ms, err);
	if (st == ST_OK)
		st = frame_decode(&frame, &control_answer_table, &answer,
				  &arena, err);
	if (st == ST_END)
		return err_set(err, ST_IO,
			       "%s: closed without an answer (only root and "
			       "the daemon's own account may ask)",
			       path);
	if (st != ST_OK) {
		/* Whatever it was, the caller can only say "not reachable". */
		if (err != NULL)
			err->st = ST_IO;
		return ST_IO;
	}
	if (!answer.done)
		return err_set(err, ST_DENIED, "%s", answer.text);
	return ST_OK;
}
