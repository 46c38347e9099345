#include "lib/config/config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/config/config_check.h"
#include "lib/config/config_file.h"
#include "lib/config/config_memory.h"
#include "lib/config/config_read.h"
#include "lib/config/config_words.h"
#include "lib/config/policy_build.h"
#include "lib/config/policy_link.h"

/* What a caller sees is the first member. */
struct config_box {
	struct config config;
	struct config_memory memory;
	struct policy *policy; /* what config.policy points to */
};

enum { CONFIG_HOST_NAME_BYTES = 256, CONFIG_PATH_BYTES = 4200 };

void
config_free(struct config **config)
{
	struct config_box *box = (struct config_box *)*config;

	if (box == NULL)
		return;
	policy_free(&box->policy);
	config_memory_done(&box->memory);
	free(box);
	*config = NULL;
}

static enum status
config_join(struct config_memory *memory, const char *dir, const char *name,
	    const char **path_out, struct err *err)
{
	AUTO(sbuf_done) struct sbuf path;

	sbuf_init(&path, CONFIG_PATH_BYTES);
	sbuf_addf(&path, "%s/%s", dir, name);
	*path_out = config_memory_text(memory, sbuf_text(&path));
	if (*path_out == NULL || sbuf_status(&path, "config", NULL) != ST_OK)
		return err_set(err, ST_NO_MEMORY, "config: no memory");
	return ST_OK;
}

/* Values that depend on the host and the installation. */
static enum status
config_derive(struct config_box *box, const char *path, struct err *err)
{
	struct config *config = &box->config;
	enum status st = ST_OK;

	if (config->general.program_dir[0] == '\0')
		config->general.program_dir = SEKIMORI_LIBEXECDIR;
	if (config->general.data_dir[0] == '\0')
		config->general.data_dir = SEKIMORI_DATADIR;
	if (config->general.host_name[0] == '\0') {
		char host[CONFIG_HOST_NAME_BYTES] = "";

		if (gethostname(host, sizeof(host) - 1) != 0 || host[0] == '\0')
			memcpy(host, "localhost", sizeof("localhost"));
		config->general.host_name =
			config_memory_text(&box->memory, host);
	}
	config->path = config_memory_text(&box->memory, path);
	if (config->general.host_name == NULL || config->path == NULL)
		return err_set(err, ST_NO_MEMORY, "config: no memory");
	st = config_join(&box->memory, config->general.run_dir,
			 "vault/vault.sock", &config->vault_socket, err);
	if (st == ST_OK)
		st = config_join(&box->memory, config->general.run_dir,
				 "scanner/scanner.sock",
				 &config->scanner_socket, err);
	return st;
}

/* Fill box from file, or from the defaults alone when it is NULL. */
static enum status
config_fill(struct config_box *box, const char *path,
	    const struct config_file *file, struct err *err)
{
	const struct config_reading reading = {
		path, file != NULL ? file->lines : NULL, &box->memory
	};
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < CONFIG_SECTION_COUNT; i++) {
		const struct config_section *section = &config_sections[i];
		struct config_from from = { NULL, section->name };

		if (file != NULL)
			from.parsed = cfg_getsec(file->parsed, section->name);
		st = config_read_section(&reading, &from, section,
					 (char *)&box->config + section->offset,
					 NULL, err);
	}
	if (st == ST_OK)
		st = config_derive(box, path, err);
	if (st == ST_OK)
		st = config_read_words(&reading, file, &box->config, err);
	if (st == ST_OK && file != NULL)
		st = config_check(&box->config, file->lines, err);
	if (st == ST_OK)
		st = policy_build(
			&reading, file, box->config.general.local_domains,
			report_profile_find(box->config.scanner.profile),
			&box->policy, err);
	if (st == ST_OK && file != NULL)
		st = policy_link_check(box->policy, &box->config.portal,
				       file->lines, err);
	box->config.policy = box->policy;
	return st;
}

static enum status
config_new(const char *path, const struct config_file *file,
	   struct config **config_out, struct err *err)
{
	AUTO(config_free) struct config *config = NULL;
	struct config_box *box = calloc(1, sizeof(*box));

	if (box == NULL)
		return err_set(err, ST_NO_MEMORY, "config: no memory");
	config = &box->config;
	const enum status st = config_fill(box, path, file, err);

	if (st == ST_OK)
		*config_out = MOVE(config);
	return st;
}

enum status
config_load(const char *path, struct config **config_out, struct err *err)
{
	AUTO(config_file_free) struct config_file *file = NULL;
	const enum status st = config_file_open(path, &file, err);

	return st == ST_OK ? config_new(path, file, config_out, err) : st;
}

enum status
config_refuse(const char *path, const char *key, const char *reason,
	      struct err *err)
{
	AUTO(config_file_free) struct config_file *file = NULL;
	const enum status st = config_file_open(path, &file, err);

	return st == ST_OK ? config_lines_refuse(file->lines, key, err,
						 "%s: %.300s", key, reason)
			   : st;
}

enum status
config_defaults(struct config **config_out, struct err *err)
{
	return config_new("", NULL, config_out, err);
}
