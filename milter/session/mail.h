/*
 * mail.h - one mail while it comes in: envelope, header, body, digest.
 *
 * Layer:    milter/session; includes only lib/ and vault/client/
 * Threads:  a mail belongs to one thread at a time (libmilter may call from
 *           another one each time)
 *
 * Nothing is answered before the end of the mail, so the first failure on the
 * way is remembered (mail_refuse) and everything behind it is ignored. The
 * functions that add therefore return nothing.
 */
#ifndef MILTER_SESSION_MAIL_H
#define MILTER_SESSION_MAIL_H

#include "lib/config/config.h"
#include "lib/config/policy.h"
#include "lib/crypto/content.h"
#include "milter/session/refusal.h"
#include "milter/session/spool.h"
#include "vault/client/vault_people.h"

enum {
	MAIL_MAX_FIELDS = 20000,
	MAIL_MAX_OURS = 1000, /* X-Sekimori-… from outside */
	MAIL_TICKET_MAX_BYTES = 64
};

struct mail_recipient {
	char *given;      /* as RCPT had it: what delrcpt must name */
	char *address;    /* without <> */
	char *esmtp_args; /* "NOTIFY=NEVER ORCPT=…" or "" */
};

/* A field as it came; name and value live in mail.header, NUL behind each. */
struct mail_field {
	size_t name_at;
	size_t value_at;
	size_t value_bytes;
	bool ours; /* X-Sekimori-…: not spooled, to be removed */
};

struct mail {
	const struct config *config; /* borrowed; the session keeps it alive */
	int64_t ended_mono_ms;       /* when the end of the mail came */
	int64_t received_unix_ms;
	char *login;  /* "" when not authenticated */
	char *sender; /* without <>, "" is the null sender */
	char *sender_args;
	struct mail_recipient *recipients;
	size_t recipient_count;
	size_t recipient_room;

	struct sbuf header; /* up to max_header */
	struct sbuf line;   /* room for one field on its way to the spool */
	struct mail_field *fields;
	size_t field_count;
	size_t field_room;
	bool header_cut;     /* over max_header: unscannable, limit */
	size_t ours_count;   /* fields to remove */
	bool ours_lost;      /* some could not be remembered */
	size_t ticket_count; /* fields that carry a ticket */
	uint8_t ticket[MAIL_TICKET_MAX_BYTES];
	size_t ticket_bytes; /* 0: none, or none that could be ours */
	/* What a self-test field says; the vault knows whether it is one. The
	 * mail itself is treated as any other. */
	uint8_t self_test[VAULT_SELF_TEST_BYTES];
	size_t self_test_bytes;

	struct spool *spool;
	struct content_digest *digest;
	/* With a ticket, when it is not sure that the MTA added Date just
	 * now: the digest in which Date counts. NULL otherwise. */
	struct content_digest *digest_dated;

	enum refusal refusal;
	struct err why; /* of the refusal, for our log */
};

struct mail_envelope {
	const char *sender;      /* as MAIL FROM had it */
	const char *const *args; /* NULL-terminated, or NULL */
	const char *login;       /* "" when not authenticated */
};

/* Gives: *mail_out, release with mail_free().
 * Returns: ST_OK, ST_NO_MEMORY, ST_IO */
MUST_CHECK enum status
mail_new(const struct config *config, struct spool_budget *budget,
	 const struct mail_envelope *envelope, struct mail **mail_out,
	 struct err *err);
void mail_free(struct mail **mail);

void mail_add_recipient(struct mail *mail, const char *recipient,
			const char *const *args);
void mail_add_field(struct mail *mail, const char *name, const char *value);

/*
 * The header is over. queue_id and host are the MTA's macros i and j: a
 * Message-Id and a Date at the end that carry them were added by the MTA and
 * do not count in the digest, because a retry gets others. A Date in an MTA's
 * way of writing at the very end behind a Message-Id of the client does not
 * count either: the MTA cannot be told from another MTA before it, and always
 * leaving it out gives the same digest each time.
 */
void mail_end_header(struct mail *mail, const char *queue_id, const char *host);
void mail_add_body(struct mail *mail, struct span chunk);

/* Remember the first failure; later ones change nothing. */
void
mail_refuse(struct mail *mail, enum refusal refusal, const struct err *why);

/* Value of a field, raw; borrowed until the mail is freed. */
struct span mail_field_value(const struct mail *mail, size_t index);
const char *mail_field_name(const struct mail *mail, size_t index);

/* The identity set of the sender. */
struct mail_senders {
	struct sbuf room;
	struct case_sender *senders; /* without repetitions */
	size_t count;
	bool unclear; /* a field could not be read, or was cut off */
};

/*
 * Collect {login, envelope, From, Sender, Resent-From, Resent-Sender}, all
 * addresses of each, every field of a name. A field that cannot be parsed
 * counts with its raw text and with whatever looks like an address in it.
 *
 * Gives: *senders_out, zero-initialised by the caller, release with
 *        mail_senders_done() also after a failure
 * Returns: ST_OK; ST_LIMIT more than CASE_MAX_SENDERS; ST_NO_MEMORY
 */
MUST_CHECK enum status
mail_collect_senders(const struct mail *mail, struct mail_senders *senders_out,
		     struct err *err);
void mail_senders_done(struct mail_senders *senders);

#endif
