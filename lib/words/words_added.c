#include "lib/words/words_added.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "lib/words/known_files.h"
#include "lib/words/words_store.h"

enum {
	ADDED_TYPE = 0x0120,
	ADDED_PATH_BYTES = 4400,
	ADDED_PACKED_BYTES = 4 * WORDS_MAX_BYTES,
	ADDED_HEAD_BYTES = 4,
	ADDED_SHOWN_BYTES = 60
};

static const struct wire_field file_fields[] = {
	WIRE_TEXT_F(struct words_file, path, 1, ADDED_PATH_BYTES),
	WIRE_TEXT_F(struct words_file, text, 0, WORDS_MAX_BYTES),
};
static WIRE_TABLE(file_table, 0, 1, words_file, file_fields);

static const struct wire_field id_fields[] = {
	WIRE_TEXT_F(struct words_id, text, 0, ADDED_PATH_BYTES),
};
static WIRE_TABLE(id_table, 0, 1, words_id, id_fields);

static const struct wire_field pattern_fields[] = {
	WIRE_TEXT_F(struct words_pattern, name, 0, ADDED_PATH_BYTES),
	WIRE_TEXT_F(struct words_pattern, match, 0, ADDED_PATH_BYTES),
	WIRE_BOOL_F(struct words_pattern, any_case),
	WIRE_I64_F(struct words_pattern, weight_db),
};
static WIRE_TABLE(pattern_table, 0, 1, words_pattern, pattern_fields);

static const struct wire_field added_fields[] = {
	WIRE_LIST_F(struct words_added, files, file_count, 0, WORDS_MAX_FILES,
		    file_table),
	WIRE_LIST_F(struct words_added, own_ids, own_id_count, 0,
		    WORDS_MAX_OWN_IDS, id_table),
	WIRE_LIST_F(struct words_added, samples, sample_count, 0,
		    WORDS_MAX_SAMPLES, id_table),
	WIRE_LIST_F(struct words_added, patterns, pattern_count, 0,
		    WORDS_MAX_PATTERNS, pattern_table),
	WIRE_BYTES_F(struct words_added, passwords, 0, WORDS_MAX_BYTES),
};
WIRE_TABLE(words_added_table, ADDED_TYPE, 2, words_added, added_fields);

/* Is name that of a file that we know, with or without ".add"? */
static bool
added_is_known(const char *name)
{
	static const char *const known[] = {
#define WORDS_LIST(name, kind) #name,
#include "lib/words/words_lists.def"
#undef WORDS_LIST
		"weights",
	};

	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		const size_t len_bytes = strlen(known[i]);

		if (strncmp(name, known[i], len_bytes) == 0 &&
		    (strcmp(name + len_bytes, ".conf") == 0 ||
		     strcmp(name + len_bytes, ".add.conf") == 0))
			return true;
	}
	return false;
}

/* Editors leave other files behind; one that is meant must not be lost by a
 * wrong name. */
static int
added_is_file(const struct dirent *entry)
{
	const size_t len_bytes = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len_bytes > 5 &&
	       strcmp(entry->d_name + (len_bytes - 5), ".conf") == 0;
}

static enum status
added_read_file(const char *dir, const char *name, struct wire_arena *arena,
		struct sbuf *text, struct words_file *file_out, struct err *err)
{
	AUTO(sbuf_done) struct sbuf path;
	const size_t before = text->len_bytes;
	struct span part = { NULL, 0 };
	enum status st = ST_OK;

	sbuf_init(&path, ADDED_PATH_BYTES);
	sbuf_addf(&path, "%s/%s", dir, name);
	st = sbuf_status(&path, "words", err);
	if (st == ST_OK && !added_is_known(name))
		return err_set(err, ST_FORMAT,
			       "%.*s: is no list of words; the names are those "
			       "of conf/words, or NAME.add.conf",
			       ADDED_SHOWN_BYTES * 2, sbuf_text(&path));
	if (st == ST_OK)
		st = fd_slurp_file(sbuf_text(&path), text, err);
	if (st == ST_LIMIT)
		return err_set(err, st, "%.*s: more than %d bytes of words",
			       ADDED_SHOWN_BYTES * 2, sbuf_text(&path),
			       WORDS_MAX_BYTES);
	if (st != ST_OK)
		return st;
	(void)span_cut(sbuf_span(text), before, text->len_bytes - before,
		       &part);
	if (part.len_bytes > 0 && memchr(part.ptr, 0, part.len_bytes) != NULL)
		return err_set(err, ST_FORMAT,
			       "%.*s:1: is no text; save it as UTF-8",
			       ADDED_SHOWN_BYTES * 2, sbuf_text(&path));
	file_out->path = wire_arena_text(arena, sbuf_span(&path));
	file_out->text = wire_arena_text(arena, part);
	if (file_out->path == NULL || file_out->text == NULL)
		return err_set(err, ST_NO_MEMORY, "words: no memory");
	return ST_OK;
}

static enum status
added_read_all(const char *dir, struct dirent **names, size_t count,
	       struct wire_arena *arena, struct words_added *added,
	       struct err *err)
{
	struct words_file *files =
		wire_arena_alloc(arena, (count + 1) * sizeof(*files));
	AUTO(sbuf_done) struct sbuf text;
	enum status st = ST_OK;

	sbuf_init(&text, WORDS_MAX_BYTES);
	if (files == NULL)
		return err_set(err, ST_NO_MEMORY, "words: no memory");
	if (count > WORDS_MAX_FILES)
		return err_set(err, ST_LIMIT, "%.*s: more than %d files",
			       ADDED_SHOWN_BYTES * 2, dir, WORDS_MAX_FILES);
	for (size_t i = 0; st == ST_OK && i < count; i++)
		st = added_read_file(dir, names[i]->d_name, arena, &text,
				     &files[i], err);
	if (st != ST_OK)
		return st;
	added->files = files;
	added->file_count = count;
	return ST_OK;
}

enum status
words_added_read(const char *path, struct wire_arena *arena,
		 struct words_added *added, struct err *err)
{
	struct dirent **names = NULL;
	const int count = scandir(path, &names, added_is_file, alphasort);
	enum status st = ST_OK;

	if (count < 0)
		return err_set_errno(err,
				     "scanner.words: %.*s cannot be read; "
				     "does it exist, for this account?",
				     ADDED_SHOWN_BYTES * 2, path);
	st = added_read_all(path, names, (size_t)count, arena, added, err);
	for (int i = 0; i < count; i++)
		free(names[i]);
	free(names);
	return st;
}

enum status
words_passwords_read(struct wire_arena *arena, struct words_added *added,
		     struct err *err)
{
	const char *path = added->passwords_path;
	AUTO(sbuf_done) struct sbuf text;
	struct err why = { .st = ST_OK };
	const char *copy = NULL;
	enum status st = ST_OK;

	sbuf_init_secret(&text, WORDS_MAX_BYTES);
	if (path == NULL || path[0] == '\0')
		return ST_OK;
	st = fd_slurp_file(path, &text, &why);
	if (st == ST_LIMIT)
		return err_set(err, st,
			       "scanner.passwords: %.*s: more than %d bytes",
			       ADDED_SHOWN_BYTES * 2, path, WORDS_MAX_BYTES);
	if (st != ST_OK)
		return err_set(err, st,
			       "scanner.passwords: %.*s cannot be read; does "
			       "it exist, for this account?",
			       ADDED_SHOWN_BYTES * 2, path);
	if (!parse_is_utf8(sbuf_span(&text)) ||
	    (text.len_bytes > 0 &&
	     memchr(text.bytes, '\0', text.len_bytes) != NULL))
		return err_set(err, ST_FORMAT,
			       "scanner.passwords: %.*s is no text; save it "
			       "as UTF-8",
			       ADDED_SHOWN_BYTES * 2, path);
	copy = wire_arena_text(arena, sbuf_span(&text));
	if (copy == NULL)
		return err_set(err, ST_NO_MEMORY, "words: no memory");
	added->passwords = span_of(copy);
	/* Some editors mark UTF-8. */
	if (text.len_bytes >= 3 && memcmp(copy, "\xEF\xBB\xBF", 3) == 0)
		(void)span_cut(added->passwords, 3, text.len_bytes - 3,
			       &added->passwords);
	return ST_OK;
}

static enum status
added_write_payload(const struct words_added *added, int fd, struct err *err)
{
	AUTO(sbuf_done) struct sbuf payload;
	uint8_t head[ADDED_HEAD_BYTES];
	enum status st = ST_OK;

	sbuf_init_secret(&payload, ADDED_PACKED_BYTES);
	st = wire_encode(&words_added_table, added, &payload, err);
	for (size_t i = 0; i < sizeof(head); i++)
		head[i] = (uint8_t)(payload.len_bytes >> 8 * i);
	if (st == ST_OK)
		st = fd_write_all(fd, (struct span){ head, sizeof(head) }, err);
	return st == ST_OK ? fd_write_all(fd, sbuf_span(&payload), err) : st;
}

/* All of it in a memory file that nobody can change. */
static enum status
added_write(const struct words_added *added, struct span known, int *fd_out,
	    struct err *err)
{
	AUTO(fd_close) int fd = FD_NONE;
	enum status st = fd_memory("words", &fd, err);

	if (st == ST_OK)
		st = added_write_payload(added, fd, err);
	if (st == ST_OK)
		st = fd_write_all(fd, known, err);
	if (st == ST_OK)
		st = fd_seal(fd, err);
	if (st == ST_OK)
		*fd_out = FD_MOVE(fd);
	return st;
}

enum status
words_pack(const char *path, const struct words_added *added, int *fd_out,
	   struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = wire_arena_new();
	AUTO(words_free) struct words *words = NULL;
	AUTO(sbuf_done) struct sbuf known;
	struct words_added all = *added;
	enum status st = ST_OK;

	sbuf_init(&known, KNOWN_FILES_PACK_BYTES);
	if (arena == NULL)
		return err_set(err, ST_NO_MEMORY, "words: no memory");
	if (path[0] != '\0')
		st = words_added_read(path, arena, &all, err);
	if (st == ST_OK)
		st = words_passwords_read(arena, &all, err);
	if (st == ST_OK)
		st = words_make(&all, &words, err);
	if (st == ST_OK && all.known_path != NULL && all.known_path[0] != '\0')
		st = known_files_read(all.known_path, &known, err);
	return st == ST_OK && fd_out != NULL
		       ? added_write(&all, sbuf_span(&known), fd_out, err)
		       : st;
}

enum status
words_unpack(int fd, struct words **words_out, struct err *err)
{
	AUTO(fd_unmap) struct span packed = { NULL, 0 };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct words_added added = { .files = NULL };
	struct span payload = { NULL, 0 };
	uint32_t len_bytes = 0;
	enum status st = fd_map_sealed(fd,
				       ADDED_HEAD_BYTES + ADDED_PACKED_BYTES +
					       KNOWN_FILES_PACK_BYTES,
				       &packed, err);

	if (st == ST_OK &&
	    (!span_read_le(packed, 0, ADDED_HEAD_BYTES, &len_bytes) ||
	     !span_cut(packed, ADDED_HEAD_BYTES, len_bytes, &payload)))
		st = err_set(err, ST_FORMAT, "words: cut off");
	if (st == ST_OK)
		st = wire_decode(&words_added_table, payload, &added, &arena,
				 err);
	if (st == ST_OK)
		st = words_make(&added, words_out, err);
	if (st != ST_OK)
		return st;
	(void)span_cut(packed, ADDED_HEAD_BYTES + len_bytes,
		       packed.len_bytes - ADDED_HEAD_BYTES - len_bytes,
		       &(*words_out)->known);
	(*words_out)->packed = packed;
	packed = (struct span){ NULL, 0 };
	return ST_OK;
}
