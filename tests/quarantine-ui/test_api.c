/* Tests of /api/v1, against the fake vault, and of its description. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/log.h"
#include "quarantine-ui/desk/route.h"
#include "tests/harness/check.h"
#include "tests/quarantine-ui/visitor.h"

/* A program with its own token. */
struct client {
	struct visitor visitor;
	struct sbuf token;
	json_t *json; /* the last answer; NULL: none */
};

static void
client_init(struct client *client, struct visited *site, const char *login)
{
	visitor_init(&client->visitor, site);
	sbuf_init(&client->token, 100);
	client->json = NULL;
	if (login != NULL)
		visitor_get_token(&client->visitor, login, &client->token);
}

static void
client_done(struct client *client)
{
	json_decref(client->json);
	sbuf_done(&client->token);
	visitor_done(&client->visitor);
}

static unsigned
ask(struct client *client, enum http_method method, const char *path,
    const char *body)
{
	const unsigned status =
		visitor_ask(&client->visitor, method, path, body);
	json_error_t where;

	json_decref(client->json);
	client->json = json_loads(visitor_text(&client->visitor), 0, &where);
	if (client->json == NULL && status != 204)
		fail_msg("%s: no JSON: %s", path,
			 visitor_text(&client->visitor));
	return status;
}

static const char *
text_at(const struct client *client, const char *key)
{
	const char *text =
		json_string_value(json_object_get(client->json, key));

	return text != NULL ? text : "(none)";
}

static const char *
error_code(const struct client *client)
{
	const char *code = json_string_value(json_object_get(
		json_object_get(client->json, "error"), "code"));

	return code != NULL ? code : "(none)";
}

/* "/api/v1/cases/<id of case i><behind>" */
static const char *
case_path(const struct visited *site, size_t i, const char *behind,
	  char path[100])
{
	char text[CASE_ID_TEXT_BYTES];

	(void)snprintf(path, 100, "/api/v1/cases/%s%s",
		       fake_vault_case_text(site->vault, i, text), behind);
	return path;
}

static unsigned
decide(struct client *client, size_t i, const char *decision,
       const char *version, const char *comment)
{
	char path[100];
	char body[3000];

	(void)snprintf(body, sizeof(body),
		       "{\"decision\":\"%s\",\"version\":\"%s\","
		       "\"purpose\":\"\",\"comment\":\"%s\"}",
		       decision, version, comment);
	return ask(client, HTTP_METHOD_POST,
		   case_path(client->visitor.site, i, "/decision", path), body);
}

static void
a_session_begins_and_ends(void **state)
{
	struct client client;

	client_init(&client, *state, "approver1");
	assert_int_equal(ask(&client, HTTP_METHOD_GET, "/api/v1/cases", ""),
			 200);
	assert_int_equal(
		ask(&client, HTTP_METHOD_DELETE, "/api/v1/session", ""), 204);
	assert_int_equal(ask(&client, HTTP_METHOD_GET, "/api/v1/cases", ""),
			 401);
	assert_string_equal(error_code(&client), "unauthenticated");
	client_done(&client);
}

static void
a_cookie_opens_no_api(void **state)
{
	struct client client;

	client_init(&client, *state, NULL);
	visitor_sign_in(&client.visitor, "approver1");
	assert_int_equal(ask(&client, HTTP_METHOD_GET, "/api/v1/cases", ""),
			 401);
	client_done(&client);
}

static void
every_bad_sign_in_is_a_401_in_the_same_words(void **state)
{
	static const char *const bodies[] = {
		"{\"login\":\"approver1\",\"password\":\"x\"}",
		"{\"login\":\"nobody\",\"password\":\"x\"}",
		"{}",
	};
	struct client client;
	char first[300] = "";

	client_init(&client, *state, NULL);
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		assert_int_equal(ask(&client, HTTP_METHOD_POST,
				     "/api/v1/session", bodies[i]),
				 401);
		if (i == 0)
			(void)snprintf(first, sizeof(first), "%s",
				       visitor_text(&client.visitor));
		assert_string_equal(visitor_text(&client.visitor), first);
	}
	client_done(&client);
}

static void
cases_are_listed_as_asked_for(void **state)
{
	struct client client;
	const json_t *first = NULL;

	client_init(&client, *state, "approver1");
	assert_int_equal(ask(&client, HTTP_METHOD_GET,
			     "/api/v1/cases?filter=all&offset=1&limit=2", ""),
			 200);
	assert_int_equal(json_array_size(json_object_get(client.json, "cases")),
			 2);
	assert_int_equal(
		json_integer_value(json_object_get(client.json, "total")),
		FAKE_CASES);
	first = json_array_get(json_object_get(client.json, "cases"), 0);
	assert_int_equal(
		json_integer_value(json_object_get(first, "number_count")), 38);
	assert_string_equal(json_string_value(json_object_get(first, "state")),
			    "held");
	assert_int_equal(ask(&client, HTTP_METHOD_GET,
			     "/api/v1/cases?filter=nonsense", ""),
			 400);
	assert_int_equal(
		ask(&client, HTTP_METHOD_GET, "/api/v1/cases?limit=501", ""),
		400);
	assert_int_equal(
		ask(&client, HTTP_METHOD_GET, "/api/v1/cases?offset=-1", ""),
		400);
	client_done(&client);
}

static void
a_case_has_its_report_without_numbers(void **state)
{
	struct client client;
	const json_t *finding = NULL;
	char path[100];

	client_init(&client, *state, "approver1");
	assert_int_equal(ask(&client, HTTP_METHOD_GET,
			     case_path(*state, 1, "", path), ""),
			 200);
	assert_string_equal(
		json_string_value(json_object_get(client.json, "profile")),
		"standard");
	finding = json_array_get(json_object_get(client.json, "findings"), 0);
	assert_string_equal(
		json_string_value(json_object_get(finding, "masked")),
		"********9018");
	assert_int_equal(json_array_size(json_object_get(finding, "evidence")),
			 6);
	assert_int_equal(
		json_array_size(json_object_get(client.json, "unscannable")),
		4);
	assert_int_equal(strlen(text_at(&client, "version")), 64);
	assert_null(json_object_get(finding, "number"));
	fake_vault_spoil_reports(client.visitor.site->vault);
	assert_int_equal(ask(&client, HTTP_METHOD_GET, path, ""), 200);
	assert_true(json_is_null(json_object_get(client.json, "findings")));
	assert_true(json_is_null(json_object_get(client.json, "profile")));
	client_done(&client);
}

static void
a_decision_follows_the_same_rules_as_the_page(void **state)
{
	struct visited *site = *state;
	struct client client;
	char version[65];
	char longer[2100];
	char path[100];

	client_init(&client, site, "approver1");
	(void)ask(&client, HTTP_METHOD_GET, case_path(site, 0, "", path), "");
	(void)snprintf(version, sizeof(version), "%s",
		       text_at(&client, "version"));
	assert_int_equal(decide(&client, 0, "approve", "", ""), 400);
	assert_int_equal(decide(&client, 0, "explode", version, ""), 400);
	assert_int_equal(decide(&client, 0, "return", version, ""), 400);
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	assert_int_equal(decide(&client, 0, "return", version, longer), 400);
	assert_int_equal(decide(&client, 0, "return", version, "a\\u0007"),
			 400);
	assert_int_equal(decide(&client, 4, "approve", version, ""), 403);
	assert_string_equal(error_code(&client), "denied");
	assert_int_equal(decide(&client, 1, "approve", version, ""), 409);
	assert_string_equal(error_code(&client), "conflict");
	assert_int_equal(decide(&client, 0, "approve", version, ""), 200);
	assert_string_equal(text_at(&client, "state"), "released");
	assert_int_equal(decide(&client, 0, "approve", version, ""), 409);
	client_done(&client);
	client_init(&client, site, "taro");
	assert_int_equal(decide(&client, 1, "approve", version, ""), 403);
	client_done(&client);
}

static void
odd_bodies_are_refused(void **state)
{
	static const char *const bodies[] = {
		"[]",
		"\"x\"",
		"{",
		"{\"decision\":1}",
		"{\"decision\":\"approve\",\"decision\":\"return\"}",
		"{\"decision\":\"approve\\u0000\"}",
		"{\"decision\":\"\xff\"}",
		"{\"a\":[[[[[[[[[[[[[]]]]]]]]]]]]]}",
		"{} {}",
	};
	struct client client;
	char path[100];

	client_init(&client, *state, "approver1");
	(void)case_path(*state, 0, "/decision", path);
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		const unsigned status =
			ask(&client, HTTP_METHOD_POST, path, bodies[i]);

		if (status != 400)
			fail_msg("%s: got %u", bodies[i], status);
	}
	client.visitor.content_type = "text/plain";
	assert_int_equal(ask(&client, HTTP_METHOD_POST, path, "{}"), 400);
	client_done(&client);
}

static void
audit_and_accounts_need_their_roles(void **state)
{
	struct client client;

	client_init(&client, *state, "approver1");
	assert_int_equal(ask(&client, HTTP_METHOD_GET, "/api/v1/audit", ""),
			 403);
	assert_int_equal(
		ask(&client, HTTP_METHOD_POST, "/api/v1/audit/verify", ""),
		403);
	assert_int_equal(ask(&client, HTTP_METHOD_GET, "/api/v1/users", ""),
			 403);
	client_done(&client);
	client_init(&client, *state, "auditor1");
	assert_int_equal(
		ask(&client, HTTP_METHOD_GET, "/api/v1/audit?limit=3", ""),
		200);
	assert_int_equal(json_array_size(json_object_get(client.json, "rows")),
			 3);
	assert_int_equal(
		ask(&client, HTTP_METHOD_POST, "/api/v1/audit/verify", ""),
		200);
	assert_true(json_is_true(json_object_get(client.json, "intact")));
	assert_int_equal(ask(&client, HTTP_METHOD_GET, "/api/v1/users", ""),
			 200);
	assert_int_equal(ask(&client, HTTP_METHOD_POST, "/api/v1/users",
			     "{\"change\":\"create\",\"login\":\"x\"}"),
			 403);
	client_done(&client);
}

static void
an_admin_makes_accounts(void **state)
{
	struct client client;

	client_init(&client, *state, "admin1");
	assert_int_equal(
		ask(&client, HTTP_METHOD_POST, "/api/v1/users",
		    "{\"change\":\"create\",\"login\":\"late1\",\"name\":\"x\","
		    "\"roles\":[\"sender\",\"approver\"],\"addresses\":\"a@b\","
		    "\"groups\":\"hr\",\"password\":\"a long enough one\"}"),
		201);
	assert_int_equal(ask(&client, HTTP_METHOD_POST, "/api/v1/users",
			     "{\"change\":\"update\",\"login\":\"late1\","
			     "\"roles\":[\"king\"]}"),
			 400);
	assert_int_equal(ask(&client, HTTP_METHOD_POST, "/api/v1/users",
			     "{\"change\":\"update\",\"login\":\"late1\","
			     "\"roles\":\"admin\"}"),
			 400);
	assert_int_equal(ask(&client, HTTP_METHOD_POST, "/api/v1/users",
			     "{\"change\":\"update\",\"login\":\"late1\","
			     "\"uid\":-5}"),
			 400);
	client_done(&client);
}

static void
errors_are_json(void **state)
{
	struct client client;

	client_init(&client, *state, "approver1");
	assert_int_equal(ask(&client, HTTP_METHOD_GET, "/api/v1/nothing", ""),
			 404);
	assert_string_equal(error_code(&client), "not-found");
	assert_int_equal(ask(&client, HTTP_METHOD_DELETE, "/api/v1/cases", ""),
			 405);
	assert_string_equal(client.visitor.response.allow, "GET, HEAD");
	fake_vault_fail(client.visitor.site->vault, VAULT_FAILURE_LOCKED,
			"the vault is locked");
	assert_int_equal(ask(&client, HTTP_METHOD_GET, "/api/v1/cases", ""),
			 503);
	assert_string_equal(error_code(&client), "unavailable");
	client_done(&client);
}

/* The operation that openapi.json has for a route; NULL: none. */
static const json_t *
described(const json_t *document, const struct route *route)
{
	static const char *const methods[HTTP_METHOD_END] = { "", "get", "head",
							      "post",
							      "delete" };

	return json_object_get(
		json_object_get(json_object_get(document, "paths"),
				route->path),
		methods[route->method]);
}

static uint32_t
described_roles(const json_t *operation)
{
	static const char *const names[] = { "sender", "approver", "auditor",
					     "admin", "handler" };
	const json_t *list = json_object_get(operation, "x-roles");
	uint32_t roles = 0;

	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *name = json_string_value(json_array_get(list, i));

		for (size_t j = 0; j < ARRAY_LEN(names); j++) {
			if (strcmp(names[j], name) == 0)
				roles |= 1U << j;
		}
	}
	return roles;
}

static void
the_description_has_every_route_and_no_other(void **state)
{
	const char *top = getenv("top_srcdir");
	AUTO(sbuf_done) struct sbuf path;
	json_error_t where;
	json_t *document = NULL;
	const char *key = NULL;
	json_t *value = NULL;
	size_t operations = 0;
	size_t count = 0;

	(void)state;
	sbuf_init(&path, 4096);
	sbuf_addf(&path, "%s/quarantine-ui/api/openapi.json",
		  top != NULL ? top : ".");
	document = json_load_file(sbuf_text(&path), JSON_REJECT_DUPLICATES,
				  &where);
	if (document == NULL)
		fail_msg("openapi.json: %s", where.text);
	for (size_t i = 0; i < route_count; i++) {
		const json_t *operation = NULL;

		if (routes[i].kind != ROUTE_API)
			continue;
		count++;
		operation = described(document, &routes[i]);
		if (operation == NULL)
			fail_msg("%s %s is not described",
				 http_method_name(routes[i].method),
				 routes[i].path);
		assert_int_equal(described_roles(operation),
				 routes[i].roles & VAULT_ROLE_ALL);
		assert_true((json_object_get(operation, "security") != NULL) ==
			    (routes[i].roles == 0));
	}
	json_object_foreach(json_object_get(document, "paths"), key, value)
	{
		operations += json_object_size(value);
		operations -= json_object_get(value, "parameters") != NULL;
	}
	assert_int_equal(operations, count);
	json_decref(document);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		VISIT_TEST(a_session_begins_and_ends),
		VISIT_TEST(a_cookie_opens_no_api),
		VISIT_TEST(every_bad_sign_in_is_a_401_in_the_same_words),
		VISIT_TEST(cases_are_listed_as_asked_for),
		VISIT_TEST(a_case_has_its_report_without_numbers),
		VISIT_TEST(a_decision_follows_the_same_rules_as_the_page),
		VISIT_TEST(odd_bodies_are_refused),
		VISIT_TEST(audit_and_accounts_need_their_roles),
		VISIT_TEST(an_admin_makes_accounts),
		VISIT_TEST(errors_are_json),
		cmocka_unit_test(the_description_has_every_route_and_no_other),
	};

	log_open("test", LOG_TARGET_STDERR, false);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
