/*
 * fake_vault.h - a vault in memory that speaks the real tables.
 *
 * The desk's unit tests and the screenshots run against it: people, sessions,
 * held mail with reports, four-eyes rule, failures on demand.
 */
#ifndef TESTS_QUARANTINE_UI_FAKE_VAULT_H
#define TESTS_QUARANTINE_UI_FAKE_VAULT_H

#include "lib/wire/channel.h"
#include "vault/client/vault_messages.h"

#define FAKE_PASSWORD "correct horse battery staple"

enum {
	FAKE_CASES = 6,
	FAKE_USERS = 4,
	FAKE_SESSIONS = 64,
	FAKE_GUEST = FAKE_USERS + 1
};

/* The second factor's code and the entry's code that are good. */
#define FAKE_CODE       "123456"
#define FAKE_ENTRY_CODE "ABCD-EFGH-JKMN-PQRS"

struct fake_session {
	uint8_t token[VAULT_TOKEN_BYTES];
	uint8_t form_token[VAULT_TOKEN_BYTES];
	size_t user; /* index; FAKE_USERS: free; FAKE_GUEST */
	enum session_stage stage;
};

struct fake_case {
	uint8_t id[CASE_ID_BYTES];
	enum case_state state;
	uint8_t version[32];
	char comment[200]; /* of the decision */
	char actor[64];
};

struct fake_vault;

/* Listen at path; threads of its own. path is kept as it is. */
struct fake_vault *fake_vault_start(const char *path);
void fake_vault_stop(struct fake_vault **vault);

/* Every request from now on fails like that; NONE: as usual. */
void fake_vault_fail(struct fake_vault *vault, enum vault_failure_kind kind,
		     const char *reason);
/* At the next sign-in, and how far it goes then. */
void fake_vault_stage(struct fake_vault *vault, enum session_stage stage);
/* What taro may do from now on. */
void fake_vault_roles(struct fake_vault *vault, uint32_t roles);
void fake_vault_self_test_late(struct fake_vault *vault);
/* Words of the last comment. */
void fake_vault_comment(struct fake_vault *vault, char text[200]);
/* The last password of a file, with " keep" behind it when it is to be kept;
 * what became of it (case 3). */
void fake_vault_password(struct fake_vault *vault, char text[200]);
void fake_vault_unlocked(struct fake_vault *vault, enum unlock_state state);
/* The search of case 3 goes on. */
void fake_vault_search(struct fake_vault *vault);
/* What was asked of a link: "revoke", "extend 7". */
void fake_vault_link_step(struct fake_vault *vault, char text[40]);
void fake_vault_lock(struct fake_vault *vault, bool locked);
/* Wait before each answer. */
void fake_vault_delay(struct fake_vault *vault, unsigned delay_ms);
/* Reports that contradict themselves. */
void fake_vault_spoil_reports(struct fake_vault *vault);
/* Show cases as to somebody who takes no part in them. */
void fake_vault_hide(struct fake_vault *vault);
/* Something that lists show has changed; previews are ready now. */
void fake_vault_touch(struct fake_vault *vault);
/* Text that tries to break out of a page, as the subject of case 0. */
void fake_vault_set_subject(struct fake_vault *vault, const char *subject);
/* Requests of that frame type so far. */
size_t fake_vault_count(struct fake_vault *vault, uint16_t type);

/* Number i; its sender is taro but for case 4, whose sender is approver1. */
const char *fake_vault_case_text(const struct fake_vault *vault, size_t i,
				 char text[CASE_ID_TEXT_BYTES]);
enum case_state fake_vault_case_state(struct fake_vault *vault, size_t i);

/* fake_cases.c: sample data. */
void fake_case_line(const struct fake_case *from, size_t i, size_t user,
		    struct vault_case_line *line);
void fake_case_report(size_t i, bool spoiled, struct sbuf *payload);
/* Case 3, with one lock that is open and one that is when opened. */
void fake_case_locks(bool opened, struct sbuf *payload);
void fake_case_preview(size_t i, bool revealed, struct sbuf *payload);

#endif
