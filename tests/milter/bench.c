#include "tests/milter/bench.h"

#include <string.h>

#include "lib/base/parse.h"
#include "milter/links/settings.h"
#include "tests/harness/check.h"

void
bench_start(struct bench *bench, const char *general, const char *milter,
	    const char *policy)
{
	struct config *config = NULL;
	struct err err;

	memset(bench, 0, sizeof(*bench));
	fixture_make_dir(bench->dir);
	config = fixture_config(bench->dir, general, milter, policy);
	fake_scanner_start(&bench->scanner, bench->dir);
	fake_vault_start(&bench->vault, bench->dir);
	bench->mta = fake_mta_init(&bench->fake);
	bench->fake.vault = &bench->vault;
	check_status(
		ST_OK,
		scan_pool_new(config->scanner_socket, 2, &bench->scans, &err),
		&err);
	check_status(ST_OK,
		     vault_link_new(config->vault_socket, &bench->link, &err),
		     &err);
	check_status(ST_OK, settings_new(&config, &bench->settings, &err),
		     &err);
	bench->finish =
		(struct finish){ .scans = bench->scans, .vault = bench->link };
	bench->services = (struct session_services){
		.settings = bench->settings,
		.budget = &bench->budget,
		.finish = finish_mail,
		.finish_context = &bench->finish,
	};
	check_status(ST_OK,
		     session_new(&bench->services, &bench->session, &err),
		     &err);
	(void)bench_step(bench, EVENT_CONNECT, "client.test", "192.0.2.7");
}

void
bench_stop(struct bench *bench)
{
	session_free(&bench->session);
	scan_pool_free(&bench->scans);
	vault_link_free(&bench->link);
	settings_free(&bench->settings);
	fake_scanner_stop(&bench->scanner);
	fake_vault_stop(&bench->vault);
	fake_mta_done(&bench->fake);
	fixture_remove_dir(bench->dir);
	assert_int_equal(bench->budget.used_bytes, 0);
}

enum mta_answer
bench_step(struct bench *bench, enum session_event event, const char *name,
	   const char *value)
{
	const struct session_input input = { .event = event,
					     .name = name,
					     .value = value };

	return session_step(bench->session, &input, &bench->mta);
}

void
bench_envelope(struct bench *bench, const char *from,
	       const char *const *recipients)
{
	(void)bench_step(bench, EVENT_MAIL, from, NULL);
	for (size_t i = 0; recipients[i] != NULL; i++)
		(void)bench_step(bench, EVENT_RCPT, recipients[i], NULL);
	(void)bench_step(bench, EVENT_DATA, NULL, NULL);
}

enum mta_answer
bench_content(struct bench *bench, const char *const *fields, const char *body)
{
	struct session_input chunk = { .event = EVENT_BODY,
				       .chunk = span_of(body) };
	char name[200];

	for (size_t i = 0; fields[i] != NULL; i++) {
		const char *colon = strchr(fields[i], ':');

		assert_non_null(colon);
		assert_true((size_t)(colon - fields[i]) < sizeof(name));
		memcpy(name, fields[i], (size_t)(colon - fields[i]));
		name[colon - fields[i]] = '\0';
		(void)bench_step(bench, EVENT_HEADER, name, colon + 1);
	}
	(void)bench_step(bench, EVENT_EOH, NULL, NULL);
	if (chunk.chunk.len_bytes > 0)
		(void)session_step(bench->session, &chunk, &bench->mta);
	return bench_step(bench, EVENT_EOM, NULL, NULL);
}

enum mta_answer
bench_mail(struct bench *bench, const char *const *recipients)
{
	static const char *const fields[] = {
		"From: Taro <taro@example.co.jp>",
		"To: somebody@example.com",
		"Subject: list 123456789018",
		"Date: Sun, 22 Nov 2026 05:08:00 +0000",
		"Message-Id: <1@client.test>",
		NULL,
	};

	bench_envelope(bench, "<taro@example.co.jp>", recipients);
	return bench_content(bench, fields, "line\r\n");
}
