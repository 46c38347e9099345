/*
 * vault_messages.h - every request to the vault and its answer.
 *
 * Layer:    vault/client; includes only lib/
 * Threads:  values
 *
 * One connection serves one request at a time: a request frame, then its
 * answer frame or a vault_failure. Who may ask what stands in
 * vault_requests.def, checked by the vault against SO_PEERCRED.
 *
 * What is asked for a person stands in vault_people.h, what is asked about
 * secure links in vault_links.h.
 */
#ifndef VAULT_CLIENT_VAULT_MESSAGES_H
#define VAULT_CLIENT_VAULT_MESSAGES_H

#include "vault/client/vault_links.h"

/* A word that may be a password. A secret: it is in the vault's memory and on
 * its way to a worker, and stored nowhere. */
struct vault_word {
	const char *text; /* UTF-8 */
	enum report_word_source source;
};
enum { VAULT_MAX_WORDS = 1000 };

/* Programs that may ask; a request row names the ones allowed. */
enum vault_peer {
	VAULT_PEER_NONE = 0,
	VAULT_PEER_MILTER = 1 << 0,
	VAULT_PEER_COURIER = 1 << 1,
	VAULT_PEER_DESK = 1 << 2,
	VAULT_PEER_CLI = 1 << 3, /* any other uid that maps to an account */
	VAULT_PEER_PORTAL = 1 << 4
};

/* Frame types: request N is answered by N + 1; failures by 0x0001. */
enum vault_type {
	VAULT_TYPE_NONE = 0,
	VAULT_TYPE_FAILURE = 1,
#define REQUEST(symbol, number, request, answer, peers, roles) \
	VAULT_TYPE_##symbol = (number), VAULT_TYPE_##symbol##_ANSWER,
#include "vault/client/vault_requests.def"
#undef REQUEST
	VAULT_TYPE_END = 0x0400 /* above all of them */
};

/* The answer to a request that was not carried out. */
enum vault_failure_kind {
	VAULT_FAILURE_NONE = 0,
	VAULT_FAILURE_DENIED, /* not allowed: role, four eyes, session */
	VAULT_FAILURE_NOT_FOUND,
	VAULT_FAILURE_CONFLICT, /* changed meanwhile; look again */
	VAULT_FAILURE_INVALID,  /* the request makes no sense */
	VAULT_FAILURE_LOCKED,   /* the vault has no key */
	VAULT_FAILURE_BUSY,     /* too much at once; try again */
	VAULT_FAILURE_STORE,    /* the store failed; nothing was changed */
	VAULT_FAILURE_END
};
struct vault_failure {
	enum vault_failure_kind kind;
	const char *reason; /* for people, English, no content */
};

/* --- the milter ------------------------------------------------------- */

struct vault_empty {
	uint32_t reserved; /* 0 */
};

struct vault_public_key {
	uint32_t epoch;
	uint8_t key[32]; /* X25519 */
};

/*
 * Hold a mail. With one descriptor: the mail sealed by seal_fd(), a sealed
 * memory file. Answered only when blob, case and audit row are durable.
 */
struct vault_hold {
	uint8_t content_digest[CASE_DIGEST_BYTES]; /* DESIGN 8; local only */
	bool unconfirmed;                          /* smfi_progress() failed */
	/* The ticket of a self-test mail (vault_self_test), or empty. A hold
	 * with a ticket that is not good is an ordinary one. */
	struct span self_test;
	uint32_t key_epoch;     /* of the public key used */
	struct span blob_key;   /* wrapped data key of the descriptor */
	struct span detail_key; /* wrapped data key of detail */
	struct span detail;     /* sealed case_detail */
	uint64_t sealed_bytes;
	/* The case that it waits with (vault_wait), or empty. When that was
	 * decided meanwhile nothing is held: ST_END. */
	struct span companion_of;
};
struct vault_hold_answer {
	uint8_t case_id[CASE_ID_BYTES];
	bool joined; /* to an undecided case of the same content */
};

/* A mail that carries a ticket came in: may it pass? */
struct vault_redeem {
	struct span ticket;
	uint8_t content_digest[CASE_DIGEST_BYTES];
	const char *envelope_sender;
	const struct case_recipient *recipients;
	size_t recipient_count;
};
struct vault_redeem_answer {
	bool valid; /* pass it and remove the ticket field */
	uint8_t case_id[CASE_ID_BYTES];
};

/* A DSN whose Original-Envelope-Id looks like ours. */
struct vault_bounce {
	struct report_dsn dsn;
	const struct case_recipient *recipients; /* of the DSN itself */
	size_t recipient_count;
};
struct vault_bounce_answer {
	bool known; /* ours, and it goes to that case's sender: let it pass */
	uint8_t case_id[CASE_ID_BYTES];
};

/* Correspondence of accepted mail, in batches; loss is allowed. */
struct vault_pair {
	const char *sender;
	const char *recipient;
	int64_t at_unix_ms;
};
struct vault_pairs {
	const struct vault_pair *pairs;
	size_t pair_count;
};

/*
 * A mail that names passwords, or has something that stayed locked. Its words
 * are kept in memory for other mail between the same people; held mail of
 * theirs that is locked still is tried with them.
 */
struct vault_related {
	const struct case_sender *senders; /* the identity set */
	size_t sender_count;
	const struct case_recipient *recipients;
	size_t recipient_count;
	bool locked; /* words of other mails are wanted */
	bool wait;   /* say who should wait, too */
	const struct report_word *words;
	size_t word_count;
};
/* This recipient's copy should wait with that case, on its terms. */
struct vault_wait {
	const char *recipient; /* as asked */
	uint8_t case_id[CASE_ID_BYTES];
	struct case_terms terms;
};
struct vault_related_answer {
	const struct vault_word *words;
	size_t word_count;
	const struct vault_wait *waits;
	size_t wait_count;
};

/* --- the courier ------------------------------------------------------ */

enum job_kind {
	JOB_KIND_NONE = 0,
	JOB_KIND_RELEASE,   /* send to the recipients still waiting */
	JOB_KIND_GIVE_BACK, /* send to the sender as message/rfc822 */
	JOB_KIND_NOTICE,    /* tell one person about one event */
	JOB_KIND_RESCAN,    /* scan again, hand in the new report */
	JOB_KIND_PREVIEW,   /* masked text of the mail, kept sealed */
	JOB_KIND_REVEAL,    /* the same unmasked, for one waiting page */
	JOB_KIND_UNLOCK,    /* scan again with words that may be passwords */
	JOB_KIND_SEARCH,    /* look for a password, one slice of the search */
	JOB_KIND_REWRITE,   /* cut the files out; reported by LINK_SEAL */
	JOB_KIND_LINK,      /* send the link mail to one recipient */
	JOB_KIND_END
};
const char *job_kind_name(enum job_kind kind);

enum notice_event {
	NOTICE_NONE = 0,
	NOTICE_HELD,     /* to the sender: it is held; to approvers: decide */
	NOTICE_REMINDER, /* to approvers */
	NOTICE_APPROVED, /* to the sender */
	NOTICE_RETURNED, /* to the sender, beside the mail itself */
	NOTICE_EXPIRED,
	NOTICE_CANCELLED,
	NOTICE_BOUNCED,       /* a released mail came back */
	NOTICE_FAILED,        /* the next hop refused for good */
	NOTICE_WAITING,       /* to the sender, when approvers are reminded */
	NOTICE_DELIVERED,     /* to the sender: all recipients have it */
	NOTICE_ENTRY,         /* to the sender, who asked for a new code */
	NOTICE_COMMENTED,     /* to approvers: the sender has added words */
	NOTICE_UNLOCKED,      /* to the sender: opened, and held still */
	NOTICE_PASSED,        /* to the sender: opened, clean, on its way */
	NOTICE_COMPANION,     /* to the sender: another mail waits with it */
	NOTICE_LINK_ASKED,    /* to approvers: the sender asks for a link */
	NOTICE_LINKED,        /* to the sender: sent as link; with his own */
	NOTICE_LINK_CODE,     /* to a recipient: code to type at the portal */
	NOTICE_LINK_REMINDER, /* to a recipient: not fetched, ends soon */
	NOTICE_LINK_RECEIPT,  /* to the sender: somebody has fetched a file */
	NOTICE_LINK_FROZEN,   /* to the sender: too many wrong codes */
	NOTICE_LINK_ENDED, /* to the sender: expired, spent; who has not all */
	/* To the sender: the next hop refused a link mail for good. Unlike
	 * FAILED it says nothing of a mail that comes back. */
	NOTICE_LINK_FAILED,
	NOTICE_END
};
enum notice_audience {
	NOTICE_AUDIENCE_NONE = 0,
	NOTICE_AUDIENCE_SENDER,
	NOTICE_AUDIENCE_APPROVER,
	NOTICE_AUDIENCE_RECIPIENT, /* of a link */
	NOTICE_AUDIENCE_END
};

struct vault_take_job {
	uint32_t wait_ms; /* at most 5000; answered at once when there is one */
	uint32_t lease_s; /* the job is free again after so long */
	/* The first request of a new courier (there is one at a time): jobs
	 * leased to the one before it are free again at once. */
	bool fresh;
	/* No PREVIEW, RESCAN, REWRITE and UNLOCK: those wait for the scanner,
	 * and some worker must be free for mail and notices. */
	bool quick;
	/* SEARCH and nothing else; without it, everything else. */
	bool idle;
};

/* One attachment as notices and lists tell of it: position, type, count. */
struct vault_part_line {
	const char *path; /* "2", "2/1" */
	const char *type; /* "xlsx"; how it is locked: "zip: AES-256" */
	uint64_t number_count;
	enum report_reason reason; /* NONE, or why it could not be read */
};

struct vault_job {
	bool present; /* false: nothing to do, the rest is empty */
	uint64_t job_id;
	uint8_t lease[16];  /* proof of the lease, to be handed back */
	enum job_kind kind; /* RELEASE when absent */
	uint32_t attempt;
	uint8_t case_id[CASE_ID_BYTES];
	/* All but NOTICE come with a descriptor: the mail in clear, a sealed
	 * memory file. */
	/* What scans the mail again: of the report in force; else NONE */
	enum report_profile profile;
	const char *envelope_sender;
	const char *sender_esmtp_args;
	const struct case_recipient *recipients; /* to send to now */
	size_t recipient_count;
	const char *envid;  /* for MAIL FROM ENVID= */
	struct span ticket; /* RELEASE: goes into X-Sekimori-Ticket */
	/* NOTICE, GIVE_BACK: words for the template */
	enum notice_event event;       /* HELD when it is no notice */
	enum notice_audience audience; /* SENDER when it is no notice */
	const char *language;          /* "ja" or "en" */
	const char *person;            /* display name of the addressee */
	const char *subject;           /* masked */
	const char *sender;            /* whom the mail is from */
	const char *approvers;         /* names, comma separated */
	const char *rule;
	const char *reason;          /* comment of the decision */
	const char *recipients_text; /* addresses, comma separated, cut */
	int64_t received_unix_ms;    /* LINK_REMINDER: when its mail was sent */
	int64_t deadline_unix_ms;
	uint64_t number_count;
	const struct vault_part_line *parts;
	size_t part_count;
	/* One-time sign-in of a sender (vault_enter): link and code, or "". */
	const char *entry_id;   /* for the path */
	const char *entry_code; /* for the fragment, or typed; a secret */
	/* What scans the mail again: passwords that are known, or to be tried.
	 * Those of a restarted vault are gone. */
	const struct vault_word *words;
	size_t word_count;
	/* What scans the mail again: as in scan_request */
	uint64_t search_from;
	uint32_t search_ms;
	/* UNLOCK, SEARCH: as in scan_request */
	uint64_t mail_bytes;
	/* REWRITE: only parts with findings, or unread, are cut out. profile
	 * and words as for a scan. */
	bool findings_only;
	bool cut_pictures;   /* those in the text that cannot be read, too; */
	uint64_t logo_bytes; /* not those of at most so many bytes */
	/*
	 * LINK: all of it; sender as in a notice, language "" for both.
	 * Notices about links, beside what each notice has:
	 *	LINKED         link_id, code (his own), expires, files;
	 *	               recipients_text: whom links went to
	 *	LINK_CODE      mailbox_code, expires; language "" for both
	 *	LINK_REMINDER  expires; language "" for both
	 *	LINK_RECEIPT   files: what was fetched; recipients_text: by whom
	 *	LINK_FROZEN    recipients_text: whose it is
	 *	LINK_FAILED    reason: the answer; recipients_text: whose it is
	 *	LINK_ENDED     files; reason: who fetched nothing (expired),
	 *	               or not all (spent), comma separated, or ""
	 */
	struct vault_link_order link;
};

/*
 * A ticket for the mail exactly as the courier is about to send it: one that
 * it composed (GIVE_BACK, NOTICE; null sender), or a RELEASE, whose digest
 * differs from the first one's when the MTA had added Date or Message-Id or
 * when bare line ends had to be made whole. Replaces the job's ticket.
 */
struct vault_bind_ticket {
	uint64_t job_id;
	uint8_t lease[16];
	uint8_t content_digest[CASE_DIGEST_BYTES];
};
struct vault_bind_ticket_answer {
	struct span ticket;
};

struct vault_delivery {
	const char *recipient; /* as in the job */
	uint32_t reply_code;   /* 250, 451, 550, …; 0: no reply */
	const char *enhanced;  /* "5.1.1" or "" */
	const char *text;      /* one line, cut, digit runs of 4+ masked */
};

enum job_result {
	JOB_RESULT_NONE = 0,
	JOB_RESULT_DONE,  /* deliveries say what happened to whom */
	JOB_RESULT_RETRY, /* nothing was done; try again after the backoff */
	JOB_RESULT_END
};
struct vault_job_done {
	uint64_t job_id;
	uint8_t lease[16];
	enum job_result result;
	const struct vault_delivery *deliveries;
	size_t delivery_count;
	struct span report;  /* RESCAN, UNLOCK, SEARCH: report_table payload */
	struct span preview; /* PREVIEW, REVEAL: preview_table payload */
	const char *reason;  /* RETRY: why */
	/* UNLOCK, SEARCH: the passwords that opened something. */
	const struct report_word *words;
	size_t word_count;
};

/* Let time pass: deadlines, reminders, expiry, leases, retention. */
struct vault_timers_answer {
	uint32_t fired;
	int64_t next_unix_ms; /* when the next one is due; INT64_MAX: none */
};

/*
 * Self-test mail: the courier asks for a ticket, sends a mail with it through
 * the MTA, and the milter's hold brings it back. Such a case is cancelled at
 * once by the vault, with no notice, and is in no list and no report.
 */
struct vault_self_test {
	uint32_t late_after_s; /* an alarm when it did not come by then */
};
struct vault_self_test_answer {
	struct span ticket; /* base32 text, for X-Sekimori-Self-Test */
};

/* --- operation -------------------------------------------------------- */

struct vault_status {
	bool locked;
	const char *lock_reason; /* why, when locked */
	uint32_t schema_version;
	uint32_t key_epoch;
	bool escrowed;
	bool key_on_store_device;
	uint64_t cases_open;
	uint64_t cases_total;
	uint64_t cases_unconfirmed;
	uint64_t jobs_waiting;
	uint64_t jobs_failing;
	uint64_t oldest_open_unix_ms;
	uint64_t store_bytes;
	uint64_t free_bytes;
	uint64_t audit_rows;
	uint64_t pairs;
	uint64_t pairs_lost;
	uint64_t holds_failed;
	const char *store_error; /* last failure, or "" */
	/* Self-test mail: 0: never. Late: sent, and not held in time. */
	int64_t self_test_sent_unix_ms;
	int64_t self_test_held_unix_ms;
	bool self_test_late;
	/* What the clock is off by, while that is in doubt; 0: no doubt. */
	int64_t clock_off_ms;
};

/* The groups that the rules in force let decide, and who they leave alone.
 * Numbers only: root may ask, too. */
struct vault_group_line {
	const char *group;
	uint32_t approvers; /* enabled accounts that decide for it */
	/* Enabled accounts on whose own mail nobody of the group may decide:
	 * every approver of it might be the same person. */
	uint32_t left_alone;
};
struct vault_groups_answer {
	const struct vault_group_line *groups;
	size_t group_count;
};

/* STORE_CHECK: integrity of rows and blobs. */
struct vault_store_check_answer {
	bool intact;
	uint64_t cases;
	uint64_t blobs;
	uint64_t problems;
	const char *first_problem;
};
/* STORE_BACKUP: a consistent copy, all ciphertext, is written to the one
 * descriptor passed, as a tar file. */
struct vault_store_backup {
	struct vault_actor actor;
};

/* WORDS_FORGET: words in memory that may be passwords are wiped, all. */
struct vault_words_forgotten {
	uint64_t count; /* how many there were */
};

/* vault_table_HOLD is the request's table, vault_table_HOLD_answer its
 * answer's. */
#define REQUEST(symbol, number, request, answer, peers, roles) \
	extern const struct wire_table vault_table_##symbol;   \
	extern const struct wire_table vault_table_##symbol##_answer;
#include "vault/client/vault_requests.def"
#undef REQUEST
extern const struct wire_table vault_table_failure;

#endif
