#include "cli/setup_make.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/credential.h"
#include "cli/desk_url.h"
#include "cli/key_file.h"
#include "lib/base/clock.h"
#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "lib/crypto/certificate.h"

enum { MAKE_MAX_FILE_BYTES = 256 * 1024, MAKE_MAX_PEM_BYTES = 16 * 1024 };

char *
setup_make_dir(const char *path, struct err *err)
{
	char dir[PATH_MAX];
	char *slash = NULL;
	char *whole = NULL;

	(void)snprintf(dir, sizeof(dir), "%s", path);
	slash = strrchr(dir, '/');
	if (slash == NULL)
		(void)snprintf(dir, sizeof(dir), ".");
	else
		slash[slash == dir ? 1 : 0] = '\0';
	if (mkdir(dir, 0755) != 0 && errno != EEXIST) {
		(void)err_set_errno(err, "%s: cannot be made", dir);
		return NULL;
	}
	whole = realpath(dir, NULL);
	if (whole == NULL)
		(void)err_set_errno(err, "%s", dir);
	return whole;
}

enum status
setup_make_file(const struct setup_answers *answers, const char *path,
		struct err *err)
{
	AUTO(sbuf_done) struct sbuf text;
	enum status st = ST_OK;

	sbuf_init(&text, MAKE_MAX_FILE_BYTES);
	config_write_file(answers->values, answers->value_count, &text);
	st = sbuf_status(&text, "setup", err);
	return st == ST_OK ? fd_replace_file(path, sbuf_span(&text), 0644, err)
			   : st;
}

enum status
setup_make_place(const char *new_path, const char *path, char *kept_out,
		 size_t kept_bytes, struct err *err)
{
	char now[CLOCK_RFC3339_BYTES];
	int len = 0;

	kept_out[0] = '\0';
	clock_format_rfc3339(clock_unix_ms(), now);
	len = snprintf(kept_out, kept_bytes, "%s.%s", path, now);
	if (len < 0 || (size_t)len >= kept_bytes)
		return err_set(err, ST_LIMIT, "setup: path too long");
	/* A link, so that there is a configuration at every moment. */
	if (link(path, kept_out) != 0) {
		if (errno != ENOENT)
			return err_set_errno(err, "%s: cannot be kept", path);
		kept_out[0] = '\0';
	}
	if (rename(new_path, path) != 0)
		return err_set_errno(err, "%s: cannot be put in place", path);
	return ST_OK;
}

/* --- the key ------------------------------------------------------------ */

static void
say_kept(const struct speech *speech, const char *what)
{
	(void)printf("%s: %s\n", what,
		     speech_text(speech, N_("is there already and is kept")));
}

static void
say_made(const struct speech *speech, const char *what)
{
	(void)printf("%s: %s\n", what, speech_text(speech, N_("made")));
}

/* A new key would lock everything that is held for ever. */
static enum status
refuse_second_key(const struct config *config, const char *what,
		  struct err *err)
{
	AUTO(sbuf_done) struct sbuf path;

	sbuf_init(&path, PATH_MAX);
	sbuf_addf(&path, "%s/store.db", config->general.state_dir);
	if (path.st == ST_OK && access(sbuf_text(&path), F_OK) != 0)
		return ST_OK;
	return err_set(err, ST_DENIED,
		       "%.80s is missing, and the store in %.80s needs it: "
		       "sekimori key restore",
		       what, config->general.state_dir);
}

/* What systemd, or "sekimori run", hands to the vault. */
static enum status
make_credential(const struct config *config, const struct speech *speech,
		struct err *err)
{
	AUTO(master_key_wipe) struct master_key key = { { 0 } };
	enum status st = ST_OK;

	/* A key that systemd has handed over is there already. */
	if (!credential_is_ours(config))
		return ST_OK;
	st = master_key_load(config->vault.key, &key, err);
	if (st == ST_OK)
		say_kept(speech, config->vault.key);
	if (st != ST_NOT_FOUND)
		return st;
	st = refuse_second_key(config, config->vault.key, err);
	if (st == ST_OK)
		st = credential_make(config, err);
	if (st == ST_OK)
		say_made(speech, config->vault.key);
	return st;
}

enum status
setup_make_key(const struct config *config, const struct speech *speech,
	       struct err *err)
{
	static const char file[] = "file:";
	const char *path = config->vault.key + sizeof(file) - 1;
	enum status st = ST_OK;

	if (strncmp(config->vault.key, file, sizeof(file) - 1) != 0)
		return make_credential(config, speech, err);
	if (access(path, F_OK) == 0) {
		say_kept(speech, path);
		return ST_OK;
	}
	st = refuse_second_key(config, path, err);
	if (st == ST_OK)
		st = master_key_create(path, err);
	if (st == ST_OK)
		st = key_file_give_to(path, config->vault.user, err);
	if (st == ST_OK)
		say_made(speech, path);
	return st;
}

/* --- the certificate ---------------------------------------------------- */

static enum status
write_certificate(const struct config *config, const char *host,
		  struct err *err)
{
	const char *const names[] = { host, "localhost", "127.0.0.1" };
	AUTO(sbuf_done) struct sbuf certificate;
	AUTO(sbuf_done) struct sbuf key;
	enum status st = ST_OK;

	sbuf_init(&certificate, MAKE_MAX_PEM_BYTES);
	sbuf_init_secret(&key, MAKE_MAX_PEM_BYTES);
	st = certificate_make(names, ARRAY_LEN(names), clock_unix_ms(),
			      &certificate, &key, err);
	if (st == ST_OK)
		st = fd_replace_file(config->desk.certificate,
				     sbuf_span(&certificate), 0644, err);
	if (st == ST_OK)
		st = fd_replace_file(config->desk.certificate_key,
				     sbuf_span(&key), 0400, err);
	if (st == ST_OK)
		st = key_file_give_to(config->desk.certificate_key,
				      config->desk.user, err);
	return st;
}

enum status
setup_make_certificate(const struct config *config, const struct speech *speech,
		       struct err *err)
{
	char host[DESK_URL_HOST_BYTES];
	enum status st = ST_OK;

	if (config->desk.certificate[0] == '\0')
		return ST_OK;
	if (access(config->desk.certificate, F_OK) == 0 ||
	    access(config->desk.certificate_key, F_OK) == 0) {
		say_kept(speech, config->desk.certificate);
		return ST_OK;
	}
	if (!desk_url_host(config->desk.url, host))
		return err_set(err, ST_FORMAT, "desk.url names no host");
	st = write_certificate(config, host, err);
	if (st == ST_OK)
		say_made(speech, config->desk.certificate);
	return st;
}
