#include "cli/hold_unlock.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "cli/options.h"
#include "cli/secret.h"
#include "cli/vault_ask.h"

enum {
	UNLOCK_WAIT_MS = 60 * 1000,
	UNLOCK_POLL_US = 300 * 1000,
	UNLOCK_EXIT_CLOSED = 1
};

static int
unlock_read(bool from_stdin, struct sbuf *password)
{
	struct err err = { 0 };
	const enum status st = secret_read(
		from_stdin ? SECRET_SOURCE_STDIN : SECRET_SOURCE_TERMINAL,
		"Password of the file: ", password, &err);

	if (st != ST_OK)
		return cli_fail(&err, "Without a terminal: --password-stdin "
				      "and one line on standard input.");
	if (password->len_bytes <= REPORT_SECRET_BYTES)
		return 0;
	NEGLECT(err_set(&err, ST_FORMAT, "the password is too long"));
	return cli_fail(&err, NULL);
}

static int
unlock_send(struct vault_ask *ask, struct vault_unlock *request)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_empty answer = { 0 };
	const struct vault_call call = VAULT_CALL(UNLOCK, request, &answer);

	return vault_ask_call(ask, &call, &arena);
}

static int
unlock_look(struct vault_ask *ask, const uint8_t id[CASE_ID_BYTES],
	    struct vault_locks *locks)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_show request = { .actor = { { NULL, 0 } } };
	struct vault_case held = { .may_decide = false };
	const struct vault_call call = VAULT_CALL(SHOW, &request, &held);

	memcpy(request.case_id, id, sizeof(request.case_id));
	const int code = vault_ask_call(ask, &call, &arena);

	*locks = held.line.locks;
	return code;
}

/* The password is tried by a job: wait a while for what comes of it. */
static int
unlock_tell(struct vault_ask *ask, const uint8_t id[CASE_ID_BYTES])
{
	const int64_t until_mono_ms = clock_mono_ms() + UNLOCK_WAIT_MS;
	struct vault_locks locks = { .state = UNLOCK_STATE_TRYING };
	int code = unlock_look(ask, id, &locks);

	while (code == 0 && locks.state == UNLOCK_STATE_TRYING &&
	       clock_left_ms(until_mono_ms) > 0) {
		(void)usleep(UNLOCK_POLL_US);
		code = unlock_look(ask, id, &locks);
	}
	if (code != 0)
		return code;
	if (locks.state == UNLOCK_STATE_TRYING) {
		(void)puts("It is tried; \"hold show\" tells what it opened.");
	} else if (locks.state == UNLOCK_STATE_OPENED) {
		(void)printf("It opened something; still locked: %" PRIu32
			     ".\n",
			     locks.locked);
	} else if (locks.state == UNLOCK_STATE_CLOSED) {
		(void)puts("It opens nothing that is locked.");
		return UNLOCK_EXIT_CLOSED;
	} else {
		(void)puts("It was lost before it was tried; type it again.");
		return EX_TEMPFAIL;
	}
	return 0;
}

int
hold_unlock(const struct cli *cli, int argc, char **argv)
{
	AUTO(sbuf_done) struct sbuf password;
	struct vault_unlock request = { .keep = false };
	bool from_stdin = false;
	const struct option_row rows[] = {
		{ "--password-stdin", OPTION_FLAG, &from_stdin },
		{ "--keep", OPTION_FLAG, &request.keep },
	};
	const struct options options = {
		"hold unlock",
		"hold unlock [--keep] [--password-stdin] CASE\n"
		"The password of a file in the mail is asked for, and tried at "
		"once.\n"
		"--keep: if it fits, also for later mails of this sender to "
		"these recipients;\n"
		"        only the sender can say so.\n"
		"Exit status: 0 it opened something, or is tried still; 1 it "
		"fits nothing.\n",
		rows, ARRAY_LEN(rows)
	};
	struct vault_ask ask;
	int code = 0;

	sbuf_init_secret(&password, SECRET_MAX_BYTES);
	if (!options_exactly(&options, argc, argv, 1, "name one case", &code))
		return code;
	code = vault_ask_case_id("hold unlock", argv[0], request.case_id);
	if (code == 0)
		code = unlock_read(from_stdin, &password);
	if (code != 0)
		return code;
	request.password = sbuf_text(&password);
	code = vault_ask_open(cli, &ask);
	if (code == 0)
		code = unlock_send(&ask, &request);
	if (code == 0)
		code = unlock_tell(&ask, request.case_id);
	vault_ask_close(&ask);
	return code;
}
