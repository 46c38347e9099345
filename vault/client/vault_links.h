/*
 * vault_links.h - secure links: what courier, portal and desk ask about them.
 *
 * Layer:    vault/client; includes only lib/
 * Threads:  values
 *
 * A mail that is sent as a link becomes, in one transaction (LINK_SEAL), a
 * link mail without its files (sealed as any case's mail is), one blob of
 * files under a random file key, and one link for each outside recipient and
 * one for the sender. Each link has a secret of its own (256 bits); the file
 * key is kept only wrapped under keys derived from these secrets
 * (lib/crypto/link_key.h). The secret itself is boxed beside the link until
 * the next hop has taken the mail that carries it, then deleted.
 *
 * The vault sees of a secret only its look-up proof. What is wrong with a
 * link that cannot be opened (unknown, expired, used up, revoked, wrong proof,
 * not from this network) is never said: VAULT_FAILURE_NOT_FOUND, in the same
 * words and time.
 */
#ifndef VAULT_CLIENT_VAULT_LINKS_H
#define VAULT_CLIENT_VAULT_LINKS_H

#include "vault/client/vault_people.h"

enum {
	LINK_ID_BYTES = 16,    /* random; shown as case ids are */
	LINK_PROOF_BYTES = 32, /* lib/crypto/link_key.h */
	LINK_CLAIM_BYTES = 32, /* token of one visit that was proved */
	LINK_MAX_FILES = 1000, /* of one mail */
	LINK_MAX_WRAPPED_BYTES = 128,
	LINK_MAX_BOUNDARY_BYTES = 200,
	LINK_ALL_FILES = LINK_MAX_FILES /* instead of a file's number */
};

/* --- the courier: sealing and sending ----------------------------------- */

/* A file that was cut out of the mail. Bytes of all files stand one behind
 * the other in what is sealed, in this order. */
struct vault_link_file {
	const char *name;  /* UTF-8, as the mail names it; kept under the file
			    * key only */
	const char *shown; /* digit runs of 4+ and passwords masked */
	const char *type;  /* media type */
	uint64_t size_bytes;
	uint32_t crc32; /* as in a zip */
};

/*
 * The result of a job REWRITE; no JOB_DONE follows. With refusal: nothing is
 * sealed, the case is held again and its approvers see why. Else with one
 * descriptor, a sealed memory file: the link mail (mail_bytes), then the
 * files.
 * ST_END: the lease is not valid any more.
 */
struct vault_link_seal {
	uint64_t job_id;
	uint8_t lease[16];
	const char *refusal; /* English, no content; "": it was rewritten */
	/* Pictures that its text shows, that nobody could read and that are
	 * no logos: they stay in the link mail. */
	uint32_t pictures;
	uint64_t mail_bytes;
	/* Where the part that explains the link goes into the link mail, and
	 * what stands around it: scanners/client/rewrite.h. */
	uint64_t hole_offset;
	bool whole_body;
	const char *boundary;
	const struct vault_link_file *files;
	size_t file_count;
};

enum link_kind {
	LINK_KIND_NONE = 0,
	LINK_KIND_RECIPIENT,
	LINK_KIND_SENDER,
	LINK_KIND_END
};

/*
 * What a job LINK (one recipient) needs beside the fields of every job, whose
 * descriptor is the link mail; and, without boundary, the notice LINKED to the
 * sender, who gets a link of his own.
 */
struct vault_link_order {
	struct span link_id; /* empty: this job has none */
	const char *code;    /* 開封コード: the secret as text */
	uint64_t hole_offset;
	bool whole_body;
	const char *boundary;
	int64_t expires_unix_ms;
	/* Each file can be fetched so many times; 0: no limit. */
	uint32_t downloads;
	bool needs_code; /* a one-time code goes to the mailbox */
	bool needs_password;
	const struct vault_link_file *files; /* shown, type, size_bytes */
	size_t file_count;
	/* NOTICE_LINK_CODE: what to type at the portal. */
	const char *mailbox_code;
};

/* --- the portal: recipients -------------------------------------------- */

enum link_stage {
	LINK_STAGE_NONE = 0,
	LINK_STAGE_CODE,     /* a code must be sent to the mailbox and typed */
	LINK_STAGE_PASSWORD, /* the sender's password must be typed */
	LINK_STAGE_READY,    /* files may be taken */
	LINK_STAGE_END
};

/* Where a visitor comes from. */
struct link_visitor {
	const char *address; /* IP */
	const char *agent;   /* User-Agent, cut */
	bool certificate;    /* came with a client certificate that holds */
};

/* Begin a visit. proof: link_key_proof() of the secret. */
struct vault_link_open {
	uint8_t link_id[LINK_ID_BYTES];
	uint8_t proof[LINK_PROOF_BYTES];
	struct link_visitor visitor;
};
/* Go on with it: LINK_LOOK, LINK_CODE (send a code to the mailbox;
 * BUSY: five an hour were sent for this link). A claim of another link than
 * link_id is as good as none. */
struct vault_link_visit {
	uint8_t claim[LINK_CLAIM_BYTES];
	uint8_t link_id[LINK_ID_BYTES];
	struct link_visitor visitor;
};
/* A wrong one is answered by the view: same stage, fewer tries_left; the last
 * one by NOT_FOUND. */
struct vault_link_prove {
	struct vault_link_visit visit;
	const char *mailbox_code;   /* stage CODE; blanks, '-' ignored */
	/* Stage PASSWORD: link_key.h, of what link_password_fold() made of it;
	 * and, where that is something else, of it as it was typed: links of
	 * before passwords were folded. One try, whichever it is. */
	struct span password_proof;
	struct span typed_proof;
};
/* Answer to all of these: how far the visit has come. */
struct vault_link_view {
	uint8_t claim[LINK_CLAIM_BYTES];
	enum link_stage stage;
	enum link_kind kind;
	const char *recipient; /* masked: "t•••@example.com" */
	const char *sender;
	const char *language;
	int64_t sent_unix_ms;
	int64_t expires_unix_ms;
	int64_t claim_until_unix_ms;
	uint32_t downloads;        /* as in vault_link_order */
	bool code_sent;            /* CODE: one is on its way */
	struct span password_salt; /* PASSWORD: link_password_key() */
	uint32_t tries_left;
	uint32_t file_count;
	uint64_t total_bytes;
	/* READY: what opens the files. */
	struct span wrapped;  /* link_key_unwrap() */
	struct span manifest; /* link_manifest_table payload, boxed */
	/* READY: file i can be taken still; one byte each, 0 or 1. */
	struct span open_files;
	/* READY: takes of file i that are left; one byte each. Empty: no
	 * limit. */
	struct span left_files;
};

/* In the manifest: boxed under the file key (box_close(), this context). */
#define LINK_MANIFEST_CONTEXT "link-manifest"
struct link_manifest {
	const struct vault_link_file *files; /* all members */
	size_t file_count;
};
extern const struct wire_table link_manifest_table;
extern const struct wire_table link_file_table; /* list items */

/* Take a file (or LINK_ALL_FILES, as zip): counts, once for each file and
 * visit; taking it again in the same visit counts nothing. CONFLICT: as many
 * other visits as may have taken it. */
struct vault_link_take {
	struct vault_link_visit visit;
	uint32_t file;
};
/* The bytes of what was taken. Answer: with one descriptor, the blob of all
 * files, for reading; see link_reader_open(). A pure read. */
struct vault_link_fetch_answer {
	struct span wrapped;
	struct span manifest;
	uint64_t sealed_bytes;
};
/* LINK_KEEP, with a vault_link_visit: may what is being sent in this visit go
 * on? For the portal alone; no visitor is told. A visit that is over ends
 * nothing that runs, its link does: NOT_FOUND when it was revoked, frozen, used
 * up or has expired, or LINK_TRANSFER_MS after the visit. */
enum { LINK_TRANSFER_MS = 24 * 3600 * 1000 };
struct vault_link_keep_answer {
	int64_t until_unix_ms; /* no longer than this, whatever is heard */
};
/* What came of a transfer; bytes of the answer's body that went out. complete:
 * up to the last byte of it. broken: it ended before its own end, which is
 * not that of the file where a part was asked for. */
struct vault_link_sent {
	struct vault_link_visit visit;
	uint32_t file;
	uint64_t sent_bytes;
	bool complete;
	bool broken;
};

/* --- the desk: sender, approver, auditor -------------------------------- */

/* The sender would rather have a link sent; approvers are told. */
struct vault_link_ask {
	struct vault_actor actor;
	uint8_t case_id[CASE_ID_BYTES];
	/* To be told to the recipients otherwise; "": none. Kept as a key that
	 * argon2id made of it, and only until the files are sealed. */
	const char *password;
};

struct vault_link_case {
	struct vault_actor actor;
	uint8_t case_id[CASE_ID_BYTES];
};

enum link_state {
	LINK_STATE_NONE = 0,
	LINK_STATE_PENDING, /* its mail is not with the next hop yet */
	LINK_STATE_LIVE,
	LINK_STATE_FROZEN,  /* too many wrong codes; THAW, or let it end */
	LINK_STATE_SPENT,   /* end: nothing can be fetched any more */
	LINK_STATE_EXPIRED, /* end */
	LINK_STATE_REVOKED, /* end */
	LINK_STATE_FAILED,  /* end: the next hop refused its mail */
	LINK_STATE_END
};
const char *link_state_name(enum link_state state);

struct vault_link_event {
	int64_t at_unix_ms;
	const char *event; /* "opened", "code-sent", "proved", "taken",
			    * "fetched", "wrong-code", "frozen", "revoked", … */
	const char *actor; /* "recipient", a login, "timer", "courier" */
	const char *client_address;
	const char *agent;
	const char *file; /* shown name, or "" */
};
struct vault_link_line {
	uint8_t link_id[LINK_ID_BYTES];
	enum link_kind kind;
	enum link_state state;
	const char *recipient;
	int64_t sent_unix_ms;
	int64_t expires_unix_ms;
	int64_t ended_unix_ms;
	bool needs_code, needs_password;
	uint32_t downloads; /* as in vault_link_order */
	/* Takes that are left, of the file with most of them; only where
	 * downloads is not 0. */
	uint32_t left;
	uint32_t opened;  /* visits that were proved */
	uint32_t fetched; /* files that went out completely */
	const struct vault_link_event *events;
	size_t event_count;
};
struct vault_link_list_answer {
	const struct vault_link_line *links;
	size_t link_count;
	const struct vault_link_file *files; /* shown, type, size_bytes */
	size_t file_count;
	bool may_change; /* this person may use LINK_CHANGE */
};

enum link_step {
	LINK_STEP_NONE = 0,
	LINK_STEP_REVOKE,
	LINK_STEP_EXTEND, /* to until_unix_ms; portal.max_expiry bounds it */
	LINK_STEP_THAW,
	/* Wrong recipient: revoke, and a record of who fetched, or that
	 * nobody did (LINK_RECORD). */
	LINK_STEP_WRONG,
	LINK_STEP_END
};
struct vault_link_change {
	struct vault_actor actor;
	uint8_t link_id[LINK_ID_BYTES];
	uint8_t case_id[CASE_ID_BYTES]; /* its mail's; zeros: of any */
	enum link_step step;
	int64_t until_unix_ms; /* EXTEND */
	const char *client_address;
};

/* A record of a link, signed: lib/crypto/sign.h. Of an ended link it is the
 * certificate that its keys are destroyed. */
struct vault_link_of {
	struct vault_actor actor;
	uint8_t link_id[LINK_ID_BYTES];
	uint8_t case_id[CASE_ID_BYTES]; /* its mail's; zeros: of any */
};
struct vault_link_record {
	const char *text;      /* what is signed: lines "name: value" */
	const char *signature; /* base64 of 64 bytes, Ed25519 over text */
};
/* The key that certificates are checked with; anybody may ask. */
struct vault_link_public {
	uint8_t key[32]; /* Ed25519 */
};

#endif
