/*
 * i18n.h - texts for people in their language.
 *
 * Layer:    lib/i18n
 * Threads:  i18n_open() once at start; look-ups from any thread
 *
 * The English text is the key (gettext style); po/ja.po holds the Japanese.
 * Unlike gettext() the language is an argument, because one process serves
 * people of both languages at once. Catalogues are the .mo files that msgfmt
 * makes; they are ours, but every offset is checked all the same.
 */
#ifndef LIB_I18N_I18N_H
#define LIB_I18N_I18N_H

#include "lib/base/status.h"

enum i18n_language {
	I18N_LANGUAGE_NONE = 0,
	I18N_LANGUAGE_JA,
	I18N_LANGUAGE_EN
};

struct i18n;

/* Load dir/ja.mo. Returns: ST_OK, ST_NOT_FOUND, ST_FORMAT, ST_IO, … */
MUST_CHECK enum status
i18n_open(const char *dir, struct i18n **i18n_out, struct err *err);
void i18n_free(struct i18n **i18n);

/* Marks texts for xgettext where they are not translated on the spot. */
#define N_(text) text

/* The text in language; the English one when there is no translation. */
const char *i18n_text(const struct i18n *i18n, enum i18n_language language,
		      const char *english);

/* "ja" / "en"; I18N_LANGUAGE_NONE for others. */
enum i18n_language i18n_language_of(const char *name);
/* Best of an Accept-Language field; fallback when nothing fits. */
enum i18n_language i18n_accept(const char *field, enum i18n_language fallback);

#endif
