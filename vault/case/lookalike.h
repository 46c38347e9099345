/*
 * lookalike.h - does one domain look like another?
 *
 * Layer:    vault/case; pure functions over text
 * Threads:  no shared state
 * Input:    domains are untrusted text
 */
#ifndef VAULT_CASE_LOOKALIKE_H
#define VAULT_CASE_LOOKALIKE_H

#include <stdbool.h>

enum { LOOKALIKE_DOMAIN_BYTES = 256, LOOKALIKE_LABEL_BYTES = 64 };

/* A domain, taken apart once and compared often. Longer ones, and those of
 * one label, look like nothing. */
struct lookalike {
	char name[LOOKALIKE_LABEL_BYTES];   /* label below the suffix */
	char suffix[LOOKALIKE_LABEL_BYTES]; /* "com", "co.jp" */
	/* The name as the eye takes it: look-alikes folded, no hyphens. */
	char skeleton[LOOKALIKE_LABEL_BYTES];
	char joined[2 * LOOKALIKE_LABEL_BYTES]; /* no dots, no hyphens */
	unsigned length;                        /* of the name */
};
/* domain in lower case. False: it looks like nothing. */
bool lookalike_take(const char *domain, struct lookalike *out);

/*
 * Could somebody take the one for the other? Letters left out, added,
 * changed or swapped; rn for m, 0 for o, 1 or i for l, vv for w, cl for d;
 * hyphens or dots moved; the same name under another suffix; international
 * letters (xn--) that look like ours. Not when they are the same
 * organisation's: equal but for what stands in front of the name.
 */
bool lookalike_is(const struct lookalike *a, const struct lookalike *b);

#endif
