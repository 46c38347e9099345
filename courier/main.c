/*
 * sekimori-courier - carries out what the vault has decided: sends released
 * mail and notices, gives mail back, has held mail scanned again.
 */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <stdio.h>
#include <sys/file.h>

#include "courier/jobs/job_loop.h"
#include "courier/timers/self_test.h"
#include "courier/timers/timers.h"
#include "lib/base/log.h"
#include "lib/proc/notify.h"
#include "lib/proc/process.h"
#include "lib/proc/program.h"
#include "lib/wire/control.h"

#define COURIER_PROGRAM "sekimori-courier"

enum {
	COURIER_MAX_THREADS = 64 + 3,
	COURIER_PATH_BYTES = 4200,
	COURIER_FREED_BYTE = 0x5a
};

struct courier {
	const char *config_path;
	struct setup_holder *setups;
	struct job_desk *desk;
	struct gate gate;
	struct job_loop loop;
	struct job_loop search; /* the same for searches */
	int control_fd;
	int lock_fd; /* held as long as we live */
	int signal_fd;
	pthread_t threads[COURIER_MAX_THREADS];
	size_t thread_count;
};

static void *
courier_work(void *argument)
{
	job_loop_run(argument);
	return NULL;
}

static void *
courier_time(void *argument)
{
	timers_run(argument);
	return NULL;
}

static void *
courier_test(void *argument)
{
	self_test_run(argument);
	return NULL;
}

/* One courier at a time: the vault takes a new one's word that the jobs of
 * the one before it are nobody's any more. */
static enum status
courier_lock(const char *run_dir, int *fd_out, struct err *err)
{
	char path[COURIER_PATH_BYTES];

	(void)snprintf(path, sizeof(path), "%s/courier/courier.lock", run_dir);
	const enum status st = fd_make_parent(path, err);

	return st == ST_OK ? process_lock(path, fd_out, err) : st;
}

/* Everything that needs privileges, then without them. */
static enum status
courier_prepare(struct courier *courier, const struct config *config,
		struct err *err)
{
	char path[COURIER_PATH_BYTES];
	enum status st =
		courier_lock(config->general.run_dir, &courier->lock_fd, err);

	if (st == ST_OK)
		st = control_path(config->general.run_dir, COURIER_PROGRAM,
				  path, sizeof(path), err);
	if (st == ST_OK)
		st = channel_listen(path, 0600, &courier->control_fd, err);
	if (st == ST_OK)
		st = process_drop_privileges(config->courier.user, err);
	if (st == ST_OK)
		st = process_signal_fd(&courier->signal_fd, err);
	return st;
}

static enum status
courier_start_thread(struct courier *courier, void *(*run)(void *),
		     struct job_loop *loop, struct err *err)
{
	pthread_t *thread = &courier->threads[courier->thread_count];

	errno = pthread_create(thread, NULL, run, loop);
	if (errno != 0)
		return err_set_errno(err, "courier: cannot start a thread");
	courier->thread_count++;
	return ST_OK;
}

static enum status
courier_start(struct courier *courier, int64_t workers, struct err *err)
{
	struct job_loop *loop = &courier->loop;
	enum status st = courier_start_thread(courier, courier_time, loop, err);

	if (st == ST_OK)
		st = courier_start_thread(courier, courier_test, loop, err);
	if (st == ST_OK)
		st = courier_start_thread(courier, courier_work,
					  &courier->search, err);
	for (int64_t i = 0; i < workers && st == ST_OK; i++)
		st = courier_start_thread(courier, courier_work, loop, err);
	return st;
}

static enum status
courier_reload(void *context, struct err *err)
{
	struct courier *courier = context;
	enum status st = ST_OK;

	NEGLECT(notify_tell(NOTIFY_RELOADING, NULL)); /* it is only shown */
	st = setup_reload(courier->setups, courier->config_path, err);
	NEGLECT(notify_tell(NOTIFY_READY, NULL));
	if (st == ST_OK)
		log_event(LOG_LEVEL_INFO, "reloaded", NULL);
	else
		log_event(LOG_LEVEL_ERROR, "reload-refused", err);
	return st;
}

static void
courier_serve(struct courier *courier)
{
	const struct control_handler handler = { .program = COURIER_PROGRAM,
						 .reload = courier_reload,
						 .context = courier };

	for (;;) {
		struct pollfd fds[] = {
			{ .fd = courier->signal_fd, .events = POLLIN },
			{ .fd = courier->control_fd, .events = POLLIN },
		};

		if (poll(fds, ARRAY_LEN(fds), -1) < 0)
			continue;
		if (fds[0].revents != 0 &&
		    program_take_signals(courier->signal_fd, courier_reload,
					 courier))
			return;
		if (fds[1].revents != 0)
			control_serve(courier->control_fd, &handler);
	}
}

/* Workers finish the job in hand. */
static void
courier_stop(struct courier *courier)
{
	gate_stop(&courier->gate);
	for (size_t i = 0; i < courier->thread_count; i++)
		(void)pthread_join(courier->threads[i], NULL);
	courier->thread_count = 0;
}

static enum status
courier_run(struct courier *courier, struct err *err)
{
	const struct setup *setup = NULL;
	int64_t workers = 0;
	enum status st =
		setup_holder_new(courier->config_path, &courier->setups, err);

	if (st != ST_OK)
		return st;
	setup = setup_current(courier->setups);
	log_open(COURIER_PROGRAM,
		 setup->config->general.log[0] == 's' &&
				 setup->config->general.log[1] == 'y'
			 ? LOG_TARGET_SYSLOG
			 : LOG_TARGET_STDERR,
		 setup->config->general.debug);
	workers = setup->config->courier.workers;
	st = courier_prepare(courier, setup->config, err);
	setup_release(courier->setups, &setup);
	if (st == ST_OK)
		st = job_desk_new((unsigned)workers, &courier->desk, err);
	if (st != ST_OK)
		return st;
	courier->loop = (struct job_loop){ .setups = courier->setups,
					   .desk = courier->desk,
					   .gate = &courier->gate,
					   .lane = JOB_LANE_WORK };
	courier->search = courier->loop;
	courier->search.lane = JOB_LANE_SEARCH;
	st = courier_start(courier, workers, err);
	if (st == ST_OK) {
		log_event(LOG_LEVEL_INFO, "started", NULL);
		st = notify_tell(NOTIFY_READY, err);
	}
	if (st == ST_OK)
		courier_serve(courier);
	NEGLECT(notify_tell(NOTIFY_STOPPING, NULL)); /* it is only shown */
	courier_stop(courier);
	log_event(LOG_LEVEL_INFO, "stopped", NULL);
	return st;
}

static void
courier_done(struct courier *courier)
{
	job_desk_free(&courier->desk);
	setup_holder_free(&courier->setups);
	gate_done(&courier->gate);
	fd_close(&courier->signal_fd);
	fd_close(&courier->control_fd);
	fd_close(&courier->lock_fd);
}

int
main(int argc, char **argv)
{
	struct courier courier = {
		.config_path = SEKIMORI_SYSCONFDIR "/sekimori/sekimori.conf",
		.control_fd = FD_NONE,
		.lock_fd = FD_NONE,
		.signal_fd = FD_NONE,
	};
	struct err err = { 0 };
	enum status st = ST_OK;
	const int code = program_options(COURIER_PROGRAM, argc, argv,
					 &courier.config_path);

	if (code != PROGRAM_GOES_ON)
		return code;
	log_open(COURIER_PROGRAM, LOG_TARGET_STDERR, false);
	gate_init(&courier.gate);
	st = process_harden(FD_NONE, &err);
	/* Mails carry the secrets of links; what sends them is freed in many
	 * places. */
	(void)mallopt(M_PERTURB, COURIER_FREED_BYTE);
	if (st == ST_OK)
		st = courier_run(&courier, &err);
	courier_done(&courier);
	return program_exit_status(st, &err);
}
