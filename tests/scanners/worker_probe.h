/*
 * worker_probe.h - a real worker in its closed sandbox, made to call the
 * system as somebody would who has taken it over.
 *
 * The worker is started as the supervisor does it, as a program or as a copy of
 * a template (which can be looked at itself), and traced. Once it waits
 * for a mail, its registers are set to a call of the test's choice and it
 * makes one step: no code of ours runs in it, and nothing in it knows.
 */
#ifndef TESTS_SCANNERS_WORKER_PROBE_H
#define TESTS_SCANNERS_WORKER_PROBE_H

#include <stdint.h>
#include <sys/types.h>

#include "lib/wire/channel.h"
#include "tests/harness/check.h"

/* The registers are those of one machine, and a sanitizer's runtime makes
 * calls of its own. */
#if defined(__x86_64__) && !defined(SEKIMORI_SANITIZED)
#	define PROBE_WORKS 1
#else
#	define PROBE_WORKS 0
#endif

enum { PROBE_ARGS = 6, PROBE_MAX_TEXTS = 16 };

enum probe_end {
	PROBE_NONE = 0,
	PROBE_RETURNED, /* result is what the kernel said */
	PROBE_KILLED,   /* by the filter */
	PROBE_ENDED,    /* the process ended, or was sent off somewhere */
};

enum probe_how {
	PROBE_PROGRAM = 1, /* one worker */
	PROBE_COPY,        /* of a template */
	PROBE_TEMPLATE,    /* the template itself */
	PROBE_SEARCHER     /* of a password: stopped behind a call, as it waits
			      for nothing */
};

struct probe {
	const char *program; /* "sekimori-worker-mail" */
	enum probe_how how;
	pid_t pid; /* 0: it is gone */
	struct channel channel;
	pid_t template_pid; /* of copies; 0: not running */
	struct channel template_channel;
	int words_fd;
	/* Texts that lie in the worker's memory, for paths. */
	const char *const *texts;
	uint64_t places[PROBE_MAX_TEXTS];
	size_t starts; /* how many processes it took */
};

/* texts: NULL-terminated. False: tracing is not allowed here. */
bool probe_open(struct probe *probe, const char *program, enum probe_how how,
		const char *const *texts);
void probe_close(struct probe *probe);

/* Make the worker do one call; a new one is started when it is gone. */
enum probe_end probe_call(struct probe *probe, long number,
			  const uint64_t args[PROBE_ARGS], int64_t *result_out);

#endif
