/*
 * vault_people.h - what people ask of the vault, through desk or command line.
 *
 * Layer:    vault/client; includes only lib/
 * Threads:  values
 *
 * The desk passes the session token of the person it acts for in every
 * request (struct vault_actor); for the CLI token is empty and the vault maps
 * the peer's uid to an account. Root alone is nobody.
 */
#ifndef VAULT_CLIENT_VAULT_PEOPLE_H
#define VAULT_CLIENT_VAULT_PEOPLE_H

#include "vault/client/case.h"

enum {
	VAULT_TOKEN_BYTES = 32,
	VAULT_MAX_DETAIL_BYTES = 8 * 1024 * 1024, /* also reports, previews */
	VAULT_MAX_KEY_BYTES = 512, /* a wrapped data key, lib/crypto/seal.h */
	VAULT_MAX_PAGE = 500,
	VAULT_MAX_NAME_BYTES = 128,
	VAULT_MAX_COMMENT_BYTES = 2000,
	VAULT_ENTRY_BYTES = 64,     /* texts of entry ids and codes */
	VAULT_SELF_TEST_BYTES = 64, /* text of a self-test ticket */
	VAULT_LINK_TEXT_BYTES = 80  /* texts of link codes */
};

enum vault_role {
	VAULT_ROLE_NONE = 0,
	VAULT_ROLE_SENDER = 1 << 0,   /* sees and cancels own mail */
	VAULT_ROLE_APPROVER = 1 << 1, /* decides on mail of its groups */
	VAULT_ROLE_AUDITOR = 1 << 2,  /* reads and verifies the log */
	VAULT_ROLE_ADMIN = 1 << 3,    /* accounts, store, keys; no content */
	/* Person in charge of My Number affairs (PPC guideline): may see
	 * a number unmasked, with a reason and on record. */
	VAULT_ROLE_HANDLER = 1 << 4,
	VAULT_ROLE_ALL = 31
};

struct vault_actor {
	struct span token; /* session token (desk), or empty (CLI) */
};

struct vault_login {
	const char *login;
	const char *password;
	const char *client_address;
	const char *agent; /* User-Agent, cut; shown in the session list */
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
	bool second_factor;           /* TOTP is set up */
};

/* How far a sign-in has come. All but FULL may do nothing else than WHOAMI,
 * SECOND_FACTOR and LOGOUT. */
enum session_stage {
	SESSION_STAGE_NONE = 0,
	SESSION_STAGE_FULL,
	SESSION_STAGE_CODE, /* password was right; the code is missing */
	SESSION_STAGE_ENROL /* its roles need a second factor; set one up */
};
struct vault_session {
	struct span token;      /* LOGIN, ENTER, SECOND_FACTOR: the new one */
	struct span form_token; /* CSRF; bound to the session */
	struct vault_user user; /* of a guest: login is the address, id 0 */
	enum session_stage stage;
	/* A guest (ENTER) is the sender of this one case; else empty. */
	struct span guest_case_id;
};

/*
 * One-time sign-in of a sender: notices to the sender carry entry_id and
 * entry_code. The code works once; tries are counted, after 10 wrong ones it
 * is dead. Unknown, used, dead and wrong are refused in the same words.
 */
struct vault_enter {
	const char *entry_id;
	const char *code; /* as typed: any case, blanks and '-' ignored */
	const char *client_address;
};
/* Mail a new code to the same mailbox (NOTICE_ENTRY), a few times an hour at
 * most. The answer is the same whether there is such an entry or not. */
struct vault_entry_again {
	const char *entry_id;
	const char *client_address;
};

enum factor_step {
	FACTOR_STEP_NONE = 0,
	FACTOR_STEP_VERIFY, /* code: TOTP or recovery code, ends CODE */
	/* A new secret, not yet in force; code: of the present factor, when
	 * there is one. */
	FACTOR_STEP_BEGIN,
	FACTOR_STEP_CONFIRM,  /* code of the new secret: in force from now */
	FACTOR_STEP_RECOVERY, /* new recovery codes; code: a TOTP code */
	FACTOR_STEP_REMOVE,   /* own with code, or an admin for login */
	FACTOR_STEP_END
};
struct vault_second_factor {
	struct vault_actor actor;
	enum factor_step step;
	const char *code;
	const char *login; /* REMOVE by an admin, else "" */
	const char *client_address;
};
struct vault_second_factor_answer {
	struct span token; /* VERIFY, CONFIRM: replaces the session's */
	enum session_stage stage;
	const char *uri;            /* BEGIN: otpauth://…; a secret */
	const char *secret;         /* BEGIN: base32, to be typed; a secret */
	const char *recovery_codes; /* CONFIRM, RECOVERY: one a line */
};

struct vault_session_line {
	uint8_t session_id[16]; /* no secret: an HMAC of the token's hash */
	int64_t made_unix_ms;
	int64_t seen_unix_ms;
	const char *client_address;
	const char *agent; /* shortened User-Agent */
	bool current;
};
struct vault_session_list {
	struct vault_actor actor;
	const char *login; /* of an admin: whose; else "" */
};
struct vault_session_list_answer {
	const struct vault_session_line *lines;
	size_t line_count;
};
struct vault_session_end {
	struct vault_actor actor;
	struct span session_id; /* empty: all, this too */
	const char *login;      /* of an admin: whose; else "" */
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
enum case_sort {
	CASE_SORT_NONE = 0,
	CASE_SORT_URGENT, /* riskiest level first, in it the oldest first */
	CASE_SORT_OLDEST,
	CASE_SORT_NEWEST,
	CASE_SORT_DEADLINE, /* nearest first */
	CASE_SORT_SENDER,
	CASE_SORT_END
};
struct vault_list {
	struct vault_actor actor;
	enum case_filter filter;
	enum case_sort sort;
	const char *search; /* words that sender, recipients, subject, rule or
			     * id contain, all of them, any case; or "" */
	uint32_t offset;
	uint32_t limit;
};
/* Locks of the report in force, and what was done about them. */
struct vault_locks {
	uint32_t locked;
	uint32_t opened;
	enum unlock_state state;
	enum report_word_source source; /* OPENED: of the last one */
	int64_t at_unix_ms;             /* of state */
	enum search_state search;
	uint64_t tried, total, rate_per_s; /* of the search */
	uint64_t spent_ms, left_ms;        /* of its time */
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
	/* "xlsx 12, text 1, zip ?": what was found where; ?: not all of it
	 * was read. */
	const char *parts_text;
	bool commented;      /* the sender has added words */
	const char *looking; /* names of others who had it open just now */
	struct vault_locks locks;
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
	/* A domain that we write to and that this one looks like, or "". */
	const char *resembles;
};
/* A mail that waits with the case and goes where it goes: mostly one that
 * tells its password. */
struct vault_companion {
	uint8_t case_id[CASE_ID_BYTES];
	enum case_state state;
	const char *subject;
	const char *recipients_text;
	int64_t received_unix_ms;
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
	struct span preview; /* preview_table payload; empty: not yet made */
	bool may_reveal;
	bool may_comment;
	bool may_unlock;                          /* UNLOCK */
	bool may_search;                          /* SEARCH: pause and resume */
	const struct vault_companion *companions; /* oldest first */
	size_t companion_count;
	/* The case that this one waits with: nothing is decided here. Or
	 * empty. */
	struct span companion_of;
	/* Secure links (LINK_LIST). The portal must be set up. */
	bool may_link;     /* with may_decide: CASE_DECISION_LINK */
	bool may_ask_link; /* the sender: LINK_ASK */
	bool link_asked;
	bool link_password; /* the sender has set one */
	uint32_t link_count;
	/* Of a link mail: unread pictures in the text stay in it, but those
	 * of at most so many bytes count as logos. */
	bool link_pictures_stay;
	uint64_t link_logo_bytes;
};

enum case_decision {
	CASE_DECISION_NONE = 0,
	CASE_DECISION_APPROVE,
	CASE_DECISION_RETURN,
	CASE_DECISION_CANCEL,  /* by the sender */
	CASE_DECISION_CONFIRM, /* operator: an UNCONFIRMED case is real */
	/* APPROVE, but files go as secure links to recipients outside. */
	CASE_DECISION_LINK,
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

/* The password of a file in the mail, to be tried at once. It is kept in
 * memory until it was tried, and later only when it fits. */
struct vault_unlock {
	struct vault_actor actor;
	uint8_t case_id[CASE_ID_BYTES];
	const char *password;
	bool keep; /* the sender: also for later mails of these two */
};
enum search_step {
	SEARCH_STEP_NONE = 0,
	SEARCH_STEP_PAUSE,
	SEARCH_STEP_RESUME
};
struct vault_search {
	struct vault_actor actor;
	uint8_t case_id[CASE_ID_BYTES];
	enum search_step step;
};

/* The sender's words to the approvers; an event of the case. At most 1500
 * bytes. */
struct vault_comment {
	struct vault_actor actor;
	uint8_t case_id[CASE_ID_BYTES];
	const char *text;
};

/*
 * A handler looks at the mail unmasked. REVEAL writes the audit row and makes
 * the job; the desk then asks REVEAL_FETCH until it is there. The text lives
 * in locked memory of the vault only, until it was fetched once or for 60 s.
 */
struct vault_reveal {
	struct vault_actor actor;
	uint8_t case_id[CASE_ID_BYTES];
	const char *reason; /* needed */
	const char *client_address;
};
struct vault_reveal_answer {
	uint8_t reveal_id[16];
};
struct vault_reveal_fetch {
	struct vault_actor actor; /* the same session */
	uint8_t reveal_id[16];
	uint32_t wait_ms; /* at most 5000 */
};
struct vault_reveal_fetch_answer {
	bool ready;
	struct span preview; /* preview_table payload with numbers */
};

/*
 * Has anything changed that lists show? For the desk's pages that wait.
 * Answered at once when revision is not the present one.
 */
struct vault_watch {
	uint64_t revision; /* 0 at first */
	uint32_t wait_ms;  /* at most 20000 */
};
struct vault_watch_answer {
	uint64_t revision;
};

/* What happened, day by day (UTC+9) and rule by rule; no self-test mails. */
struct vault_stats {
	struct vault_actor actor;
	uint32_t from_day; /* days since 1970-01-01, inclusive */
	uint32_t to_day;   /* inclusive */
};
enum { VAULT_WAIT_BUCKETS = 8 };
struct vault_stats_line {
	uint32_t day;
	const char *rule;
	uint64_t held;
	uint64_t approved; /* decisions, counted on the day they fell */
	uint64_t returned;
	uint64_t expired;
	uint64_t cancelled;
	/* Approved or returned after up to 1 min, 5 min, 15 min, 1 h, 4 h,
	 * 1 day, 3 days, and later. */
	uint64_t waited[VAULT_WAIT_BUCKETS];
	uint64_t passed; /* opened with a password, or links: by the policy */
};
struct vault_stats_answer {
	const struct vault_stats_line *lines;
	size_t line_count;
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
	USER_CHANGE_UNLOCK, /* after too many wrong passwords or codes */
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

#endif
