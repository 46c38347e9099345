#include "quarantine-ui/html/tell.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "lib/base/clock.h"
#include "lib/base/parse.h"

enum {
	MS_PER_S = 1000,
	S_PER_MINUTE = 60,
	S_PER_HOUR = 3600,
	S_PER_DAY = 86400
};

const char *
tell_text(const struct tell *tell, const char *english)
{
	return i18n_text(tell->i18n, tell->language, english);
}

const char *
tell_number(const struct tell *tell, const char *english, uint64_t number)
{
	const char *text = tell_text(tell, english);
	const char *place = strstr(text, "{n}");

	if (place == NULL)
		return text;
	return scratch_textf(tell->scratch, "%.*s%" PRIu64 "%s",
			     (int)(place - text), text, number, place + 3);
}

const char *
tell_time(const struct tell *tell, int64_t unix_ms)
{
	const time_t seconds = (time_t)(unix_ms / MS_PER_S);
	struct tm parts;
	char text[64];

	if (unix_ms == 0 || localtime_r(&seconds, &parts) == NULL ||
	    strftime(text, sizeof(text), "%Y-%m-%d %H:%M %Z", &parts) == 0)
		return "";
	return scratch_text(tell->scratch, span_of(text));
}

const char *
tell_day(const struct tell *tell, int64_t unix_ms)
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed",
					    "Thu", "Fri", "Sat" };
	static const char *const kanji[] = { "日", "月", "火", "水",
					     "木", "金", "土" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr",
					      "May", "Jun", "Jul", "Aug",
					      "Sep", "Oct", "Nov", "Dec" };
	const time_t seconds = (time_t)(unix_ms / MS_PER_S);
	struct tm parts;

	if (unix_ms == 0 || localtime_r(&seconds, &parts) == NULL)
		return "";
	if (tell->language == I18N_LANGUAGE_JA)
		return scratch_textf(tell->scratch, "%d月%d日(%s) %02d:%02d",
				     parts.tm_mon + 1, parts.tm_mday,
				     kanji[parts.tm_wday], parts.tm_hour,
				     parts.tm_min);
	return scratch_textf(tell->scratch, "%s %d %s, %02d:%02d",
			     days[parts.tm_wday], parts.tm_mday,
			     months[parts.tm_mon], parts.tm_hour, parts.tm_min);
}

const char *
tell_day_zone(const struct tell *tell, int64_t unix_ms)
{
	const time_t seconds = (time_t)(unix_ms / MS_PER_S);
	struct tm parts;
	char zone[16];

	if (unix_ms == 0 || localtime_r(&seconds, &parts) == NULL)
		return "";
	if (strftime(zone, sizeof(zone), " %Z", &parts) == 0)
		zone[0] = '\0';
	return scratch_textf(tell->scratch, "%s%s", tell_day(tell, unix_ms),
			     zone);
}

const char *
tell_iso(const struct tell *tell, int64_t unix_ms)
{
	const time_t seconds = (time_t)(unix_ms / MS_PER_S);
	struct tm parts;
	char text[64];

	if (unix_ms == 0 || gmtime_r(&seconds, &parts) == NULL ||
	    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
		return "";
	return scratch_text(tell->scratch, span_of(text));
}

struct tell_units {
	int64_t unit_s;
	const char *past;
	const char *future;
};

static const char *
tell_distance(const struct tell *tell, int64_t distance_s, bool past)
{
	static const struct tell_units units[] = {
		{ S_PER_DAY * 2, N_("{n} days ago"), N_("in {n} days") },
		{ S_PER_HOUR * 2, N_("{n} hours ago"), N_("in {n} hours") },
		{ S_PER_MINUTE, N_("{n} min ago"), N_("in {n} min") },
	};
	static const int64_t divisors[] = { S_PER_DAY, S_PER_HOUR,
					    S_PER_MINUTE };

	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		if (distance_s < units[i].unit_s)
			continue;
		return tell_number(tell, past ? units[i].past : units[i].future,
				   (uint64_t)(distance_s / divisors[i]));
	}
	return tell_text(tell, past ? N_("just now") : N_("in a moment"));
}

const char *
tell_age(const struct tell *tell, int64_t unix_ms)
{
	const int64_t distance_s = (clock_unix_ms() - unix_ms) / MS_PER_S;

	return tell_distance(tell, distance_s < 0 ? 0 : distance_s, true);
}

const char *
tell_until(const struct tell *tell, int64_t unix_ms)
{
	const int64_t distance_s = (unix_ms - clock_unix_ms()) / MS_PER_S;

	if (distance_s < 0)
		return tell_text(tell, N_("overdue"));
	return tell_distance(tell, distance_s, false);
}

const char *
tell_size(const struct tell *tell, uint64_t size_bytes)
{
	static const char *const units[] = { "B", "KB", "MB", "GB" };
	uint64_t tenths = size_bytes * 10;
	size_t unit = 0;

	if (size_bytes > UINT64_MAX / 10)
		tenths = UINT64_MAX;
	while (tenths >= 10240 && unit + 1 < ARRAY_LEN(units)) {
		tenths /= 1024;
		unit++;
	}
	if (unit == 0 || tenths >= 1000)
		return scratch_textf(tell->scratch, "%" PRIu64 " %s",
				     tenths / 10, units[unit]);
	return scratch_textf(tell->scratch, "%" PRIu64 ".%" PRIu64 " %s",
			     tenths / 10, tenths % 10, units[unit]);
}
