#include "vault/case/link_epochs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "vault/store/store_link.h"

#define EPOCHS_CONTEXT "link-epochs"

enum {
	EPOCHS_WEEK_MS = 7 * 86400 * 1000,
	EPOCHS_ROW_BYTES = 4 + SEAL_KEY_BYTES,
	EPOCHS_MAX_BYTES = 1000 * EPOCHS_ROW_BYTES,
	EPOCHS_PATH_BYTES = 1024
};

uint32_t
link_epochs_week(int64_t unix_ms)
{
	return unix_ms > 0 ? (uint32_t)(unix_ms / EPOCHS_WEEK_MS) : 0;
}

static enum status
epochs_path(const struct vault *vault, char path[EPOCHS_PATH_BYTES],
	    struct err *err)
{
	const int len = snprintf(path, EPOCHS_PATH_BYTES, "%s/link-epochs",
				 vault->config->general.state_dir);

	if (len < 0 || len >= EPOCHS_PATH_BYTES)
		return err_set(err, ST_IO, "link keys: path too long");
	return ST_OK;
}

/* All rows in clear; none when there is no file. */
static enum status
epochs_read(const struct vault *vault, struct sbuf *rows, struct err *err)
{
	AUTO(sbuf_done) struct sbuf boxed;
	char path[EPOCHS_PATH_BYTES];
	enum status st = vault_need_ring(vault, err);

	sbuf_init(&boxed, EPOCHS_MAX_BYTES + 100);
	if (st == ST_OK)
		st = epochs_path(vault, path, err);
	if (st != ST_OK)
		return st;
	st = fd_slurp_file(path, &boxed, err);
	if (st == ST_NOT_FOUND)
		return ST_OK;
	if (st == ST_OK)
		st = key_ring_unbox(vault->ring, EPOCHS_CONTEXT,
				    sbuf_span(&boxed), rows, err);
	if (st == ST_FORMAT || rows->len_bytes % EPOCHS_ROW_BYTES != 0)
		return err_set(err, ST_IO,
			       "link keys: %s cannot be opened; move it away, "
			       "and links of before are lost",
			       path);
	return st;
}

static uint32_t
row_week(const uint8_t *row)
{
	return (uint32_t)row[0] << 24 | (uint32_t)row[1] << 16 |
	       (uint32_t)row[2] << 8 | row[3];
}

static bool
rows_find(const struct sbuf *rows, uint32_t week,
	  uint8_t key_out[SEAL_KEY_BYTES])
{
	for (size_t at = 0; at < rows->len_bytes; at += EPOCHS_ROW_BYTES) {
		const uint8_t *row = rows->bytes + at;

		if (row_week(row) != week)
			continue;
		memcpy(key_out, row + 4, SEAL_KEY_BYTES);
		return true;
	}
	return false;
}

/* Of weeks that are over no link lives; secrets: some wait. */
static uint32_t
rows_drop(struct sbuf *rows, uint32_t week, bool secrets)
{
	size_t kept_bytes = 0;
	uint32_t dropped = 0;

	for (size_t at = 0; at < rows->len_bytes; at += EPOCHS_ROW_BYTES) {
		const uint32_t of = row_week(rows->bytes + at);

		if (of < week || (of == LINK_EPOCHS_SECRETS && !secrets)) {
			dropped++;
			continue;
		}
		memmove(rows->bytes + kept_bytes, rows->bytes + at,
			EPOCHS_ROW_BYTES);
		kept_bytes += EPOCHS_ROW_BYTES;
	}
	sbuf_truncate(rows, kept_bytes);
	return dropped;
}

/* The file of before has no name any more: nothing is to be read in its
 * blocks. */
static enum status
epochs_blank(int fd, struct err *err)
{
	static const uint8_t zeros[4096];
	uint64_t left_bytes = 0;
	enum status st = fd_size(fd, &left_bytes, err);

	while (st == ST_OK && left_bytes > 0) {
		const size_t n = left_bytes < sizeof(zeros) ? (size_t)left_bytes
							    : sizeof(zeros);

		st = fd_write_all(fd, (struct span){ zeros, n }, err);
		left_bytes -= n;
	}
	return st == ST_OK ? fd_sync(fd, err) : st;
}

static enum status
epochs_write(const struct vault *vault, const struct sbuf *rows,
	     struct err *err)
{
	AUTO(sbuf_done) struct sbuf boxed;
	AUTO(fd_close) int old = FD_NONE;
	char path[EPOCHS_PATH_BYTES];
	enum status st = epochs_path(vault, path, err);

	sbuf_init(&boxed, EPOCHS_MAX_BYTES + 100);
	if (st == ST_OK)
		st = key_ring_box(vault->ring, EPOCHS_CONTEXT, sbuf_span(rows),
				  &boxed, err);
	if (st != ST_OK)
		return st;
	old = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	if (old < 0 && errno != ENOENT)
		return err_set_errno(err, "link keys: cannot open");
	st = fd_replace_file(path, sbuf_span(&boxed), 0600, err);
	if (st == ST_OK && old >= 0)
		st = epochs_blank(old, err);
	return st;
}

enum status
link_epochs_find(const struct vault *vault, uint32_t week,
		 uint8_t key_out[SEAL_KEY_BYTES], struct err *err)
{
	AUTO(sbuf_done) struct sbuf rows;
	enum status st = ST_OK;

	sbuf_init_secret(&rows, EPOCHS_MAX_BYTES);
	st = epochs_read(vault, &rows, err);
	if (st == ST_OK && !rows_find(&rows, week, key_out))
		st = err_set(err, ST_NOT_FOUND, "link keys: none of that week");
	return st;
}

enum status
link_epochs_need(const struct vault *vault, uint32_t week,
		 uint8_t key_out[SEAL_KEY_BYTES], struct err *err)
{
	AUTO(sbuf_done) struct sbuf rows;
	const uint32_t now = link_epochs_week(vault_passed(vault));
	const uint8_t number[4] = { (uint8_t)(week >> 24),
				    (uint8_t)(week >> 16), (uint8_t)(week >> 8),
				    (uint8_t)week };
	uint8_t key[SEAL_KEY_BYTES];
	enum status st = ST_OK;

	sbuf_init_secret(&rows, EPOCHS_MAX_BYTES);
	if (week < now)
		return err_set(err, ST_END, "link keys: that week is over");
	st = epochs_read(vault, &rows, err);
	if (st != ST_OK || rows_find(&rows, week, key_out))
		return st;
	(void)rows_drop(&rows, now, true);
	st = random_fill(key, sizeof(key), err);
	sbuf_add(&rows, number, sizeof(number));
	sbuf_add(&rows, key, sizeof(key));
	if (st == ST_OK)
		st = sbuf_status(&rows, "link keys", err);
	if (st == ST_OK)
		st = epochs_write(vault, &rows, err);
	if (st == ST_OK)
		memcpy(key_out, key, sizeof(key));
	explicit_bzero(key, sizeof(key));
	return st;
}

enum status
link_epochs_end(const struct vault *vault, uint32_t *ended_out, struct err *err)
{
	AUTO(sbuf_done) struct sbuf rows;
	bool secrets = false;
	uint32_t ended = 0;
	enum status st = store_link_has_secrets(vault->store, &secrets, err);

	sbuf_init_secret(&rows, EPOCHS_MAX_BYTES);
	if (st == ST_OK)
		st = epochs_read(vault, &rows, err);
	if (st != ST_OK)
		return st;
	ended = rows_drop(&rows, link_epochs_week(vault_passed(vault)),
			  secrets);
	if (ended > 0)
		st = epochs_write(vault, &rows, err);
	if (st == ST_OK)
		*ended_out = ended;
	return st;
}
