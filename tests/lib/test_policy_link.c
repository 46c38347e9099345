/* Tests of rules that send links and of the portal's settings
 * (lib/config/policy.h, config.h). */
#include <stdio.h>

#include "lib/config/policy.h"
#include "tests/harness/check.h"
#include "tests/lib/config_harness.h"

/* Behind HEAD: line 6 is the portal, line 7 the policy. */
#define PORTAL                                                       \
	"portal { listen = \"127.0.0.1:8444\" url = "                \
	"\"https://files.example.co.jp\" trusted_proxy = 127.0.0.1 " \
	"%s }\n"

static void
outcome_of(const char *rule, struct config **config,
	   struct policy_outcome *outcome)
{
	const struct policy_facts facts = { .sender = "a@example.co.jp",
					    .recipient = "b@elsewhere.test",
					    .login = "",
					    .client_address = "" };
	struct err err = { 0 };
	char text[2048];

	(void)snprintf(text, sizeof(text),
		       HEAD PORTAL "policy { rule tried { direction = outgoing "
				   "%s }\n" LAST_RULE " }\n",
		       "", rule);
	check_status(ST_OK, load_text(text, config, &err), &err);
	check_status(ST_OK,
		     policy_evaluate((*config)->policy, &facts, outcome, &err),
		     &err);
	assert_string_equal(outcome->rule, "tried");
}

static void
a_rule_sends_links_as_its_options_say(void **state)
{
	AUTO(config_free) struct config *config = NULL;
	struct policy_outcome outcome;

	(void)state;
	outcome_of("action = link approvers = hr\n expires = 2d "
		   "link_expires = 3d link_files = findings "
		   "link_pictures = cut link_logo = 0 link_inside = link "
		   "link_unknown = link link_once = yes link_code = no "
		   "link_from = { \"192.0.2.0/24\", \"2001:db8::/32\" }",
		   &config, &outcome);
	assert_int_equal(outcome.action, POLICY_ACTION_LINK);
	assert_string_equal(outcome.approvers, "hr");
	assert_int_equal(outcome.expires_after_s, 2 * 86400);
	assert_int_equal(outcome.link.expires_after_s, 3 * 86400);
	assert_true(outcome.link.findings_only);
	assert_int_equal(outcome.link.pictures, REWRITE_PICTURES_CUT);
	assert_int_equal(outcome.link.logo_bytes, 0);
	assert_true(outcome.link.inside);
	assert_false(outcome.link.unknown_held);
	assert_int_equal(outcome.link.downloads, 1);
	assert_false(outcome.link.code);
	assert_false(outcome.link.certificate);
	assert_string_equal(outcome.link.networks,
			    "192.0.2.0/24,2001:db8::/32");
}

static void
without_options_a_link_is_careful(void **state)
{
	AUTO(config_free) struct config *config = NULL;
	struct policy_outcome outcome;

	(void)state;
	outcome_of("action = link approvers = hr", &config, &outcome);
	assert_int_equal(outcome.link.expires_after_s, 14 * 86400);
	assert_false(outcome.link.findings_only);
	assert_int_equal(outcome.link.pictures, REWRITE_PICTURES_HOLD);
	assert_int_equal(outcome.link.logo_bytes, 10 * 1024);
	assert_false(outcome.link.inside);
	assert_true(outcome.link.unknown_held);
	assert_int_equal(outcome.link.downloads, 0);
	assert_true(outcome.link.code);
	assert_string_equal(outcome.link.networks, "");
}

static void
a_held_mail_knows_what_its_link_would_be(void **state)
{
	AUTO(config_free) struct config *config = NULL;
	struct policy_outcome outcome;

	(void)state;
	outcome_of("action = hold approvers = hr link_once = yes", &config,
		   &outcome);
	assert_int_equal(outcome.action, POLICY_ACTION_HOLD);
	assert_int_equal(outcome.link.downloads, 1);
}

static void
a_link_may_be_fetched_a_number_of_times(void **state)
{
	AUTO(config_free) struct config *config = NULL;
	struct policy_outcome outcome;

	(void)state;
	outcome_of("action = link approvers = hr link_downloads = 5", &config,
		   &outcome);
	assert_int_equal(outcome.link.downloads, 5);
}

static void
rules_that_the_portal_cannot_keep_are_refused(void **state)
{
	static const struct {
		const char *portal;
		const char *rule;
		const char *want;
	} cases[] = {
		{ "", "action = link",
		  "F:7: rule \"a\": link needs approvers = \"group\"" },
		{ "",
		  "action = link approvers = hr\nlink_from = \"192.0.2.1/24\"",
		  "F:8: rule \"a\": link_from: \"192.0.2.1/24\" is not a "
		  "network such as 192.0.2.0/24" },
		{ "", "action = link approvers = hr\nlink_from = { }",
		  "F:8: rule \"a\": link_from names nothing; leave it out "
		  "instead" },
		{ "", "action = hold approvers = hr\nlink_unknown = link",
		  "F:8: rule \"a\": link_unknown does not go with action "
		  "hold" },
		{ "",
		  "action = link approvers = hr link_once = yes\n"
		  "link_downloads = 2",
		  "F:8: rule \"a\": link_downloads: link_once allows one" },
		{ "", "action = deliver\nlink_once = yes",
		  "F:8: rule \"a\": link_once does not go with action "
		  "deliver" },
		{ "", "action = link approvers = hr\nlink_certificate = yes",
		  "F:8: rule \"a\": link_certificate needs portal.client_ca" },
		{ "max_expiry = 10d", "action = hold approvers = hr",
		  "F:7: rule \"a\": link_expires is over portal.max_expiry" },
		{ "max_expiry = 10d",
		  "action = link approvers = hr\nlink_expires = 11d",
		  "F:8: rule \"a\": link_expires is over portal.max_expiry" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[2048];

		(void)snprintf(text, sizeof(text),
			       HEAD PORTAL "policy { rule a { verdict = found "
					   "%s }\n" LAST_RULE " }\n",
			       cases[i].portal, cases[i].rule);
		check_refused(text, cases[i].want);
	}
}

static void
no_link_is_sent_without_a_portal(void **state)
{
	(void)state;
	check_refused(HEAD "policy { rule a { verdict = found\n action = link "
			   "approvers = hr }\n" LAST_RULE " }\n",
		      "F:7: rule \"a\": action link needs portal.listen and "
		      "portal.url");
}

static void
portals_that_cannot_work_are_refused(void **state)
{
	static const struct {
		const char *portal;
		const char *want;
	} cases[] = {
		{ "listen = \"127.0.0.1:8444\"",
		  "F:6: portal.listen and portal.url go together" },
		{ "\nurl = \"https://f.test\"",
		  "F:7: portal.listen and portal.url go together" },
		{ "listen = \"8444\" url = \"https://f.test\"",
		  "F:6: portal.listen: write address:port" },
		{ "listen = \"127.0.0.1:1\" url = \"http://f.test\"",
		  "F:6: portal.url: write https://host" },
		{ "listen = \"127.0.0.1:1\" url = \"ftp://127.0.0.1\"",
		  "F:6: portal.url: write https://host" },
		{ "listen = \"127.0.0.1:1\" url = \"https://f.test/x\"",
		  "F:6: portal.url: write https://host with nothing behind "
		  "it" },
		{ "listen = \"127.0.0.1:1\" url = \"https://f.test:a\"",
		  "F:6: portal.url: write https://host with nothing behind "
		  "it" },
		{ "listen = \"127.0.0.1:1\" url = \"https://a@f.test\"",
		  "F:6: portal.url: write https://host with nothing behind "
		  "it" },
		{ "listen = \"127.0.0.1:1\" url = "
		  "\"https://Desk.example.co.jp:8444\"",
		  "F:6: portal.url: its host is the desk's; give the portal a "
		  "host name of its own" },
		{ "listen = \"127.0.0.1:1\" url = \"https://f.test\" "
		  "certificate = /c.pem",
		  "F:6: portal.certificate and portal.certificate_key go "
		  "together" },
		{ "listen = \"127.0.0.1:1\" url = \"http://127.0.0.1\" "
		  "client_ca = /c.pem",
		  "F:6: portal.client_ca needs portal.certificate, or "
		  "portal.trusted_proxy" },
		{ "listen = \"127.0.0.1:1\" url = \"https://f.test\"",
		  "F:6: portal.url is https: set portal.certificate, or name "
		  "the proxy that ends TLS in portal.trusted_proxy" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[2048];

		(void)snprintf(text, sizeof(text),
			       HEAD "portal { %s }\n" POLICY, cases[i].portal);
		check_refused(text, cases[i].want);
	}
}

static void
portals_that_can_work_are_taken(void **state)
{
	static const char *const portals[] = {
		"",
		"listen = \"127.0.0.1:1\" url = \"http://127.0.0.1:8444\"",
		"listen = \"[::1]:1\" url = \"http://[::1]:8444\"",
		"listen = \"127.0.0.1:1\" url = \"http://localhost\"",
		("listen = \"0.0.0.0:443\" url = \"https://f.test:8443\" "
		 "certificate = /c.pem certificate_key = /k.pem client_ca = "
		 "/a.pem"),
		("listen = \"127.0.0.1:1\" url = \"https://f.test\" "
		 "trusted_proxy = 127.0.0.1 client_ca = /a.pem"),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(portals); i++) {
		AUTO(config_free) struct config *config = NULL;
		struct err err = { 0 };
		char text[2048];

		(void)snprintf(text, sizeof(text),
			       HEAD "portal { %s }\n" POLICY, portals[i]);
		check_status(ST_OK, load_text(text, &config, &err), &err);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rule_sends_links_as_its_options_say),
		cmocka_unit_test(without_options_a_link_is_careful),
		cmocka_unit_test(a_held_mail_knows_what_its_link_would_be),
		cmocka_unit_test(a_link_may_be_fetched_a_number_of_times),
		cmocka_unit_test(rules_that_the_portal_cannot_keep_are_refused),
		cmocka_unit_test(no_link_is_sent_without_a_portal),
		cmocka_unit_test(portals_that_cannot_work_are_refused),
		cmocka_unit_test(portals_that_can_work_are_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
