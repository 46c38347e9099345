/* The table of formats against what the readers and signatures can name. */
#include <string.h>

#include "scanners/readers/reader.h"
#include "tests/harness/check.h"

struct format {
	const char *name;
	const char *reader; /* "": not read */
	const char *worker;
	const char *first_place;
};

#define N_(text) text
static const struct format formats[] = {
#define FIRST(first, ...) first
#define FORMAT(name, title, endings, reader, by, worker, ...) \
	{ name, reader, worker, FIRST(__VA_ARGS__, "") },
#define FORMAT_UNREAD(name, title, endings) { name, "", "", "" },
#include "lib/report/formats.def"
#undef FORMAT
#undef FORMAT_UNREAD
};

static const struct reader *const readers[] = {
#define READER(name) &reader_##name,
#include "scanners/readers/readers.def"
#undef READER
};

static const char *const unread_names[] = {
#define MARK(at, bytes, name) name,
#define NAME(symbol, name)    name,
#define COMPOUND(name)        name,
#include "scanners/readers/unread_names.def"
#undef MARK
#undef NAME
#undef COMPOUND
};

static const struct format *
format_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(formats); i++)
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}

static bool
reader_gives(const struct reader *reader, const char *name)
{
	if (reader->type_at == NULL)
		return strcmp(reader->name, name) == 0;
	for (size_t i = 0; reader->type_at(i) != NULL; i++)
		if (strcmp(reader->type_at(i), name) == 0)
			return true;
	return false;
}

static void
check_row(const struct reader *reader, const char *name)
{
	const struct format *format = format_find(name);

	if (format == NULL || strcmp(format->reader, reader->name) != 0)
		fail_msg("%s of the reader %s has no row in formats.def", name,
			 reader->name);
}

static void
every_name_of_a_reader_has_a_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(readers); i++) {
		const struct reader *reader = readers[i];

		if (reader->type != NULL && reader->type_at == NULL)
			fail_msg("%s has type() without type_at()",
				 reader->name);
		if (reader->type_at == NULL)
			check_row(reader, reader->name);
		else
			for (size_t j = 0; reader->type_at(j) != NULL; j++)
				check_row(reader, reader->type_at(j));
	}
}

static void
every_name_of_what_is_not_read_has_a_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(unread_names); i++)
		if (format_find(unread_names[i]) == NULL)
			fail_msg("\"%s\" has no row in formats.def",
				 unread_names[i]);
}

static void
every_row_of_a_reader_names_one_that_is_there(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
		bool found = formats[i].reader[0] == '\0';

		for (size_t j = 0; j < ARRAY_LEN(readers); j++)
			found |= strcmp(readers[j]->name, formats[i].reader) ==
				 0;
		if (!found)
			fail_msg("%s: there is no reader %s", formats[i].name,
				 formats[i].reader);
	}
}

static void
every_row_without_a_reader_is_a_name_that_is_given(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
		bool found = formats[i].reader[0] != '\0';

		for (size_t j = 0; j < ARRAY_LEN(unread_names); j++)
			found |= strcmp(unread_names[j], formats[i].name) == 0;
		for (size_t j = 0; j < ARRAY_LEN(readers); j++)
			if (formats[i].reader[0] == '\0' &&
			    reader_gives(readers[j], formats[i].name))
				fail_msg("%s is read", formats[i].name);
		if (!found)
			fail_msg("nothing gives the name %s", formats[i].name);
	}
}

static void
rows_are_in_order_and_say_where_and_by_what(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
		const struct format *row = &formats[i];
		const bool is_read = row->reader[0] != '\0';
		const bool starts =
			i == 0 || (formats[i - 1].reader[0] != '\0') != is_read;

		if (!starts && strcmp(formats[i - 1].name, row->name) >= 0)
			fail_msg("%s is out of order, or twice", row->name);
		if (is_read && (row->first_place[0] == '\0' ||
				(strcmp(row->worker, "mail") != 0 &&
				 strcmp(row->worker, "pdf") != 0)))
			fail_msg("%s: no place, or no worker", row->name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_name_of_a_reader_has_a_row),
		cmocka_unit_test(every_name_of_what_is_not_read_has_a_row),
		cmocka_unit_test(every_row_of_a_reader_names_one_that_is_there),
		cmocka_unit_test(
			every_row_without_a_reader_is_a_name_that_is_given),
		cmocka_unit_test(rows_are_in_order_and_say_where_and_by_what),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
