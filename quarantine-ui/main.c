/*
 * sekimori-desk - the pages and the API for approvers, senders, auditors and
 * admins. It keeps nothing and decides nothing: it asks the vault.
 */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lib/base/log.h"
#include "lib/proc/notify.h"
#include "lib/proc/process.h"
#include "lib/proc/program.h"
#include "lib/wire/control.h"
#include "quarantine-ui/desk/desk.h"
#include "quarantine-ui/desk/watcher.h"
#include "quarantine-ui/http/listen.h"
#include "quarantine-ui/http/server.h"

#define DESK_PROGRAM "sekimori-desk"

enum {
	DESK_PATH_BYTES = 4200,
	DESK_MAX_PEM_BYTES = 256 * 1024,
	DESK_TICK_MS = 1000,
	DESK_DRAIN_MS = 20000
};

struct program {
	const char *config_path;
	struct desk *desk;
	struct http_server *server;
	struct watcher *watcher;
	const struct view *first; /* the view of the start, kept for life */
	struct sbuf certificate;
	struct sbuf key;
	int listen_fd;
	int control_fd;
	int signal_fd;
};

static enum status
program_reload(void *context, struct err *err)
{
	struct program *program = context;
	struct config *config = NULL;
	struct view *view = NULL;
	enum status st = ST_OK;

	NEGLECT(notify_tell(NOTIFY_RELOADING, NULL)); /* it is only shown */
	st = config_load(program->config_path, &config, err);
	if (st == ST_OK)
		st = view_load_installed(&config, &view, err);
	if (st == ST_OK)
		desk_set_view(program->desk, &view);
	config_free(&config);
	NEGLECT(notify_tell(NOTIFY_READY, NULL));
	log_event(st == ST_OK ? LOG_LEVEL_INFO : LOG_LEVEL_ERROR,
		  st == ST_OK ? "reloaded" : "reload-refused",
		  st == ST_OK ? NULL : err);
	return st;
}

/* Certificate and key, or a proxy, or this host only. */
static enum status
program_read_tls(struct program *program, const struct config_desk *config,
		 bool loopback, struct err *err)
{
	const bool has_certificate = config->certificate[0] != '\0';

	if (has_certificate != (config->certificate_key[0] != '\0'))
		return err_set(err, ST_FORMAT,
			       "desk: certificate and certificate_key belong "
			       "together");
	if (has_certificate) {
		const enum status st = fd_slurp_file(
			config->certificate, &program->certificate, err);

		return st != ST_OK ? st
				   : fd_slurp_file(config->certificate_key,
						   &program->key, err);
	}
	if (config->trusted_proxy[0] != '\0')
		return ST_OK;
	if (!loopback)
		return err_set(err, ST_FORMAT,
			       "desk: without certificate and trusted_proxy "
			       "it may only listen on this host, not on %s",
			       config->listen);
	log_event(LOG_LEVEL_WARNING, "no-tls-loopback-only", NULL);
	return ST_OK;
}

/* Everything that needs privileges, then without them. */
static enum status
program_prepare(struct program *program, const struct config *config,
		struct err *err)
{
	char path[DESK_PATH_BYTES];
	bool loopback = false;
	enum status st = listen_open(config->desk.listen, &program->listen_fd,
				     &loopback, err);

	if (st == ST_OK)
		st = program_read_tls(program, &config->desk, loopback, err);
	if (st == ST_OK)
		st = control_path(config->general.run_dir, DESK_PROGRAM, path,
				  sizeof(path), err);
	if (st == ST_OK)
		st = channel_listen(path, 0600, &program->control_fd, err);
	if (st == ST_OK)
		st = process_drop_privileges(config->desk.user, err);
	if (st == ST_OK)
		st = process_signal_fd(&program->signal_fd, err);
	return st;
}

static size_t
program_listeners(void *context)
{
	return http_server_streams(context);
}

static void
program_publish(void *context, uint64_t revision)
{
	http_server_publish(context, revision);
}

static enum status
program_watch(struct program *program, struct err *err)
{
	const struct watcher_options options = {
		.vault_socket = program->first->config->vault_socket,
		.desk = program->desk,
		.listeners = program_listeners,
		.publish = program_publish,
		.context = program->server,
	};

	return watcher_start(&options, &program->watcher, err);
}

static enum status
program_start(struct program *program, struct view **view, struct err *err)
{
	const struct config *config = (*view)->config;
	const struct config_desk *desk = &config->desk;
	const bool tls = program->certificate.len_bytes > 0;
	struct http_server_options options = {
		.listen_fd = program->listen_fd,
		.certificate = tls ? sbuf_text(&program->certificate) : NULL,
		.key = tls ? sbuf_text(&program->key) : NULL,
		.trusted_proxy = desk->trusted_proxy,
		.threads = (size_t)desk->threads,
		.max_connections = (size_t)desk->max_connections,
		.max_body_bytes = (uint64_t)desk->max_body_bytes,
		.handle = desk_handle,
	};
	enum status st = desk_new(view, options.threads, config->vault_socket,
				  &program->desk, err);

	if (st != ST_OK)
		return st;
	/* Paths and addresses of the start are used as long as we live. */
	program->first = desk_take_view(program->desk);
	options.context = program->desk;
	program->listen_fd = FD_NONE;
	st = http_server_start(&options, &program->server, err);
	sbuf_done(&program->key);
	return st == ST_OK ? program_watch(program, err) : st;
}

static void
program_serve(struct program *program)
{
	const struct control_handler handler = { .program = DESK_PROGRAM,
						 .reload = program_reload,
						 .context = program };

	for (;;) {
		struct pollfd fds[] = {
			{ .fd = program->signal_fd, .events = POLLIN },
			{ .fd = program->control_fd, .events = POLLIN },
		};
		const int ready = poll(fds, ARRAY_LEN(fds), DESK_TICK_MS);

		http_server_tick(program->server);
		if (ready <= 0)
			continue;
		if (fds[0].revents != 0 &&
		    program_take_signals(program->signal_fd, program_reload,
					 program))
			return;
		if (fds[1].revents != 0)
			control_serve(program->control_fd, &handler);
	}
}

static enum status
program_run(struct program *program, struct err *err)
{
	struct config *config = NULL;
	struct view *view = NULL;
	enum status st = config_load(program->config_path, &config, err);

	if (st != ST_OK)
		return st;
	log_open(DESK_PROGRAM,
		 strcmp(config->general.log, "syslog") == 0 ? LOG_TARGET_SYSLOG
							    : LOG_TARGET_STDERR,
		 config->general.debug);
	st = view_load_installed(&config, &view, err);
	config_free(&config);
	if (st == ST_OK)
		st = program_prepare(program, view->config, err);
	if (st == ST_OK)
		st = program_start(program, &view, err);
	view_free(&view);
	if (st != ST_OK)
		return st;
	log_event(LOG_LEVEL_INFO, "started", NULL);
	st = notify_tell(NOTIFY_READY, err);
	if (st == ST_OK)
		program_serve(program);
	NEGLECT(notify_tell(NOTIFY_STOPPING, NULL)); /* it is only shown */
	watcher_stop(&program->watcher);
	http_server_stop(&program->server, DESK_DRAIN_MS);
	log_event(LOG_LEVEL_INFO, "stopped", NULL);
	return st;
}

static void
program_done(struct program *program)
{
	watcher_stop(&program->watcher);
	http_server_stop(&program->server, 0);
	if (program->first != NULL)
		desk_release_view(program->desk, program->first);
	desk_free(&program->desk);
	sbuf_done(&program->certificate);
	sbuf_done(&program->key);
	fd_close(&program->listen_fd);
	fd_close(&program->control_fd);
	fd_close(&program->signal_fd);
}

int
main(int argc, char **argv)
{
	struct program program = {
		.config_path = SEKIMORI_SYSCONFDIR "/sekimori/sekimori.conf",
		.listen_fd = FD_NONE,
		.control_fd = FD_NONE,
		.signal_fd = FD_NONE,
	};
	struct err err = { .st = ST_OK };
	enum status st = ST_OK;
	const int code =
		program_options(DESK_PROGRAM, argc, argv, &program.config_path);

	if (code != PROGRAM_GOES_ON)
		return code;
	log_open(DESK_PROGRAM, LOG_TARGET_STDERR, false);
	sbuf_init(&program.certificate, DESK_MAX_PEM_BYTES);
	sbuf_init_secret(&program.key, DESK_MAX_PEM_BYTES);
	tzset();
	st = process_harden(FD_NONE, &err);
	if (st == ST_OK)
		st = program_run(&program, &err);
	program_done(&program);
	return program_exit_status(st, &err);
}
