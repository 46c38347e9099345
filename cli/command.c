#include "cli/command.h"

#include <stdarg.h>
#include <stdio.h>

int
cli_exit_status(enum status st)
{
	static const int codes[ST_COUNT] = {
		[ST_OK] = 0,
		[ST_END] = EX_TEMPFAIL, /* changed meanwhile */
		[ST_FORMAT] = EX_DATAERR,
		[ST_LIMIT] = EX_TEMPFAIL,
		[ST_UNSUPPORTED] = EX_UNAVAILABLE,
		[ST_NOT_FOUND] = EX_NOINPUT,
		[ST_DENIED] = EX_NOPERM,
		[ST_IO] = EX_IOERR,
		[ST_NO_MEMORY] = EX_OSERR,
	};

	return st < ST_COUNT ? codes[st] : EX_SOFTWARE;
}

int
cli_fail(const struct err *err, const char *next)
{
	(void)fprintf(stderr, "sekimori: %s\n", err->text);
	if (next != NULL)
		(void)fprintf(stderr, "  %s\n", next);
	return cli_exit_status(err->st);
}

int
cli_misuse(const char *command, const char *fmt, ...)
{
	va_list args;

	(void)fprintf(stderr, "sekimori %s: ", command);
	va_start(args, fmt);
	(void)vfprintf(stderr, fmt, args);
	va_end(args);
	(void)fprintf(stderr, "\n  usage: sekimori %s --help\n", command);
	return EX_USAGE;
}

int
cli_load_config(const struct cli *cli, struct config **config_out)
{
	struct err err = { 0 };

	switch (config_load(cli->config_path, config_out, &err)) {
	case ST_OK:
		return 0;
	case ST_NOT_FOUND:
		(void)cli_fail(&err, "Write one with \"sekimori setup\", or "
				     "name one: sekimori --config FILE …");
		return EX_NOINPUT;
	case ST_FORMAT:
	case ST_LIMIT:
		(void)cli_fail(&err, NULL);
		return EX_CONFIG;
	case ST_IO:
	case ST_DENIED:
	case ST_END:
	case ST_UNSUPPORTED:
	case ST_NO_MEMORY:
	case ST_COUNT:
	default:
		return cli_fail(&err, NULL);
	}
}
