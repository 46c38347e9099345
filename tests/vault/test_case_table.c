/* Tests of vault/case/case_table.h. */
#include "vault/case/case_table.h"

#include <string.h>

#include "tests/harness/check.h"

#define S(name) CASE_STATE_##name
#define E(name) CASE_EVENT_##name

/* Every transition there is; what is not here must not be possible. */
static const struct {
	enum case_state from;
	enum case_event event;
	enum case_state to;
} transitions[] = {
	{ S(NONE), E(TAKE), S(HELD) },
	{ S(NONE), E(TAKE_UNCONFIRMED), S(UNCONFIRMED) },
	{ S(NONE), E(TAKE_SEALED), S(SEALED) },
	{ S(SEALED), E(OPEN), S(HELD) },
	{ S(SEALED), E(OPEN_UNCONFIRMED), S(UNCONFIRMED) },
	{ S(SEALED), E(MERGE), S(END) },
	{ S(UNCONFIRMED), E(SEEN), S(HELD) },
	{ S(UNCONFIRMED), E(SEEN_UNCONFIRMED), S(UNCONFIRMED) },
	{ S(UNCONFIRMED), E(RESCANNED), S(UNCONFIRMED) },
	{ S(UNCONFIRMED), E(CONFIRM), S(HELD) },
	{ S(UNCONFIRMED), E(UNLOCKED), S(UNCONFIRMED) },
	{ S(HELD), E(SEEN), S(HELD) },
	{ S(HELD), E(SEEN_UNCONFIRMED), S(HELD) },
	{ S(HELD), E(RESCANNED), S(HELD) },
	{ S(HELD), E(REMIND), S(HELD) },
	{ S(HELD), E(APPROVE), S(RELEASING) },
	{ S(HELD), E(RETURN), S(RETURNING) },
	{ S(HELD), E(CANCEL), S(CANCELLED) },
	{ S(HELD), E(EXPIRE), S(EXPIRING) },
	{ S(HELD), E(UNLOCKED), S(HELD) },
	{ S(HELD), E(PASS), S(RELEASING) },
	{ S(HELD), E(LINK), S(RELEASING) },
	{ S(RELEASING), E(PROGRESS), S(RELEASING) },
	{ S(RELEASING), E(SETTLE), S(RELEASED) },
	{ S(RELEASING), E(BOUNCE), S(RELEASING) },
	{ S(RELEASING), E(LINK_REFUSED), S(HELD) },
	{ S(RETURNING), E(SETTLE), S(RETURNED) },
	{ S(EXPIRING), E(SETTLE), S(EXPIRED) },
	{ S(RELEASED), E(BOUNCE), S(RELEASED) },
};

static enum case_state
wanted(enum case_state from, enum case_event event)
{
	for (size_t i = 0; i < ARRAY_LEN(transitions); i++)
		if (transitions[i].from == from &&
		    transitions[i].event == event)
			return transitions[i].to;
	return CASE_STATE_NONE;
}

static void
every_cell_is_as_promised_and_the_rest_is_empty(void **state)
{
	(void)state;
	for (int i = 0; i <= CASE_STATE_END; i++)
		for (int j = 0; j <= CASE_EVENT_END; j++)
			assert_int_equal(
				case_table_next((enum case_state)i,
						(enum case_event)j),
				wanted((enum case_state)i, (enum case_event)j));
}

static void
nothing_leads_out_of_an_end(void **state)
{
	(void)state;
	for (int i = 1; i < CASE_STATE_END; i++) {
		const enum case_state from = (enum case_state)i;

		if (!case_state_is_end(from))
			continue;
		for (int j = 1; j < CASE_EVENT_END; j++) {
			const enum case_state to =
				case_table_next(from, (enum case_event)j);

			assert_true(to == CASE_STATE_NONE || to == from);
		}
	}
}

/* Mail leaves only from HELD: when somebody approves it, also as links (or
 * its rule wants them at once), or when it was opened and the policy delivers
 * it (unlock_pass() alone). */
static void
the_only_ways_to_a_release_are_an_approval_and_the_policy(void **state)
{
	(void)state;
	for (int i = 0; i < CASE_STATE_END; i++)
		for (int j = 0; j < CASE_EVENT_END; j++) {
			const enum case_state from = (enum case_state)i;
			const enum case_event event = (enum case_event)j;

			if (case_table_next(from, event) !=
				    CASE_STATE_RELEASING ||
			    from == CASE_STATE_RELEASING)
				continue;
			assert_int_equal(from, CASE_STATE_HELD);
			assert_true(event == CASE_EVENT_APPROVE ||
				    event == CASE_EVENT_LINK ||
				    event == CASE_EVENT_PASS);
		}
}

static void
names_are_one_each(void **state)
{
	(void)state;
	for (int i = 0; i < CASE_EVENT_END; i++)
		for (int j = 0; j < i; j++)
			assert_string_not_equal(
				case_event_name((enum case_event)i),
				case_event_name((enum case_event)j));
	assert_string_equal(case_event_name((enum case_event)99), "none");
}

static void
it_draws_itself(void **state)
{
	struct sbuf out;
	size_t arrows = 0;

	(void)state;
	sbuf_init(&out, 65536);
	case_table_print(&out);
	assert_int_equal(out.st, ST_OK);
	for (const char *at = sbuf_text(&out);
	     (at = strstr(at, " -> ")) != NULL; at++)
		arrows++;
	assert_int_equal(arrows, ARRAY_LEN(transitions));
	assert_non_null(strstr(sbuf_text(&out),
			       "\"held\" -> \"releasing\" [label = "
			       "\"approve\"]"));
	sbuf_done(&out);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			every_cell_is_as_promised_and_the_rest_is_empty),
		cmocka_unit_test(nothing_leads_out_of_an_end),
		cmocka_unit_test(
			the_only_ways_to_a_release_are_an_approval_and_the_policy),
		cmocka_unit_test(names_are_one_each),
		cmocka_unit_test(it_draws_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
