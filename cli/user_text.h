/*
 * user_text.h - accounts as options, tables and JSON.
 *
 * Layer:    cli
 * Threads:  one
 */
#ifndef CLI_USER_TEXT_H
#define CLI_USER_TEXT_H

#include <jansson.h>

#include "cli/options.h"
#include "cli/table.h"
#include "vault/client/vault_messages.h"

enum { USER_ROLES_BYTES = 64 };

/* "approver,admin" to bits. False: a word that is no role. */
bool user_parse_roles(const char *text, uint32_t *roles_out);
void user_format_roles(uint32_t roles, char text[USER_ROLES_BYTES]);

json_t *user_json(const struct vault_user *user);
void user_add_row(const struct vault_user *user, struct table *table);

/* The options of "user add" and "user change". NULL: not given. */
struct user_words {
	const char *name;
	const char *roles;
	const char *addresses;
	const char *groups;
	const char *language;
	const char *uid; /* a number, or "none" */
};

/*
 * Put the words that were given into *user, which borrows them.
 * Returns: 0, or EX_USAGE (the reason was shown).
 */
int user_apply_words(const char *command, const struct user_words *words,
		     struct vault_user *user);

#endif
