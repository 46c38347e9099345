/* mail_harness.h - mails as the milter would hand them in. */
#ifndef TESTS_VAULT_MAIL_HARNESS_H
#define TESTS_VAULT_MAIL_HARNESS_H

#include "lib/crypto/seal.h"
#include "vault/client/vault_messages.h"

#define MAIL_TEXT "Subject: x\r\n\r\nhello\r\n"

/* An archive, of which so many members are open; zeros: there is none. */
struct mail_locks {
	size_t opened;
	size_t closed;
	enum report_word_source source; /* of what is open */
	bool found;                     /* a number is in what is open */
	bool partly;                    /* or in what is closed in part only */
	struct report_search search;
};

/* A mail to hold; zeroed members stand for usual values. */
struct mail {
	const char *login;  /* SASL; NULL: unauthenticated */
	const char *sender; /* envelope; NULL: alice's */
	const char *from;   /* NULL: as the envelope */
	const char *to[4];  /* NULL: one at example.com */
	const char *group;  /* NULL: hr */
	const char *subject;
	const char *rule;
	enum report_level level;     /* NONE: sure */
	const char *self_test;       /* ticket; NULL: none */
	const uint8_t *companion_of; /* the case that it waits with, or NULL */
	enum report_profile profile; /* of the report; NONE: standard */
	bool before_profiles;        /* a report of a version without them */
	bool unread;                 /* nothing found, something not read */
	uint8_t content;             /* which mail: the digest */
	bool unconfirmed;
	bool no_files; /* nothing but its text */
	bool nobody;   /* no sender at all */
	struct mail_locks locks;
	struct case_link_terms link;
};
/* The mail itself, sealed: a memory file. */
int mail_seal(const struct seal_public *to, uint8_t wrapped[SEAL_WRAPPED_BYTES],
	      uint64_t *sealed_bytes);
/* What the milter tells about it, sealed. */
void mail_seal_detail(const struct seal_public *to, const struct mail *mail,
		      int64_t now_unix_ms, struct sbuf *sealed,
		      uint8_t wrapped[SEAL_WRAPPED_BYTES]);
/* The scan report in it: found, one finding in part 2, 3 numbers. */
void mail_report(struct sbuf *out);
void mail_report_in(enum report_profile profile, struct sbuf *out);

/* A later one, of a mail with an archive. */
void mail_report_locks(const struct mail_locks *locks, struct sbuf *out);

#endif
