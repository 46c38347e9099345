#include "cli/export_open.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/options.h"
#include "cli/output.h"
#include "lib/base/parse.h"
#include "lib/crypto/seal.h"
#include "vault/client/export_file.h"

enum {
	EXPORT_KEY_FILE_BYTES = 256,
	EXPORT_PATH_BYTES = 4300,
	EXPORT_CHUNK_BYTES = 8 * 1024
};

static const char export_words[] = "sekimori-export-1 ";

/* --- the key pair -------------------------------------------------------- */

static enum status
key_write(const char *path, const struct seal_private *pair, struct err *err)
{
	AUTO(sbuf_done) struct sbuf text;
	AUTO(fd_close) int fd = FD_NONE;
	enum status st = ST_OK;

	sbuf_init_secret(&text, EXPORT_KEY_FILE_BYTES);
	sbuf_add_text(&text, export_words);
	format_hex(&text, (struct span){ pair->key, sizeof(pair->key) });
	sbuf_add_byte(&text, '\n');
	st = sbuf_status(&text, "key", err);
	if (st == ST_OK)
		st = output_create(path, &fd, err);
	if (st != ST_OK)
		return st;
	st = fd_write_all(fd, sbuf_span(&text), err);
	const enum status done = output_finish(path, fd, st == ST_OK, err);

	return st == ST_OK ? done : st;
}

static enum status
key_read(const char *path, struct seal_private *pair_out, struct err *err)
{
	AUTO(sbuf_done) struct sbuf text;
	const size_t words = sizeof(export_words) - 1;
	struct span hex = { NULL, 0 };
	enum status st = ST_OK;

	sbuf_init_secret(&text, EXPORT_KEY_FILE_BYTES);
	st = fd_slurp_file(path, &text, err);
	if (st != ST_OK)
		return st;
	if (strncmp(sbuf_text(&text), export_words, words) != 0 ||
	    !span_cut(sbuf_span(&text), words, 2 * (size_t)SEAL_KEY_BYTES,
		      &hex) ||
	    !parse_hex(hex, pair_out->key, sizeof(pair_out->key)))
		return err_set(err, ST_FORMAT, "%s: is no key of an export",
			       path);
	/* Exports are sealed for a key without epochs. */
	pair_out->epoch = 0;
	return ST_OK;
}

int
export_key(const struct cli *cli, int argc, char **argv)
{
	const struct options options = {
		"hold export key",
		"hold export key FILE\n"
		"Makes the key pair of somebody who shall read exported mails: "
		"the private half\n"
		"goes to a new file, the public half, for --key, to standard "
		"output.\n",
		NULL, 0
	};
	AUTO(seal_private_wipe) struct seal_private pair = { .epoch = 0 };
	AUTO(sbuf_done) struct sbuf hex;
	struct seal_public public_key = { .epoch = 0 };
	struct err err = { 0 };
	int code = 0;

	(void)cli;
	sbuf_init(&hex, EXPORT_KEY_FILE_BYTES);
	if (!options_exactly(&options, argc, argv, 1, "name a new file", &code))
		return code;
	enum status st = seal_key_make(0, &pair, &public_key, &err);

	if (st == ST_OK)
		st = key_write(argv[0], &pair, &err);
	if (st != ST_OK)
		return cli_fail(&err, NULL);
	format_hex(&hex,
		   (struct span){ public_key.key, sizeof(public_key.key) });
	(void)printf("%s\n", sbuf_text(&hex));
	return 0;
}

/* --- opening ------------------------------------------------------------- */

/* The sealed bytes of one mail into a file of their own. */
static enum status
open_take(int archive, uint64_t len_bytes, int *fd_out, struct err *err)
{
	AUTO(fd_close) int fd = FD_NONE;
	uint8_t chunk[EXPORT_CHUNK_BYTES];
	enum status st = fd_memory("export", &fd, err);

	while (st == ST_OK && len_bytes > 0) {
		const size_t part = len_bytes < sizeof(chunk)
					    ? (size_t)len_bytes
					    : sizeof(chunk);

		st = fd_read_all(archive, chunk, part, err);
		if (st == ST_END || st == ST_FORMAT)
			st = err_set(err, ST_FORMAT, "the archive is cut off");
		if (st == ST_OK)
			st = fd_write_all(fd, (struct span){ chunk, part },
					  err);
		len_bytes -= part;
	}
	if (st == ST_OK)
		*fd_out = FD_MOVE(fd);
	return st;
}

static enum status
open_mail(int archive, const struct export_entry *entry,
	  const struct seal_private *pair, const char *dir, struct err *err)
{
	AUTO(fd_close) int sealed = FD_NONE;
	AUTO(fd_close) int mail = FD_NONE;
	char id[CASE_ID_TEXT_BYTES];
	char path[EXPORT_PATH_BYTES];
	enum status st = open_take(archive, entry->sealed_bytes, &sealed, err);

	case_id_format(entry->case_id, id);
	if (st == ST_OK && snprintf(path, sizeof(path), "%s/%s.eml", dir, id) >=
				   (int)sizeof(path))
		st = err_set(err, ST_LIMIT, "%.60s: too long", dir);
	if (st == ST_OK)
		st = output_create(path, &mail, err);
	if (st != ST_OK)
		return st;
	st = seal_open_fd(pair, CASE_SEAL_MAIL,
			  (struct span){ entry->key, entry->key_bytes }, sealed,
			  mail, err);
	const enum status done = output_finish(path, mail, st == ST_OK, err);

	if (st == ST_OK && done == ST_OK)
		(void)printf("%s\n", path);
	return st == ST_OK ? done : st;
}

/* Who may read the mails is who opened them. */
static enum status
open_make_folder(const char *dir, struct err *err)
{
	if (mkdir(dir, 0700) != 0 && errno != EEXIST)
		return err_set_errno(err, "%s: cannot be made", dir);
	return ST_OK;
}

static enum status
open_all(const char *key_path, const char *archive_path, const char *dir,
	 struct err *err)
{
	AUTO(seal_private_wipe) struct seal_private pair = { .epoch = 0 };
	AUTO(fd_close)
	int archive = open(archive_path, O_RDONLY | O_CLOEXEC);
	enum status st = ST_OK;

	if (archive < 0)
		return err_set_errno(err, "%s: cannot be opened", archive_path);
	st = key_read(key_path, &pair, err);
	if (st == ST_OK)
		st = open_make_folder(dir, err);
	while (st == ST_OK) {
		struct export_entry entry;

		st = export_read(archive, &entry, err);
		if (st == ST_OK)
			st = open_mail(archive, &entry, &pair, dir, err);
	}
	return st == ST_END ? ST_OK : st;
}

int
export_open(const struct cli *cli, int argc, char **argv)
{
	const char *key = NULL;
	const struct option_row rows[] = {
		{ "--key", OPTION_TEXT, &key },
	};
	const struct options options = {
		"hold export open",
		"hold export open --key FILE ARCHIVE FOLDER\n"
		"Opens what \"hold export fetch\" wrote, with the private "
		"half of the key, as one\n"
		"file a mail. On any machine; no vault is asked. FOLDER is "
		"made when there is none.\n",
		rows, ARRAY_LEN(rows)
	};
	struct err err = { 0 };
	int rest = 0;
	const enum options_result result =
		options_parse(&options, argc, argv, &rest);

	(void)cli;
	if (result != OPTIONS_OK)
		return options_exit_status(result);
	if (key == NULL || rest != 2)
		return cli_misuse("hold export open",
				  "--key, an archive and a folder are needed");
	if (open_all(key, argv[0], argv[1], &err) != ST_OK)
		return cli_fail(&err, NULL);
	return 0;
}
