#include "tests/courier/world.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"

enum { WORLD_PATH_BYTES = 4000 };

static const char config_text[] =
	"general {\n"
	"\tlocal_domains = {\"corp.test\"}\n"
	"\thost_name = \"gate.corp.test\"\n"
	"\trun_dir = \"%s\"\n"
	"\tdata_dir = \"%s/data\"\n"
	"\tpostmaster = \"postmaster@corp.test\"\n"
	"\tlog = stderr\n"
	"}\n"
	"courier {\n"
	"\tnext_hop = \"%s\"\n"
	"\ttls = never\n"
	"\ttimeout = 2s\n"
	"\tnotice_sender = \"sekimori@corp.test\"\n"
	"\tnotice_name = \"関守\"\n"
	"}\n"
	"desk {\n"
	"\turl = \"https://desk.corp.test\"\n"
	"}\n"
	"portal {\n"
	"\tlisten = \"127.0.0.1:8444\"\n"
	"\turl = \"https://files.corp.test\"\n"
	"\ttrusted_proxy = 127.0.0.1\n"
	"\tcompany = \"株式会社例\"\n"
	"}\n"
	"policy {\n"
	"\trule \"all\" {\n\t\taction = deliver\n\t}\n"
	"}\n";

/* Where "make check" says a top directory is; else where we stand. */
static void
path_in(char *path, size_t path_bytes, const char *variable, const char *name)
{
	const char *top = getenv(variable);
	char whole[PATH_MAX]; /* realpath() wants it so */

	if (top == NULL)
		top = ".";
	assert_non_null(realpath(top, whole));
	assert_true((size_t)snprintf(path, path_bytes, "%s/%s", whole, name) <
		    path_bytes);
}

void
world_source_path(char *path, size_t path_bytes, const char *name)
{
	path_in(path, path_bytes, "top_srcdir", name);
}

void
world_build_path(char *path, size_t path_bytes, const char *name)
{
	path_in(path, path_bytes, "top_builddir", name);
}

static void
world_path(const struct world *world, const char *name, char *path)
{
	(void)snprintf(path, WORLD_PATH_BYTES, "%s/%s", world->dir, name);
}

void
world_write_config(const struct world *world, const char *config)
{
	AUTO(sbuf_done) struct sbuf text;
	struct err err = { 0 };

	sbuf_init(&text, 10000);
	if (config != NULL)
		sbuf_add_text(&text, config);
	else
		sbuf_addf(&text, config_text, world->dir, world->dir,
			  world->server != NULL
				  ? smtp_server_address(world->server)
				  : "127.0.0.1:1");
	check_status(ST_OK,
		     fd_replace_file(world->config_path, sbuf_span(&text), 0600,
				     &err),
		     &err);
}

const char *
world_config_path(const struct world *world)
{
	return world->config_path;
}

static void
world_link_data(const struct world *world)
{
	char path[WORLD_PATH_BYTES];
	char target[WORLD_PATH_BYTES];

	world_path(world, "data", path);
	assert_int_equal(mkdir(path, 0700), 0);
	world_path(world, "data/conf", path);
	world_source_path(target, sizeof(target), "conf");
	assert_int_equal(symlink(target, path), 0);
	world_path(world, "data/po", path);
	world_build_path(target, sizeof(target), "po");
	assert_int_equal(symlink(target, path), 0);
}

static void *
world_work(void *argument)
{
	job_loop_run(argument);
	return NULL;
}

struct world *
world_start(const struct smtp_step *script)
{
	struct world *world = calloc(1, sizeof(*world));
	char path[WORLD_PATH_BYTES];
	struct err err = { 0 };

	assert_non_null(world);
	(void)snprintf(world->dir, sizeof(world->dir), "/tmp/world.XXXXXX");
	assert_non_null(mkdtemp(world->dir));
	if (script != NULL)
		world->server = smtp_server_start(script);
	(void)snprintf(world->config_path, sizeof(world->config_path),
		       "%s/c.conf", world->dir);
	world_write_config(world, NULL);
	world_link_data(world);
	world_path(world, "vault/vault.sock", path);
	world->vault = fake_vault_start(path);
	check_status(ST_OK,
		     setup_holder_new(world->config_path, &world->setups, &err),
		     &err);
	check_status(ST_OK, job_desk_new(2, &world->desk, &err), &err);
	gate_init(&world->gate);
	world->loop = (struct job_loop){ .setups = world->setups,
					 .desk = world->desk,
					 .gate = &world->gate };
	assert_int_equal(
		pthread_create(&world->worker, NULL, world_work, &world->loop),
		0);
	return world;
}

void
world_stop(struct world *world)
{
	if (world->stopped)
		return;
	gate_stop(&world->gate);
	assert_int_equal(pthread_join(world->worker, NULL), 0);
	world->stopped = true;
}

void
world_free(struct world **world)
{
	static const char *const names[] = {
		"data/conf",        "data/po", "c.conf",
		"vault/vault.sock", "vault",   "scanner/scanner.sock",
		"scanner"
	};
	char path[WORLD_PATH_BYTES];

	if (*world == NULL)
		return;
	world_stop(*world);
	smtp_server_free(&(*world)->server);
	fake_vault_free(&(*world)->vault);
	job_desk_free(&(*world)->desk);
	setup_holder_free(&(*world)->setups);
	gate_done(&(*world)->gate);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		world_path(*world, names[i], path);
		(void)remove(path);
	}
	world_path(*world, "data", path);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(rmdir((*world)->dir), 0);
	free(*world);
	*world = NULL;
}

struct vault_job
world_job(enum job_kind kind)
{
	static const struct case_recipient recipients[] = { { "b@y.test",
							      "" } };
	static const struct vault_part_line parts[] = {
		{ "1", "text", 1, REPORT_REASON_NONE },
		{ "2/1", "zip", 0, REPORT_REASON_LOCKED },
	};

	return (struct vault_job){
		.present = true,
		.job_id = 7,
		.lease = { 9 },
		.kind = kind,
		.attempt = 1,
		.profile = REPORT_PROFILE_STRICT,
		.case_id = { 1, 2, 3 },
		.envelope_sender = "a@x.test",
		.sender_esmtp_args = "",
		.recipients = recipients,
		.recipient_count = ARRAY_LEN(recipients),
		.envid = "SK1",
		.event = NOTICE_HELD,
		.audience = NOTICE_AUDIENCE_SENDER,
		.language = "ja",
		.person = "山田太郎",
		.subject = "給与の件",
		.sender = "a@x.test",
		.approvers = "承認者一, 承認者二",
		.rule = "numbers",
		.reason = "",
		.recipients_text = "out@example.com",
		.received_unix_ms = 1795326289000,
		.deadline_unix_ms = 1795926289000,
		.number_count = 1,
		.parts = parts,
		.part_count = ARRAY_LEN(parts),
		.link = { .code = "", .boundary = "", .mailbox_code = "" },
	};
}
