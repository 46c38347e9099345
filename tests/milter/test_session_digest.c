/* Tests of what of a mail its digest and its ticket tell apart. */
#include "milter/session/mail.h"

#include <string.h>

#include "tests/harness/check.h"
#include "tests/milter/session_rig.h"

/* Send a mail with these fields and keep its digest. */
static void
digest_of(struct rig *rig, const char *queue_id, const char *const *fields,
	  uint8_t digest[DIGEST_BYTES])
{
	rig->fake.queue_id = queue_id;
	rig_begin(rig);
	for (size_t i = 0; fields[i] != NULL; i += 2)
		(void)rig_step(rig, EVENT_HEADER, fields[i], fields[i + 1]);
	assert_int_equal(rig_end(rig), MTA_ANSWER_ACCEPT);
	memcpy(digest, rig->seen.digest, DIGEST_BYTES);
}

static void
what_the_mta_added_does_not_count(void **unused)
{
	static const char *const first[] = {
		"From",       " a@x.test",
		"Subject",    " s",
		"Message-Id", " <20261122050800.4ABC12345@mx.example.co.jp>",
		"Date",       " Sun, 22 Nov 2026 05:08:00 +0000 (UTC)",
		NULL
	};
	static const char *const again[] = {
		"From",       " a@x.test",
		"Subject",    " s",
		"Message-Id", " <20261122051500.4DEF@mx.example.co.jp>",
		"Date",       " Sun, 22 Nov 2026 05:15:00 +0000 (UTC)",
		"To",         " undisclosed-recipients:;",
		NULL
	};
	static const char *const dated[] = {
		"From", " a@x.test", "Subject",
		" s",   "Date",      " Sun, 22 Nov 2026 05:20:00 +0000 (UTC)",
		NULL
	};
	static const char *const bare[] = { "From", " a@x.test", "Subject",
					    " s", NULL };
	uint8_t a[DIGEST_BYTES];
	uint8_t b[DIGEST_BYTES];
	struct rig rig;

	(void)unused;
	rig_start(&rig, "");
	digest_of(&rig, "4ABC12345", first, a);
	digest_of(&rig, "4GHI", dated, b);
	assert_memory_equal(a, b, sizeof(a));
	digest_of(&rig, "4GHI", bare, b);
	assert_memory_equal(a, b, sizeof(a));
	/* The To of the retry counts; but the two before it do not. */
	digest_of(&rig, "4DEF", again, a);
	digest_of(&rig, "4DEG", again, b);
	assert_memory_not_equal(a, b, sizeof(a));
	rig_stop(&rig);
}

static void
what_the_client_gave_counts(void **unused)
{
	static const char *const variants[][9] = {
		{ "Message-Id", " <1@c.test>", "Subject", " s", NULL },
		{ "Message-Id", " <2@c.test>", "Subject", " s", NULL },
		{ "Date", " Sun, 22 Nov 2026 05:08:00 +0000 (UTC)", "Subject",
		  " s", NULL },
		{ "Date", " Sun, 22 Nov 2026 05:09:00 +0000 (UTC)", "Subject",
		  " s", NULL },
		{ "Subject", " s", "Date", " Sun, 22 Nov 2026 05:08:00 +0000",
		  NULL },
		{ "Subject", " s", "Date", " Sun, 22 Nov 2026 05:09:00 +0000",
		  NULL },
		{ "Subject", " s", "Message-Id",
		  " <20261122050800.4OTHER@mx.example.co.jp>", NULL },
		{ "Subject", " s", "Message-Id",
		  " <20261122050800.4ABC12345@elsewhere.test>", NULL },
		{ "Subject", " s", NULL },
	};
	uint8_t digests[ARRAY_LEN(variants)][DIGEST_BYTES];
	struct rig rig;

	(void)unused;
	rig_start(&rig, "");
	for (size_t i = 0; i < ARRAY_LEN(variants); i++) {
		digest_of(&rig, "4ABC12345", variants[i], digests[i]);
		for (size_t j = 0; j < i; j++)
			assert_memory_not_equal(digests[i], digests[j],
						DIGEST_BYTES);
	}
	rig_stop(&rig);
}

static void
with_a_ticket_an_unsure_date_is_tried_both_ways(void **unused)
{
	static const char *const plain[] = { "Message-Id", " <1@c.test>",
					     "Date",
					     " Sun, 22 Nov 2026 05:08:00 +0000",
					     NULL };
	static const char *const ticket[] = {
		"X-Sekimori-Ticket",
		" AAECAwQFBgcICQ",
		"Message-Id",
		" <1@c.test>",
		"Date",
		" Sun, 22 Nov 2026 05:08:00 +0000 (UTC)",
		NULL
	};
	static const char *const bare[] = { "Message-Id", " <1@c.test>", NULL };
	uint8_t digest[DIGEST_BYTES];
	uint8_t without[DIGEST_BYTES];
	struct rig rig;

	(void)unused;
	rig_start(&rig, "");
	digest_of(&rig, "4A", plain, digest);
	assert_false(rig.seen.has_dated);
	digest_of(&rig, "4A", bare, without);
	digest_of(&rig, "4A", ticket, digest);
	assert_int_equal(rig.seen.ticket_bytes, 10);
	assert_true(rig.seen.has_dated);
	assert_memory_equal(digest, without, sizeof(digest));
	assert_memory_not_equal(rig.seen.digest_dated, digest, sizeof(digest));
	rig_stop(&rig);
}

static void
two_tickets_are_none(void **unused)
{
	static const char *const fields[] = { "X-Sekimori-Ticket",
					      " AAECAwQFBgcICQ",
					      "X-Sekimori-Ticket",
					      " AAECAwQFBgcICQ", NULL };
	uint8_t digest[DIGEST_BYTES];
	struct rig rig;

	(void)unused;
	rig_start(&rig, "");
	digest_of(&rig, "4A", fields, digest);
	assert_int_equal(rig.seen.ticket_bytes, 0);
	assert_int_equal(rig.seen.ours, 2);
	rig_stop(&rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_mta_added_does_not_count),
		cmocka_unit_test(what_the_client_gave_counts),
		cmocka_unit_test(
			with_a_ticket_an_unsure_date_is_tried_both_ways),
		cmocka_unit_test(two_tickets_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
