/* Tests of vault/audit/audit_tree.h. */
#include "vault/audit/audit_tree.h"

#include <string.h>

#include "tests/harness/check.h"

enum { MAX_LEAVES = 70 };

/* RFC 6962 section 2.1, bottom up over a row of nodes: a node without a
 * partner moves up as it is, which gives the same tree. */
static void
slow_head(uint8_t (*leaves)[DIGEST_BYTES], size_t count,
	  uint8_t out[DIGEST_BYTES])
{
	struct err err = { 0 };
	uint8_t nodes[MAX_LEAVES][DIGEST_BYTES];

	for (size_t i = 0; i < count; i++) {
		uint8_t bytes[33] = { 0 };

		memcpy(bytes + 1, leaves[i], 32);
		check_status(
			ST_OK,
			digest_once((struct span){ bytes, 33 }, nodes[i], &err),
			&err);
	}
	while (count > 1) {
		for (size_t i = 0; i + 1 < count; i += 2) {
			uint8_t bytes[65] = { 1 };

			memcpy(bytes + 1, nodes[i], 32);
			memcpy(bytes + 33, nodes[i + 1], 32);
			check_status(ST_OK,
				     digest_once((struct span){ bytes, 65 },
						 nodes[i / 2], &err),
				     &err);
		}
		if (count % 2 == 1)
			memcpy(nodes[count / 2], nodes[count - 1], 32);
		count = (count + 1) / 2;
	}
	memcpy(out, nodes[0], DIGEST_BYTES);
}

static void
the_head_is_that_of_rfc_6962_at_every_size(void **state)
{
	uint8_t leaves[MAX_LEAVES][DIGEST_BYTES];
	struct audit_tree tree = { 0 };
	uint8_t want[DIGEST_BYTES];
	uint8_t got[DIGEST_BYTES];
	struct err err = { 0 };

	(void)state;
	check_status(ST_OK, audit_tree_head(&tree, got, &err), &err);
	check_status(ST_OK, digest_once((struct span){ NULL, 0 }, want, &err),
		     &err);
	assert_memory_equal(got, want, sizeof(got));
	for (size_t i = 0; i < MAX_LEAVES; i++) {
		memset(leaves[i], (int)i, DIGEST_BYTES);
		check_status(ST_OK, audit_tree_add(&tree, leaves[i], &err),
			     &err);
		check_status(ST_OK, audit_tree_head(&tree, got, &err), &err);
		slow_head(leaves, i + 1, want);
		assert_memory_equal(got, want, sizeof(got));
		assert_int_equal(tree.count, i + 1);
	}
	assert_int_equal(audit_tree_root_count(&tree), 3); /* 64 + 4 + 2 */
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_head_is_that_of_rfc_6962_at_every_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
