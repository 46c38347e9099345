/*
 * setup_answers.h - what setup must know, from options or questions.
 *
 * Layer:    cli
 * Threads:  one
 */
#ifndef CLI_SETUP_ANSWERS_H
#define CLI_SETUP_ANSWERS_H

#include "cli/options.h"
#include "lib/config/config.h"
#include "vault/client/vault_messages.h"

enum { SETUP_MAX_ANSWER_BYTES = 2000, SETUP_MAX_VALUES = 96 };

/* How people reach the desk. */
enum setup_desk {
	SETUP_DESK_NONE = 0, /* the options of --set say it */
	SETUP_DESK_DIRECT,   /* at its own port, with its own certificate */
	SETUP_DESK_PROXY     /* through a web server on this host */
};

/* How recipients of secure links reach the portal. */
enum setup_portal {
	SETUP_PORTAL_NONE = 0, /* not said, or the options of --set say it */
	SETUP_PORTAL_NO,       /* no links */
	SETUP_PORTAL_DIRECT,   /* at its own port, with its own certificate */
	SETUP_PORTAL_PROXY     /* through a web server on this host */
};

/* Texts that were typed or given; all of them live as long as the answers. */
struct setup_answers {
	const char *domains; /* comma separated */
	const char *host_name;
	const char *url;
	const char *next_hop;
	const char *notice_sender;
	const char *postmaster;
	const char *key; /* file:/path or credential:NAME */
	const char *mode;
	const char *language; /* NULL: the table's default */
	enum setup_desk desk;
	enum setup_portal portal;
	const char *portal_url;
	const char *portal_certificate; /* DIRECT */
	const char *portal_key;
	const char *portal_user;
	const char *socket;           /* of the milter; NULL: the default */
	const char *socket_group;     /* NULL: the default */
	const char *admin;            /* LOGIN[:ADDRESS[:UID]] */
	struct option_list approvers; /* the same */
	struct option_list set;       /* section.name=value */
	bool certificate;
	bool password_stdin;
	/* What was asked for; each item one malloc(). */
	char *typed[48];
	size_t typed_count;
	/* For config_write_file(). */
	struct config_value values[SETUP_MAX_VALUES];
	size_t value_count;
	char *texts[SETUP_MAX_VALUES * 2];
	size_t text_count;
};

void setup_answers_done(struct setup_answers *answers);

/* Does a --set begin with key? */
bool setup_answers_set(const struct setup_answers *answers, const char *key);

/* LOGIN[:ADDRESS[:UID]] in pieces. */
struct setup_account {
	char login[VAULT_MAX_NAME_BYTES];
	char address[CASE_MAX_ADDRESS_BYTES];
	int64_t uid; /* -1: none */
};
/* False: it is not written like that. */
bool setup_account_parse(const char *words, struct setup_account *account_out);

/* A copy of text that lives as long as the answers. Returns: ST_OK;
 * ST_NO_MEMORY */
MUST_CHECK enum status
setup_answers_keep(struct setup_answers *answers, const char *text,
		   const char **place, struct err *err);

/* Fill values. certificate_dir: where desk.crt and desk.key will be, or NULL.
 * Returns: ST_OK; ST_FORMAT a --set that makes no sense; ST_NO_MEMORY */
MUST_CHECK enum status
setup_answers_write(struct setup_answers *answers, const char *certificate_dir,
		    struct err *err);

#endif
