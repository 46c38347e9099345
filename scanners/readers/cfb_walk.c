#include "scanners/readers/cfb_walk.h"

#include <stdlib.h>
#include <string.h>

#include "scanners/text/charset.h"

enum {
	CFB_HEADER_BYTES = 512,
	CFB_ENTRY_BYTES = 128,
	CFB_MINI_BYTES = 64,
	CFB_NAME_BYTES = 64,
	CFB_HEADER_FATS = 109,
	CFB_HEADER_FATS_AT = 76,
	CFB_MAX_PATH = 32,
	CFB_OWNER_TABLE = 1,
	CFB_OWNER_DIRECTORY,
	CFB_OWNER_MINI,
	CFB_OWNER_FIRST /* of streams */
};

#define CFB_MAX_SECTOR UINT32_C(0xFFFFFFFA) /* the first that is none */
#define CFB_END        UINT32_C(0xFFFFFFFE)
#define CFB_FREE       UINT32_C(0xFFFFFFFF)

static const uint8_t cfb_signature[] = { 0xD0, 0xCF, 0x11, 0xE0,
					 0xA1, 0xB1, 0x1A, 0xE1 };

static uint32_t
cfb_u(struct span bytes, size_t at, size_t len_bytes)
{
	uint32_t value = 0;

	(void)span_read_le(bytes, at, len_bytes, &value);
	return value;
}

static void
cfb_damage(struct cfb *cfb, const char *what)
{
	if (cfb->damage == NULL)
		cfb->damage = what;
}

static void
cfb_odd(struct cfb *cfb, const char *what)
{
	if (cfb->odd == NULL)
		cfb->odd = what;
}

bool
cfb_is_file(struct span file)
{
	return file.len_bytes >= sizeof(cfb_signature) &&
	       memcmp(file.ptr, cfb_signature, sizeof(cfb_signature)) == 0;
}

/* The bytes of a sector; the last one of a file may be short. */
static struct span
cfb_sector(const struct cfb *cfb, uint32_t number)
{
	const size_t at = ((size_t)number + 1) * cfb->sector_bytes;
	struct span bytes = { 0 };

	if (number >= cfb->sectors.count)
		return bytes;
	if (!span_cut(cfb->file, at, cfb->sector_bytes, &bytes))
		(void)span_cut(cfb->file, at, cfb->file.len_bytes - at, &bytes);
	return bytes;
}

static enum status
cfb_sectors_new(struct cfb_sectors *sectors, size_t count, size_t listed,
		struct err *err)
{
	sectors->count = count;
	sectors->listed = listed;
	sectors->owner = calloc(count + 1, sizeof(*sectors->owner));
	sectors->next = calloc(listed + 1, sizeof(*sectors->next));
	if (sectors->owner == NULL || sectors->next == NULL)
		return err_set(err, ST_NO_MEMORY, "cfb: no memory");
	return ST_OK;
}

/* Is number a sector that owner may go on with? Notes what is wrong. */
static bool
cfb_take(struct cfb *cfb, struct cfb_sectors *sectors, uint32_t number,
	 uint32_t owner)
{
	if (number == CFB_END)
		return false;
	if (number >= sectors->count) {
		cfb_damage(cfb, "cfb: a chain leaves the file");
		return false;
	}
	if (sectors->owner[number] == owner) {
		cfb_damage(cfb, "cfb: a chain in a circle");
		return false;
	}
	if (sectors->owner[number] != 0)
		cfb_damage(cfb, "cfb: chains that cross");
	sectors->owner[number] = owner;
	return true;
}

static uint32_t
cfb_next(struct cfb *cfb, const struct cfb_sectors *sectors, uint32_t number)
{
	if (number < sectors->listed)
		return sectors->next[number];
	cfb_damage(cfb, "cfb: a chain leaves its table");
	return CFB_END;
}

/* All sectors from start on. */
static void
cfb_read_chain(struct cfb *cfb, uint32_t start, uint32_t owner,
	       struct sbuf *out)
{
	uint32_t number = start;

	while (out->st == ST_OK &&
	       cfb_take(cfb, &cfb->sectors, number, owner)) {
		sbuf_add_span(out, cfb_sector(cfb, number));
		number = cfb_next(cfb, &cfb->sectors, number);
	}
}

static void
cfb_read_small_chain(struct cfb *cfb, uint32_t start, uint32_t owner,
		     struct sbuf *out)
{
	const struct span mini = sbuf_span(&cfb->mini);
	uint32_t number = start;

	while (out->st == ST_OK && cfb_take(cfb, &cfb->minis, number, owner)) {
		const size_t at = (size_t)number * CFB_MINI_BYTES;
		struct span bytes = { 0 };

		if (!span_cut(mini, at, CFB_MINI_BYTES, &bytes))
			(void)span_cut(mini, at, mini.len_bytes - at, &bytes);
		sbuf_add_span(out, bytes);
		number = cfb_next(cfb, &cfb->minis, number);
	}
}

/* One sector of the FAT. */
static void
cfb_load_fat_sector(struct cfb *cfb, uint32_t number, size_t *used)
{
	const size_t per = cfb->sector_bytes / 4;
	struct span bytes = { 0 };

	if (!cfb_take(cfb, &cfb->sectors, number, CFB_OWNER_TABLE))
		return;
	bytes = cfb_sector(cfb, number);
	if (bytes.len_bytes < cfb->sector_bytes)
		cfb_damage(cfb, "cfb: a table is cut off");
	for (size_t i = 0; i < per && *used < cfb->sectors.listed; i++)
		cfb->sectors.next[(*used)++] = bytes.len_bytes >= i * 4 + 4
						       ? cfb_u(bytes, i * 4, 4)
						       : CFB_FREE;
}

/* The list of the FAT's sectors, in the header and behind. */
static void
cfb_load_fat(struct cfb *cfb)
{
	const size_t per = cfb->sector_bytes / 4 - 1;
	uint32_t list = cfb_u(cfb->file, 68, 4);
	size_t used = 0;

	for (size_t i = 0; i < CFB_HEADER_FATS; i++) {
		const uint32_t number =
			cfb_u(cfb->file, CFB_HEADER_FATS_AT + i * 4, 4);

		if (number < CFB_MAX_SECTOR)
			cfb_load_fat_sector(cfb, number, &used);
	}
	while (list < CFB_MAX_SECTOR &&
	       cfb_take(cfb, &cfb->sectors, list, CFB_OWNER_TABLE)) {
		const struct span bytes = cfb_sector(cfb, list);

		for (size_t i = 0; i < per; i++) {
			uint32_t number = CFB_FREE;

			(void)span_read_le(bytes, i * 4, 4, &number);
			if (number < CFB_MAX_SECTOR)
				cfb_load_fat_sector(cfb, number, &used);
		}
		list = CFB_END;
		(void)span_read_le(bytes, per * 4, 4, &list);
	}
	/* Sectors that no table tells of lead nowhere. */
	cfb->sectors.listed = used;
	for (size_t i = cfb->sectors.count; i < used; i++)
		if (cfb->sectors.next[i] != CFB_FREE)
			cfb_odd(cfb, "cfb: a table longer than the file");
}

/* The small stream and its table. */
static enum status
cfb_load_minis(struct cfb *cfb, struct err *err)
{
	const uint32_t first = cfb_u(cfb->file, 60, 4);
	struct sbuf table;
	enum status st = ST_OK;

	if (cfb->entry_count > 0 && cfb->entries[0].start < CFB_MAX_SECTOR &&
	    cfb->entries[0].size_bytes > 0)
		cfb_read_chain(cfb, cfb->entries[0].start, CFB_OWNER_MINI,
			       &cfb->mini);
	sbuf_init(&table, cfb->file.len_bytes + cfb->sector_bytes);
	if (first < CFB_MAX_SECTOR)
		cfb_read_chain(cfb, first, CFB_OWNER_TABLE + 0x80000000U,
			       &table);
	st = sbuf_status(&cfb->mini, "cfb: small stream", err);
	if (st == ST_OK)
		st = sbuf_status(&table, "cfb: table", err);
	if (st == ST_OK)
		st = cfb_sectors_new(&cfb->minis,
				     (cfb->mini.len_bytes + CFB_MINI_BYTES -
				      1) / CFB_MINI_BYTES,
				     table.len_bytes / 4, err);
	for (size_t i = 0; st == ST_OK && i < cfb->minis.listed; i++)
		cfb->minis.next[i] = cfb_u(sbuf_span(&table), i * 4, 4);
	sbuf_done(&table);
	return st;
}

struct span
cfb_entry_bytes(const struct cfb *cfb, size_t index)
{
	struct span bytes = { 0 };

	(void)span_cut(sbuf_span(&cfb->directory), index * CFB_ENTRY_BYTES,
		       CFB_ENTRY_BYTES, &bytes);
	return bytes;
}

static enum status
cfb_load_entries(struct cfb *cfb, struct err *err)
{
	const bool wide = cfb->sector_bytes > CFB_HEADER_BYTES;

	cfb->entry_count = cfb->directory.len_bytes / CFB_ENTRY_BYTES;
	if (cfb->entry_count == 0)
		return err_set(err, ST_FORMAT, "cfb: no directory");
	cfb->entries = calloc(cfb->entry_count, sizeof(*cfb->entries));
	if (cfb->entries == NULL)
		return err_set(err, ST_NO_MEMORY, "cfb: no memory");
	for (size_t i = 0; i < cfb->entry_count; i++) {
		const struct span bytes = cfb_entry_bytes(cfb, i);
		struct cfb_entry *entry = &cfb->entries[i];

		*entry = (struct cfb_entry){
			.type = cfb_u(bytes, 66, 1),
			.left = cfb_u(bytes, 68, 4),
			.right = cfb_u(bytes, 72, 4),
			.child = cfb_u(bytes, 76, 4),
			.start = cfb_u(bytes, 116, 4),
			.size_bytes = cfb_u(bytes, 120, 4),
			.parent = CFB_NO_ENTRY,
		};
		/* In files of small sectors the upper half means nothing. */
		if (wide)
			entry->size_bytes |= (uint64_t)cfb_u(bytes, 124, 4)
					     << 32;
	}
	if (cfb->entries[0].type != CFB_TYPE_ROOT)
		cfb_damage(cfb, "cfb: no root");
	return ST_OK;
}

/* One more entry to visit, under parent; those that are none are not. */
static void
cfb_visit(struct cfb *cfb, uint32_t index, uint32_t parent, uint32_t *stack,
	  size_t *depth)
{
	if (index == CFB_NO_ENTRY)
		return;
	if (index >= cfb->entry_count || cfb->entries[index].in_tree) {
		cfb_damage(cfb, "cfb: the tree of names");
		return;
	}
	cfb->entries[index].in_tree = true;
	cfb->entries[index].parent = parent;
	stack[(*depth)++] = index;
}

static enum status
cfb_load_tree(struct cfb *cfb, struct err *err)
{
	uint32_t *stack = calloc(cfb->entry_count + 1, sizeof(*stack));
	size_t depth = 0;

	if (stack == NULL)
		return err_set(err, ST_NO_MEMORY, "cfb: no memory");
	cfb->entries[0].in_tree = true;
	stack[depth++] = 0;
	while (depth > 0) {
		const uint32_t index = stack[--depth];
		const struct cfb_entry *entry = &cfb->entries[index];

		if (entry->type != CFB_TYPE_STREAM)
			cfb_visit(cfb, entry->child, index, stack, &depth);
		if (index == 0)
			continue;
		cfb_visit(cfb, entry->left, entry->parent, stack, &depth);
		cfb_visit(cfb, entry->right, entry->parent, stack, &depth);
	}
	free(stack);
	for (size_t i = 0; i < cfb->entry_count; i++)
		if (!cfb->entries[i].in_tree &&
		    cfb->entries[i].type != CFB_TYPE_NONE)
			cfb_odd(cfb, "cfb: entries outside of the tree");
	return ST_OK;
}

static enum status
cfb_load_header(struct cfb *cfb, struct err *err)
{
	const struct span file = cfb->file;
	const uint32_t shift = cfb_u(file, 30, 2);
	size_t behind = 0;

	if (file.len_bytes < CFB_HEADER_BYTES)
		return err_set(err, ST_FORMAT, "cfb: no header");
	if ((shift != 9 && shift != 12) || cfb_u(file, 32, 2) != 6)
		return err_set(err, ST_FORMAT, "cfb: size of sectors");
	cfb->sector_bytes = (size_t)1 << shift;
	cfb->small_bytes = cfb_u(file, 56, 4);
	if (cfb->small_bytes != 4096)
		cfb_odd(cfb, "cfb: size of small streams");
	if (file.len_bytes > cfb->sector_bytes)
		behind = file.len_bytes - cfb->sector_bytes;
	behind += cfb->sector_bytes - 1;
	return cfb_sectors_new(
		&cfb->sectors, behind / cfb->sector_bytes,
		behind / cfb->sector_bytes + cfb->sector_bytes / 4, err);
}

enum status
cfb_open(struct cfb *cfb, struct span file, struct err *err)
{
	enum status st = ST_OK;

	*cfb = (struct cfb){ .file = file, .owners = CFB_OWNER_FIRST };
	sbuf_init_secret(&cfb->mini, file.len_bytes + 1);
	sbuf_init_secret(&cfb->directory, file.len_bytes + 1);
	st = cfb_load_header(cfb, err);
	if (st != ST_OK)
		return st;
	cfb_load_fat(cfb);
	cfb_read_chain(cfb, cfb_u(file, 48, 4), CFB_OWNER_DIRECTORY,
		       &cfb->directory);
	st = sbuf_status(&cfb->directory, "cfb: directory", err);
	if (st == ST_OK)
		st = cfb_load_entries(cfb, err);
	if (st == ST_OK)
		st = cfb_load_tree(cfb, err);
	return st == ST_OK ? cfb_load_minis(cfb, err) : st;
}

void
cfb_done(struct cfb *cfb)
{
	sbuf_done(&cfb->mini);
	sbuf_done(&cfb->directory);
	free(cfb->sectors.next);
	free(cfb->sectors.owner);
	free(cfb->minis.next);
	free(cfb->minis.owner);
	free(cfb->entries);
	*cfb = (struct cfb){ .damage = NULL };
}

enum status
cfb_read_stream(struct cfb *cfb, size_t index, struct sbuf *out,
		size_t *size_out, struct err *err)
{
	struct cfb_entry *entry = &cfb->entries[index];
	const size_t before = out->len_bytes;
	const uint32_t owner = cfb->owners++;
	enum status st = ST_OK;
	size_t len = 0;

	entry->was_read = true;
	if (entry->size_bytes > 0 && entry->size_bytes < cfb->small_bytes)
		cfb_read_small_chain(cfb, entry->start, owner, out);
	else if (entry->size_bytes > 0)
		cfb_read_chain(cfb, entry->start, owner, out);
	st = sbuf_status(out, "cfb: stream", err);
	if (st != ST_OK)
		return st;
	len = out->len_bytes - before;
	if (len < entry->size_bytes)
		cfb_damage(cfb, "cfb: a stream is cut off");
	else
		len = (size_t)entry->size_bytes;
	*size_out = len;
	return ST_OK;
}

struct span
cfb_wide_name(const struct cfb *cfb, size_t index)
{
	const struct span bytes = cfb_entry_bytes(cfb, index);
	struct span name = { 0 };
	size_t len = cfb_u(bytes, 64, 2);

	if (len > CFB_NAME_BYTES)
		len = CFB_NAME_BYTES;
	if (len >= 2)
		(void)span_cut(bytes, 0, len - 2, &name);
	return name;
}

void
cfb_name(const struct cfb *cfb, size_t index, struct sbuf *out)
{
	const size_t from = out->len_bytes;

	charset_decode(CHARSET_UTF16LE, cfb_wide_name(cfb, index), out);
	for (size_t i = from; i < out->len_bytes; i++)
		if (out->bytes[i] < ' ' || out->bytes[i] == 0x7F)
			out->bytes[i] = '_';
}

static uint32_t
cfb_lower(uint32_t c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

bool
cfb_name_starts(const struct cfb *cfb, size_t index, const char *start)
{
	const struct span name = cfb_wide_name(cfb, index);

	for (size_t i = 0; start[i] != '\0'; i++) {
		uint32_t c = 0;

		if (!span_read_le(name, 2 * i, 2, &c))
			return false;
		if (c < ' ')
			c = '_';
		if (cfb_lower(c) != cfb_lower((uint8_t)start[i]))
			return false;
	}
	return true;
}

bool
cfb_is_named(const struct cfb *cfb, size_t index, const char *name)
{
	return cfb_wide_name(cfb, index).len_bytes == 2 * strlen(name) &&
	       cfb_name_starts(cfb, index, name);
}

void
cfb_path(const struct cfb *cfb, size_t index, struct sbuf *out)
{
	uint32_t way[CFB_MAX_PATH];
	size_t depth = 0;

	for (uint32_t at = (uint32_t)index;
	     at != CFB_NO_ENTRY && at != 0 && depth < CFB_MAX_PATH;
	     at = cfb->entries[at].parent)
		way[depth++] = at;
	while (depth > 0) {
		cfb_name(cfb, way[--depth], out);
		if (depth > 0)
			sbuf_add_byte(out, '/');
	}
}

uint32_t
cfb_control(const struct cfb *cfb, size_t index)
{
	const uint32_t first = cfb_u(cfb_entry_bytes(cfb, index), 0, 2);

	return first < ' ' ? first : 0;
}

struct span
cfb_class(const struct cfb *cfb, size_t index)
{
	struct span class = { 0 };

	(void)span_cut(cfb_entry_bytes(cfb, index), 80, 16, &class);
	return class;
}

bool
cfb_next_rest(const struct cfb *cfb, size_t *at, struct span *rest_out)
{
	const struct cfb_sectors *sectors = &cfb->sectors;
	size_t from = *at;
	size_t to = 0;

	/* The header: what stands behind it in its sector. */
	if (*at == 0) {
		*at = 1;
		if (cfb->sector_bytes > CFB_HEADER_BYTES &&
		    span_cut(cfb->file, CFB_HEADER_BYTES,
			     (cfb->file.len_bytes < cfb->sector_bytes
				      ? cfb->file.len_bytes
				      : cfb->sector_bytes) -
				     CFB_HEADER_BYTES,
			     rest_out))
			return true;
		from = 1;
	}
	while (from - 1 < sectors->count && sectors->owner[from - 1] != 0)
		from++;
	to = from;
	while (to - 1 < sectors->count && sectors->owner[to - 1] == 0)
		to++;
	*at = to;
	if (to == from)
		return false;
	const size_t start = from * cfb->sector_bytes;
	const size_t len = (to - from) * cfb->sector_bytes;

	return span_cut(cfb->file, start,
			len < cfb->file.len_bytes - start
				? len
				: cfb->file.len_bytes - start,
			rest_out);
}

bool
cfb_next_small_rest(const struct cfb *cfb, size_t *at, struct span *rest_out)
{
	const struct span mini = sbuf_span(&cfb->mini);
	const struct cfb_sectors *minis = &cfb->minis;
	size_t from = *at;
	size_t to = 0;

	while (from < minis->count && minis->owner[from] != 0)
		from++;
	to = from;
	while (to < minis->count && minis->owner[to] == 0)
		to++;
	*at = to;
	if (to == from)
		return false;
	const size_t start = from * CFB_MINI_BYTES;
	const size_t len = (to - from) * CFB_MINI_BYTES;

	return span_cut(mini, start,
			len < mini.len_bytes - start ? len
						     : mini.len_bytes - start,
			rest_out);
}
