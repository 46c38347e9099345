#include "vault/server/server.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/proc/notify.h"
#include "lib/proc/process.h"
#include "lib/wire/control.h"
#include "vault/case/case_index.h"
#include "vault/case/intake.h"
#include "vault/case/related.h"
#include "vault/case/words_saved.h"

enum {
	SERVER_UNLOCK_MS = 10000,
	SERVER_WORDS_MS = 30000,   /* between looks at words that are too old */
	SERVER_SOCKET_MODE = 0666, /* SO_PEERCRED decides, not the file */
	SERVER_CONTROL_MODE = 0600,
	SERVER_UNSEAL_BATCH = 100,
	SERVER_PATH_BYTES = 4200
};

/* --- before privileges are dropped ------------------------------------- */

static enum status
make_directory(const char *path, mode_t mode, const char *owner,
	       struct err *err)
{
	uid_t uid = 0;
	gid_t gid = 0;
	enum status st = ST_OK;

	if (mkdir(path, mode) != 0) {
		if (errno == EEXIST)
			return ST_OK;
		return err_set_errno(err, "%s: cannot be made", path);
	}
	/* mkdir() went through the umask. */
	if (chmod(path, mode) != 0)
		return err_set_errno(err, "%s: mode not set", path);
	if (owner == NULL || geteuid() != 0)
		return ST_OK;
	st = process_find_user(owner, &uid, &gid, err);
	if (st == ST_OK && chown(path, uid, gid) != 0)
		st = err_set_errno(err, "%s: owner not set", path);
	return st;
}

static enum status
listen_control(const struct config *config, int *fd_out, struct err *err)
{
	char path[SERVER_PATH_BYTES];
	uid_t uid = 0;
	gid_t gid = 0;
	enum status st = control_path(config->general.run_dir, "sekimori-vault",
				      path, sizeof(path), err);

	if (st == ST_OK)
		st = channel_listen(path, SERVER_CONTROL_MODE, fd_out, err);
	if (st != ST_OK || geteuid() != 0)
		return st;
	st = process_find_user(config->vault.user, &uid, &gid, err);
	if (st == ST_OK && chown(path, uid, gid) != 0)
		st = err_set_errno(err, "%s: owner not set", path);
	return st;
}

enum status
server_make_state(const struct config *config, struct err *err)
{
	return make_directory(config->general.state_dir, 0700,
			      config->vault.user, err);
}

enum status
server_prepare(const struct config *config, struct server_sockets *sockets_out,
	       struct err *err)
{
	struct server_sockets sockets = { FD_NONE, FD_NONE };
	enum status st =
		make_directory(config->general.run_dir, 0755, NULL, err);

	if (st == ST_OK)
		st = server_make_state(config, err);
	if (st == ST_OK)
		st = channel_listen(config->vault_socket, SERVER_SOCKET_MODE,
				    &sockets.vault_fd, err);
	if (st == ST_OK)
		st = listen_control(config, &sockets.control_fd, err);
	if (st != ST_OK) {
		fd_close(&sockets.vault_fd);
		fd_close(&sockets.control_fd);
		return st;
	}
	*sockets_out = sockets;
	return ST_OK;
}

/* --- keys -------------------------------------------------------------- */

struct server {
	struct core *core;
	struct writer *writer;
	struct readers readers;
	sem_t logins;
	struct service service;
	struct connections *connections;
	const struct server_sockets *sockets;
	bool warned_locked;
	int64_t unlock_mono_ms; /* when to look for the key again */
	pthread_t control_thread;
};

struct sealed_list {
	uint8_t ids[SERVER_UNSEAL_BATCH][CASE_ID_BYTES];
	size_t count;
};

static enum status
do_unseal(struct vault *vault, void *context, struct err *err)
{
	return intake_unseal(vault, context, err);
}

/* So that nobody waits for it at the first list. */
static void
fill_index(struct server *server, struct store *store)
{
	struct vault vault = { .config = core_config(server->core),
			       .store = store,
			       .ring = core_ring(server->core),
			       .now_unix_ms = clock_unix_ms() };
	struct err err = { .st = ST_OK };
	enum status st = store_begin(store, &err);

	if (st == ST_OK) {
		st = case_index_sync(server->core->memory.index, &vault, &err);
		store_rollback(store);
	}
	if (st != ST_OK)
		log_event(LOG_LEVEL_WARNING, "lists_not_ready", &err);
}

/* Read what came in while the vault was locked. Whatever cannot be read stays
 * as it is and is named. */
static void
unseal_all(struct server *server, struct store *store)
{
	struct sealed_list list = { .count = 0 };
	struct err err = { .st = ST_OK };
	const struct store_due_query query = { .due = STORE_DUE_SEALED,
					       .limit = SERVER_UNSEAL_BATCH };
	size_t failed = 0;

	do {
		failed = 0;
		if (store_case_due(store, &query, list.ids, &list.count,
				   &err) != ST_OK) {
			log_event(LOG_LEVEL_ERROR, "unseal_failed", &err);
			return;
		}
		for (size_t i = 0; i < list.count; i++) {
			char id[CASE_ID_TEXT_BYTES];
			struct log_line line;

			if (writer_run(server->writer, WRITER_PRIORITY_NORMAL,
				       do_unseal, list.ids[i], &err) == ST_OK)
				continue;
			failed++;
			case_id_format(list.ids[i], id);
			log_begin(&line, LOG_LEVEL_ERROR, "unseal_failed");
			log_text(&line, "case", id);
			log_error(&line, &err);
			log_send(&line);
		}
	} while (list.count == SERVER_UNSEAL_BATCH && failed == 0);
}

static struct vault
words_vault(struct core *core)
{
	return (struct vault){ .config = core_config(core),
			       .ring = core_ring(core),
			       .now_unix_ms = clock_unix_ms(),
			       .memory = &core->memory };
}

static void
log_words(const char *event, size_t count)
{
	struct log_line line;

	if (count == 0)
		return;
	log_begin(&line, LOG_LEVEL_INFO, event);
	log_number(&line, "count", (int64_t)count);
	log_send(&line);
}

/* Those of an earlier process, when the settings say so. */
static void
load_words(struct core *core)
{
	const struct vault vault = words_vault(core);
	struct err err = { .st = ST_OK };
	size_t count = 0;

	if (words_saved_load(&vault, clock_mono_ms(), &count, &err) != ST_OK)
		log_event(LOG_LEVEL_WARNING, "words_not_loaded", &err);
	log_words("words_loaded", count);
}

static void
save_words(struct core *core)
{
	const struct vault vault = words_vault(core);
	struct err err = { .st = ST_OK };
	size_t count = 0;

	if (words_saved_store(&vault, clock_mono_ms(), &count, &err) != ST_OK)
		log_event(LOG_LEVEL_WARNING, "words_not_saved", &err);
	log_words("words_saved", count);
}

static enum status
note_dropped(struct vault *vault, void *context, struct err *err)
{
	(void)context;
	return related_note_dropped(vault, true, err);
}

/* Nobody else can tell later how many there were. */
static void
note_words(struct server *server)
{
	struct err err = { .st = ST_OK };

	if (core_ring(server->core) != NULL &&
	    writer_run(server->writer, WRITER_PRIORITY_NORMAL, note_dropped,
		       NULL, &err) != ST_OK)
		log_event(LOG_LEVEL_WARNING, "words_dropped_not_noted", &err);
}

static void
try_unlock(struct server *server)
{
	struct store *store = NULL;
	struct err err = { .st = ST_OK };
	enum status st = readers_take(&server->readers, &store, &err);

	if (st == ST_OK) {
		st = core_unlock(server->core, store, &err);
		if (st == ST_OK) {
			log_event(LOG_LEVEL_INFO, "unlocked", NULL);
			load_words(server->core);
			unseal_all(server, store);
			fill_index(server, store);
			core_tell_jobs(server->core);
		}
		readers_give(&server->readers, &store, READERS_SOUND);
	}
	/* Once is enough for the log; status repeats it. */
	if (st != ST_OK && !server->warned_locked)
		log_event(LOG_LEVEL_ERROR, "locked", &err);
	server->warned_locked = st != ST_OK;
	server->unlock_mono_ms = clock_mono_ms() + SERVER_UNLOCK_MS;
}

/* --- the daemon -------------------------------------------------------- */

static enum status
do_reload(void *context, struct err *err)
{
	struct core *core = context;
	enum status st = ST_OK;

	NEGLECT(notify_tell(NOTIFY_RELOADING, NULL)); /* it is only shown */
	st = core_reload(core, err);
	NEGLECT(notify_tell(NOTIFY_READY, NULL));

	log_event(st == ST_OK ? LOG_LEVEL_INFO : LOG_LEVEL_ERROR,
		  st == ST_OK ? "reloaded" : "reload_refused",
		  st == ST_OK ? NULL : err);
	return st;
}

/* A slow asker on the control socket holds up nobody else. */
static void *
control_thread(void *context)
{
	struct server *server = context;
	const struct control_handler handler = { "sekimori-vault", do_reload,
						 server->core };

	while (!core_is_stopping(server->core)) {
		struct pollfd one = { server->sockets->control_fd, POLLIN, 0 };

		if (poll(&one, 1, 500) > 0)
			control_serve(server->sockets->control_fd, &handler);
	}
	return NULL;
}

static void
accept_connection(struct server *server)
{
	const int fd =
		accept4(server->sockets->vault_fd, NULL, NULL, SOCK_CLOEXEC);

	if (fd >= 0) {
		connections_accept(server->connections, fd);
		return;
	}
	/* Out of descriptors: some will come back. */
	if (errno == EMFILE || errno == ENFILE || errno == ENOMEM)
		(void)poll(NULL, 0, 100);
}

static bool
asked_to_stop(int signal_fd)
{
	int number = process_signal_next(signal_fd);

	while (number != 0) {
		if (number == SIGTERM || number == SIGINT)
			return true;
		number = process_signal_next(signal_fd);
	}
	return false;
}

/* Also when nobody asks, and no courier says that time has passed. */
static void
forget_old_words(struct core *core)
{
	struct words_between between;

	words_between_init(&between, core_config(core));
	words_pool_expire(core->memory.words, &between.rules);
}

/* One turn. False: it is time to end. */
static bool
server_turn(struct server *server, int signal_fd)
{
	struct pollfd both[2] = {
		{ server->sockets->vault_fd, POLLIN, 0 },
		{ signal_fd, POLLIN, 0 },
	};
	const bool locked = core_ring(server->core) == NULL;
	const int64_t left_ms = clock_left_ms(server->unlock_mono_ms);

	if (poll(both, 2, locked ? (int)left_ms : SERVER_WORDS_MS) < 0)
		return errno == EINTR;
	forget_old_words(server->core);
	if (locked && clock_left_ms(server->unlock_mono_ms) == 0)
		try_unlock(server);
	if ((both[1].revents & POLLIN) != 0 && asked_to_stop(signal_fd))
		return false;
	if ((both[0].revents & POLLIN) != 0)
		accept_connection(server);
	return true;
}

static void
server_drain(struct server *server)
{
	NEGLECT(notify_tell(NOTIFY_STOPPING, NULL)); /* it is only shown */
	log_event(LOG_LEVEL_INFO, "draining", NULL);
	core_stop(server->core);
	connections_drain(server->connections);
	(void)pthread_join(server->control_thread, NULL);
}

static enum status
server_start(struct server *server, struct err *err)
{
	const struct config *config = core_config(server->core);
	enum status st = ST_OK;

	if (sem_init(&server->logins, 0,
		     (unsigned)config->vault.login_workers) != 0)
		return err_set_errno(err, "vault: no semaphore");
	st = writer_start(server->core, &server->writer, err);
	if (st == ST_OK)
		st = readers_init(&server->readers, server->core, err);
	if (st != ST_OK)
		return st;
	server->service = (struct service){ server->core, server->writer,
					    &server->readers, &server->logins };
	st = connections_new(&server->service, &server->connections, err);
	if (st == ST_OK)
		try_unlock(server);
	if (st == ST_OK && pthread_create(&server->control_thread, NULL,
					  control_thread, server) != 0)
		st = err_set(err, ST_NO_MEMORY, "vault: no thread");
	return st;
}

enum status
server_run(struct core *core, const struct server_sockets *sockets,
	   struct err *err)
{
	struct server server = { .core = core, .sockets = sockets };
	AUTO(fd_close) int signal_fd = FD_NONE;
	enum status st = process_signal_fd(&signal_fd, err);

	if (st == ST_OK)
		st = server_start(&server, err);
	if (st == ST_OK) {
		log_event(LOG_LEVEL_INFO, "ready", NULL);
		st = notify_tell(NOTIFY_READY, err);
		while (st == ST_OK && server_turn(&server, signal_fd))
			;
		server_drain(&server);
		note_words(&server);
		save_words(core);
		log_event(LOG_LEVEL_INFO, "stopped", NULL);
	}
	connections_free(&server.connections);
	writer_stop(&server.writer);
	if (server.service.readers != NULL)
		readers_done(&server.readers);
	return st;
}
