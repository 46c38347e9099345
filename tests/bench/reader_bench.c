/*
 * reader_bench - what it takes to get the text out of a file: the readers of
 * the mail worker, and a sink that only counts.
 * usage: reader_bench [--members|--packed] FILE
 *
 * --members: those of an archive that end in .txt are counted as they come
 * out, as a program that unpacks gives them. --packed: so is all that is in
 * FILE, which has no names.
 *
 * Prints the bytes of text and the CPU microseconds. What is inside is read as
 * well, as by the engine; nothing is searched for numbers.
 */
#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "lib/base/fd.h"
#include "lib/base/sbuf.h"
#include "scanners/readers/reader.h"

enum {
	BENCH_MAX_BYTES = 512 << 20,
	BENCH_MAX_READERS = 32,
	BENCH_US_PER_S = 1000000
};

struct bench_object {
	struct bench_object *next;
	uint8_t *bytes;
	size_t len_bytes;
	struct child hint; /* its texts lie in words */
	char words[3][256];
};

struct sink {
	struct bench_object *todo;
	uint64_t text_bytes;
	uint64_t objects;
	uint64_t unread;
	bool members;
	bool packed;
};

static bool
ends_in(const char *name, const char *ending)
{
	const size_t len = strlen(name);
	const size_t ending_len = strlen(ending);

	return len > ending_len && strcmp(name + len - ending_len, ending) == 0;
}

void
sink_opened(struct sink *sink, const char *name)
{
	(void)sink;
	(void)name;
}

enum status
sink_text(struct sink *sink, const struct place *place, struct span utf8,
	  struct err *err)
{
	(void)place;
	(void)err;
	sink->text_bytes += utf8.len_bytes;
	return ST_OK;
}

enum status
sink_break(struct sink *sink, struct err *err)
{
	(void)sink;
	(void)err;
	return ST_OK;
}

enum status
sink_cell(struct sink *sink, const struct cell *cell, struct span utf8,
	  struct err *err)
{
	(void)cell;
	(void)err;
	sink->text_bytes += utf8.len_bytes;
	return ST_OK;
}

enum status
sink_child(struct sink *sink, const struct child *child, struct span bytes,
	   uint8_t **owned, struct err *err)
{
	struct bench_object *object = NULL;

	if ((sink->members && ends_in(child->name, ".txt")) ||
	    (sink->packed && sink->objects == 0)) {
		sink->text_bytes += bytes.len_bytes;
		return ST_OK; /* the caller frees *owned */
	}
	object = calloc(1, sizeof(*object));
	if (object == NULL)
		return err_set(err, ST_NO_MEMORY, "bench: no memory");
	object->hint = *child;
	(void)snprintf(object->words[0], sizeof(object->words[0]), "%s",
		       child->name);
	(void)snprintf(object->words[1], sizeof(object->words[1]), "%s",
		       child->content_type);
	(void)snprintf(object->words[2], sizeof(object->words[2]), "%s",
		       child->charset);
	object->hint.name = object->words[0];
	object->hint.content_type = object->words[1];
	object->hint.charset = object->words[2];
	object->len_bytes = bytes.len_bytes;
	if (owned != NULL) {
		object->bytes = *owned;
		*owned = NULL;
	} else if (bytes.len_bytes > 0) {
		object->bytes = malloc(bytes.len_bytes);
		if (object->bytes != NULL)
			memcpy(object->bytes, bytes.ptr, bytes.len_bytes);
	}
	object->next = sink->todo;
	sink->todo = object;
	return ST_OK;
}

enum status
sink_gap(struct sink *sink, struct span bytes, struct err *err)
{
	(void)err;
	sink->text_bytes += bytes.len_bytes;
	return ST_OK;
}

enum status
sink_opaque(struct sink *sink, enum report_reason reason, const char *detail,
	    struct err *err)
{
	(void)reason;
	(void)detail;
	(void)err;
	sink->unread++;
	return ST_OK;
}

enum status
sink_ambiguous(struct sink *sink, const char *detail, struct err *err)
{
	(void)sink;
	(void)detail;
	(void)err;
	return ST_OK;
}

enum status
sink_may_skip(struct sink *sink, struct span record, uint8_t delimiter,
	      bool *skip_out, struct err *err)
{
	(void)sink;
	(void)record;
	(void)delimiter;
	(void)err;
	*skip_out = false;
	return ST_OK;
}

enum status
sink_remote(struct sink *sink, const char *kind, struct span body,
	    struct err *err)
{
	(void)sink;
	(void)body;
	return err_set(err, ST_UNSUPPORTED, "bench: no worker for %s", kind);
}

void
sink_dsn(struct sink *sink, const struct report_dsn *dsn)
{
	(void)sink;
	(void)dsn;
}

enum status
sink_spend(struct sink *sink, uint64_t len_bytes, uint64_t packed_bytes,
	   struct err *err)
{
	(void)sink;
	(void)len_bytes;
	(void)packed_bytes;
	(void)err;
	return ST_OK;
}

/* As the engine does: every reader that claims it, text beside no signature. */
static void
read_one(struct sink *sink, const struct bench_object *object)
{
	const struct span bytes = { object->bytes, object->len_bytes };
	const struct reader *readers[BENCH_MAX_READERS];
	enum sniff sure[BENCH_MAX_READERS];
	enum sniff best = SNIFF_NO;
	size_t count = 0;
	size_t index = 0;

	while (count < BENCH_MAX_READERS &&
	       (readers[count] = reader_next(bytes, &object->hint, &index,
					     &sure[count])) != NULL) {
		best = sure[count] > best ? sure[count] : best;
		count++;
	}
	for (size_t i = 0; i < count; i++) {
		struct err err = { .st = ST_OK };

		if (best == SNIFF_CERTAIN && sure[i] != SNIFF_CERTAIN &&
		    strcmp(readers[i]->name, "text") == 0)
			continue;
		if (readers[i]->read(sink, bytes, &object->hint, &err) != ST_OK)
			sink->unread++;
	}
	sink->objects++;
}

static int64_t
cpu_us(void)
{
	struct rusage used;

	(void)getrusage(RUSAGE_SELF, &used);
	return ((int64_t)used.ru_utime.tv_sec + used.ru_stime.tv_sec) *
		       BENCH_US_PER_S +
	       used.ru_utime.tv_usec + used.ru_stime.tv_usec;
}

int
main(int argc, char **argv)
{
	AUTO(sbuf_done) struct sbuf file;
	struct sink sink = { .todo = NULL };
	struct child hint = { .content_type = "",
			      .charset = "",
			      .attachment = true };
	struct err err = { .st = ST_OK };

	sbuf_init(&file, BENCH_MAX_BYTES);
	const bool packed = argc == 3 && strcmp(argv[1], "--packed") == 0;

	sink.members = argc == 3 && strcmp(argv[1], "--members") == 0;
	if (argc != (sink.members || packed ? 3 : 2) ||
	    setlocale(LC_CTYPE, "C.UTF-8") == NULL ||
	    reader_prepare(&err) != ST_OK ||
	    fd_slurp_file(argv[argc - 1], &file, &err) != ST_OK) {
		(void)fprintf(stderr, "reader_bench: %s\n", err.text);
		return 2;
	}
	hint.name = argv[argc - 1];
	hint.mail = ends_in(hint.name, ".eml");
	const int64_t start_us = cpu_us();

	if (sink_child(&sink, &hint, sbuf_span(&file), NULL, &err) != ST_OK)
		return 2;
	sink.packed = packed;
	while (sink.todo != NULL) {
		struct bench_object *object = sink.todo;

		sink.todo = object->next;
		read_one(&sink, object);
		free(object->bytes);
		free(object);
	}
	(void)printf("%" PRIu64 " %" PRId64 " %" PRIu64 " %" PRIu64 "\n",
		     sink.text_bytes, cpu_us() - start_us, sink.objects,
		     sink.unread);
	return 0;
}
