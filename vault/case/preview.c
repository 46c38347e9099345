#include "vault/case/preview.h"

#include <string.h>

#include "lib/config/policy.h"
#include "vault/case/job.h"
#include "vault/store/store_preview.h"

enum { PREVIEW_MAX_RUN = 4 }; /* digits that may stand together */

static enum status
order_with(struct vault *vault, const struct record *record, uint64_t serial,
	   struct err *err)
{
	const struct job_order order = { .case_id = record->row.id,
					 .kind = JOB_KIND_PREVIEW,
					 .serial = serial };

	/* Nobody decides on it, so nobody looks at it. */
	if (strcmp(record->summary.terms.approvers, POLICY_GROUP_OF_NOBODY) ==
	    0)
		return ST_OK;
	return job_add(vault, &order, err);
}

enum status
preview_order(struct vault *vault, const struct record *record, struct err *err)
{
	return order_with(vault, record, 0, err);
}

enum status
preview_renew(struct vault *vault, const struct record *record, struct err *err)
{
	return order_with(vault, record, (uint64_t)vault->now_unix_ms, err);
}

/* The worker masks; this looks again, for the digits that cannot be missed. */
static bool
shows_digits(const char *text)
{
	size_t run = 0;

	for (; *text != '\0'; text++) {
		run = *text >= '0' && *text <= '9' ? run + 1 : 0;
		if (run > PREVIEW_MAX_RUN)
			return true;
	}
	return false;
}

static bool
part_is_masked(const struct preview_part *part)
{
	if (shows_digits(part->name))
		return false;
	for (size_t i = 0; i < part->line_count; i++)
		if (shows_digits(part->lines[i].text))
			return false;
	return true;
}

static size_t
text_bytes(const struct preview *preview)
{
	size_t bytes = 0;

	for (size_t i = 0; i < preview->part_count; i++)
		for (size_t j = 0; j < preview->parts[i].line_count; j++)
			bytes += strlen(preview->parts[i].lines[j].text);
	return bytes;
}

enum status
preview_check(struct span payload, enum preview_kind kind,
	      struct sbuf *payload_out, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct preview preview = { .revealed = false };
	const enum status st =
		wire_decode(&preview_table, payload, &preview, &arena, err);

	if (st == ST_NO_MEMORY)
		return st;
	if (st != ST_OK)
		return err_set(err, ST_FORMAT, "vault: not a preview");
	if (preview.revealed != (kind == PREVIEW_REVEALED) ||
	    text_bytes(&preview) > PREVIEW_MAX_BYTES)
		return err_set(err, ST_FORMAT,
			       "vault: not the preview that was asked for");
	for (size_t i = 0; kind == PREVIEW_MASKED && i < preview.part_count;
	     i++)
		if (!part_is_masked(&preview.parts[i]))
			return err_set(err, ST_FORMAT,
				       "vault: a preview with digits in it");
	return wire_encode(&preview_table, &preview, payload_out, err);
}

enum status
preview_take(struct vault *vault, const struct record *record,
	     struct span payload, struct err *err)
{
	struct sbuf plain;
	struct sbuf sealed;
	uint8_t wrapped[SEAL_WRAPPED_BYTES];
	enum status st = ST_OK;

	sbuf_init_secret(&plain, VAULT_MAX_DETAIL_BYTES);
	sbuf_init(&sealed, 2 * (size_t)VAULT_MAX_DETAIL_BYTES);
	st = preview_check(payload, PREVIEW_MASKED, &plain, err);
	if (st == ST_OK)
		st = seal_bytes(key_ring_public(vault->ring), PREVIEW_SEAL,
				sbuf_span(&plain), &sealed, wrapped, err);
	if (st == ST_OK) {
		const struct store_preview row = {
			.preview_key = { wrapped, sizeof(wrapped) },
			.preview = sbuf_span(&sealed),
		};

		st = store_preview_put(vault->store, record->row.id, &row, err);
		vault->after->cases_changed = true;
	}
	sbuf_done(&plain);
	sbuf_done(&sealed);
	return st;
}

enum status
preview_find(struct vault *vault, const uint8_t case_id[CASE_ID_BYTES],
	     struct sbuf *payload_out, struct err *err)
{
	AUTO(store_preview_done) struct store_preview row = { .memory = NULL };
	const enum status st =
		store_preview_find(vault->store, case_id, &row, err);

	if (st != ST_OK)
		return st;
	return key_ring_unseal(vault->ring, PREVIEW_SEAL, row.preview_key,
			       row.preview, payload_out, err);
}
