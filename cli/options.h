/*
 * options.h - the arguments of a command, by a table.
 *
 * Layer:    cli
 * Threads:  one
 *
 * "--name", "--name VALUE", "--name=VALUE"; "--" ends the options; options
 * and other arguments may stand in any order; "--help" prints the usage.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

enum option_kind {
	OPTION_NONE = 0,
	OPTION_FLAG, /* place is a bool, set to true */
	OPTION_TEXT, /* place is a const char *; twice is a mistake */
	OPTION_LIST  /* place is a struct option_list */
};

enum { OPTION_LIST_ROOM = 64 };
struct option_list {
	const char *items[OPTION_LIST_ROOM];
	size_t count;
};

struct option_row {
	const char *name; /* "--json" */
	enum option_kind kind;
	void *place;
};

struct options {
	const char *command; /* "hold list", for messages */
	const char *usage;   /* lines for --help */
	const struct option_row *rows;
	size_t row_count;
};

enum options_result {
	OPTIONS_NONE = 0,
	OPTIONS_OK,
	OPTIONS_HELP,  /* the usage was printed: exit 0 */
	OPTIONS_MISUSE /* the reason was printed: exit EX_USAGE */
};

/*
 * Read argv[1..argc-1]. Other arguments than options are moved to the front
 * of argv (from argv[0] on), and *rest_out is their number.
 */
enum options_result options_parse(const struct options *options, int argc,
				  char **argv, int *rest_out);

/* The exit status for anything but OPTIONS_OK. */
int options_exit_status(enum options_result result);

/*
 * options_parse() for a command that takes exactly count other arguments;
 * wanted says so to who gave others ("name one case").
 * Returns: true; false: the reason was printed, end with *code_out
 */
bool options_exactly(const struct options *options, int argc, char **argv,
		     int count, const char *wanted, int *code_out);

#endif
