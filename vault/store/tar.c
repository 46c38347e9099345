#include "vault/store/tar.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/fd.h"

/* Places in a header block (POSIX.1-2017, pax, "ustar Interchange Format"). */
enum {
	TAR_MODE_OFFSET = 100,
	TAR_UID_OFFSET = 108,
	TAR_GID_OFFSET = 116,
	TAR_SIZE_OFFSET = 124,
	TAR_SIZE_DIGITS = 11,
	TAR_MTIME_OFFSET = 136,
	TAR_SUM_OFFSET = 148,
	TAR_SUM_BYTES = 8,
	TAR_TYPE_OFFSET = 156,
	TAR_MAGIC_OFFSET = 257,
	TAR_CHUNK_BYTES = 8 * 1024
};
#define TAR_MAX_SIZE_BYTES UINT64_C(077777777777)
static const char tar_magic[] = "ustar"; /* with its NUL */

static void
tar_put_octal(uint8_t *place, size_t digits, uint64_t value)
{
	for (size_t i = digits; i > 0; i--) {
		place[i - 1] = (uint8_t)('0' + value % 8);
		value /= 8;
	}
}

/* The sum over the block, its own field counted as spaces. */
static uint64_t
tar_sum(const uint8_t block[TAR_BLOCK_BYTES])
{
	uint64_t sum = 0;

	for (size_t i = 0; i < TAR_BLOCK_BYTES; i++)
		sum += i >= TAR_SUM_OFFSET && i < TAR_SUM_OFFSET + TAR_SUM_BYTES
			       ? ' '
			       : block[i];
	return sum;
}

static size_t
tar_padding(uint64_t size_bytes)
{
	return (TAR_BLOCK_BYTES - size_bytes % TAR_BLOCK_BYTES) %
	       TAR_BLOCK_BYTES;
}

static enum status
tar_write_header(int to, const char *name, uint64_t size_bytes, struct err *err)
{
	uint8_t block[TAR_BLOCK_BYTES] = { 0 };

	if (strlen(name) >= TAR_NAME_BYTES || size_bytes > TAR_MAX_SIZE_BYTES)
		return err_set(err, ST_LIMIT, "tar: %s does not fit", name);
	memcpy(block, name, strlen(name) + 1);
	tar_put_octal(block + TAR_MODE_OFFSET, 7, 0600);
	tar_put_octal(block + TAR_UID_OFFSET, 7, 0);
	tar_put_octal(block + TAR_GID_OFFSET, 7, 0);
	tar_put_octal(block + TAR_SIZE_OFFSET, TAR_SIZE_DIGITS, size_bytes);
	tar_put_octal(block + TAR_MTIME_OFFSET, 11, 0);
	block[TAR_TYPE_OFFSET] = '0';
	memcpy(block + TAR_MAGIC_OFFSET, tar_magic, sizeof(tar_magic));
	block[TAR_MAGIC_OFFSET + 6] = '0';
	block[TAR_MAGIC_OFFSET + 7] = '0';
	tar_put_octal(block + TAR_SUM_OFFSET, 6, tar_sum(block));
	block[TAR_SUM_OFFSET + 7] = ' ';
	return fd_write_all(to, (struct span){ block, sizeof(block) }, err);
}

enum status
tar_write_file(int to, const char *name, int from, uint64_t size_bytes,
	       struct err *err)
{
	static const uint8_t zeros[TAR_BLOCK_BYTES] = { 0 };
	uint64_t copied_bytes = 0;
	enum status st = tar_write_header(to, name, size_bytes, err);

	if (st == ST_OK)
		st = fd_copy(from, to, &copied_bytes, err);
	if (st == ST_OK && copied_bytes != size_bytes)
		return err_set(err, ST_FORMAT, "tar: %s changed its size",
			       name);
	return st == ST_OK
		       ? fd_write_all(to,
				      (struct span){ zeros,
						     tar_padding(size_bytes) },
				      err)
		       : st;
}

enum status
tar_write_end(int to, struct err *err)
{
	static const uint8_t zeros[2 * TAR_BLOCK_BYTES] = { 0 };

	return fd_write_all(to, (struct span){ zeros, sizeof(zeros) }, err);
}

static bool
tar_get_octal(const uint8_t *place, size_t digits, uint64_t *value_out)
{
	uint64_t value = 0;

	for (size_t i = 0; i < digits; i++) {
		if (place[i] < '0' || place[i] > '7')
			return false;
		value = value * 8 + (uint64_t)(place[i] - '0');
	}
	*value_out = value;
	return true;
}

static bool
tar_is_zero(const uint8_t block[TAR_BLOCK_BYTES])
{
	for (size_t i = 0; i < TAR_BLOCK_BYTES; i++) {
		if (block[i] != 0)
			return false;
	}
	return true;
}

enum status
tar_read_member(int from, struct tar_member *member_out, struct err *err)
{
	uint8_t block[TAR_BLOCK_BYTES];
	struct tar_member member = { .size_bytes = 0 };
	uint64_t sum = 0;
	enum status st = fd_read_all(from, block, sizeof(block), err);

	if (st == ST_END)
		return err_set(err, ST_FORMAT, "tar: cut off");
	if (st != ST_OK)
		return st;
	if (tar_is_zero(block))
		return ST_END;
	if (memcmp(block + TAR_MAGIC_OFFSET, tar_magic, sizeof(tar_magic)) !=
		    0 ||
	    !tar_get_octal(block + TAR_SUM_OFFSET, 6, &sum) ||
	    sum != tar_sum(block) || block[TAR_TYPE_OFFSET] != '0' ||
	    !tar_get_octal(block + TAR_SIZE_OFFSET, TAR_SIZE_DIGITS,
			   &member.size_bytes))
		return err_set(err, ST_FORMAT, "tar: no member of ours");
	memcpy(member.name, block, TAR_NAME_BYTES - 1);
	*member_out = member;
	return ST_OK;
}

enum status
tar_read_file(int from, const struct tar_member *member, int to,
	      struct err *err)
{
	uint8_t chunk[TAR_CHUNK_BYTES];
	uint64_t left_bytes = member->size_bytes;
	enum status st = ST_OK;

	while (st == ST_OK && left_bytes > 0) {
		const size_t want_bytes = left_bytes < sizeof(chunk)
						  ? (size_t)left_bytes
						  : sizeof(chunk);

		st = fd_read_all(from, chunk, want_bytes, err);
		if (st == ST_OK)
			st = fd_write_all(
				to, (struct span){ chunk, want_bytes }, err);
		left_bytes -= want_bytes;
	}
	if (st == ST_OK && tar_padding(member->size_bytes) > 0)
		st = fd_read_all(from, chunk, tar_padding(member->size_bytes),
				 err);
	return st == ST_END ? err_set(err, ST_FORMAT, "tar: %s is cut off",
				      member->name)
			    : st;
}
