/* doctor: look at everything that must be right, and say what to do. */
#include <stdarg.h>
#include <stdio.h>

#include "cli/command.h"
#include "cli/doctor.h"
#include "cli/options.h"
#include "cli/table.h"

enum { DOCTOR_TEXT_BYTES = 2048 };

static void
doctor_print(const char *mark, const char *fmt, va_list args) PRINTF_LIKE(2, 0);

static void
doctor_print(const char *mark, const char *fmt, va_list args)
{
	AUTO(sbuf_done) struct sbuf text;
	AUTO(sbuf_done) struct sbuf safe;

	sbuf_init(&text, DOCTOR_TEXT_BYTES);
	sbuf_init(&safe, DOCTOR_TEXT_BYTES);
	sbuf_addfv(&text, fmt, args);
	text_add_safe(&safe, sbuf_text(&text));
	(void)printf("%-5s %s\n", mark, sbuf_text(&safe));
}

void
doctor_good(const struct doctor *doctor, const char *fmt, ...)
{
	va_list args;

	(void)doctor;
	va_start(args, fmt);
	doctor_print("ok", fmt, args);
	va_end(args);
}

void
doctor_note(const struct doctor *doctor, const char *fmt, ...)
{
	va_list args;

	(void)doctor;
	va_start(args, fmt);
	doctor_print("note", fmt, args);
	va_end(args);
}

void
doctor_wrong(struct doctor *doctor, const char *next, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	doctor_print("WRONG", fmt, args);
	va_end(args);
	(void)printf("      -> %s\n", next);
	doctor->wrong_count++;
}

int
cmd_doctor(const struct cli *cli, int argc, char **argv)
{
	AUTO(config_free) struct config *config = NULL;
	struct doctor doctor = { .wrong_count = 0 };
	const struct option_row rows[] = {
		{ "--postfix", OPTION_TEXT, &doctor.postfix_dir },
	};
	const struct options options = {
		"doctor",
		"doctor [--postfix DIR]\n"
		"Looks at the configuration, the programs and their sockets, "
		"the vault and its key,\n"
		"and at Postfix (--postfix: its configuration directory). "
		"Each finding says what to\n"
		"do. Exit status: 0 all is well, 1 something is wrong.\n",
		rows, ARRAY_LEN(rows)
	};
	int rest = 0;
	const enum options_result result =
		options_parse(&options, argc, argv, &rest);

	if (result != OPTIONS_OK)
		return options_exit_status(result);
	if (rest > 0)
		return cli_misuse("doctor", "too many arguments");
	if (cli_load_config(cli, &config) != 0) {
		(void)puts("WRONG the configuration (see above)\n"
			   "      -> The programs keep the old one; they do "
			   "not start with this one.");
		return 1;
	}
	doctor.config = config;
	doctor_good(&doctor, "%s", cli->config_path);
	doctor_look_at_programs(&doctor);
	doctor_look_at_vault(&doctor);
	doctor_look_at_postfix(&doctor);
	(void)printf("\n%u wrong\n", doctor.wrong_count);
	return doctor.wrong_count > 0 ? 1 : 0;
}
