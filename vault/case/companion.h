/*
 * companion.h - a held mail that waits with another one.
 *
 * Layer:    vault/case
 * Threads:  the writer's, but companion_is() and companions_find()
 *
 * A mail that tells the password of a held one is held, too, as a case of its
 * own with a mark (store_case.companion_of): blob, recipients and outcomes are
 * its own; everything else is the other one's, the main case. It is in no
 * list, nobody is told of it but its sender, once, and nobody decides on it:
 * what ends the waiting of the main case ends that of its companions in the
 * same transaction, each with its own audit row. A decision about the main
 * case is bound to its companions, and their senders and recipients may not
 * take it.
 */
#ifndef VAULT_CASE_COMPANION_H
#define VAULT_CASE_COMPANION_H

#include "vault/case/case_change.h"
#include "vault/case/people.h"

enum { COMPANIONS_MAX = 50 }; /* of one case */

/* What people are told who want to decide about a companion. */
#define COMPANION_WHY_NOT \
	"this mail waits with another one: decide about that one"

bool companion_is(const struct store_case *row);

struct companions {
	uint8_t ids[COMPANIONS_MAX][CASE_ID_BYTES];
	size_t count;
};
MUST_CHECK enum status
companions_find(struct vault *vault, const uint8_t main_id[CASE_ID_BYTES],
		struct companions *out, struct err *err);

/* Can cases join this one, which is opened? */
bool companion_may_join(const struct record *main_record);

/*
 * Deadline and reminder of a case: a companion's are its main case's.
 * Returns: ST_OK; ST_END the main case is decided, gone, or has too many
 */
MUST_CHECK enum status
companion_set_times(struct vault *vault, struct record *record,
		    struct err *err);

/* At unlock: what it was to wait with may be decided by now; then it is a case
 * like others. */
MUST_CHECK enum status
companion_open_times(struct vault *vault, struct record *record,
		     struct err *err);

/* It is no companion any more; the caller stores the row. */
void companion_part(struct record *record);

/* A companion was made, or a retry joined it: bind decisions to it, put it on
 * record with the main case and tell its sender. */
enum companion_news {
	COMPANION_NEWS_NONE = 0,
	COMPANION_NEWS_MADE,
	COMPANION_NEWS_CHANGED
};
MUST_CHECK enum status
companion_tell_main(struct vault *vault, const struct record *record,
		    enum companion_news news, struct err *err);

/* The main case is held only now: its sender hears of what waits with it. */
MUST_CHECK enum status
companions_tell(struct vault *vault, const struct record *main_record,
		struct err *err);

/* May user, who may decide on the main case, decide about its companions?
 * Returns: as four_eyes_check() */
MUST_CHECK enum status
companions_check(struct vault *vault, const struct record *main_record,
		 const struct people *people, const struct store_user *user,
		 struct err *err);

/*
 * The main case has moved by change: so do its companions, with what follows
 * (release, return, shredding). reason: of a return, for the letter.
 */
MUST_CHECK enum status
companions_follow(struct vault *vault, const struct record *main_record,
		  const struct case_change *change, const char *reason,
		  struct err *err);

#endif
