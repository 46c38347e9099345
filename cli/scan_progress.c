#include "cli/scan_progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/table.h"
#include "lib/base/clock.h"
#include "lib/base/parse.h"

enum {
	PROGRESS_EVERY_MS = 150,
	PROGRESS_COLUMNS = 80, /* of a terminal that does not say */
	PROGRESS_LINE_BYTES = 4096
};

void
scan_progress_open(struct scan_progress *progress, const struct speech *speech)
{
	*progress = (struct scan_progress){
		.on = isatty(STDERR_FILENO) == 1,
		.beside = isatty(STDOUT_FILENO) == 1,
		.speech = speech,
	};
}

/* So much of text that it takes no more than columns of a terminal: a line that
 * wraps could not be taken away. */
static void
progress_cut(struct sbuf *text, size_t columns)
{
	while (text->len_bytes > 0 && (text_width(sbuf_text(text)) > columns ||
				       !parse_is_utf8(sbuf_span(text))))
		sbuf_truncate(text, text->len_bytes - 1);
}

static size_t
progress_columns(void)
{
	struct winsize size = { .ws_col = 0 };

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 2)
		return PROGRESS_COLUMNS - 1;
	return size.ws_col - 1U;
}

static void
progress_add_counts(const struct scan_progress *progress, struct sbuf *line)
{
	sbuf_addf(line, "%s: %" PRIu64 ", %s: %" PRIu64 ", %s: %" PRIu64,
		  speech_text(progress->speech, N_("files")), progress->files,
		  speech_text(progress->speech, N_("found")), progress->found,
		  speech_text(progress->speech, N_("not read")),
		  progress->unread);
	if (progress->failed > 0)
		sbuf_addf(line, ", %s: %" PRIu64,
			  speech_text(progress->speech, N_("failed")),
			  progress->failed);
}

void
scan_progress_next(struct scan_progress *progress, const char *file)
{
	const int64_t now_mono_ms = clock_mono_ms();
	AUTO(sbuf_done) struct sbuf line;

	sbuf_init(&line, PROGRESS_LINE_BYTES);
	if (!progress->on || now_mono_ms < progress->next_mono_ms)
		return;
	progress->next_mono_ms = now_mono_ms + PROGRESS_EVERY_MS;
	progress_add_counts(progress, &line);
	sbuf_add_text(&line, "  ");
	text_add_safe(&line, file);
	progress_cut(&line, progress_columns());
	(void)fprintf(stderr, "\r%s\x1b[K", sbuf_text(&line));
	(void)fflush(stderr);
	progress->shown = true;
}

void
scan_progress_clear(struct scan_progress *progress)
{
	if (!progress->shown)
		return;
	(void)fputs("\r\x1b[K", stderr);
	(void)fflush(stderr);
	progress->shown = false;
}

void
scan_progress_make_room(struct scan_progress *progress)
{
	if (progress->beside)
		scan_progress_clear(progress);
}

void
scan_progress_end(struct scan_progress *progress)
{
	AUTO(sbuf_done) struct sbuf line;

	sbuf_init(&line, PROGRESS_LINE_BYTES);
	scan_progress_clear(progress);
	if (!progress->on)
		return;
	progress_add_counts(progress, &line);
	(void)fprintf(stderr, "%s\n", sbuf_text(&line));
}
