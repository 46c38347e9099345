#include "vault/case/link_seal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/report/rewrite.h"
#include "vault/case/case_change.h"
#include "vault/case/companion.h"
#include "vault/case/job.h"
#include "vault/case/link_choice.h"
#include "vault/case/link_make.h"
#include "vault/case/link_rate.h"
#include "vault/case/stats.h"

enum {
	SEAL_COPY_BYTES = 8 * 1024,
	SEAL_DETAIL_BYTES = 160,
	SEAL_LEFT_BYTES = 40
};

/* --- before the writer ------------------------------------------------- */

static enum status
check_shape(const struct vault_link_seal *request, int fd,
	    uint64_t *total_bytes_out, struct err *err)
{
	uint64_t total_bytes = 0;
	uint64_t size_bytes = 0;
	bool fits = request->file_count > 0 && request->mail_bytes > 0 &&
		    request->hole_offset <= request->mail_bytes &&
		    rewrite_is_boundary(request->boundary) &&
		    (request->boundary[0] != '\0') != request->whole_body;
	enum status st = fd_size(fd, &size_bytes, err);

	for (size_t i = 0; fits && i < request->file_count; i++) {
		fits = request->files[i].size_bytes <= size_bytes &&
		       request->files[i].name[0] != '\0' &&
		       request->files[i].shown[0] != '\0';
		total_bytes += request->files[i].size_bytes;
		fits = fits && total_bytes <= size_bytes;
	}
	if (st != ST_OK)
		return st;
	if (!fits || request->mail_bytes > size_bytes ||
	    size_bytes - request->mail_bytes != total_bytes)
		return err_set(err, ST_FORMAT,
			       "link mail and files do not fit together");
	*total_bytes_out = total_bytes;
	return ST_OK;
}

static enum status
check_room(const struct vault *vault, uint64_t needed_bytes, struct err *err)
{
	uint64_t free_bytes = 0;
	const uint64_t least = (uint64_t)vault->config->vault.min_free_bytes;
	const enum status st = blob_free_bytes(vault->config->general.state_dir,
					       &free_bytes, err);

	if (st == ST_OK &&
	    (free_bytes < least || free_bytes - least < needed_bytes))
		return err_set(err, ST_IO,
			       "store: less than vault.min_free would be left");
	return st;
}

static enum status
check_job(struct vault *vault, const struct vault_link_seal *request,
	  struct store_job *job, struct err *err)
{
	const enum status st = job_find_leased(vault, request->job_id,
					       request->lease, job, err);

	if (st == ST_OK && job->kind != JOB_KIND_REWRITE)
		return err_set(err, ST_FORMAT, "no job to rewrite a mail");
	return st;
}

/* What is put into a blob, from one descriptor with both. */
struct filling {
	const struct vault *vault;
	const struct vault_link_seal *request;
	struct link_sealing *sealing;
	int from;
};

static enum status
copy_front(int from, uint64_t len_bytes, int to, struct err *err)
{
	uint8_t chunk[SEAL_COPY_BYTES];
	uint64_t at = 0;
	enum status st = ST_OK;

	while (st == ST_OK && at < len_bytes) {
		const size_t want = len_bytes - at < sizeof(chunk)
					    ? (size_t)(len_bytes - at)
					    : sizeof(chunk);
		const ssize_t n = pread(from, chunk, want, (off_t)at);

		if (n <= 0)
			return err_set(err, ST_IO, "link mail: cannot read");
		st = fd_write_all(to, (struct span){ chunk, (size_t)n }, err);
		at += (uint64_t)n;
	}
	explicit_bzero(chunk, sizeof(chunk));
	return st;
}

/* The mail without its files, sealed as a held one is. */
static enum status
fill_mail(void *context, int to, struct err *err)
{
	const struct filling *filling = context;
	AUTO(fd_close) int front = FD_NONE;
	enum status st = fd_memory("mail", &front, err);

	if (st == ST_OK)
		st = copy_front(filling->from, filling->request->mail_bytes,
				front, err);
	return st == ST_OK ? seal_fd(key_ring_public(filling->vault->ring),
				     LINK_SEAL_MAIL, front, to,
				     filling->sealing->mail_key, err)
			   : st;
}

static enum status
fill_files(void *context, int to, struct err *err)
{
	const struct filling *filling = context;

	return link_seal_fd(filling->sealing->file_key, filling->from,
			    filling->request->mail_bytes,
			    filling->sealing->total_bytes, to, err);
}

enum status
link_seal_drop(const char *state_dir, const struct link_sealing *sealing,
	       struct err *err)
{
	enum status st = ST_OK;

	if (!sealing->made)
		return ST_OK;
	st = blob_delete(state_dir, sealing->mail.id, err);
	return st == ST_OK ? blob_delete(state_dir, sealing->files.id, err)
			   : st;
}

enum status
link_seal_blobs(struct vault *vault, const struct vault_link_seal *request,
		int fd, struct link_sealing *sealing, struct err *err)
{
	AUTO(store_job_done) struct store_job job = { .memory = NULL };
	const char *state_dir = vault->config->general.state_dir;
	struct filling filling = { vault, request, sealing, fd };
	enum status st = check_job(vault, request, &job, err);

	*sealing = (struct link_sealing){ .made = false };
	if (st != ST_OK || request->refusal[0] != '\0')
		return st;
	if (fd == FD_NONE)
		return err_set(err, ST_FORMAT, "link mail: there is none");
	st = check_shape(request, fd, &sealing->total_bytes, err);
	if (st == ST_OK)
		st = check_room(
			vault, request->mail_bytes + sealing->total_bytes, err);
	if (st == ST_OK)
		st = random_fill(sealing->file_key, sizeof(sealing->file_key),
				 err);
	if (st == ST_OK)
		st = blob_make(state_dir, fill_mail, &filling, &sealing->mail,
			       err);
	if (st != ST_OK)
		return st;
	st = blob_make(state_dir, fill_files, &filling, &sealing->files, err);
	if (st != ST_OK)
		NEGLECT(blob_delete(state_dir, sealing->mail.id, NULL));
	sealing->made = st == ST_OK;
	return st;
}

/* --- in the transaction ------------------------------------------------ */

static enum status
audit_sealed(struct vault *vault, const struct record *record,
	     const struct link_making *making, struct err *err)
{
	char detail[SEAL_DETAIL_BYTES];
	const struct vault_deed deed = { .actor = "courier",
					 .via = "courier",
					 .event = "link-sealed",
					 .case_id = record->row.id,
					 .detail = detail };
	char left[SEAL_LEFT_BYTES] = "";

	if (making->request->pictures > 0)
		(void)snprintf(left, sizeof(left), " pictures-left=%" PRIu32,
			       making->request->pictures);
	(void)snprintf(detail, sizeof(detail),
		       "files=%zu bytes=%" PRIu64 " links=%zu%s",
		       making->request->file_count,
		       making->sealing->total_bytes, making->made, left);
	return vault_audit(vault, &deed, err);
}

/* Recipients inside get the mail itself. */
static enum status
release_inside(struct vault *vault, const struct record *record,
	       struct err *err)
{
	AUTO(record_recipients_done)
	struct record_recipients owed = { .arena = NULL };
	const struct job_order order = { .case_id = record->row.id,
					 .kind = JOB_KIND_RELEASE };
	const enum status st = record_owed(vault, record->row.id, &owed, err);

	return st == ST_OK && owed.count > 0 ? job_add(vault, &order, err) : st;
}

/* What waited with it goes as it is: it was approved with it. */
static enum status
release_companions(struct vault *vault, const struct record *record,
		   struct err *err)
{
	const struct case_change change = { .event = CASE_EVENT_APPROVE,
					    .actor = "courier",
					    .via = "courier" };

	return companions_follow(vault, record, &change, "", err);
}

static enum status
seal(struct vault *vault, struct record *record, struct store_job *job,
     struct link_making *making, struct err *err)
{
	const bool by_person = record->row.decision.len_bytes > 0;
	enum status st = link_make_all(vault, record, making, err);

	/* Only now: it might have been held again. */
	if (st == ST_OK)
		st = stats_note(
			vault, record,
			by_person ? CASE_EVENT_APPROVE : CASE_EVENT_PASS, err);
	if (st == ST_OK)
		st = audit_sealed(vault, record, making, err);
	if (st == ST_OK)
		st = release_inside(vault, record, err);
	if (st == ST_OK)
		st = release_companions(vault, record, err);
	if (st == ST_OK)
		st = job_end(vault, job, err);
	vault->after->cases_changed = true;
	return st == ST_OK ? case_shred(vault, record, err) : st;
}

/* Nobody needs what was sealed: it goes after the commit. */
static enum status
refuse(struct vault *vault, struct record *record, struct store_job *job,
       const struct link_sealing *sealing, const char *reason, struct err *err)
{
	const enum status st = job_end(vault, job, err);

	if (sealing->made) {
		vault_after_delete(vault, sealing->mail.id);
		vault_after_delete(vault, sealing->files.id);
	}
	return st == ST_OK ? link_refuse(vault, record, reason, err) : st;
}

/* No person has agreed that what nobody could read leaves with the text. */
static bool
has_unseen_pictures(const struct vault *vault, const struct record *record,
		    const struct vault_link_seal *request)
{
	const bool by_person = record->row.decision.len_bytes > 0;

	return request->pictures > 0 && !by_person &&
	       link_terms(vault, record).pictures != REWRITE_PICTURES_STAY;
}

enum status
link_seal(struct vault *vault, const struct vault_link_seal *request,
	  const struct link_sealing *sealing, struct err *err)
{
	AUTO(store_job_done) struct store_job job = { .memory = NULL };
	AUTO(record_done) struct record record;
	struct link_making making = { .request = request, .sealing = sealing };
	struct err why = { .st = ST_OK };
	enum status st = check_job(vault, request, &job, err);

	record_init(&record);
	if (st == ST_OK)
		st = record_read(vault, job.case_id, &record, err);
	if (st == ST_OK && record.row.state != CASE_STATE_RELEASING)
		st = err_set(err, ST_END, "the case is not being released");
	if (st != ST_OK)
		return st;
	if (!sealing->made)
		return refuse(vault, &record, &job, sealing, request->refusal,
			      err);
	if (has_unseen_pictures(vault, &record, request))
		return refuse(vault, &record, &job, sealing,
			      rewrite_refusal_words(REWRITE_REFUSAL_PICTURES),
			      err);
	/* The settings may have changed since, and other mail have come. */
	st = link_can(vault, &record, &why);
	if (st == ST_OK && record.row.decision.len_bytes == 0)
		st = link_rate_check(vault, &record, &why);
	if (st == ST_DENIED)
		return refuse(vault, &record, &job, sealing, why.text, err);
	if (st != ST_OK)
		return err_set(err, st, "%s", why.text);
	return seal(vault, &record, &job, &making, err);
}
