#include "quarantine-ui/pages/words.h"

size_t
words_roles(const struct call *call, uint32_t roles,
	    struct words_role out[WORDS_ROLES])
{
	static const struct {
		uint32_t role;
		const char *name, *means;
	} rows[WORDS_ROLES] = {
		{ VAULT_ROLE_SENDER, N_("sender"),
		  N_("sees and cancels own held mail") },
		{ VAULT_ROLE_APPROVER, N_("approver"),
		  N_("decides on held mail of others") },
		{ VAULT_ROLE_HANDLER, N_("handler"),
		  N_("may see numbers unmasked, with a reason and on record") },
		{ VAULT_ROLE_AUDITOR, N_("auditor"),
		  N_("reads and verifies the log") },
		{ VAULT_ROLE_ADMIN, N_("admin"),
		  N_("accounts, store and keys; sees no content") },
	};
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if ((roles & rows[i].role) == 0)
			continue;
		out[count].name = call_text(call, rows[i].name);
		out[count++].means = call_text(call, rows[i].means);
	}
	return count;
}
