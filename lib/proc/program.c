#include "lib/proc/program.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <sysexits.h>

#include "lib/base/log.h"
#include "lib/proc/process.h"

static int
program_usage(FILE *out, const char *program, int code)
{
	(void)fprintf(out, "usage: %s [--config FILE] [--help] [--version]\n",
		      program);
	return code;
}

int
program_options(const char *program, int argc, char **argv,
		const char **config_path)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	int choice = 0;

	/* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread yet */
	while ((choice = getopt_long(argc, argv, "c:hV", options, NULL)) !=
	       -1) {
		if (choice == 'h')
			return program_usage(stdout, program, EX_OK);
		if (choice == 'V')
			return printf("%s %s\n", program, SEKIMORI_VERSION) < 0;
		if (choice != 'c')
			return program_usage(stderr, program, EX_USAGE);
		*config_path = optarg;
	}
	return optind == argc ? PROGRAM_GOES_ON
			      : program_usage(stderr, program, EX_USAGE);
}

bool
program_take_signals(int signal_fd, program_reload_fn reload, void *context)
{
	for (;;) {
		struct err err = { .st = ST_OK };
		const int number = process_signal_next(signal_fd);

		if (number == 0)
			return false;
		if (number == SIGTERM || number == SIGINT)
			return true;
		/* It has said itself what went wrong. */
		if (number == SIGHUP && reload(context, &err) != ST_OK)
			continue;
	}
}

int
program_exit_status(enum status st, const struct err *err)
{
	if (st == ST_OK)
		return EX_OK;
	log_event(LOG_LEVEL_ERROR, "cannot-run", err);
	return st == ST_FORMAT || st == ST_NOT_FOUND ? EX_CONFIG : EX_OSERR;
}
