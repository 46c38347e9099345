#include "lib/words/known_files.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "lib/base/fd.h"

enum { KNOWN_HEAD_BYTES = 4, KNOWN_PATH_BYTES = 4400, KNOWN_SHOWN_BYTES = 100 };

static int
known_is_wanted(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static enum status
known_refuse(const char *path, struct err *err)
{
	return err_set(err, ST_LIMIT,
		       "scanner.known_files: %.*s: more than %d files, or %d "
		       "bytes in one or %d in all; leave out the larger ones",
		       KNOWN_SHOWN_BYTES, path, KNOWN_FILES_MAX,
		       KNOWN_FILES_MOST_BYTES, KNOWN_FILES_PACK_BYTES);
}

static enum status
known_append(const char *dir, struct span file, struct sbuf *pack,
	     struct err *err)
{
	uint8_t head[KNOWN_HEAD_BYTES];

	if (file.len_bytes < KNOWN_FILES_LEAST_BYTES)
		return ST_OK;
	if (KNOWN_HEAD_BYTES + file.len_bytes >
	    KNOWN_FILES_PACK_BYTES - pack->len_bytes)
		return known_refuse(dir, err);
	for (size_t i = 0; i < sizeof(head); i++)
		head[i] = (uint8_t)(file.len_bytes >> 8 * i);
	sbuf_add(pack, head, sizeof(head));
	sbuf_add(pack, file.ptr, file.len_bytes);
	return sbuf_status(pack, "known files", err);
}

static enum status
known_read_one(const char *dir, const char *name, struct sbuf *pack,
	       struct err *err)
{
	AUTO(sbuf_done) struct sbuf path;
	AUTO(sbuf_done) struct sbuf file;
	struct err why = { .st = ST_OK };
	struct stat info;
	enum status st = ST_OK;

	sbuf_init(&path, KNOWN_PATH_BYTES);
	sbuf_init(&file, KNOWN_FILES_MOST_BYTES);
	sbuf_addf(&path, "%s/%s", dir, name);
	st = sbuf_status(&path, "known files", err);
	if (st != ST_OK)
		return st;
	if (stat(sbuf_text(&path), &info) != 0)
		return err_set_errno(err, "scanner.known_files: %.*s",
				     KNOWN_SHOWN_BYTES, sbuf_text(&path));
	if (!S_ISREG(info.st_mode))
		return ST_OK;
	st = fd_slurp_file(sbuf_text(&path), &file, &why);
	if (st == ST_LIMIT)
		return known_refuse(sbuf_text(&path), err);
	if (st != ST_OK)
		return err_set(err, st == ST_NO_MEMORY ? st : ST_IO,
			       "scanner.known_files: %.*s cannot be read by "
			       "this account",
			       KNOWN_SHOWN_BYTES, sbuf_text(&path));
	return known_append(dir, sbuf_span(&file), pack, err);
}

enum status
known_files_read(const char *path, struct sbuf *pack, struct err *err)
{
	struct dirent **names = NULL;
	const int count = scandir(path, &names, known_is_wanted, alphasort);
	enum status st = ST_OK;

	if (count < 0)
		return err_set_errno(err,
				     "scanner.known_files: %.*s cannot be "
				     "read; does it exist, for this account?",
				     KNOWN_SHOWN_BYTES, path);
	if (count > KNOWN_FILES_MAX)
		st = known_refuse(path, err);
	for (int i = 0; st == ST_OK && i < count; i++)
		st = known_read_one(path, names[i]->d_name, pack, err);
	for (int i = 0; i < count; i++)
		free(names[i]);
	free(names);
	return st;
}

bool
known_files_next(struct span pack, size_t *at, struct span *file_out)
{
	uint32_t len_bytes = 0;

	if (!span_read_le(pack, *at, KNOWN_HEAD_BYTES, &len_bytes) ||
	    !span_cut(pack, *at + KNOWN_HEAD_BYTES, len_bytes, file_out))
		return false;
	*at += KNOWN_HEAD_BYTES + len_bytes;
	return true;
}
