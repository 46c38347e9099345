/*
 * words_mail.h - what a mail says, as far as a password may stand in it.
 *
 * Layer:    scanners/locks; includes only lib/
 * Threads:  belongs to one scan
 * Input:    untrusted texts, which are secrets: wiped with the rest
 *
 * Texts are kept as they pass, the first ones of each place, so that they are
 * there when a lock is met behind them. That costs a copy and nothing else.
 */
#ifndef SCANNERS_LOCKS_WORDS_MAIL_H
#define SCANNERS_LOCKS_WORDS_MAIL_H

#include "lib/base/sbuf.h"

enum words_place {
	WORDS_PLACE_NONE = 0,
	WORDS_PLACE_BODY, /* of the mail, and of mails in it */
	WORDS_PLACE_SUBJECT,
	WORDS_PLACE_NAME,   /* of files */
	WORDS_PLACE_INSIDE, /* in files */
	WORDS_PLACE_FIELD,  /* "Name: value", of the mail's other fields */
	WORDS_PLACE_COUNT
};

struct words_mail {
	struct sbuf texts[WORDS_PLACE_COUNT];
};

void words_mail_init(struct words_mail *mail);
void words_mail_done(struct words_mail *mail);

/* Continues the text before of the same place; what is too much is left
 * out. */
void words_mail_add(struct words_mail *mail, enum words_place place,
		    struct span utf8);
/* What follows in that place begins a line. */
void words_mail_end_line(struct words_mail *mail, enum words_place place);

struct span
words_mail_text(const struct words_mail *mail, enum words_place place);

#endif
