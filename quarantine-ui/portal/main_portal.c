/*
 * sekimori-portal - where recipients of secure links fetch their files. It
 * opens files with the secret that the recipient brings, and with nothing
 * else.
 */
#include "quarantine-ui/portal/portal.h"
#include "quarantine-ui/program/web_program.h"

enum { PORTAL_IO_THREADS = 2 };

static void
main_read_settings(const struct config *config,
		   struct web_settings *settings_out)
{
	const struct config_portal *portal = &config->portal;

	*settings_out = (struct web_settings){
		.section = "portal",
		.user = portal->user,
		.listen = portal->listen,
		.certificate = portal->certificate,
		.certificate_key = portal->certificate_key,
		.client_ca = portal->client_ca,
		.trusted_proxy = portal->trusted_proxy,
		.threads = (size_t)portal->threads,
		.io_threads = PORTAL_IO_THREADS,
		.max_connections = (size_t)portal->max_connections,
		.max_body_bytes = (uint64_t)portal->max_body_bytes,
		.vault_socket = config->vault_socket,
	};
}

static enum status
main_make(const struct web_settings *settings, struct view **view,
	  void **context_out, struct err *err)
{
	struct portal *portal = NULL;
	const enum status st = portal_new(view, settings->threads,
					  settings->vault_socket, &portal, err);

	if (st == ST_OK)
		*context_out = portal;
	return st;
}

static void
main_set_view(void *context, struct view **view)
{
	portal_set_view(context, view);
}

static void
main_release(void **context)
{
	struct portal *portal = *context;

	portal_free(&portal);
	*context = NULL;
}

int
main(int argc, char **argv)
{
	static const struct web_program program = {
		.name = "sekimori-portal",
		.plan = &portal_plan,
		.read_settings = main_read_settings,
		.complete_view = portal_complete_view,
		.make = main_make,
		.set_view = main_set_view,
		.handle = portal_handle,
		.release = main_release,
	};

	return web_program_main(&program, argc, argv);
}
