/*
 * web_program.h - what sekimori-desk and sekimori-portal are as programs.
 *
 * Layer:    quarantine-ui/program; includes lib/, the http and html of
 *           quarantine-ui
 * Threads:  all calls but handle() from the main thread
 *
 * Options, privileges, TLS, control socket, signals, reload, the drain at the
 * end. A program says in a struct web_program what it adds to that.
 */
#ifndef QUARANTINE_UI_PROGRAM_WEB_PROGRAM_H
#define QUARANTINE_UI_PROGRAM_WEB_PROGRAM_H

#include "quarantine-ui/html/view.h"
#include "quarantine-ui/http/server.h"

/* The program's section of the configuration; borrowed from that. */
struct web_settings {
	const char *section; /* "desk" */
	const char *user;
	const char *listen; /* "": the program has nothing to do, and ends */
	const char *certificate;
	const char *certificate_key;
	const char *client_ca; /* "" none */
	const char *trusted_proxy;
	size_t threads;
	size_t io_threads;
	size_t max_connections;
	uint64_t max_body_bytes;
	const char *vault_socket;
};

struct web_program {
	const char *name; /* "sekimori-desk" */
	const struct view_plan *plan;
	void (*read_settings)(const struct config *config,
			      struct web_settings *settings_out);
	/* What a view needs beside its plan; NULL: nothing. */
	enum status (*complete_view)(struct view *view, struct err *err);
	/* Make what answers; *view is taken over when that succeeds. */
	enum status (*make)(const struct web_settings *settings,
			    struct view **view, void **context_out,
			    struct err *err);
	void (*set_view)(void *context, struct view **view);
	void (*handle)(void *context, size_t worker,
		       const struct http_request *request,
		       struct http_response *response);
	/* The server is up; and: it will stop. NULL: nothing to do. */
	enum status (*serve)(void *context, struct http_server *server,
			     struct err *err);
	void (*stop)(void *context);
	/* The server has stopped. */
	void (*release)(void **context);
};

/* Be that program until it is told to end. Returns its exit status. */
int web_program_main(const struct web_program *program, int argc, char **argv);

#endif
