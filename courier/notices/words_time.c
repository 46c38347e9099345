#include "courier/notices/words_time.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { TIME_ZONE_BYTES = 16, TIME_YEAR_0 = 1900, TIME_MS_PER_S = 1000 };

static const char *const days_ja[] = {
	"日", "月", "火", "水", "木", "金", "土"
};
static const char *const days_en[] = { "Sun", "Mon", "Tue", "Wed",
				       "Thu", "Fri", "Sat" };
static const char *const months_en[] = {
	"Jan", "Feb", "Mar", "Apr", "May", "Jun",
	"Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
};

/* False: there is no such instant. */
static bool
time_local(int64_t unix_ms, struct tm *local)
{
	const time_t seconds = (time_t)(unix_ms / TIME_MS_PER_S);

	return unix_ms > 0 && localtime_r(&seconds, local) != NULL;
}

static void
time_zone(const struct tm *local, char zone[TIME_ZONE_BYTES])
{
	if (strftime(zone, TIME_ZONE_BYTES, " %Z", local) == 0)
		zone[0] = '\0';
}

void
words_time_near(int64_t unix_ms, enum i18n_language language,
		char text[WORDS_TIME_BYTES])
{
	char zone[TIME_ZONE_BYTES];
	struct tm local;

	text[0] = '\0';
	if (!time_local(unix_ms, &local))
		return;
	/* With the zone, but for the one that a Japanese reader takes for
	 * granted. */
	time_zone(&local, zone);
	if (language == I18N_LANGUAGE_JA) {
		(void)snprintf(text, WORDS_TIME_BYTES, "%d月%d日(%s) %d:%02d%s",
			       local.tm_mon + 1, local.tm_mday,
			       days_ja[local.tm_wday], local.tm_hour,
			       local.tm_min,
			       strcmp(zone, " JST") == 0 ? "" : zone);
		return;
	}
	(void)snprintf(text, WORDS_TIME_BYTES, "%s %d %s, %d:%02d%s",
		       days_en[local.tm_wday], local.tm_mday,
		       months_en[local.tm_mon], local.tm_hour, local.tm_min,
		       zone);
}

void
words_time_far(int64_t unix_ms, enum i18n_language language,
	       char text[WORDS_TIME_BYTES])
{
	char zone[TIME_ZONE_BYTES];
	struct tm local;

	text[0] = '\0';
	if (!time_local(unix_ms, &local))
		return;
	time_zone(&local, zone);
	if (language == I18N_LANGUAGE_JA)
		(void)snprintf(text, WORDS_TIME_BYTES,
			       "%d年%d月%d日(%s) %d:%02d%s",
			       local.tm_year + TIME_YEAR_0, local.tm_mon + 1,
			       local.tm_mday, days_ja[local.tm_wday],
			       local.tm_hour, local.tm_min, zone);
	else
		(void)snprintf(text, WORDS_TIME_BYTES, "%s %d %s %d, %d:%02d%s",
			       days_en[local.tm_wday], local.tm_mday,
			       months_en[local.tm_mon],
			       local.tm_year + TIME_YEAR_0, local.tm_hour,
			       local.tm_min, zone);
}
