#include "cli/speech.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/sbuf.h"

enum { SPEECH_MAX_PATH_BYTES = 4200 };

/* "ja_JP.UTF-8"; a terminal of another character set would show noise. */
static bool
speech_is_japanese(const char *locale)
{
	return strncmp(locale, "ja", 2) == 0 &&
	       (strcasestr(locale, "utf-8") != NULL ||
		strcasestr(locale, "utf8") != NULL);
}

static enum i18n_language
speech_language(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		/* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread */
		const char *value = getenv(names[i]);

		if (value != NULL && value[0] != '\0')
			return speech_is_japanese(value) ? I18N_LANGUAGE_JA
							 : I18N_LANGUAGE_EN;
	}
	return I18N_LANGUAGE_EN;
}

void
speech_open(struct speech *speech, const char *data_dir)
{
	AUTO(sbuf_done) struct sbuf dir;

	sbuf_init(&dir, SPEECH_MAX_PATH_BYTES);
	*speech = (struct speech){ .language = speech_language() };
	sbuf_addf(&dir, "%s/po",
		  data_dir[0] != '\0' ? data_dir : SEKIMORI_DATADIR);
	/* Without its catalogue the tool speaks English. */
	if (speech->language != I18N_LANGUAGE_EN && dir.st == ST_OK)
		NEGLECT(i18n_open(sbuf_text(&dir), &speech->i18n, NULL));
}

void
speech_done(struct speech *speech)
{
	i18n_free(&speech->i18n);
}

const char *
speech_text(const struct speech *speech, const char *english)
{
	return speech->i18n != NULL
		       ? i18n_text(speech->i18n, speech->language, english)
		       : english;
}
