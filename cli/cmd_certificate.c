/* certificate: records of secure links that the vault has signed. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/options.h"
#include "cli/subcommand.h"
#include "cli/vault_ask.h"
#include "lib/crypto/signed_text.h"

enum { CERTIFICATE_MAX_BYTES = 2 * 1024 * 1024, CERTIFICATE_MAX_PEM = 4096 };

static int
certificate_ask_key(const struct cli *cli, uint8_t key[SIGN_PUBLIC_BYTES])
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	const struct vault_empty request = { 0 };
	struct vault_link_public answer = { .key = { 0 } };
	const struct vault_call call =
		VAULT_CALL(LINK_PUBLIC, &request, &answer);
	const int code = vault_ask_once(cli, &call, &arena);

	memcpy(key, answer.key, SIGN_PUBLIC_BYTES);
	return code;
}

static int
certificate_key(const struct cli *cli, int argc, char **argv)
{
	AUTO(sbuf_done) struct sbuf pem;
	const struct options options = {
		"certificate key",
		"certificate key\n"
		"The public key that records of this system are checked with, "
		"as PEM. Give it to\n"
		"whoever shall check them without this system.\n",
		NULL, 0
	};
	uint8_t key[SIGN_PUBLIC_BYTES];
	struct err err = { 0 };
	enum status st = ST_OK;
	int code = 0;

	sbuf_init(&pem, CERTIFICATE_MAX_PEM);
	if (!options_exactly(&options, argc, argv, 0, "too many arguments",
			     &code))
		return code;
	code = certificate_ask_key(cli, key);
	if (code != 0)
		return code;
	st = sign_write_pem(key, &pem, &err);
	if (st == ST_OK)
		st = fd_write_all(STDOUT_FILENO, sbuf_span(&pem), &err);
	return st == ST_OK ? 0 : cli_fail(&err, NULL);
}

static enum status
certificate_read_key(const char *path, uint8_t key[SIGN_PUBLIC_BYTES],
		     struct err *err)
{
	AUTO(sbuf_done) struct sbuf pem;
	enum status st = ST_OK;

	sbuf_init(&pem, CERTIFICATE_MAX_PEM);
	st = fd_slurp_file(path, &pem, err);
	return st == ST_OK ? sign_read_pem(sbuf_span(&pem), key, err) : st;
}

/* The record is what was signed; show it, so that nobody looks at another
 * file than the one that was checked. */
static int
certificate_check(const uint8_t key[SIGN_PUBLIC_BYTES], const char *path)
{
	AUTO(sbuf_done) struct sbuf file;
	struct span text = { NULL, 0 };
	uint8_t signature[SIGNATURE_BYTES];
	struct err err = { 0 };
	enum status st = ST_OK;

	sbuf_init(&file, CERTIFICATE_MAX_BYTES);
	st = fd_slurp_file(path, &file, &err);
	if (st == ST_OK)
		st = signed_text_read(sbuf_span(&file), &text, signature, &err);
	if (st == ST_OK)
		st = sign_verify(key, text, signature, &err);
	if (st == ST_OK)
		st = fd_write_all(STDOUT_FILENO, text, &err);
	if (st == ST_DENIED)
		return cli_fail(&err, "It was changed, or another system "
				      "signed it. Do not rely on it.");
	if (st != ST_OK)
		return cli_fail(&err, NULL);
	(void)fprintf(stderr, "%s: the signature is right\n", path);
	return 0;
}

static int
certificate_verify(const struct cli *cli, int argc, char **argv)
{
	const char *key_path = NULL;
	const struct option_row rows[] = {
		{ "--key", OPTION_TEXT, &key_path },
	};
	const struct options options = {
		"certificate verify",
		"certificate verify [--key PEM] FILE\n"
		"Is this record what the vault has signed? Prints it if so. "
		"Without --key the vault\n"
		"of this system is asked for its key. Exit status: 0 yes, 77 "
		"no, 65 no record.\n",
		rows, ARRAY_LEN(rows)
	};
	uint8_t key[SIGN_PUBLIC_BYTES];
	struct err err = { 0 };
	int code = 0;

	if (!options_exactly(&options, argc, argv, 1, "name one file", &code))
		return code;
	if (key_path == NULL)
		code = certificate_ask_key(cli, key);
	else if (certificate_read_key(key_path, key, &err) != ST_OK)
		code = cli_fail(&err, "Make it with: sekimori certificate key");
	return code == 0 ? certificate_check(key, argv[0]) : code;
}

int
cmd_certificate(const struct cli *cli, int argc, char **argv)
{
	static const struct subcommand rows[] = {
		{ "key", certificate_key,
		  "                    the key to check them with" },
		{ "verify", certificate_verify,
		  "[--key PEM] FILE    is this record unchanged?" },
	};
	static const struct subcommands commands = { "certificate", rows,
						     ARRAY_LEN(rows) };

	return subcommand_run(cli, &commands, argc, argv);
}
