/*
 * config.h - sekimori.conf as one immutable struct.
 *
 * Layer:    lib/config; the only folder that includes libconfuse
 * Threads:  immutable after config_load(); share it freely, free it last
 *
 * Every setting is one row in <section>_settings.def; from the rows come the
 * members below, the parser, range checks, "sekimori check-config --dump",
 * conf/sekimori.conf and the manual page.
 */
#ifndef LIB_CONFIG_CONFIG_H
#define LIB_CONFIG_CONFIG_H

#include <stddef.h>

#include "lib/base/sbuf.h"
#include "lib/words/words_added.h"

struct policy;

struct config_list {
	const char *const *items;
	size_t count;
};

/* C types of the kinds. BYTES, SECONDS, MILLISECONDS, COUNT: never negative;
 * CHOICE: the chosen word. Texts are never NULL. */
#define CONFIG_TYPE_TEXT         const char *
#define CONFIG_TYPE_PATH         const char *
#define CONFIG_TYPE_LIST         struct config_list
#define CONFIG_TYPE_BOOL         bool
#define CONFIG_TYPE_COUNT        int64_t
#define CONFIG_TYPE_BYTES        int64_t
#define CONFIG_TYPE_SECONDS      int64_t
#define CONFIG_TYPE_MILLISECONDS int64_t
#define CONFIG_TYPE_CHOICE       const char *

/* Members carry their unit: max_message_bytes, wall_ms, lock_for_s. */
#define CONFIG_MEMBER_TEXT(field)         field
#define CONFIG_MEMBER_PATH(field)         field
#define CONFIG_MEMBER_LIST(field)         field
#define CONFIG_MEMBER_BOOL(field)         field
#define CONFIG_MEMBER_COUNT(field)        field
#define CONFIG_MEMBER_BYTES(field)        field##_bytes
#define CONFIG_MEMBER_SECONDS(field)      field##_s
#define CONFIG_MEMBER_MILLISECONDS(field) field##_ms
#define CONFIG_MEMBER_CHOICE(field)       field

#define SETTING(field, kind, ...) \
	CONFIG_TYPE_##kind CONFIG_MEMBER_##kind(field);
struct config_general {
#include "lib/config/general_settings.def"
};
struct config_milter {
#include "lib/config/milter_settings.def"
};
struct config_scanner {
#include "lib/config/scanner_settings.def"
};
struct config_vault {
#include "lib/config/vault_settings.def"
};
struct config_courier {
#include "lib/config/courier_settings.def"
};
struct config_desk {
#include "lib/config/desk_settings.def"
};
struct config_portal {
#include "lib/config/portal_settings.def"
};
#undef SETTING

struct config {
	struct config_general general;
	struct config_milter milter;
	struct config_scanner scanner;
	struct config_vault vault;
	struct config_courier courier;
	struct config_desk desk;
	struct config_portal portal;
	const struct policy *policy; /* lib/config/policy.h */
	struct words_added words;    /* but for the files of scanner.words */
	const char *path;            /* file it came from */
	/* Paths made of settings, ready to use: */
	const char *vault_socket;   /* run_dir/vault/vault.sock */
	const char *scanner_socket; /* run_dir/scanner/scanner.sock */
};

/*
 * Read and check a configuration file.
 *
 * Gives:    *config_out, release with config_free()
 * Returns:  ST_OK; ST_NOT_FOUND no such file; ST_FORMAT: err is
 *           "FILE:LINE: reason" for syntax, unknown or repeated settings and
 *           rules, a missing brace, a value out of range, a required setting
 *           that is missing, an id or pattern of the scanner, a policy that
 * lets somebody release alone, an action or option that is not built; ST_IO,
 * ST_NO_MEMORY
 */
MUST_CHECK enum status
config_load(const char *path, struct config **config_out, struct err *err);

/*
 * "FILE:LINE: key: reason" for what only reading another file shows. The line
 * is that of key in the file at path, or of the section around it.
 * Returns: ST_FORMAT, or why the file cannot be read
 */
MUST_CHECK enum status config_refuse(const char *path, const char *key,
				     const char *reason, struct err *err);

/* The defaults alone (sekimori scan without a file): scanner settings and an
 * empty policy; required settings stay empty. */
MUST_CHECK enum status
config_defaults(struct config **config_out, struct err *err);

void config_free(struct config **config);

/* One setting as it is written in a file: "desk.url", "\"https://…\"". */
struct config_value {
	const char *key;
	const char *text;
};

/*
 * A value as a person types it, as it is written in a file: texts and paths
 * get their quotes unless they have them, everything else stays as it is.
 *
 * Returns:  ST_OK; ST_NOT_FOUND: key is no setting
 */
MUST_CHECK enum status config_write_value(const char *key, const char *typed,
					  struct sbuf *out, struct err *err);

/* A commented file with every setting: those of values in force, the others
 * commented out with their defaults. */
void config_write_file(const struct config_value *values, size_t count,
		       struct sbuf *out);

/* The commented sample file, as in conf/sekimori.conf. */
void config_write_sample(struct sbuf *out);

/* Every setting with its value in force, one "section.name = value" a line. */
void config_dump(const struct config *config, struct sbuf *out);

/* mdoc rows for sekimori.conf(5). */
void config_write_man(struct sbuf *out);

#endif
