/* Tests of zip_stream.h: any byte of it, and what Python makes of it. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "lib/proc/process.h"
#include "quarantine-ui/portal/zip_stream.h"
#include "tests/harness/check.h"

/* All files together: the byte of each place says which place it is. */
static enum status
source(void *context, uint64_t offset, void *out, size_t room, size_t *len_out)
{
	uint8_t *bytes = out;

	(void)context;
	for (size_t i = 0; i < room; i++)
		bytes[i] = (uint8_t)((offset + i) * 37);
	*len_out = room;
	return ST_OK;
}

static uint32_t
crc_of(uint64_t offset, uint64_t len)
{
	uint32_t crc = UINT32_MAX;

	for (uint64_t i = 0; i < len; i++) {
		crc ^= (uint8_t)((offset + i) * 37);
		for (unsigned bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (UINT32_C(0xedb88320) & -(crc & 1));
	}
	return ~crc;
}

static struct zip_stream *
make(struct zip_stream_file *files, size_t count)
{
	struct zip_stream *zip = NULL;
	struct err err = { .st = ST_OK };
	uint64_t at = 0;

	for (size_t i = 0; i < count; i++) {
		if (files[i].size_bytes < 1 << 20)
			files[i].crc32 = crc_of(at, files[i].size_bytes);
		at += files[i].size_bytes;
	}
	check_status(ST_OK,
		     zip_stream_new(files, count, INT64_C(1795305600000), &zip,
				    &err),
		     &err);
	return zip;
}

/* Bytes [from, to), by pieces of step at most. */
static void
read_part(struct zip_stream *zip, uint64_t from, uint64_t to, size_t step,
	  struct sbuf *out)
{
	while (from < to) {
		uint8_t piece[8192];
		const size_t room =
			to - from < step ? (size_t)(to - from) : step;
		size_t len = 0;

		assert_int_equal(zip_stream_read(zip, source, NULL, from, piece,
						 room, &len),
				 ST_OK);
		assert_true(len > 0 && len <= room);
		sbuf_add(out, piece, len);
		from += len;
	}
}

static void
every_piece_is_the_same_as_in_the_whole(void **state)
{
	struct zip_stream_file files[] = {
		{ .name = "a.txt", .size_bytes = 1000 },
		{ .name = "empty", .size_bytes = 0 },
		{ .name = "表.xlsx", .size_bytes = 40000 },
		{ .name = "one", .size_bytes = 1 },
		{ .name = "none", .size_bytes = 0 },
	};
	AUTO(zip_stream_free)
	struct zip_stream *zip = make(files, ARRAY_LEN(files));
	AUTO(sbuf_done) struct sbuf whole;
	uint8_t byte = 0;
	size_t len = 0;

	(void)state;
	sbuf_init(&whole, 100000);
	read_part(zip, 0, zip_stream_bytes(zip), 8192, &whole);
	assert_int_equal(whole.len_bytes, zip_stream_bytes(zip));
	for (uint64_t from = 0; from < zip_stream_bytes(zip); from += 13) {
		AUTO(sbuf_done) struct sbuf part;
		const uint64_t left = zip_stream_bytes(zip) - from;

		sbuf_init(&part, 1000);
		read_part(zip, from, from + (left < 90 ? left : 90), 7, &part);
		assert_memory_equal(part.bytes, whole.bytes + from,
				    part.len_bytes);
	}
	assert_int_equal(zip_stream_read(zip, source, NULL,
					 zip_stream_bytes(zip), &byte, 1, &len),
			 ST_END);
}

/* What python3 says when it opens the file at path; its exit status. */
static int
ask_python(const char *path, const char *script)
{
	const char *const argv[] = { "python3", "-c", script, path, NULL };
	const struct process_spawn spawn = { .path = "/usr/bin/python3",
					     .argv = argv,
					     .channel_fd = FD_NONE };
	struct err err = { .st = ST_OK };
	pid_t pid = 0;
	int status = 0;

	check_status(ST_OK, process_spawn(&spawn, &pid, &err), &err);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000;
}

/* Headers only: what is between them stays a hole. */
static void
write_sparse(struct zip_stream *zip, const uint64_t (*parts)[2], size_t count,
	     char path[32])
{
	struct err err = { .st = ST_OK };
	AUTO(fd_close) int fd = FD_NONE;

	(void)snprintf(path, 32, "/tmp/portal_zip_XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	for (size_t i = 0; i < count; i++) {
		AUTO(sbuf_done) struct sbuf part;

		sbuf_init(&part, 1 << 20);
		read_part(zip, parts[i][0], parts[i][1], 4096, &part);
		assert_true(lseek(fd, (off_t)parts[i][0], SEEK_SET) >= 0);
		check_status(ST_OK, fd_write_all(fd, sbuf_span(&part), &err),
			     &err);
	}
	assert_int_equal(ftruncate(fd, (off_t)zip_stream_bytes(zip)), 0);
}

static void
python_reads_every_file_of_it(void **state)
{
	static const char script[] =
		"import sys, zipfile\n"
		"z = zipfile.ZipFile(sys.argv[1])\n"
		"assert z.testzip() is None\n"
		"assert z.namelist() == ['a.txt', 'empty', '表.xlsx']\n"
		"assert [i.file_size for i in z.infolist()] == [1000, 0, 40000]\n"
		"assert {i.date_time[0] for i in z.infolist()} == {2026}\n"
		"assert z.read('a.txt') == bytes(i * 37 & 255 for i in "
		"range(1000))\n";
	struct zip_stream_file files[] = {
		{ .name = "a.txt", .size_bytes = 1000 },
		{ .name = "empty", .size_bytes = 0 },
		{ .name = "表.xlsx", .size_bytes = 40000 },
	};
	AUTO(zip_stream_free)
	struct zip_stream *zip = make(files, ARRAY_LEN(files));
	const uint64_t all[][2] = { { 0, zip_stream_bytes(zip) } };
	char path[32];

	(void)state;
	if (access("/usr/bin/python3", X_OK) != 0)
		skip();
	write_sparse(zip, all, 1, path);
	const int status = ask_python(path, script);

	(void)unlink(path);
	assert_int_equal(status, 0);
}

static void
above_4_gib_it_is_a_zip64(void **state)
{
	static const char script[] =
		"import sys, zipfile\n"
		"z = zipfile.ZipFile(sys.argv[1])\n"
		"big, small, last = z.infolist()\n"
		"assert big.file_size == 5 << 30, big\n"
		"assert z.read('small') == bytes(((5 << 30) + i) * 37 & 255 "
		"for i in range(100))\n"
		"assert small.header_offset > 5 << 30\n"
		"assert last.file_size == 0\n"
		"z.open('big').close()\n";
	struct zip_stream_file files[] = {
		{ .name = "big", .size_bytes = UINT64_C(5) << 30 },
		{ .name = "small", .size_bytes = 100 },
		{ .name = "last", .size_bytes = 0 },
	};
	AUTO(zip_stream_free)
	struct zip_stream *zip = make(files, ARRAY_LEN(files));
	const uint64_t total = zip_stream_bytes(zip);
	const uint64_t ends[][2] = { { 0, 100 }, { total - 700, total } };
	char path[32];

	(void)state;
	if (access("/usr/bin/python3", X_OK) != 0)
		skip();
	write_sparse(zip, ends, 2, path);
	const int status = ask_python(path, script);

	(void)unlink(path);
	assert_int_equal(status, 0);
}

static void
sizes_that_cannot_be_are_refused(void **state)
{
	const struct zip_stream_file files[] = {
		{ .name = "a", .size_bytes = UINT64_MAX },
		{ .name = "b", .size_bytes = 2 },
	};
	struct zip_stream *zip = NULL;
	struct err err = { .st = ST_OK };

	(void)state;
	check_status(ST_LIMIT, zip_stream_new(files, 2, 0, &zip, &err), &err);
	assert_null(zip);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_piece_is_the_same_as_in_the_whole),
		cmocka_unit_test(python_reads_every_file_of_it),
		cmocka_unit_test(above_4_gib_it_is_a_zip64),
		cmocka_unit_test(sizes_that_cannot_be_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
