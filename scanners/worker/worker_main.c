/* sekimori-worker-mail: reads mails in a sandbox, one after another. */
#include <iconv.h>
#include <locale.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/words/words.h"
#include "scanners/detect/labels.h"
#include "scanners/rewrite/rewrite.h"
#include "scanners/worker/engine.h"
#include "scanners/worker/worker_alarm.h"
#include "scanners/worker/worker_life.h"
#include "scanners/worker/worker_messages.h"
#include "scanners/worker/worker_template.h"
#include "scanners/worker/worker_warm.h"

/* So much freed heap stays for the next mail; other mails of a case get the
 * fourth part of the time for reading. */
enum { WORKER_HEAP_BYTES = 1024 * 1024, WORKER_GATHER_PART = 4 };

struct worker {
	struct channel channel;
	struct worker_setup setup;
	struct words *words;
	struct labels *labels;
	struct worker_note *note;
	bool tainted; /* and the supervisor knows */
};

static enum status
worker_send(struct worker *worker, const struct wire_table *table,
	    const void *message, struct err *err)
{
	return worker_life_send(&worker->channel, table, message, err);
}

/* An everyday mail takes and frees some 100 KB: without this each one has the
 * kernel give and clear the same pages again. */
static void
worker_keep_heap(void)
{
	/* A worker has one thread. NOLINTBEGIN(concurrency-mt-unsafe) */
	(void)mallopt(M_TRIM_THRESHOLD, WORKER_HEAP_BYTES);
	(void)mallopt(M_TOP_PAD, WORKER_HEAP_BYTES / 4);
	/* NOLINTEND(concurrency-mt-unsafe) */
}

/*
 * libarchive has iconv convert the names in lzh archives, which loads a module
 * from a file; one that is in use stays loaded. GCC 12's analyzer takes it for
 * lost.
 */
#ifndef __clang__
#	pragma GCC diagnostic push
#	pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#endif
static enum status
worker_load_charsets(struct err *err)
{
	if (iconv_open("UTF-8", "CP932") == (iconv_t)-1)
		return err_set_errno(err, "worker: iconv has no CP932");
	return ST_OK;
}
#ifndef __clang__
#	pragma GCC diagnostic pop
#endif

/* Whatever needs files comes now. */
static enum status
worker_prepare(struct err *err)
{
	/* Names in archives are UTF-8, whatever the daemon's locale is. */
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): a worker has one thread */
	if (setlocale(LC_ALL, "C.UTF-8") == NULL)
		return err_set(err, ST_IO, "worker: no locale C.UTF-8");
	worker_keep_heap();
	enum status st = worker_load_charsets(err);

	if (st == ST_OK)
		st = reader_prepare(err);
	if (st != ST_OK)
		return st;
	return worker_alarm_prepare(err);
}

static enum status
worker_taint(void *context, struct err *err)
{
	struct worker *worker = context;
	const struct worker_tainted tainted = { (uint32_t)getpid() };

	if (worker->tainted)
		return ST_OK;
	worker->tainted = true;
	worker_alarm_hold();
	const enum status st =
		worker_send(worker, &worker_tainted_table, &tainted, err);

	worker_alarm_resume();
	return st;
}

/* What the supervisor answered; it may have sent a socket. */
static enum status
worker_take_lent(struct frame *frame, struct channel *channel_out,
		 struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct worker_lent lent;
	enum status st =
		frame_decode(frame, &worker_lent_table, &lent, &arena, err);

	if (st != ST_OK)
		return st;
	if (lent.refused[0] != '\0')
		return err_set(err, lent.never ? ST_UNSUPPORTED : ST_LIMIT,
			       "%s", lent.refused);
	if (frame->fd_count != 1)
		return err_set(err, ST_IO, "no socket came");
	channel_adopt(FD_MOVE(frame->fds[0]), channel_out);
	return ST_OK;
}

/* A reader in another program, for engine_readers. */
static enum status
worker_lend(void *context, const char *kind, int64_t deadline_mono_ms,
	    struct channel *channel_out, struct err *err)
{
	struct worker *worker = context;
	const struct worker_ask ask = { kind };
	AUTO(frame_done) struct frame frame;

	frame_init(&frame);
	worker_alarm_hold();
	enum status st = worker_send(worker, &worker_ask_table, &ask, err);

	worker_alarm_resume();
	if (st == ST_OK)
		st = channel_receive(&worker->channel, &frame, deadline_mono_ms,
				     err);
	return st == ST_OK ? worker_take_lent(&frame, channel_out, err) : st;
}

/* The reason that stands for a scan which gave no report. */
static enum report_reason
worker_reason(enum status st)
{
	return st == ST_NO_MEMORY || st == ST_LIMIT ? REPORT_REASON_LIMIT
						    : REPORT_REASON_INTERNAL;
}

static enum status
worker_send_failure(struct worker *worker, enum report_profile profile,
		    enum status st, const struct err *why, struct err *err)
{
	struct report_opaque room;
	struct scan_report report;

	report_set_unscannable(&report, &room, profile, worker_reason(st),
			       st == ST_NO_MEMORY ? "limit memory" : why->text);
	if (worker->note->part[0] != '\0')
		room.part = worker->note->part;
	return worker_send(worker, &report_table, &report, err);
}

/* The report, or what was asked for in its place. */
static enum status
worker_send_result(struct worker *worker, struct engine *engine,
		   const struct engine_request *request,
		   const struct scan_report *report, struct err *err)
{
	struct preview preview;

	if (!request->preview)
		return worker_send(worker, &report_table, report, err);
	const enum status st = engine_preview(engine, &preview, err);

	return st == ST_OK ? worker_send(worker, &preview_table, &preview, err)
			   : st;
}

static struct engine_readers
worker_readers(struct worker *worker)
{
	return (struct engine_readers){ reader_next, reader_unread_format,
					worker_taint, worker_lend, worker };
}

/*
 * Scan what is mapped and send the report.
 * Returns: ST_OK; ST_END the report is sent, but this process is used up;
 *          ST_IO and others: the supervisor cannot be reached
 */
static enum status
worker_scan(struct worker *worker, const struct engine_request *request,
	    struct err *err)
{
	const struct engine_readers readers = worker_readers(worker);
	AUTO(engine_free) struct engine *engine = NULL;
	struct scan_report report;
	struct err why = { .st = ST_OK };
	enum status st = engine_new(request, &readers, &engine, &why);

	if (st == ST_OK)
		st = engine_run(engine, &report, &why);
	worker_alarm_disarm();
	if (st == ST_OK)
		st = worker_send_result(worker, engine, request, &report, &why);
	if (st == ST_OK)
		return ST_OK;
	/* Out of memory once, this heap is no place for the next mail. */
	st = worker_send_failure(worker, request->profile, st, &why, err);
	return st == ST_OK ? ST_END : st;
}

/* As worker_scan(), with a plan in place of a report. */
static enum status
worker_rewrite(struct worker *worker, const struct engine_request *request,
	       const struct rewrite_wish *wish, struct err *err)
{
	const struct engine_readers readers = worker_readers(worker);
	AUTO(rewrite_free) struct rewrite *rewrite = NULL;
	struct err why = { .st = ST_OK };
	enum status st = rewrite_make(request, &readers, wish, &rewrite, &why);

	worker_alarm_disarm();
	if (st == ST_OK)
		st = worker_send(worker, &rewrite_table, rewrite_plan(rewrite),
				 &why);
	if (st == ST_OK)
		return ST_OK;
	st = worker_send_failure(worker, request->profile, st, &why, err);
	return st == ST_OK ? ST_END : st;
}

/* As worker_scan(). The mail behind this one is read as any other before it,
 * for what it has in clear; of the time it takes a part. */
static enum status
worker_scan_beside(struct worker *worker, struct engine_request *request,
		   struct span others, struct err *err)
{
	const struct engine_readers readers = worker_readers(worker);
	struct engine_request gather = *request;
	AUTO(engine_free) struct engine *engine = NULL;
	struct scan_report report;
	struct err why = { .st = ST_OK };

	gather.body = others;
	gather.note = NULL;
	gather.preview = false;
	gather.secret_count = 0;
	gather.search_ms = 0;
	gather.gather = true;
	gather.limits.wall_ms /= WORKER_GATHER_PART;
	gather.limits.cpu_ms /= WORKER_GATHER_PART;
	request->limits.wall_ms -= gather.limits.wall_ms;
	request->limits.cpu_ms -= gather.limits.cpu_ms;
	if (others.len_bytes > 0 &&
	    engine_new(&gather, &readers, &engine, &why) == ST_OK &&
	    engine_run(engine, &report, &why) == ST_OK)
		request->beside = engine;
	return worker_scan(worker, request, err);
}

/* What a job has for reading; what it has for passwords is part of it. */
static uint32_t
worker_less(uint32_t ms, uint32_t search_ms)
{
	return ms > search_ms ? ms - search_ms : ms;
}

static bool
worker_split(struct span all, const struct worker_job *job,
	     struct span *mail_out, struct span *others_out)
{
	const size_t mail_bytes =
		job->mail_bytes > 0 ? (size_t)job->mail_bytes : all.len_bytes;

	return span_cut(all, 0, mail_bytes, mail_out) &&
	       span_cut(all, mail_bytes, all.len_bytes - mail_bytes,
			others_out);
}

static enum status
worker_run_job(struct worker *worker, const struct worker_job *job,
	       const int *fds, struct err *err)
{
	const struct rewrite_wish wish = {
		.what = job->rewrite,
		.names = job->rewrite_names,
		.pictures = job->rewrite_pictures,
		.logo_bytes = job->rewrite_logo_bytes,
		.files_fd = fds[1],
	};
	AUTO(fd_unmap) struct span all = { NULL, 0 };
	struct span mail = { NULL, 0 };
	struct span others = { NULL, 0 };
	struct err why = { .st = ST_OK };
	uint64_t size_bytes = 0;
	enum status st = fd_size(fds[0], &size_bytes, &why);

	if (st == ST_OK)
		st = worker_life_make_room(size_bytes, &why);
	if (st == ST_OK)
		st = fd_map_sealed(fds[0], worker->setup.max_input_bytes, &all,
				   &why);
	if (st == ST_OK && !worker_split(all, job, &mail, &others))
		st = err_set(&why, ST_FORMAT, "worker: the mail is cut off");
	if (st != ST_OK)
		return worker_send_failure(worker, job->profile, st, &why, err);
	struct engine_request request = {
		.input = job->input,
		.reveal = job->reveal,
		.preview = job->preview,
		.name = job->name,
		.profile = job->profile,
		.words = worker->words,
		.labels = worker->labels,
		.body = mail,
		.note = worker->note,
		.secrets = job->words,
		.secret_count = job->word_count,
		.search_from = job->search_from,
		.search_ms = job->search_ms,
		.mask_ms = job->mask_ms,
		.limits = {
			.max_depth = job->max_depth,
			.max_objects = job->max_objects,
			.max_expanded_bytes = job->max_expanded_bytes,
			.max_ratio = job->max_ratio,
			.max_cells = job->max_cells,
			.max_pages = job->max_pages,
			.wall_ms = worker_less(job->wall_ms, job->search_ms),
			.cpu_ms = worker_less(job->cpu_ms, job->search_ms),
		},
	};

	st = worker_alarm_arm(job, err);
	if (st != ST_OK)
		return st;
	if (job->rewrite != REWRITE_NONE)
		return worker_rewrite(worker, &request, &wish, err);
	return job->mail_bytes > 0
		       ? worker_scan_beside(worker, &request, others, err)
		       : worker_scan(worker, &request, err);
}

static enum status
worker_serve_one(struct worker *worker, struct frame *frame, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct worker_job job = { .input = SCAN_INPUT_NONE };
	enum status st =
		channel_receive(&worker->channel, frame, INT64_MAX, err);

	if (st == ST_OK)
		st = frame_decode(frame, &worker_job_table, &job, &arena, err);
	if (st != ST_OK)
		return st;
	if (frame->fd_count !=
	    (job.rewrite != REWRITE_NONE ? SCAN_REWRITE_FDS : SCAN_MAIL_FDS))
		return err_set(err, ST_FORMAT, "worker: %zu descriptors",
			       frame->fd_count);
	st = worker_run_job(worker, &job, frame->fds, err);
	frame_done(frame);
	return st;
}

static enum status
worker_start(struct worker *worker, struct err *err)
{
	AUTO(fd_close) int words_fd = FD_NONE;
	enum status st = worker_life_setup(&worker->channel, &worker->setup,
					   &words_fd, &worker->note, err);

	if (st == ST_OK)
		st = words_unpack(words_fd, &worker->words, err);
	fd_close(&words_fd);
	if (st == ST_OK) {
		/* They are mapped, and take nothing from the mails. */
		worker->setup.memory_bytes +=
			words_known_files(worker->words).len_bytes;
		st = labels_new(worker->words, &worker->labels, err);
	}
	if (st == ST_OK)
		st = worker_prepare(err);
	if (st == ST_OK && worker->note == NULL)
		st = worker_warm_up(worker->words, worker->labels, err);
	if (st == ST_OK)
		st = worker_template_lock_in(&worker->channel, &worker->setup,
					     NULL, &worker->note, err);
	worker_alarm_write_on(worker->note);
	return st;
}

int
main(int argc, char **argv)
{
	static const char program[] = "sekimori-worker-mail";
	struct worker worker = { .channel = { .fd = FD_NONE } };
	struct worker_ready ready = { 0 };
	struct frame frame;
	struct err err = { .st = ST_OK };

	if (worker_life_answer(argc, argv, program))
		return EXIT_SUCCESS;
	if (!worker_life_begin(program, &worker.channel))
		return EXIT_FAILURE;
	if (worker_start(&worker, &err) != ST_OK)
		worker_life_refuse(&worker.channel, &err);
	/* Not before: it may be a copy by now. */
	ready.pid = (uint32_t)getpid();
	frame_init(&frame);
	if (worker_send(&worker, &worker_ready_table, &ready, &err) == ST_OK) {
		while (worker_serve_one(&worker, &frame, &err) == ST_OK)
			;
	}
	/* No exit handlers: what they would do may not be allowed here. */
	_exit(EXIT_SUCCESS);
}
