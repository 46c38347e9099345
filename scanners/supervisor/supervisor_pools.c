#include "scanners/supervisor/supervisor_pools.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/log.h"

enum { MS_PER_S = 1000 };

static enum status
pools_find(const struct config *config,
	   const struct supervisor_options *options, const char *name,
	   char path[SUPERVISOR_PATH_BYTES], struct err *err)
{
	/* Unless the file names another place: beside this program. */
	const char *set = config->general.program_dir;
	const bool named =
		set[0] != '\0' && strcmp(set, SEKIMORI_LIBEXECDIR) != 0;
	const int len = snprintf(path, SUPERVISOR_PATH_BYTES, "%s/%s",
				 named ? set : options->program_dir, name);

	if (len < 0 || len >= SUPERVISOR_PATH_BYTES)
		return err_set(err, ST_LIMIT,
			       "general.program_dir: path too long");
	if (access(path, X_OK) != 0)
		return err_set_errno(err, "%s: cannot be started", path);
	return ST_OK;
}

enum status
supervisor_find_programs(const struct config *config,
			 const struct supervisor_options *options,
			 struct supervisor_programs *programs, struct err *err)
{
	struct err missing = { .st = ST_OK };
	const enum status st =
		pools_find(config, options, "sekimori-worker-mail",
			   programs->mail_path, err);

	if (st != ST_OK || config->scanner.pdf_workers == 0)
		return st;
	programs->has_pdf = pools_find(config, options, "sekimori-worker-pdf",
				       programs->pdf_path, &missing) == ST_OK;
	if (!programs->has_pdf && options->channel_fd == FD_NONE)
		log_event(LOG_LEVEL_WARNING, "pdf-reader-missing", &missing);
	return ST_OK;
}

static uint32_t
pools_ms(int64_t value_ms, unsigned factor)
{
	return (uint32_t)(value_ms * (int64_t)factor);
}

static struct pool_settings
pools_mail(const struct supervisor_view *view, enum supervisor_pool which)
{
	const struct config_scanner *set = &view->config->scanner;
	const unsigned factor = which == POOL_MAIL ? 1 : BACKGROUND_FACTOR;
	const int64_t workers =
		which == POOL_MAIL ? set->workers : set->background_workers;
	const size_t private_workers = which == POOL_MAIL ? 1 : 0;
	const uint64_t cpu_s = (uint64_t)set->cpu_ms * factor / MS_PER_S + 2;

	return (struct pool_settings){
		.name = which == POOL_MAIL ? "mail" : "background",
		.worker_path = view->programs->mail_path,
		.workers = view->private ? private_workers : (size_t)workers,
		.queue = (size_t)set->queue,
		.setup = {
			.memory_bytes = (uint64_t)set->memory_bytes,
			.max_input_bytes = view->max_input_bytes,
			.cpu_s = cpu_s * (uint64_t)set->worker_mails,
		},
		.limits = {
			.max_depth = (uint32_t)set->max_depth,
			.max_objects = (uint64_t)set->max_objects,
			.max_expanded_bytes =
				(uint64_t)set->max_expanded_bytes,
			.max_ratio = (uint64_t)set->max_ratio,
			.max_cells = (uint64_t)set->max_cells,
			.max_pages = (uint64_t)set->max_pages,
			.wall_ms = pools_ms(set->wall_ms, factor),
			.cpu_ms = pools_ms(set->cpu_ms, factor),
			.search_ms = pools_ms(set->unlock_ms, factor),
			/* Who typed a wrong password waits for the answer, and
			 * a search has jobs of its own. */
			.mask_ms = (uint32_t)set->unlock_ms,
		},
		.words_fd = view->words_fd,
		.hard_stop_ms = set->hard_stop_ms * (int64_t)factor,
		.worker_mails = (uint64_t)set->worker_mails,
		.answer = POOL_ANSWER_REPORT,
		.lender = view->lender,
		.template = &view->templates[TEMPLATE_MAIL],
	};
}

/* One document each: a foreign parser has run in it. */
static struct pool_settings
pools_pdf(const struct supervisor_view *view)
{
	const struct config_scanner *set = &view->config->scanner;
	struct pool_settings settings = pools_mail(view, POOL_MAIL);

	settings.name = "pdf";
	settings.worker_path = view->programs->pdf_path;
	settings.workers =
		view->programs->has_pdf ? (size_t)set->pdf_workers : 0;
	/* It gets the document through its socket, into its own memory. */
	settings.setup.memory_bytes = (uint64_t)set->pdf_memory_bytes;
	settings.setup.max_input_bytes = 1;
	settings.setup.cpu_s = (uint64_t)set->cpu_ms / MS_PER_S + 2;
	settings.worker_mails = 1;
	settings.answer = POOL_ANSWER_DONE;
	settings.lazy = view->private;
	settings.lender = NULL;
	settings.template = &view->templates[TEMPLATE_PDF];
	return settings;
}

struct pool_settings
supervisor_pool_settings(const struct supervisor_view *view,
			 enum supervisor_pool which)
{
	return which == POOL_PDF ? pools_pdf(view) : pools_mail(view, which);
}

struct template_settings
supervisor_template_settings(const struct supervisor_view *view,
			     enum supervisor_template which)
{
	/* The pool whose workers get the most CPU time. */
	const struct pool_settings of = supervisor_pool_settings(
		view, which == TEMPLATE_PDF ? POOL_PDF : POOL_BACKGROUND);
	bool needed = which != TEMPLATE_PDF || of.workers > 0;

#ifdef SEKIMORI_SANITIZED /* see sandbox_enter() */
	needed = false;
#endif
	return (struct template_settings){
		.program = needed ? of.worker_path : NULL,
		.lazy = view->private,
		.setup = of.setup,
		.words_fd = of.words_fd,
	};
}
