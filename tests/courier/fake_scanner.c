#include "tests/courier/fake_scanner.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/parse.h"
#include "tests/harness/check.h"

enum { SCANNER_WAIT_MS = 5000, SCANNER_TRIES = 2 };

static void
scanner_serve(struct fake_scanner *scanner, struct channel *channel)
{
	struct scan_request request = { .input = SCAN_INPUT_NONE };
	AUTO(frame_done) struct frame frame;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct err err = { 0 };
	const int64_t until = clock_mono_ms() + SCANNER_WAIT_MS;
	enum status st = ST_OK;

	frame_init(&frame);
	st = channel_receive(channel, &frame, until, &err);
	if (st == ST_OK)
		st = frame_decode(&frame, &scan_request_table, &request, &arena,
				  &err);
	if (st == ST_OK && frame.fd_count >= 1)
		st = fd_size(frame.fds[0], &scanner->mail_bytes, &err);
	if (st == ST_OK && frame.fd_count == SCAN_REWRITE_FDS &&
	    scanner->files != NULL)
		st = fd_write_all(frame.fds[1], span_of(scanner->files), &err);
	scanner->rewrite = request.rewrite;
	scanner->pictures = request.rewrite_pictures;
	scanner->logo_bytes = request.rewrite_logo_bytes;
	scanner->priority = request.priority;
	scanner->reveal = request.reveal;
	scanner->preview = request.preview;
	scanner->profile = request.profile;
	scanner->search_from = request.search_from;
	scanner->search_ms = request.search_ms;
	scanner->words[0] = '\0';
	for (size_t i = 0; st == ST_OK && i < request.word_count; i++) {
		const size_t len = strlen(scanner->words);

		(void)snprintf(scanner->words + len,
			       sizeof(scanner->words) - len, "%s%s",
			       i > 0 ? " " : "", request.words[i].text);
	}
	if (st == ST_OK && scanner->table != NULL)
		st = channel_send(channel, scanner->table, scanner->message,
				  NULL, 0, until, &err);
	(void)st;
}

static void *
scanner_run(void *argument)
{
	struct fake_scanner *scanner = argument;

	/* A client tries a broken connection again once. */
	for (int i = 0; i < (scanner->table != NULL ? 1 : SCANNER_TRIES); i++) {
		struct pollfd one = { scanner->listen_fd, POLLIN, 0 };
		AUTO(channel_close) struct channel channel = { .fd = FD_NONE };
		struct err err = { 0 };

		if (poll(&one, 1, SCANNER_WAIT_MS) != 1)
			return NULL;
		if (channel_open(accept(scanner->listen_fd, NULL, NULL),
				 &channel, &err) == ST_OK)
			scanner_serve(scanner, &channel);
	}
	return NULL;
}

void
fake_scanner_answer(struct world *world, struct fake_scanner *scanner,
		    const struct vault_job *job, const char *mail)
{
	/* cppcheck-suppress variableScope ; borrowed below */
	char path[100];
	struct err err = { 0 };

	(void)snprintf(path, sizeof(path), "%s/scanner/scanner.sock",
		       world->dir);
	check_status(ST_OK,
		     channel_listen(path, 0600, &scanner->listen_fd, &err),
		     &err);
	assert_int_equal(
		pthread_create(&scanner->thread, NULL, scanner_run, scanner),
		0);
	fake_vault_give(world->vault, job, span_of(mail));
	assert_int_equal(pthread_join(scanner->thread, NULL), 0);
	fd_close(&scanner->listen_fd);
}

const struct fake_done *
fake_scanner_run(struct world *world, struct fake_scanner *scanner,
		 const struct vault_job *job, size_t i)
{
	static const char mail[] = "A: b\r\n\r\nhi\r\n";

	if (scanner != NULL)
		fake_scanner_answer(world, scanner, job, mail);
	else
		fake_vault_give(world->vault, job, span_of(mail));
	return fake_vault_done(world->vault, i);
}
