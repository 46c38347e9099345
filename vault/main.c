/* main.c - sekimori-vault: the program. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "lib/base/log.h"
#include "lib/proc/process.h"
#include "vault/client/vault_init.h"
#include "vault/server/server.h"
#include "vault/server/setup.h"
#include "vault/store/upkeep.h"

enum mode { MODE_NONE = 0, MODE_SERVE, MODE_CHECK, MODE_INIT, MODE_RESTORE };

struct arguments {
	const char *config_path;
	const char *tar_path;
	enum mode mode;
};

static const char vault_usage[] =
	"usage: sekimori-vault --config FILE [--check | --init | "
	"--restore TARFILE]\n"
	"       sekimori-vault --help | --version\n"
	"  --check            is the configuration right?\n"
	"  --init             make the store; accounts come from sekimori "
	"setup\n"
	"  --restore TARFILE  a backup, into an empty state_dir\n";

/* --help and --version, before anything else is looked at. */
static bool
answer_question(int argc, char **argv)
{
	if (argc != 2)
		return false;
	if (strcmp(argv[1], "--help") == 0)
		return fputs(vault_usage, stdout) >= 0;
	if (strcmp(argv[1], "--version") == 0)
		return puts("sekimori-vault " SEKIMORI_VERSION) >= 0;
	return false;
}

static bool
parse_arguments(int argc, char **argv, struct arguments *arguments)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "check", no_argument, NULL, 'k' },
		{ "init", no_argument, NULL, 'i' },
		{ "restore", required_argument, NULL, 'r' },
		{ NULL, 0, NULL, 0 },
	};
	int option = 0;

	*arguments = (struct arguments){ .mode = MODE_SERVE };
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread yet */
	while ((option = getopt_long(argc, argv, "c:", options, NULL)) != -1) {
		if (option == 'c')
			arguments->config_path = optarg;
		else if (option == 'k')
			arguments->mode = MODE_CHECK;
		else if (option == 'i')
			arguments->mode = MODE_INIT;
		else if (option == 'r') {
			arguments->mode = MODE_RESTORE;
			arguments->tar_path = optarg;
		} else
			return false;
	}
	return arguments->config_path != NULL && optind == argc;
}

static int
fail(const struct err *err)
{
	(void)fprintf(stderr, "sekimori-vault: %s\n", err->text);
	return err->st == ST_FORMAT || err->st == ST_NOT_FOUND ? EX_CONFIG
							       : EX_SOFTWARE;
}

static enum status
init_vault(const struct config *config, struct err *err)
{
	struct sbuf accounts;
	enum status st = ST_OK;

	sbuf_init_secret(&accounts, VAULT_INIT_MAX_BYTES);
	st = fd_slurp(STDIN_FILENO, &accounts, err);
	if (st == ST_OK)
		st = process_drop_privileges(config->vault.user, err);
	if (st == ST_OK)
		st = setup_vault(config, sbuf_span(&accounts), err);
	sbuf_done(&accounts);
	return st;
}

static enum status
restore_vault(const struct config *config, const char *tar_path,
	      struct err *err)
{
	const enum status st = process_drop_privileges(config->vault.user, err);

	if (st != ST_OK)
		return st;
	return upkeep_restore(tar_path, config->general.state_dir, err);
}

static enum status
serve(struct core *core, struct err *err)
{
	const struct config *config = core_config(core);
	struct server_sockets sockets = { FD_NONE, FD_NONE };
	enum status st = server_prepare(config, &sockets, err);

	if (st == ST_OK)
		st = process_drop_privileges(config->vault.user, err);
	if (st == ST_OK)
		st = server_run(core, &sockets, err);
	fd_close(&sockets.vault_fd);
	fd_close(&sockets.control_fd);
	return st;
}

/*
 * One process on a store: a second vault would sweep away, as strays of a
 * crash, the blobs that the first is about to commit.
 */
static enum status
run(const struct arguments *arguments, struct core *core, struct err *err)
{
	const struct config *config = core_config(core);
	AUTO(fd_close) int lock_fd = FD_NONE;
	enum status st = ST_OK;

	if (arguments->mode == MODE_CHECK)
		return ST_OK;
	st = server_make_state(config, err);
	if (st == ST_OK)
		st = process_lock(config->general.state_dir, &lock_fd, err);
	if (st != ST_OK)
		return st;
	switch (arguments->mode) {
	case MODE_INIT:
		return init_vault(config, err);
	case MODE_RESTORE:
		return restore_vault(config, arguments->tar_path, err);
	case MODE_CHECK:
	case MODE_SERVE:
	case MODE_NONE:
	default:
		return serve(core, err);
	}
}

int
main(int argc, char **argv)
{
	struct arguments arguments;
	static struct core core;
	struct err err = { .st = ST_OK };
	enum status st = ST_OK;

	if (answer_question(argc, argv))
		return EX_OK;
	if (!parse_arguments(argc, argv, &arguments)) {
		(void)fputs(vault_usage, stderr);
		return EX_USAGE;
	}
	if (arguments.mode == MODE_SERVE) {
		st = process_harden(FD_NONE, &err);
		if (st != ST_OK)
			return fail(&err);
	}
	st = core_init(&core, arguments.config_path, &err);
	if (st != ST_OK)
		return fail(&err);
	log_open("sekimori-vault",
		 strcmp(core_config(&core)->general.log, "stderr") == 0
			 ? LOG_TARGET_STDERR
			 : LOG_TARGET_SYSLOG,
		 core_config(&core)->general.debug);
	st = run(&arguments, &core, &err);
	if (st != ST_OK && arguments.mode == MODE_SERVE)
		log_event(LOG_LEVEL_ERROR, "ended", &err);
	core_done(&core);
	return st == ST_OK ? EX_OK : fail(&err);
}
