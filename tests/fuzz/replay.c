/*
 * replay.c - runs a fuzz target over its corpus, in "make check".
 *
 * Linked with a target instead of libFuzzer. Each file of
 * tests/data/fuzz/FUZZ_TARGET goes in as it is, as every prefix (up to a
 * bound) and with single bytes changed. To search for new inputs, build the
 * target with clang -fsanitize=fuzzer,address and without this file.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/fd.h"
#include "tests/fuzz/fuzz.h"

enum {
	REPLAY_FILE_BYTES = 4 * 1024 * 1024,
	REPLAY_PATH_BYTES = 4096,
	REPLAY_PREFIXES = 600,
	REPLAY_CHANGES = 600
};

/* Out of a block of exactly its size, for AddressSanitizer. */
static void
replay_bytes(const uint8_t *bytes, size_t len_bytes)
{
	uint8_t *copy = malloc(len_bytes > 0 ? len_bytes : 1);

	if (copy == NULL)
		abort();
	memcpy(copy, bytes, len_bytes);
	(void)LLVMFuzzerTestOneInput(copy, len_bytes);
	free(copy);
}

static void
replay_file(struct span file)
{
	static const uint8_t odd[] = { 0x00, 0xff, '\r', '\n', '-', '0', 0x80 };
	const size_t step = file.len_bytes / REPLAY_PREFIXES + 1;
	const size_t change_step = file.len_bytes / REPLAY_CHANGES + 1;
	uint8_t *copy = malloc(file.len_bytes > 0 ? file.len_bytes : 1);

	if (copy == NULL)
		abort();
	replay_bytes(file.ptr, file.len_bytes);
	for (size_t len = 0; len < file.len_bytes; len += step)
		replay_bytes(file.ptr, len);
	for (size_t at = 0; at < file.len_bytes; at += change_step) {
		memcpy(copy, file.ptr, file.len_bytes);
		copy[at] = odd[at % sizeof(odd)];
		replay_bytes(copy, file.len_bytes);
	}
	free(copy);
}

static bool
replay_path(const char *path)
{
	AUTO(sbuf_done) struct sbuf file;
	struct err err = { 0 };

	sbuf_init(&file, REPLAY_FILE_BYTES);
	if (fd_slurp_file(path, &file, &err) != ST_OK) {
		(void)fprintf(stderr, "%s\n", err.text);
		return false;
	}
	replay_file(sbuf_span(&file));
	return true;
}

int
main(void)
{
	const char *top = getenv("top_srcdir");
	char path[REPLAY_PATH_BYTES];
	DIR *dir = NULL;
	size_t count = 0;
	bool good = true;

	(void)snprintf(path, sizeof(path), "%s/tests/data/fuzz/%s",
		       top != NULL ? top : ".", FUZZ_TARGET);
	dir = opendir(path);
	if (dir == NULL) {
		(void)fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return 1;
	}
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread */
	for (const struct dirent *entry = readdir(dir); entry != NULL;
	     entry = readdir(dir)) { /* NOLINT(concurrency-mt-unsafe) */
		char name[REPLAY_PATH_BYTES + 300];

		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(name, sizeof(name), "%s/%s", path,
			       entry->d_name);
		good = replay_path(name) && good;
		count++;
	}
	(void)closedir(dir);
	(void)printf("%s: %zu files\n", FUZZ_TARGET, count);
	return good && count > 0 ? 0 : 1;
}
