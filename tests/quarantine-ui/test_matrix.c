/*
 * Who may open what: every row of pages.def and api.def, for everybody.
 *
 * Who may not gets a refusal, and the vault is not even asked. Who may is not
 * refused by the desk; the vault's own walk of roles is in tests/vault.
 */
#include <string.h>

#include "lib/base/log.h"
#include "quarantine-ui/desk/route.h"
#include "tests/harness/check.h"
#include "tests/quarantine-ui/visitor.h"

enum who {
	WHO_NOBODY,
	WHO_CODE,  /* the password was right, the code is missing */
	WHO_ENROL, /* a second factor has to be set up */
	WHO_GUEST, /* the sender of one mail */
	WHO_SENDER,
	WHO_APPROVER,
	WHO_AUDITOR,
	WHO_ADMIN,
	WHO_HANDLER,
	WHO_END
};

static const uint32_t who_roles[WHO_END] = {
	[WHO_GUEST] = VAULT_ROLE_SENDER,
	[WHO_SENDER] = VAULT_ROLE_SENDER,
	[WHO_APPROVER] = VAULT_ROLE_APPROVER,
	[WHO_AUDITOR] = VAULT_ROLE_AUDITOR,
	[WHO_ADMIN] = VAULT_ROLE_ADMIN,
	[WHO_HANDLER] = VAULT_ROLE_HANDLER,
};

static void
become_guest(struct visitor *visitor)
{
	char path[100];
	char text[CASE_ID_TEXT_BYTES];

	(void)snprintf(path, sizeof(path), "/m/%s",
		       fake_vault_case_text(visitor->site->vault, 0, text));
	(void)visitor_get(visitor, path);
	assert_int_equal(visitor_post(visitor, path, "code=" FAKE_ENTRY_CODE),
			 303);
	(void)snprintf(path, sizeof(path), "/cases/%s", text);
	(void)visitor_get(visitor, path);
}

static void
become(struct visitor *visitor, enum who who)
{
	struct fake_vault *vault = visitor->site->vault;

	fake_vault_stage(vault, SESSION_STAGE_FULL);
	(void)visitor_get(visitor, "/sign-in");
	if (who == WHO_NOBODY)
		return;
	if (who == WHO_GUEST) {
		become_guest(visitor);
		return;
	}
	if (who == WHO_CODE)
		fake_vault_stage(vault, SESSION_STAGE_CODE);
	if (who == WHO_ENROL)
		fake_vault_stage(vault, SESSION_STAGE_ENROL);
	fake_vault_roles(vault,
			 who_roles[who] != 0 ? who_roles[who] : VAULT_ROLE_ALL);
	(void)visitor_get(visitor, "/sign-in");
	assert_int_equal(
		visitor_post(
			visitor, "/sign-in",
			"login=taro&password=correct+horse+battery+staple"),
		303);
	if (who == WHO_CODE || who == WHO_ENROL)
		(void)visitor_get(visitor, who == WHO_CODE
						   ? "/second-factor"
						   : "/second-factor/set-up");
	else
		(void)visitor_get(visitor, "/account");
}

/* The same session for the API. */
static void
take_bearer(struct visitor *visitor, struct sbuf *bearer)
{
	const char *at = strstr(sbuf_text(&visitor->cookies), "sid=");

	sbuf_clear(bearer);
	if (at == NULL)
		return;
	at += 4;
	sbuf_add(bearer, at, strcspn(at, ";"));
	visitor->bearer = sbuf_text(bearer);
}

/* Requests that do something. Who asks, and how the gateway is, is asked for
 * any page. */
static size_t
asked(struct fake_vault *vault)
{
	size_t count = 0;

	for (int type = 0; type < VAULT_TYPE_END; type++)
		if (type != VAULT_TYPE_WHOAMI && type != VAULT_TYPE_STATUS)
			count += fake_vault_count(vault, (uint16_t)type);
	return count;
}

static bool
may_open(const struct route *route, enum who who)
{
	const uint32_t roles = route->roles & VAULT_ROLE_ALL;

	if (route->roles == 0)
		return true;
	if (who == WHO_CODE || who == WHO_ENROL)
		return (route->roles & ROUTE_HALF) != 0;
	if (who == WHO_GUEST && (route->roles & ROUTE_GUEST) == 0)
		return false;
	return (roles & who_roles[who]) != 0;
}

static void
path_of(const struct visited *site, const struct route *route,
	struct sbuf *path)
{
	char text[CASE_ID_TEXT_BYTES];
	const char *hole = strchr(route->path, '{');

	sbuf_clear(path);
	if (hole == NULL) {
		sbuf_add_text(path, route->path);
		return;
	}
	sbuf_add(path, route->path, (size_t)(hole - route->path));
	sbuf_add_text(path, fake_vault_case_text(site->vault, 0, text));
	sbuf_add_text(path, strchr(hole, '}') + 1);
}

static bool
was_refused(const struct visitor *visitor)
{
	const struct http_response *response = &visitor->response;

	return response->status == 401 || response->status == 403 ||
	       (response->status == 303 &&
		strncmp(sbuf_text(&response->location), "/sign-in", 8) == 0);
}

static void
check_route(struct visited *site, const struct route *route, enum who who)
{
	struct visitor visitor;
	AUTO(sbuf_done) struct sbuf bearer;
	AUTO(sbuf_done) struct sbuf path;
	size_t before = 0;

	sbuf_init(&bearer, 200);
	sbuf_init(&path, 200);
	visitor_init(&visitor, site);
	become(&visitor, who);
	if (route->kind == ROUTE_API)
		take_bearer(&visitor, &bearer);
	path_of(site, route, &path);
	before = asked(site->vault);
	if (route->form == ROUTE_FORM)
		(void)visitor_post(&visitor, sbuf_text(&path), "x=1");
	else
		(void)visitor_ask(&visitor, route->method, sbuf_text(&path),
				  route->method == HTTP_METHOD_POST ? "{}"
								    : "");
	if (!may_open(route, who)) {
		if (!was_refused(&visitor) || asked(site->vault) != before)
			fail_msg("%s %s is open to %d: %u",
				 http_method_name(route->method), route->path,
				 (int)who, visitor.response.status);
	} else if (was_refused(&visitor) && asked(site->vault) == before &&
		   strcmp(sbuf_text(&path), "/sign-out") != 0) {
		fail_msg("%s %s is closed to %d: %u",
			 http_method_name(route->method), route->path, (int)who,
			 visitor.response.status);
	}
	visitor_done(&visitor);
}

static void
every_address_is_open_to_its_roles_and_nobody_else(void **state)
{
	size_t walked = 0;

	(void)state;
	for (int who = 0; who < WHO_END; who++)
		for (size_t i = 0; i < route_count; i++) {
			struct visited site = { .vault = NULL };

			visited_start(&site);
			check_route(&site, &routes[i], (enum who)who);
			visited_stop(&site);
			walked++;
		}
	assert_int_equal(walked, route_count * WHO_END);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			every_address_is_open_to_its_roles_and_nobody_else),
	};

	log_open("test", LOG_TARGET_STDERR, false);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
