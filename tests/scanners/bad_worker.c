/* A worker that was taken over: does what the file "play" beside it says. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "scanners/worker/worker_messages.h"
#include "scanners/worker/worker_note.h"

static void
read_play(const char *program, char play[32])
{
	char path[PATH_MAX];
	const char *slash = strrchr(program, '/');
	FILE *file = NULL;

	if ((size_t)(slash - program) + sizeof("/play") > sizeof(path))
		_exit(8);
	memcpy(path, program, (size_t)(slash - program));
	memcpy(path + (slash - program), "/play", sizeof("/play"));
	file = fopen(path, "r");
	if (file == NULL || fgets(play, 32, file) == NULL)
		_exit(9);
	(void)fclose(file);
}

/* What a supervisor must not believe, and not show. */
static void
lie(struct worker_note *note)
{
	memset(note, 'A', sizeof(*note));
	memcpy(note->part, "1/\x1b[2J", 7);
	_exit(0);
}

/* Answer one job. */
static void
misbehave(const char *play, struct channel *channel)
{
	static const uint8_t huge[] = { 0x7f, 0, 0, 0, 1, 1, 0, 3 };
	static const uint8_t half[] = { 0, 0, 1, 0, 1, 1, 0, 3, 'x' };
	static const uint8_t version[] = { 0, 0, 0, 0, 1, 1, 0, 9 };
	static const uint8_t type[] = { 0, 0, 0, 0, 9, 9, 0, 1 };
	static const uint8_t garbage[] = { 0, 0, 0, 4, 1, 1, 0, 3, 9, 9, 9, 9 };
	static const uint8_t preview[] = { 0, 0, 0, 4, 1, 3, 0, 1, 0, 0, 0, 0 };
	const struct worker_tainted tainted = { 1 };
	struct err err;

	if (strcmp(play, "huge") == 0)
		(void)!write(channel->fd, huge, sizeof(huge));
	else if (strcmp(play, "half") == 0)
		(void)!write(channel->fd, half, sizeof(half));
	else if (strcmp(play, "version") == 0)
		(void)!write(channel->fd, version, sizeof(version));
	else if (strcmp(play, "type") == 0)
		(void)!write(channel->fd, type, sizeof(type));
	else if (strcmp(play, "garbage") == 0)
		(void)!write(channel->fd, garbage, sizeof(garbage));
	else if (strcmp(play, "preview") == 0)
		(void)!write(channel->fd, preview, sizeof(preview));
	else if (strcmp(play, "exit") == 0)
		_exit(0);
	if (strcmp(play, "tainted") == 0) {
		const struct scan_report clean = {
			.verdict = REPORT_VERDICT_CLEAN,
			.profile = REPORT_PROFILE_STANDARD,
			.dsn = { "", "", "", "" },
		};

		(void)!channel_send(channel, &worker_tainted_table, &tainted,
				    NULL, 0, clock_mono_ms() + 100, &err);
		(void)usleep(100 * 1000);
		(void)!channel_send(channel, &report_table, &clean, NULL, 0,
				    clock_mono_ms() + 100, &err);
	}
	for (int i = 0; strcmp(play, "taints") == 0 && i < 1000; i++)
		(void)!channel_send(channel, &worker_tainted_table, &tainted,
				    NULL, 0, clock_mono_ms() + 100, &err);
}

int
main(int argc, char **argv)
{
	struct worker_ready ready = { 1 };
	struct worker_note *note = NULL;
	struct channel channel;
	struct frame frame;
	char play[32];
	struct err err;

	(void)argc;
	read_play(argv[0], play);
	if (strcmp(play, "start") == 0)
		return 1;
	frame_init(&frame);
	if (channel_open(WORKER_CHANNEL_FD, &channel, &err) != ST_OK ||
	    channel_receive(&channel, &frame, INT64_MAX, &err) != ST_OK ||
	    /* It is no template. */
	    frame.type != WORKER_SETUP_TYPE ||
	    worker_note_map(frame.fds[1], &note, &err) != ST_OK ||
	    channel_send(&channel, &worker_ready_table, &ready, NULL, 0,
			 clock_mono_ms() + 1000, &err) != ST_OK)
		return 2;
	if (strcmp(play, "early") == 0)
		(void)!channel_send(&channel, &worker_ready_table, &ready, NULL,
				    0, clock_mono_ms() + 1000, &err);
	while (channel_receive(&channel, &frame, INT64_MAX, &err) == ST_OK)
		if (strcmp(play, "lies") == 0)
			lie(note);
		else
			misbehave(play, &channel);
	return 0;
}
