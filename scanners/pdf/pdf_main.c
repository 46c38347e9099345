/*
 * sekimori-worker-pdf: reads one PDF document in a sandbox, and ends.
 *
 * Links poppler, so that the program as a whole is distributed under the
 * terms of the GPL, version 3 or (as far as poppler allows) 2.
 */
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "scanners/pdf/pdf_alarm.h"
#include "scanners/pdf/pdf_read.h"
#include "scanners/pdf/pdf_warm.h"
#include "scanners/worker/worker_life.h"
#include "scanners/worker/worker_template.h"

enum { PDF_MAX_READABLE = 8, PDF_FIRST_MS = 30000 };

/* Maps of CJK characters, and fonts that a document does not bring along. */
static const char *const pdf_wanted[] = { "/usr/share/poppler",
					  "/usr/share/fonts", "/etc/fonts",
					  "/usr/share/fontconfig",
					  "/var/cache/fontconfig" };

static enum status
pdf_lock_in(struct channel *channel, const struct worker_setup *setup,
	    struct worker_note *note, struct err *err)
{
	const char *readable[PDF_MAX_READABLE] = { NULL };
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_LEN(pdf_wanted); i++)
		if (access(pdf_wanted[i], R_OK) == 0)
			readable[count++] = pdf_wanted[i];
	return worker_template_lock_in(channel, setup, readable, &note, err);
}

/*
 * Texts of forms and notes are UTF-16, for which GLib asks iconv, which loads
 * a module from a file, which the sandbox forbids: then every such text would
 * be missing without an error. Modules that are in use stay loaded.
 */
static enum status
pdf_load_charsets(struct err *err)
{
	static const char *const names[] = { "UTF-16", "UTF-16BE", "UTF-16LE",
					     "ISO-8859-1", "UCS-4" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char *text = g_convert("\0a\0a", 4, "UTF-8", names[i], NULL,
				       NULL, NULL);
		const bool held =
			g_iconv_open("UTF-8", names[i]) != (GIConv)-1 &&
			g_iconv_open(names[i], "UTF-8") != (GIConv)-1;

		g_free(text);
		if (!held)
			return err_set(err, ST_IO, "worker: iconv has no %s",
				       names[i]);
	}
	return ST_OK;
}

static enum status
pdf_start(struct channel *channel, struct err *err)
{
	AUTO(fd_close) int words_fd = FD_NONE; /* not needed here */
	struct worker_note *note = NULL;       /* who asked names us */
	struct worker_setup setup;
	const enum status st =
		worker_life_setup(channel, &setup, &words_fd, &note, err);

	fd_close(&words_fd);
	if (st != ST_OK)
		return st;
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): a worker has one thread */
	if (setlocale(LC_ALL, "C.UTF-8") == NULL)
		return err_set(err, ST_IO, "worker: no locale C.UTF-8");
	enum status prepared = pdf_load_charsets(err);

	if (prepared == ST_OK)
		prepared = pdf_alarm_prepare(err);
	if (prepared == ST_OK && note == NULL)
		prepared = pdf_warm_up(err);
	return prepared == ST_OK ? pdf_lock_in(channel, &setup, note, err)
				 : prepared;
}

/* The one job: its descriptor is the socket to who asked. */
static enum status
pdf_serve(struct channel *channel, struct err *err)
{
	AUTO(frame_done) struct frame frame;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct pdf_sink sink = {
		.deadline_mono_ms = clock_mono_ms() + PDF_FIRST_MS,
	};
	struct worker_job job;
	uint8_t *bytes = NULL;
	size_t len_bytes = 0;
	enum status st = ST_OK;

	frame_init(&frame);
	st = channel_receive(channel, &frame, INT64_MAX, err);
	if (st == ST_OK)
		st = frame_decode(&frame, &worker_job_table, &job, &arena, err);
	if (st == ST_OK && frame.fd_count != 1)
		st = err_set(err, ST_FORMAT, "worker: %zu descriptors",
			     frame.fd_count);
	if (st != ST_OK)
		return st;
	channel_adopt(FD_MOVE(frame.fds[0]), &sink.channel);
	st = pdf_sink_receive(&sink, &bytes, &len_bytes, err);
	if (st == ST_OK)
		st = pdf_alarm_arm(&sink, err);
	if (st == ST_OK)
		pdf_read(&sink, bytes, len_bytes);
	channel_close(&sink.channel);
	free(bytes);
	return st;
}

int
main(int argc, char **argv)
{
	static const char program[] = "sekimori-worker-pdf";
	struct worker_ready ready = { 0 };
	struct worker_done done = { 0 };
	struct channel channel = { .fd = FD_NONE };
	struct err err = { .st = ST_OK };

	if (worker_life_answer(argc, argv, program))
		return EXIT_SUCCESS;
	if (!worker_life_begin(program, &channel))
		return EXIT_FAILURE;
	if (pdf_start(&channel, &err) != ST_OK)
		worker_life_refuse(&channel, &err);
	/* Not before: it may be a copy by now. */
	ready.pid = done.pid = (uint32_t)getpid();
	if (worker_life_send(&channel, &worker_ready_table, &ready, &err) ==
		    ST_OK &&
	    pdf_serve(&channel, &err) == ST_OK)
		NEGLECT(worker_life_send(&channel, &worker_done_table, &done,
					 &err));
	/* No exit handlers: what they would do may not be allowed here. */
	_exit(EXIT_SUCCESS);
}
