#include "lib/words/own_id.h"

#include <string.h>

uint64_t
own_id_pack(uint64_t number)
{
	uint64_t packed = 0;

	for (unsigned i = 0; i < OWN_ID_DIGITS; i++) {
		packed |= number % 10 << 4 * i;
		number /= 10;
	}
	return packed;
}

/* The characters that count; false: others, or not twelve. */
static bool
own_id_read(const char *text, char room[OWN_ID_DIGITS])
{
	size_t count = 0;

	for (; *text != '\0'; text++) {
		if (*text == ' ' || *text == '-')
			continue;
		if ((*text != '#' && (*text < '0' || *text > '9')) ||
		    count == OWN_ID_DIGITS)
			return false;
		room[count++] = *text;
	}
	return count == OWN_ID_DIGITS;
}

enum status
own_id_parse(const char *text, struct own_id *id_out, struct err *err)
{
	struct own_id id = { 0, 0 };
	char room[OWN_ID_DIGITS];
	size_t open = 0;

	if (!own_id_read(text, room))
		return err_set(err, ST_FORMAT,
			       "write twelve characters: digits, and # for "
			       "any digit");
	for (size_t i = 0; i < OWN_ID_DIGITS; i++) {
		const bool any = room[i] == '#';

		open += any;
		id.mask = id.mask << 4 | (any ? 0 : 0xF);
		id.want = id.want << 4 | (any ? 0 : (uint64_t)(room[i] - '0'));
	}
	if (open < OWN_ID_MIN_OPEN)
		return err_set(err, ST_FORMAT,
			       "no number of a person belongs into a "
			       "configuration file; write # for at least %d "
			       "digits",
			       OWN_ID_MIN_OPEN);
	if (OWN_ID_DIGITS - open < OWN_ID_MIN_FIXED)
		return err_set(err, ST_FORMAT,
			       "covers too many numbers; write at least %d "
			       "digits",
			       OWN_ID_MIN_FIXED);
	*id_out = id;
	return ST_OK;
}

enum status
own_id_parse_number(const char *text, uint64_t *number_out, struct err *err)
{
	char room[OWN_ID_DIGITS];
	uint64_t number = 0;

	if (!own_id_read(text, room) || memchr(room, '#', sizeof(room)) != NULL)
		return err_set(err, ST_FORMAT, "write twelve digits");
	for (size_t i = 0; i < OWN_ID_DIGITS; i++)
		number = number * 10 + (uint64_t)(room[i] - '0');
	*number_out = number;
	return ST_OK;
}
