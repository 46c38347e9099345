/* doctor: look at everything that must be right, and say what to do. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/doctor.h"
#include "cli/hold_text.h"
#include "cli/options.h"

static const char doctor_usage[] =
	"doctor [OPTIONS]\n"
	"Looks at the configuration, the programs and their sockets, the MTA, "
	"the vault and\n"
	"its key, this host, and the way out. Each finding says what to do. "
	"Run it as root.\n"
	"  --postfix DIR     Postfix's configuration directory\n"
	"  --sendmail FILE   Sendmail's sendmail.cf\n"
	"  --verbose         show what is fine as well\n"
	"  --json            one object: {\"checks\":[...],\"wrong\":N,...}\n"
	"  --list            every check there is, without looking\n"
	"Exit status: 0 nothing is wrong (there may be notes), 1 something "
	"is.\n";

static void
doctor_look(struct doctor *doctor)
{
	char account[DOCTOR_ACCOUNT_BYTES] = "";

	if (strcmp(doctor->config->general.mode, "monitor") == 0)
		doctor_found(doctor, DOCTOR_MODE, "general.mode = monitor");
	else
		doctor_fine(doctor, DOCTOR_MODE, "general.mode = %s",
			    doctor->config->general.mode);
	doctor_look_at_policy(doctor);
	doctor_look_at_programs(doctor);
	if (doctor->sendmail_file != NULL ||
	    !doctor_look_at_postfix(doctor, account)) {
		if (!doctor_look_at_sendmail(doctor, account))
			doctor_found(doctor, DOCTOR_MTA, "%s", "");
	}
	doctor_look_at_socket(doctor, account);
	doctor_look_at_vault(doctor);
	doctor_look_at_host(doctor);
	doctor_look_at_next_hop(doctor);
	doctor_look_at_portal(doctor);
}

/* What the look came to. Returns the exit status. */
static int
doctor_end(struct doctor *doctor)
{
	struct err err = { 0 };
	const int code = doctor->wrong_count > 0 ? 1 : 0;

	if (doctor->json == NULL) {
		(void)printf("\n%s: %u, %s: %u, %s: %u, %s: %u\n",
			     speech_text(doctor->speech, N_("wrong")),
			     doctor->wrong_count,
			     speech_text(doctor->speech, N_("to look at")),
			     doctor->note_count,
			     speech_text(doctor->speech, N_("fine")),
			     doctor->fine_count,
			     speech_text(doctor->speech, N_("not looked at")),
			     doctor->skipped_count);
		return code;
	}
	json_t *root = json_pack(
		"{s:i, s:i, s:i, s:i, s:i, s:O}", "format", 1, "wrong",
		(int)doctor->wrong_count, "notes", (int)doctor->note_count,
		"fine", (int)doctor->fine_count, "skipped",
		(int)doctor->skipped_count, "checks", doctor->json);

	return json_print(root, &err) == ST_OK ? code : cli_fail(&err, NULL);
}

static int
doctor_run(const struct cli *cli, struct doctor *doctor)
{
	AUTO(config_free) struct config *config = NULL;
	struct err err = { 0 };
	enum status st = config_load(cli->config_path, &config, &err);

	if (st == ST_OK)
		st = words_pack(config->scanner.words, &config->words, NULL,
				&err);
	speech_open(doctor->speech,
		    config != NULL ? config->general.data_dir : "");
	if (st != ST_OK) {
		doctor_found(doctor, DOCTOR_CONFIG, "%s", err.text);
		return doctor_end(doctor);
	}
	doctor->config = config;
	doctor_fine(doctor, DOCTOR_CONFIG, "%s", cli->config_path);
	doctor_look(doctor);
	doctor->config = NULL;
	return doctor_end(doctor);
}

static int
doctor_run_list(struct doctor *doctor)
{
	struct err err = { 0 };

	speech_open(doctor->speech, "");
	return doctor_list(doctor, &err) == ST_OK ? 0 : cli_fail(&err, NULL);
}

int
cmd_doctor(const struct cli *cli, int argc, char **argv)
{
	AUTO(speech_done) struct speech speech = { .i18n = NULL };
	struct doctor doctor = { .speech = &speech };
	bool json = false;
	bool list = false;
	const struct option_row rows[] = {
		{ "--postfix", OPTION_TEXT, &doctor.postfix_dir },
		{ "--sendmail", OPTION_TEXT, &doctor.sendmail_file },
		{ "--verbose", OPTION_FLAG, &doctor.verbose },
		{ "--json", OPTION_FLAG, &json },
		{ "--list", OPTION_FLAG, &list },
	};
	const struct options options = { "doctor", doctor_usage, rows,
					 ARRAY_LEN(rows) };
	struct err err = { 0 };
	int rest = 0;
	const enum options_result result =
		options_parse(&options, argc, argv, &rest);

	if (result != OPTIONS_OK)
		return options_exit_status(result);
	if (rest > 0)
		return cli_misuse("doctor", "too many arguments");
	if (json && (doctor.json = json_array()) == NULL) {
		(void)err_set(&err, ST_NO_MEMORY, "doctor: no memory");
		return cli_fail(&err, NULL);
	}
	const int code =
		list ? doctor_run_list(&doctor) : doctor_run(cli, &doctor);

	json_decref(doctor.json);
	return code;
}
