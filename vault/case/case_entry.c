#include "vault/case/case_entry.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "vault/case/case_table.h"

enum { ENTRY_MAX_TEXT_BYTES = 256 * 1024, ENTRY_MAX_SENDERS = 64 };

/* Ranks of the order "urgent". */
enum {
	RISK_CLEAN = 0,
	RISK_NOTED,
	RISK_UNREAD, /* nobody knows what is in it */
	RISK_SUSPECT,
	RISK_SURE
};

static uint8_t
lower(uint8_t c)
{
	return (uint8_t)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* U+FF01 to U+FF5E are the characters 0x21 to 0x7e, wide: EF BC 81 to BF,
 * EF BD 80 to 9E. 0: it is none of them. */
static uint8_t
narrow(const uint8_t *at)
{
	if (at[0] != 0xef || at[1] == 0 || at[2] == 0)
		return 0;
	if (at[1] == 0xbc && at[2] >= 0x81 && at[2] <= 0xbf)
		return (uint8_t)(at[2] - 0x81 + 0x21);
	if (at[1] == 0xbd && at[2] >= 0x80 && at[2] <= 0x9e)
		return (uint8_t)(at[2] - 0x80 + 0x60);
	return 0;
}

void
case_entry_fold(struct sbuf *out, const char *text)
{
	const uint8_t *at = (const uint8_t *)text;

	while (*at != 0) {
		const uint8_t wide = narrow(at);

		sbuf_add_byte(out, lower(wide != 0 ? wide : *at));
		at += wide != 0 ? 3 : 1;
	}
}

/* --- making ------------------------------------------------------------ */

static uint8_t
risk_of(const struct case_summary *summary)
{
	switch (summary->level) {
	case REPORT_LEVEL_SURE:
		return RISK_SURE;
	case REPORT_LEVEL_SUSPECT:
		return RISK_SUSPECT;
	case REPORT_LEVEL_NOTED:
	case REPORT_LEVEL_NONE:
	default:
		break;
	}
	/* Also one whose report is not known: locked, damaged. */
	if (summary->verdict == REPORT_VERDICT_UNSCANNABLE ||
	    summary->verdict == REPORT_VERDICT_NONE)
		return RISK_UNREAD;
	return summary->level == REPORT_LEVEL_NOTED ? RISK_NOTED : RISK_CLEAN;
}

static void
add_words(struct sbuf *text, const char *words)
{
	sbuf_add_byte(text, '\n');
	case_entry_fold(text, words != NULL ? words : "");
}

/* open_bytes_out: of the part that operators may search in. */
static enum status
fold_text(const struct record *record, struct sbuf *text,
	  size_t *open_bytes_out, struct err *err)
{
	const struct case_summary *summary = &record->summary;
	char id[CASE_ID_TEXT_BYTES];

	case_id_format(record->row.id, id);
	sbuf_add_text(text, id);
	add_words(text, summary->terms.rule);
	*open_bytes_out = text->len_bytes;
	add_words(text, summary->envelope_sender);
	for (size_t i = 0; i < summary->sender_count; i++)
		add_words(text, summary->senders[i].address);
	add_words(text, summary->subject);
	add_words(text, summary->recipients_text);
	return sbuf_status(text, "vault: words of a case", err);
}

static enum status
hash_senders(const struct vault *vault, const struct record *record,
	     uint8_t (*macs)[ENTRY_MAC_BYTES], size_t *count_out,
	     struct err *err)
{
	const struct case_summary *summary = &record->summary;
	enum status st = ST_OK;
	size_t count = 0;

	for (size_t i = 0; st == ST_OK && i < summary->sender_count &&
			   count < ENTRY_MAX_SENDERS;
	     i++) {
		uint8_t mac[DIGEST_BYTES];

		st = vault_mac_person(vault, KEY_USE_ADDRESS,
				      summary->senders[i].address, mac, err);
		if (st == ST_OK)
			memcpy(macs[count++], mac, ENTRY_MAC_BYTES);
	}
	*count_out = count;
	return st;
}

/* One block: entry, HMACs, group, text. */
static struct case_entry *
allocate(const char *group, size_t sender_count, size_t text_bytes)
{
	const size_t mac_bytes = sender_count * ENTRY_MAC_BYTES;
	const size_t group_bytes = strlen(group) + 1;
	const size_t total_bytes = sizeof(struct case_entry) + mac_bytes +
				   group_bytes + text_bytes;
	struct case_entry *entry = calloc(1, total_bytes);
	uint8_t *behind = NULL;

	if (entry == NULL)
		return NULL;
	behind = (uint8_t *)(entry + 1);
	entry->total_bytes = total_bytes;
	entry->senders = (uint8_t(*)[ENTRY_MAC_BYTES])behind;
	entry->sender_count = sender_count;
	entry->group = (char *)(behind + mac_bytes);
	memcpy(entry->group, group, group_bytes);
	if (text_bytes > 0)
		entry->text = entry->group + group_bytes;
	return entry;
}

static void
fill(struct case_entry *entry, const struct record *record)
{
	const struct store_case *row = &record->row;
	const char *sender = record->summary.envelope_sender;
	struct sbuf folded;

	memcpy(entry->id, row->id, sizeof(entry->id));
	entry->state = (uint8_t)row->state;
	entry->risk = risk_of(&record->summary);
	entry->taken_unix_ms = row->taken_unix_ms;
	entry->deadline_unix_ms =
		row->deadline_unix_ms > 0 && !case_state_is_end(row->state)
			? row->deadline_unix_ms
			: INT64_MAX;
	sbuf_init_secret(&folded, ENTRY_MAX_TEXT_BYTES);
	case_entry_fold(&folded, sender != NULL ? sender : "");
	memcpy(entry->sender, sbuf_text(&folded),
	       folded.len_bytes < ENTRY_SENDER_BYTES ? folded.len_bytes
						     : ENTRY_SENDER_BYTES);
	sbuf_done(&folded);
}

enum status
case_entry_new(const struct vault *vault, const struct record *record,
	       enum entry_text with_text, struct case_entry **entry_out,
	       struct err *err)
{
	uint8_t macs[ENTRY_MAX_SENDERS][ENTRY_MAC_BYTES];
	const char *group = record->summary.terms.approvers;
	struct case_entry *entry = NULL;
	struct sbuf text;
	size_t open_bytes = 0;
	size_t count = 0;
	enum status st = hash_senders(vault, record, macs, &count, err);

	sbuf_init_secret(&text, ENTRY_MAX_TEXT_BYTES);
	if (st == ST_OK && with_text == ENTRY_TEXT_WITH)
		st = fold_text(record, &text, &open_bytes, err);
	if (st == ST_OK) {
		entry = allocate(
			group != NULL ? group : "", count,
			with_text == ENTRY_TEXT_WITH ? text.len_bytes + 1 : 0);
		if (entry == NULL)
			st = err_set(err, ST_NO_MEMORY, "vault: no memory");
	}
	if (entry != NULL) {
		fill(entry, record);
		if (count > 0)
			memcpy(entry->senders, macs, count * ENTRY_MAC_BYTES);
		if (entry->text != NULL)
			memcpy(entry->text, sbuf_text(&text), text.len_bytes);
		entry->open_bytes = open_bytes;
		entry->text_bytes = text.len_bytes;
		*entry_out = entry;
	}
	sbuf_done(&text);
	return st;
}

void
case_entry_free(struct case_entry **entry)
{
	if (*entry == NULL)
		return;
	explicit_bzero(*entry, (*entry)->total_bytes);
	free(*entry);
	*entry = NULL;
}

/* --- order ------------------------------------------------------------- */

static int
compare_i64(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int
by_age(const struct case_entry *a, const struct case_entry *b)
{
	const int order = compare_i64(a->taken_unix_ms, b->taken_unix_ms);

	return order != 0 ? order : memcmp(a->id, b->id, sizeof(a->id));
}

static int
oldest_first(const void *a, const void *b)
{
	return by_age(*(const struct case_entry *const *)a,
		      *(const struct case_entry *const *)b);
}

static int
newest_first(const void *a, const void *b)
{
	return oldest_first(b, a);
}

/* What still waits comes first, then the riskiest, then the oldest. */
static int
urgent_first(const void *a, const void *b)
{
	const struct case_entry *x = *(const struct case_entry *const *)a;
	const struct case_entry *y = *(const struct case_entry *const *)b;
	const int x_ended = case_state_is_end((enum case_state)x->state);
	const int y_ended = case_state_is_end((enum case_state)y->state);

	if (x_ended != y_ended)
		return x_ended - y_ended;
	if (x->risk != y->risk)
		return y->risk - x->risk;
	return by_age(x, y);
}

static int
nearest_first(const void *a, const void *b)
{
	const struct case_entry *x = *(const struct case_entry *const *)a;
	const struct case_entry *y = *(const struct case_entry *const *)b;
	const int order = compare_i64(x->deadline_unix_ms, y->deadline_unix_ms);

	return order != 0 ? order : by_age(x, y);
}

static int
by_sender(const void *a, const void *b)
{
	const struct case_entry *x = *(const struct case_entry *const *)a;
	const struct case_entry *y = *(const struct case_entry *const *)b;
	const int order = memcmp(x->sender, y->sender, sizeof(x->sender));

	return order != 0 ? order : by_age(x, y);
}

case_entry_order
case_entry_order_of(enum case_sort sort)
{
	switch (sort) {
	case CASE_SORT_OLDEST:
		return oldest_first;
	case CASE_SORT_NEWEST:
		return newest_first;
	case CASE_SORT_DEADLINE:
		return nearest_first;
	case CASE_SORT_SENDER:
		return by_sender;
	case CASE_SORT_URGENT:
	case CASE_SORT_NONE:
	case CASE_SORT_END:
	default:
		return urgent_first;
	}
}

/* --- questions --------------------------------------------------------- */

bool
case_entry_is_involved(const struct case_entry *entry,
		       const struct case_index_query *query)
{
	for (size_t i = 0; i < query->group_count; i++)
		if (strcmp(entry->group, query->groups[i]) == 0)
			return true;
	for (size_t i = 0; i < query->sender_count; i++)
		for (size_t j = 0; j < entry->sender_count; j++)
			if (memcmp(entry->senders[j], query->senders[i],
				   ENTRY_MAC_BYTES) == 0)
				return true;
	return false;
}

/* Blank, tab, line end, or U+3000: the folded text's bytes of a gap. */
static size_t
gap_bytes(const char *at)
{
	if (*at == ' ' || *at == '\t' || *at == '\n')
		return 1;
	return strncmp(at, "\xe3\x80\x80", 3) == 0 ? 3 : 0;
}

void
case_entry_words(const char *search, struct entry_words *words_out)
{
	struct sbuf folded;
	char *at = words_out->text;
	bool inside = false;

	words_out->count = 0;
	sbuf_init_secret(&folded, sizeof(words_out->text) - 1);
	case_entry_fold(&folded, search);
	memcpy(words_out->text, sbuf_text(&folded), folded.len_bytes);
	words_out->text[folded.len_bytes] = '\0';
	sbuf_done(&folded);
	while (*at != '\0') {
		const size_t gap = gap_bytes(at);

		if (gap > 0) {
			*at = '\0';
			inside = false;
			at += gap;
			continue;
		}
		if (!inside && words_out->count < INDEX_MAX_WORDS)
			words_out->words[words_out->count++] = at;
		inside = true;
		at++;
	}
}

bool
case_entry_matches(const struct case_entry *entry, bool involved,
		   const struct entry_words *words)
{
	const size_t len_bytes =
		involved ? entry->text_bytes : entry->open_bytes;

	for (size_t i = 0; i < words->count; i++)
		if (memmem(entry->text, len_bytes, words->words[i],
			   strlen(words->words[i])) == NULL)
			return false;
	return true;
}
