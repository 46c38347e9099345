/* Tests of vault/case/lookalike.h and domains.h. */
#include <stdio.h>
#include <string.h>

#include "tests/vault/case_harness.h"
#include "vault/case/domains.h"
#include "vault/case/pairs.h"

static bool
is(const char *a, const char *b)
{
	struct lookalike x, y;

	return lookalike_take(a, &x) && lookalike_take(b, &y) &&
	       lookalike_is(&x, &y);
}

static void
each_disguise_is_seen_and_nothing_else(void **state)
{
	static const struct {
		const char *known, *other;
		bool want;
	} cases[] = {
		/* one letter */
		{ "example.co.jp", "exampl.co.jp", true },
		{ "example.co.jp", "examplee.co.jp", true },
		{ "example.co.jp", "exemple.co.jp", true },
		{ "example.co.jp", "xample.co.jp", true },
		{ "example.co.jp", "examples.co.jp", true },
		{ "example.com", "axample.com", true },
		/* neighbours swapped */
		{ "example.co.jp", "exmaple.co.jp", true },
		{ "example.co.jp", "xeample.co.jp", true },
		{ "example.com", "exampel.com", true },
		/* letters that look alike */
		{ "example.com", "examp1e.com", true },
		{ "example.com", "exarnple.com", true },
		{ "wakaba.co.jp", "vvakaba.co.jp", true },
		{ "todo.jp", "t0d0.jp", true },
		{ "dokodemo.jp", "clokodemo.jp", true },
		{ "mail.jp", "mall.jp", true },
		{ "exarnple.com", "example.com", true },
		/* hyphens and dots */
		{ "yamada-shoji.co.jp", "yamadashoji.co.jp", true },
		{ "yamadashoji.co.jp", "yamada-shoji.co.jp", true },
		{ "example.co.jp", "example-co.jp", true },
		{ "example.co.jp", "exampleco.jp", true },
		/* another top-level domain */
		{ "example.co.jp", "example.com", true },
		{ "example.co.jp", "example.jp", true },
		{ "example.com", "example.cm", true },
		{ "example.co.jp", "examp1e.com", true },
		/* international letters: Cyrillic a and e, o with marks */
		{ "example.com", "xn--xample-2of.com", true },
		{ "apple.com", "xn--pple-43d.com", true },
		{ "tokyo.jp", "xn--tky-qxac.jp", true },
		{ "tokyo.jp", "xn--tkyo-qqa.jp", true },
		{ "example.com", "xn--mple-43d3a6i.com", true },
		/* the same organisation */
		{ "example.co.jp", "example.co.jp", false },
		{ "example.co.jp", "mail.example.co.jp", false },
		{ "mail.example.co.jp", "example.co.jp", false },
		{ "a.example.co.jp", "b.example.co.jp", false },
		/* others */
		{ "example.co.jp", "different.co.jp", false },
		{ "example.co.jp", "samples.co.jp", false },
		{ "abc.co.jp", "abd.co.jp", false },
		{ "abc.co.jp", "abc.com", false },
		{ "yamada.co.jp", "yamamoto.co.jp", false },
		{ "suzuki.co.jp", "suzuka-city.lg.jp", false },
		{ "xn--80ak6aa92e.com", "xn--p1b6ci4b4b3a.jp", false },
		{ "co.jp", "cp.jp", false },
		{ "localhost", "1ocalhost", false },
		{ "", "", false },
		{ "example.com", "xn--.com", false },
		{ "example.com", "xn--99999999999.com", false },
		{ "example.com", "....", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (is(cases[i].known, cases[i].other) != cases[i].want)
			fail_msg("%s and %s", cases[i].known, cases[i].other);
}

/* Whatever bytes: it ends, and stays inside its memory. */
static void
any_bytes_are_a_domain_to_it(void **state)
{
	static const char letters[] = "xn--.az09\xff";
	unsigned chance = 1;
	char domain[300];

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct lookalike shape;
		size_t len_bytes = (size_t)i % 290;

		for (size_t j = 0; j < len_bytes; j++) {
			chance = chance * 1103515245 + 12345;
			domain[j] = letters[(chance >> 16) % 10];
		}
		domain[len_bytes] = '\0';
		if (lookalike_take(domain, &shape))
			assert_false(lookalike_is(&shape, &shape) &&
				     shape.length == 0);
	}
}

/* --- what is known ----------------------------------------------------- */

static void
write_to(struct scene *scene, const char *address, int64_t day)
{
	const struct vault_pair pair = { "alice@example.co.jp", address,
					 scene->vault.now_unix_ms +
						 day * 86400 * 1000 };
	const struct vault_pairs pairs = { &pair, 1 };
	struct err err = { .st = ST_OK };

	scene_do(scene, ST_OK, pairs_take(&scene->vault, &pairs, &err), &err);
}

static const char *
resembles(struct scene *scene, const char *address)
{
	static char text[LOOKALIKE_DOMAIN_BYTES];
	struct err err = { .st = ST_OK };

	check_status(ST_OK,
		     domains_resembling(scene->memory.domains, &scene->vault,
					address, text, &err),
		     &err);
	return text;
}

static void
known_are_our_own_and_those_we_write_to(void **state)
{
	static const char *const own[] = { "Example.CO.JP" };
	struct scene *scene = *state;

	scene->config.general.local_domains = (struct config_list){ own, 1 };
	write_to(scene, "a@partner.test", -30);
	write_to(scene, "a@partner.test", 0);
	write_to(scene, "a@customer.test", 0);
	write_to(scene, "b@customer.test", 0);
	write_to(scene, "c@customer.test", 0);
	write_to(scene, "a@mistake.test", 0);
	assert_string_equal(resembles(scene, "x@examp1e.co.jp"),
			    "example.co.jp");
	assert_string_equal(resembles(scene, "X@Partnr.Test"), "partner.test");
	assert_string_equal(resembles(scene, "x@customers.test."),
			    "customer.test");
	/* Once is no habit. */
	assert_string_equal(resembles(scene, "x@mistakes.test"), "");
	/* What we write to ourselves is not marked. */
	assert_string_equal(resembles(scene, "x@partner.test"), "");
	assert_string_equal(resembles(scene, "x@sub.example.co.jp"), "");
	assert_string_equal(resembles(scene, "no domain"), "");
	assert_string_equal(resembles(scene, "x@"), "");
}

static void
what_becomes_a_habit_is_known_after_a_while(void **state)
{
	struct scene *scene = *state;

	assert_string_equal(resembles(scene, "x@partners.test"), "");
	write_to(scene, "a@partner.test", -30);
	write_to(scene, "a@partner.test", 0);
	assert_string_equal(resembles(scene, "x@partners.test"), "");
	scene->vault.now_unix_ms += DOMAINS_LAST_MS;
	assert_string_equal(resembles(scene, "x@partners.test"),
			    "partner.test");
	/* And the other one as well: both are used. */
	write_to(scene, "a@partners.test", -30);
	write_to(scene, "a@partners.test", 0);
	scene->vault.now_unix_ms += DOMAINS_LAST_MS;
	assert_string_equal(resembles(scene, "x@partners.test"), "");
}

#define test(name) \
	cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_disguise_is_seen_and_nothing_else),
		cmocka_unit_test(any_bytes_are_a_domain_to_it),
		test(known_are_our_own_and_those_we_write_to),
		test(what_becomes_a_habit_is_known_after_a_while),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
