/*
 * speech.h - texts of the command line in the language of its user.
 *
 * Layer:    cli
 * Threads:  one
 *
 * The language is that of LC_ALL, LC_MESSAGES or LANG: Japanese in UTF-8, or
 * English for every other one. Without a catalogue it is English.
 */
#ifndef CLI_SPEECH_H
#define CLI_SPEECH_H

#include "lib/i18n/i18n.h"

struct speech {
	struct i18n *i18n; /* NULL: English */
	enum i18n_language language;
};

/* data_dir: general.data_dir; "": where it was installed. */
void speech_open(struct speech *speech, const char *data_dir);
void speech_done(struct speech *speech);

/* The text for this user; it is marked for translation where it stands. */
const char *speech_text(const struct speech *speech, const char *english);

#endif
