#include "tests/quarantine-ui/visitor.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "tests/harness/check.h"

static const char config_text[] =
	"general {\n local_domains = {\"example.co.jp\"}\n"
	" postmaster = \"postmaster@example.co.jp\"\n language = ja\n"
	" log = stderr\n}\n"
	"courier { notice_sender = \"sekimori@example.co.jp\" }\n"
	"desk { url = \"http://127.0.0.1:8443\"\n login_rate = 5 }\n"
	"policy { rule \"rest\" { action = deliver } }\n";

static const char *
directory_of(const char *variable, const char *fallback)
{
	const char *value = getenv(variable);

	return value != NULL ? value : fallback;
}

void
visited_start(struct visited *site)
{
	struct err err = { .st = ST_OK };
	char path[128];
	AUTO(sbuf_done) struct sbuf templates;
	AUTO(sbuf_done) struct sbuf statics;
	AUTO(sbuf_done) struct sbuf po;
	struct view_places places;
	struct config *config = NULL;
	struct view *view = NULL;

	(void)snprintf(site->directory, sizeof(site->directory),
		       "/tmp/desk_test_XXXXXX");
	assert_non_null(mkdtemp(site->directory));
	(void)snprintf(site->socket, sizeof(site->socket), "%s/vault",
		       site->directory);
	(void)snprintf(path, sizeof(path), "%s/conf", site->directory);
	check_status(ST_OK,
		     fd_replace_file(path, span_of(config_text), 0600, &err),
		     &err);
	check_status(ST_OK, config_load(path, &config, &err), &err);
	(void)unlink(path);
	sbuf_init(&templates, 4096);
	sbuf_init(&statics, 4096);
	sbuf_init(&po, 4096);
	sbuf_addf(&templates, "%s/quarantine-ui/templates",
		  directory_of("top_srcdir", "."));
	sbuf_addf(&statics, "%s/quarantine-ui/static",
		  directory_of("top_srcdir", "."));
	sbuf_addf(&po, "%s/po", directory_of("top_builddir", "."));
	places = (struct view_places){ sbuf_text(&templates),
				       sbuf_text(&statics), sbuf_text(&po) };
	check_status(ST_OK,
		     view_load(&desk_plan, &places, &config, &view, &err),
		     &err);
	site->vault = fake_vault_start(site->socket);
	assert_non_null(site->vault);
	check_status(ST_OK, desk_new(&view, 1, site->socket, &site->desk, &err),
		     &err);
}

void
visited_stop(struct visited *site)
{
	desk_free(&site->desk);
	fake_vault_stop(&site->vault);
	(void)rmdir(site->directory);
}

int
visited_setup(void **state)
{
	struct visited *site = calloc(1, sizeof(*site));

	if (site == NULL)
		return 1;
	visited_start(site);
	*state = site;
	return 0;
}

int
visited_teardown(void **state)
{
	struct visited *site = *state;

	visited_stop(site);
	free(site);
	return 0;
}

void
visitor_init(struct visitor *visitor, struct visited *site)
{
	*visitor = (struct visitor){ .site = site,
				     .sec_fetch_site = "same-origin" };
	sbuf_init(&visitor->cookies, 4096);
	sbuf_init(&visitor->form_token, 200);
	http_response_init(&visitor->response);
}

void
visitor_done(struct visitor *visitor)
{
	sbuf_done(&visitor->cookies);
	sbuf_done(&visitor->form_token);
	http_response_done(&visitor->response);
}

/* Keep name=value of each Set-Cookie. The old one is renamed, so that it is
 * no longer the cookie that was meant. */
static void
keep_cookies(struct visitor *visitor)
{
	for (size_t i = 0; i < visitor->response.cookie_count; i++) {
		const char *line = sbuf_text(&visitor->response.cookies[i]);
		const size_t name = strcspn(line, "=") + 1;
		const size_t whole = strcspn(line, ";");

		for (size_t at = 0; at + name <= visitor->cookies.len_bytes;
		     at++) {
			uint8_t *old = visitor->cookies.bytes + at;

			if (memcmp(old, line, name) == 0)
				*old = '~';
		}
		if (whole > name) {
			sbuf_add_text(&visitor->cookies, "; ");
			sbuf_add(&visitor->cookies, line, whole);
		}
	}
}

static void
keep_form_token(struct visitor *visitor)
{
	static const char mark[] = "name=\"token\" value=\"";
	const char *at = strstr(sbuf_text(&visitor->response.body), mark);

	if (at == NULL)
		return;
	at += sizeof(mark) - 1;
	sbuf_clear(&visitor->form_token);
	sbuf_add(&visitor->form_token, at, strcspn(at, "\""));
}

unsigned
visitor_ask(struct visitor *visitor, enum http_method method, const char *path,
	    const char *body)
{
	AUTO(sbuf_done) struct sbuf plain;
	AUTO(sbuf_done) struct sbuf bearer;
	const char *query = strchr(path, '?');
	struct http_request request = { .method = method };

	sbuf_init(&plain, 4096);
	sbuf_init(&bearer, 200);
	sbuf_add(&plain, path, strcspn(path, "?"));
	if (visitor->bearer != NULL)
		sbuf_addf(&bearer, "Bearer %s", visitor->bearer);
	request.path = sbuf_text(&plain);
	if (query != NULL)
		request.query = span_of(query + 1);
	request.fields = (struct http_fields){
		.accept_language = "ja",
		.authorization = sbuf_text(&bearer),
		.content_type = "application/x-www-form-urlencoded",
		.cookie = sbuf_text(&visitor->cookies),
		.host = "127.0.0.1:8443",
		.origin = "",
		.sec_fetch_mode = "navigate",
		.sec_fetch_site = visitor->sec_fetch_site,
		.user_agent = "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0",
	};
	if (strncmp(path, "/api/", 5) == 0)
		request.fields.content_type = "application/json";
	if (visitor->content_type != NULL)
		request.fields.content_type = visitor->content_type;
	request.body = span_of(body);
	request.client_address = visitor->far ? "203.0.113.9" : "127.0.0.1";
	request.local = !visitor->far;
	request.secure = visitor->secure;
	http_response_done(&visitor->response);
	http_response_init(&visitor->response);
	desk_handle(visitor->site->desk, 0, &request, &visitor->response);
	keep_cookies(visitor);
	keep_form_token(visitor);
	return visitor->response.status;
}

unsigned
visitor_get(struct visitor *visitor, const char *path)
{
	return visitor_ask(visitor, HTTP_METHOD_GET, path, "");
}

unsigned
visitor_post(struct visitor *visitor, const char *path, const char *fields)
{
	AUTO(sbuf_done) struct sbuf body;

	sbuf_init(&body, 64 * 1024);
	sbuf_addf(&body, "token=%s&%s", sbuf_text(&visitor->form_token),
		  fields);
	return visitor_ask(visitor, HTTP_METHOD_POST, path, sbuf_text(&body));
}

const char *
visitor_text(const struct visitor *visitor)
{
	return sbuf_text(&visitor->response.body);
}

bool
visitor_sees(const struct visitor *visitor, const char *text)
{
	return strstr(visitor_text(visitor), text) != NULL;
}

void
visitor_sign_in(struct visitor *visitor, const char *login)
{
	AUTO(sbuf_done) struct sbuf fields;

	sbuf_init(&fields, 1000);
	sbuf_addf(&fields,
		  "login=%s&password=correct+horse+battery+staple&next=/",
		  login);
	assert_int_equal(visitor_get(visitor, "/sign-in"), 200);
	assert_int_equal(visitor_post(visitor, "/sign-in", sbuf_text(&fields)),
			 303);
	assert_int_equal(visitor_get(visitor, "/"), 200);
}

void
visitor_get_token(struct visitor *visitor, const char *login,
		  struct sbuf *token)
{
	static const char mark[] = "\"token\":\"";
	AUTO(sbuf_done) struct sbuf body;
	const char *at = NULL;

	sbuf_init(&body, 1000);
	sbuf_addf(&body, "{\"login\":\"%s\",\"password\":\"%s\"}", login,
		  FAKE_PASSWORD);
	assert_int_equal(visitor_ask(visitor, HTTP_METHOD_POST,
				     "/api/v1/session", sbuf_text(&body)),
			 201);
	at = strstr(visitor_text(visitor), mark);
	assert_non_null(at);
	at += sizeof(mark) - 1;
	sbuf_clear(token);
	sbuf_add(token, at, strcspn(at, "\""));
	visitor->bearer = sbuf_text(token);
}

const char *
visitor_case_path(const struct visited *site, size_t i, const char *behind,
		  char path[100])
{
	char text[CASE_ID_TEXT_BYTES];

	(void)snprintf(path, 100, "/cases/%s%s",
		       fake_vault_case_text(site->vault, i, text), behind);
	return path;
}

const char *
visitor_with_version(const struct visitor *visitor, const char *more,
		     char fields[400])
{
	static const char mark[] = "name=\"version\" value=\"";
	const char *at = strstr(visitor_text(visitor), mark);

	(void)snprintf(fields, 400, "version=%.64s%s",
		       at != NULL ? at + sizeof(mark) - 1 : "", more);
	return fields;
}
