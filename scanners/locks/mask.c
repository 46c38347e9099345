#include "scanners/locks/mask.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/attr.h"

enum { MASK_FIRST_PRINTED = 0x20, MASK_LAST_PRINTED = 0x7E };

struct mask_reader {
	const char *text;
	size_t at;
};

static void
mask_add(struct mask_set *set, uint8_t character)
{
	if (memchr(set->characters, character, set->count) == NULL)
		set->characters[set->count++] = character;
}

static void
mask_add_range(struct mask_set *set, uint8_t first, uint8_t last)
{
	for (unsigned c = first; c <= last; c++)
		mask_add(set, (uint8_t)c);
}

static bool
mask_is_alnum(unsigned c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z');
}

/* The set that a letter behind "?" names; false: none does. */
static bool
mask_named(struct mask_set *set, char name)
{
	switch (name) {
	case 'd':
		mask_add_range(set, '0', '9');
		return true;
	case 'l':
		mask_add_range(set, 'a', 'z');
		return true;
	case 'u':
		mask_add_range(set, 'A', 'Z');
		return true;
	case 'a':
		mask_add_range(set, MASK_FIRST_PRINTED, MASK_LAST_PRINTED);
		return true;
	case 's':
		for (unsigned c = MASK_FIRST_PRINTED; c <= MASK_LAST_PRINTED;
		     c++)
			if (!mask_is_alnum(c))
				mask_add(set, (uint8_t)c);
		return true;
	case '?':
		mask_add(set, '?');
		return true;
	default:
		return false;
	}
}

/* What stands in brackets; the reader is behind the opening one. */
static bool
mask_bracket(struct mask_reader *reader, struct mask_set *set)
{
	const char *at = reader->text + reader->at;

	do {
		if (*at == '\0')
			return false;
		if (at[1] == '-' && at[2] != ']' && at[2] != '\0') {
			if ((uint8_t)at[0] > (uint8_t)at[2])
				return false;
			mask_add_range(set, (uint8_t)at[0], (uint8_t)at[2]);
			at += 3;
		} else {
			mask_add(set, (uint8_t)*at++);
		}
	} while (*at != ']');
	reader->at = (size_t)(at + 1 - reader->text);
	return true;
}

static bool
mask_number(struct mask_reader *reader, uint16_t *number_out)
{
	unsigned number = 0;
	const size_t start = reader->at;

	for (char c = reader->text[reader->at]; c >= '0' && c <= '9';
	     c = reader->text[++reader->at]) {
		number = number * 10 + (unsigned)(c - '0');
		if (number > MASK_MAX_PLACES)
			number = MASK_MAX_PLACES + 1; /* mask_read() says it */
	}
	*number_out = (uint16_t)number;
	return reader->at > start;
}

/* {n} or {n,m}, where there is one. */
static bool
mask_repeat(struct mask_reader *reader, struct mask_item *item)
{
	item->least = item->most = 1;
	if (reader->text[reader->at] != '{')
		return true;
	reader->at++;
	if (!mask_number(reader, &item->least))
		return false;
	item->most = item->least;
	if (reader->text[reader->at] == ',') {
		reader->at++;
		if (!mask_number(reader, &item->most))
			return false;
	}
	return reader->text[reader->at++] == '}' && item->most > 0 &&
	       item->least <= item->most;
}

static bool
mask_item(struct mask_reader *reader, struct mask_item *item)
{
	const char *at = reader->text + reader->at;

	if (at[0] != '?') {
		mask_add(&item->set, (uint8_t)at[0]);
		reader->at++;
	} else if (at[1] == '[') {
		reader->at += 2;
		if (!mask_bracket(reader, &item->set))
			return false;
	} else {
		if (!mask_named(&item->set, at[1]))
			return false;
		reader->at += 2;
	}
	return mask_repeat(reader, item);
}

void
mask_free(struct mask **mask)
{
	free(*mask);
	*mask = NULL;
}

static enum status
mask_read(struct mask_reader *reader, struct mask *mask, struct err *err)
{
	size_t places = 0;

	while (reader->text[reader->at] != '\0') {
		const size_t at = reader->at;

		if (mask->count == MASK_MAX_ITEMS)
			return err_set(err, ST_LIMIT,
				       "mask: more than %d items",
				       MASK_MAX_ITEMS);
		struct mask_item *item = &mask->items[mask->count++];

		if (!mask_item(reader, item))
			return err_set(err, ST_FORMAT,
				       "mask: not understood from character "
				       "%zu on (write ?? for a question mark)",
				       at + 1);
		places += item->most;
	}
	if (places == 0 || places > MASK_MAX_PLACES)
		return err_set(err, ST_LIMIT, "mask: 1 to %d characters",
			       MASK_MAX_PLACES);
	return ST_OK;
}

enum status
mask_parse(const char *text, struct mask **mask_out, struct err *err)
{
	AUTO(mask_free) struct mask *mask = calloc(1, sizeof(*mask));
	struct mask_reader reader = { text, 0 };

	if (mask == NULL)
		return err_set(err, ST_NO_MEMORY, "mask: no memory");
	const enum status st = mask_read(&reader, mask, err);

	if (st == ST_OK)
		*mask_out = MOVE(mask);
	return st;
}

static void
mask_place(const struct mask *mask, struct mask_shape *shape)
{
	shape->count = 0;
	for (size_t i = 0; i < mask->count; i++)
		for (uint16_t k = 0; k < shape->repeats[i]; k++)
			shape->places[shape->count++] = &mask->items[i].set;
}

void
mask_first(const struct mask *mask, struct mask_shape *shape_out)
{
	for (size_t i = 0; i < mask->count; i++)
		shape_out->repeats[i] = mask->items[i].least;
	mask_place(mask, shape_out);
}

bool
mask_next(const struct mask *mask, struct mask_shape *shape)
{
	for (size_t i = mask->count; i > 0; i--) {
		uint16_t *repeat = &shape->repeats[i - 1];

		if (*repeat < mask->items[i - 1].most) {
			(*repeat)++;
			mask_place(mask, shape);
			return true;
		}
		*repeat = mask->items[i - 1].least;
	}
	return false;
}

uint64_t
mask_shape_size(const struct mask_shape *shape)
{
	uint64_t size = 1;

	for (size_t i = 0; i < shape->count; i++)
		if (__builtin_mul_overflow(size, shape->places[i]->count,
					   &size))
			return UINT64_MAX;
	return size;
}

uint64_t
mask_size(const struct mask *mask)
{
	struct mask_shape shape;
	uint64_t size = 0;

	mask_first(mask, &shape);
	do {
		if (__builtin_add_overflow(size, mask_shape_size(&shape),
					   &size))
			return UINT64_MAX;
	} while (mask_next(mask, &shape));
	return size;
}
