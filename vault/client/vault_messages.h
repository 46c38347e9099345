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
 * People: the desk passes the session token of the person it acts for in
 * every request (struct vault_actor); for the CLI token is empty and the
 * vault maps the peer's uid to an account. Root alone is nobody.
 */
#ifndef VAULT_CLIENT_VAULT_MESSAGES_H
#define VAULT_CLIENT_VAULT_MESSAGES_H

#include "vault/client/case.h"

enum {
	VAULT_TOKEN_BYTES = 32,
	VAULT_MAX_DETAIL_BYTES = 8 * 1024 * 1024,
	VAULT_MAX_KEY_BYTES =
		512, /* a wrapped data key, see lib/crypto/seal.h */
	VAULT_MAX_PAGE = 500,
	VAULT_MAX_NAME_BYTES = 128,
	VAULT_MAX_COMMENT_BYTES = 2000
};

/* Programs that may ask; a request row names the ones allowed. */
enum vault_peer {
	VAULT_PEER_NONE = 0,
	VAULT_PEER_MILTER = 1 << 0,
	VAULT_PEER_COURIER = 1 << 1,
	VAULT_PEER_DESK = 1 << 2,
	VAULT_PEER_CLI = 1 << 3 /* any other uid that maps to an account */
};

/* Frame types: request N is answered by N + 1; failures by 0x0001. */
enum vault_type {
	VAULT_TYPE_NONE = 0,
	VAULT_TYPE_FAILURE = 1,
#define REQUEST(symbol, number, request, answer, peers, roles) \
	VAULT_TYPE_##symbol = (number), VAULT_TYPE_##symbol##_ANSWER,
#include "vault/client/vault_requests.def"
#undef REQUEST
	VAULT_TYPE_END
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
	bool self_test;                            /* canary (part 2): false */
	uint32_t key_epoch;                        /* of the public key used */
	struct span blob_key;   /* wrapped data key of the descriptor */
	struct span detail_key; /* wrapped data key of detail */
	struct span detail;     /* sealed case_detail */
	uint64_t sealed_bytes;
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

/* --- the courier ------------------------------------------------------ */

enum job_kind {
	JOB_KIND_NONE = 0,
	JOB_KIND_RELEASE,   /* send to the recipients still waiting */
	JOB_KIND_GIVE_BACK, /* send to the sender as message/rfc822 */
	JOB_KIND_NOTICE,    /* tell one person about one event */
	JOB_KIND_RESCAN,    /* scan again, hand in the new report */
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
	NOTICE_BOUNCED, /* a released mail came back */
	NOTICE_FAILED,  /* the next hop refused for good */
	NOTICE_END
};
enum notice_audience {
	NOTICE_AUDIENCE_NONE = 0,
	NOTICE_AUDIENCE_SENDER,
	NOTICE_AUDIENCE_APPROVER,
	NOTICE_AUDIENCE_END
};

struct vault_take_job {
	uint32_t wait_ms; /* at most 5000; answered at once when there is one */
	uint32_t lease_s; /* the job is free again after so long */
	/* The first request of a new courier (there is one at a time): jobs
	 * leased to the one before it are free again at once. */
	bool fresh;
};

/* One attachment as notices and lists tell of it: position, type, count. */
struct vault_part_line {
	const char *path; /* "2", "2/1" */
	const char *type;
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
	/* RELEASE, GIVE_BACK, RESCAN come with a descriptor: the mail in
	 * clear, a sealed memory file. */
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
	int64_t received_unix_ms;
	int64_t deadline_unix_ms;
	uint64_t number_count;
	const struct vault_part_line *parts;
	size_t part_count;
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
	struct span report; /* RESCAN: report_table payload, else empty */
	const char *reason; /* RETRY: why */
};

/* Let time pass: deadlines, reminders, expiry, leases, retention. */
struct vault_timers_answer {
	uint32_t fired;
	int64_t next_unix_ms; /* when the next one is due; INT64_MAX: none */
};

/* --- people ----------------------------------------------------------- */

enum vault_role {
	VAULT_ROLE_NONE = 0,
	VAULT_ROLE_SENDER = 1 << 0,   /* sees and cancels own mail */
	VAULT_ROLE_APPROVER = 1 << 1, /* decides on mail of its groups */
	VAULT_ROLE_AUDITOR = 1 << 2,  /* reads and verifies the log */
	VAULT_ROLE_ADMIN = 1 << 3,    /* accounts, store, keys; no content */
	VAULT_ROLE_ALL = 15
};

struct vault_actor {
	struct span token; /* session token (desk), or empty (CLI) */
};

struct vault_login {
	const char *login;
	const char *password;
	const char *client_address;
};
struct vault_user {
	uint64_t user_id;
	const char *login;
	const char *name;
	uint32_t roles;
	const char *language;
	bool enabled;
	int64_t uid;           /* CLI identity; -1: none */
	const char *addresses; /* comma separated */
	const char *groups;    /* comma separated approver groups */
	int64_t created_unix_ms;
	int64_t locked_until_unix_ms; /* 0: not locked */
};
struct vault_session {
	struct span token;      /* LOGIN: the new one; WHOAMI: empty */
	struct span form_token; /* CSRF; bound to the session */
	struct vault_user user;
};

struct vault_whoami {
	struct vault_actor actor;
};

enum case_filter {
	CASE_FILTER_NONE = 0,
	CASE_FILTER_TODO, /* undecided cases this person may decide */
	CASE_FILTER_OPEN, /* all not ended that this person may see */
	CASE_FILTER_MINE, /* sent by this person */
	CASE_FILTER_ALL,
	CASE_FILTER_END
};
struct vault_list {
	struct vault_actor actor;
	enum case_filter filter;
	uint32_t offset;
	uint32_t limit;
};
struct vault_case_line {
	uint8_t case_id[CASE_ID_BYTES];
	enum case_state state;
	const char *envelope_sender;
	const char *recipients_text;
	uint32_t recipient_count;
	const char *subject;
	uint64_t number_count;
	enum report_verdict verdict;
	enum report_level level;
	int64_t score_db;
	const char *rule;
	int64_t received_unix_ms;
	int64_t deadline_unix_ms;
	bool own; /* this person may not decide: it is their mail */
};
struct vault_list_answer {
	const struct vault_case_line *lines;
	size_t line_count;
	uint32_t total;
};

struct vault_show {
	struct vault_actor actor;
	uint8_t case_id[CASE_ID_BYTES];
};
struct vault_case_event {
	int64_t at_unix_ms;
	const char *actor; /* login, or "milter", "courier", "timer" */
	const char *event;
	const char *detail;
};
struct vault_recipient_line {
	const char *address;
	enum case_outcome outcome;
	const char *last_reply;
	bool written_before; /* this sender has written to it before */
};
struct vault_case {
	struct vault_case_line line;
	const struct case_sender *senders;
	size_t sender_count;
	const struct vault_recipient_line *recipients;
	size_t recipient_count;
	const char *client;
	const char *queue_id;
	uint64_t size_bytes;
	const char *approvers; /* names of those who can decide */
	bool may_decide;
	bool may_cancel;
	const char *why_not; /* when !may_decide: the reason, for people */
	/* What a decision is bound to: blob, recipients, report. */
	uint8_t version[32];
	struct span report; /* report_table payload */
	const struct vault_case_event *events;
	size_t event_count;
};

enum case_decision {
	CASE_DECISION_NONE = 0,
	CASE_DECISION_APPROVE,
	CASE_DECISION_RETURN,
	CASE_DECISION_CANCEL,  /* by the sender */
	CASE_DECISION_CONFIRM, /* operator: an UNCONFIRMED case is real */
	CASE_DECISION_END
};
struct vault_decide {
	struct vault_actor actor;
	uint8_t case_id[CASE_ID_BYTES];
	enum case_decision decision;
	uint8_t version[32];        /* from vault_case: what the person saw */
	const char *purpose;        /* APPROVE; may be "" */
	const char *comment;        /* RETURN needs one */
	const char *client_address; /* of the browser, or "cli" */
};
struct vault_decide_answer {
	enum case_state state;
};

struct vault_rescan {
	struct vault_actor actor;
	uint8_t case_id[CASE_ID_BYTES];
};

/* Accounts. A change counts at once, also for open sessions. */
struct vault_user_list {
	struct vault_actor actor;
};
struct vault_user_list_answer {
	const struct vault_user *users;
	size_t user_count;
};
enum user_change {
	USER_CHANGE_NONE = 0,
	USER_CHANGE_CREATE,
	USER_CHANGE_UPDATE, /* name, roles, language, uid, addresses, groups */
	USER_CHANGE_PASSWORD, /* own, or an admin for another */
	USER_CHANGE_ENABLE,
	USER_CHANGE_DISABLE,
	USER_CHANGE_END
};
struct vault_user_change {
	struct vault_actor actor;
	enum user_change change;
	struct vault_user user; /* by login */
	const char *password;   /* CREATE, PASSWORD; "" keeps or none */
};

struct vault_audit_list {
	struct vault_actor actor;
	uint64_t from_seq; /* newest first, below this; 0: from the newest */
	uint32_t limit;
	struct span case_id; /* empty, or only of this case */
};
struct vault_audit_line {
	uint64_t seq;
	int64_t at_unix_ms;
	const char *actor;
	const char
		*via; /* "desk", "api", "cli", "milter", "courier", "vault" */
	const char *event;
	struct span case_id; /* empty when about no case */
	const char *detail;
};
struct vault_audit_list_answer {
	const struct vault_audit_line *lines;
	size_t line_count;
	uint64_t total;
};
struct vault_audit_verify {
	struct vault_actor actor;
};
struct vault_audit_verify_answer {
	bool intact;
	uint64_t rows;
	uint64_t bad_seq;   /* first bad row when !intact */
	const char *reason; /* "row 17: hash does not fit its content" */
};
/* AUDIT_EXPORT: JSON lines are written to the one descriptor passed. */
struct vault_audit_export {
	struct vault_actor actor;
};

/* A way out (DESIGN 7): one asks, another consents, then it may be fetched. */
struct vault_export_ask {
	struct vault_actor actor;
	uint8_t public_key[32]; /* X25519; the mails are sealed for it */
	const char *reason;
	struct span case_id; /* empty: all cases that are not ended */
};
struct vault_export_id {
	struct vault_actor actor;
	uint64_t export_id;
};
struct vault_export_answer {
	uint64_t export_id;
	uint32_t cases;
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

/* vault_table_HOLD is the request's table, vault_table_HOLD_answer its
 * answer's. */
#define REQUEST(symbol, number, request, answer, peers, roles) \
	extern const struct wire_table vault_table_##symbol;   \
	extern const struct wire_table vault_table_##symbol##_answer;
#include "vault/client/vault_requests.def"
#undef REQUEST
extern const struct wire_table vault_table_failure;

#endif
