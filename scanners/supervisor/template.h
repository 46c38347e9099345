/*
 * template.h - the process that a pool's workers are copies of.
 *
 * Layer:    scanners/supervisor; includes lib/, scanners/worker
 * Threads:  one
 * Input:    a template never sees a mail, and hears us alone
 *
 * Preparing a worker costs more than reading most mails; a template prepares
 * once and copies itself (scanners/worker/worker_template.h). Its copies are
 * our children like any other worker. One that ends is replaced; so is one
 * that has made many copies, and one of whose copies crashed: copies have the
 * same layout of memory, and nobody shall get to try it twice. Without one,
 * workers are started as programs.
 */
#ifndef SCANNERS_SUPERVISOR_TEMPLATE_H
#define SCANNERS_SUPERVISOR_TEMPLATE_H

#include <sys/types.h>

#include "scanners/supervisor/loop.h"
#include "scanners/worker/worker_messages.h"

struct template_settings {
	const char *program; /* path; NULL: there is none */
	struct worker_setup setup;
	int words_fd; /* borrowed, as program, until the next change */
	bool lazy;    /* started when a worker is needed */
};

enum template_state {
	TEMPLATE_NONE = 0, /* not running */
	TEMPLATE_STARTING,
	TEMPLATE_READY
};

struct template_seat; /* the process */

struct template
{
	struct loop *loop;
	struct template_settings settings;
	enum template_state state;
	struct template_seat *seat;  /* unless there is none */
	struct template_seat *ended; /* killed, not yet waited for */
	int64_t again_mono_ms;       /* not before, after it failed */
	int64_t backoff_ms;          /* 0: the last start went well */
};

void template_init(struct template *template, struct loop *loop,
		   const struct template_settings *settings);

/* Other settings: the process is ended, a new one starts when it is needed. */
void template_change(struct template *template,
		     const struct template_settings *settings);

/*
 * Is there something to wait for? Starts a process when there is none. False:
 * it is ready, or there will be none soon, and workers must start without.
 */
bool template_is_coming(struct template *template, int64_t now_mono_ms);

/* Start what is missing, end one that does not become ready. Returns:
 * milliseconds until it should be called again, -1 when only events matter. */
int template_tick(struct template *template, int64_t now_mono_ms);

/*
 * Have a worker made that serves channel_fd and says on note_fd what it is at
 * (both borrowed).
 * Returns: ST_OK; ST_NOT_FOUND none is ready; others: it did not work, and is
 *          logged
 */
MUST_CHECK enum status
template_copy(struct template *template, int channel_fd, int note_fd,
	      uint64_t cpu_s, pid_t *pid_out);

/* One of its copies crashed. */
void template_spoil(struct template *template);

/* A child has ended. False when it is not a template of this one. */
bool template_reaped(struct template *template, pid_t pid, int status);

/* Kill it. */
void template_close(struct template *template);

#endif
