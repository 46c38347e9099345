/* Tests of vault/client/identity.h. */
#include "vault/client/identity.h"

#include <stdlib.h>
#include <string.h>

#include "tests/harness/check.h"

static const char *const alias_items[] = { "example.com=example.co.jp",
					   "broken", "old.test=example.co.jp" };
static const struct config_list aliases = { alias_items, 3 };

static void
canonical_forms_are_as_promised(void **state)
{
	static const struct {
		const char *address;
		const char *want;
	} cases[] = {
		{ "Alice@Example.CO.JP", "alice@example.co.jp" },
		{ "<alice@example.co.jp>", "alice@example.co.jp" },
		{ "alice+tag+more@example.co.jp", "alice@example.co.jp" },
		{ "\"alice\"@example.co.jp", "alice@example.co.jp" },
		{ "\"al\\ice\"@example.co.jp", "alice@example.co.jp" },
		{ "alice(a (nested) note)@example.co.jp",
		  "alice@example.co.jp" },
		{ "alice@example.co.jp (x@y)", "alice@example.co.jp" },
		{ " alice @ example.co.jp\t", "alice@example.co.jp" },
		{ "alice@example.co.jp.", "alice@example.co.jp" },
		{ "alice@EXAMPLE.com", "alice@example.co.jp" },
		{ "alice@old.test.", "alice@example.co.jp" },
		{ "al.ice@example.co.jp", "al.ice@example.co.jp" },
		{ "\"a@b\"@example.co.jp", "a@b@example.co.jp" },
		{ "<@relay.test,@b.test:alice@example.co.jp>",
		  "alice@example.co.jp" },
		{ "Somebody <alice@example.co.jp>", "alice@example.co.jp" },
		{ "+x@example.co.jp", "+x@example.co.jp" },
		{ "Approver1", "approver1" },
		{ "", "" },
		{ "<>", "" },
		{ "alice@", "alice" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct sbuf buf;

		sbuf_init(&buf, 200);
		identity_canonical(&aliases, cases[i].address, &buf);
		assert_string_equal(sbuf_text(&buf), cases[i].want);
		sbuf_done(&buf);
	}
}

static void
same_person_is_seen_through_disguises(void **state)
{
	(void)state;
	assert_true(identity_same(&aliases, "alice@example.co.jp",
				  "ALICE+x@example.com"));
	assert_true(identity_same(&aliases, "alice", "alice@example.co.jp"));
	assert_true(identity_same(&aliases, "alice@example.co.jp", "Alice"));
	assert_true(identity_same(NULL, "alice", "alice"));
}

static void
different_people_stay_different(void **state)
{
	(void)state;
	assert_false(identity_same(&aliases, "alice@example.co.jp",
				   "bob@example.co.jp"));
	assert_false(identity_same(&aliases, "alice@example.co.jp",
				   "alice@example.net"));
	assert_false(identity_same(NULL, "alice@example.co.jp",
				   "alice@example.com"));
	assert_false(identity_same(&aliases, "alice", "bob"));
	assert_false(identity_same(&aliases, "alice", "bob@alice"));
}

static void
nobody_is_never_somebody(void **state)
{
	(void)state;
	assert_false(identity_same(&aliases, "", ""));
	assert_false(identity_same(&aliases, "<>", "<>"));
	assert_false(identity_same(&aliases, "", "alice"));
	assert_false(identity_same(&aliases, "@", "@"));
	assert_false(identity_same(&aliases, "alice", "@example.co.jp"));
}

static void
an_endless_address_is_cut_not_trusted(void **state)
{
	const size_t len_bytes = 100000;
	char *text = malloc(len_bytes + 1);
	struct sbuf buf;

	(void)state;
	assert_non_null(text);
	memset(text, '(', len_bytes);
	text[len_bytes] = '\0';
	sbuf_init(&buf, len_bytes);
	identity_canonical(&aliases, text, &buf);
	assert_int_equal(buf.len_bytes, 0);
	memset(text, 'a', len_bytes);
	identity_canonical(&aliases, text, &buf);
	assert_true(buf.len_bytes > 0 && buf.len_bytes < len_bytes);
	sbuf_done(&buf);
	free(text);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(canonical_forms_are_as_promised),
		cmocka_unit_test(same_person_is_seen_through_disguises),
		cmocka_unit_test(different_people_stay_different),
		cmocka_unit_test(nobody_is_never_somebody),
		cmocka_unit_test(an_endless_address_is_cut_not_trusted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
