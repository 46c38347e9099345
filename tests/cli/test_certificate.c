/* Tests of "sekimori certificate verify": records are right, changed, of
 * somebody else; and openssl says the same. */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "lib/crypto/signed_text.h"
#include "tests/cli/cli_harness.h"
#include "tests/harness/check.h"

static const char text[] = "Sekimori record of a secure link\n"
			   "link: 04000000000000000000000000\n"
			   "fetched: nobody\n";

struct place {
	char dir[40];
	char words[300];
};

static void
place_put(const struct place *place, const char *name, struct span bytes)
{
	char path[100];
	struct err err = { 0 };

	(void)snprintf(path, sizeof(path), "%s/%s", place->dir, name);
	check_status(ST_OK, fd_replace_file(path, bytes, 0644, &err), &err);
}

static void
put_key(const struct place *place, const char *name, uint8_t first)
{
	const uint8_t seed[SIGN_SEED_BYTES] = { first };
	uint8_t key[SIGN_PUBLIC_BYTES];
	struct sbuf pem;
	struct err err = { 0 };

	sbuf_init(&pem, 4096);
	check_status(ST_OK, sign_public(seed, key, &err), &err);
	check_status(ST_OK, sign_write_pem(key, &pem, &err), &err);
	place_put(place, name, sbuf_span(&pem));
	sbuf_done(&pem);
}

static int
place_init(void **state)
{
	const uint8_t seed[SIGN_SEED_BYTES] = { 1 };
	struct place *place = calloc(1, sizeof(*place));
	uint8_t signature[SIGNATURE_BYTES];
	struct sbuf base64;
	struct sbuf file;
	char changed[1000];
	struct err err = { 0 };

	assert_non_null(place);
	(void)snprintf(place->dir, sizeof(place->dir), "/tmp/sk-cert-XXXXXX");
	assert_non_null(mkdtemp(place->dir));
	put_key(place, "key.pem", 1);
	put_key(place, "other.pem", 2);
	check_status(ST_OK, sign(seed, span_of(text), signature, &err), &err);
	sbuf_init(&base64, 200);
	sbuf_init(&file, 4096);
	format_base64(&base64, (struct span){ signature, sizeof(signature) });
	signed_text_write(span_of(text), sbuf_text(&base64), &file);
	place_put(place, "record.txt", sbuf_span(&file));
	(void)snprintf(changed, sizeof(changed), "%s", sbuf_text(&file));
	*strstr(changed, "nobody") = 'N';
	place_put(place, "changed.txt", span_of(changed));
	place_put(place, "text", span_of(text));
	place_put(place, "sig", (struct span){ signature, sizeof(signature) });
	sbuf_done(&base64);
	sbuf_done(&file);
	*state = place;
	return 0;
}

static int
place_done(void **state)
{
	static const char *const names[] = { "key.pem",    "other.pem",
					     "record.txt", "changed.txt",
					     "text",       "sig" };
	struct place *place = *state;
	char path[100];

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", place->dir,
			       names[i]);
		(void)remove(path);
	}
	assert_int_equal(rmdir(place->dir), 0);
	free(place);
	return 0;
}

static const char *
verify(struct place *place, const char *key, const char *file)
{
	(void)snprintf(place->words, sizeof(place->words),
		       "certificate verify --key %s/%s %s/%s", place->dir, key,
		       place->dir, file);
	return place->words;
}

static void
a_record_is_shown_when_its_signature_fits(void **state)
{
	cli_check(verify(*state, "key.pem", "record.txt"), 0,
		  "fetched: nobody\n", "the signature is right");
}

static void
a_changed_record_is_refused(void **state)
{
	cli_check(verify(*state, "key.pem", "changed.txt"), 77, NULL,
		  "Do not rely on it");
	cli_check(verify(*state, "other.pem", "record.txt"), 77, NULL,
		  "Do not rely on it");
}

static void
what_is_no_record_is_said_so(void **state)
{
	cli_check(verify(*state, "key.pem", "text"), 65, NULL,
		  "no signed record");
	cli_check(verify(*state, "text", "record.txt"), 65, NULL, NULL);
	cli_check(verify(*state, "key.pem", "nothing"), 66, NULL, NULL);
}

/* What the manual tells to do. */
static void
openssl_agrees(void **state)
{
	const struct place *place = *state;
	char command[600];
	char shell[] = "sh";
	char option[] = "-c";
	char *const words[] = { shell, option, command, NULL };
	pid_t child = 0;
	int status = -1;

	(void)snprintf(
		command, sizeof(command),
		"cd %s && sed -n '/^-----BEGIN SEK/,/^-----BEGIN SIG/"
		"{/^-----/!p}' record.txt | cmp - text && "
		"sed -n '/^-----BEGIN SIG/,/^-----END/{/^-----/!p}' record.txt "
		"| base64 -d | cmp - sig && openssl pkeyutl -verify -pubin "
		"-inkey key.pem -rawin -in text -sigfile sig >&2",
		place->dir);
	assert_int_equal(
		posix_spawn(&child, "/bin/sh", NULL, NULL, words, environ), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_is_shown_when_its_signature_fits),
		cmocka_unit_test(a_changed_record_is_refused),
		cmocka_unit_test(what_is_no_record_is_said_so),
		cmocka_unit_test(openssl_agrees),
	};

	return cmocka_run_group_tests(tests, place_init, place_done);
}
