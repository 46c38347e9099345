/*
 * table.h - typed messages between our programs: one table, both ends.
 *
 * Layer:    lib/wire; includes only lib/base
 * Threads:  tables are constant; a message belongs to one thread
 * Input:    untrusted; the worst it can cause is ST_FORMAT or ST_LIMIT
 *
 * A message is a C struct and a table that says, member by member, how it
 * travels and which values are allowed. wire_encode() and wire_decode() both
 * check every member against the table, so a value out of range neither
 * leaves nor enters a program. Members are sent in table order, nothing is
 * optional, and the decoder must consume the payload exactly.
 *
 * Shape (big-endian):
 *
 *	frame    0  4  payload_bytes
 *	         4  2  type      which message; see the .h of each protocol
 *	         6  2  version   of that message's table
 *	         8  n  payload   its members, one after another
 *
 *	BOOL, ENUM, U32   4      U64, I64   8
 *	TEXT, UTF8, BYTES 4 + n  length and bytes
 *	FIXED             n
 *	LIST              4 + …  count and the items' members
 */
#ifndef LIB_WIRE_TABLE_H
#define LIB_WIRE_TABLE_H

#include "lib/base/sbuf.h"

enum wire_kind {
	WIRE_NONE = 0,
	WIRE_BOOL,  /* bool */
	WIRE_ENUM,  /* any enum; min..max inclusive, min is normally 1 */
	WIRE_U32,   /* uint32_t */
	WIRE_U64,   /* uint64_t */
	WIRE_I64,   /* int64_t; not range-checked beyond its type */
	WIRE_TEXT,  /* const char *; bytes without NUL, min..max long */
	WIRE_UTF8,  /* const char *; as TEXT, valid UTF-8 without controls
		     * other than tab and line feed */
	WIRE_BYTES, /* struct span, min..max long */
	WIRE_FIXED, /* uint8_t[max] */
	WIRE_LIST   /* const item *items + size_t count; min..max items */
};

struct wire_field {
	const char *name;
	enum wire_kind kind;
	size_t offset;       /* of the member in the struct */
	size_t count_offset; /* LIST: of its size_t count */
	uint64_t min, max;
	const struct wire_table *items; /* LIST */
};

struct wire_table {
	const char *name;
	uint16_t type; /* 0 for the items of a list */
	uint16_t version;
	size_t struct_bytes;
	const struct wire_field *fields;
	size_t field_count;
};

/* clang-format off */
#define WIRE_F(type_, member, kind_, min_, max_) \
	{ #member, kind_, offsetof(type_, member), 0, min_, max_, NULL }
#define WIRE_BOOL_F(t, m)           WIRE_F(t, m, WIRE_BOOL, 0, 1)
#define WIRE_ENUM_F(t, m, min, max) WIRE_F(t, m, WIRE_ENUM, min, max)
#define WIRE_U32_F(t, m, min, max)  WIRE_F(t, m, WIRE_U32, min, max)
#define WIRE_U64_F(t, m, min, max)  WIRE_F(t, m, WIRE_U64, min, max)
#define WIRE_I64_F(t, m)            WIRE_F(t, m, WIRE_I64, 0, 0)
#define WIRE_TEXT_F(t, m, min, max) WIRE_F(t, m, WIRE_TEXT, min, max)
#define WIRE_UTF8_F(t, m, min, max) WIRE_F(t, m, WIRE_UTF8, min, max)
#define WIRE_BYTES_F(t, m, min, max) WIRE_F(t, m, WIRE_BYTES, min, max)
#define WIRE_FIXED_F(t, m)          WIRE_F(t, m, WIRE_FIXED, 0, \
					   sizeof(((t *)NULL)->m))
#define WIRE_LIST_F(t, m, n, min, max, table) \
	{ #m, WIRE_LIST, offsetof(t, m), offsetof(t, n), min, max, &(table) }

/* const struct wire_table NAME for struct STRUCT, fields in an array FIELDS */
#define WIRE_TABLE(name_, type_, version_, struct_, fields_)             \
	const struct wire_table name_ = {                               \
		#name_, type_, version_, sizeof(struct struct_),        \
		fields_, ARRAY_LEN(fields_)                             \
	}
/* clang-format on */

enum { WIRE_HEADER_BYTES = 8 };

/*
 * Append message (a struct of table's type) as a payload to buf. NULL texts
 * and spans count as empty. Returns: ST_OK; ST_LIMIT a member is out of its
 * range or buf is full (err names the member); ST_FORMAT a text holds a NUL
 * or is not UTF-8; ST_NO_MEMORY
 */
MUST_CHECK enum status
wire_encode(const struct wire_table *table, const void *message,
	    struct sbuf *buf, struct err *err);

/* Memory behind the texts, spans and lists of a decoded message, or of one
 * that is being put together; wiped when it is released. wire_arena_new() is
 * NULL without memory. */
struct wire_arena;
struct wire_arena *wire_arena_new(void);
void wire_arena_free(struct wire_arena **arena);

/*
 * Decode a payload into *message. Texts, bytes and lists live in
 * *arena_out, which the caller releases after its last use of the message;
 * nothing borrows from payload. Texts are never NULL. Memory for lists is
 * bounded by what the payload can really hold.
 * Returns: ST_OK; ST_FORMAT, ST_LIMIT (err names table and member);
 *          ST_NO_MEMORY. On failure *message is undefined, *arena_out kept.
 */
MUST_CHECK enum status
wire_decode(const struct wire_table *table, struct span payload, void *message,
	    struct wire_arena **arena_out, struct err *err);

/* Zeroed memory that lives as long as the arena; NULL when there is none. */
void *wire_arena_alloc(struct wire_arena *arena, size_t len_bytes);

/* A copy of text there, with a NUL behind it; NULL without memory. */
const char *wire_arena_text(struct wire_arena *arena, struct span text);

#endif
