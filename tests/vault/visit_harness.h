/* visit_harness.h - a mail that was sent as links, for tests of visits. */
#ifndef TESTS_VAULT_VISIT_HARNESS_H
#define TESTS_VAULT_VISIT_HARNESS_H

#include "lib/crypto/link_key.h"
#include "tests/vault/case_harness.h"
#include "vault/case/link_prove.h"
#include "vault/case/link_take.h"

enum { SENT_LINKS = 3, SENT_FILES = 2 };

/* From alice, two files, to these two; [2] is alice's own. */
#define SENT_FIRST  "taro@example.com"
#define SENT_SECOND "hanako@example.com"

/* How the links are; zeroed: live for two weeks, once, without any proof. */
struct sent_terms {
	bool often;         /* no limit */
	uint32_t downloads; /* 0: once */
	bool needs_code;
	bool needs_certificate;
	const char *password; /* its proof's text; NULL: none */
	const char *networks; /* NULL: from anywhere */
};
struct sent {
	uint8_t case_id[CASE_ID_BYTES];
	uint8_t file_key[SEAL_KEY_BYTES];
	struct {
		uint8_t id[LINK_ID_BYTES];
		struct link_secret secret;
	} links[SENT_LINKS];
	struct sbuf own_keys; /* while they are made */
};
/* All three are LIVE, their case is RELEASED. */
void sent_make(struct scene *scene, const struct sent_terms *terms,
	       struct sent *sent);
void sent_link(struct scene *scene, const struct sent *sent, size_t which,
	       struct store_link *row_out);

extern const struct link_visitor visitor_usual;

/* Open it as the portal does. */
enum status visit_open(struct scene *scene, const struct sent *sent,
		       size_t which, const struct link_visitor *visitor,
		       struct link_visit *visit, struct err *err);
/* The same, and it must work. */
void visit_begin(struct scene *scene, const struct sent *sent, size_t which,
		 uint8_t claim_out[LINK_CLAIM_BYTES]);
/* What a claim stands for, as the portal asks for it. */
struct vault_link_visit
visit_of(struct scene *scene, const uint8_t claim[LINK_CLAIM_BYTES]);
enum status
visit_take(struct scene *scene, const uint8_t claim[LINK_CLAIM_BYTES],
	   uint32_t file, struct err *err);
enum status
visit_sent(struct scene *scene, const uint8_t claim[LINK_CLAIM_BYTES],
	   uint32_t file, bool complete, struct err *err);
enum status visit_code(struct scene *scene,
		       const uint8_t claim[LINK_CLAIM_BYTES], struct err *err);
/* Prove with a code, or with a password's proof as text; the other is NULL.
 * *stage_out: what it is at then. */
enum status
visit_prove(struct scene *scene, const uint8_t claim[LINK_CLAIM_BYTES],
	    const char *code, const char *proof, enum link_stage *stage_out,
	    struct err *err);
/* The next notice of this event: composed, then done. False: none. */
bool visit_notice(struct scene *scene, enum notice_event event,
		  struct vault_job *job_out, struct wire_arena **arena_out);

/* Events of a link, comma separated. */
void sent_events(struct scene *scene, const struct sent *sent, size_t which,
		 struct sbuf *text);

#endif
