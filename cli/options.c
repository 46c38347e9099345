#include "cli/options.h"

#include <stdio.h>
#include <string.h>

#include "cli/command.h"

int
options_exit_status(enum options_result result)
{
	return result == OPTIONS_HELP ? 0 : EX_USAGE;
}

static const struct option_row *
options_find(const struct options *options, const char *word)
{
	const size_t len_bytes = strcspn(word, "=");

	for (size_t i = 0; i < options->row_count; i++) {
		const struct option_row *row = &options->rows[i];

		if (strlen(row->name) == len_bytes &&
		    memcmp(row->name, word, len_bytes) == 0)
			return row;
	}
	return NULL;
}

/* Store value in the place of row. False: said why. */
static bool
options_store(const struct options *options, const struct option_row *row,
	      const char *value)
{
	if (row->kind == OPTION_FLAG) {
		*(bool *)row->place = true;
		return true;
	}
	if (row->kind == OPTION_LIST) {
		struct option_list *list = row->place;

		if (list->count == OPTION_LIST_ROOM) {
			(void)cli_misuse(options->command, "too many %s",
					 row->name);
			return false;
		}
		list->items[list->count++] = value;
		return true;
	}
	if (*(const char **)row->place != NULL) {
		(void)cli_misuse(options->command, "%s stands twice",
				 row->name);
		return false;
	}
	*(const char **)row->place = value;
	return true;
}

/* Read the option at argv[*at]; a value of its own moves *at on. */
static bool
options_take(const struct options *options, int argc, char **argv, int *at)
{
	const char *word = argv[*at];
	const struct option_row *row = options_find(options, word);
	const char *equals = strchr(word, '=');
	const char *value = equals != NULL ? equals + 1 : NULL;

	if (row == NULL) {
		(void)cli_misuse(options->command, "there is no option %s",
				 word);
		return false;
	}
	if (row->kind == OPTION_FLAG && value != NULL) {
		(void)cli_misuse(options->command, "%s takes no value",
				 row->name);
		return false;
	}
	if (row->kind != OPTION_FLAG && value == NULL) {
		if (*at + 1 == argc) {
			(void)cli_misuse(options->command, "%s needs a value",
					 row->name);
			return false;
		}
		value = argv[++*at];
	}
	return options_store(options, row, value);
}

enum options_result
options_parse(const struct options *options, int argc, char **argv,
	      int *rest_out)
{
	bool only_rest = false;
	int rest = 0;

	for (int at = 1; at < argc; at++) {
		char *word = argv[at];

		if (only_rest || word[0] != '-' || strcmp(word, "-") == 0) {
			argv[rest++] = word;
		} else if (strcmp(word, "--") == 0) {
			only_rest = true;
		} else if (strcmp(word, "--help") == 0) {
			(void)printf("usage: sekimori [--config FILE] %s",
				     options->usage);
			return OPTIONS_HELP;
		} else if (!options_take(options, argc, argv, &at)) {
			return OPTIONS_MISUSE;
		}
	}
	*rest_out = rest;
	return OPTIONS_OK;
}

bool
options_exactly(const struct options *options, int argc, char **argv, int count,
		const char *wanted, int *code_out)
{
	int rest = 0;
	const enum options_result result =
		options_parse(options, argc, argv, &rest);

	if (result != OPTIONS_OK)
		*code_out = options_exit_status(result);
	else if (rest != count)
		*code_out = cli_misuse(options->command, "%s", wanted);
	else
		return true;
	return false;
}
