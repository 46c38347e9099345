/* store: check, back up and restore what the vault keeps. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/key_file.h"
#include "cli/options.h"
#include "cli/subcommand.h"
#include "cli/vault_ask.h"
#include "lib/wire/control.h"

enum {
	STORE_WAIT_MS = 30 * 60 * 1000, /* a large store takes its time */
	STORE_PATH_BYTES = 4300
};

static const struct vault_store_backup store_request = { .actor = { { NULL,
								      0 } } };

static int
store_print_check(const struct vault_store_check_answer *answer)
{
	(void)printf("%" PRIu64 " cases, %" PRIu64 " sealed files: %s\n",
		     answer->cases, answer->blobs,
		     answer->intact ? "intact" : "NOT INTACT");
	if (answer->intact)
		return 0;
	(void)printf("%" PRIu64 " problems; the first: %s\n"
		     "  Stop the programs, copy the store as it is, and "
		     "restore a backup:\n"
		     "  sekimori store restore FILE\n",
		     answer->problems, answer->first_problem);
	return EX_DATAERR;
}

static int
store_check(const struct cli *cli, int argc, char **argv)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	const struct options options = {
		"store check",
		"store check\n"
		"Checks every row and sealed file. Exit status: 0 intact, 65 "
		"not.\n",
		NULL, 0
	};
	struct vault_store_check_answer answer = { .intact = false };
	struct vault_call call =
		VAULT_CALL(STORE_CHECK, &store_request, &answer);
	int code = 0;

	if (!options_exactly(&options, argc, argv, 0, "too many arguments",
			     &code))
		return code;
	call.deadline_mono_ms = clock_mono_ms() + STORE_WAIT_MS;
	code = vault_ask_once(cli, &call, &arena);
	return code != 0 ? code : store_print_check(&answer);
}

static int
store_backup(const struct cli *cli, int argc, char **argv)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	const struct options options = {
		"store backup",
		"store backup FILE\n"
		"A consistent copy while everything runs, as a tar file; all "
		"of it is encrypted.\n",
		NULL, 0
	};
	struct vault_empty answer = { 0 };
	struct vault_call call =
		VAULT_CALL(STORE_BACKUP, &store_request, &answer);
	int code = 0;

	if (!options_exactly(&options, argc, argv, 1, "name a new file", &code))
		return code;
	call.deadline_mono_ms = clock_mono_ms() + STORE_WAIT_MS;
	code = vault_ask_into(cli, &call, argv[0], &arena);
	if (code == 0)
		(void)printf("%s: backup made (encrypted; the key is not in "
			     "it)\n",
			     argv[0]);
	return code;
}

/* The vault's own program restores; nobody else writes the store. */
static int
store_exec_restore(const struct cli *cli, const struct config *config,
		   const char *file)
{
	char path[STORE_PATH_BYTES];
	const char *const argv[] = {
		"sekimori-vault", "--config", cli->config_path,
		"--restore",      file,       NULL
	};
	struct err err = { 0 };

	(void)snprintf(path, sizeof(path), "%s/sekimori-vault",
		       config->general.program_dir);
	(void)execv(path, (char *const *)(uintptr_t)argv);
	(void)err_set_errno(&err, "%s: cannot be started", path);
	return cli_fail(&err, "Is general.program_dir right?");
}

static int
store_restore(const struct cli *cli, int argc, char **argv)
{
	AUTO(config_free) struct config *config = NULL;
	const struct options options = {
		"store restore",
		"store restore FILE\n"
		"Puts a backup in the place of an empty store. The programs "
		"must be stopped, and\n"
		"state_dir missing, or empty but for link-keys and "
		"link-epochs.\n",
		NULL, 0
	};
	struct err err = { 0 };
	char control[STORE_PATH_BYTES];
	char file[PATH_MAX];
	int code = 0;

	if (!options_exactly(&options, argc, argv, 1, "name the backup", &code))
		return code;
	code = cli_load_config(cli, &config);
	if (code != 0)
		return code;
	if (realpath(argv[0], file) == NULL) {
		(void)err_set_errno(&err, "%s", argv[0]);
		return cli_fail(&err, NULL);
	}
	if (control_path(config->general.run_dir, "sekimori-vault", control,
			 sizeof(control), &err) != ST_OK)
		return cli_fail(&err, NULL);
	const enum status st = control_ask(control, CONTROL_PING, &err);

	/* Who may not ask does not know whether it runs. */
	if (st == ST_OK || err.sys_errno == EACCES) {
		(void)err_set(&err, ST_DENIED,
			      st == ST_OK ? "the vault is running"
					  : "the vault may be running");
		return cli_fail(&err, "Stop the programs, and restore as root "
				      "or the vault's account.");
	}
	if (key_file_check_readable(config, file, &err) != ST_OK)
		return cli_fail(&err, "Give it to that account: chown it, and "
				      "put it where the account gets to it.");
	return store_exec_restore(cli, config, file);
}

static int
store_forget_words(const struct cli *cli, int argc, char **argv)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	const struct options options = {
		"store forget-words",
		"store forget-words\n"
		"Wipes the words that may be passwords from the vault's memory "
		"(vault.words_keep).\n"
		"How many there were is on record.\n",
		NULL, 0
	};
	struct vault_words_forgotten answer = { .count = 0 };
	struct vault_call call =
		VAULT_CALL(WORDS_FORGET, &store_request, &answer);
	int code = 0;

	if (!options_exactly(&options, argc, argv, 0, "too many arguments",
			     &code))
		return code;
	code = vault_ask_once(cli, &call, &arena);
	if (code == 0)
		(void)printf("%" PRIu64 " words forgotten\n", answer.count);
	return code;
}

int
cmd_store(const struct cli *cli, int argc, char **argv)
{
	static const struct subcommand rows[] = {
		{ "check", store_check, "is everything there and whole?" },
		{ "backup", store_backup, "FILE  a copy while it runs" },
		{ "restore", store_restore, "FILE  a copy put back" },
		{ "forget-words", store_forget_words,
		  "wipe words that may be passwords from memory" },
	};
	static const struct subcommands commands = { "store", rows,
						     ARRAY_LEN(rows) };

	return subcommand_run(cli, &commands, argc, argv);
}
