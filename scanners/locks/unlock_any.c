#include "scanners/locks/unlock_any.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/parse.h"
#include "scanners/client/unlock_messages.h"
#include "scanners/locks/mask.h"
#include "scanners/locks/word_forms.h"

enum { ANY_BATCH = 128 };

struct unlock_any {
	struct unlock_any_job job;
	uint8_t room[ANY_BATCH][UNLOCK_PASSWORD_BYTES];
	struct span passwords[ANY_BATCH];
	size_t count;
	uint64_t batch; /* of all slices */
};

enum status
unlock_any_new(const struct unlock_any_job *job, struct unlock_any **any_out,
	       struct err *err)
{
	struct unlock_any *any = calloc(1, sizeof(*any));

	if (any == NULL)
		return err_set(err, ST_NO_MEMORY, "unlock: no memory");
	any->job = *job;
	*any_out = any;
	return ST_OK;
}

void
unlock_any_free(struct unlock_any **any)
{
	if (*any == NULL)
		return;
	explicit_bzero(*any, sizeof(**any));
	free(*any);
	*any = NULL;
}

/* Is the batch that is gathered one of this slice? */
static bool
any_is_mine(const struct unlock_any *any)
{
	return any->batch % any->job.slices == any->job.slice;
}

static enum status
any_flush(struct unlock_any *any, struct err *err)
{
	const bool mine = any_is_mine(any);
	const size_t count = any->count;
	size_t index = 0;

	any->batch++;
	any->count = 0;
	if (!mine || count == 0)
		return ST_NOT_FOUND;
	const enum status st = lock_try(any->job.lock, any->passwords, count,
					any->job.watch, &index, err);

	*any->job.tried += st == ST_OK ? index + 1 : count;
	if (st == ST_OK) {
		sbuf_clear(any->job.password);
		sbuf_add_span(any->job.password, any->passwords[index]);
	}
	return st;
}

/* ST_NOT_FOUND: go on. */
static enum status
any_add(struct unlock_any *any, struct span password, struct err *err)
{
	if (password.len_bytes > UNLOCK_PASSWORD_BYTES)
		return ST_NOT_FOUND;
	if (any_is_mine(any) && password.len_bytes > 0)
		memcpy(any->room[any->count], password.ptr, password.len_bytes);
	any->passwords[any->count] =
		(struct span){ any->room[any->count], password.len_bytes };
	any->count++;
	return any->count == ANY_BATCH ? any_flush(any, err) : ST_NOT_FOUND;
}

enum status
unlock_any_words(struct unlock_any *any, struct span words, struct err *err)
{
	struct sbuf form;
	enum status st = ST_NOT_FOUND;

	sbuf_init_secret(&form, UNLOCK_PASSWORD_BYTES);
	for (size_t i = 0; i < word_forms_count() && st == ST_NOT_FOUND; i++) {
		struct span rest = words;
		struct span word = { NULL, 0 };

		while (st == ST_NOT_FOUND && word_list_next(&rest, &word)) {
			sbuf_clear(&form);
			if (word_form(word, i, &form))
				st = any_add(any, sbuf_span(&form), err);
		}
	}
	sbuf_done(&form);
	return st == ST_NOT_FOUND ? any_flush(any, err) : st;
}

/* The next password of a shape; false behind the last. */
static bool
any_step(const struct mask_shape *shape, uint16_t *digits, uint8_t *password)
{
	size_t i = shape->count;

	while (i > 0) {
		const struct mask_set *set = shape->places[--i];

		digits[i] = (uint16_t)((digits[i] + 1) % set->count);
		password[i] = set->characters[digits[i]];
		if (digits[i] != 0)
			return true;
	}
	return false;
}

static enum status
any_shape(struct unlock_any *any, const struct mask_shape *shape,
	  struct err *err)
{
	uint16_t digits[MASK_MAX_PLACES] = { 0 };
	uint8_t password[MASK_MAX_PLACES];
	enum status st = ST_NOT_FOUND;

	for (size_t i = 0; i < shape->count; i++)
		password[i] = shape->places[i]->characters[0];
	do {
		st = any_add(any, (struct span){ password, shape->count }, err);
	} while (st == ST_NOT_FOUND && any_step(shape, digits, password));
	explicit_bzero(password, sizeof(password));
	return st;
}

enum status
unlock_any_mask(struct unlock_any *any, const char *mask, struct err *err)
{
	AUTO(mask_free) struct mask *parsed = NULL;
	struct mask_shape shape;
	enum status st = mask_parse(mask, &parsed, err);

	if (st != ST_OK)
		return st;
	mask_first(parsed, &shape);
	do {
		st = any_shape(any, &shape, err);
	} while (st == ST_NOT_FOUND && mask_next(parsed, &shape));
	return st == ST_NOT_FOUND ? any_flush(any, err) : st;
}

enum status
unlock_any_one(struct unlock_any *any, const char *password, struct err *err)
{
	const enum status st = any_add(any, span_of(password), err);

	return st == ST_NOT_FOUND ? any_flush(any, err) : st;
}
