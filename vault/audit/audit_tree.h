/*
 * audit_tree.h - the Merkle tree over the rows, as RFC 6962 section 2.1.
 *
 * Layer:    vault/audit; not for other folders
 * Threads:  values
 *
 * The tree grows by one leaf at a time and keeps only the roots of its full
 * subtrees, the largest first, one for each bit that is set in count.
 */
#ifndef VAULT_AUDIT_AUDIT_TREE_H
#define VAULT_AUDIT_AUDIT_TREE_H

#include "lib/crypto/digest.h"

enum { AUDIT_TREE_MAX_ROOTS = 64 };

struct audit_tree {
	uint64_t count; /* of leaves; zeroed: the empty tree */
	uint8_t roots[AUDIT_TREE_MAX_ROOTS][DIGEST_BYTES];
};

/* Roots in use. */
size_t audit_tree_root_count(const struct audit_tree *tree);

/* Add the leaf of a row with this hash. */
MUST_CHECK enum status
audit_tree_add(struct audit_tree *tree, const uint8_t hash[DIGEST_BYTES],
	       struct err *err);

/* The Merkle tree hash of all leaves (of nothing: SHA-256 of nothing). */
MUST_CHECK enum status
audit_tree_head(const struct audit_tree *tree, uint8_t head_out[DIGEST_BYTES],
		struct err *err);

#endif
