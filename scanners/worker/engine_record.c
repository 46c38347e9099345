#include <stdlib.h>
#include <string.h>

#include "scanners/worker/engine_state.h"

enum {
	RECORD_ROOM_BYTES = 2000,
	RECORD_FIRST_ROOM = 16,
	RECORD_WORD_BYTES = 64,
	RECORD_ENVID_BYTES = 128,
	RECORD_ADDRESS_BYTES = 1000
};

/* Room for one more in an array that doubles; NULL without memory. */
static void *
record_grow(void *array, size_t count, size_t item_bytes)
{
	const bool full = count == 0 || (count >= RECORD_FIRST_ROOM &&
					 (count & (count - 1)) == 0);
	const size_t room = count == 0 ? RECORD_FIRST_ROOM : count * 2;

	return full ? reallocarray(array, room, item_bytes) : array;
}

/* Words of ours or of a file, whatever they quote masked. */
static char *
record_masked(const char *text)
{
	AUTO(sbuf_done) struct sbuf out;

	sbuf_init(&out, RECORD_ROOM_BYTES);
	engine_path_add_name(&out, text);
	return out.st == ST_OK ? strdup(sbuf_text(&out)) : NULL;
}

/* What must stay as it is, to be compared: identifiers and addresses. */
static char *
record_exact(const char *text, size_t max_bytes)
{
	AUTO(sbuf_done) struct sbuf out;

	sbuf_init(&out, RECORD_ROOM_BYTES);
	engine_path_add_safe(&out, text, max_bytes);
	return out.st == ST_OK ? strdup(sbuf_text(&out)) : NULL;
}

static bool
record_is_last(const struct engine_record *record, const char *part,
	       enum report_reason reason, const char *detail)
{
	const struct report_opaque *last =
		record->opaque_count == 0
			? NULL
			: &record->opaques[record->opaque_count - 1];

	return last != NULL && last->reason == reason &&
	       strcmp(last->part, part) == 0 &&
	       strcmp(last->detail, detail) == 0;
}

/* Append a line; detail is taken over, and NULL when there was no memory. */
static enum status
record_add_opaque(struct engine_record *record, const char *part,
		  enum report_reason reason, char *detail, struct err *err)
{
	char *part_copy = strdup(part);
	struct report_opaque *opaques = record_grow(
		record->opaques, record->opaque_count, sizeof(*opaques));

	if (opaques != NULL)
		record->opaques = opaques;
	if (opaques != NULL && part_copy != NULL && detail != NULL) {
		record->opaques[record->opaque_count++] =
			(struct report_opaque){ part_copy, reason, detail };
		return ST_OK;
	}
	free(detail);
	free(part_copy);
	return err_set(err, ST_NO_MEMORY, "engine: no memory");
}

enum status
engine_record_opaque(struct engine_record *record, const char *part,
		     enum report_reason reason, const char *detail,
		     struct err *err)
{
	char *masked = NULL;

	if (record->opaque_count >= REPORT_MAX_OPAQUES)
		return ST_OK;
	masked = record_masked(detail);
	if (masked != NULL && record_is_last(record, part, reason, masked)) {
		free(masked);
		return ST_OK;
	}
	return record_add_opaque(record, part, reason, masked, err);
}

enum status
engine_record_stop(struct engine_record *record, const char *part,
		   const struct engine_stop *stop, struct err *err)
{
	if (record->opaque_count >= REPORT_MAX_OPAQUES ||
	    record_is_last(record, part, stop->reason, stop->detail))
		return ST_OK;
	return record_add_opaque(record, part, stop->reason,
				 strdup(stop->detail), err);
}

enum status
engine_record_part(struct engine_record *record, const struct report_part *part,
		   struct err *err)
{
	struct report_part copy = *part;
	struct report_part *parts = NULL;

	if (record->part_count >= REPORT_MAX_PARTS)
		return ST_OK;
	parts = record_grow(record->parts, record->part_count, sizeof(*parts));
	if (parts != NULL)
		record->parts = parts;
	copy.path = strdup(part->path);
	copy.name = record_masked(part->name);
	copy.type = record_exact(part->type, RECORD_WORD_BYTES);
	if (parts == NULL || copy.path == NULL || copy.name == NULL ||
	    copy.type == NULL) {
		free((char *)(uintptr_t)copy.path);
		free((char *)(uintptr_t)copy.name);
		free((char *)(uintptr_t)copy.type);
		return err_set(err, ST_NO_MEMORY, "engine: no memory");
	}
	record->parts[record->part_count++] = copy;
	return ST_OK;
}

static void
record_dsn_free(struct report_dsn *dsn)
{
	free((char *)(uintptr_t)dsn->envid);
	free((char *)(uintptr_t)dsn->recipient);
	free((char *)(uintptr_t)dsn->action);
	free((char *)(uintptr_t)dsn->code);
	*dsn = (struct report_dsn){ NULL, NULL, NULL, NULL };
}

enum status
engine_record_dsn(struct engine_record *record, const struct report_dsn *dsn,
		  struct err *err)
{
	if (record->has_dsn)
		return ST_OK;
	record->dsn = (struct report_dsn){
		.envid = record_exact(dsn->envid, RECORD_ENVID_BYTES),
		.recipient = record_exact(dsn->recipient, RECORD_ADDRESS_BYTES),
		.action = record_exact(dsn->action, RECORD_WORD_BYTES),
		.code = record_exact(dsn->code, RECORD_WORD_BYTES),
	};
	if (record->dsn.envid == NULL || record->dsn.recipient == NULL ||
	    record->dsn.action == NULL || record->dsn.code == NULL) {
		record_dsn_free(&record->dsn);
		return err_set(err, ST_NO_MEMORY, "engine: no memory");
	}
	record->has_dsn = true;
	return ST_OK;
}

enum status
engine_record_subject(struct engine_record *record, struct span utf8,
		      struct err *err)
{
	AUTO(sbuf_done) struct sbuf text;

	sbuf_init_secret(&text, utf8.len_bytes + 1);
	if (record->subject != NULL)
		return ST_OK;
	/* As a field has it: a space in front, a line end behind. */
	while (utf8.len_bytes > 0 && utf8.ptr[0] <= ' ')
		(void)span_cut(utf8, 1, utf8.len_bytes - 1, &utf8);
	while (utf8.len_bytes > 0 && utf8.ptr[utf8.len_bytes - 1] <= ' ')
		utf8.len_bytes--;
	sbuf_add_span(&text, utf8);
	record->subject = record_masked(sbuf_text(&text));
	if (record->subject == NULL || text.st != ST_OK)
		return err_set(err, ST_NO_MEMORY, "engine: no memory");
	return ST_OK;
}

void
engine_record_free(struct engine_record *record)
{
	for (size_t i = 0; i < record->opaque_count; i++) {
		free((char *)(uintptr_t)record->opaques[i].part);
		free((char *)(uintptr_t)record->opaques[i].detail);
	}
	for (size_t i = 0; i < record->part_count; i++) {
		free((char *)(uintptr_t)record->parts[i].path);
		free((char *)(uintptr_t)record->parts[i].name);
		free((char *)(uintptr_t)record->parts[i].type);
	}
	free(record->opaques);
	free(record->parts);
	record_dsn_free(&record->dsn);
	free(record->subject);
	*record = (struct engine_record){ .opaques = NULL };
}
