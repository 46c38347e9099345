/* Tests of the portal over a fake vault: what a visit may, and what the vault
 * is told of it. */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/fd.h"
#include "lib/base/log.h"
#include "lib/base/parse.h"
#include "quarantine-ui/portal/portal.h"
#include "tests/harness/check.h"
#include "tests/quarantine-ui/fake_visits.h"

enum { COOKIES_BYTES = 2000, WAIT_MS = 5000 };

static const char config_text[] =
	"general {\n local_domains = {\"example.co.jp\"}\n"
	" postmaster = \"postmaster@example.co.jp\"\n log = stderr\n}\n"
	"courier { notice_sender = \"sekimori@example.co.jp\" }\n"
	"desk { url = \"http://127.0.0.1:8443\" }\n"
	"portal { rate = 20 }\n"
	"policy { rule \"rest\" { action = deliver } }\n";

struct site {
	char directory[64];
	char socket[96];
	struct fake_vault *vault;
	struct portal *portal;
};

struct visitor {
	struct site *site;
	char path[64]; /* "/l/ID" */
	struct sbuf cookies;
	const char *range;
	bool certificate;
	struct http_response response;
};

static const char *
variable(const char *name, const char *fallback)
{
	const char *value = getenv(name);

	return value != NULL ? value : fallback;
}

static struct view *
load_view(const struct site *site)
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

static int
setup(void **state)
{
	struct site *site = calloc(1, sizeof(*site));
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

static int
teardown(void **state)
{
	struct site *site = *state;

	portal_free(&site->portal);
	fake_vault_stop(&site->vault);
	(void)rmdir(site->directory);
	free(site);
	return 0;
}

static void
visitor_init(struct visitor *visitor, struct site *site, enum fake_link which)
{
	char id[CASE_ID_TEXT_BYTES];

	*visitor = (struct visitor){ .site = site, .range = "" };
	(void)snprintf(visitor->path, sizeof(visitor->path), "/l/%s",
		       fake_link_id(which, id));
	sbuf_init(&visitor->cookies, COOKIES_BYTES);
	http_response_init(&visitor->response);
}

static void
visitor_done(struct visitor *visitor)
{
	http_response_done(&visitor->response);
	sbuf_done(&visitor->cookies);
}

/* The last cookie is the one that counts: there is one of a name. */
static void
keep_cookie(struct visitor *visitor)
{
	for (size_t i = 0; i < visitor->response.cookie_count; i++) {
		const char *line = sbuf_text(&visitor->response.cookies[i]);

		sbuf_clear(&visitor->cookies);
		sbuf_add(&visitor->cookies, line, strcspn(line, ";"));
	}
}

static unsigned
ask(struct visitor *visitor, enum http_method method, const char *behind,
    const char *body)
{
	char path[100];
	struct http_request request = {
		.method = method,
		.path = path,
		.body = span_of(body),
		.client_address = "203.0.113.9",
		.certificate = visitor->certificate,
		.fields = {
			.accept_language = "en",
			.authorization = "",
			.content_type = "application/x-www-form-urlencoded",
			.cookie = sbuf_text(&visitor->cookies),
			.host = "files.test",
			.if_range = "",
			.origin = "",
			.range = visitor->range,
			.sec_fetch_mode = "",
			.sec_fetch_site = "",
			.user_agent = "test",
		},
	};

	(void)snprintf(path, sizeof(path), "%s%s", visitor->path, behind);
	http_response_done(&visitor->response);
	http_response_init(&visitor->response);
	portal_handle(visitor->site->portal, 0, &request, &visitor->response);
	keep_cookie(visitor);
	return visitor->response.status;
}

static unsigned
post(struct visitor *visitor, const char *behind, const char *body)
{
	return ask(visitor, HTTP_METHOD_POST, behind, body);
}

static bool
sees(const struct visitor *visitor, const char *text)
{
	return strstr(sbuf_text(&visitor->response.body), text) != NULL;
}

static void
open_link(struct visitor *visitor, enum fake_link which)
{
	char code[LINK_CODE_TEXT_BYTES];
	char body[100];

	(void)snprintf(body, sizeof(body), "code=%s",
		       fake_link_code(which, code));
	assert_int_equal(post(visitor, "", body), 303);
}

static void
visit(struct visitor *visitor, struct site *site, enum fake_link which)
{
	visitor_init(visitor, site, which);
	open_link(visitor, which);
}

/* Send the file as the server does; up to most bytes of it. */
static void
send_file(struct visitor *visitor, size_t file, uint64_t most)
{
	struct http_file *answer = &visitor->response.file;
	struct http_sent sent = { .first = answer->first };

	assert_non_null(answer->source.read);
	while (sent.len_bytes < answer->len_bytes && sent.len_bytes < most) {
		uint8_t bytes[4096];
		const uint64_t left = answer->len_bytes - sent.len_bytes;
		size_t len = 0;

		assert_int_equal(answer->source.read(
					 answer->source.context,
					 answer->first + sent.len_bytes, bytes,
					 left < sizeof(bytes) ? (size_t)left
							      : sizeof(bytes),
					 &len),
				 ST_OK);
		for (size_t i = 0; i < len; i++)
			assert_int_equal(
				bytes[i],
				fake_file_byte(file, answer->first +
							     sent.len_bytes +
							     i));
		sent.len_bytes += len;
	}
	sent.complete = sent.len_bytes == answer->len_bytes;
	answer->source.end(answer->source.context, &sent);
	answer->source = (struct http_source){ .read = NULL };
}

/* The vault hears of transfers behind them. */
static struct fake_sent
wait_sent(const struct site *site, size_t count)
{
	const int64_t deadline = clock_mono_ms() + WAIT_MS;
	struct fake_sent last = { .complete = false };

	while (fake_vault_sent(site->vault, &last) < count) {
		assert_true(clock_mono_ms() < deadline);
		(void)usleep(2000);
	}
	assert_int_equal(fake_vault_sent(site->vault, &last), count);
	return last;
}

static void
the_vault_hears_what_went_out(void **state)
{
	struct site *site = *state;
	struct visitor one;
	struct fake_sent sent;

	visit(&one, site, FAKE_LINK_READY);
	assert_int_equal(post(&one, "/take", "file=2"), 303);
	assert_int_equal(ask(&one, HTTP_METHOD_HEAD, "/f/2", ""), 200);
	send_file(&one, 1, 0);
	assert_int_equal(ask(&one, HTTP_METHOD_GET, "/f/2", ""), 200);
	send_file(&one, 1, 8192);
	sent = wait_sent(site, 1);
	assert_int_equal(sent.file, 1);
	assert_int_equal(sent.sent_bytes, 8192);
	assert_false(sent.complete);
	assert_int_equal(ask(&one, HTTP_METHOD_GET, "/f/2", ""), 200);
	send_file(&one, 1, UINT64_MAX);
	sent = wait_sent(site, 2);
	assert_int_equal(sent.sent_bytes, FAKE_LARGE_BYTES);
	assert_true(sent.complete);
	visitor_done(&one);
}

/* A transfer of file 1 has begun; is a byte of it still given? */
static bool
still_sends(struct visitor *visitor)
{
	const struct http_source *source = &visitor->response.file.source;
	uint8_t byte = 0;
	size_t len = 0;

	return source->read(source->context, 0, &byte, 1, &len) == ST_OK;
}

/* The vault is asked about it so many times more. */
static void
wait_asked(const struct site *site, size_t more)
{
	const size_t before = fake_vault_link_requests(site->vault);
	const int64_t deadline = clock_mono_ms() + 2 * WAIT_MS;

	while (fake_vault_link_requests(site->vault) < before + more) {
		assert_true(clock_mono_ms() < deadline);
		(void)usleep(2000);
	}
}

static void
begin_file(struct visitor *one, const char *name)
{
	assert_int_equal(post(one, "/take", "file=all"), 303);
	assert_int_equal(ask(one, HTTP_METHOD_GET, name, ""), 200);
	assert_true(still_sends(one));
}

static void
end_file(struct visitor *one, uint64_t sent_bytes)
{
	struct http_source *source = &one->response.file.source;
	const struct http_sent sent = { .len_bytes = sent_bytes };

	source->end(source->context, &sent);
	*source = (struct http_source){ .read = NULL };
}

static void
wait_stopped(struct visitor *visitor)
{
	const int64_t deadline = clock_mono_ms() + WAIT_MS;

	while (still_sends(visitor)) {
		assert_true(clock_mono_ms() < deadline);
		(void)usleep(2000);
	}
}

static void
a_transfer_ends_with_its_link(void **state)
{
	struct site *site = *state;
	struct fake_sent sent;
	struct visitor file;
	struct visitor zip;
	struct visitor other;

	visit(&file, site, FAKE_LINK_READY);
	visit(&zip, site, FAKE_LINK_READY);
	visit(&other, site, FAKE_LINK_ONCE);
	begin_file(&file, "/f/2");
	begin_file(&zip, "/zip");
	begin_file(&other, "/f/2");
	fake_vault_end_link(site->vault, FAKE_LINK_READY);
	wait_stopped(&file);
	wait_stopped(&zip);
	wait_asked(site, 1);
	assert_true(still_sends(&other));
	end_file(&zip, 0);
	end_file(&file, 8192);
	sent = wait_sent(site, 1);
	assert_int_equal(sent.sent_bytes, 8192);
	assert_false(sent.complete);
	visitor_done(&file);
	visitor_done(&zip);
	visitor_done(&other);
}

static void
a_transfer_outlives_its_visit_and_not_its_link(void **state)
{
	struct site *site = *state;
	struct visitor one;

	visit(&one, site, FAKE_LINK_READY);
	begin_file(&one, "/f/2");
	fake_vault_end_visits(site->vault);
	wait_asked(site, 2);
	assert_true(still_sends(&one));
	fake_vault_end_link(site->vault, FAKE_LINK_READY);
	wait_stopped(&one);
	visitor_done(&one);
}

static void
a_visit_is_none_under_the_address_of_another_link(void **state)
{
	static const char *const looks[] = { "/files", "/f/1", "/zip" };
	struct site *site = *state;
	struct visitor one;
	struct visitor other;

	visitor_init(&one, site, FAKE_LINK_READY);
	visitor_init(&other, site, FAKE_LINK_ONCE);
	open_link(&one, FAKE_LINK_READY);
	assert_int_equal(post(&one, "/take", "file=1"), 303);
	for (size_t i = 0; i <= ARRAY_LEN(looks); i++) {
		/* "l-ID=" of the one, as that of the other. */
		sbuf_clear(&other.cookies);
		sbuf_addf(&other.cookies, "l-%s%s", other.path + 3,
			  strchr(sbuf_text(&one.cookies), '='));
		assert_int_equal(
			i < ARRAY_LEN(looks)
				? ask(&other, HTTP_METHOD_GET, looks[i], "")
				: post(&other, "/take", "file=2"),
			404);
	}
	assert_int_equal(fake_vault_taken(site->vault), 1);
	visitor_done(&one);
	visitor_done(&other);
}

static void
a_transfer_goes_on_without_the_vault(void **state)
{
	struct site *site = *state;
	struct visitor one;

	visit(&one, site, FAKE_LINK_READY);
	begin_file(&one, "/f/2");
	fake_vault_stop(&site->vault);
	(void)unlink(site->socket);
	(void)sleep(WATCH_PAUSE_S + 1);
	assert_true(still_sends(&one));
	site->vault = fake_vault_start(site->socket);
	assert_non_null(site->vault);
	visitor_done(&one);
}

static void
pieces_are_a_whole_when_the_last_one_went_out(void **state)
{
	struct site *site = *state;
	struct visitor one;

	visit(&one, site, FAKE_LINK_READY);
	assert_int_equal(post(&one, "/take", "file=2"), 303);
	one.range = "bytes=300000-";
	assert_int_equal(ask(&one, HTTP_METHOD_GET, "/f/2", ""), 206);
	send_file(&one, 1, UINT64_MAX);
	assert_false(wait_sent(site, 1).complete);
	one.range = "bytes=0-299999";
	assert_int_equal(ask(&one, HTTP_METHOD_GET, "/f/2", ""), 206);
	send_file(&one, 1, UINT64_MAX);
	assert_true(wait_sent(site, 2).complete);
	visitor_done(&one);
}

static void
nothing_is_sent_that_was_not_taken(void **state)
{
	struct site *site = *state;
	struct visitor one;

	visitor_init(&one, site, FAKE_LINK_READY);
	assert_int_equal(ask(&one, HTTP_METHOD_GET, "/f/1", ""), 404);
	open_link(&one, FAKE_LINK_READY);
	assert_int_equal(ask(&one, HTTP_METHOD_GET, "/f/1", ""), 303);
	assert_int_equal(ask(&one, HTTP_METHOD_GET, "/zip", ""), 303);
	assert_int_equal(ask(&one, HTTP_METHOD_GET, "/f/0", ""), 404);
	assert_int_equal(ask(&one, HTTP_METHOD_GET, "/f/01", ""), 404);
	assert_int_equal(fake_vault_taken(site->vault), 0);
	visitor_done(&one);
}

static void
a_file_of_one_time_is_one_visits(void **state)
{
	struct site *site = *state;
	struct visitor one;
	struct visitor two;

	visitor_init(&one, site, FAKE_LINK_ONCE);
	visitor_init(&two, site, FAKE_LINK_ONCE);
	open_link(&one, FAKE_LINK_ONCE);
	open_link(&two, FAKE_LINK_ONCE);
	assert_int_equal(post(&one, "/take", "file=1"), 303);
	assert_int_equal(post(&one, "/take", "file=1"), 303);
	assert_int_equal(post(&two, "/take", "file=1"), 409);
	assert_true(sees(&two, "fetched already"));
	assert_int_equal(ask(&two, HTTP_METHOD_GET, "/f/1", ""), 303);
	visitor_done(&one);
	visitor_done(&two);
}

static void
wrong_codes_lock_the_link(void **state)
{
	struct site *site = *state;
	struct visitor one;

	visit(&one, site, FAKE_LINK_CODE);
	assert_int_equal(post(&one, "/code", ""), 303);
	for (unsigned i = 0; i < 4; i++) {
		assert_int_equal(post(&one, "/prove", "code=000000"), 403);
		assert_true(sees(&one, "not the code"));
	}
	assert_int_equal(post(&one, "/prove", "code=000000"), 403);
	assert_true(sees(&one, "locked now"));
	assert_int_equal(post(&one, "/prove", "code=123456"), 404);
	visitor_done(&one);
}

static void
a_password_is_part_of_the_key(void **state)
{
	struct site *site = *state;
	struct visitor one;

	visit(&one, site, FAKE_LINK_PASSWORD);
	assert_int_equal(post(&one, "/prove", "code=123+456"), 303);
	assert_int_equal(post(&one, "/prove", "password=wrong"), 403);
	assert_true(sees(&one, "a password or a code that the page asks for"));
	assert_int_equal(post(&one, "/prove", "password=%EF%BD%8Baki-no-tane+"),
			 303);
	assert_int_equal(ask(&one, HTTP_METHOD_GET, "/files", ""), 200);
	assert_true(sees(&one, "給与支払報告書"));
	/* The secret of the link alone opens no list. */
	sbuf_clear(&one.cookies);
	open_link(&one, FAKE_LINK_PASSWORD);
	assert_int_equal(ask(&one, HTTP_METHOD_GET, "/files", ""), 200);
	assert_false(sees(&one, "給与支払報告書"));
	visitor_done(&one);
}

static void
times_are_told_with_their_zone(void **state)
{
	struct site *site = *state;
	struct visitor one;

	assert_int_equal(setenv("TZ", "JST-9", 1), 0);
	tzset();
	visit(&one, site, FAKE_LINK_PASSWORD);
	assert_int_equal(ask(&one, HTTP_METHOD_GET, "/files", ""), 200);
	assert_true(sees(&one, " JST."));
	visitor_done(&one);
	visit(&one, site, FAKE_LINK_READY);
	assert_int_equal(ask(&one, HTTP_METHOD_GET, "/files", ""), 200);
	assert_true(sees(&one, " JST</time>"));
	visitor_done(&one);
}

static void
too_many_tries_of_an_address_are_refused(void **state)
{
	struct site *site = *state;
	struct visitor one;
	size_t asked = 0;

	visitor_init(&one, site, FAKE_LINK_READY);
	for (unsigned i = 0; i < 20; i++)
		assert_int_not_equal(post(&one, "", "code=x"), 429);
	asked = fake_vault_link_requests(site->vault);
	assert_int_equal(post(&one, "", "code=x"), 429);
	assert_int_equal(one.response.retry_after_s, 60);
	assert_int_equal(fake_vault_link_requests(site->vault), asked);
	visitor_done(&one);
}

static void
the_vault_hears_of_a_certificate(void **state)
{
	struct site *site = *state;
	struct visitor one;

	visit(&one, site, FAKE_LINK_READY);
	assert_false(fake_vault_certificate(site->vault));
	one.certificate = true;
	assert_int_equal(ask(&one, HTTP_METHOD_GET, "/files", ""), 200);
	assert_true(fake_vault_certificate(site->vault));
	visitor_done(&one);
}

#define PORTAL_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		PORTAL_TEST(the_vault_hears_what_went_out),
		PORTAL_TEST(a_transfer_ends_with_its_link),
		PORTAL_TEST(a_transfer_outlives_its_visit_and_not_its_link),
		PORTAL_TEST(a_visit_is_none_under_the_address_of_another_link),
		PORTAL_TEST(a_transfer_goes_on_without_the_vault),
		PORTAL_TEST(pieces_are_a_whole_when_the_last_one_went_out),
		PORTAL_TEST(nothing_is_sent_that_was_not_taken),
		PORTAL_TEST(a_file_of_one_time_is_one_visits),
		PORTAL_TEST(wrong_codes_lock_the_link),
		PORTAL_TEST(a_password_is_part_of_the_key),
		PORTAL_TEST(times_are_told_with_their_zone),
		PORTAL_TEST(too_many_tries_of_an_address_are_refused),
		PORTAL_TEST(the_vault_hears_of_a_certificate),
	};

	log_open("test", LOG_TARGET_STDERR, false);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
