#include "scanners/pdf/pdf_facts.h"

#include <string.h>

enum {
	FACTS_MAX_TARGETS = 64, /* more of one name: no font is meant */
	FACTS_LEAST_CODES = 12, /* digits of a number */
	FACTS_SAMPLE_BYTES = 512,
	FACTS_NAME_BYTES = 63 /* that fit a token */
};

/* What a name of a font may mean on one page or the other. */
struct facts_key {
	GArray *targets;  /* uint32_t */
	GPtrArray *fonts; /* those that stand there themselves */
};

struct facts_use {
	GByteArray *codes; /* the first of them */
};

static void
facts_free_key(gpointer data)
{
	struct facts_key *key = data;

	g_array_unref(key->targets);
	g_ptr_array_unref(key->fonts);
	g_free(key);
}

static void
facts_free_use(gpointer data)
{
	struct facts_use *use = data;

	explicit_bzero(use->codes->data, use->codes->len);
	g_byte_array_unref(use->codes);
	g_free(use);
}

void
facts_init(struct pdf_facts *facts)
{
	*facts = (struct pdf_facts){ .has_pictures = false };
	facts->roles = g_hash_table_new(NULL, NULL);
	facts->within = g_hash_table_new(NULL, NULL);
	facts->fonts = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	facts->keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					    facts_free_key);
	facts->uses = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					    facts_free_use);
}

void
facts_done(struct pdf_facts *facts)
{
	g_hash_table_destroy(facts->roles);
	g_hash_table_destroy(facts->within);
	g_hash_table_destroy(facts->fonts);
	g_hash_table_destroy(facts->keys);
	g_hash_table_destroy(facts->uses);
}

static bool
facts_is_one_of(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static enum pdf_role
facts_role_of(const char *parent, const char *key)
{
	static const char *const programs[] = { "FontFile", "FontFile2",
						"FontFile3", "CIDToGIDMap",
						"CIDSet" };
	static const char *const looks[] = { "AP", "N", "D", "R" };

	if (strcmp(key, "Contents") == 0 ||
	    facts_is_one_of(parent, looks, ARRAY_LEN(looks)))
		return PDF_ROLE_CONTENTS;
	if (strcmp(parent, "EF") == 0 || strcmp(key, "EF") == 0)
		return PDF_ROLE_ATTACHED;
	return facts_is_one_of(key, programs, ARRAY_LEN(programs))
		       ? PDF_ROLE_PROGRAM
		       : PDF_ROLE_OTHER;
}

static struct facts_key *
facts_key(struct pdf_facts *facts, const char *name)
{
	struct facts_key *key = g_hash_table_lookup(facts->keys, name);

	if (key != NULL)
		return key;
	key = g_new(struct facts_key, 1);
	key->targets = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	key->fonts = g_ptr_array_new_with_free_func(g_free);
	g_hash_table_insert(facts->keys, g_strdup(name), key);
	return key;
}

/* Most entries with references are no fonts, and many. */
static bool
facts_may_be_font(const char *parent, const char *key)
{
	static const char *const others[] = {
		"Parent", "Kids", "P", "Length",
		"Annots", "Dest", "D", "Contents"
	};

	return key[0] != '\0' &&
	       (parent[0] == '\0' || strcmp(parent, "Font") == 0) &&
	       !facts_is_one_of(key, others, ARRAY_LEN(others));
}

static void
facts_add_target(struct pdf_facts *facts, const char *name, uint32_t target)
{
	const struct facts_key *key = facts_key(facts, name);

	for (guint i = 0; i < key->targets->len; i++)
		if (g_array_index(key->targets, uint32_t, i) == target)
			return;
	if (key->targets->len <= FACTS_MAX_TARGETS)
		g_array_append_val(key->targets, target);
}

void
facts_add_reference(struct pdf_facts *facts, uint32_t number,
		    const char *parent, const char *key, uint32_t target)
{
	void *const at = GUINT_TO_POINTER(target);
	unsigned roles =
		GPOINTER_TO_UINT(g_hash_table_lookup(facts->roles, at));

	if (strcmp(key, "Encrypt") == 0)
		facts->is_encrypted = true;
	if (key[0] == '\0' && number != target)
		g_hash_table_insert(facts->within, at,
				    GUINT_TO_POINTER(number));
	else
		roles |= facts_role_of(parent, key);
	g_hash_table_insert(facts->roles, at, GUINT_TO_POINTER(roles));
	if (facts_may_be_font(parent, key))
		facts_add_target(facts, key, target);
}

/* Not cut, and as poppler has it: others are not looked for. */
static bool
facts_is_whole(const char *name)
{
	size_t len = 0;

	while (name[len] > ' ' && name[len] < 0x7f)
		len++;
	return name[len] == '\0' && len < FACTS_NAME_BYTES;
}

void
facts_add_name(struct pdf_facts *facts, uint32_t number, const char *parent,
	       const char *key, const char *value)
{
	static const char *const pictures[] = { "Image", "DCTDecode",
						"JPXDecode", "CCITTFaxDecode",
						"JBIG2Decode" };

	if (facts_is_one_of(value, pictures, ARRAY_LEN(pictures)))
		facts->has_pictures = true;
	if (strcmp(key, "BaseFont") != 0 || !facts_is_whole(value))
		return;
	if (parent[0] == '\0' && number != 0)
		g_hash_table_insert(facts->fonts, GUINT_TO_POINTER(number),
				    g_strdup(value));
	else if (facts_key(facts, parent)->fonts->len <= FACTS_MAX_TARGETS)
		g_ptr_array_add(facts_key(facts, parent)->fonts,
				g_strdup(value));
}

void
facts_add_use(struct pdf_facts *facts, const char *name, struct span codes)
{
	struct facts_use *use = g_hash_table_lookup(facts->uses, name);

	if (use == NULL) {
		use = g_new(struct facts_use, 1);
		use->codes = g_byte_array_new();
		g_hash_table_insert(facts->uses, g_strdup(name), use);
	}
	if (use->codes->len < FACTS_SAMPLE_BYTES)
		g_byte_array_append(use->codes, codes.ptr,
				    (guint)(codes.len_bytes < FACTS_SAMPLE_BYTES
						    ? codes.len_bytes
						    : FACTS_SAMPLE_BYTES));
}

unsigned
facts_roles(const struct pdf_facts *facts, uint32_t number)
{
	void *const at = GUINT_TO_POINTER(number);
	void *const array = g_hash_table_lookup(facts->within, at);
	const unsigned of_array =
		array != NULL ? GPOINTER_TO_UINT(g_hash_table_lookup(
					facts->roles, array))
			      : 0;

	return of_array |
	       GPOINTER_TO_UINT(g_hash_table_lookup(facts->roles, at));
}

/* Enough for a number, more than blanks, and not read as it stands. */
static bool
facts_may_be_number(const struct facts_use *use)
{
	const uint8_t *codes = use->codes->data;
	const guint len = use->codes->len;
	bool differs = false;
	bool plain = true;

	for (guint i = 0; i < len; i++) {
		differs |= i > 1 && codes[i] != codes[i - 2];
		plain &= codes[i] >= ' ';
	}
	return len >= FACTS_LEAST_CODES && differs && !plain;
}

/* poppler leaves out the mark of a subset. */
static bool
facts_is_seen(GHashTable *seen, const char *font)
{
	const char *plus = strchr(font, '+');

	return g_hash_table_contains(seen, font) ||
	       (plus != NULL && g_hash_table_contains(seen, plus + 1));
}

/* Is nothing known of what name means, or one of its fonts seen? */
static bool
facts_key_is_well(const struct pdf_facts *facts, const char *name,
		  GHashTable *seen)
{
	const struct facts_key *key = g_hash_table_lookup(facts->keys, name);
	bool known = false;

	if (key == NULL || key->targets->len > FACTS_MAX_TARGETS ||
	    key->fonts->len > FACTS_MAX_TARGETS)
		return true;
	for (guint i = 0; i < key->fonts->len; i++) {
		known = true;
		if (facts_is_seen(seen, g_ptr_array_index(key->fonts, i)))
			return true;
	}
	for (guint i = 0; i < key->targets->len; i++) {
		const char *font = g_hash_table_lookup(
			facts->fonts, GUINT_TO_POINTER(g_array_index(
					      key->targets, uint32_t, i)));

		known |= font != NULL;
		if (font != NULL && facts_is_seen(seen, font))
			return true;
	}
	return !known;
}

bool
facts_lack_font(const struct pdf_facts *facts, GHashTable *seen)
{
	GHashTableIter iter;
	gpointer name = NULL;
	gpointer use = NULL;

	g_hash_table_iter_init(&iter, facts->uses);
	while (g_hash_table_iter_next(&iter, &name, &use))
		if (facts_may_be_number(use) &&
		    !facts_key_is_well(facts, name, seen))
			return true;
	return false;
}
