/*
 * reader_bench - what it takes to get the text out of a file: the readers of
 * the mail worker, and a sink that writes the text to its output.
 * usage: reader_bench [--members|--packed] [--only READER] FILE
 *
 * --members: those of an archive that end in .txt are written as they come
 * out, as a program that unpacks gives them. --packed: so is all that is in
 * FILE, which has no names. --only: of the readers that claim FILE itself only
 * this one reads.
 *
 * Says on the error output: the bytes of text, the CPU microseconds from
 * opening FILE to the last byte written, those of finding out what FILE is,
 * which are not among them, objects, and what could not be read. What is inside
 * is read as well, as by the engine; nothing is searched for numbers.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "scanners/readers/glance.h"
#include "scanners/readers/reader.h"

enum {
	BENCH_OUT_BYTES = 64 * 1024,
	BENCH_MAX_READERS = 32,
	BENCH_US_PER_S = 1000000
};

struct bench_object {
	struct bench_object *next;
	struct span bytes;
	uint8_t *owned;    /* or NULL: they are the file's */
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
	const char *only; /* or NULL */
	int64_t sniffing_us;
	size_t out_bytes;
	uint8_t out[BENCH_OUT_BYTES];
};

static bool
ends_in(const char *name, const char *ending)
{
	const size_t len = strlen(name);
	const size_t ending_len = strlen(ending);

	return len > ending_len && strcmp(name + len - ending_len, ending) == 0;
}

static enum status
sink_write(struct sink *sink, struct err *err)
{
	const struct span out = { sink->out, sink->out_bytes };

	sink->out_bytes = 0;
	return fd_write_all(STDOUT_FILENO, out, err);
}

/* As programs write: small pieces together, large ones from where they are. */
static enum status
sink_take(struct sink *sink, struct span text, struct err *err)
{
	enum status st = ST_OK;

	sink->text_bytes += text.len_bytes;
	if (text.len_bytes > sizeof(sink->out) - sink->out_bytes)
		st = sink_write(sink, err);
	if (st == ST_OK && text.len_bytes > sizeof(sink->out))
		return fd_write_all(STDOUT_FILENO, text, err);
	if (st == ST_OK && text.len_bytes > 0) {
		memcpy(sink->out + sink->out_bytes, text.ptr, text.len_bytes);
		sink->out_bytes += text.len_bytes;
	}
	return st;
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
	return sink_take(sink, utf8, err);
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
	return sink_take(sink, utf8, err);
}

static enum status
sink_add(struct sink *sink, const struct child *child, struct span bytes,
	 uint8_t *owned, struct err *err)
{
	struct bench_object *object = calloc(1, sizeof(*object));

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
	object->bytes = bytes;
	object->owned = owned;
	object->next = sink->todo;
	sink->todo = object;
	return ST_OK;
}

enum status
sink_child(struct sink *sink, const struct child *child, struct span bytes,
	   uint8_t **owned, struct err *err)
{
	uint8_t *copy = NULL;

	if ((sink->members && ends_in(child->name, ".txt")) || sink->packed)
		return sink_take(sink, bytes, err); /* *owned: the caller's */
	if (owned != NULL) {
		copy = *owned;
		*owned = NULL;
	} else {
		copy = malloc(bytes.len_bytes + 1);
		if (copy == NULL)
			return err_set(err, ST_NO_MEMORY, "bench: no memory");
		if (bytes.len_bytes > 0)
			memcpy(copy, bytes.ptr, bytes.len_bytes);
	}
	return sink_add(sink, child, (struct span){ copy, bytes.len_bytes },
			copy, err);
}

enum status
sink_gap(struct sink *sink, struct span bytes, struct err *err)
{
	return sink_take(sink, bytes, err);
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

static int64_t
cpu_us(void)
{
	struct rusage used;

	(void)getrusage(RUSAGE_SELF, &used);
	return ((int64_t)used.ru_utime.tv_sec + used.ru_stime.tv_sec) *
		       BENCH_US_PER_S +
	       used.ru_utime.tv_usec + used.ru_stime.tv_usec;
}

/* As the engine does: every reader that claims it, text beside no signature. */
static bool
is_read(const struct sink *sink, const struct reader *reader, enum sniff sure,
	enum sniff best)
{
	if (sink->only != NULL && sink->objects == 0)
		return strcmp(reader->name, sink->only) == 0;
	return best != SNIFF_CERTAIN || sure == SNIFF_CERTAIN ||
	       strcmp(reader->name, "text") != 0;
}

static void
read_one(struct sink *sink, const struct bench_object *object)
{
	struct glance glance = { .bytes = object->bytes };
	struct child hint = object->hint;
	const struct reader *readers[BENCH_MAX_READERS];
	enum sniff sure[BENCH_MAX_READERS];
	enum sniff best = SNIFF_NO;
	size_t count = 0;
	size_t index = 0;

	const int64_t start_us = cpu_us();

	hint.glance = &glance;
	while (count < BENCH_MAX_READERS &&
	       (readers[count] = reader_next(object->bytes, &hint, &index,
					     &sure[count])) != NULL) {
		best = sure[count] > best ? sure[count] : best;
		count++;
	}
	if (sink->objects == 0)
		sink->sniffing_us = cpu_us() - start_us;
	for (size_t i = 0; i < count; i++) {
		struct err err = { .st = ST_OK };

		if (!is_read(sink, readers[i], sure[i], best))
			continue;
		if (readers[i]->read(sink, object->bytes, &hint, &err) != ST_OK)
			sink->unread++;
	}
	sink->objects++;
}

/* As the worker gets it: mapped. */
static enum status
map_file(const char *path, struct span *map_out, struct err *err)
{
	AUTO(fd_close) int fd = FD_NONE;
	struct stat meta;
	void *map = MAP_FAILED;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && fstat(fd, &meta) == 0 && meta.st_size > 0)
		map = mmap(NULL, (size_t)meta.st_size, PROT_READ,
			   MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (map == MAP_FAILED)
		return err_set(err, ST_IO, "%s: cannot be mapped", path);
	*map_out = (struct span){ map, (size_t)meta.st_size };
	return ST_OK;
}

static enum status
read_all(struct sink *sink, const char *path, struct err *err)
{
	const struct child hint = { .name = path,
				    .content_type = "",
				    .charset = "",
				    .attachment = true,
				    .mail = ends_in(path, ".eml") };
	struct span bytes = { 0 };
	enum status st = map_file(path, &bytes, err);

	if (st == ST_OK)
		st = sink_add(sink, &hint, bytes, NULL, err);
	while (st == ST_OK && sink->todo != NULL) {
		struct bench_object *object = sink->todo;

		sink->todo = object->next;
		read_one(sink, object);
		free(object->owned);
		free(object);
	}
	if (st == ST_OK)
		st = sink_write(sink, err);
	fd_unmap(&bytes);
	return st;
}

int
main(int argc, char **argv)
{
	struct sink *sink = calloc(1, sizeof(*sink));
	struct err err = { .st = ST_OK };
	int at = 1;

	for (; sink != NULL && at < argc - 1; at++) {
		sink->members |= strcmp(argv[at], "--members") == 0;
		sink->packed |= strcmp(argv[at], "--packed") == 0;
		if (strcmp(argv[at], "--only") == 0)
			sink->only = argv[++at];
	}
	if (sink == NULL || at != argc - 1 ||
	    setlocale(LC_CTYPE, "C.UTF-8") == NULL ||
	    reader_prepare(&err) != ST_OK)
		return 2;
	const int64_t start_us = cpu_us();

	if (read_all(sink, argv[at], &err) != ST_OK) {
		(void)fprintf(stderr, "reader_bench: %s\n", err.text);
		return 2;
	}
	const int64_t took_us = cpu_us() - start_us - sink->sniffing_us;

	(void)fprintf(stderr,
		      "%" PRIu64 " %" PRId64 " %" PRId64 " %" PRIu64 " %" PRIu64
		      "\n",
		      sink->text_bytes, took_us, sink->sniffing_us,
		      sink->objects, sink->unread);
	free(sink);
	return 0;
}
