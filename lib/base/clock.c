#include "lib/base/clock.h"

#include <stdio.h>
#include <time.h>

enum { MS_PER_S = 1000, NS_PER_MS = 1000000 };

/* 9999-12-31T23:59:59.999Z */
static const int64_t clock_last_unix_ms = INT64_C(253402300799999);

static int64_t
clock_read_ms(clockid_t which)
{
	struct timespec now = { 0, 0 };

	(void)clock_gettime(which, &now);
	return (int64_t)now.tv_sec * MS_PER_S + now.tv_nsec / NS_PER_MS;
}

int64_t
clock_unix_ms(void)
{
	return clock_read_ms(CLOCK_REALTIME);
}

int64_t
clock_mono_ms(void)
{
	return clock_read_ms(CLOCK_MONOTONIC);
}

int64_t
clock_boot_ms(void)
{
	return clock_read_ms(CLOCK_BOOTTIME);
}

int64_t
clock_left_ms(int64_t deadline_mono_ms)
{
	const int64_t left_ms = deadline_mono_ms - clock_mono_ms();

	return left_ms > 0 ? left_ms : 0;
}

static struct tm
clock_split(int64_t unix_ms, int *ms_out)
{
	struct tm parts;

	if (unix_ms < 0)
		unix_ms = 0;
	if (unix_ms > clock_last_unix_ms)
		unix_ms = clock_last_unix_ms;
	const time_t seconds = (time_t)(unix_ms / MS_PER_S);

	*ms_out = (int)(unix_ms % MS_PER_S);
	(void)gmtime_r(&seconds, &parts);
	return parts;
}

void
clock_format_rfc3339(int64_t unix_ms, char text[CLOCK_RFC3339_BYTES])
{
	int ms = 0;
	const struct tm t = clock_split(unix_ms, &ms);

	(void)snprintf(text, CLOCK_RFC3339_BYTES,
		       "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ",
		       (unsigned)(t.tm_year + 1900) % 10000,
		       (unsigned)(t.tm_mon + 1) % 100,
		       (unsigned)t.tm_mday % 100, (unsigned)t.tm_hour % 100,
		       (unsigned)t.tm_min % 100, (unsigned)t.tm_sec % 100,
		       (unsigned)ms % 1000);
}

void
clock_format_rfc5322(int64_t unix_ms, char text[CLOCK_RFC5322_BYTES])
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed",
					    "Thu", "Fri", "Sat" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr",
					      "May", "Jun", "Jul", "Aug",
					      "Sep", "Oct", "Nov", "Dec" };
	int ms = 0;
	const struct tm t = clock_split(unix_ms, &ms);

	(void)snprintf(text, CLOCK_RFC5322_BYTES,
		       "%s, %u %s %04u %02u:%02u:%02u +0000",
		       days[(unsigned)t.tm_wday % 7], (unsigned)t.tm_mday % 100,
		       months[(unsigned)t.tm_mon % 12],
		       (unsigned)(t.tm_year + 1900) % 10000,
		       (unsigned)t.tm_hour % 100, (unsigned)t.tm_min % 100,
		       (unsigned)t.tm_sec % 100);
}
