/*
 * words_added.h - what an admin adds to the words: files, ids, patterns.
 *
 * Layer:    lib/words; includes lib/base and lib/wire
 * Threads:  values
 *
 * The scanner reads it and hands it to its workers in a sealed memory file:
 * the length of a payload of words_added_table (4 bytes, little endian), the
 * payload, and a pack of known files.
 */
#ifndef LIB_WORDS_WORDS_ADDED_H
#define LIB_WORDS_WORDS_ADDED_H

#include "lib/base/status.h"
#include "lib/wire/table.h"

enum {
	WORDS_MAX_FILES = 32,
	WORDS_MAX_BYTES = 1024 * 1024, /* of all files of the directory */
	WORDS_MAX_OWN_IDS = 200,
	WORDS_MAX_SAMPLES = 50,
	WORDS_MAX_PATTERNS = 16,
	WORDS_MAX_PATTERN_BYTES = 1000,
	WORDS_MAX_PATTERN_NAME = 40,
	WORDS_MOST_PATTERN_DB = 60
};

/* A file of the own directory: "direct.conf" takes the place of the shipped
 * one, "direct.add.conf" adds to it. */
struct words_file {
	const char *path; /* of which the last part is the name */
	const char *text;
};

/* An own id ("2026########") or a sample number. */
struct words_id {
	const char *text;
};

struct words_pattern {
	const char *name; /* a-z, 0-9 and - */
	const char *match;
	bool any_case;
	int64_t weight_db;
};

struct words_added {
	const struct words_file *files;
	size_t file_count;
	const struct words_id *own_ids;
	size_t own_id_count;
	const struct words_id *samples;
	size_t sample_count;
	const struct words_pattern *patterns;
	size_t pattern_count;
	/* A file with a password in each line ("" or NULL: none), and what
	 * words_pack() read there; only that goes to the workers. */
	const char *passwords_path;
	struct span passwords; /* UTF-8 */
	/* A directory of files that are known in clear, "" or NULL: none
	 * (known_files.h); they stand behind the payload. */
	const char *known_path;
};
extern const struct wire_table words_added_table;

/*
 * Read the files of the directory at path, in the order of their names, into
 * *added (whose other members are not touched); names that do not end in
 * ".conf" are left alone.
 *
 * Takes:    arena, where texts and lists live from then on
 * Returns:  ST_OK; ST_FORMAT a file's name is not one of the lists, or it is
 *           no text; ST_LIMIT more than WORDS_MAX_BYTES or WORDS_MAX_FILES;
 *           ST_IO; ST_NO_MEMORY. Every message names the file.
 */
MUST_CHECK enum status
words_added_read(const char *path, struct wire_arena *arena,
		 struct words_added *added, struct err *err);

/*
 * Read the directory at path ("": there is none), check everything in it and
 * in added, and write it all to a sealed memory file for the workers.
 *
 * Gives:    *fd_out when it is not NULL, the caller's
 * Returns:  ST_OK; as words_added_read(), known_files_read() and words_make()
 */
MUST_CHECK enum status
words_pack(const char *path, const struct words_added *added, int *fd_out,
	   struct err *err);

/*
 * Read the file of passwords at added->passwords_path into *added. No message
 * quotes it. Takes: arena, as words_added_read().
 * Returns:  ST_OK; ST_FORMAT it is no UTF-8; ST_LIMIT more than
 *           WORDS_MAX_BYTES; ST_IO; ST_NO_MEMORY
 */
MUST_CHECK enum status
words_passwords_read(struct wire_arena *arena, struct words_added *added,
		     struct err *err);

struct words;

/* In the worker; the file stays mapped as long as the words live.
 * Returns: ST_OK; as words_make(); ST_DENIED not sealed */
MUST_CHECK enum status
words_unpack(int fd, struct words **words_out, struct err *err);

#endif
