/*
 * engine_path.h - the paths of parts, as a report shows them.
 *
 * Layer:    scanners/worker
 * Threads:  no shared state
 * Input:    untrusted names; what comes out is UTF-8 without controls, with
 *           runs of digits masked and passwords hidden, and bounded
 *
 * Shape: "message"            the mail itself
 *        "1", "2/list.xlsx"   its parts by number, with a name if there is one
 *        "2/a.zip/list.csv"   a member by its name, or by number without one
 *        "list.csv"           a bare file
 */
#ifndef SCANNERS_WORKER_ENGINE_PATH_H
#define SCANNERS_WORKER_ENGINE_PATH_H

#include "lib/base/sbuf.h"
#include "scanners/locks/words_anchor.h"

enum {
	ENGINE_NAME_BYTES = 240,
	ENGINE_PATH_BYTES = 2000 /* what the report's table takes */
};

#define ENGINE_PATH_ROOT_MAIL "message"
#define ENGINE_PATH_ROOT_FILE "file"

/* Append name, masked and safe, at most ENGINE_NAME_BYTES of it, without the
 * password that it may say. */
void engine_path_add_name(struct sbuf *out, const char *name);
/* The same for other texts. NONE: in which nobody says any. */
void engine_path_add_words(struct sbuf *out, const char *words,
			   enum words_text kind);

/* The length of the longest run of whole characters within max_bytes. */
size_t engine_path_cut(struct span text, size_t max_bytes);

enum engine_path_kind {
	ENGINE_PATH_NONE = 0,
	ENGINE_PATH_OF_MAIL,     /* parts of a mail: number, then name */
	ENGINE_PATH_OF_CONTAINER /* members: name, else number */
};

/*
 * Path of a child: the number_in_parent'th (from 1) of what stands at parent.
 * kind is the parent's. Returns: a malloc'd text, NULL without memory
 */
char *engine_path_child(const char *parent, enum engine_path_kind kind,
			uint64_t number_in_parent, const char *name);

/* Path of the root. Returns: as engine_path_child() */
char *engine_path_root(enum engine_path_kind kind, const char *name);

#endif
