/*
 * sekimori-desk - the pages and the API for approvers, senders, auditors and
 * admins. It keeps nothing and decides nothing: it asks the vault.
 */
#include <stdlib.h>

#include "quarantine-ui/desk/desk.h"
#include "quarantine-ui/desk/watcher.h"
#include "quarantine-ui/program/web_program.h"

struct desk_program {
	struct desk *desk;
	struct watcher *watcher;
	const char *vault_socket;
};

static void
main_read_settings(const struct config *config,
		   struct web_settings *settings_out)
{
	const struct config_desk *desk = &config->desk;

	*settings_out = (struct web_settings){
		.section = "desk",
		.user = desk->user,
		.listen = desk->listen,
		.certificate = desk->certificate,
		.certificate_key = desk->certificate_key,
		.client_ca = "",
		.trusted_proxy = desk->trusted_proxy,
		.threads = (size_t)desk->threads,
		.max_connections = (size_t)desk->max_connections,
		.max_body_bytes = (uint64_t)desk->max_body_bytes,
		.vault_socket = config->vault_socket,
	};
}

static enum status
main_make(const struct web_settings *settings, struct view **view,
	  void **context_out, struct err *err)
{
	struct desk_program *program = calloc(1, sizeof(*program));
	enum status st = ST_OK;

	if (program == NULL)
		return err_set(err, ST_NO_MEMORY, "desk: no memory");
	program->vault_socket = settings->vault_socket;
	st = desk_new(view, settings->threads, settings->vault_socket,
		      &program->desk, err);
	if (st == ST_OK)
		*context_out = program;
	else
		free(program);
	return st;
}

static void
main_set_view(void *context, struct view **view)
{
	const struct desk_program *program = context;

	desk_set_view(program->desk, view);
}

static void
main_handle(void *context, size_t worker, const struct http_request *request,
	    struct http_response *response)
{
	const struct desk_program *program = context;

	desk_handle(program->desk, worker, request, response);
}

static size_t
main_listeners(void *context)
{
	return http_server_streams(context);
}

static void
main_publish(void *context, uint64_t revision)
{
	http_server_publish(context, revision);
}

static enum status
main_serve(void *context, struct http_server *server, struct err *err)
{
	struct desk_program *program = context;
	const struct watcher_options options = {
		.vault_socket = program->vault_socket,
		.desk = program->desk,
		.listeners = main_listeners,
		.publish = main_publish,
		.context = server,
	};

	return watcher_start(&options, &program->watcher, err);
}

static void
main_stop(void *context)
{
	struct desk_program *program = context;

	watcher_stop(&program->watcher);
}

static void
main_release(void **context)
{
	struct desk_program *program = *context;

	desk_free(&program->desk);
	free(program);
	*context = NULL;
}

int
main(int argc, char **argv)
{
	static const struct web_program program = {
		.name = "sekimori-desk",
		.plan = &desk_plan,
		.read_settings = main_read_settings,
		.make = main_make,
		.set_view = main_set_view,
		.handle = main_handle,
		.serve = main_serve,
		.stop = main_stop,
		.release = main_release,
	};

	return web_program_main(&program, argc, argv);
}
