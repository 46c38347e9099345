#include "milter/serve.h"

#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/proc/notify.h"
#include "lib/proc/process.h"
#include "lib/proc/turns.h"
#include "lib/wire/control.h"
#include "milter/glue_libmilter.h"
#include "milter/links/settings.h"
#include "milter/policy/finish.h"

#define SERVE_PROGRAM "sekimori-milter"

enum { SERVE_PATH_BYTES = 4300, SERVE_POLL_MS = 500, SERVE_FREED_BYTE = 0x5a };

struct serve {
	const char *config_path;
	struct settings *settings;
	struct spool_budget budget;
	struct scan_pool *scans;
	struct vault_link *vault;
	struct pairs *pairs;
	struct finish finish;
	struct session_services services;
	const char *socket; /* the one listened on, whatever is reloaded */
	int control_fd;
	pthread_t control;
	pthread_t mails; /* libmilter's main */
	enum status ended;
	struct err ended_err;
	atomic_bool has_ended;
	atomic_bool stopping;
};

/* Bad news keeps the old configuration in force; the asker hears why. */
static enum status
serve_reload(void *context, struct err *err)
{
	struct serve *server = context;
	struct config *config = NULL;
	enum status st = ST_OK;

	NEGLECT(notify_tell(NOTIFY_RELOADING, NULL)); /* it is only shown */
	st = config_load(server->config_path, &config, err);
	if (st == ST_OK)
		st = settings_replace(server->settings, &config, err);
	config_free(&config);
	NEGLECT(notify_tell(NOTIFY_READY, NULL));
	log_event(st == ST_OK ? LOG_LEVEL_INFO : LOG_LEVEL_ERROR,
		  st == ST_OK ? "reloaded" : "reload-refused",
		  st == ST_OK ? NULL : err);
	return st;
}

static void *
serve_control(void *context)
{
	struct serve *server = context;
	const struct control_handler handler = { SERVE_PROGRAM, serve_reload,
						 server };

	while (!atomic_load(&server->stopping)) {
		struct pollfd poll_fd = { .fd = server->control_fd,
					  .events = POLLIN };

		if (poll(&poll_fd, 1, SERVE_POLL_MS) == 1)
			control_serve(server->control_fd, &handler);
	}
	return NULL;
}

/* Before the privileges go: the control socket belongs to our account. */
static enum status
serve_listen_control(struct serve *server, const struct config *config,
		     struct err *err)
{
	char path[SERVE_PATH_BYTES];
	uid_t uid = 0;
	gid_t gid = 0;
	enum status st = control_path(config->general.run_dir, SERVE_PROGRAM,
				      path, sizeof(path), err);

	if (st == ST_OK)
		st = channel_listen(path, 0600, &server->control_fd, err);
	if (st != ST_OK || geteuid() != 0)
		return st;
	st = process_find_user(config->milter.user, &uid, &gid, err);
	if (st == ST_OK && chown(path, uid, gid) != 0)
		st = err_set_errno(err, "%s: cannot give it away", path);
	return st;
}

/* A connection and a memory file for each session: as many as allowed. */
static void
serve_raise_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

/* Only root can give the socket away; others keep it. */
static enum status
serve_find_owner(const struct config *config, struct glue_owner *owner_out,
		 struct err *err)
{
	struct glue_owner owner = { (uid_t)-1, (gid_t)-1 };
	gid_t unused = 0;
	enum status st = ST_OK;

	if (geteuid() == 0)
		st = process_find_user(config->milter.user, &owner.uid, &unused,
				       err);
	if (st == ST_OK && geteuid() == 0)
		st = process_find_group(config->milter.socket_group, &owner.gid,
					err);
	if (st == ST_OK)
		*owner_out = owner;
	return st;
}

static enum status
serve_open(struct serve *server, const struct config *config, struct err *err)
{
	struct glue_owner owner = { 0, 0 };
	enum status st = scan_pool_new(config->scanner_socket,
				       (size_t)config->milter.scan_clients,
				       &server->scans, err);

	if (st == ST_OK)
		st = vault_link_new(config->vault_socket, &server->vault, err);
	if (st == ST_OK)
		st = serve_find_owner(config, &owner, err);
	if (st == ST_OK)
		st = serve_listen_control(server, config, err);
	if (st == ST_OK)
		st = glue_libmilter_open(config->milter.socket, &owner,
					 &server->services, err);
	if (st == ST_OK)
		st = process_drop_privileges(config->milter.user, err);
	return st;
}

static void *
serve_mails(void *context)
{
	struct serve *server = context;

	server->ended = glue_libmilter_run(&server->ended_err);
	atomic_store(&server->has_ended, true);
	return NULL;
}

static void
serve_signals(sigset_t *signals)
{
	(void)sigemptyset(signals);
	(void)sigaddset(signals, SIGTERM);
	(void)sigaddset(signals, SIGINT);
	(void)sigaddset(signals, SIGHUP);
}

static enum status
serve_start_threads(struct serve *server, struct err *err)
{
	sigset_t signals;
	enum status st = ST_OK;

	serve_signals(&signals);
	if (pthread_sigmask(SIG_BLOCK, &signals, NULL) != 0)
		return err_set(err, ST_IO, "milter: cannot block signals");
	st = pairs_new(server->vault, &server->pairs, err);
	if (st != ST_OK)
		return st;
	server->finish.pairs = server->pairs;
	if (pthread_create(&server->control, NULL, serve_control, server) !=
		    0 ||
	    pthread_create(&server->mails, NULL, serve_mails, server) != 0)
		return err_set(err, ST_IO, "milter: no thread");
	return ST_OK;
}

/* Until somebody stops us; SIGHUP reloads. */
static void
serve_wait(struct serve *server)
{
	const struct timespec pause = { 0, SERVE_POLL_MS * 1000000 };
	struct err err = { .st = ST_OK };
	sigset_t signals;
	int got = 0;

	serve_signals(&signals);
	while (!atomic_load(&server->has_ended) && got != SIGTERM &&
	       got != SIGINT) {
		got = sigtimedwait(&signals, NULL, &pause);
		if (got == SIGHUP)
			(void)serve_reload(server, &err);
	}
}

/* Mails in progress get their answers, then everything is given back. */
static void
serve_stop(struct serve *server)
{
	struct settings_snapshot *now = settings_hold(server->settings);
	const int64_t deadline_mono_ms =
		clock_mono_ms() + now->config->milter.drain_ms;
	struct err err = { .st = ST_OK };

	settings_release(server->settings, &now);
	NEGLECT(notify_tell(NOTIFY_STOPPING, NULL)); /* it is only shown */
	glue_libmilter_stop(server->socket);
	(void)pthread_join(server->mails, NULL);
	if (glue_libmilter_drain(deadline_mono_ms, &err) != ST_OK)
		log_event(LOG_LEVEL_WARNING, "drain-ended", &err);
	atomic_store(&server->stopping, true);
	(void)pthread_join(server->control, NULL);
	pairs_free(&server->pairs);
	log_event(LOG_LEVEL_INFO, "stopped", NULL);
}

static enum status
serve_run(struct serve *server, struct config **config_in, struct err *err)
{
	const struct config *config = *config_in;
	enum status st = ST_OK;

	server->finish = (struct finish){ .scans = NULL };
	server->services = (struct session_services){
		.budget = &server->budget,
		.finish = finish_mail,
		.finish_context = &server->finish,
	};
	server->socket = strdup(config->milter.socket);
	if (server->socket == NULL)
		return err_set(err, ST_NO_MEMORY, "milter: no memory");
	serve_raise_files();
	st = serve_open(server, config, err);
	if (st == ST_OK)
		st = settings_new(config_in, &server->settings, err);
	if (st != ST_OK)
		return st;
	server->services.settings = server->settings;
	server->finish.scans = server->scans;
	server->finish.vault = server->vault;
	st = serve_start_threads(server, err);
	if (st != ST_OK)
		return st;
	log_event(LOG_LEVEL_INFO, "started", NULL);
	st = notify_tell(NOTIFY_READY, err);
	if (st == ST_OK)
		serve_wait(server);
	serve_stop(server);
	if (st != ST_OK)
		return st;
	if (server->ended != ST_OK)
		*err = server->ended_err;
	return server->ended;
}

int
serve(struct config **config_in, const char *config_path)
{
	/* Callbacks that outlive the drain still use it. */
	static struct serve serve_state = { .control_fd = FD_NONE };
	struct err err = { .st = ST_OK };
	enum status st = process_harden(FD_NONE, &err);

	/* libmilter does not wipe what it frees, and mails that go out carry
	 * the secrets of links. main.c has turned off the caches that this
	 * does not reach. */
	(void)mallopt(M_PERTURB, SERVE_FREED_BYTE);
	/* What a mail needs of us is little, and an MTA waits for it. */
	turns_be_short();
	serve_state.config_path = config_path;
	/* Not before: hardening would close the connection of syslog() behind
	 * its back, and it would then close what has got its number. */
	log_open(SERVE_PROGRAM,
		 strcmp((*config_in)->general.log, "stderr") == 0
			 ? LOG_TARGET_STDERR
			 : LOG_TARGET_SYSLOG,
		 (*config_in)->general.debug);
	if (st == ST_OK)
		st = serve_run(&serve_state, config_in, &err);
	if (st == ST_OK)
		return EX_OK;
	log_event(LOG_LEVEL_ERROR, "failed", &err);
	return st == ST_FORMAT ? EX_CONFIG : EX_OSERR;
}
