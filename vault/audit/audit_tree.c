#include "vault/audit/audit_tree.h"

#include <string.h>

enum { LEAF_PREFIX = 0x00, NODE_PREFIX = 0x01 };

static enum status
tree_node(const uint8_t left[DIGEST_BYTES], const uint8_t right[DIGEST_BYTES],
	  uint8_t out[DIGEST_BYTES], struct err *err)
{
	uint8_t bytes[1 + 2 * DIGEST_BYTES] = { NODE_PREFIX };

	memcpy(bytes + 1, left, DIGEST_BYTES);
	memcpy(bytes + 1 + DIGEST_BYTES, right, DIGEST_BYTES);
	return digest_once((struct span){ bytes, sizeof(bytes) }, out, err);
}

size_t
audit_tree_root_count(const struct audit_tree *tree)
{
	return (size_t)__builtin_popcountll(tree->count);
}

enum status
audit_tree_add(struct audit_tree *tree, const uint8_t hash[DIGEST_BYTES],
	       struct err *err)
{
	uint8_t bytes[1 + DIGEST_BYTES] = { LEAF_PREFIX };
	uint8_t root[DIGEST_BYTES];
	size_t used = audit_tree_root_count(tree);
	enum status st = ST_OK;

	memcpy(bytes + 1, hash, DIGEST_BYTES);
	st = digest_once((struct span){ bytes, sizeof(bytes) }, root, err);
	/* As in adding one to a binary number: each carry joins two. */
	for (uint64_t bit = 1; st == ST_OK && (tree->count & bit) != 0;
	     bit <<= 1) {
		used--;
		st = tree_node(tree->roots[used], root, root, err);
	}
	if (st != ST_OK)
		return st;
	memcpy(tree->roots[used], root, DIGEST_BYTES);
	tree->count++;
	return ST_OK;
}

enum status
audit_tree_head(const struct audit_tree *tree, uint8_t head_out[DIGEST_BYTES],
		struct err *err)
{
	size_t used = audit_tree_root_count(tree);
	uint8_t head[DIGEST_BYTES];
	enum status st = ST_OK;

	if (used == 0)
		return digest_once((struct span){ NULL, 0 }, head_out, err);
	memcpy(head, tree->roots[used - 1], DIGEST_BYTES);
	for (size_t i = used - 1; st == ST_OK && i > 0; i--)
		st = tree_node(tree->roots[i - 1], head, head, err);
	if (st == ST_OK)
		memcpy(head_out, head, DIGEST_BYTES);
	return st;
}
