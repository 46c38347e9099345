/* The worker of mails with one more reader, which does what the part says:
 * every way in which a reader can go wrong, in the real sandbox. */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/parse.h"
#include "scanners/detect/numbers.h"
#include "scanners/readers/reader.h"

static bool
says(struct span body, const char *word)
{
	const struct span wanted = span_of(word);

	return body.len_bytes >= wanted.len_bytes &&
	       memcmp(body.ptr, wanted.ptr, wanted.len_bytes) == 0;
}

static enum sniff
failing_sniff(struct span body, const struct child *hint)
{
	(void)hint;
	return says(body, "FAIL-") || says(body, "TAKE-") || says(body, "TELL-")
		       ? SNIFF_CERTAIN
		       : SNIFF_NO;
}

static void
fail_deaf(void)
{
	sigset_t all;

	(void)sigfillset(&all);
	(void)sigprocmask(SIG_BLOCK, &all, NULL);
}

static void
fail_fault(void)
{
	volatile int *volatile nowhere = NULL;

	*nowhere = 1;
}

/* Everything there is, in pieces that are really used. */
static enum status
fail_memory(struct err *err)
{
	enum { FAIL_PIECE_BYTES = 1024 * 1024 };
	void *last = NULL;
	void **piece = NULL;

	while ((piece = malloc(FAIL_PIECE_BYTES)) != NULL) {
		memset(piece, 1, FAIL_PIECE_BYTES);
		*piece = last;
		last = piece;
	}
	while (last != NULL) {
		piece = last;
		last = *piece;
		free(piece);
	}
	return err_set(err, ST_NO_MEMORY, "no memory");
}

static enum status
fail_take(struct err *err)
{
	void *volatile room = malloc((size_t)100 << 20);
	const bool there = room != NULL;

	free(room);
	return there ? ST_OK : err_set(err, ST_NO_MEMORY, "no memory");
}

/* What a table of numbers would be keyed with. */
static enum status
tell_random(struct sink *sink, struct err *err)
{
	struct numbers *numbers = NULL;
	char text[64];
	const enum status st = numbers_new(&numbers, err);

	if (st != ST_OK)
		return st;
	(void)snprintf(text, sizeof(text), "key %016" PRIx64,
		       numbers_hash(numbers, 1, 2));
	numbers_free(&numbers);
	return sink_opaque(sink, REPORT_REASON_EXTERNAL, text, err);
}

static enum status
failing_read(struct sink *sink, struct span body, const struct child *hint,
	     struct err *err)
{
	volatile bool on = true;

	(void)hint;
	if (says(body, "TELL-RANDOM"))
		return tell_random(sink, err);
	if (says(body, "FAIL-FAULT"))
		fail_fault();
	if (says(body, "FAIL-CALL"))
		(void)!kill(1, SIGTERM);
	if (says(body, "FAIL-MEMORY"))
		return fail_memory(err);
	if (says(body, "TAKE-100M"))
		return fail_take(err);
	if (says(body, "FAIL-DEAF"))
		fail_deaf();
	while (says(body, "FAIL-SPIN") && on)
		;
	for (;;)
		(void)poll(NULL, 0, -1);
}

static const struct reader reader_failing = {
	.name = "failing",
	.sniff = failing_sniff,
	.read = failing_read,
};

const struct reader *
reader_next(struct span body, const struct child *hint, size_t *index,
	    enum sniff *sniff_out)
{
	static const struct reader *const readers[] = { &reader_failing,
							&reader_mime,
							&reader_text };

	while (*index < ARRAY_LEN(readers)) {
		const struct reader *reader = readers[(*index)++];

		*sniff_out = reader->sniff(body, hint);
		if (*sniff_out != SNIFF_NO)
			return reader;
	}
	return NULL;
}
