#include "lib/crypto/master_key.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "lib/crypto/digest.h"
#include "lib/crypto/password.h"
#include "lib/crypto/seal.h"

enum {
	KEY_CHECK_BYTES = 4,
	KEY_TEXT_BYTES = 128,
	KEY_MAX_FILE_BYTES = 1024,
	KEY_SALT_BYTES = 16,
	KEY_MIN_PASSPHRASE_BYTES = 16,
	KEY_MAX_BOX_BYTES = 256
};

static const char key_words[] = "sekimori-key-1 ";
static const char escrow_words[] = "sekimori-escrow-1 ";

enum status
master_key_find(const char *source, char path[MASTER_KEY_PATH_BYTES],
		struct err *err)
{
	static const char file[] = "file:";
	static const char credential[] = "credential:";
	const char *dir = getenv("CREDENTIALS_DIRECTORY");
	int len = 0;

	if (strncmp(source, file, sizeof(file) - 1) == 0) {
		len = snprintf(path, MASTER_KEY_PATH_BYTES, "%s",
			       source + sizeof(file) - 1);
	} else if (strncmp(source, credential, sizeof(credential) - 1) == 0) {
		if (dir == NULL)
			return err_set(err, ST_NOT_FOUND,
				       "key: %.80s needs systemd's "
				       "LoadCredential=",
				       source);
		len = snprintf(path, MASTER_KEY_PATH_BYTES, "%s/%s", dir,
			       source + sizeof(credential) - 1);
	} else {
		return err_set(err, ST_FORMAT,
			       "key: \"%.80s\" is no source of a key", source);
	}
	if (len < 0 || len >= MASTER_KEY_PATH_BYTES)
		return err_set(err, ST_LIMIT, "key: its path is too long");
	return ST_OK;
}

static enum status
key_check_bytes(const uint8_t key[MASTER_KEY_BYTES],
		uint8_t check_out[KEY_CHECK_BYTES], struct err *err)
{
	uint8_t bytes[sizeof(key_words) - 1 + MASTER_KEY_BYTES];
	uint8_t digest[DIGEST_BYTES];

	memcpy(bytes, key_words, sizeof(key_words) - 1);
	memcpy(bytes + sizeof(key_words) - 1, key, MASTER_KEY_BYTES);
	const enum status st =
		digest_once((struct span){ bytes, sizeof(bytes) }, digest, err);

	explicit_bzero(bytes, sizeof(bytes));
	if (st == ST_OK)
		memcpy(check_out, digest, KEY_CHECK_BYTES);
	return st;
}

static struct span
key_trim(struct span text)
{
	while (text.len_bytes > 0 &&
	       strchr(" \t\r\n", text.ptr[text.len_bytes - 1]) != NULL)
		text.len_bytes--;
	return text;
}

/* Cut words off the front of text. False: it does not begin with them. */
static bool
key_cut_words(struct span *text, const char *words)
{
	const size_t len_bytes = strlen(words);
	struct span front = { NULL, 0 };

	return span_cut(*text, 0, len_bytes, &front) &&
	       span_equal(front, span_of(words)) &&
	       span_cut(*text, len_bytes, text->len_bytes - len_bytes, text);
}

static enum status
key_parse(struct span text, uint8_t key_out[MASTER_KEY_BYTES], struct err *err)
{
	uint8_t want[KEY_CHECK_BYTES] = { 0 };
	uint8_t check[KEY_CHECK_BYTES] = { 0 };
	uint8_t key[MASTER_KEY_BYTES];
	struct span hex = { NULL, 0 };
	struct span check_hex = { NULL, 0 };
	enum status st = ST_OK;

	text = key_trim(text);
	if (!key_cut_words(&text, key_words) ||
	    text.len_bytes != 2 * MASTER_KEY_BYTES + 1 + 2 * KEY_CHECK_BYTES ||
	    text.ptr[2 * MASTER_KEY_BYTES] != '-' ||
	    !span_cut(text, 0, 2 * (size_t)MASTER_KEY_BYTES, &hex) ||
	    !span_cut(text, 2 * MASTER_KEY_BYTES + 1, 2 * KEY_CHECK_BYTES,
		      &check_hex) ||
	    !parse_hex(hex, key, sizeof(key)) ||
	    !parse_hex(check_hex, check, sizeof(check)))
		return err_set(err, ST_FORMAT, "key: the file holds no key");
	st = key_check_bytes(key, want, err);
	if (st == ST_OK && memcmp(want, check, sizeof(want)) != 0)
		st = err_set(err, ST_FORMAT,
			     "key: damaged, or typed wrong somewhere");
	if (st == ST_OK)
		memcpy(key_out, key, sizeof(key));
	explicit_bzero(key, sizeof(key));
	return st;
}

/* A key that others can read is no secret. systemd sees to credentials. */
static enum status
key_check_mode(int fd, const char *path, struct err *err)
{
	struct stat info;

	if (fstat(fd, &info) != 0)
		return err_set_errno(err, "%s: cannot look at it", path);
	if ((info.st_mode & 077) != 0)
		return err_set(err, ST_DENIED,
			       "%s: mode %03o lets others read the key; make "
			       "it 0400",
			       path, info.st_mode & 0777U);
	return ST_OK;
}

enum status
master_key_load(const char *source, uint8_t key_out[MASTER_KEY_BYTES],
		struct err *err)
{
	AUTO(sbuf_done) struct sbuf text;
	AUTO(fd_close) int fd = FD_NONE;
	char path[MASTER_KEY_PATH_BYTES];
	enum status st = ST_OK;

	sbuf_init_secret(&text, KEY_MAX_FILE_BYTES);
	st = master_key_find(source, path, err);
	if (st != ST_OK)
		return st;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return err_set(err, ST_NOT_FOUND, "%s: there is no key file",
			       path);
	if (fd < 0)
		return err_set_errno(err, "%s: cannot open the key", path);
	if (strncmp(source, "file:", 5) == 0)
		st = key_check_mode(fd, path, err);
	if (st == ST_OK)
		st = fd_slurp(fd, &text, err);
	return st == ST_OK ? key_parse(sbuf_span(&text), key_out, err) : st;
}

enum status
master_key_make(uint8_t key_out[MASTER_KEY_BYTES], struct err *err)
{
	return random_fill(key_out, MASTER_KEY_BYTES, err);
}

static enum status
key_write_new(const char *path, struct span text, struct err *err)
{
	AUTO(sbuf_done) struct sbuf dir;
	const char *slash = strrchr(path, '/');
	AUTO(fd_close)
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400);

	sbuf_init(&dir, MASTER_KEY_PATH_BYTES);
	if (fd < 0 && errno == EEXIST)
		return err_set(err, ST_DENIED,
			       "%s: there is a file already; a key is never "
			       "overwritten",
			       path);
	if (fd < 0)
		return err_set_errno(err, "%s: cannot make the key file", path);
	if (slash == NULL)
		sbuf_add_text(&dir, ".");
	else
		sbuf_add(&dir, path, (size_t)(slash - path) + 1);
	enum status st = fd_write_all(fd, text, err);

	if (st == ST_OK)
		st = fd_sync(fd, err);
	if (st == ST_OK)
		st = sbuf_status(&dir, "key", err);
	if (st == ST_OK)
		st = fd_sync_dir(sbuf_text(&dir), err);
	if (st != ST_OK)
		(void)unlink(path);
	return st;
}

enum status
master_key_write(const char *path, const uint8_t key[MASTER_KEY_BYTES],
		 struct err *err)
{
	AUTO(sbuf_done) struct sbuf text;
	uint8_t check[KEY_CHECK_BYTES] = { 0 };
	enum status st = key_check_bytes(key, check, err);

	sbuf_init_secret(&text, KEY_TEXT_BYTES);
	sbuf_add_text(&text, key_words);
	format_hex(&text, (struct span){ key, MASTER_KEY_BYTES });
	sbuf_add_byte(&text, '-');
	format_hex(&text, (struct span){ check, sizeof(check) });
	sbuf_add_byte(&text, '\n');
	if (st == ST_OK)
		st = sbuf_status(&text, "key", err);
	return st == ST_OK ? key_write_new(path, sbuf_span(&text), err) : st;
}

enum status
master_key_escrow(const uint8_t key[MASTER_KEY_BYTES], const char *passphrase,
		  struct sbuf *text_out, struct err *err)
{
	AUTO(sbuf_done) struct sbuf boxed;
	uint8_t salt[KEY_SALT_BYTES];
	uint8_t derived[SEAL_KEY_BYTES];
	enum status st = random_fill(salt, sizeof(salt), err);

	if (strlen(passphrase) < KEY_MIN_PASSPHRASE_BYTES)
		return err_set(err, ST_LIMIT,
			       "key: a passphrase has at least %d bytes",
			       KEY_MIN_PASSPHRASE_BYTES);
	sbuf_init(&boxed, KEY_MAX_BOX_BYTES);
	if (st == ST_OK)
		st = password_derive(passphrase, salt, derived, err);
	if (st == ST_OK)
		st = box_close(derived, escrow_words,
			       (struct span){ key, MASTER_KEY_BYTES }, &boxed,
			       err);
	explicit_bzero(derived, sizeof(derived));
	if (st != ST_OK)
		return st;
	sbuf_add_text(text_out, escrow_words);
	format_hex(text_out, (struct span){ salt, sizeof(salt) });
	sbuf_add_byte(text_out, ' ');
	format_hex(text_out, sbuf_span(&boxed));
	sbuf_add_byte(text_out, '\n');
	return sbuf_status(text_out, "key", err);
}

enum status
master_key_restore(struct span text, const char *passphrase,
		   uint8_t key_out[MASTER_KEY_BYTES], struct err *err)
{
	AUTO(sbuf_done) struct sbuf opened;
	uint8_t salt[KEY_SALT_BYTES];
	uint8_t boxed[KEY_MAX_BOX_BYTES];
	uint8_t derived[SEAL_KEY_BYTES];
	struct span salt_hex = { NULL, 0 };
	enum status st = ST_OK;

	text = key_trim(text);
	sbuf_init_secret(&opened, MASTER_KEY_BYTES);
	if (!key_cut_words(&text, escrow_words) ||
	    !span_cut(text, 0, 2 * (size_t)KEY_SALT_BYTES, &salt_hex) ||
	    !parse_hex(salt_hex, salt, sizeof(salt)) ||
	    !span_cut(text, salt_hex.len_bytes,
		      text.len_bytes - salt_hex.len_bytes, &text) ||
	    !key_cut_words(&text, " ") || text.len_bytes / 2 > sizeof(boxed) ||
	    !parse_hex(text, boxed, text.len_bytes / 2))
		return err_set(err, ST_FORMAT, "key: this is no escrow copy");
	st = password_derive(passphrase, salt, derived, err);
	if (st == ST_OK)
		st = box_open(derived, escrow_words,
			      (struct span){ boxed, text.len_bytes / 2 },
			      &opened, err);
	explicit_bzero(derived, sizeof(derived));
	if (st == ST_FORMAT ||
	    (st == ST_OK && opened.len_bytes != MASTER_KEY_BYTES))
		return err_set(err, ST_DENIED,
			       "key: wrong passphrase, or the escrow copy is "
			       "damaged");
	if (st == ST_OK)
		memcpy(key_out, opened.bytes, MASTER_KEY_BYTES);
	return st;
}
