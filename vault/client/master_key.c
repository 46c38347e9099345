#include "vault/client/master_key.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
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
	KEY_FILE_MAX_BYTES = 256,
	ESCROW_SALT_BYTES = 16,
	ESCROW_BOX_BYTES = 12 + MASTER_KEY_BYTES + 16
};

static const char key_head[] = "sekimori-key-1 ";
static const char escrow_context[] = "sekimori escrow 1";
static const char escrow_head[] = "sekimori-escrow-1";
static const char source_file[] = "file:";
static const char source_credential[] = "credential:";
static const char mark_label[] = "sekimori escrow mark 1";

void
master_key_wipe(struct master_key *key)
{
	explicit_bzero(key, sizeof(*key));
}

/* The directory that path lies in. */
static enum status
key_sync_parent(const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/');
	char *dir = NULL;
	enum status st = ST_OK;

	if (slash == NULL)
		return fd_sync_dir(".", err);
	dir = strndup(path, slash == path ? 1 : (size_t)(slash - path));
	if (dir == NULL)
		return err_set(err, ST_NO_MEMORY, "key: no memory");
	st = fd_sync_dir(dir, err);
	free(dir);
	return st;
}

enum status
master_key_write(const char *path, const struct master_key *key,
		 struct err *err)
{
	AUTO(sbuf_done) struct sbuf text;
	enum status st = ST_OK;

	sbuf_init_secret(&text, KEY_FILE_MAX_BYTES);
	sbuf_add_text(&text, key_head);
	format_hex(&text, (struct span){ key->bytes, sizeof(key->bytes) });
	sbuf_add_text(&text, "\n");
	st = sbuf_status(&text, "key", err);
	if (st != ST_OK)
		return st;
	AUTO(fd_close)
	int fd =
		open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
		     0400);
	if (fd < 0 && errno == EEXIST)
		return err_set(err, ST_DENIED,
			       "key: %s exists and is never overwritten", path);
	if (fd < 0)
		return err_set_errno(err, "key: %s: cannot create", path);
	st = fd_write_all(fd, sbuf_span(&text), err);
	if (st == ST_OK)
		st = fd_sync(fd, err);
	if (st == ST_OK)
		st = key_sync_parent(path, err);
	if (st != ST_OK)
		(void)unlink(path);
	return st;
}

enum status
master_key_create(const char *path, struct err *err)
{
	AUTO(master_key_wipe) struct master_key key;
	const enum status st = random_fill(key.bytes, sizeof(key.bytes), err);

	return st == ST_OK ? master_key_write(path, &key, err) : st;
}

enum status
master_key_path(const char *source, char path[PATH_MAX], struct err *err)
{
	const size_t file_bytes = strlen(source_file);
	const size_t credential_bytes = strlen(source_credential);
	int len = 0;

	if (strncmp(source, source_file, file_bytes) == 0 &&
	    source[file_bytes] == '/') {
		len = snprintf(path, PATH_MAX, "%s", source + file_bytes);
	} else if (strncmp(source, source_credential, credential_bytes) == 0) {
		const char *name = source + credential_bytes;
		/* NOLINTNEXTLINE(concurrency-mt-unsafe): nobody sets it */
		const char *dir = getenv("CREDENTIALS_DIRECTORY");

		if (*name == '\0' || *name == '.' || strchr(name, '/') != NULL)
			return err_set(err, ST_FORMAT,
				       "key: \"%s\" is no credential name",
				       name);
		if (dir == NULL)
			dir = MASTER_KEY_CREDSTORE;
		len = snprintf(path, PATH_MAX, "%s/%s", dir, name);
	} else {
		return err_set(err, ST_FORMAT,
			       "key: \"%s\" is neither file:/path nor "
			       "credential:NAME",
			       source);
	}
	if (len < 0 || len >= PATH_MAX)
		return err_set(err, ST_FORMAT, "key: path too long");
	return ST_OK;
}

/*
 * A credential lies in a directory that systemd made for us alone, and its
 * group bits may show an access list; a file of our own must be ours alone.
 */
static enum status
key_check_file(const char *path, const struct stat *info, bool credential,
	       struct err *err)
{
	const mode_t refused = credential ? 0007 : 0077;

	if (!S_ISREG(info->st_mode))
		return err_set(err, ST_DENIED, "key: %s is not a plain file",
			       path);
	if ((info->st_mode & refused) != 0)
		return err_set(err, ST_DENIED,
			       "key: %s may be read by others (mode %03o); "
			       "chmod 0400 it",
			       path, (unsigned int)(info->st_mode & 0777));
	if (info->st_uid != 0 && info->st_uid != geteuid())
		return err_set(err, ST_DENIED,
			       "key: %s belongs to uid %u, not to us", path,
			       (unsigned int)info->st_uid);
	return ST_OK;
}

static enum status
key_open(const char *source, int *fd_out, struct stat *info, struct err *err)
{
	const bool credential = strncmp(source, source_credential,
					strlen(source_credential)) == 0;
	char path[PATH_MAX];
	enum status st = master_key_path(source, path, err);

	if (st != ST_OK)
		return st;
	AUTO(fd_close)
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 && errno == ENOENT)
		return err_set(err, ST_NOT_FOUND, "key: %s: no such file",
			       path);
	if (fd < 0 && errno == ELOOP)
		return err_set(err, ST_DENIED, "key: %s is a symbolic link",
			       path);
	if (fd < 0)
		return err_set_errno(err, "key: %s: cannot open", path);
	if (fstat(fd, info) != 0)
		return err_set_errno(err, "key: %s: fstat failed", path);
	st = key_check_file(path, info, credential, err);
	if (st == ST_OK)
		*fd_out = FD_MOVE(fd);
	return st;
}

static struct span
key_trim_end(struct span text)
{
	while (text.len_bytes > 0 && (text.ptr[text.len_bytes - 1] == '\n' ||
				      text.ptr[text.len_bytes - 1] == '\r'))
		text.len_bytes--;
	return text;
}

/* Straight into memory that is wiped; ST_FORMAT when it is too long. */
static enum status
key_read(const char *source, int fd, const struct stat *info, struct sbuf *text,
	 struct err *err)
{
	const size_t len_bytes = (size_t)info->st_size;
	uint8_t *place =
		info->st_size > 0 ? sbuf_extend(text, len_bytes) : NULL;

	if (place == NULL)
		return err_set(err, ST_FORMAT, "key: %s is no key", source);
	return fd_read_all(fd, place, len_bytes, err);
}

enum status
master_key_load(const char *source, struct master_key *key_out, struct err *err)
{
	AUTO(master_key_wipe) struct master_key key = { { 0 } };
	AUTO(fd_close) int fd = FD_NONE;
	AUTO(sbuf_done) struct sbuf text;
	struct span head = { 0 };
	struct span digits = { 0 };
	struct stat info = { .st_dev = 0 };
	enum status st = key_open(source, &fd, &info, err);

	sbuf_init_secret(&text, KEY_FILE_MAX_BYTES);
	if (st == ST_OK)
		st = key_read(source, fd, &info, &text, err);
	if (st != ST_OK)
		return st;
	const struct span whole = key_trim_end(sbuf_span(&text));
	const size_t head_bytes = strlen(key_head);

	if (!span_cut(whole, 0, head_bytes, &head) ||
	    !span_equal(head, span_of(key_head)) ||
	    !span_cut(whole, head_bytes, whole.len_bytes - head_bytes,
		      &digits) ||
	    !parse_hex(digits, key.bytes, sizeof(key.bytes)))
		return err_set(err, ST_FORMAT, "key: %s is no key", source);
	*key_out = key;
	return ST_OK;
}

enum status
master_key_is_beside(const char *source, const char *dir, bool *beside_out,
		     struct err *err)
{
	AUTO(fd_close) int fd = FD_NONE;
	struct stat info = { .st_dev = 0 };
	struct stat dir_info = { .st_dev = 0 };
	const enum status st = key_open(source, &fd, &info, err);

	if (st != ST_OK)
		return st;
	if (stat(dir, &dir_info) != 0)
		return err_set_errno(err, "key: %s: stat failed", dir);
	*beside_out = info.st_dev == dir_info.st_dev;
	return ST_OK;
}

/* --- escrow ---------------------------------------------------------- */

enum status
master_key_escrow(const struct master_key *key, const char *passphrase,
		  struct sbuf *text_out, struct err *err)
{
	AUTO(sbuf_done) struct sbuf boxed;
	uint8_t salt[ESCROW_SALT_BYTES];
	uint8_t under[SEAL_KEY_BYTES];
	enum status st = random_fill(salt, sizeof(salt), err);

	sbuf_init(&boxed, ESCROW_BOX_BYTES);
	if (st == ST_OK)
		st = password_derive(passphrase, salt, under, err);
	if (st == ST_OK)
		st = box_close(under, escrow_context,
			       (struct span){ key->bytes, sizeof(key->bytes) },
			       &boxed, err);
	explicit_bzero(under, sizeof(under));
	if (st != ST_OK)
		return st;
	sbuf_add_text(text_out,
		      "# Escrow copy of the Sekimori master key.\n"
		      "# Together with its passphrase it opens every held "
		      "mail: keep both under lock, apart from\n"
		      "# each other and from the server. To use it: "
		      "sekimori key restore FILE\n");
	sbuf_addf(text_out, "%s\nsalt ", escrow_head);
	format_hex(text_out, (struct span){ salt, sizeof(salt) });
	sbuf_add_text(text_out, "\nkey ");
	format_hex(text_out, sbuf_span(&boxed));
	sbuf_add_text(text_out, "\n");
	return sbuf_status(text_out, "escrow", err);
}

/* The next line that is not empty and no comment; false at the end. */
static bool
escrow_line(struct span *rest, struct span *line_out)
{
	while (rest->len_bytes > 0) {
		const uint8_t *end = memchr(rest->ptr, '\n', rest->len_bytes);
		const size_t len_bytes = end == NULL
						 ? rest->len_bytes
						 : (size_t)(end - rest->ptr);
		const size_t used_bytes = len_bytes + (end != NULL);
		struct span line = { rest->ptr, len_bytes };

		if (!span_cut(*rest, used_bytes, rest->len_bytes - used_bytes,
			      rest))
			return false;
		line = key_trim_end(line);
		if (line.len_bytes == 0 || line.ptr[0] == '#')
			continue;
		*line_out = line;
		return true;
	}
	return false;
}

/* A line of word, a space, and hex. */
static bool
escrow_field(struct span *rest, const char *word, uint8_t *bytes,
	     size_t len_bytes)
{
	const size_t word_bytes = strlen(word);
	struct span line;
	struct span front;
	struct span digits;

	return escrow_line(rest, &line) &&
	       span_cut(line, 0, word_bytes, &front) &&
	       span_equal(front, span_of(word)) &&
	       span_cut(line, word_bytes, line.len_bytes - word_bytes,
			&digits) &&
	       parse_hex(digits, bytes, len_bytes);
}

static enum status
escrow_parse(struct span text, uint8_t salt[ESCROW_SALT_BYTES],
	     uint8_t boxed[ESCROW_BOX_BYTES], struct err *err)
{
	struct span head = { 0 };

	if (!escrow_line(&text, &head) ||
	    !span_equal(head, span_of(escrow_head)))
		return err_set(err, ST_FORMAT, "escrow: not an escrow copy");
	if (!escrow_field(&text, "salt ", salt, ESCROW_SALT_BYTES) ||
	    !escrow_field(&text, "key ", boxed, ESCROW_BOX_BYTES) ||
	    escrow_line(&text, &head))
		return err_set(err, ST_FORMAT, "escrow: damaged");
	return ST_OK;
}

enum status
master_key_restore(struct span text, const char *passphrase,
		   struct master_key *key_out, struct err *err)
{
	AUTO(sbuf_done) struct sbuf opened;
	uint8_t salt[ESCROW_SALT_BYTES];
	uint8_t boxed[ESCROW_BOX_BYTES];
	uint8_t under[SEAL_KEY_BYTES];
	enum status st = escrow_parse(text, salt, boxed, err);

	sbuf_init_secret(&opened, MASTER_KEY_BYTES);
	if (st == ST_OK)
		st = password_derive(passphrase, salt, under, err);
	if (st == ST_LIMIT) /* too short to have made any escrow copy */
		return err_set(err, ST_DENIED, "escrow: wrong passphrase");
	if (st != ST_OK)
		return st;
	st = box_open(under, escrow_context,
		      (struct span){ boxed, sizeof(boxed) }, &opened, err);
	explicit_bzero(under, sizeof(under));
	if (st == ST_FORMAT)
		return err_set(err, ST_DENIED,
			       "escrow: wrong passphrase, or changed");
	if (st == ST_OK)
		memcpy(key_out->bytes, opened.bytes, sizeof(key_out->bytes));
	return st;
}

static enum status
escrow_mark(const struct master_key *key, const char *state_dir,
	    char path[PATH_MAX], struct sbuf *mark, struct err *err)
{
	const int len = snprintf(path, PATH_MAX, "%s/escrowed", state_dir);
	uint8_t bytes[MASTER_KEY_MARK_BYTES];

	if (len < 0 || len >= PATH_MAX)
		return err_set(err, ST_IO, "escrow: path too long");
	const enum status st =
		hkdf((struct span){ key->bytes, sizeof(key->bytes) },
		     (struct span){ NULL, 0 }, mark_label, bytes, sizeof(bytes),
		     err);

	if (st != ST_OK)
		return st;
	format_hex(mark, (struct span){ bytes, sizeof(bytes) });
	sbuf_add_text(mark, "\n");
	return sbuf_status(mark, "escrow", err);
}

enum status
master_key_note_escrow(const struct master_key *key, const char *state_dir,
		       struct err *err)
{
	AUTO(sbuf_done) struct sbuf mark;
	char path[PATH_MAX];
	enum status st = ST_OK;

	sbuf_init(&mark, KEY_FILE_MAX_BYTES);
	st = escrow_mark(key, state_dir, path, &mark, err);
	/* Readable for the vault, whoever writes it; it is no secret. */
	return st == ST_OK ? fd_replace_file(path, sbuf_span(&mark), 0644, err)
			   : st;
}

enum status
master_key_is_escrowed(const struct master_key *key, const char *state_dir,
		       bool *escrowed_out, struct err *err)
{
	AUTO(sbuf_done) struct sbuf mark;
	AUTO(sbuf_done) struct sbuf noted;
	char path[PATH_MAX];
	enum status st = ST_OK;

	sbuf_init(&mark, KEY_FILE_MAX_BYTES);
	sbuf_init(&noted, KEY_FILE_MAX_BYTES);
	st = escrow_mark(key, state_dir, path, &mark, err);
	if (st == ST_OK)
		st = fd_slurp_file(path, &noted, err);
	if (st != ST_OK && st != ST_NOT_FOUND && st != ST_LIMIT)
		return st;
	*escrowed_out =
		st == ST_OK && span_equal(sbuf_span(&mark), sbuf_span(&noted));
	return ST_OK;
}
