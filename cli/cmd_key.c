/* key: the vault's master key and its escrow copy, as files. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/key_file.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/secret.h"
#include "cli/subcommand.h"

enum { KEY_MAX_ESCROW_BYTES = 4096 };

static enum secret_source
key_secret_source(bool from_stdin)
{
	return from_stdin ? SECRET_SOURCE_STDIN : SECRET_SOURCE_TERMINAL;
}

/* --- create -------------------------------------------------------------- */

static int
key_create(const struct cli *cli, int argc, char **argv)
{
	const struct options options = {
		"key create",
		"key create FILE\n"
		"Makes a new master key. Put the file on another volume than "
		"the store, name it in\n"
		"the setting vault.key, and make an escrow copy: without key "
		"and copy no held mail\n"
		"can ever be read again.\n",
		NULL, 0
	};
	struct err err = { 0 };
	int rest = 0;
	const enum options_result result =
		options_parse(&options, argc, argv, &rest);

	if (result != OPTIONS_OK)
		return options_exit_status(result);
	if (rest != 1)
		return cli_misuse("key create", "name a new file");
	enum status st = master_key_create(argv[0], &err);

	if (st == ST_OK)
		st = key_file_give(cli, argv[0], &err);
	if (st != ST_OK)
		return cli_fail(&err, NULL);
	(void)printf("%s: key made. Now: sekimori key escrow\n", argv[0]);
	return 0;
}

/* --- escrow -------------------------------------------------------------- */

static enum status
key_write_escrow(const char *path, const struct sbuf *text, struct err *err)
{
	AUTO(fd_close) int fd = FD_NONE;
	enum status st = ST_OK;

	if (strcmp(path, "-") == 0)
		return fd_write_all(STDOUT_FILENO, sbuf_span(text), err);
	st = output_create(path, &fd, err);
	if (st != ST_OK)
		return st;
	st = fd_write_all(fd, sbuf_span(text), err);
	const enum status done = output_finish(path, fd, st == ST_OK, err);

	return st == ST_OK ? done : st;
}

static enum status
key_escrow_to(const struct config *config, enum secret_source source,
	      const char *path, struct err *err)
{
	AUTO(sbuf_done) struct sbuf passphrase;
	AUTO(sbuf_done) struct sbuf text;
	AUTO(master_key_wipe) struct master_key key = { { 0 } };
	enum status st = ST_OK;

	sbuf_init_secret(&passphrase, SECRET_MAX_BYTES);
	sbuf_init(&text, KEY_MAX_ESCROW_BYTES);
	st = key_file_load(config, &key, err);
	if (st == ST_OK)
		st = secret_read_new(source, "Passphrase of the escrow copy: ",
				     &passphrase, err);
	if (st == ST_OK)
		st = master_key_escrow(&key, sbuf_text(&passphrase), &text,
				       err);
	if (st == ST_OK)
		st = key_write_escrow(path, &text, err);
	if (st == ST_OK)
		st = key_file_note_escrow(config, &key, err);
	return st;
}

static int
key_escrow(const struct cli *cli, int argc, char **argv)
{
	AUTO(config_free) struct config *config = NULL;
	bool from_stdin = false;
	const struct option_row rows[] = {
		{ "--passphrase-stdin", OPTION_FLAG, &from_stdin },
	};
	const struct options options = {
		"key escrow",
		"key escrow [--passphrase-stdin] FILE|-\n"
		"Writes a copy of the master key that opens with a passphrase "
		"only. Print it, lock\n"
		"it away, keep the passphrase elsewhere. Run it as root on "
		"the vault's host.\n",
		rows, ARRAY_LEN(rows)
	};
	struct err err = { 0 };
	int rest = 0;
	int code = 0;
	const enum options_result result =
		options_parse(&options, argc, argv, &rest);

	if (result != OPTIONS_OK)
		return options_exit_status(result);
	if (rest != 1)
		return cli_misuse("key escrow", "name a new file, or -");
	code = cli_load_config(cli, &config);
	if (code != 0)
		return code;
	if (key_escrow_to(config, key_secret_source(from_stdin), argv[0],
			  &err) != ST_OK)
		return cli_fail(&err, NULL);
	if (strcmp(argv[0], "-") != 0)
		(void)printf("%s: escrow copy made\n", argv[0]);
	return 0;
}

/* --- restore ------------------------------------------------------------- */

static enum status
key_restore_to(const char *copy, enum secret_source source, const char *path,
	       struct err *err)
{
	AUTO(sbuf_done) struct sbuf passphrase;
	AUTO(sbuf_done) struct sbuf text;
	AUTO(master_key_wipe) struct master_key key = { { 0 } };
	enum status st = ST_OK;

	sbuf_init_secret(&passphrase, SECRET_MAX_BYTES);
	sbuf_init(&text, KEY_MAX_ESCROW_BYTES);
	st = fd_slurp_file(copy, &text, err);
	if (st == ST_OK)
		st = secret_read(source,
				 "Passphrase of the escrow copy: ", &passphrase,
				 err);
	if (st == ST_OK)
		st = master_key_restore(sbuf_span(&text),
					sbuf_text(&passphrase), &key, err);
	return st == ST_OK ? master_key_write(path, &key, err) : st;
}

static int
key_restore(const struct cli *cli, int argc, char **argv)
{
	bool from_stdin = false;
	const struct option_row rows[] = {
		{ "--passphrase-stdin", OPTION_FLAG, &from_stdin },
	};
	const struct options options = {
		"key restore",
		"key restore [--passphrase-stdin] COPY FILE\n"
		"Makes the key file anew from an escrow copy.\n",
		rows, ARRAY_LEN(rows)
	};
	struct err err = { 0 };
	int rest = 0;
	const enum options_result result =
		options_parse(&options, argc, argv, &rest);

	if (result != OPTIONS_OK)
		return options_exit_status(result);
	if (rest != 2)
		return cli_misuse("key restore",
				  "name the escrow copy and a new file");
	enum status st = key_restore_to(argv[0], key_secret_source(from_stdin),
					argv[1], &err);

	if (st == ST_OK)
		st = key_file_give(cli, argv[1], &err);
	if (st != ST_OK)
		return cli_fail(&err, NULL);
	(void)printf("%s: key restored\n", argv[1]);
	return 0;
}

int
cmd_key(const struct cli *cli, int argc, char **argv)
{
	static const struct subcommand rows[] = {
		{ "create", key_create, "FILE  a new master key" },
		{ "escrow", key_escrow,
		  "FILE|-  a copy under a passphrase, to lock away" },
		{ "restore", key_restore, "COPY FILE  the key from its copy" },
	};
	static const struct subcommands commands = { "key", rows,
						     ARRAY_LEN(rows) };

	return subcommand_run(cli, &commands, argc, argv);
}
