/*
 * visit.h - one request of a recipient on its way through a page.
 *
 * Layer:    quarantine-ui/portal
 * Threads:  belongs to one worker
 *
 * A visit begins when the vault takes the proof of a link's secret: it gives a
 * claim. The browser keeps it in a cookie of that link alone, together with
 * what opens the files: first the secret, since a password may have to be
 * mixed in; from then on only the opening key (lib/crypto/link_key.h).
 */
#ifndef QUARANTINE_UI_PORTAL_VISIT_H
#define QUARANTINE_UI_PORTAL_VISIT_H

#include "lib/base/clock.h"
#include "lib/crypto/link_key.h"
#include "quarantine-ui/html/scratch.h"
#include "quarantine-ui/html/tell.h"
#include "quarantine-ui/http/form.h"
#include "quarantine-ui/portal/portal.h"

enum visit_key {
	VISIT_KEY_NONE = 0, /* no visit */
	VISIT_KEY_SECRET,
	VISIT_KEY_OPENING,
	VISIT_KEY_END
};

enum { VISIT_AGENT_BYTES = SENT_AGENT_BYTES };

struct portal_route;

struct visit {
	struct portal *portal;
	const struct view *view;
	struct vault_client *vault;
	const struct http_request *request;
	struct http_response *response;
	const struct portal_route *route; /* NULL: no such page */
	uint8_t link_id[LINK_ID_BYTES];
	char link_text[CASE_ID_TEXT_BYTES]; /* {id} of the path, or "" */
	uint32_t file;                      /* {n} of the path, from 0 */
	struct scratch scratch;
	struct form query;
	struct form form;
	enum i18n_language language;
	char agent[VISIT_AGENT_BYTES];
	/* What the cookie says. */
	enum visit_key key_kind;
	uint8_t claim[LINK_CLAIM_BYTES];
	uint8_t key[SEAL_KEY_BYTES];
	/* What the vault says; stage NONE: nothing yet. */
	struct vault_link_view link;
	struct wire_arena *arena;
};

/* Read cookie and language. Asks nobody. */
void visit_begin(struct visit *visit);
void visit_done(struct visit *visit);

const char *visit_text(const struct visit *visit, const char *english);
struct tell visit_tell(struct visit *visit);

/* What somebody typed, without blanks and '-', with the wide letters and
 * digits of a Japanese keyboard as plain ones. */
const char *visit_typed(struct visit *visit, const char *text);

/* From now on the browser has this visit; it ends with the claim. Of many
 * visits in one browser it forgets the oldest: with all of them a request's
 * header would be too large. */
void visit_keep(struct visit *visit);
/* It has none any more. */
void visit_leave(struct visit *visit);

/* Is one more try from this address within the rate? */
bool visit_may_try(struct visit *visit);

/*
 * Ask the vault; visit->link is its answer.
 * Returns: as vault_client_call(); ST_FORMAT also when what was typed is
 *          nothing that the vault would take
 */
MUST_CHECK enum status
visit_open(struct visit *visit, const struct link_secret *secret,
	   struct err *err);
MUST_CHECK enum status visit_look(struct visit *visit, struct err *err);
MUST_CHECK enum status visit_send_code(struct visit *visit, struct err *err);
MUST_CHECK enum status
visit_prove_mailbox(struct visit *visit, const char *code, struct err *err);
/* Also ST_LIMIT: all places for passwords are taken. */
MUST_CHECK enum status
visit_prove_password(struct visit *visit, const char *password,
		     struct err *err);
/* It is over, whoever has its cookie. */
MUST_CHECK enum status visit_end(struct visit *visit, struct err *err);
MUST_CHECK enum status
visit_take(struct visit *visit, uint32_t file, struct err *err);

/* Who is asking, for the vault. Borrows from the visit; the claim in it is to
 * be wiped. */
struct vault_link_visit visit_claim(const struct visit *visit);

/*
 * The file key, and the list of files under it.
 * Gives:    file_key_out, to be wiped; *files_out lives as long as *arena_out
 * Returns:  ST_OK; ST_NOT_FOUND the key of this visit does not open it (a
 *           password is missing in it); ST_FORMAT, ST_IO, ST_NO_MEMORY
 */
MUST_CHECK enum status
visit_unlock(const struct visit *visit, struct span wrapped,
	     struct span manifest, uint8_t file_key_out[SEAL_KEY_BYTES],
	     struct link_manifest *files_out, struct wire_arena **arena_out,
	     struct err *err);

#endif
