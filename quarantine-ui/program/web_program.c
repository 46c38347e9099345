#include "quarantine-ui/program/web_program.h"

#include <poll.h>
#include <string.h>
#include <time.h>

#include "lib/base/fd.h"
#include "lib/base/log.h"
#include "lib/proc/notify.h"
#include "lib/proc/process.h"
#include "lib/proc/program.h"
#include "lib/wire/control.h"
#include "quarantine-ui/http/listen.h"

enum {
	WEB_PATH_BYTES = 4200,
	WEB_MAX_PEM_BYTES = 256 * 1024,
	WEB_TICK_MS = 1000,
	WEB_DRAIN_MS = 20000
};

struct web {
	const struct web_program *program;
	const char *config_path;
	struct config *config; /* of the start, kept for life */
	struct web_settings settings;
	void *context;
	struct http_server *server;
	struct sbuf certificate;
	struct sbuf key;
	struct sbuf client_ca;
	int listen_fd;
	int control_fd;
	int signal_fd;
};

static enum status
web_load_view(const struct web *web, struct view **view_out, struct err *err)
{
	struct config *config = NULL;
	AUTO(view_free) struct view *view = NULL;
	enum status st = config_load(web->config_path, &config, err);

	if (st == ST_OK)
		st = view_load_installed(web->program->plan, &config, &view,
					 err);
	if (st == ST_OK && web->program->complete_view != NULL)
		st = web->program->complete_view(view, err);
	if (st == ST_OK)
		*view_out = MOVE(view);
	config_free(&config);
	return st;
}

static enum status
web_reload(void *context, struct err *err)
{
	struct web *web = context;
	struct view *view = NULL;
	enum status st = ST_OK;

	NEGLECT(notify_tell(NOTIFY_RELOADING, NULL)); /* it is only shown */
	st = web_load_view(web, &view, err);
	if (st == ST_OK)
		web->program->set_view(web->context, &view);
	NEGLECT(notify_tell(NOTIFY_READY, NULL));
	log_event(st == ST_OK ? LOG_LEVEL_INFO : LOG_LEVEL_ERROR,
		  st == ST_OK ? "reloaded" : "reload-refused",
		  st == ST_OK ? NULL : err);
	return st;
}

/* Certificate and key, or a proxy, or this host only. */
static enum status
web_read_tls(struct web *web, bool loopback, struct err *err)
{
	const struct web_settings *settings = &web->settings;
	const bool has_certificate = settings->certificate[0] != '\0';
	enum status st = ST_OK;

	if (has_certificate != (settings->certificate_key[0] != '\0'))
		return err_set(err, ST_FORMAT,
			       "%s: certificate and certificate_key belong "
			       "together",
			       settings->section);
	if (settings->client_ca[0] != '\0')
		st = fd_slurp_file(settings->client_ca, &web->client_ca, err);
	if (st == ST_OK && has_certificate)
		st = fd_slurp_file(settings->certificate, &web->certificate,
				   err);
	if (st == ST_OK && has_certificate)
		st = fd_slurp_file(settings->certificate_key, &web->key, err);
	if (st != ST_OK || has_certificate ||
	    settings->trusted_proxy[0] != '\0')
		return st;
	if (!loopback)
		return err_set(err, ST_FORMAT,
			       "%s: without certificate and trusted_proxy "
			       "it may only listen on this host, not on %s",
			       settings->section, settings->listen);
	log_event(LOG_LEVEL_WARNING, "no-tls-loopback-only", NULL);
	return ST_OK;
}

/* Everything that needs privileges, then without them. */
static enum status
web_prepare(struct web *web, struct err *err)
{
	char path[WEB_PATH_BYTES];
	bool loopback = false;
	enum status st = listen_open(web->settings.listen, &web->listen_fd,
				     &loopback, err);

	if (st == ST_OK)
		st = web_read_tls(web, loopback, err);
	if (st == ST_OK)
		st = control_path(web->config->general.run_dir,
				  web->program->name, path, sizeof(path), err);
	if (st == ST_OK)
		st = channel_listen(path, 0600, &web->control_fd, err);
	if (st == ST_OK)
		st = process_drop_privileges(web->settings.user, err);
	if (st == ST_OK)
		st = process_signal_fd(&web->signal_fd, err);
	return st;
}

static const char *
web_pem(const struct sbuf *pem)
{
	return pem->len_bytes > 0 ? sbuf_text(pem) : NULL;
}

static enum status
web_start(struct web *web, struct view **view, struct err *err)
{
	const struct web_settings *settings = &web->settings;
	struct http_server_options options = {
		.listen_fd = web->listen_fd,
		.certificate = web_pem(&web->certificate),
		.key = web_pem(&web->key),
		.client_ca = web_pem(&web->client_ca),
		.trusted_proxy = settings->trusted_proxy,
		.threads = settings->threads,
		.io_threads = settings->io_threads,
		.max_connections = settings->max_connections,
		/* Nobody keeps all others out; a proxy is everybody. */
		.max_of_address = settings->trusted_proxy[0] == '\0'
					  ? settings->max_connections * 3 / 4
					  : 0,
		.max_body_bytes = settings->max_body_bytes,
		.handle = web->program->handle,
	};
	enum status st = web->program->make(settings, view, &web->context, err);

	if (st != ST_OK)
		return st;
	options.context = web->context;
	web->listen_fd = FD_NONE;
	st = http_server_start(&options, &web->server, err);
	sbuf_done(&web->key);
	return st == ST_OK && web->program->serve != NULL
		       ? web->program->serve(web->context, web->server, err)
		       : st;
}

static void
web_serve(struct web *web)
{
	const struct control_handler handler = { .program = web->program->name,
						 .reload = web_reload,
						 .context = web };

	for (;;) {
		struct pollfd fds[] = {
			{ .fd = web->signal_fd, .events = POLLIN },
			{ .fd = web->control_fd, .events = POLLIN },
		};
		const int ready = poll(fds, ARRAY_LEN(fds), WEB_TICK_MS);

		http_server_tick(web->server);
		if (ready <= 0)
			continue;
		if (fds[0].revents != 0 &&
		    program_take_signals(web->signal_fd, web_reload, web))
			return;
		if (fds[1].revents != 0)
			control_serve(web->control_fd, &handler);
	}
}

static void
web_stop(struct web *web, int64_t drain_ms)
{
	if (web->context != NULL && web->program->stop != NULL)
		web->program->stop(web->context);
	http_server_stop(&web->server, drain_ms);
}

static enum status
web_run_server(struct web *web, struct err *err)
{
	AUTO(view_free) struct view *view = NULL;
	enum status st = web_load_view(web, &view, err);

	if (st == ST_OK)
		st = web_prepare(web, err);
	if (st == ST_OK)
		st = web_start(web, &view, err);
	if (st != ST_OK)
		return st;
	log_event(LOG_LEVEL_INFO, "started", NULL);
	st = notify_tell(NOTIFY_READY, err);
	if (st == ST_OK)
		web_serve(web);
	NEGLECT(notify_tell(NOTIFY_STOPPING, NULL)); /* it is only shown */
	web_stop(web, WEB_DRAIN_MS);
	log_event(LOG_LEVEL_INFO, "stopped", NULL);
	return st;
}

static enum status
web_run(struct web *web, struct err *err)
{
	const struct config *config = NULL;
	const enum status st = config_load(web->config_path, &web->config, err);

	if (st != ST_OK)
		return st;
	config = web->config;
	log_open(web->program->name,
		 strcmp(config->general.log, "syslog") == 0 ? LOG_TARGET_SYSLOG
							    : LOG_TARGET_STDERR,
		 config->general.debug);
	web->program->read_settings(config, &web->settings);
	if (web->settings.listen[0] != '\0')
		return web_run_server(web, err);
	/* systemd takes an end before "ready" for a failure. */
	log_event(LOG_LEVEL_INFO, "not-wanted", NULL);
	NEGLECT(notify_tell(NOTIFY_READY, NULL));
	NEGLECT(notify_tell(NOTIFY_STOPPING, NULL));
	return ST_OK;
}

static void
web_done(struct web *web)
{
	web_stop(web, 0);
	if (web->context != NULL)
		web->program->release(&web->context);
	sbuf_done(&web->certificate);
	sbuf_done(&web->key);
	sbuf_done(&web->client_ca);
	fd_close(&web->listen_fd);
	fd_close(&web->control_fd);
	fd_close(&web->signal_fd);
	config_free(&web->config);
}

int
web_program_main(const struct web_program *program, int argc, char **argv)
{
	struct web web = {
		.program = program,
		.config_path = SEKIMORI_SYSCONFDIR "/sekimori/sekimori.conf",
		.listen_fd = FD_NONE,
		.control_fd = FD_NONE,
		.signal_fd = FD_NONE,
	};
	struct err err = { .st = ST_OK };
	enum status st = ST_OK;
	const int code =
		program_options(program->name, argc, argv, &web.config_path);

	if (code != PROGRAM_GOES_ON)
		return code;
	log_open(program->name, LOG_TARGET_STDERR, false);
	sbuf_init(&web.certificate, WEB_MAX_PEM_BYTES);
	sbuf_init_secret(&web.key, WEB_MAX_PEM_BYTES);
	sbuf_init(&web.client_ca, WEB_MAX_PEM_BYTES);
	tzset();
	st = process_harden(FD_NONE, &err);
	if (st == ST_OK)
		st = web_run(&web, &err);
	web_done(&web);
	return program_exit_status(st, &err);
}
