#include "lib/config/config_words.h"

#include <stdio.h>
#include <string.h>

#include "lib/words/words.h"
#include "lib/words/words_match.h"

enum { WORDS_KEY_BYTES = 64 };

static enum status
words_copy_list(const struct config_reading *reading, struct config_list list,
		const struct words_id **items_out, struct err *err)
{
	struct words_id *items = config_memory_alloc(
		reading->memory, (list.count + 1) * sizeof(*items));

	if (items == NULL)
		return err_set(err, ST_NO_MEMORY, "config: no memory");
	for (size_t i = 0; i < list.count; i++)
		items[i].text = list.items[i];
	*items_out = items;
	return ST_OK;
}

/* Refuse with the line of key what cannot be made words of. */
static enum status
words_check(const struct config_reading *reading, const char *key,
	    const struct words_added *added, struct err *err)
{
	struct words *words = NULL;
	struct err why = { .st = ST_OK };
	const enum status st = words_make(added, &words, &why);

	words_free(&words);
	if (st == ST_OK || st == ST_NO_MEMORY || reading->lines == NULL)
		return st == ST_OK ? st : err_set(err, st, "%s", why.text);
	return config_lines_refuse(reading->lines, key, err, "scanner.%s",
				   why.text);
}

static enum status
words_read_ids(const struct config_reading *reading, struct config *config,
	       struct err *err)
{
	struct words_added *words = &config->words;
	struct words_added alone = { .own_id_count = 0 };
	enum status st = words_copy_list(reading, config->scanner.own_ids,
					 &words->own_ids, err);

	words->own_id_count = config->scanner.own_ids.count;
	alone.own_ids = words->own_ids;
	alone.own_id_count = words->own_id_count;
	if (st == ST_OK && alone.own_id_count > 0)
		st = words_check(reading, "scanner.own_ids", &alone, err);
	return st;
}

static enum status
words_read_samples(const struct config_reading *reading, struct config *config,
		   struct err *err)
{
	struct words_added *words = &config->words;
	struct words_added alone = { .sample_count = 0 };
	enum status st = words_copy_list(reading, config->scanner.samples,
					 &words->samples, err);

	words->sample_count = config->scanner.samples.count;
	alone.samples = words->samples;
	alone.sample_count = words->sample_count;
	if (st == ST_OK && alone.sample_count > 0)
		st = words_check(reading, "scanner.samples", &alone, err);
	return st;
}

static enum status
words_read_pattern(const struct config_reading *reading, unsigned index,
		   cfg_t *parsed, struct words_pattern *pattern,
		   struct err *err)
{
	struct config_pattern is = { .match = "" };
	struct err why = { .st = ST_OK };
	char key[WORDS_KEY_BYTES];
	enum status st = ST_OK;

	(void)snprintf(key, sizeof(key), "pattern[%u]", index);
	const struct config_from from = { parsed, key };

	st = config_read_section(reading, &from, &config_pattern_section, &is,
				 NULL, err);
	if (st != ST_OK)
		return st;
	*pattern = (struct words_pattern){
		config_memory_text(reading->memory, cfg_title(parsed)),
		is.match,
		is.any_case,
		is.weight,
	};
	if (pattern->name == NULL)
		return err_set(err, ST_NO_MEMORY, "config: no memory");
	st = words_pattern_check(pattern, &why);
	if (st != ST_FORMAT)
		return st == ST_OK ? st : err_set(err, st, "%s", why.text);
	(void)snprintf(key, sizeof(key), "pattern[%u]%s", index,
		       strncmp(why.text, "match", 5) == 0    ? ".match"
		       : strncmp(why.text, "weight", 6) == 0 ? ".weight"
							     : "");
	return config_lines_refuse(reading->lines, key, err,
				   "pattern \"%.40s\": %s", pattern->name,
				   why.text);
}

enum status
config_read_words(const struct config_reading *reading,
		  const struct config_file *file, struct config *config,
		  struct err *err)
{
	struct words_pattern *patterns = NULL;
	const unsigned count =
		file != NULL ? cfg_size(file->parsed, "pattern") : 0;
	enum status st = words_read_ids(reading, config, err);

	config->words.passwords_path = config->scanner.passwords;
	config->words.known_path = config->scanner.known_files;
	if (st == ST_OK)
		st = words_read_samples(reading, config, err);
	if (st != ST_OK || count == 0)
		return st;
	if (count > WORDS_MAX_PATTERNS)
		return config_lines_refuse(
			reading->lines, "pattern[16]", err,
			"more than %d patterns; write one with | for several",
			WORDS_MAX_PATTERNS);
	patterns =
		config_memory_alloc(reading->memory, count * sizeof(*patterns));
	if (patterns == NULL)
		return err_set(err, ST_NO_MEMORY, "config: no memory");
	for (unsigned i = 0; st == ST_OK && i < count; i++)
		st = words_read_pattern(reading, i,
					cfg_getnsec(file->parsed, "pattern", i),
					&patterns[i], err);
	config->words.patterns = patterns;
	config->words.pattern_count = count;
	return st;
}
