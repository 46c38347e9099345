/* bench.h - one milter without libmilter: sessions, finish, neighbours. */
#ifndef TESTS_MILTER_BENCH_H
#define TESTS_MILTER_BENCH_H

#include "milter/policy/finish.h"
#include "tests/milter/fixture.h"
#include "tests/milter/peers.h"

struct bench {
	char dir[FIXTURE_DIR_BYTES];
	struct fake_scanner scanner;
	struct fake_vault vault;
	struct fake_mta fake;
	struct mta mta;
	struct spool_budget budget;
	struct settings *settings;
	struct scan_pool *scans;
	struct vault_link *link;
	struct finish finish;
	struct session_services services;
	struct session *session;
};

/* general, milter, policy as in fixture_config(). The scanner and the vault
 * run unless the test stops them. */
void bench_start(struct bench *bench, const char *general, const char *milter,
		 const char *policy);
void bench_stop(struct bench *bench);

/* One event. */
enum mta_answer bench_step(struct bench *bench, enum session_event event,
			   const char *name, const char *value);

/* MAIL FROM:<from>, RCPT TO each of recipients (NULL-terminated), DATA. */
void bench_envelope(struct bench *bench, const char *from,
		    const char *const *recipients);

/* The header lines ("Name: value"), EOH, body, EOM. */
enum mta_answer
bench_content(struct bench *bench, const char *const *fields, const char *body);

/* A whole usual mail from taro@example.co.jp to the recipients. */
enum mta_answer bench_mail(struct bench *bench, const char *const *recipients);

#endif
