/*
 * peers.h - the milter's neighbours for its tests: a scanner and a vault in
 * threads of the test, on real sockets with the real frames, and an MTA that
 * records what is asked of it.
 *
 * Threads: set the fields before the first mail, read them behind the last
 */
#ifndef TESTS_MILTER_PEERS_H
#define TESTS_MILTER_PEERS_H

#include <pthread.h>

#include "milter/links/scan_pool.h"
#include "milter/links/vault_link.h"
#include "milter/session/session.h"

enum { PEERS_MAX = 64 };

/* How the scanner answers. */
enum fake_scan {
	FAKE_SCAN_CLEAN = 0,
	FAKE_SCAN_FOUND,   /* one sure number */
	FAKE_SCAN_BOUNCE,  /* clean, and a DSN of ours */
	FAKE_SCAN_BUSY,    /* scan_failure */
	FAKE_SCAN_INVALID, /* a report that contradicts itself */
	FAKE_SCAN_HANG_UP,
	FAKE_SCAN_OTHER_PROFILE, /* clean, in one that was not asked for */
	FAKE_SCAN_LOCKED,        /* locked, until a request has opens_with */
	FAKE_SCAN_WORDS          /* clean, and says says */
};

struct peer {
	char path[108];
	int listen_fd;
	pthread_t thread;
	int running_fd; /* of the connection being served */
	bool stopping;
};

struct fake_scanner {
	struct peer peer;
	enum fake_scan mode;
	uint32_t only_in;       /* profiles, as bits; else CLEAN. 0: in all */
	int delay_ms;           /* before the answer */
	const char *opens_with; /* LOCKED */
	const char *says;       /* WORDS, LOCKED: behind "password"; or NULL */
	pthread_mutex_t lock;   /* over what follows: a thread a connection */
	unsigned scans;
	uint32_t profiles; /* bits of those asked for */
	struct sbuf mail;  /* the last one */
};

struct fake_vault {
	struct peer peer;
	struct seal_private key;
	struct seal_public key_public;
	bool ticket_valid;
	uint8_t ticket_digest[DIGEST_BYTES]; /* all zero: any */
	bool bounce_known;
	enum vault_failure_kind fail_hold; /* NONE: take it */
	unsigned fail_hold_times;          /* 0: always */
	enum vault_failure_kind fail_other;
	unsigned keys;
	unsigned holds;
	unsigned redeems;
	unsigned bounces;
	unsigned pairs;
	unsigned relateds;
	enum vault_failure_kind fail_related;
	const char *knows;    /* RELATED: a word of another mail, or NULL */
	const char *waits[4]; /* RELATED: who waits with case 7 */
	bool related_locked;  /* of the last RELATED but what follows */
	bool related_wait;
	size_t related_senders;
	size_t related_recipients;
	char related_words[PEERS_MAX]; /* of all: "said kpx opened kpx " */
	uint8_t companion_of[CASE_ID_BYTES];       /* of the last hold */
	bool unconfirmed;                          /* of the last hold */
	char self_test[VAULT_SELF_TEST_BYTES + 1]; /* of the last hold */
	uint8_t digests[PEERS_MAX][DIGEST_BYTES];  /* of each hold */
	struct case_detail detail;                 /* of the last hold */
	struct wire_arena *detail_arena;
	struct sbuf mail; /* of the last hold, opened */
};

/* The socket is a file in dir. Failures are assertions. */
void fake_scanner_start(struct fake_scanner *scanner, const char *dir);
void fake_scanner_stop(struct fake_scanner *scanner);
void fake_vault_start(struct fake_vault *vault, const char *dir);
void fake_vault_stop(struct fake_vault *vault);

/* What was asked of the MTA, one line a call: "add X-Sekimori-Tag: x",
 * "delete X-Sekimori-Tag 2", "delrcpt <b@y.test>", "reply 451 4.3.0 …",
 * and "hold" when the vault answered one (order). */
struct fake_mta {
	struct sbuf calls;
	const char *queue_id;
	const char *host;
	const char *login;
	bool gone;          /* progress fails */
	const char *refuse; /* calls that begin so fail; NULL: none */
	unsigned ticks;
	const struct fake_vault
		*vault; /* to note holds in calls; may be NULL */
	unsigned holds_seen;
};
struct mta fake_mta_init(struct fake_mta *fake);
void fake_mta_done(struct fake_mta *fake);

#endif
