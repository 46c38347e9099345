#include "lib/wire/table.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"

/* Lists in lists: deeper than any table of ours, so nothing can recurse. */
enum { WIRE_MAX_DEPTH = 4, WIRE_ALIGN = 16 };

struct wire_block {
	struct wire_block *next;
	size_t len_bytes;
	_Alignas(16) uint8_t bytes[];
};

struct wire_arena {
	struct wire_block *blocks;
};

struct wire_arena *
wire_arena_new(void)
{
	return calloc(1, sizeof(struct wire_arena));
}

void
wire_arena_free(struct wire_arena **arena)
{
	struct wire_block *block = *arena != NULL ? (*arena)->blocks : NULL;

	while (block != NULL) {
		struct wire_block *next = block->next;

		/* Most of what travels is about somebody's mail. */
		explicit_bzero(block->bytes, block->len_bytes);
		free(block);
		block = next;
	}
	free(*arena);
	*arena = NULL;
}

void *
wire_arena_alloc(struct wire_arena *arena, size_t len_bytes)
{
	struct wire_block *block = NULL;

	if (len_bytes > SIZE_MAX - sizeof(*block) - 1)
		return NULL;
	block = calloc(1, sizeof(*block) + len_bytes + 1);
	if (block == NULL)
		return NULL;
	block->next = arena->blocks;
	block->len_bytes = len_bytes;
	arena->blocks = block;
	return block->bytes;
}

const char *
wire_arena_text(struct wire_arena *arena, struct span text)
{
	char *copy = wire_arena_alloc(arena, text.len_bytes + 1);

	if (copy != NULL && text.len_bytes > 0)
		memcpy(copy, text.ptr, text.len_bytes);
	return copy;
}

/* --- encoding -------------------------------------------------------- */

static void
put_u32(struct sbuf *buf, uint32_t value)
{
	const uint8_t bytes[4] = { (uint8_t)(value >> 24),
				   (uint8_t)(value >> 16),
				   (uint8_t)(value >> 8), (uint8_t)value };

	sbuf_add(buf, bytes, sizeof(bytes));
}

static void
put_u64(struct sbuf *buf, uint64_t value)
{
	put_u32(buf, (uint32_t)(value >> 32));
	put_u32(buf, (uint32_t)value);
}

static enum status
out_of_range(const struct wire_table *table, const struct wire_field *field,
	     uint64_t value, struct err *err)
{
	return err_set(err, ST_LIMIT,
		       "wire: %s.%s is %" PRIu64 ", allowed %" PRIu64
		       " to %" PRIu64,
		       table->name, field->name, value, field->min, field->max);
}

/* No controls but tab and line feed; C1 controls are two bytes in UTF-8. */
static bool
utf8_is_calm(struct span text)
{
	if (!parse_is_utf8(text))
		return false;
	for (size_t i = 0; i < text.len_bytes; i++) {
		const uint8_t c = text.ptr[i];

		if ((c < 0x20 && c != '\t' && c != '\n') || c == 0x7f)
			return false;
		if (c == 0xc2 && text.ptr[i + 1] < 0xa0)
			return false;
	}
	return true;
}

static enum status
check_text(const struct wire_table *table, const struct wire_field *field,
	   struct span text, struct err *err)
{
	assert(text.ptr != NULL || text.len_bytes == 0);
	if (text.len_bytes < field->min || text.len_bytes > field->max)
		return out_of_range(table, field, text.len_bytes, err);
	if (text.ptr == NULL) /* an empty one */
		return ST_OK;
	if (field->kind == WIRE_TEXT && text.len_bytes > 0 &&
	    memchr(text.ptr, 0, text.len_bytes) != NULL)
		return err_set(err, ST_FORMAT, "wire: %s.%s holds a NUL",
			       table->name, field->name);
	if (field->kind == WIRE_UTF8 && !utf8_is_calm(text))
		return err_set(err, ST_FORMAT, "wire: %s.%s is not plain UTF-8",
			       table->name, field->name);
	return ST_OK;
}

static uint64_t
load_number(const struct wire_field *field, const uint8_t *member)
{
	uint64_t wide = 0;
	uint32_t narrow = 0;
	bool flag = false;

	switch (field->kind) {
	case WIRE_BOOL:
		memcpy(&flag, member, sizeof(flag));
		return flag;
	case WIRE_ENUM:
	case WIRE_U32:
		memcpy(&narrow, member, sizeof(narrow));
		return narrow;
	case WIRE_U64:
	case WIRE_I64:
		memcpy(&wide, member, sizeof(wide));
		return wide;
	case WIRE_NONE:
	case WIRE_TEXT:
	case WIRE_UTF8:
	case WIRE_BYTES:
	case WIRE_FIXED:
	case WIRE_LIST:
	default:
		return 0;
	}
}

static struct span
load_span(const struct wire_field *field, const uint8_t *member)
{
	struct span part = { NULL, 0 };
	const char *text = NULL;

	if (field->kind == WIRE_BYTES) {
		memcpy(&part, member, sizeof(part));
		return part;
	}
	memcpy(&text, member, sizeof(text));
	return text != NULL ? span_of(text) : part;
}

static enum status
encode_number(const struct wire_table *table, const struct wire_field *field,
	      const uint8_t *member, struct sbuf *buf, struct err *err)
{
	const uint64_t value = load_number(field, member);

	if (field->kind != WIRE_I64 &&
	    (value < field->min || value > field->max))
		return out_of_range(table, field, value, err);
	if (field->kind == WIRE_U64 || field->kind == WIRE_I64)
		put_u64(buf, value);
	else
		put_u32(buf, (uint32_t)value);
	return ST_OK;
}

static enum status
encode_span(const struct wire_table *table, const struct wire_field *field,
	    const uint8_t *member, struct sbuf *buf, struct err *err)
{
	const struct span part = load_span(field, member);
	enum status st = check_text(table, field, part, err);

	if (st != ST_OK)
		return st;
	put_u32(buf, (uint32_t)part.len_bytes);
	sbuf_add_span(buf, part);
	return ST_OK;
}

/*
 * Lists nest at most WIRE_MAX_DEPTH deep; an own stack instead of recursion
 * keeps that a property of the code.
 */
struct wire_level {
	const struct wire_table *table;
	size_t field; /* next field of the current item */
	size_t items; /* items left, the current one included */
	uint8_t *at;  /* current item */
};

static enum status
encode_list_start(const struct wire_level *level,
		  const struct wire_field *field, struct wire_level *inner,
		  struct sbuf *buf, struct err *err)
{
	size_t count = 0;
	uint8_t *items = NULL;

	memcpy(&count, level->at + field->count_offset, sizeof(count));
	memcpy(&items, level->at + field->offset, sizeof(items));
	if (count < field->min || count > field->max)
		return out_of_range(level->table, field, count, err);
	put_u32(buf, (uint32_t)count);
	*inner = (struct wire_level){ field->items, 0, count, items };
	return ST_OK;
}

static enum status
encode_field(const struct wire_level *level, const struct wire_field *field,
	     struct sbuf *buf, struct err *err)
{
	const uint8_t *member = level->at + field->offset;

	switch (field->kind) {
	case WIRE_BOOL:
	case WIRE_ENUM:
	case WIRE_U32:
	case WIRE_U64:
	case WIRE_I64:
		return encode_number(level->table, field, member, buf, err);
	case WIRE_TEXT:
	case WIRE_UTF8:
	case WIRE_BYTES:
		return encode_span(level->table, field, member, buf, err);
	case WIRE_FIXED:
		sbuf_add(buf, member, (size_t)field->max);
		return ST_OK;
	case WIRE_NONE:
	case WIRE_LIST:
	default:
		return err_set(err, ST_FORMAT, "wire: %s.%s has no kind",
			       level->table->name, field->name);
	}
}

/* Step to the next item, or out of the list. False at the very end. */
static bool
level_next(struct wire_level *levels, size_t *depth)
{
	struct wire_level *level = &levels[*depth];

	if (level->items > 0 && level->field < level->table->field_count)
		return true;
	if (level->items > 1) {
		level->items--;
		level->field = 0;
		level->at += level->table->struct_bytes;
		return true;
	}
	if (*depth == 0)
		return false;
	(*depth)--;
	return true;
}

enum status
wire_encode(const struct wire_table *table, const void *message,
	    struct sbuf *buf, struct err *err)
{
	struct wire_level levels[WIRE_MAX_DEPTH] = { { 0 } };
	size_t depth = 0;
	enum status st = ST_OK;

	levels[0] = (struct wire_level){ table, 0, 1,
					 (uint8_t *)(uintptr_t)message };
	while (st == ST_OK && level_next(levels, &depth)) {
		struct wire_level *level = &levels[depth];

		if (level->items == 0 ||
		    level->field == level->table->field_count)
			continue;
		const struct wire_field *field =
			&level->table->fields[level->field++];

		if (field->kind != WIRE_LIST) {
			st = encode_field(level, field, buf, err);
			continue;
		}
		if (depth + 1 == WIRE_MAX_DEPTH)
			return err_set(err, ST_LIMIT, "wire: %s too deep",
				       table->name);
		st = encode_list_start(level, field, &levels[depth + 1], buf,
				       err);
		depth++;
	}
	return st != ST_OK ? st : sbuf_status(buf, table->name, err);
}

/* --- decoding -------------------------------------------------------- */

struct wire_input {
	struct span payload;
	size_t at;
	struct wire_arena *arena;
};

static enum status
cut_off(const struct wire_table *table, const struct wire_field *field,
	struct err *err)
{
	return err_set(err, ST_FORMAT, "wire: %s.%s is cut off", table->name,
		       field->name);
}

static bool
take(struct wire_input *in, size_t len_bytes, struct span *part_out)
{
	if (!span_cut(in->payload, in->at, len_bytes, part_out))
		return false;
	in->at += len_bytes;
	return true;
}

static bool
take_number(struct wire_input *in, size_t len_bytes, uint64_t *value_out)
{
	struct span part = { NULL, 0 };
	uint64_t value = 0;

	if (!take(in, len_bytes, &part))
		return false;
	for (size_t i = 0; i < len_bytes; i++)
		value = value << 8 | part.ptr[i];
	*value_out = value;
	return true;
}

static void
store_number(const struct wire_field *field, uint64_t value, uint8_t *member)
{
	const uint32_t narrow = (uint32_t)value;
	const bool flag = value != 0;

	if (field->kind == WIRE_BOOL)
		memcpy(member, &flag, sizeof(flag));
	else if (field->kind == WIRE_U64 || field->kind == WIRE_I64)
		memcpy(member, &value, sizeof(value));
	else
		memcpy(member, &narrow, sizeof(narrow));
}

static enum status
decode_number(struct wire_input *in, const struct wire_table *table,
	      const struct wire_field *field, uint8_t *member, struct err *err)
{
	const size_t len_bytes =
		field->kind == WIRE_U64 || field->kind == WIRE_I64 ? 8 : 4;
	uint64_t value = 0;

	if (!take_number(in, len_bytes, &value))
		return cut_off(table, field, err);
	if (field->kind != WIRE_I64 &&
	    (value < field->min || value > field->max))
		return out_of_range(table, field, value, err);
	store_number(field, value, member);
	return ST_OK;
}

static enum status
decode_span(struct wire_input *in, const struct wire_table *table,
	    const struct wire_field *field, uint8_t *member, struct err *err)
{
	uint64_t len_bytes = 0;
	struct span part = { NULL, 0 };
	uint8_t *copy = NULL;

	if (!take_number(in, 4, &len_bytes) ||
	    !take(in, (size_t)len_bytes, &part))
		return cut_off(table, field, err);
	const enum status st = check_text(table, field, part, err);

	if (st != ST_OK)
		return st;
	copy = wire_arena_alloc(in->arena, part.len_bytes);
	if (copy == NULL)
		return err_set(err, ST_NO_MEMORY, "wire: no memory");
	if (part.len_bytes > 0)
		memcpy(copy, part.ptr, part.len_bytes);
	part.ptr = copy;
	if (field->kind == WIRE_BYTES)
		memcpy(member, &part, sizeof(part));
	else
		memcpy(member, &copy, sizeof(copy));
	return ST_OK;
}

/* Fewest bytes an item can take, so that a count cannot outgrow its input. */
static size_t
least_bytes(const struct wire_table *table)
{
	size_t sum = 0;

	for (size_t i = 0; i < table->field_count; i++) {
		const struct wire_field *field = &table->fields[i];

		if (field->kind == WIRE_FIXED)
			sum += (size_t)field->max;
		else
			sum += field->kind == WIRE_U64 ||
					       field->kind == WIRE_I64
				       ? 8
				       : 4;
	}
	return sum > 0 ? sum : 1;
}

static enum status
decode_list_start(struct wire_input *in, const struct wire_level *level,
		  const struct wire_field *field, struct wire_level *inner,
		  struct err *err)
{
	uint64_t wide = 0;
	uint8_t *items = NULL;

	if (!take_number(in, 4, &wide))
		return cut_off(level->table, field, err);
	const size_t count = (size_t)wide;

	if (wide < field->min || wide > field->max)
		return out_of_range(level->table, field, wide, err);
	if (count >
	    (in->payload.len_bytes - in->at) / least_bytes(field->items))
		return cut_off(level->table, field, err);
	items = wire_arena_alloc(in->arena, count * field->items->struct_bytes);
	if (items == NULL)
		return err_set(err, ST_NO_MEMORY, "wire: no memory");
	memcpy(level->at + field->offset, &items, sizeof(items));
	memcpy(level->at + field->count_offset, &count, sizeof(count));
	*inner = (struct wire_level){ field->items, 0, count, items };
	return ST_OK;
}

static enum status
decode_field(struct wire_input *in, const struct wire_level *level,
	     const struct wire_field *field, struct err *err)
{
	uint8_t *member = level->at + field->offset;
	struct span part = { NULL, 0 };

	switch (field->kind) {
	case WIRE_BOOL:
	case WIRE_ENUM:
	case WIRE_U32:
	case WIRE_U64:
	case WIRE_I64:
		return decode_number(in, level->table, field, member, err);
	case WIRE_TEXT:
	case WIRE_UTF8:
	case WIRE_BYTES:
		return decode_span(in, level->table, field, member, err);
	case WIRE_FIXED:
		if (!take(in, (size_t)field->max, &part))
			return cut_off(level->table, field, err);
		if (part.len_bytes > 0)
			memcpy(member, part.ptr, part.len_bytes);
		return ST_OK;
	case WIRE_NONE:
	case WIRE_LIST:
	default:
		return err_set(err, ST_FORMAT, "wire: %s.%s has no kind",
			       level->table->name, field->name);
	}
}

static enum status
decode_all(const struct wire_table *table, struct wire_input *in, void *message,
	   struct err *err)
{
	struct wire_level levels[WIRE_MAX_DEPTH] = { { 0 } };
	size_t depth = 0;
	enum status st = ST_OK;

	levels[0] = (struct wire_level){ table, 0, 1, message };
	while (st == ST_OK && level_next(levels, &depth)) {
		struct wire_level *level = &levels[depth];

		if (level->items == 0 ||
		    level->field == level->table->field_count)
			continue;
		const struct wire_field *field =
			&level->table->fields[level->field++];

		if (field->kind != WIRE_LIST) {
			st = decode_field(in, level, field, err);
			continue;
		}
		if (depth + 1 == WIRE_MAX_DEPTH)
			return err_set(err, ST_LIMIT, "wire: %s too deep",
				       table->name);
		st = decode_list_start(in, level, field, &levels[depth + 1],
				       err);
		depth++;
	}
	if (st == ST_OK && in->at != in->payload.len_bytes)
		return err_set(err, ST_FORMAT, "wire: %s has %zu bytes more",
			       table->name, in->payload.len_bytes - in->at);
	return st;
}

enum status
wire_decode(const struct wire_table *table, struct span payload, void *message,
	    struct wire_arena **arena_out, struct err *err)
{
	AUTO(wire_arena_free)
	struct wire_arena *arena = calloc(1, sizeof(*arena));

	if (arena == NULL)
		return err_set(err, ST_NO_MEMORY, "wire: no memory");
	struct wire_input in = { payload, 0, arena };

	memset(message, 0, table->struct_bytes);
	const enum status st = decode_all(table, &in, message, err);

	if (st == ST_OK)
		*arena_out = MOVE(arena);
	return st;
}
