/*
 * fake_vault.h - a vault for unit tests that gives out jobs and remembers.
 *
 * Layer:    tests
 * Threads:  serves in a thread of its own; the functions lock
 */
#ifndef TESTS_COURIER_FAKE_VAULT_H
#define TESTS_COURIER_FAKE_VAULT_H

#include "vault/client/vault_messages.h"

enum { FAKE_MAX_DELIVERIES = 4, FAKE_MAX_DONE = 8, FAKE_MAX_SEALS = 3 };

struct fake_delivery {
	char recipient[100];
	uint32_t code;
	char enhanced[16];
	char text[300];
};

struct fake_done {
	uint64_t job_id;
	enum job_result result;
	struct fake_delivery deliveries[FAKE_MAX_DELIVERIES];
	size_t delivery_count;
	char reason[300];
	struct sbuf report;
	struct sbuf preview;
	char words[200]; /* joined by blanks */
};

/* A LINK_SEAL. */
struct fake_seal {
	uint64_t job_id;
	uint8_t lease[16];
	char refusal[300];
	uint32_t pictures;
	uint64_t mail_bytes;
	uint64_t hole_offset;
	bool whole_body;
	char boundary[100];
	char files[500]; /* "name|shown|type|size|crc\n" each */
	struct sbuf bytes;
};

struct fake_vault;

struct fake_vault *fake_vault_start(const char *socket_path);
void fake_vault_free(struct fake_vault **vault);

/* The next TAKE_JOB gets job (borrowed) with mail in a sealed memory file;
 * an empty mail: no descriptor. */
void fake_vault_give(struct fake_vault *vault, const struct vault_job *job,
		     struct span mail);

/* Close the connection instead of answering, so many JOB_DONE long. */
void fake_vault_drop_done(struct fake_vault *vault, unsigned times);

/* Refuse to bind tickets from now on. */
void fake_vault_refuse_tickets(struct fake_vault *vault);

/* Wait for result number i (from 0); fails the test after 10 s. */
const struct fake_done *fake_vault_done(struct fake_vault *vault, size_t i);

/* Wait for LINK_SEAL number i (from 0); as fake_vault_done(). */
const struct fake_seal *fake_vault_seal(struct fake_vault *vault, size_t i);
/* How many JOB_DONE there were. */
unsigned fake_vault_dones(struct fake_vault *vault);
/* Answer the next LINK_SEAL with this failure. */
void
fake_vault_fail_seal(struct fake_vault *vault, enum vault_failure_kind kind);

/* Digest of the last BIND_TICKET; look when its job is done. */
const uint8_t *fake_vault_digest(struct fake_vault *vault);
/* How many TAKE_JOB said fresh, and how many there were. */
unsigned fake_vault_fresh(struct fake_vault *vault);
unsigned fake_vault_takes(struct fake_vault *vault);
/* How many said that they want no job for the scanner. */
unsigned fake_vault_quick(struct fake_vault *vault);
/* How many tickets were asked for. */
unsigned fake_vault_binds(struct fake_vault *vault);

/* How many TIMERS there were. */
unsigned fake_vault_timers(struct fake_vault *vault);
/* Close the connection instead of answering the next TAKE_JOB. */
void fake_vault_lose_take(struct fake_vault *vault);

/* What SELF_TEST and STATUS say. */
struct fake_self_test {
	bool refuse; /* close instead of giving a ticket */
	int64_t sent_unix_ms;
	int64_t held_unix_ms;
	unsigned asked;
};
void fake_vault_set_self_test(struct fake_vault *vault,
			      const struct fake_self_test *self_test);
/* How many tickets for self-tests were asked for. */
unsigned fake_vault_self_tests(struct fake_vault *vault);
#define FAKE_SELF_TEST_TICKET "ABCDEFGH234567"

/* The ticket it gives, as it stands in the field: "AQEB…". */
#define FAKE_TICKET "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"

#endif
