#include "scanners/locks/unlock_run.h"

#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/clock.h"
#include "scanners/ciphers/ooxml_cipher.h"
#include "scanners/ciphers/password_form.h"
#include "scanners/locks/unlock_any.h"
#include "scanners/locks/unlock_known.h"
#include "scanners/locks/word_forms.h"
#include "scanners/locks/zip_search.h"

enum {
	RUN_TELL_MS = 100,
	RUN_WORDS_A_TICK = 1 << 12,
	/* Of a larger member each password that passes the first look would
	 * take a millisecond. */
	RUN_MAX_EVERY_BYTES = 64 * 1024,
	/* Passwords from which on it pays to look for the seed. */
	RUN_SEED_FROM = 1000 * 1000 * 1000
};

/* Passwords are tried in waves: what is likelier first. */
struct run {
	const struct unlock_job *job;
	struct unlock_ending *ending;
	struct zip_lock lock;
	struct zip_search search;
	struct password_codes *codes; /* what older programs in Japan write */
	int64_t start_mono_ms;
	int64_t tell_mono_ms;
	uint64_t total;
	struct unlock_progress seen; /* what was told or measured last */
	bool over;                   /* the time is up */
	bool no_member;              /* what is known is none */
};

static uint64_t
run_sum(uint64_t a, uint64_t b)
{
	uint64_t sum = 0;

	return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

/* For zip_search. ST_LIMIT: the time is up. */
static enum status
run_tick(void *context, uint64_t tried, struct err *err)
{
	struct run *run = context;
	const struct unlock_progress progress = { tried, run->total };
	const uint64_t budget_ms = run->job->order->budget_ms;
	const int64_t now_mono_ms = clock_mono_ms();

	run->seen = progress;
	run->over = budget_ms != 0 &&
		    (uint64_t)(now_mono_ms - run->start_mono_ms) >= budget_ms;
	if (run->over)
		return ST_LIMIT;
	if (now_mono_ms < run->tell_mono_ms)
		return ST_OK;
	run->tell_mono_ms = now_mono_ms + RUN_TELL_MS;
	return run->job->tell(run->job->context, &progress, err);
}

static uint64_t
run_count_words(struct span words)
{
	struct span word = { NULL, 0 };
	uint64_t count = 0;

	while (word_list_next(&words, &word))
		count++;
	return count * word_forms_count();
}

static bool
run_try(struct run *run, struct span password)
{
	struct zipcrypto_keys keys = zipcrypto_of(password);
	const bool fits = zip_lock_fits(&run->lock, &keys);

	explicit_bzero(&keys, sizeof(keys));
	return fits;
}

/* A word as UTF-8 and as CP932, which counts as one. */
static bool
run_try_word(struct run *run, struct span utf8)
{
	AUTO(sbuf_done) struct sbuf other;

	sbuf_init_secret(&other, UNLOCK_PASSWORD_BYTES);
	run->search.tried++;
	return run_try(run, utf8) ||
	       (password_codes_form(run->codes, utf8, &other) &&
		run_try(run, sbuf_span(&other)));
}

/* Form i of all words of this slice: the plain ones come first. */
static enum status
run_word_form(struct run *run, size_t form, struct err *err)
{
	struct sbuf *password = &run->ending->password;
	struct span rest = run->job->words;
	struct span word = { NULL, 0 };
	enum status st = ST_OK;

	for (uint32_t i = 0; st == ST_OK && word_list_next(&rest, &word); i++) {
		if (i % run->search.slices != run->search.slice)
			continue;
		sbuf_clear(password);
		if (word_form(word, form, password) &&
		    run_try_word(run, sbuf_span(password)))
			return ST_OK;
		if (run->search.tried % RUN_WORDS_A_TICK == 0)
			st = run_tick(run, run->search.tried, err);
	}
	sbuf_clear(password);
	return st == ST_OK ? ST_NOT_FOUND : st;
}

static enum status
run_words(struct run *run, struct err *err)
{
	enum status st = password_codes_new(&run->codes, err);

	if (st == ST_OK)
		st = ST_NOT_FOUND;
	for (size_t i = 0; i < word_forms_count() && st == ST_NOT_FOUND; i++)
		st = run_word_form(run, i, err);
	password_codes_free(&run->codes);
	if (st == ST_OK)
		sbuf_add_text(&run->ending->source, "words");
	return st;
}

static enum status
run_mask(struct run *run, const char *text, struct err *err)
{
	AUTO(mask_free) struct mask *mask = NULL;
	struct mask_shape shape;
	enum status st = mask_parse(text, &mask, err);

	if (st != ST_OK)
		return st;
	mask_first(mask, &shape);
	do {
		st = zip_search_shape(&run->search, &shape,
				      &run->ending->password, err);
	} while (st == ST_NOT_FOUND && mask_next(mask, &shape));
	if (st == ST_OK)
		sbuf_add_text(&run->ending->source, text);
	return st;
}

static enum status
run_seed_tick(void *context, struct err *err)
{
	struct run *run = context;

	return run_tick(run, run->search.tried, err);
}

/* A long search is shorter where the random bytes of the headers are known.
 * Returns: ST_NOT_FOUND go on; what the tick said */
static enum status
run_seed(struct run *run, struct err *err)
{
	const struct lock_watch watch = { run_seed_tick, run };
	struct err none = { .st = ST_OK };
	enum status st = ST_OK;

	if (run->search.seeded != NULL ||
	    run->total / run->search.slices < RUN_SEED_FROM ||
	    zipcrypto_seeded_of(cpu_best()) == NULL)
		return ST_NOT_FOUND;
	st = zip_seed_find(run->job->archive, &run->lock, &watch,
			   &run->search.seed, &none);
	if (st == ST_OK)
		run->search.seeded = zipcrypto_seeded_of(cpu_best());
	return st == ST_OK || st == ST_NOT_FOUND
		       ? ST_NOT_FOUND
		       : err_set(err, st, "%s", none.text);
}

static enum status
run_masks(struct run *run, struct err *err)
{
	const struct unlock_order *order = run->job->order;
	enum status st = run_seed(run, err);

	for (size_t i = 0; i < order->mask_count && st == ST_NOT_FOUND; i++)
		st = run_mask(run, order->masks[i].text, err);
	return st;
}

/* Masks are checked, and counted, before anything is tried. */
static enum status
run_count(struct run *run, struct err *err)
{
	const struct unlock_order *order = run->job->order;
	enum status st = ST_OK;

	run->total = run_count_words(run->job->words);
	for (size_t i = 0; i < order->mask_count && st == ST_OK; i++) {
		AUTO(mask_free) struct mask *mask = NULL;

		st = mask_parse(order->masks[i].text, &mask, err);
		if (st == ST_OK)
			run->total = run_sum(run->total, mask_size(mask));
	}
	return st;
}

static enum status
run_known_tick(void *context, uint64_t done, uint64_t total, struct err *err)
{
	struct run *run = context;
	const uint64_t passwords = run->total;
	enum status st = ST_OK;

	run->total = run_sum(passwords, total);
	st = run_tick(run,
		      run_sum(run->search.tried, done / run->search.slices),
		      err);
	run->total = passwords;
	return st;
}

/* By a file, or by what the first bytes of members are guessed to be. */
static enum status
run_known(struct run *run, struct span file, struct err *err)
{
	const struct unlock_known known = {
		.archive = run->job->archive,
		.lock = &run->lock,
		.slice = run->search.slice,
		.slices = run->search.slices,
		.tick = run_known_tick,
		.context = run,
	};
	const enum status st =
		unlock_known(&known, file, &run->ending->password, err);

	if (st == ST_OK)
		sbuf_add_text(&run->ending->source, "known content");
	return st;
}

/* What is packed is known by its first bytes. Of the rest those passwords
 * that give no known kind of file come last. */
static enum status
run_all(struct run *run, struct err *err)
{
	const struct zip_lock_member *member = &run->lock.members[0];
	const bool twice = run->lock.count == 1 &&
			   !zip_lock_is_packed(member) &&
			   member->size_bytes <= RUN_MAX_EVERY_BYTES;
	enum status st = ST_NOT_FOUND;

	if (run->job->known.len_bytes > 0) {
		st = run_known(run, run->job->known, err);
		run->no_member = st == ST_NOT_FOUND;
	}
	if (st == ST_NOT_FOUND)
		st = run_words(run, err);
	if (st == ST_NOT_FOUND)
		st = run_masks(run, err);
	if (st == ST_NOT_FOUND && run->job->order->guess)
		st = run_known(run, (struct span){ NULL, 0 }, err);
	if (st == ST_NOT_FOUND && twice) {
		run->search.every = true;
		run->total = run_sum(run->total, run->total);
		st = run_masks(run, err);
	}
	return st;
}

/* By words or masks; what is known proves itself. */
static bool
run_is_unsure(const struct run *run)
{
	uint64_t proof_bytes = 0;

	for (size_t i = 0; i < run->lock.count; i++)
		proof_bytes +=
			zip_lock_proof_bytes(run->lock.members[i].size_bytes);
	return proof_bytes < ZIP_LOCK_PROOF_BYTES;
}

static enum unlock_outcome
run_outcome(const struct run *run, enum status st)
{
	if (st == ST_OK)
		return UNLOCK_OPENED;
	if (st == ST_NOT_FOUND && run->no_member)
		return UNLOCK_NO_MEMBER;
	return st == ST_LIMIT ? UNLOCK_BUDGET : UNLOCK_NOT_FOUND;
}

static enum status
run_any_tick(void *context, struct err *err)
{
	struct run *run = context;

	return run_tick(run, run->search.tried, err);
}

/* The words, the masks; first what opens without a question, which is one more.
 */
static enum status
run_any_all(struct run *run, struct unlock_any *any, struct err *err)
{
	const struct unlock_order *order = run->job->order;
	struct sbuf *source = &run->ending->source;
	enum status st =
		unlock_any_one(any, ooxml_cipher_default_password, err);

	if (st == ST_OK)
		sbuf_add_text(source, "default");
	if (st == ST_NOT_FOUND) {
		st = unlock_any_words(any, run->job->words, err);
		if (st == ST_OK)
			sbuf_add_text(source, "words");
	}
	for (size_t i = 0; i < order->mask_count && st == ST_NOT_FOUND; i++) {
		st = unlock_any_mask(any, order->masks[i].text, err);
		if (st == ST_OK)
			sbuf_add_text(source, order->masks[i].text);
	}
	return st;
}

/* Whatever is not ZipCrypto. */
static enum status
run_any(struct run *run, struct lock *lock, struct err *err)
{
	AUTO(unlock_any_free) struct unlock_any *any = NULL;
	const struct lock_watch watch = { run_any_tick, run };
	const struct unlock_any_job job = {
		.lock = lock,
		.watch = &watch,
		.slice = run->search.slice,
		.slices = run->search.slices,
		.tried = &run->search.tried,
		.password = &run->ending->password,
	};
	enum status st = unlock_any_new(&job, &any, err);

	sbuf_add_text(&run->ending->kind, lock_kind(lock)->name);
	run->total = run_sum(run->total, 1);
	return st == ST_OK ? run_any_all(run, any, err) : st;
}

/* Nothing is searched: why. */
static enum status
run_refuse(struct run *run, enum unlock_outcome outcome, const struct err *why)
{
	run->ending->result.outcome = outcome;
	sbuf_add_text(&run->ending->kind, why->text);
	return ST_OK;
}

/* Nothing in it is locked, or it is nothing that could be. */
static enum unlock_outcome
run_no_lock(const struct run *run, enum status zip)
{
	return zip == ST_NOT_FOUND || lock_is_known(run->job->archive)
		       ? UNLOCK_NOT_LOCKED
		       : UNLOCK_NO_ARCHIVE;
}

static enum status
run_search(struct run *run, struct err *err)
{
	struct err why = { .st = ST_OK };
	enum status st = run_count(run, &why);

	if (st != ST_OK)
		return run_refuse(run, UNLOCK_BAD_MASK, &why);
	const enum status zip =
		zip_lock_find(run->job->archive, &run->lock, &why);

	if (zip == ST_OK) {
		sbuf_add_text(&run->ending->kind, "zip: ZipCrypto");
		st = run_all(run, err);
		run->ending->result.unsure = st == ST_OK && run_is_unsure(run);
	} else {
		AUTO(lock_free) struct lock *lock = NULL;

		st = lock_find(run->job->archive, &lock, &why);
		if (st == ST_NO_MEMORY)
			return err_set(err, st, "%s", why.text);
		if (st == ST_NOT_FOUND)
			return run_refuse(run, run_no_lock(run, zip), &why);
		if (st != ST_OK)
			return run_refuse(run, UNLOCK_UNSUPPORTED, &why);
		st = run_any(run, lock, err);
		run->ending->result.unsure =
			st == ST_OK && lock_is_unsure(lock);
	}
	if (st != ST_OK && st != ST_NOT_FOUND && !run->over)
		return st;
	run->ending->result.outcome = run_outcome(run, st);
	run->ending->result.tried = run->search.tried;
	run->ending->result.total = run->total;
	/* Of a search by what is known, which tries no passwords. */
	if (run->over) {
		run->ending->result.tried = run->seen.tried;
		run->ending->result.total = run->seen.total;
	}
	return ST_OK;
}

enum status
unlock_run(const struct unlock_job *job, struct unlock_ending *ending,
	   struct err *err)
{
	const enum cpu_way way = cpu_best();
	struct run run = {
		.job = job,
		.ending = ending,
		.start_mono_ms = clock_mono_ms(),
		.search = { .attempt = zipcrypto_try_of(way),
			    .peek = zipcrypto_peek_of(way),
			    .slice = job->order->slice,
			    .slices = job->order->slices,
			    .tick = run_tick },
	};

	*ending = (struct unlock_ending){ .result = { 0 } };
	sbuf_init(&ending->kind, UNLOCK_TEXT_BYTES);
	sbuf_init(&ending->source, UNLOCK_TEXT_BYTES);
	sbuf_init_secret(&ending->password, UNLOCK_PASSWORD_BYTES);
	run.search.lock = &run.lock;
	run.search.context = &run;
	const enum status st = run_search(&run, err);

	ending->result.kind = sbuf_text(&ending->kind);
	ending->result.source = sbuf_text(&ending->source);
	ending->result.password = sbuf_span(&ending->password);
	return st;
}

void
unlock_ending_done(struct unlock_ending *ending)
{
	sbuf_done(&ending->kind);
	sbuf_done(&ending->source);
	sbuf_done(&ending->password);
}
