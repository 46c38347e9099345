#include "vault/case/link_own.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "vault/store/store_link.h"

#define OWN_CONTEXT "link-own-key"

enum {
	OWN_SLOT_BYTES = 128,
	OWN_MADE_AT = LINK_ID_BYTES,
	OWN_BOX_AT = LINK_ID_BYTES + 8,
	OWN_PLAIN_BYTES = LINK_ID_BYTES + SEAL_KEY_BYTES,
	OWN_BOX_BYTES = 28 + OWN_PLAIN_BYTES,
	OWN_PATH_BYTES = 1024,
	/* One whose mail had to wait is renewed once. */
	OWN_SLACK_MS = 7 * 86400 * 1000
};

static const uint8_t own_zeros[OWN_SLOT_BYTES];

static enum status
own_dir(const struct vault *vault, char path[OWN_PATH_BYTES], struct err *err)
{
	const int len = snprintf(path, OWN_PATH_BYTES, "%s/link-keys",
				 vault->config->general.state_dir);

	if (len < 0 || len >= OWN_PATH_BYTES)
		return err_set(err, ST_IO, "link keys: path too long");
	return ST_OK;
}

static enum status
own_path(const struct vault *vault, const uint8_t case_id[CASE_ID_BYTES],
	 char path[OWN_PATH_BYTES], struct err *err)
{
	AUTO(sbuf_done) struct sbuf text;
	enum status st = own_dir(vault, path, err);

	sbuf_init(&text, OWN_PATH_BYTES - 1);
	if (st != ST_OK)
		return st;
	sbuf_add_text(&text, path);
	sbuf_add_byte(&text, '/');
	format_hex(&text, (struct span){ case_id, CASE_ID_BYTES });
	st = sbuf_status(&text, "link keys", err);
	if (st == ST_OK)
		(void)snprintf(path, OWN_PATH_BYTES, "%s", sbuf_text(&text));
	return st;
}

/* --- making ------------------------------------------------------------ */

enum status
link_own_make(const struct vault *vault, const uint8_t link_id[LINK_ID_BYTES],
	      struct sbuf *slots, uint8_t key_out[SEAL_KEY_BYTES],
	      struct err *err)
{
	AUTO(sbuf_done) struct sbuf boxed;
	uint8_t plain[OWN_PLAIN_BYTES];
	const uint64_t made = (uint64_t)vault->now_unix_ms;
	enum status st = vault_need_ring(vault, err);

	sbuf_init(&boxed, OWN_SLOT_BYTES);
	memcpy(plain, link_id, LINK_ID_BYTES);
	if (st == ST_OK)
		st = random_fill(plain + LINK_ID_BYTES, SEAL_KEY_BYTES, err);
	if (st == ST_OK)
		st = key_ring_box(vault->ring, OWN_CONTEXT,
				  (struct span){ plain, sizeof(plain) }, &boxed,
				  err);
	sbuf_add(slots, link_id, LINK_ID_BYTES);
	for (int shift = 56; shift >= 0; shift -= 8)
		sbuf_add_byte(slots, (uint8_t)(made >> shift));
	sbuf_add_span(slots, sbuf_span(&boxed));
	sbuf_add(slots, own_zeros, OWN_SLOT_BYTES - OWN_BOX_AT - OWN_BOX_BYTES);
	if (st == ST_OK)
		st = sbuf_status(slots, "link keys", err);
	if (st == ST_OK)
		memcpy(key_out, plain + LINK_ID_BYTES, SEAL_KEY_BYTES);
	explicit_bzero(plain, sizeof(plain));
	return st;
}

/* Made with the first link that there is. */
static enum status
own_make_dir(const struct vault *vault, struct err *err)
{
	char dir[OWN_PATH_BYTES];
	const enum status st = own_dir(vault, dir, err);

	if (st != ST_OK)
		return st;
	if (mkdir(dir, 0700) == 0)
		return fd_sync_dir(vault->config->general.state_dir, err);
	return errno == EEXIST
		       ? ST_OK
		       : err_set_errno(err, "link keys: %s: cannot be made",
				       dir);
}

enum status
link_own_write(const struct vault *vault, const uint8_t case_id[CASE_ID_BYTES],
	       const struct sbuf *slots, struct err *err)
{
	char path[OWN_PATH_BYTES];
	enum status st = own_path(vault, case_id, path, err);

	if (st == ST_OK)
		st = own_make_dir(vault, err);
	return st == ST_OK ? fd_replace_file(path, sbuf_span(slots), 0600, err)
			   : st;
}

/* --- opening ----------------------------------------------------------- */

static enum status
own_unbox(const struct vault *vault, const uint8_t *slot,
	  uint8_t key_out[SEAL_KEY_BYTES], struct err *err)
{
	AUTO(sbuf_done) struct sbuf plain;
	const struct span boxed = { slot + OWN_BOX_AT, OWN_BOX_BYTES };
	enum status st = ST_OK;

	sbuf_init_secret(&plain, OWN_PLAIN_BYTES);
	st = key_ring_unbox(vault->ring, OWN_CONTEXT, boxed, &plain, err);
	if (st == ST_OK && (plain.len_bytes != OWN_PLAIN_BYTES ||
			    memcmp(plain.bytes, slot, LINK_ID_BYTES) != 0))
		st = ST_FORMAT;
	if (st == ST_OK)
		memcpy(key_out, plain.bytes + LINK_ID_BYTES, SEAL_KEY_BYTES);
	return st;
}

enum status
link_own_find(const struct vault *vault, const uint8_t case_id[CASE_ID_BYTES],
	      const uint8_t link_id[LINK_ID_BYTES],
	      uint8_t key_out[SEAL_KEY_BYTES], struct err *err)
{
	AUTO(sbuf_done) struct sbuf slots;
	char path[OWN_PATH_BYTES];
	enum status st = vault_need_ring(vault, err);

	sbuf_init(&slots, LINK_OWN_MAX_BYTES);
	if (st == ST_OK)
		st = own_path(vault, case_id, path, err);
	if (st == ST_OK)
		st = fd_slurp_file(path, &slots, err);
	if (st != ST_OK)
		return st == ST_NOT_FOUND
			       ? err_set(err, st, "link keys: none of its mail")
			       : st;
	st = slots.len_bytes % OWN_SLOT_BYTES == 0 ? ST_NOT_FOUND : ST_FORMAT;
	for (size_t at = 0; st == ST_NOT_FOUND && at < slots.len_bytes;
	     at += OWN_SLOT_BYTES)
		if (memcmp(slots.bytes + at, link_id, LINK_ID_BYTES) == 0)
			st = own_unbox(vault, slots.bytes + at, key_out, err);
	if (st == ST_FORMAT)
		return err_set(
			err, ST_IO,
			"link keys: %s is damaged; move it away, and the "
			"links of that mail are lost",
			path);
	return st == ST_NOT_FOUND
		       ? err_set(err, st, "link keys: it was destroyed")
		       : st;
}

bool
link_own_is_there(const struct vault *vault)
{
	struct stat info;
	char dir[OWN_PATH_BYTES];
	struct err why = { .st = ST_OK };

	return own_dir(vault, dir, &why) == ST_OK && stat(dir, &info) == 0 &&
	       S_ISDIR(info.st_mode);
}

/* --- ending ------------------------------------------------------------ */

static bool
own_is_blank(const uint8_t *slot)
{
	return memcmp(slot, own_zeros, LINK_ID_BYTES) == 0;
}

/* No link that was made then lives any more, whatever the store knows. */
static bool
own_is_old(const struct vault *vault, const uint8_t *slot)
{
	const int64_t longest_ms =
		vault->config->portal.max_expiry_s * 1000 + OWN_SLACK_MS;
	uint64_t made = 0;

	for (size_t i = OWN_MADE_AT; i < OWN_BOX_AT; i++)
		made = made << 8 | slot[i];
	return made < (uint64_t)INT64_MAX &&
	       vault_passed(vault) - (int64_t)made > longest_ms;
}

static enum status
own_is_over(const struct vault *vault, const uint8_t *slot, bool *over_out,
	    struct err *err)
{
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	const enum status st = store_link_find(vault->store, slot, &row, err);

	if (st == ST_NOT_FOUND)
		*over_out = own_is_old(vault, slot);
	else if (st == ST_OK)
		*over_out = row.ended_unix_ms != 0;
	return st == ST_NOT_FOUND ? ST_OK : st;
}

/* What is left of a file. */
struct own_rest {
	bool changed;
	bool blank; /* some key was destroyed before */
	bool lives; /* some key does */
};

static enum status
own_blank(const struct vault *vault, struct sbuf *slots, struct own_rest *rest,
	  struct err *err)
{
	enum status st = ST_OK;

	for (size_t at = 0;
	     st == ST_OK && slots->len_bytes - at >= OWN_SLOT_BYTES;
	     at += OWN_SLOT_BYTES) {
		uint8_t *slot = slots->bytes + at;
		bool over = false;

		rest->blank |= own_is_blank(slot);
		if (own_is_blank(slot))
			continue;
		st = own_is_over(vault, slot, &over, err);
		if (st == ST_OK && over)
			memset(slot, 0, OWN_SLOT_BYTES);
		rest->changed |= over;
		rest->lives |= !over;
	}
	return st;
}

/* In place: what lives is overwritten by itself, and no sector holds parts of
 * two writes that differ. */
static enum status
own_overwrite(int fd, const struct sbuf *slots, struct err *err)
{
	if (lseek(fd, 0, SEEK_SET) != 0)
		return err_set_errno(err, "link keys: cannot overwrite");
	const enum status st = fd_write_all(fd, sbuf_span(slots), err);

	return st == ST_OK ? fd_sync(fd, err) : st;
}

static enum status
own_remove(const struct vault *vault, const char *path, struct err *err)
{
	char dir[OWN_PATH_BYTES];
	const enum status st = own_dir(vault, dir, err);

	if (st == ST_OK && unlink(path) != 0 && errno != ENOENT)
		return err_set_errno(err, "link keys: %s: cannot be removed",
				     path);
	return st == ST_OK ? fd_sync_dir(dir, err) : st;
}

enum status
link_own_end(const struct vault *vault, const uint8_t case_id[CASE_ID_BYTES],
	     enum link_own_how how, struct err *err)
{
	AUTO(sbuf_done) struct sbuf slots;
	AUTO(fd_close) int fd = FD_NONE;
	struct own_rest rest = { .changed = false };
	char path[OWN_PATH_BYTES];
	enum status st = own_path(vault, case_id, path, err);

	sbuf_init(&slots, LINK_OWN_MAX_BYTES);
	if (st != ST_OK)
		return st;
	fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return errno == ENOENT
			       ? ST_OK
			       : err_set_errno(err, "%s: cannot open", path);
	st = fd_slurp(fd, &slots, err);
	if (st == ST_OK)
		st = own_blank(vault, &slots, &rest, err);
	if (st == ST_OK &&
	    (rest.changed || (rest.blank && how == LINK_OWN_AGAIN)))
		st = own_overwrite(fd, &slots, err);
	return st == ST_OK && !rest.lives ? own_remove(vault, path, err) : st;
}

/* What a crash left of one that was being written goes as well. */
static enum status
own_sweep_one(const struct vault *vault, int dir, const char *name,
	      enum link_own_how how, struct err *err)
{
	uint8_t case_id[CASE_ID_BYTES];
	const size_t hex = (size_t)2 * CASE_ID_BYTES;

	if (parse_hex(span_of(name), case_id, sizeof(case_id)))
		return link_own_end(vault, case_id, how, err);
	if (strlen(name) > hex && strcmp(name + hex, ".new") == 0 &&
	    unlinkat(dir, name, 0) != 0)
		return err_set_errno(err, "link keys: %s: cannot be removed",
				     name);
	return ST_OK;
}

enum status
link_own_sweep(const struct vault *vault, enum link_own_how how,
	       struct err *err)
{
	char path[OWN_PATH_BYTES];
	const struct dirent *entry = NULL;
	struct err why = { .st = ST_OK };
	DIR *dir = NULL;
	enum status st = own_dir(vault, path, err);

	if (st != ST_OK)
		return st;
	dir = opendir(path);
	if (dir == NULL)
		return errno == ENOENT
			       ? ST_OK
			       : err_set_errno(err, "%s: cannot open", path);
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): this stream is ours alone */
	while ((entry = readdir(dir)) != NULL) {
		const enum status one = own_sweep_one(vault, dirfd(dir),
						      entry->d_name, how, &why);

		if (one != ST_OK && st == ST_OK)
			st = err_set(err, one, "%s", why.text);
	}
	(void)closedir(dir);
	return st;
}
