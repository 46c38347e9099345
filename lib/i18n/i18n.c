#include "lib/i18n/i18n.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"

/* Shape of a .mo file (GNU gettext manual, "The Format of GNU MO Files";
 * po/local.mk has msgfmt write it little-endian):
 *
 *	 0  4  magic   0x950412de
 *	 4  4  version 0
 *	 8  4  count   of texts
 *	12  4  at      of the table of English texts, sorted
 *	16  4  at      of the table of translations, in the same order
 *
 *	table entry   0  4  length without the NUL that follows the text
 *	              4  4  at
 */
#define I18N_MAGIC UINT32_C(0x950412de)

enum {
	I18N_HEADER_BYTES = 28,
	I18N_ENTRY_BYTES = 8,
	I18N_MAX_BYTES = 4 * 1024 * 1024,
	I18N_MAX_PATH_BYTES = 4096,
	I18N_MAX_FIELD_BYTES = 1000,
	I18N_FULL_WEIGHT = 1000
};

struct i18n_entry {
	const char *english; /* both borrow from file */
	const char *translated;
};

struct i18n {
	struct sbuf file;
	struct i18n_entry *entries; /* sorted by english */
	size_t entry_count;
};

/* The text that entry number i of the table at table_at describes. */
static const char *
i18n_file_text(struct span file, uint32_t table_at, uint32_t i)
{
	const size_t at = (size_t)table_at + (size_t)i * I18N_ENTRY_BYTES;
	struct span text;
	uint32_t len_bytes = 0;
	uint32_t text_at = 0;

	if (!span_read_le(file, at, 4, &len_bytes) ||
	    !span_read_le(file, at + 4, 4, &text_at) ||
	    !span_cut(file, text_at, (size_t)len_bytes + 1, &text))
		return NULL;
	if (memchr(text.ptr, '\0', text.len_bytes) != text.ptr + len_bytes)
		return NULL;
	return (const char *)text.ptr;
}

static enum status
i18n_read_entries(struct i18n *i18n, uint32_t english_at,
		  uint32_t translated_at, struct err *err)
{
	const struct span file = sbuf_span(&i18n->file);

	for (uint32_t i = 0; i < i18n->entry_count; i++) {
		struct i18n_entry *entry = &i18n->entries[i];

		entry->english = i18n_file_text(file, english_at, i);
		entry->translated = i18n_file_text(file, translated_at, i);
		if (entry->english == NULL || entry->translated == NULL)
			return err_set(err, ST_FORMAT,
				       "i18n: text %" PRIu32
				       " does not lie in the file",
				       i);
		if (i > 0 && strcmp(entry[-1].english, entry->english) >= 0)
			return err_set(err, ST_FORMAT,
				       "i18n: text %" PRIu32 " is not in order",
				       i);
	}
	return ST_OK;
}

static enum status
i18n_read(struct i18n *i18n, struct err *err)
{
	const struct span file = sbuf_span(&i18n->file);
	uint32_t magic = 0;
	uint32_t version = 0;
	uint32_t count = 0;
	uint32_t english_at = 0;
	uint32_t translated_at = 0;

	if (file.len_bytes < I18N_HEADER_BYTES ||
	    !span_read_le(file, 0, 4, &magic) || magic != I18N_MAGIC)
		return err_set(err, ST_FORMAT,
			       "i18n: not a little-endian .mo file");
	if (!span_read_le(file, 4, 4, &version) || version >> 16 != 0 ||
	    !span_read_le(file, 8, 4, &count) ||
	    !span_read_le(file, 12, 4, &english_at) ||
	    !span_read_le(file, 16, 4, &translated_at))
		return err_set(err, ST_FORMAT, "i18n: version %" PRIu32,
			       version);
	if (count == 0 || count > file.len_bytes / I18N_ENTRY_BYTES)
		return err_set(err, ST_FORMAT, "i18n: %" PRIu32 " texts",
			       count);

	i18n->entries = calloc(count, sizeof(*i18n->entries));
	if (i18n->entries == NULL)
		return err_set(err, ST_NO_MEMORY,
			       "i18n: no memory for %" PRIu32 " texts", count);
	i18n->entry_count = count;
	return i18n_read_entries(i18n, english_at, translated_at, err);
}

enum status
i18n_open(const char *dir, struct i18n **i18n_out, struct err *err)
{
	AUTO(i18n_free) struct i18n *i18n = NULL;
	AUTO(sbuf_done) struct sbuf path;
	enum status st = ST_OK;

	sbuf_init(&path, I18N_MAX_PATH_BYTES);
	sbuf_addf(&path, "%s/ja.mo", dir);
	st = sbuf_status(&path, "i18n: path", err);
	if (st != ST_OK)
		return st;
	i18n = calloc(1, sizeof(*i18n));
	if (i18n == NULL)
		return err_set(err, ST_NO_MEMORY, "i18n: no memory");
	sbuf_init(&i18n->file, I18N_MAX_BYTES);
	st = fd_slurp_file(sbuf_text(&path), &i18n->file, err);
	if (st != ST_OK)
		return st;
	st = i18n_read(i18n, err);
	if (st != ST_OK)
		return st;
	*i18n_out = MOVE(i18n);
	return ST_OK;
}

void
i18n_free(struct i18n **i18n)
{
	if (*i18n == NULL)
		return;
	sbuf_done(&(*i18n)->file);
	free((*i18n)->entries);
	free(*i18n);
	*i18n = NULL;
}

const char *
i18n_text(const struct i18n *i18n, enum i18n_language language,
	  const char *english)
{
	size_t low = 0;
	size_t high = i18n != NULL ? i18n->entry_count : 0;

	/* The translation of "" is the catalogue's own header. */
	if (language != I18N_LANGUAGE_JA || english[0] == '\0')
		return english;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		const struct i18n_entry *entry = &i18n->entries[middle];
		const int order = strcmp(english, entry->english);

		if (order == 0)
			return entry->translated[0] != '\0' ? entry->translated
							    : english;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return english;
}

enum i18n_language
i18n_language_of(const char *name)
{
	if (strcmp(name, "ja") == 0)
		return I18N_LANGUAGE_JA;
	if (strcmp(name, "en") == 0)
		return I18N_LANGUAGE_EN;
	return I18N_LANGUAGE_NONE;
}

/* Cut the text up to mark off the front of rest, without white space. */
static struct span
i18n_cut_word(struct span *rest, char mark)
{
	struct span word = *rest;
	size_t len = 0;

	while (len < rest->len_bytes && rest->ptr[len] != (uint8_t)mark)
		len++;
	(void)span_cut(*rest, 0, len, &word);
	len += len < rest->len_bytes;
	(void)span_cut(*rest, len, rest->len_bytes - len, rest);
	while (word.len_bytes > 0 && (*word.ptr == ' ' || *word.ptr == '\t'))
		(void)span_cut(word, 1, word.len_bytes - 1, &word);
	while (word.len_bytes > 0 && (word.ptr[word.len_bytes - 1] == ' ' ||
				      word.ptr[word.len_bytes - 1] == '\t'))
		word.len_bytes--;
	return word;
}

/* "q=0.8" in thousandths; full without one, 0 when it is none. */
static uint64_t
i18n_weight(struct span parameter)
{
	struct span digits = { 0 };
	uint64_t value = 0;
	uint64_t whole = 0;

	if (parameter.len_bytes == 0)
		return I18N_FULL_WEIGHT;
	if (parameter.len_bytes < 3 || parameter.len_bytes > 7 ||
	    (parameter.ptr[0] != 'q' && parameter.ptr[0] != 'Q') ||
	    parameter.ptr[1] != '=' || !span_cut(parameter, 2, 1, &digits) ||
	    !parse_u64(digits, 1, &whole))
		return 0;
	whole *= I18N_FULL_WEIGHT;
	if (parameter.len_bytes == 3)
		return whole;
	if (parameter.ptr[3] != '.' ||
	    !span_cut(parameter, 4, parameter.len_bytes - 4, &digits))
		return 0;
	if (digits.len_bytes > 0 && !parse_u64(digits, 999, &value))
		return 0;
	for (size_t i = digits.len_bytes; i < 3; i++)
		value *= 10;
	return whole + value > I18N_FULL_WEIGHT ? 0 : whole + value;
}

static enum i18n_language
i18n_language_of_range(struct span range, enum i18n_language any)
{
	const struct span primary = i18n_cut_word(&range, '-');

	if (span_equal_nocase(primary, span_of("ja")))
		return I18N_LANGUAGE_JA;
	if (span_equal_nocase(primary, span_of("en")))
		return I18N_LANGUAGE_EN;
	return span_equal(primary, span_of("*")) ? any : I18N_LANGUAGE_NONE;
}

enum i18n_language
i18n_accept(const char *field, enum i18n_language fallback)
{
	struct span rest = { (const uint8_t *)field,
			     strnlen(field, I18N_MAX_FIELD_BYTES) };
	enum i18n_language best = fallback;
	uint64_t best_weight = 0;

	while (rest.len_bytes > 0) {
		struct span item = i18n_cut_word(&rest, ',');
		const struct span range = i18n_cut_word(&item, ';');
		const uint64_t weight = i18n_weight(i18n_cut_word(&item, ';'));
		const enum i18n_language language =
			i18n_language_of_range(range, fallback);

		if (language != I18N_LANGUAGE_NONE && weight > best_weight) {
			best = language;
			best_weight = weight;
		}
	}
	return best;
}
