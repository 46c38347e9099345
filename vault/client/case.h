/*
 * case.h - a held mail as the programs tell each other about it.
 *
 * Layer:    vault/client; includes only lib/
 * Threads:  values
 *
 * struct case_detail is what the milter knows about a mail when it becomes a
 * case. The milter encodes it with case_detail_table and seals the bytes with
 * the vault's public key, so a locked vault can take it unread.
 */
#ifndef VAULT_CLIENT_CASE_H
#define VAULT_CLIENT_CASE_H

#include "lib/report/report.h"
#include "lib/report/rewrite.h"
#include "lib/wire/table.h"

enum {
	CASE_ID_BYTES = 16, /* random; shown as 26 base32 characters */
	CASE_ID_TEXT_BYTES = 27,
	CASE_DIGEST_BYTES = 32,
	CASE_MAX_RECIPIENTS = 50000,
	CASE_MAX_SENDERS = 500,
	CASE_MAX_ADDRESS_BYTES = 1000,
	CASE_MAX_ARGS_BYTES = 2000
};

/* Contexts of seal_fd() and seal_bytes() for the two parts of a hold. */
#define CASE_SEAL_MAIL   "case-mail"
#define CASE_SEAL_DETAIL "case-detail"

/* A case id as text: Crockford base32, lower case, no padding. */
void
case_id_format(const uint8_t id[CASE_ID_BYTES], char text[CASE_ID_TEXT_BYTES]);
bool case_id_parse(const char *text, uint8_t id[CASE_ID_BYTES]);

/* Why an address belongs to the sender of a mail. */
enum case_sender_kind {
	CASE_SENDER_NONE = 0,
	CASE_SENDER_LOGIN,    /* SASL {auth_authen} */
	CASE_SENDER_ENVELOPE, /* MAIL FROM */
	CASE_SENDER_HEADER    /* From, Sender, Resent-From, Resent-Sender */
};

struct case_sender {
	enum case_sender_kind kind;
	const char *address; /* as given; compare with identity.h */
};

struct case_recipient {
	const char *address;
	const char *esmtp_args; /* "NOTIFY=… ORCPT=…" as given, or "" */
};

enum { LINK_MAX_DOWNLOADS = 100 };

/* How a mail becomes a link, when it does: the link_* options of its rule. */
struct case_link_terms {
	bool at_once;       /* action = link: no second person needed */
	bool unknown_held;  /* at_once: but not for recipients that were
			     * never written to and have no password */
	bool findings_only; /* cut only files with findings, or unread */
	enum rewrite_pictures pictures; /* in the text, unread; NONE: HOLD */
	uint64_t logo_bytes;            /* a smaller one is none of them */
	bool inside;        /* recipients inside get a link as well; else they
			     * get the mail as it is */
	uint32_t downloads; /* visits that may take each file; 0: no
			     * limit */
	bool needs_code;
	bool needs_certificate;
	uint64_t expires_after_s;
	const char *networks; /* comma separated; "": from anywhere */
};

/* What the rule that fired asks for. */
struct case_terms {
	const char *rule;         /* name of the policy rule */
	const char *approvers;    /* approver group */
	const char *tag;          /* text of X-Sekimori-Tag, or "" */
	uint64_t expires_after_s; /* undecided for so long: given back */
	uint64_t remind_after_s;  /* 0: no reminder */
	uint32_t approvals;       /* k of n; 1 in this version */
	struct case_link_terms link;
};
/* The rows of a member "terms" in the table of the struct t; least: 1 where it
 * must be filled in, else 0. */
/* clang-format off */
#define CASE_TERMS_WIRE(t, least)                                              \
	WIRE_UTF8_F(t, terms.rule, least, 128),                              \
	WIRE_UTF8_F(t, terms.approvers, least, 128),                         \
	WIRE_UTF8_F(t, terms.tag, 0, 128),                                   \
	WIRE_U64_F(t, terms.expires_after_s, least, UINT32_MAX),             \
	WIRE_U64_F(t, terms.remind_after_s, 0, UINT32_MAX),                  \
	WIRE_U32_F(t, terms.approvals, 1, 1),                                \
	WIRE_BOOL_F(t, terms.link.at_once),                                  \
	WIRE_BOOL_F(t, terms.link.unknown_held),                             \
	WIRE_BOOL_F(t, terms.link.findings_only),                            \
	WIRE_ENUM_F(t, terms.link.pictures, 0, REWRITE_PICTURES_END - 1),    \
	WIRE_U64_F(t, terms.link.logo_bytes, 0, UINT32_MAX),                 \
	WIRE_BOOL_F(t, terms.link.inside),                                   \
	WIRE_U32_F(t, terms.link.downloads, 0, LINK_MAX_DOWNLOADS),          \
	WIRE_BOOL_F(t, terms.link.needs_code),                               \
	WIRE_BOOL_F(t, terms.link.needs_certificate),                        \
	WIRE_U64_F(t, terms.link.expires_after_s, 0, UINT32_MAX),            \
	WIRE_TEXT_F(t, terms.link.networks, 0, 2000)
/* clang-format on */

struct case_detail {
	const char *queue_id;    /* of the MTA that gave it to us */
	const char *client_name; /* host name and address of the SMTP client */
	const char *client_address;
	bool authenticated;
	const struct case_sender *senders; /* the identity set */
	size_t sender_count;
	const char *envelope_sender;   /* without <>; "" is the null sender */
	const char *sender_esmtp_args; /* "BODY=8BITMIME SMTPUTF8 …" or "" */
	const struct case_recipient *recipients; /* those who are held */
	size_t recipient_count;
	const char *subject; /* decoded, every digit run of 4 and more masked */
	uint64_t size_bytes;
	int64_t received_unix_ms;
	struct case_terms terms;
	/* The scan report, as report_table payload. */
	struct span report;
};
extern const struct wire_table case_detail_table;
extern const struct wire_table case_recipient_table; /* list items */
extern const struct wire_table case_sender_table;    /* list items */

/* States of a case; transitions: vault/case/case_table.c. */
enum case_state {
	CASE_STATE_NONE = 0,
	CASE_STATE_SEALED,      /* taken while the vault was locked */
	CASE_STATE_UNCONFIRMED, /* the MTA may not have heard our answer */
	CASE_STATE_HELD,        /* waits for a decision */
	CASE_STATE_RELEASING,   /* approved; some recipient not yet delivered */
	CASE_STATE_RETURNING,   /* rejected; on its way back to the sender */
	CASE_STATE_EXPIRING,    /* deadline; on its way back to the sender */
	CASE_STATE_RELEASED,    /* end: every recipient has an outcome */
	CASE_STATE_RETURNED,    /* end */
	CASE_STATE_EXPIRED,     /* end: given back */
	CASE_STATE_CANCELLED,   /* end: by the sender */
	CASE_STATE_END
};
const char *case_state_name(enum case_state state);

/* What was done about the locks of a case with words that may be passwords. */
enum unlock_state {
	UNLOCK_STATE_NONE = 0, /* nothing yet but the first scan */
	UNLOCK_STATE_TRYING,
	UNLOCK_STATE_OPENED, /* one lock at least */
	UNLOCK_STATE_CLOSED, /* none of the words fitted */
	UNLOCK_STATE_LOST,   /* the words were lost; they must be typed again */
	UNLOCK_STATE_END
};
const char *unlock_state_name(enum unlock_state state);
/* The search for a password of a held mail. */
enum search_state {
	SEARCH_STATE_NONE = 0,
	SEARCH_STATE_ON,
	SEARCH_STATE_PAUSED, /* by a person */
	SEARCH_STATE_ENDED,  /* its time is over, or nothing is left to try */
	SEARCH_STATE_END
};
const char *search_state_name(enum search_state state);

/* Outcome of one recipient. Exactly one, once it is not WAITING. */
enum case_outcome {
	CASE_OUTCOME_NONE = 0,
	CASE_OUTCOME_WAITING,
	CASE_OUTCOME_DELIVERED, /* the next hop said 250 */
	CASE_OUTCOME_LINK,      /* sent as link (part 6) */
	CASE_OUTCOME_RETURNED,
	CASE_OUTCOME_EXPIRED,
	CASE_OUTCOME_CANCELLED,
	CASE_OUTCOME_END
};
const char *case_outcome_name(enum case_outcome outcome);

#endif
