/*
 * control.h - the control socket of a daemon: ping, reload, stop.
 *
 * Layer:    lib/wire
 * Threads:  control_serve() may run on any one thread
 *
 * Each daemon listens on run_dir/<name>/<name>.ctl (mode 0600 of its
 * account; root may connect). A reload loads and checks the new file first;
 * when it is bad the old configuration stays in force and the answer says why.
 */
#ifndef LIB_WIRE_CONTROL_H
#define LIB_WIRE_CONTROL_H

#include "lib/wire/channel.h"

enum control_verb {
	CONTROL_NONE = 0,
	CONTROL_PING,
	CONTROL_RELOAD,
	CONTROL_END
};
struct control_request {
	enum control_verb verb;
};
struct control_answer {
	bool done;
	const char *text; /* program and version, or why not */
};
extern const struct wire_table control_request_table; /* type 0x0010 */
extern const struct wire_table control_answer_table;  /* type 0x0011 */

/* Path of a program's control socket; "sekimori-vault" -> …/vault/vault.ctl */
MUST_CHECK enum status
control_path(const char *run_dir, const char *program, char *path,
	     size_t path_bytes, struct err *err);

struct control_handler {
	const char *program;
	/* ST_OK, or err says why the old configuration stays. */
	enum status (*reload)(void *context, struct err *err);
	void *context;
};

/* Accept one connection of listen_fd and serve it until it closes or
 * 5 s are over. Only root and our own uid may ask. */
void control_serve(int listen_fd, const struct control_handler *handler);

/* Ask a daemon. Returns: ST_OK; ST_DENIED it refused, err has its words;
 * ST_IO not reachable */
MUST_CHECK enum status
control_ask(const char *path, enum control_verb verb, struct err *err);

#endif
