/* check-config: is the file right, and what does it mean? */
#include <stdio.h>

#include "cli/command.h"
#include "cli/options.h"
#include "courier/notices/letter.h"
#include "lib/config/logo.h"

enum { CHECK_MAX_TEXT_BYTES = 4 * 1024 * 1024 };

static int
check_print(const struct sbuf *text)
{
	struct err err = { 0 };

	if (sbuf_status(text, "check-config", &err) != ST_OK)
		return cli_fail(&err, NULL);
	if (fputs(sbuf_text(text), stdout) == EOF || fflush(stdout) != 0) {
		(void)err_set_errno(&err, "standard output");
		return cli_fail(&err, NULL);
	}
	return 0;
}

/* Wording of the company's own is as good a reason not to start. */
static int
check_notices(const struct config *config)
{
	AUTO(i18n_free) struct i18n *i18n = NULL;
	AUTO(notices_free) struct notices *notices = NULL;
	struct err err = { 0 };

	if (config->courier.notices[0] == '\0' ||
	    letter_open(config, &i18n, &notices, &err) == ST_OK)
		return 0;
	(void)cli_fail(&err, "sekimori.notices(5) tells their form");
	return EX_CONFIG;
}

/* And a logo that cannot be shown, with its line. */
static int
check_logo(const struct config *config)
{
	AUTO(sbuf_done) struct sbuf bytes;
	struct err why = { 0 };
	struct err err = { 0 };
	struct logo logo;

	sbuf_init(&bytes, LOGO_MAX_BYTES);
	if (config->portal.logo[0] == '\0' ||
	    logo_read(config->portal.logo, &bytes, &logo, &why) == ST_OK)
		return 0;
	NEGLECT(config_refuse(config->path, "portal.logo", why.text, &err));
	(void)cli_fail(&err, "name a PNG, JPEG or SVG file of at most 256 KB");
	return EX_CONFIG;
}

/* So are words of detection. */
static int
check_words(const struct config *config)
{
	struct err err = { 0 };

	if (words_pack(config->scanner.words, &config->words, NULL, &err) ==
	    ST_OK)
		return 0;
	(void)cli_fail(&err, "sekimori.words(5) tells their form");
	return EX_CONFIG;
}

/* What the configuration names, and the verdict. */
static int
check_others(const struct config *config, const char *path)
{
	int code = check_logo(config);

	if (code == 0)
		code = check_notices(config);
	if (code == 0)
		code = check_words(config);
	if (code == 0)
		(void)printf("%s: all right\n", path);
	return code;
}

int
cmd_check_config(const struct cli *cli, int argc, char **argv)
{
	struct cli named = *cli;
	bool dump = false;
	bool sample = false;
	bool man = false;
	const struct option_row rows[] = {
		{ "--dump", OPTION_FLAG, &dump },
		{ "--sample", OPTION_FLAG, &sample },
		{ "--man", OPTION_FLAG, &man },
	};
	const struct options options = {
		"check-config",
		"check-config [--dump] [FILE]\n"
		"       sekimori check-config --sample | --man\n"
		"  --dump    every setting with its value in force\n"
		"  --sample  a commented file with every setting\n"
		"  --man     the settings as text of sekimori.conf(5)\n"
		"Exit status: 0 the file is right; 78 it is not.\n",
		rows, ARRAY_LEN(rows)
	};
	AUTO(config_free) struct config *config = NULL;
	AUTO(sbuf_done) struct sbuf text;
	int rest = 0;
	int code = 0;
	const enum options_result result =
		options_parse(&options, argc, argv, &rest);

	sbuf_init(&text, CHECK_MAX_TEXT_BYTES);
	if (result != OPTIONS_OK)
		return options_exit_status(result);
	if (rest > 1 || dump + sample + man > 1 ||
	    (rest == 1 && (sample || man)))
		return cli_misuse("check-config", "too many arguments");
	if (sample || man) {
		if (sample)
			config_write_sample(&text);
		else
			config_write_man(&text);
		return check_print(&text);
	}
	if (rest == 1)
		named.config_path = argv[0];
	code = cli_load_config(&named, &config);
	if (code != 0)
		return code;
	if (!dump)
		return check_others(config, named.config_path);
	config_dump(config, &text);
	return check_print(&text);
}
