#include <stdlib.h>
#include <string.h>

#include "courier/jobs/job.h"
#include "lib/base/clock.h"
#include "lib/base/crc32.h"
#include "lib/i18n/i18n.h"
#include "scanners/client/scan_rewrite.h"

enum { REWRITE_REASON_BYTES = 200 };

/* --- telling the vault -------------------------------------------------- */

/* It wants to hear no more of this job, whatever it made of it. */
static bool
rewrite_is_settled(enum status st)
{
	return st == ST_OK || st == ST_NOT_FOUND || st == ST_END ||
	       st == ST_DENIED;
}

static enum status
rewrite_call(struct job *job, struct vault_link_seal *seal, int fd,
	     struct err *err)
{
	struct vault_empty answer = { 0 };
	struct vault_call call = VAULT_CALL(LINK_SEAL, seal, &answer);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	enum status st = ST_OK;

	seal->job_id = job->order->job_id;
	memcpy(seal->lease, job->order->lease, sizeof(seal->lease));
	call.fd = fd;
	/* Large files are encrypted and made durable before it answers. */
	call.deadline_mono_ms = job->deadline_mono_ms;
	job->asked_vault = true;
	st = vault_client_call(job->vault, &call, &arena, err);
	job->reported = rewrite_is_settled(st);
	return st;
}

/* No link mail can be made: people decide what else to do. */
static enum status
rewrite_refuse(struct job *job, const char *reason, struct err *err)
{
	struct vault_link_seal seal = { .refusal = reason, .boundary = "" };

	return rewrite_call(job, &seal, FD_NONE, err);
}

static enum status
rewrite_refuse_plan(struct job *job, const struct rewrite_plan *plan,
		    struct err *err)
{
	char reason[REWRITE_REASON_BYTES];

	(void)snprintf(reason, sizeof(reason), "%s%s%s%s",
		       rewrite_refusal_words(plan->refusal),
		       plan->refused_part[0] != '\0' ? " (part " : "",
		       plan->refused_part,
		       plan->refused_part[0] != '\0' ? ")" : "");
	return rewrite_refuse(job, reason, err);
}

/* --- what is sealed ----------------------------------------------------- */

/* The link mail with the files behind it, in one sealed memory file. */
static enum status
rewrite_join(const struct scan_rewrite *rewrite, int *fd_out,
	     uint64_t *mail_bytes_out, struct err *err)
{
	AUTO(fd_close) int fd = FD_NONE;
	enum status st = fd_memory("sekimori-link", &fd, err);

	if (st == ST_OK)
		st = fd_copy(rewrite->mail_fd, fd, mail_bytes_out, err);
	if (st == ST_OK)
		st = fd_copy(rewrite->files_fd, fd, NULL, err);
	if (st == ST_OK)
		st = fd_seal(fd, err);
	if (st == ST_OK)
		*fd_out = FD_MOVE(fd);
	return st;
}

/* One row for each file; release *files_out with free(). */
static enum status
rewrite_list(const struct scan_rewrite *rewrite,
	     struct vault_link_file **files_out, struct err *err)
{
	const struct rewrite_plan *plan = &rewrite->plan;
	AUTO(fd_unmap) struct span all = { NULL, 0 };
	struct vault_link_file *files = NULL;
	enum status st = plan->files_bytes > 0
				 ? fd_map_sealed(rewrite->files_fd, UINT64_MAX,
						 &all, err)
				 : ST_OK;

	if (st != ST_OK)
		return st;
	files = calloc(plan->cut_count + 1, sizeof(*files));
	if (files == NULL)
		return err_set(err, ST_NO_MEMORY, "job: no memory");
	for (size_t i = 0; i < plan->cut_count; i++) {
		const struct rewrite_cut *cut = &plan->cuts[i];
		struct span bytes = { NULL, 0 };

		/* rewrite_check() has looked at the places. */
		(void)span_cut(all, (size_t)cut->at, (size_t)cut->size_bytes,
			       &bytes);
		files[i] = (struct vault_link_file){
			.name = cut->name,
			.shown = cut->name_safe,
			.type = cut->type,
			.size_bytes = cut->size_bytes,
			.crc32 = crc32_of(bytes),
		};
	}
	*files_out = files;
	return ST_OK;
}

static enum status
rewrite_seal(struct job *job, const struct scan_rewrite *rewrite,
	     struct err *err)
{
	AUTO(fd_close) int fd = FD_NONE;
	struct vault_link_file *files = NULL;
	struct vault_link_seal seal = {
		.refusal = "",
		.pictures = rewrite->plan.inline_pictures,
		.hole_offset = rewrite->hole_at,
		.whole_body = rewrite->plan.place == REWRITE_PLACE_BODY,
		.boundary = rewrite->plan.boundary,
		.file_count = rewrite->plan.cut_count,
	};
	enum status st = rewrite_join(rewrite, &fd, &seal.mail_bytes, err);

	if (st == ST_OK)
		st = rewrite_list(rewrite, &files, err);
	seal.files = files;
	if (st == ST_OK)
		st = rewrite_call(job, &seal, fd, err);
	free(files);
	/* It would not take it the next time either. */
	if (st == ST_FORMAT)
		return rewrite_refuse(job, N_("the link mail cannot be kept"),
				      err);
	return st;
}

/* --- the job ------------------------------------------------------------ */

static enum status
rewrite_ask(struct job *job, const struct scan_word *words,
	    struct scan_rewrite **rewrite_out, struct err *err)
{
	const struct scan_request request = {
		.input = SCAN_INPUT_MAIL,
		.priority = SCAN_PRIORITY_BACKGROUND,
		.name = "",
		.profile = job->order->profile,
		.search_from = job->order->search_from,
		.words = words,
		.word_count = job->order->word_count,
		.rewrite = job->order->findings_only ? REWRITE_FINDINGS
						     : REWRITE_ALL,
		.rewrite_names = REWRITE_NAMES_MASKED,
		.rewrite_pictures = job->order->cut_pictures
					    ? REWRITE_PICTURES_CUT
					    : REWRITE_PICTURES_STAY,
		.rewrite_logo_bytes = job->order->logo_bytes,
	};

	return scan_client_rewrite(job->scanner, &request, job->fd, NULL,
				   rewrite_out, err);
}

/* Cut the files out of the mail and hand both to the vault. */
enum status
job_rewrite(struct job *job, struct err *err)
{
	AUTO(scan_rewrite_free) struct scan_rewrite *rewrite = NULL;
	struct scan_word *words = NULL;
	enum status st = ST_OK;

	if (job->fd == FD_NONE)
		return err_set(err, ST_FORMAT, "job: the mail is missing");
	st = job_scan_words(job, &words, err);
	if (st == ST_OK)
		st = rewrite_ask(job, words, &rewrite, err);
	free(words);
	if (st == ST_UNSUPPORTED || st == ST_FORMAT)
		return rewrite_refuse(
			job, rewrite_refusal_words(REWRITE_REFUSAL_LIMIT), err);
	if (st != ST_OK)
		return st;
	if (rewrite->plan.refusal != REWRITE_REFUSAL_NONE)
		return rewrite_refuse_plan(job, &rewrite->plan, err);
	return rewrite_seal(job, rewrite, err);
}
