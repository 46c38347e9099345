#include "lib/config/config_units.h"

#include <inttypes.h>
#include <string.h>

#include "lib/base/parse.h"

struct unit {
	const char *name;
	int64_t factor;
};

/* Largest first, so that formatting finds the shortest form. */
static const struct unit byte_units[] = {
	{ "T", INT64_C(1) << 40 }, { "G", 1 << 30 }, { "M", 1 << 20 },
	{ "K", 1 << 10 },          { "", 1 },
};
static const struct unit second_units[] = {
	{ "d", 86400 },
	{ "h", 3600 },
	{ "m", 60 },
	{ "s", 1 },
};
static const struct unit millisecond_units[] = {
	{ "d", 86400000 }, { "h", 3600000 }, { "m", 60000 },
	{ "s", 1000 },     { "ms", 1 },
};

static bool
units_parse(const char *text, const struct unit *units, size_t count,
	    int64_t *value_out)
{
	const size_t digits = strspn(text, "0123456789");
	uint64_t number = 0;

	if (!parse_u64((struct span){ (const uint8_t *)text, digits },
		       INT64_MAX, &number))
		return false;
	if (number == 0 && text[digits] == '\0') {
		*value_out = 0;
		return true;
	}
	for (size_t i = 0; i < count; i++) {
		int64_t value = 0;

		if (strcmp(text + digits, units[i].name) != 0)
			continue;
		if (__builtin_mul_overflow((int64_t)number, units[i].factor,
					   &value))
			return false;
		*value_out = value;
		return true;
	}
	return false;
}

bool
units_parse_bytes(const char *text, int64_t *value_out)
{
	return units_parse(text, byte_units, ARRAY_LEN(byte_units), value_out);
}

bool
units_parse_seconds(const char *text, int64_t *value_out)
{
	return units_parse(text, second_units, ARRAY_LEN(second_units),
			   value_out);
}

bool
units_parse_milliseconds(const char *text, int64_t *value_out)
{
	return units_parse(text, millisecond_units,
			   ARRAY_LEN(millisecond_units), value_out);
}

bool
units_parse_signed(const char *text, int64_t *value_out)
{
	const bool minus = text[0] == '-';
	uint64_t number = 0;

	if (!parse_u64(span_of(minus ? text + 1 : text), INT64_MAX, &number))
		return false;
	*value_out = minus ? -(int64_t)number : (int64_t)number;
	return true;
}

bool
units_parse_bool(const char *text, bool *value_out)
{
	static const char *const yes[] = { "yes", "true", "on" };
	static const char *const no[] = { "no", "false", "off" };

	for (size_t i = 0; i < ARRAY_LEN(yes); i++) {
		if (strcmp(text, yes[i]) == 0 || strcmp(text, no[i]) == 0) {
			*value_out = strcmp(text, yes[i]) == 0;
			return true;
		}
	}
	return false;
}

static void
units_format(struct sbuf *buf, const struct unit *units, size_t count,
	     int64_t value)
{
	for (size_t i = 0; i < count; i++) {
		if (value % units[i].factor != 0 ||
		    (value == 0 && i + 1 < count))
			continue;
		sbuf_addf(buf, "%" PRId64 "%s", value / units[i].factor,
			  units[i].name);
		return;
	}
}

void
units_format_bytes(struct sbuf *buf, int64_t value)
{
	units_format(buf, byte_units, ARRAY_LEN(byte_units), value);
}

void
units_format_seconds(struct sbuf *buf, int64_t value)
{
	units_format(buf, second_units, ARRAY_LEN(second_units), value);
}

void
units_format_milliseconds(struct sbuf *buf, int64_t value)
{
	units_format(buf, millisecond_units, ARRAY_LEN(millisecond_units),
		     value);
}
