/*
 * scan_client.h - ask the scanner, as every other program does.
 *
 * Layer:    scanners/client; includes only lib/
 * Threads:  a client belongs to one thread at a time; make one per thread
 * Input:    the answer is untrusted and checked (report_check) before a caller
 *           sees it
 *
 * Protocol over the scanner's UNIX socket, one request at a time and client:
 *	scan_request_table + 1 descriptor (sealed memory file)  ->
 *	report_table, or scan_failure_table when nothing could be said; when
 *	the request asks for a preview preview_table, or a report_table that
 *	says why there is none (crashed, timeout); likewise rewrite_table, whose
 *	request has 2 descriptors: the mail, and a memory file of its size, not
 *	sealed, that the worker writes files to
 */
#ifndef SCANNERS_CLIENT_SCAN_CLIENT_H
#define SCANNERS_CLIENT_SCAN_CLIENT_H

#include "lib/report/preview.h"
#include "lib/report/report.h"
#include "lib/report/rewrite.h"
#include "lib/wire/channel.h"

enum scan_input {
	SCAN_INPUT_NONE = 0,
	SCAN_INPUT_MAIL,       /* an RFC 5322 message */
	SCAN_INPUT_ATTACHMENT, /* a bare file; name may help nobody but people
				*/
	SCAN_INPUT_GUESS       /* mail when it looks like one, else bare file */
};

enum scan_priority {
	SCAN_PRIORITY_NONE = 0,
	SCAN_PRIORITY_MAIL,      /* an SMTP client waits */
	SCAN_PRIORITY_BACKGROUND /* held mail; larger budgets */
};

/* A word that may be a password of what is locked in the mail. A secret. */
struct scan_word {
	const char *text; /* UTF-8 */
	enum report_word_source source;
};

struct scan_request {
	enum scan_input input;
	enum scan_priority priority;
	bool reveal;      /* fill report_finding.number; preview unmasked */
	bool preview;     /* the text of the mail instead of a report */
	const char *name; /* file name for paths in the report, or "" */
	enum report_profile profile;
	uint32_t deadline_ms; /* wall time from now; 0: the scanner's own */
	/* Tried before those of the mail, in this order; borrowed. */
	const struct scan_word *words;
	size_t word_count;
	/* Go on with a search (report.search.tried, REPORT_SEARCH_OVER), for
	 * so long. 0: as the scanner is set for mail. BACKGROUND only. */
	uint64_t search_from;
	uint32_t search_ms;
	/* Behind so many bytes of the file another mail begins, which has
	 * others as its parts: what they have in clear may be known of what is
	 * locked in this one. 0: all of it is this one. BACKGROUND only. */
	uint64_t mail_bytes;
	/* scan_rewrite.h: a plan instead of a report. */
	enum rewrite_what rewrite;
	enum rewrite_names rewrite_names;
	enum rewrite_pictures rewrite_pictures; /* STAY, CUT */
	uint64_t rewrite_logo_bytes;
};
extern const struct wire_table scan_word_table; /* list items */

enum {
	SCAN_MAIL_FDS = 1,
	SCAN_REWRITE_FDS = 2, /* the mail, the files */
	SCAN_REQUEST_TYPE = 0x0100,
	SCAN_FAILURE_TYPE = 0x0102,
	SCAN_MAX_WORDS = 1000
};

extern const struct wire_table scan_request_table;

/* The scanner is there but cannot serve: queue full, stopping. */
struct scan_failure {
	const char *reason;
};
extern const struct wire_table scan_failure_table;

/* A checked report and its memory. */
struct scan_reply {
	struct scan_report report;
	struct wire_arena *arena;
};
void scan_reply_free(struct scan_reply **reply);

/* A checked preview, its memory and its payload as it came, all wiped when
 * they are released. */
struct scan_preview {
	struct preview preview;
	struct wire_arena *arena;
	struct sbuf payload; /* of preview_table */
};
void scan_preview_free(struct scan_preview **preview);

struct scan_client;

/* Connect lazily to socket_path (borrowed for the client's life).
 * Returns: ST_OK, ST_NO_MEMORY */
MUST_CHECK enum status
scan_client_new(const char *socket_path, struct scan_client **client_out,
		struct err *err);

/*
 * A client with a scanner of its own: starts the program at path (the same
 * sekimori-scanner, the same sandbox) and stops it in scan_client_free().
 * config_path may be NULL for the defaults.
 * Returns: ST_OK, ST_IO, ST_NO_MEMORY
 */
MUST_CHECK enum status
scan_client_spawn(const char *scanner_path, const char *config_path,
		  struct scan_client **client_out, struct err *err);

void scan_client_free(struct scan_client **client);

/* Called while waiting, every interval_ms. Anything but ST_OK gives up. */
struct scan_wait {
	enum status (*tick)(void *context, struct err *err);
	void *context;
	int64_t interval_ms;
};

/*
 * Scan the bytes behind fd, a memory file that fd_seal() has sealed
 * (borrowed). wait may be NULL.
 *
 * A broken connection is tried again once on a new one. A crashed or hanging
 * worker is not a failure of this call: the report says "unscannable".
 *
 * Gives:    *reply_out, release with scan_reply_free()
 * Returns:  ST_OK      there is a report, checked
 *           ST_LIMIT   no answer before the deadline and a margin
 *           ST_IO      scanner not reachable or cannot serve: tempfail
 *           ST_FORMAT  the answer was not a valid report: treat as
 *                      unscannable
 *           ST_NO_MEMORY, or the status of wait->tick
 */
MUST_CHECK enum status
scan_client_scan(struct scan_client *client, const struct scan_request *request,
		 int fd, const struct scan_wait *wait,
		 struct scan_reply **reply_out, struct err *err);

/*
 * The text of the same: request->preview is set, and request->reveal decides
 * whether numbers stand in it. A preview that was not to reveal and says that
 * it does is none (ST_FORMAT).
 *
 * Gives:    *preview_out, release with scan_preview_free()
 * Returns:  as scan_client_scan(); ST_UNSUPPORTED the mail was not read to its
 *           end (crashed, timeout, too large): there is no preview
 */
MUST_CHECK enum status
scan_client_preview(struct scan_client *client,
		    const struct scan_request *request, int fd,
		    const struct scan_wait *wait,
		    struct scan_preview **preview_out, struct err *err);

#endif
