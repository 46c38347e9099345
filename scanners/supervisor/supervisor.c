#include "scanners/supervisor/supervisor.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/proc/notify.h"
#include "lib/proc/process.h"
#include "lib/proc/turns.h"
#include "lib/wire/control.h"
#include "scanners/supervisor/client.h"
#include "scanners/supervisor/lender.h"
#include "scanners/supervisor/supervisor_pools.h"

enum {
	SUPERVISOR_MAX_PEERS = 4,
	/* Clients beside those that the queue could hold. */
	SUPERVISOR_SPARE_CLIENTS = 256,
	SUPERVISOR_PAUSE_MS = 200, /* after accept() failed */
	SUPERVISOR_SOCKET_MODE = 0666
};

struct supervisor {
	struct client_host host; /* first: the clients' way back to us */
	const struct supervisor_options *options;
	struct config *config;
	int words_fd; /* what the configuration adds to the words */
	struct loop loop;
	struct pool pools[POOL_COUNT];
	struct template templates[TEMPLATE_COUNT];
	struct lender lender;
	struct supervisor_programs programs;
	struct watch signals;
	struct watch listener;
	struct watch control;
	int signal_fd;
	int listen_fd;
	int control_fd;
	uid_t peers[SUPERVISOR_MAX_PEERS];
	size_t peer_count;
	int64_t listen_again_mono_ms; /* 0: listening */
	bool stopping;
	int64_t stop_mono_ms; /* drained or not */
};

static enum status
supervisor_load(const struct supervisor_options *options,
		struct config **config_out, int *words_fd_out, struct err *err)
{
	AUTO(config_free) struct config *config = NULL;
	enum status st =
		options->config_path == NULL
			? config_defaults(&config, err)
			: config_load(options->config_path, &config, err);

	if (st == ST_OK)
		st = words_pack(config->scanner.words, &config->words,
				words_fd_out, err);
	if (st == ST_OK)
		*config_out = MOVE(config);
	return st;
}

static struct supervisor_view
supervisor_view(struct supervisor *supervisor)
{
	return (struct supervisor_view){
		.config = supervisor->config,
		.programs = &supervisor->programs,
		.lender = &supervisor->lender,
		.templates = supervisor->templates,
		.words_fd = supervisor->words_fd,
		.max_input_bytes = supervisor->host.max_input_bytes,
		.private = supervisor->options->channel_fd != FD_NONE,
	};
}

/* New settings for what has workers already. */
static void
supervisor_change_pools(struct supervisor *supervisor)
{
	const struct supervisor_view view = supervisor_view(supervisor);

	for (size_t i = 0; i < TEMPLATE_COUNT; i++) {
		const struct template_settings settings =
			supervisor_template_settings(
				&view, (enum supervisor_template)i);

		template_change(&supervisor->templates[i], &settings);
	}
	for (size_t i = 0; i < POOL_COUNT; i++) {
		const struct pool_settings settings = supervisor_pool_settings(
			&view, (enum supervisor_pool)i);

		pool_change(&supervisor->pools[i], &settings);
	}
}

static void
supervisor_init_pools(struct supervisor *supervisor)
{
	const struct supervisor_view view = supervisor_view(supervisor);

	for (size_t i = 0; i < TEMPLATE_COUNT; i++) {
		const struct template_settings settings =
			supervisor_template_settings(
				&view, (enum supervisor_template)i);

		template_init(&supervisor->templates[i], &supervisor->loop,
			      &settings);
	}
	for (size_t i = 0; i < POOL_COUNT; i++) {
		const struct pool_settings settings = supervisor_pool_settings(
			&view, (enum supervisor_pool)i);

		pool_init(&supervisor->pools[i], &supervisor->loop, &settings);
	}
}

/* What of the configuration can change while we run. */
static void
supervisor_apply_config(struct supervisor *supervisor)
{
	const struct config *config = supervisor->config;

	supervisor->host.max_input_bytes =
		(uint64_t)config->milter.max_message_bytes;
	/* Twice a whole attempt, and as long again in the queue. */
	supervisor->host.longest_ms =
		3 * BACKGROUND_FACTOR * config->scanner.hard_stop_ms;
}

/* ---- clients ---- */

static struct pool *
supervisor_pool(struct client_host *host, enum scan_priority priority)
{
	struct supervisor *supervisor = (struct supervisor *)host;

	/* A private instance has one worker for everything. */
	if (supervisor->options->channel_fd != FD_NONE ||
	    priority != SCAN_PRIORITY_BACKGROUND)
		return &supervisor->pools[POOL_MAIL];
	return &supervisor->pools[POOL_BACKGROUND];
}

static const char *
supervisor_refusal(struct client_host *host)
{
	const struct supervisor *supervisor = (struct supervisor *)host;

	return supervisor->stopping ? "the scanner is stopping" : NULL;
}

static void
supervisor_client_left(struct client_host *host)
{
	struct supervisor *supervisor = (struct supervisor *)host;

	/* A private instance lives for its one client. */
	if (supervisor->options->channel_fd != FD_NONE &&
	    !supervisor->stopping) {
		supervisor->stopping = true;
		supervisor->stop_mono_ms = 0;
	}
}

static bool
supervisor_knows(const struct supervisor *supervisor, uid_t uid)
{
	for (size_t i = 0; i < supervisor->peer_count; i++) {
		if (supervisor->peers[i] == uid)
			return true;
	}
	return false;
}

/* Who may ask: root, the milter's and the courier's accounts; where nobody
 * is root, the one account that runs everything. */
static void
supervisor_set_peers(struct supervisor *supervisor)
{
	const char *const users[] = { supervisor->config->milter.user,
				      supervisor->config->courier.user };

	supervisor->peers[supervisor->peer_count++] = 0;
	if (geteuid() != 0)
		supervisor->peers[supervisor->peer_count++] = geteuid();
	for (size_t i = 0; i < ARRAY_LEN(users); i++) {
		struct err err = { .st = ST_OK };
		uid_t uid = 0;
		gid_t gid = 0;

		if (process_find_user(users[i], &uid, &gid, &err) == ST_OK)
			supervisor->peers[supervisor->peer_count++] = uid;
		else if (geteuid() == 0)
			log_event(LOG_LEVEL_WARNING, "peer-account-missing",
				  &err);
	}
}

static enum status
supervisor_check_peer(const struct supervisor *supervisor, int fd,
		      struct err *err)
{
	const size_t max_clients = (size_t)supervisor->config->scanner.queue +
				   (size_t)supervisor->config->scanner.workers +
				   SUPERVISOR_SPARE_CLIENTS;
	struct channel channel = { .fd = FD_NONE };
	const enum status st = channel_open(fd, &channel, err);

	if (st != ST_OK)
		return st;
	if (!supervisor_knows(supervisor, channel.peer.uid))
		return err_set(err, ST_DENIED, "scanner: uid %u may not ask",
			       (unsigned)channel.peer.uid);
	if (supervisor->host.client_count >= max_clients)
		return err_set(err, ST_LIMIT, "scanner: %zu clients already",
			       supervisor->host.client_count);
	return ST_OK;
}

static void
supervisor_pause_listening(struct supervisor *supervisor)
{
	struct err err = { .st = ST_OK };

	/* Out of descriptors: asking again at once would only spin. */
	(void)!err_set_errno(&err, "scanner: cannot accept");
	log_event(LOG_LEVEL_ERROR, "accept-failed", &err);
	loop_remove(&supervisor->loop, supervisor->listen_fd);
	supervisor->listen_again_mono_ms =
		clock_mono_ms() + SUPERVISOR_PAUSE_MS;
}

static void
supervisor_accept(struct watch *watch, uint32_t events)
{
	struct supervisor *supervisor = watch->owner;
	struct err err = { .st = ST_OK };
	AUTO(fd_close)
	int fd = accept4(supervisor->listen_fd, NULL, NULL,
			 SOCK_CLOEXEC | SOCK_NONBLOCK);

	(void)events;
	if (fd < 0) {
		if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
			supervisor_pause_listening(supervisor);
		return;
	}
	if (supervisor_check_peer(supervisor, fd, &err) != ST_OK ||
	    client_open(&supervisor->host, fd, &err) != ST_OK) {
		log_event(LOG_LEVEL_WARNING, "client-refused", &err);
		return;
	}
	(void)FD_MOVE(fd);
}

/* ---- reload, stop, children ---- */

static enum status
supervisor_reload(void *context, struct err *err)
{
	struct supervisor *supervisor = context;
	struct config *fresh = NULL;
	int words_fd = FD_NONE;
	enum status st = ST_OK;

	NEGLECT(notify_tell(NOTIFY_RELOADING, NULL)); /* it is only shown */
	st = supervisor_load(supervisor->options, &fresh, &words_fd, err);
	NEGLECT(notify_tell(NOTIFY_READY, NULL));
	if (st != ST_OK) {
		log_event(LOG_LEVEL_ERROR, "reload-refused", err);
		return st;
	}
	config_free(&supervisor->config);
	supervisor->config = fresh;
	fd_close(&supervisor->words_fd);
	supervisor->words_fd = words_fd;
	supervisor_apply_config(supervisor);
	supervisor_change_pools(supervisor);
	log_event(LOG_LEVEL_INFO, "reloaded", NULL);
	return ST_OK;
}

static void
supervisor_on_control(struct watch *watch, uint32_t events)
{
	struct supervisor *supervisor = watch->owner;
	const struct control_handler handler = { "sekimori-scanner",
						 supervisor_reload,
						 supervisor };

	(void)events;
	control_serve(supervisor->control_fd, &handler);
}

static void
supervisor_stop(struct supervisor *supervisor)
{
	if (supervisor->stopping) {
		/* Asked twice: now. */
		supervisor->stop_mono_ms = 0;
		return;
	}
	supervisor->stopping = true;
	supervisor->stop_mono_ms =
		clock_mono_ms() + supervisor->config->scanner.hard_stop_ms;
	NEGLECT(notify_tell(NOTIFY_STOPPING, NULL)); /* it is only shown */
	loop_remove(&supervisor->loop, supervisor->listen_fd);
	fd_close(&supervisor->listen_fd);
	client_close_idle(&supervisor->host);
	log_event(LOG_LEVEL_INFO, "stopping", NULL);
}

static void
supervisor_reap(struct supervisor *supervisor)
{
	int status = 0;
	pid_t pid = 0;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (size_t i = 0; i < POOL_COUNT; i++) {
			if (pool_reaped(&supervisor->pools[i], pid, status))
				break;
		}
		for (size_t i = 0; i < TEMPLATE_COUNT; i++) {
			if (template_reaped(&supervisor->templates[i], pid,
					    status))
				break;
		}
	}
}

static void
supervisor_on_signal(struct watch *watch, uint32_t events)
{
	struct supervisor *supervisor = watch->owner;
	struct err err = { .st = ST_OK };
	int number = 0;

	(void)events;
	while ((number = process_signal_next(supervisor->signal_fd)) != 0) {
		if (number == SIGCHLD)
			supervisor_reap(supervisor);
		else if (number == SIGHUP)
			(void)!supervisor_reload(supervisor, &err);
		else
			supervisor_stop(supervisor);
	}
}

/* ---- start and loop ---- */

/* A descriptor for each client and its mail, and for each worker. */
static void
supervisor_raise_files(void)
{
	struct rlimit limit = { 0, 0 };

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

static enum status
supervisor_listen(struct supervisor *supervisor, struct err *err)
{
	const struct config *config = supervisor->config;
	char path[SUPERVISOR_PATH_BYTES];
	enum status st =
		control_path(config->general.run_dir, "sekimori-scanner", path,
			     sizeof(path), err);

	/* First: who can ask for a scan can ask for a reload as well. */
	if (st == ST_OK)
		st = channel_listen(path, 0600, &supervisor->control_fd, err);
	if (st == ST_OK)
		st = channel_listen(config->scanner_socket,
				    SUPERVISOR_SOCKET_MODE,
				    &supervisor->listen_fd, err);
	if (st == ST_OK)
		st = fd_set_nonblocking(supervisor->listen_fd, true, err);
	if (st == ST_OK)
		st = loop_add(&supervisor->loop, supervisor->listen_fd, EPOLLIN,
			      &supervisor->listener, err);
	if (st == ST_OK)
		st = loop_add(&supervisor->loop, supervisor->control_fd,
			      EPOLLIN, &supervisor->control, err);
	return st;
}

/* A private scanner is started by whoever wants to scan a file, also where
 * nothing is installed; but never does it read one as root. */
static enum status
supervisor_drop(const struct supervisor *supervisor, struct err *err)
{
	const char *user = supervisor->config->scanner.user;
	struct err missing = { .st = ST_OK };
	uid_t uid = 0;
	gid_t gid = 0;

	if (supervisor->options->channel_fd != FD_NONE &&
	    process_find_user(user, &uid, &gid, &missing) == ST_NOT_FOUND)
		user = "nobody";
	return process_drop_privileges(user, err);
}

static enum status
supervisor_open(struct supervisor *supervisor, struct err *err)
{
	const int channel_fd = supervisor->options->channel_fd;
	enum status st = loop_open(&supervisor->loop, err);

	supervisor->host.loop = &supervisor->loop;
	if (st == ST_OK)
		st = process_signal_fd(&supervisor->signal_fd, err);
	if (st == ST_OK)
		st = loop_add(&supervisor->loop, supervisor->signal_fd, EPOLLIN,
			      &supervisor->signals, err);
	if (st == ST_OK && channel_fd == FD_NONE)
		st = supervisor_listen(supervisor, err);
	if (st == ST_OK && channel_fd != FD_NONE)
		st = client_open(&supervisor->host, channel_fd, err);
	if (st == ST_OK)
		st = supervisor_drop(supervisor, err);
	if (st == ST_OK)
		st = supervisor_find_programs(supervisor->config,
					      supervisor->options,
					      &supervisor->programs, err);
	supervisor->lender.there = supervisor->programs.has_pdf;
	if (st == ST_OK)
		supervisor_init_pools(supervisor);
	return st;
}

static bool
supervisor_is_done(const struct supervisor *supervisor)
{
	return supervisor->stopping &&
	       (client_count_busy(&supervisor->host) == 0 ||
		clock_left_ms(supervisor->stop_mono_ms) == 0);
}

/* -1: never. */
static int
supervisor_sooner_ms(int a_ms, int b_ms)
{
	if (a_ms < 0 || b_ms < 0)
		return a_ms < 0 ? b_ms : a_ms;
	return a_ms < b_ms ? a_ms : b_ms;
}

static int
supervisor_tick(struct supervisor *supervisor, struct err *err)
{
	const int64_t now_mono_ms = clock_mono_ms();
	int timeout_ms = -1;

	for (size_t i = 0; i < POOL_COUNT; i++) {
		timeout_ms = supervisor_sooner_ms(
			timeout_ms,
			pool_tick(&supervisor->pools[i], now_mono_ms));
	}
	for (size_t i = 0; i < TEMPLATE_COUNT; i++) {
		timeout_ms = supervisor_sooner_ms(
			timeout_ms,
			template_tick(&supervisor->templates[i], now_mono_ms));
	}
	if (supervisor->listen_again_mono_ms == 0)
		return timeout_ms;
	if (now_mono_ms < supervisor->listen_again_mono_ms ||
	    supervisor->stopping)
		return SUPERVISOR_PAUSE_MS;
	supervisor->listen_again_mono_ms = 0;
	if (loop_add(&supervisor->loop, supervisor->listen_fd, EPOLLIN,
		     &supervisor->listener, err) != ST_OK)
		supervisor_stop(supervisor);
	return timeout_ms;
}

static enum status
supervisor_serve(struct supervisor *supervisor, struct err *err)
{
	enum status st = ST_OK;

	while (st == ST_OK && !supervisor_is_done(supervisor)) {
		const int timeout_ms = supervisor_tick(supervisor, err);

		if (supervisor->stopping)
			client_close_idle(&supervisor->host);
		if (supervisor_is_done(supervisor))
			break;
		st = loop_turn(&supervisor->loop,
			       supervisor->stopping && timeout_ms < 0
				       ? SUPERVISOR_PAUSE_MS
				       : timeout_ms,
			       err);
	}
	return st;
}

static void
supervisor_close(struct supervisor *supervisor)
{
	supervisor->stopping = true;
	client_close_all(&supervisor->host);
	lender_close(&supervisor->lender);
	for (size_t i = 0; i < POOL_COUNT; i++)
		pool_close(&supervisor->pools[i]);
	for (size_t i = 0; i < TEMPLATE_COUNT; i++)
		template_close(&supervisor->templates[i]);
	fd_close(&supervisor->signal_fd);
	fd_close(&supervisor->listen_fd);
	fd_close(&supervisor->control_fd);
	loop_close(&supervisor->loop);
	fd_close(&supervisor->words_fd);
	config_free(&supervisor->config);
}

static void
supervisor_open_log(const struct supervisor *supervisor)
{
	const struct config_general *general = &supervisor->config->general;
	const bool to_syslog = strcmp(general->log, "syslog") == 0 &&
			       supervisor->options->channel_fd == FD_NONE;

	log_open("sekimori-scanner",
		 to_syslog ? LOG_TARGET_SYSLOG : LOG_TARGET_STDERR,
		 general->debug);
}

/* A private instance is part of a command, which speaks for itself. */
static void
supervisor_log_life(const struct supervisor *supervisor, const char *event)
{
	log_event(supervisor->options->channel_fd == FD_NONE ? LOG_LEVEL_INFO
							     : LOG_LEVEL_DEBUG,
		  event, NULL);
}

enum status
supervisor_run(const struct supervisor_options *options, struct err *err)
{
	struct supervisor supervisor = {
		.host = { .pool = supervisor_pool,
			  .refusal = supervisor_refusal,
			  .left = supervisor_client_left },
		.options = options,
		.lender = { .kind = "pdf" },
		.loop = { .epoll_fd = FD_NONE },
		.signals = { .ready = supervisor_on_signal,
			     .owner = &supervisor },
		.listener = { .ready = supervisor_accept,
			      .owner = &supervisor },
		.control = { .ready = supervisor_on_control,
			     .owner = &supervisor },
		.signal_fd = FD_NONE,
		.listen_fd = FD_NONE,
		.control_fd = FD_NONE,
		.words_fd = FD_NONE,
	};
	enum status st = supervisor_load(options, &supervisor.config,
					 &supervisor.words_fd, err);

	if (st != ST_OK)
		return st;
	supervisor.lender.pool = &supervisor.pools[POOL_PDF];
	supervisor_open_log(&supervisor);
	supervisor_raise_files();
	turns_be_short();
	if (options->channel_fd == FD_NONE)
		supervisor_set_peers(&supervisor);
	supervisor_apply_config(&supervisor);
	st = supervisor_open(&supervisor, err);
	if (st == ST_OK) {
		supervisor_log_life(&supervisor, "started");
		st = notify_tell(NOTIFY_READY, err);
	}
	if (st == ST_OK) {
		st = supervisor_serve(&supervisor, err);
	}
	if (st == ST_OK)
		supervisor_log_life(&supervisor, "stopped");
	supervisor_close(&supervisor);
	return st;
}
