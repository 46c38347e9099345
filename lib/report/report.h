/*
 * report.h - what a scan found: the one schema for workers, CLI, store, pages.
 *
 * Layer:    lib/report; includes only lib/base and lib/wire
 * Threads:  values
 * Input:    a report comes from a worker and is untrusted: it exists only
 *           after wire_decode() with report_table has checked every member
 *
 * No member holds a My Number, except struct report_finding's number, which a
 * worker fills only when the request asked to reveal (CLI, and the handler's
 * page later), and which report_forget_numbers() empties before a report is
 * stored. No member holds a password but words, which report_forget_words()
 * empties before a report goes anywhere but to the vault's memory: where one
 * stands in a path, a name, the subject or a context, there are stars.
 */
#ifndef LIB_REPORT_REPORT_H
#define LIB_REPORT_REPORT_H

#include "lib/wire/table.h"

enum report_verdict {
	REPORT_VERDICT_NONE = 0,
	REPORT_VERDICT_CLEAN,
	REPORT_VERDICT_FOUND,
	REPORT_VERDICT_UNSCANNABLE /* something unread, and nothing found */
};

enum report_level {
	REPORT_LEVEL_NONE = 0,
	REPORT_LEVEL_NOTED,   /* -10 to -1 dB: in the report only */
	REPORT_LEVEL_SUSPECT, /* 0 to +9 dB */
	REPORT_LEVEL_SURE     /* +10 dB and more */
};

/*
 * How much is assumed before anything is seen. STRICT is for mailboxes where
 * My Numbers are everyday: what nothing but its check digit speaks for is
 * held, too. The words "standard", "strict".
 */
enum report_profile {
	REPORT_PROFILE_NONE = 0,
	REPORT_PROFILE_STANDARD,
	REPORT_PROFILE_STRICT,
	REPORT_PROFILE_END
};

/* Why a part was not read. Names and words: reasons.def. */
enum report_reason {
	REPORT_REASON_NONE = 0,
#define REASON(symbol, name, english) REPORT_REASON_##symbol,
#include "lib/report/reasons.def"
#undef REASON
	REPORT_REASON_END
};

/* Where a word that may be a password came from. Names, words, order in which
 * they are tried: word_sources.def. */
enum report_word_source {
	REPORT_WORD_SOURCE_NONE = 0,
#define WORD_SOURCE(symbol, name, english) REPORT_WORD_SOURCE_##symbol,
#include "lib/report/word_sources.def"
#undef WORD_SOURCE
	REPORT_WORD_SOURCE_END
};

/* One observation for or against, in decibans. */
struct report_term {
	const char *name; /* "check.valid", "label.adjacent", … (ASCII) */
	int64_t weight_db;
};

/* One number, or one column of numbers. */
struct report_finding {
	const char *part;     /* "1", "2/list.xlsx", "2/a.zip/list.csv" */
	const char *location; /* "line 3", "Sheet1!C7:C44" */
	const char *masked;   /* "********9018" */
	const char *number;   /* "" unless revealing was asked for */
	const char *context;  /* words around, every digit masked; may be "" */
	uint32_t subject;     /* which distinct number of this mail, from 1 */
	uint64_t count;       /* numbers in this finding; 1 but for columns */
	enum report_level level;
	int64_t score_db;
	const struct report_term *terms;
	size_t term_count;
};

/* One thing that could not be read. */
struct report_opaque {
	const char *part;
	enum report_reason reason;
	const char *detail; /* "limit depth 8", "method 9"; may be "" */
};

/* One part of the mail, for the tree on the pages and for policy. */
struct report_part {
	const char *path;
	const char *name; /* its file name with digit runs masked; may be "" */
	const char *type; /* "text", "xlsx", "zip", … or "unknown" */
	uint64_t size_bytes;
	bool attachment;
	bool locked;
};

/* One thing that was locked. Locked still, it has a line among the opaques,
 * too; opened by part, both say so. */
struct report_lock {
	const char *part;
	const char *kind;               /* "zip: ZipCrypto", "7z: AES-256" */
	bool opened;                    /* all of it */
	enum report_word_source source; /* of the password; NONE: not opened */
};

/* A word of the mail behind a word like "password" (worked false), or the
 * password that opened a lock. A secret. */
struct report_word {
	const char *text;
	bool worked;
};

/* How far a search for a password has come, over all scans of one mail. */
struct report_search {
	uint64_t tried;      /* of the order in which a search goes: where the
			      * next one starts; 0: there was none */
	uint64_t total;      /* UINT64_MAX: more than can be counted */
	uint64_t rate_per_s; /* passwords */
	bool finished;       /* nothing is left to try */
};
/* A place behind all that a search has: the next one tries what it is given,
 * and nothing else but what that opens. */
#define REPORT_SEARCH_OVER UINT64_MAX

/* A delivery status notification (RFC 3464) that this mail is. */
struct report_dsn {
	const char *envid;     /* Original-Envelope-Id; "" when it is none */
	const char *recipient; /* Final-Recipient of the first block, or "" */
	const char *action;    /* "failed", "delayed", …, or "" */
	const char *code;      /* "5.1.1", or "" */
};

struct scan_report {
	enum report_verdict verdict;
	enum report_level level; /* highest; NONE without a finding */
	int64_t score_db;        /* highest; 0 without a finding */
	uint64_t number_count;   /* distinct numbers, suspect and sure */
	bool ambiguous;          /* the mail can be read in several ways */
	uint32_t elapsed_ms;
	const struct report_finding *findings;
	size_t finding_count;
	uint64_t findings_left_out; /* over the maximum of the table */
	const struct report_opaque *opaques;
	size_t opaque_count;
	const struct report_part *parts;
	size_t part_count;
	/* Subject of the mail, decoded, every digit masked that stands in a
	 * run of 4 and more (single separators do not end a run); or "". */
	const char *subject;
	struct report_dsn dsn;
	enum report_profile profile; /* in which it was judged */
	const struct report_lock *locks;
	size_t lock_count;
	const struct report_word *words;
	size_t word_count;
	struct report_search search;
};

enum {
	REPORT_FORMAT = 1,
	REPORT_MAX_FINDINGS = 1000,
	REPORT_MAX_OPAQUES = 1000,
	REPORT_MAX_PARTS = 2000,
	REPORT_MAX_TERMS = 32,
	REPORT_MAX_LOCKS = 200,
	REPORT_MAX_WORDS = 32,
	REPORT_SECRET_BYTES = 256, /* of a password */
	REPORT_TEXT_BYTES = 1000,  /* of a name, a subject, a context */
	REPORT_TYPE = 0x0101       /* wire type of a report */
};

/* New members go to the end of the table, with a table of the shape before:
 * see report_decode(). */
extern const struct wire_table report_table;
extern const struct wire_table report_word_table; /* list items */

/*
 * Decode a report that was stored, by this version or by an earlier one: one
 * from before profiles is standard, one from before locks has none. Otherwise
 * as wire_decode().
 */
MUST_CHECK enum status
report_decode(struct span payload, struct scan_report *report,
	      struct wire_arena **arena_out, struct err *err);

/*
 * What the table cannot say: verdict, level, score and counts fit together
 * (a verdict clean has no opaque part and no finding of level suspect, …).
 * Every receiver of a report calls it after wire_decode().
 * Returns: ST_OK, ST_FORMAT
 */
MUST_CHECK enum status
report_check(const struct scan_report *report, struct err *err);

/*
 * Of two reports of one mail, scanned with different passwords: does after read
 * more? Locks that are open count first; of two with as many, parts that were
 * read (an archive whose members have passwords of their own is not open before
 * the last of them), then numbers.
 */
bool report_reads_more(const struct scan_report *before,
		       const struct scan_report *after);

/* Does after read a part that before did not, be it at the price of others? */
bool report_reads_other(const struct scan_report *before,
			const struct scan_report *after);

/* A report without findings that says only why nothing was read. */
void
report_set_unscannable(struct scan_report *report, struct report_opaque *room,
		       enum report_profile profile, enum report_reason reason,
		       const char *detail);

/* Empty number of every finding, in place. */
void report_forget_numbers(struct scan_report *report);

/* Wipe and leave out words, in place. */
void report_forget_words(struct scan_report *report);

const char *report_verdict_name(enum report_verdict verdict);
const char *report_level_name(enum report_level level);
const char *report_reason_name(enum report_reason reason);
const char *report_word_source_name(enum report_word_source source);
const char *report_profile_name(enum report_profile profile);
/* NONE: there is no profile of that name. */
enum report_profile report_profile_find(const char *name);

/* P(real) in 0..1 for a score in decibans. */
double report_confidence(int64_t score_db);

#endif
