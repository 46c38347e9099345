#include "tests/quarantine-ui/portal_site.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "tests/harness/check.h"

enum { COOKIES_BYTES = 16 * 1024 };

static const char config_text[] =
	"general {\n local_domains = {\"example.co.jp\"}\n"
	" postmaster = \"postmaster@example.co.jp\"\n log = stderr\n}\n"
	"courier { notice_sender = \"sekimori@example.co.jp\" }\n"
	"desk { url = \"http://127.0.0.1:8443\" }\n"
	"portal { rate = 20 }\n"
	"policy { rule \"rest\" { action = deliver } }\n";

static const char *
variable(const char *name, const char *fallback)
{
	const char *value = getenv(name);

	return value != NULL ? value : fallback;
}

static struct view *
load_view(const struct portal_site *site)
{
	AUTO(sbuf_done) struct sbuf templates;
	AUTO(sbuf_done) struct sbuf statics;
	AUTO(sbuf_done) struct sbuf po;
	struct err err = { .st = ST_OK };
	struct config *config = NULL;
	struct view *view = NULL;
	char path[96];

	(void)snprintf(path, sizeof(path), "%s/conf", site->directory);
	check_status(ST_OK,
		     fd_replace_file(path, span_of(config_text), 0600, &err),
		     &err);
	check_status(ST_OK, config_load(path, &config, &err), &err);
	(void)unlink(path);
	sbuf_init(&templates, 4096);
	sbuf_init(&statics, 4096);
	sbuf_init(&po, 4096);
	sbuf_addf(&templates, "%s/quarantine-ui/portal/templates",
		  variable("top_srcdir", "."));
	sbuf_addf(&statics, "%s/quarantine-ui/portal/static",
		  variable("top_srcdir", "."));
	sbuf_addf(&po, "%s/po", variable("top_builddir", "."));
	const struct view_places places = { sbuf_text(&templates),
					    sbuf_text(&statics),
					    sbuf_text(&po) };

	check_status(ST_OK,
		     view_load(&portal_plan, &places, &config, &view, &err),
		     &err);
	return view;
}

int
portal_site_setup(void **state)
{
	struct portal_site *site = calloc(1, sizeof(*site));
	struct err err = { .st = ST_OK };
	struct view *view = NULL;

	assert_non_null(site);
	(void)snprintf(site->directory, sizeof(site->directory),
		       "/tmp/portal_test_XXXXXX");
	assert_non_null(mkdtemp(site->directory));
	(void)snprintf(site->socket, sizeof(site->socket), "%s/vault",
		       site->directory);
	view = load_view(site);
	site->vault = fake_vault_start(site->socket);
	assert_non_null(site->vault);
	check_status(ST_OK,
		     portal_new(&view, 1, site->socket, &site->portal, &err),
		     &err);
	*state = site;
	return 0;
}

int
portal_site_teardown(void **state)
{
	struct portal_site *site = *state;

	portal_free(&site->portal);
	fake_vault_stop(&site->vault);
	(void)rmdir(site->directory);
	free(site);
	return 0;
}

void
guest_init(struct guest *guest, struct portal_site *site, enum fake_link which)
{
	char id[CASE_ID_TEXT_BYTES];

	*guest = (struct guest){ .site = site, .range = "" };
	(void)snprintf(guest->path, sizeof(guest->path), "/l/%s",
		       fake_link_id(which, id));
	sbuf_init(&guest->cookies, COOKIES_BYTES);
	http_response_init(&guest->response);
}

void
guest_done(struct guest *guest)
{
	http_response_done(&guest->response);
	sbuf_done(&guest->cookies);
}

/* The last cookie is the one that counts: there is one of a name. */
static void
keep_cookie(struct guest *guest)
{
	for (size_t i = 0; i < guest->response.cookie_count; i++) {
		const char *line = sbuf_text(&guest->response.cookies[i]);

		sbuf_clear(&guest->cookies);
		sbuf_add(&guest->cookies, line, strcspn(line, ";"));
	}
}

unsigned
guest_ask(struct guest *guest, enum http_method method, const char *behind,
	  const char *body)
{
	char path[100];
	struct http_request request = {
		.method = method,
		.path = path,
		.body = span_of(body),
		.client_address = "203.0.113.9",
		.certificate = guest->certificate,
		.fields = {
			.accept_language = "en",
			.authorization = "",
			.content_type = "application/x-www-form-urlencoded",
			.cookie = sbuf_text(&guest->cookies),
			.host = "files.test",
			.if_range = "",
			.origin = "",
			.range = guest->range,
			.sec_fetch_mode = "",
			.sec_fetch_site = "",
			.user_agent = "test",
		},
	};

	(void)snprintf(path, sizeof(path), "%s%s", guest->path, behind);
	http_response_done(&guest->response);
	http_response_init(&guest->response);
	portal_handle(guest->site->portal, 0, &request, &guest->response);
	keep_cookie(guest);
	return guest->response.status;
}

unsigned
guest_post(struct guest *guest, const char *behind, const char *body)
{
	return guest_ask(guest, HTTP_METHOD_POST, behind, body);
}

bool
guest_sees(const struct guest *guest, const char *text)
{
	return strstr(sbuf_text(&guest->response.body), text) != NULL;
}

void
guest_open(struct guest *guest, enum fake_link which)
{
	char code[LINK_CODE_TEXT_BYTES];
	char body[100];

	(void)snprintf(body, sizeof(body), "code=%s",
		       fake_link_code(which, code));
	assert_int_equal(guest_post(guest, "", body), 303);
}

void
guest_visit(struct guest *guest, struct portal_site *site, enum fake_link which)
{
	guest_init(guest, site, which);
	guest_open(guest, which);
}
