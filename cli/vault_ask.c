#include "cli/vault_ask.h"

#include <stdio.h>
#include <unistd.h>

#include "cli/output.h"

int
vault_ask_open(const struct cli *cli, struct vault_ask *ask)
{
	*ask = (struct vault_ask){ .config = NULL };
	vault_client_init(&ask->client, "");
	const int code = cli_load_config(cli, &ask->config);

	if (code == 0)
		vault_client_init(&ask->client, ask->config->vault_socket);
	return code;
}

void
vault_ask_close(struct vault_ask *ask)
{
	vault_client_done(&ask->client);
	config_free(&ask->config);
}

/* What to do about a refusal; NULL: its words say all. */
static const char *
vault_ask_advice(const struct vault_ask *ask, enum status st)
{
	switch (ask->client.failure) {
	case VAULT_FAILURE_DENIED:
		return "Who asks is the account whose uid is yours: see "
		       "\"sekimori user list\".";
	case VAULT_FAILURE_NOT_FOUND:
		return NULL;
	case VAULT_FAILURE_CONFLICT:
		return "Somebody was faster. Look again, then decide.";
	case VAULT_FAILURE_INVALID:
		return NULL;
	case VAULT_FAILURE_LOCKED:
		return "The vault has no key: \"sekimori doctor\" says why.";
	case VAULT_FAILURE_BUSY:
		return "Try again in a moment.";
	case VAULT_FAILURE_STORE:
		return "Nothing was changed. \"sekimori doctor\" looks at the "
		       "store.";
	case VAULT_FAILURE_NONE:
	case VAULT_FAILURE_END:
	default:
		break;
	}
	return st == ST_IO ? "Is the vault running, and is your uid in an "
			     "account? \"sekimori doctor\" looks."
			   : NULL;
}

int
vault_ask_call(struct vault_ask *ask, const struct vault_call *call,
	       struct wire_arena **arena_out)
{
	struct err err = { 0 };
	const enum status st =
		vault_client_call(&ask->client, call, arena_out, &err);

	if (st == ST_OK)
		return 0;
	if (ask->client.failure == VAULT_FAILURE_NONE && st == ST_IO) {
		(void)cli_fail(&err, vault_ask_advice(ask, st));
		return EX_UNAVAILABLE;
	}
	return cli_fail(&err, vault_ask_advice(ask, st));
}

int
vault_ask_once(const struct cli *cli, const struct vault_call *call,
	       struct wire_arena **arena_out)
{
	struct vault_ask ask;
	int code = vault_ask_open(cli, &ask);

	if (code == 0)
		code = vault_ask_call(&ask, call, arena_out);
	vault_ask_close(&ask);
	return code;
}

int
vault_ask_into(const struct cli *cli, const struct vault_call *call,
	       const char *path, struct wire_arena **arena_out)
{
	AUTO(fd_close) int fd = FD_NONE;
	struct vault_call into = *call;
	struct err err = { 0 };
	int code = 0;

	if (output_create(path, &fd, &err) != ST_OK)
		return cli_fail(&err, NULL);
	into.fd = fd;
	code = vault_ask_once(cli, &into, arena_out);
	if (output_finish(path, fd, code == 0, &err) != ST_OK)
		code = cli_fail(&err, NULL);
	return code;
}

int
vault_ask_case_id(const char *command, const char *text,
		  uint8_t id[CASE_ID_BYTES])
{
	if (case_id_parse(text, id))
		return 0;
	return cli_misuse(command,
			  "\"%s\" is no case id; \"sekimori hold list\" shows "
			  "them",
			  text);
}
