#include "lib/words/words.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "lib/words/own_id.h"
#include "lib/words/words_file.h"
#include "lib/words/words_match.h"
#include "lib/words/words_shipped.h"
#include "lib/words/words_store.h"

#define SHIPPED(name)                                                      \
	{                                                                  \
		"conf/words/" #name ".conf",                               \
		{                                                          \
			words_shipped_##name, sizeof(words_shipped_##name) \
		}                                                          \
	}

static const struct {
	const char *name;
	enum label_kind kind;
	struct words_source shipped;
} words_lists[] = {
#define WORDS_LIST(name, kind) { #name, LABEL_##kind, SHIPPED(name) },
#include "lib/words/words_lists.def"
#undef WORDS_LIST
};
static const struct words_source words_weights = SHIPPED(weights);
static const struct words_source words_samples = SHIPPED(samples);

void
words_free(struct words **words)
{
	if (*words == NULL)
		return;
	words_patterns_free(&(*words)->patterns);
	wire_arena_free(&(*words)->arena);
	fd_unmap(&(*words)->packed);
	free((*words)->entries);
	free(*words);
	*words = NULL;
}

enum status
words_add_entry(struct words *words, const struct words_entry *entry,
		struct span text, struct err *err)
{
	struct words_entry copy = *entry;

	if (words->entry_count == WORDS_MAX_ENTRIES)
		return err_set(err, ST_LIMIT,
			       "words: more than %d of them in all lists; take "
			       "some out of your own",
			       WORDS_MAX_ENTRIES);
	if (words->entry_count == words->entry_room) {
		const size_t room = words->entry_room * 2 + 256;
		struct words_entry *entries =
			reallocarray(words->entries, room, sizeof(*entries));

		if (entries == NULL)
			return err_set(err, ST_NO_MEMORY, "words: no memory");
		words->entries = entries;
		words->entry_room = room;
	}
	copy.text = wire_arena_text(words->arena, text);
	if (copy.text == NULL)
		return err_set(err, ST_NO_MEMORY, "words: no memory");
	words->entries[words->entry_count++] = copy;
	return ST_OK;
}

/* The file "NAME.conf" or "NAME.add.conf" among those added. */
static bool
words_find_added(const struct words_added *added, const char *name,
		 const char *suffix, struct words_source *source_out)
{
	const size_t name_bytes = strlen(name);

	for (size_t i = 0; added != NULL && i < added->file_count; i++) {
		const char *path = added->files[i].path;
		const char *slash = strrchr(path, '/');
		const char *file = slash != NULL ? slash + 1 : path;

		if (strncmp(file, name, name_bytes) != 0 ||
		    strcmp(file + name_bytes, suffix) != 0)
			continue;
		*source_out =
			(struct words_source){ path,
					       span_of(added->files[i].text) };
		return true;
	}
	return false;
}

static enum status
words_make_lists(struct words *words, const struct words_added *added,
		 struct err *err)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < ARRAY_LEN(words_lists); i++) {
		struct words_source source = words_lists[i].shipped;

		(void)words_find_added(added, words_lists[i].name, ".conf",
				       &source);
		st = words_parse_list(&source, words_lists[i].kind, words, err);
	}
	/* Behind all that is shipped: of words that are alike the last one
	 * counts, whatever its list. */
	for (size_t i = 0; st == ST_OK && i < ARRAY_LEN(words_lists); i++) {
		struct words_source source;

		if (words_find_added(added, words_lists[i].name, ".add.conf",
				     &source))
			st = words_parse_list(&source, words_lists[i].kind,
					      words, err);
	}
	return st;
}

static enum status
words_make_weights(struct words *words, const struct words_added *added,
		   struct err *err)
{
	struct words_source source = words_weights;
	enum status st = ST_OK;

	(void)words_find_added(added, "weights", ".conf", &source);
	st = words_parse_weights(&source, true, words, err);
	if (st == ST_OK &&
	    words_find_added(added, "weights", ".add.conf", &source))
		st = words_parse_weights(&source, false, words, err);
	return st;
}

static enum status
words_make_own_ids(struct words *words, const struct words_added *added,
		   struct err *err)
{
	if (added->own_id_count > WORDS_MAX_OWN_IDS)
		return err_set(err, ST_LIMIT, "own_ids: more than %d",
			       WORDS_MAX_OWN_IDS);
	for (size_t i = 0; i < added->own_id_count; i++) {
		struct err why = { .st = ST_OK };
		const enum status st = own_id_parse(added->own_ids[i].text,
						    &words->own_ids[i], &why);

		/* Not the text: it may be what should not be there. */
		if (st != ST_OK)
			return err_set(err, st, "own_ids: item %zu: %s", i + 1,
				       why.text);
		words->own_id_count++;
	}
	return ST_OK;
}

static enum status
words_make_samples(struct words *words, const struct words_added *added,
		   struct err *err)
{
	if (added->sample_count > WORDS_MAX_SAMPLES)
		return err_set(err, ST_LIMIT, "samples: more than %d",
			       WORDS_MAX_SAMPLES);
	for (size_t i = 0; i < added->sample_count; i++) {
		struct err why = { .st = ST_OK };
		uint64_t *number = &words->samples[i];
		bool known = false;
		enum status st = own_id_parse_number(added->samples[i].text,
						     number, &why);

		if (st == ST_OK)
			st = words_parse_samples(&words_samples, *number,
						 &known, &why);
		if (st == ST_OK && !known)
			st = err_set(&why, ST_FORMAT,
				     "is none of the published sample numbers "
				     "of conf/words/samples.conf; no number "
				     "of a person belongs into a "
				     "configuration file");
		if (st != ST_OK)
			return err_set(err, st, "samples: item %zu: %s", i + 1,
				       why.text);
		words->sample_count++;
	}
	return ST_OK;
}

static enum status
words_make_passwords(struct words *words, const struct words_added *added,
		     struct err *err)
{
	const char *copy = wire_arena_text(words->arena, added->passwords);

	if (copy == NULL)
		return err_set(err, ST_NO_MEMORY, "words: no memory");
	words->passwords = span_of(copy);
	return ST_OK;
}

struct span
words_passwords(const struct words *words)
{
	return words->passwords;
}

struct span
words_known_files(const struct words *words)
{
	return words->known;
}

enum status
words_make(const struct words_added *added, struct words **words_out,
	   struct err *err)
{
	AUTO(words_free) struct words *words = calloc(1, sizeof(*words));
	enum status st = ST_OK;

	if (words == NULL)
		return err_set(err, ST_NO_MEMORY, "words: no memory");
	words->arena = wire_arena_new();
	if (words->arena == NULL)
		return err_set(err, ST_NO_MEMORY, "words: no memory");
	st = words_make_lists(words, added, err);
	if (st == ST_OK)
		st = words_make_weights(words, added, err);
	if (st == ST_OK && added != NULL)
		st = words_make_own_ids(words, added, err);
	if (st == ST_OK && added != NULL)
		st = words_make_samples(words, added, err);
	if (st == ST_OK && added != NULL && added->pattern_count > 0)
		st = words_patterns_new(added->patterns, added->pattern_count,
					&words->patterns, err);
	if (st == ST_OK && added != NULL && added->passwords.len_bytes > 0)
		st = words_make_passwords(words, added, err);
	if (st == ST_OK)
		*words_out = MOVE(words);
	return st;
}

enum status
words_new(struct words **words_out, struct err *err)
{
	return words_make(NULL, words_out, err);
}

int64_t
words_weight_db(const struct words *words, enum evidence evidence)
{
	return words->weights_db[evidence];
}

struct words_entries
words_entries(const struct words *words)
{
	return (struct words_entries){ words->entries, words->entry_count };
}

const struct words_patterns *
words_patterns(const struct words *words)
{
	return words->patterns;
}

enum evidence
words_own_row(const struct words *words, uint64_t number)
{
	const uint64_t packed =
		words->own_id_count > 0 ? own_id_pack(number) : 0;

	for (size_t i = 0; i < words->sample_count; i++)
		if (words->samples[i] == number)
			return EVIDENCE_OWN_SAMPLE;
	for (size_t i = 0; i < words->own_id_count; i++)
		if ((packed & words->own_ids[i].mask) == words->own_ids[i].want)
			return EVIDENCE_OWN_ID;
	return EVIDENCE_NONE;
}
