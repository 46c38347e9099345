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
#include "tests/harness/check.h"
#include "tests/quarantine-ui/portal_site.h"

enum { WAIT_MS = 5000 };

/* Send the file as the server does; up to most bytes of it. */
static void
send_file(struct guest *guest, size_t file, uint64_t most)
{
	struct http_file *answer = &guest->response.file;
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
wait_sent(const struct portal_site *site, size_t count)
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
	struct portal_site *site = *state;
	struct guest one;
	struct fake_sent sent;

	guest_visit(&one, site, FAKE_LINK_READY);
	assert_int_equal(guest_post(&one, "/take", "file=2"), 303);
	assert_int_equal(guest_ask(&one, HTTP_METHOD_HEAD, "/f/2", ""), 200);
	send_file(&one, 1, 0);
	assert_int_equal(guest_ask(&one, HTTP_METHOD_GET, "/f/2", ""), 200);
	send_file(&one, 1, 8192);
	sent = wait_sent(site, 1);
	assert_int_equal(sent.file, 1);
	assert_int_equal(sent.sent_bytes, 8192);
	assert_false(sent.complete);
	assert_int_equal(guest_ask(&one, HTTP_METHOD_GET, "/f/2", ""), 200);
	send_file(&one, 1, UINT64_MAX);
	sent = wait_sent(site, 2);
	assert_int_equal(sent.sent_bytes, FAKE_LARGE_BYTES);
	assert_true(sent.complete);
	guest_done(&one);
}

/* A transfer of file 1 has begun; is a byte of it still given? */
static bool
still_sends(struct guest *guest)
{
	const struct http_source *source = &guest->response.file.source;
	uint8_t byte = 0;
	size_t len = 0;

	return source->read(source->context, 0, &byte, 1, &len) == ST_OK;
}

/* The vault is asked about it so many times more. */
static void
wait_asked(const struct portal_site *site, size_t more)
{
	const size_t before = fake_vault_link_requests(site->vault);
	const int64_t deadline = clock_mono_ms() + 2 * WAIT_MS;

	while (fake_vault_link_requests(site->vault) < before + more) {
		assert_true(clock_mono_ms() < deadline);
		(void)usleep(2000);
	}
}

static void
begin_file(struct guest *one, const char *name)
{
	assert_int_equal(guest_post(one, "/take", "file=all"), 303);
	assert_int_equal(guest_ask(one, HTTP_METHOD_GET, name, ""), 200);
	assert_true(still_sends(one));
}

static void
end_file(struct guest *one, uint64_t sent_bytes)
{
	struct http_source *source = &one->response.file.source;
	const struct http_sent sent = { .len_bytes = sent_bytes };

	source->end(source->context, &sent);
	*source = (struct http_source){ .read = NULL };
}

static void
wait_stopped(struct guest *guest)
{
	const int64_t deadline = clock_mono_ms() + WAIT_MS;

	while (still_sends(guest)) {
		assert_true(clock_mono_ms() < deadline);
		(void)usleep(2000);
	}
}

static void
a_transfer_ends_with_its_link(void **state)
{
	struct portal_site *site = *state;
	struct fake_sent sent;
	struct guest file;
	struct guest zip;
	struct guest other;

	guest_visit(&file, site, FAKE_LINK_READY);
	guest_visit(&zip, site, FAKE_LINK_READY);
	guest_visit(&other, site, FAKE_LINK_ONCE);
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
	guest_done(&file);
	guest_done(&zip);
	guest_done(&other);
}

static void
a_transfer_outlives_its_visit_and_not_its_link(void **state)
{
	struct portal_site *site = *state;
	struct guest one;

	guest_visit(&one, site, FAKE_LINK_READY);
	begin_file(&one, "/f/2");
	fake_vault_end_visits(site->vault);
	wait_asked(site, 2);
	assert_true(still_sends(&one));
	fake_vault_end_link(site->vault, FAKE_LINK_READY);
	wait_stopped(&one);
	guest_done(&one);
}

static void
a_visit_is_none_under_the_address_of_another_link(void **state)
{
	static const char *const looks[] = { "/files", "/f/1", "/zip" };
	struct portal_site *site = *state;
	struct guest one;
	struct guest other;

	guest_init(&one, site, FAKE_LINK_READY);
	guest_init(&other, site, FAKE_LINK_ONCE);
	guest_open(&one, FAKE_LINK_READY);
	assert_int_equal(guest_post(&one, "/take", "file=1"), 303);
	for (size_t i = 0; i <= ARRAY_LEN(looks); i++) {
		/* "l-ID=" of the one, as that of the other. */
		sbuf_clear(&other.cookies);
		sbuf_addf(&other.cookies, "l-%s%s", other.path + 3,
			  strchr(sbuf_text(&one.cookies), '='));
		assert_int_equal(
			i < ARRAY_LEN(looks)
				? guest_ask(&other, HTTP_METHOD_GET, looks[i],
					    "")
				: guest_post(&other, "/take", "file=2"),
			404);
	}
	assert_int_equal(fake_vault_taken(site->vault), 1);
	guest_done(&one);
	guest_done(&other);
}

static void
a_transfer_goes_on_without_the_vault(void **state)
{
	struct portal_site *site = *state;
	struct guest one;

	guest_visit(&one, site, FAKE_LINK_READY);
	begin_file(&one, "/f/2");
	fake_vault_stop(&site->vault);
	(void)unlink(site->socket);
	(void)sleep(WATCH_PAUSE_S + 1);
	assert_true(still_sends(&one));
	site->vault = fake_vault_start(site->socket);
	assert_non_null(site->vault);
	guest_done(&one);
}

static void
pieces_are_a_whole_when_the_last_one_went_out(void **state)
{
	struct portal_site *site = *state;
	struct guest one;

	guest_visit(&one, site, FAKE_LINK_READY);
	assert_int_equal(guest_post(&one, "/take", "file=2"), 303);
	one.range = "bytes=300000-";
	assert_int_equal(guest_ask(&one, HTTP_METHOD_GET, "/f/2", ""), 206);
	send_file(&one, 1, UINT64_MAX);
	assert_false(wait_sent(site, 1).complete);
	one.range = "bytes=0-299999";
	assert_int_equal(guest_ask(&one, HTTP_METHOD_GET, "/f/2", ""), 206);
	send_file(&one, 1, UINT64_MAX);
	assert_true(wait_sent(site, 2).complete);
	guest_done(&one);
}

static void
nothing_is_sent_that_was_not_taken(void **state)
{
	struct portal_site *site = *state;
	struct guest one;

	guest_init(&one, site, FAKE_LINK_READY);
	assert_int_equal(guest_ask(&one, HTTP_METHOD_GET, "/f/1", ""), 404);
	guest_open(&one, FAKE_LINK_READY);
	assert_int_equal(guest_ask(&one, HTTP_METHOD_GET, "/f/1", ""), 303);
	assert_int_equal(guest_ask(&one, HTTP_METHOD_GET, "/zip", ""), 303);
	assert_int_equal(guest_ask(&one, HTTP_METHOD_GET, "/f/0", ""), 404);
	assert_int_equal(guest_ask(&one, HTTP_METHOD_GET, "/f/01", ""), 404);
	assert_int_equal(fake_vault_taken(site->vault), 0);
	guest_done(&one);
}

static void
a_file_of_one_time_is_one_visits(void **state)
{
	struct portal_site *site = *state;
	struct guest one;
	struct guest two;

	guest_init(&one, site, FAKE_LINK_ONCE);
	guest_init(&two, site, FAKE_LINK_ONCE);
	guest_open(&one, FAKE_LINK_ONCE);
	guest_open(&two, FAKE_LINK_ONCE);
	assert_int_equal(guest_post(&one, "/take", "file=1"), 303);
	assert_int_equal(guest_post(&one, "/take", "file=1"), 303);
	assert_int_equal(guest_post(&two, "/take", "file=1"), 409);
	assert_true(guest_sees(&two, "fetched already"));
	assert_int_equal(guest_ask(&two, HTTP_METHOD_GET, "/f/1", ""), 303);
	guest_done(&one);
	guest_done(&two);
}

static void
wrong_codes_lock_the_link(void **state)
{
	struct portal_site *site = *state;
	struct guest one;

	guest_visit(&one, site, FAKE_LINK_CODE);
	assert_int_equal(guest_post(&one, "/code", ""), 303);
	for (unsigned i = 0; i < 4; i++) {
		assert_int_equal(guest_post(&one, "/prove", "code=000000"),
				 403);
		assert_true(guest_sees(&one, "not the code"));
	}
	assert_int_equal(guest_post(&one, "/prove", "code=000000"), 403);
	assert_true(guest_sees(&one, "locked now"));
	assert_int_equal(guest_post(&one, "/prove", "code=123456"), 404);
	guest_done(&one);
}

static void
a_password_is_part_of_the_key(void **state)
{
	struct portal_site *site = *state;
	struct guest one;

	guest_visit(&one, site, FAKE_LINK_PASSWORD);
	assert_int_equal(guest_post(&one, "/prove", "code=123+456"), 303);
	assert_int_equal(guest_post(&one, "/prove", "password=wrong"), 403);
	assert_true(guest_sees(&one,
			       "a password or a code that the page asks for"));
	assert_int_equal(
		guest_post(&one, "/prove", "password=%EF%BD%8Baki-no-tane+"),
		303);
	assert_int_equal(guest_ask(&one, HTTP_METHOD_GET, "/files", ""), 200);
	assert_true(guest_sees(&one, "給与支払報告書"));
	/* The secret of the link alone opens no list. */
	sbuf_clear(&one.cookies);
	guest_open(&one, FAKE_LINK_PASSWORD);
	assert_int_equal(guest_ask(&one, HTTP_METHOD_GET, "/files", ""), 200);
	assert_false(guest_sees(&one, "給与支払報告書"));
	guest_done(&one);
}

static void
times_are_told_with_their_zone(void **state)
{
	struct portal_site *site = *state;
	struct guest one;

	assert_int_equal(setenv("TZ", "JST-9", 1), 0);
	tzset();
	guest_visit(&one, site, FAKE_LINK_PASSWORD);
	assert_int_equal(guest_ask(&one, HTTP_METHOD_GET, "/files", ""), 200);
	assert_true(guest_sees(&one, " JST."));
	guest_done(&one);
	guest_visit(&one, site, FAKE_LINK_READY);
	assert_int_equal(guest_ask(&one, HTTP_METHOD_GET, "/files", ""), 200);
	assert_true(guest_sees(&one, " JST</time>"));
	guest_done(&one);
}

static void
too_many_tries_of_an_address_are_refused(void **state)
{
	struct portal_site *site = *state;
	struct guest one;
	size_t asked = 0;

	guest_init(&one, site, FAKE_LINK_READY);
	for (unsigned i = 0; i < 20; i++)
		assert_int_not_equal(guest_post(&one, "", "code=x"), 429);
	asked = fake_vault_link_requests(site->vault);
	assert_int_equal(guest_post(&one, "", "code=x"), 429);
	assert_int_equal(one.response.retry_after_s, 60);
	assert_int_equal(fake_vault_link_requests(site->vault), asked);
	guest_done(&one);
}

static void
the_vault_hears_of_a_certificate(void **state)
{
	struct portal_site *site = *state;
	struct guest one;

	guest_visit(&one, site, FAKE_LINK_READY);
	assert_false(fake_vault_certificate(site->vault));
	one.certificate = true;
	assert_int_equal(guest_ask(&one, HTTP_METHOD_GET, "/files", ""), 200);
	assert_true(fake_vault_certificate(site->vault));
	guest_done(&one);
}

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
