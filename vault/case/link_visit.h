/*
 * link_visit.h - who comes to a link: from its secret to a claim.
 *
 * Layer:    vault/case
 * Threads:  link_visit_open(), link_visit_leave(): the writer's; the rest: any
 *
 * A visit begins with the proof of a link's secret and goes on by its claim,
 * a token that the store keeps a hash of. Whatever is wrong with a link, its
 * proof, or where somebody comes from is ST_NOT_FOUND in the same words, and
 * found out by the same steps.
 */
#ifndef VAULT_CASE_LINK_VISIT_H
#define VAULT_CASE_LINK_VISIT_H

#include "vault/case/link.h"

/* Boxed in store_claim.words. */
struct link_claim_words {
	const char *client_address;
	const char *agent;
	const char *code; /* for the mailbox, until its mail is on its way */
};
extern const struct wire_table link_claim_words_table;

/* A visit that may go on; release with link_visit_done(). */
struct link_visit {
	uint8_t token[LINK_CLAIM_BYTES]; /* the claim itself */
	struct store_claim claim;
	struct store_link link;
	struct store_link_batch batch;
	struct link_words words;
	struct wire_arena *arena; /* behind words */
};
void link_visit_done(struct link_visit *visit);

/* Does this proof open a link now? Gives: *visit without a claim. */
MUST_CHECK enum status
link_visit_prove(const struct vault *vault,
		 const struct vault_link_open *request,
		 struct link_visit *visit, struct err *err);
/* The same, and a claim. */
MUST_CHECK enum status
link_visit_open(struct vault *vault, const struct vault_link_open *request,
		struct link_visit *visit, struct err *err);

/* The visit that a claim stands for; it is of the link that is named. */
MUST_CHECK enum status
link_visit_find(const struct vault *vault,
		const struct vault_link_visit *request,
		struct link_visit *visit, struct err *err);
/* The same, also when the visit is over and its link is not. */
MUST_CHECK enum status
link_visit_recall(const struct vault *vault,
		  const struct vault_link_visit *request,
		  struct link_visit *visit, struct err *err);

/* Whoever is there is done: the claim opens nothing any more. What is being
 * sent goes on (link_keep.h). */
MUST_CHECK enum status
link_visit_leave(struct vault *vault, const struct vault_link_visit *request,
		 struct err *err);

/* As the portal sees it. Gives: *arena_out, behind the view. */
MUST_CHECK enum status
link_visit_view(const struct vault *vault, const struct link_visit *visit,
		struct vault_link_view *view_out, struct wire_arena **arena_out,
		struct err *err);

/* Nothing is left to prove, or the next thing. */
enum link_stage link_visit_first_stage(const struct store_link *link);
/* It is READY now: counted, and on record. The caller stores the rows. */
MUST_CHECK enum status
link_visit_ready(struct vault *vault, struct link_visit *visit,
		 const struct link_visitor *visitor, struct err *err);

/* Who comes, for the record. */
const char *link_visit_actor(const struct store_link *link);

/* What everybody is told who may not. */
enum status link_visit_refuse(struct err *err);

#endif
