/*
 * session_rig.h - a session driven by hand, and what reached its finish.
 */
#ifndef TESTS_MILTER_SESSION_RIG_H
#define TESTS_MILTER_SESSION_RIG_H

#include "lib/base/sbuf.h"
#include "milter/links/settings.h"
#include "milter/session/session.h"
#include "tests/milter/fixture.h"
#include "tests/milter/peers.h"

/* What the finish of these tests saw. */
struct seen {
	unsigned mails;
	enum refusal refusal;
	uint8_t digest[DIGEST_BYTES];
	uint8_t digest_dated[DIGEST_BYTES];
	bool has_dated;
	struct sbuf mail;
	struct sbuf senders; /* "kind address" a line */
	struct sbuf envelope;
	bool unclear;
	bool header_cut;
	size_t ours;
	size_t ticket_bytes;
};

struct rig {
	char dir[FIXTURE_DIR_BYTES];
	struct settings *settings;
	struct spool_budget budget;
	struct session_services services;
	struct fake_mta fake;
	struct mta mta;
	struct session *session;
	struct seen seen;
};

/* A session with the [milter] settings given; the finish fills rig->seen. */
void rig_start(struct rig *rig, const char *milter);
/* Also: nothing may be left in the spool. */
void rig_stop(struct rig *rig);

enum mta_answer rig_step(struct rig *rig, enum session_event event,
			 const char *name, const char *value);
enum mta_answer rig_body(struct rig *rig, const char *text);
/* Connection and envelope of a usual mail, up to DATA. */
void rig_begin(struct rig *rig);
/* The end of the header, one line of body, the end of the mail. */
enum mta_answer rig_end(struct rig *rig);

#endif
