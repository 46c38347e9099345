#include "scanners/locks/unlock_known.h"

#include <string.h>

#include "lib/base/attr.h"
#include "scanners/locks/known_password.h"
#include "scanners/locks/known_plain.h"
#include "scanners/locks/known_search.h"

/* Of the tick: starts of the runs before, and of this one. */
struct unlock_known_run {
	const struct unlock_known *known;
	struct known_search search;
	uint64_t before;
};

static enum status
known_tick(void *context, struct err *err)
{
	const struct unlock_known_run *run = context;
	const struct known_starts *starts = run->search.starts;
	const size_t count = starts == NULL ? 0 : starts->count;

	return run->known->tick(run->known->context,
				run->before + run->search.next,
				run->before + count, err);
}

/* The password is worth having: it is tried on the next archive. */
static enum status
known_name(struct unlock_known_run *run, const struct zipcrypto_keys *keys,
	   const struct lock_watch *watch, struct sbuf *password_out,
	   struct err *err)
{
	char text[ZIPCRYPTO_KEYS_TEXT_BYTES + 1];
	const enum status st = known_password(keys, KNOWN_PASSWORD_BYTES, watch,
					      password_out, err);

	(void)run;
	if (st != ST_NOT_FOUND)
		return st;
	zipcrypto_keys_text(keys, text);
	sbuf_add_text(password_out, text);
	explicit_bzero(text, sizeof(text));
	return ST_OK;
}

static enum status
known_run_all(struct unlock_known_run *run, const struct known_plain *plain,
	      struct sbuf *password_out, struct err *err)
{
	const struct unlock_known *known = run->known;
	const struct lock_watch watch = { known_tick, run };
	AUTO(known_starts_done) struct known_starts starts = { .high = NULL };
	struct zipcrypto_keys keys;
	enum status st = ST_OK;

	run->search = (struct known_search){ .run = &plain->run };
	st = known_reduce(&plain->run, &watch, &starts, err);
	if (st != ST_OK)
		return st;
	run->search = (struct known_search){
		.run = &plain->run,
		.starts = &starts,
		.round = known_round_of(cpu_best()),
		.next = known->slice,
		.end = starts.count,
		.step = known->slices,
		.watch = &watch,
	};
	st = known_search_keys(&run->search, &keys, err);
	run->before += starts.count;
	/* All bytes that are known fit; the checksum has the last word. */
	if (st == ST_OK && !zip_lock_fits(known->lock, &keys))
		st = ST_NOT_FOUND;
	run->search.starts = NULL;
	if (st == ST_OK)
		st = known_name(run, &keys, &watch, password_out, err);
	explicit_bzero(&keys, sizeof(keys));
	return st;
}

static enum status
known_next(const struct unlock_known_run *run, struct span file, size_t *index,
	   struct known_plain *plain, struct err *err)
{
	const struct span archive = run->known->archive;

	return file.len_bytes == 0
		       ? known_plain_guess(archive, index, plain, err)
		       : known_plain_of_file(archive, file, index, plain, err);
}

enum status
unlock_known(const struct unlock_known *known, struct span file,
	     struct sbuf *password_out, struct err *err)
{
	struct unlock_known_run run = { .known = known };
	size_t index = 0;
	enum status st = ST_NOT_FOUND;

	while (st == ST_NOT_FOUND) {
		AUTO(known_plain_done) struct known_plain plain;
		const enum status more =
			known_next(&run, file, &index, &plain, err);

		if (more == ST_NOT_FOUND && index > 0)
			return err_set(err, ST_NOT_FOUND,
				       "what is known does not fit");
		if (more != ST_OK)
			return more;
		st = known_run_all(&run, &plain, password_out, err);
	}
	return st;
}
