/*
 * notices.h - the words that people get, from the files on disk.
 *
 * Layer:    courier/notices; includes lib/ and vault/client/
 * Threads:  immutable after notices_load()
 *
 * Files: DIR/{ja,en}/<name>.txt, names in notices.def, and footer.txt, which
 * stands under every notice; footer-recipient.txt under those to recipients
 * outside, who get both languages where nobody knows theirs. Form in layout.h,
 * {names} in words.h. A company may keep a directory of its own with those that
 * it wants otherwise.
 */
#ifndef COURIER_NOTICES_NOTICES_H
#define COURIER_NOTICES_NOTICES_H

#include "courier/notices/picture.h"
#include "courier/notices/words.h"

/* One row of notices.def. */
struct notices_kind {
	enum notice_event event;
	enum notice_audience audience;
	const char *name; /* "held-sender" */
};
extern const struct notices_kind notices_kinds[];
extern const size_t notices_kind_count;

struct notices;

/*
 * Read every notice of both languages.
 *
 * Takes:    dir, where all of them are; own_dir, where some of them are as the
 *           company wants them, or ""
 * Returns:  ST_OK; ST_NOT_FOUND one is missing; ST_FORMAT: err names file,
 *           line and reason, or a file of own_dir that is no notice; ST_LIMIT,
 *           ST_IO, ST_NO_MEMORY
 */
MUST_CHECK enum status
notices_load(const char *dir, const char *own_dir, struct notices **notices_out,
	     struct err *err);
void notices_free(struct notices **notices);

/* The logo of mails to recipients outside. Returns: as picture_load() */
MUST_CHECK enum status
notices_load_logo(struct notices *notices, const char *path, const char *host,
		  struct err *err);

struct notices_request {
	const struct vault_job *job;
	const struct i18n *i18n;
	enum i18n_language language; /* when the job names none */
	/* To recipients outside whose language is not known: this one first,
	 * then the other. */
	enum i18n_language outside;
	const char *desk_url;
	const struct config_portal *portal;
	const char *name; /* whose notice it is */
	bool with_mail;   /* the mail itself is attached (GIVE_BACK) */
};

/* A notice, ready to become a mail. */
struct notices_text {
	struct sbuf subject; /* one line */
	struct sbuf plain;   /* lines end in LF */
	struct sbuf html;
	enum i18n_language language; /* the first */
	bool both;                   /* the other language as well */
	/* What html shows as cid:id; the notices', or NULL. */
	const struct picture *picture;
};
void notices_text_init(struct notices_text *text);
void notices_text_done(struct notices_text *text);

/*
 * The notice for a job, into text, which notices_text_init() has prepared.
 * Returns: ST_OK; ST_NOT_FOUND there is no such notice; ST_LIMIT,
 *          ST_NO_MEMORY
 */
MUST_CHECK enum status
notices_write(const struct notices *notices,
	      const struct notices_request *request, struct notices_text *text,
	      struct err *err);

#endif
