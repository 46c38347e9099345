/* sekimori-scanner: hands mails to confined workers. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "lib/base/log.h"
#include "lib/proc/process.h"
#include "scanners/supervisor/supervisor.h"

enum { SCANNER_CHANNEL_FD = 3 };

static const char scanner_usage[] =
	"usage: sekimori-scanner [--channel] [--config FILE]\n"
	"       sekimori-scanner --help | --version\n"
	"  --channel  serve the one client at descriptor 3, listen nowhere\n";

/* --help and --version, before anything else is looked at. */
static bool
scanner_answer_question(int argc, char **argv)
{
	if (argc != 2)
		return false;
	if (strcmp(argv[1], "--help") == 0)
		return fputs(scanner_usage, stdout) >= 0;
	if (strcmp(argv[1], "--version") == 0)
		return puts("sekimori-scanner " SEKIMORI_VERSION) >= 0;
	return false;
}

static bool
scanner_read_options(int argc, char **argv, struct supervisor_options *options)
{
	bool channel = false;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--channel") == 0)
			channel = true;
		else if (strcmp(argv[i], "--config") == 0 && i + 1 < argc)
			options->config_path = argv[++i];
		else
			return false;
	}
	if (channel)
		options->channel_fd = SCANNER_CHANNEL_FD;
	else if (options->config_path == NULL)
		options->config_path =
			SEKIMORI_SYSCONFDIR "/sekimori/sekimori.conf";
	return true;
}

/* The worker is installed beside us, wherever that is. */
static enum status
scanner_find_dir(char dir[PATH_MAX], struct err *err)
{
	const ssize_t len = readlink("/proc/self/exe", dir, PATH_MAX - 1);
	char *slash = NULL;

	if (len <= 0)
		return err_set_errno(err, "scanner: /proc/self/exe");
	dir[len] = '\0';
	slash = strrchr(dir, '/');
	if (slash != NULL)
		*slash = '\0';
	return ST_OK;
}

int
main(int argc, char **argv)
{
	char dir[PATH_MAX];
	struct supervisor_options options = { .program_dir = dir,
					      .channel_fd = FD_NONE };
	struct err err = { .st = ST_OK };
	enum status st = ST_OK;

	if (scanner_answer_question(argc, argv))
		return EX_OK;
	if (!scanner_read_options(argc, argv, &options)) {
		(void)fputs(scanner_usage, stderr);
		return EX_USAGE;
	}
	log_open("sekimori-scanner", LOG_TARGET_STDERR, false);
	st = process_harden(options.channel_fd, &err);
	if (st == ST_OK)
		st = scanner_find_dir(dir, &err);
	if (st == ST_OK)
		st = supervisor_run(&options, &err);
	if (st == ST_OK)
		return 0;
	log_event(LOG_LEVEL_ERROR, "ended", &err);
	return st == ST_FORMAT || st == ST_NOT_FOUND ? EX_CONFIG : EX_OSERR;
}
