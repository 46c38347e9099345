#include "scanners/locks/words_dates.h"

#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/parse.h"

enum {
	DATE_MONTHS = 12,
	DATE_ERA_BEFORE = 2018, /* Reiwa 1 is 2019 */
	DATE_FIRST_YEAR = 1970,
	DATE_LAST_YEAR = 2200
};

/* Days of the civil calendar since 1970 and back (H. Hinnant). */
static int64_t
date_to_days(int64_t year, unsigned month, unsigned day)
{
	year -= month <= 2;
	const int64_t era = year / 400;
	const unsigned of_era = (unsigned)(year - era * 400);
	const unsigned of_year =
		(153 * (month + (month > 2 ? -3U : 9U)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	       of_year - 719468;
}

struct date_civil {
	unsigned year;
	unsigned month;
	unsigned day;
};

static struct date_civil
date_of_days(int64_t days)
{
	days += 719468;
	const int64_t era = days / 146097;
	const unsigned of_era = (unsigned)(days - era * 146097);
	const unsigned year_of_era =
		(of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) /
		365;
	const unsigned of_year = of_era - (365 * year_of_era + year_of_era / 4 -
					   year_of_era / 100);
	const unsigned shifted = (5 * of_year + 2) / 153;
	const unsigned month = shifted < 10 ? shifted + 3 : shifted - 9;

	return (struct date_civil){
		.year = (unsigned)(year_of_era + era * 400) + (month <= 2),
		.month = month,
		.day = of_year - (153 * shifted + 2) / 5 + 1,
	};
}

/* ---- the field ---- */

static unsigned
date_month(struct span word)
{
	static const char names[][4] = { "jan", "feb", "mar", "apr",
					 "may", "jun", "jul", "aug",
					 "sep", "oct", "nov", "dec" };

	for (unsigned i = 0; i < DATE_MONTHS; i++)
		if (span_equal_nocase(word, span_of(names[i])))
			return i + 1;
	return 0;
}

/* The next word or number of the field. */
static bool
date_next(struct span value, size_t *at, struct span *word_out)
{
	size_t from = 0;

	while (*at < value.len_bytes &&
	       strchr(" \t\r\n,:", value.ptr[*at]) != NULL)
		++*at;
	from = *at;
	while (*at < value.len_bytes &&
	       strchr(" \t\r\n,:", value.ptr[*at]) == NULL)
		++*at;
	return *at > from && span_cut(value, from, *at - from, word_out);
}

static bool
date_number(struct span value, size_t *at, uint64_t most, uint64_t *number)
{
	struct span word = { NULL, 0 };

	return date_next(value, at, &word) && parse_u64(word, most, number);
}

bool
words_date_parse(struct span value, struct words_date *date_out)
{
	struct span word = { NULL, 0 };
	size_t at = 0;
	uint64_t day = 0;
	uint64_t year = 0;
	uint64_t hour = 0;
	uint64_t minute = 0;
	unsigned month = 0;

	if (!date_next(value, &at, &word))
		return false;
	/* The day of the week may be left out. */
	if (!parse_u64(word, 31, &day) && !date_number(value, &at, 31, &day))
		return false;
	if (!date_next(value, &at, &word))
		return false;
	month = date_month(word);
	if (month == 0 || day == 0 ||
	    !date_number(value, &at, DATE_LAST_YEAR, &year) ||
	    year < DATE_FIRST_YEAR)
		return false;
	if (!date_number(value, &at, 23, &hour) ||
	    !date_number(value, &at, 59, &minute))
		hour = minute = 0;
	*date_out = (struct words_date){ date_to_days((int64_t)year, month,
						      (unsigned)day),
					 (unsigned)hour, (unsigned)minute };
	return true;
}

/* ---- forms ---- */

/* "%": Y year of four digits, y of two, M and D of two, m and d of one or two,
 * e year of the era, E of two digits, h and n hour and minute of two. */
static const char *const date_forms[] = {
	"%Y%M%D",    "%M%D",       "%y%M%D",   "%Y",       "%Y%M",
	"%y%M",      "%Y%m%d",     "%m%d",     "%Y/%M/%D", "%Y-%M-%D",
	"%Y.%M.%D",  "%Y_%M_%D",   "%y/%M/%D", "%y-%M-%D", "%M-%D",
	"%M/%D",     "%D%M%Y",     "%D%M%y",   "%M%D%Y",   "%D%M",
	"R%e%M%D",   "r%e%M%D",    "R%E%M%D",  "%E%M%D",   "R%e.%m.%d",
	"R%e/%M/%D", "%Y%M%D%h%n", "%M%D%h%n", "%h%n",     "令和%e年%m月%d日",
};
_Static_assert(ARRAY_LEN(date_forms) == WORDS_DATE_FORMS, "count them");

static void
date_add_part(const struct date_civil *civil, const struct words_date *date,
	      char part, struct sbuf *out)
{
	const unsigned era = civil->year > DATE_ERA_BEFORE
				     ? civil->year - DATE_ERA_BEFORE
				     : 0;

	switch (part) {
	case 'Y':
		sbuf_addf(out, "%04u", civil->year);
		break;
	case 'y':
		sbuf_addf(out, "%02u", civil->year % 100);
		break;
	case 'M':
		sbuf_addf(out, "%02u", civil->month);
		break;
	case 'm':
		sbuf_addf(out, "%u", civil->month);
		break;
	case 'D':
		sbuf_addf(out, "%02u", civil->day);
		break;
	case 'd':
		sbuf_addf(out, "%u", civil->day);
		break;
	case 'e':
		sbuf_addf(out, "%u", era);
		break;
	case 'E':
		sbuf_addf(out, "%02u", era);
		break;
	case 'h':
		sbuf_addf(out, "%02u", date->hour);
		break;
	default:
		sbuf_addf(out, "%02u", date->minute);
		break;
	}
}

void
words_date_add(const struct words_date *date, int days, size_t i,
	       struct sbuf *out)
{
	const struct date_civil civil = date_of_days(date->day + days);

	for (const char *c = date_forms[i]; *c != '\0'; c++)
		if (*c == '%')
			date_add_part(&civil, date, *++c, out);
		else
			sbuf_add_byte(out, (uint8_t)*c);
}
