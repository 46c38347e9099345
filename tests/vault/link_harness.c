#include "tests/vault/link_harness.h"

#include <fts.h>
#include <string.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"

/* Rules that hold everything; only who is inside matters. */
static struct config *
load_config(const char *dir)
{
	static const char text[] =
		"general { local_domains = { example.co.jp } "
		"postmaster = \"p@example.co.jp\" }\n"
		"courier { notice_sender = \"s@example.co.jp\" }\n"
		"desk { url = \"https://a.example.co.jp\" }\n"
		"policy { rule last { action = hold approvers = hr } }\n";
	struct config *config = NULL;
	char path[256];
	struct err err = { .st = ST_OK };

	(void)snprintf(path, sizeof(path), "%s/rules.conf", dir);
	check_status(ST_OK, fd_replace_file(path, span_of(text), 0600, &err),
		     &err);
	check_status(ST_OK, config_load(path, &config, &err), &err);
	return config;
}

int
link_scene_setup(void **state)
{
	const int failed = scene_setup(state);
	struct scene *scene = *state;
	struct config *config = load_config(scene->fixture->dir);
	const struct config_list aliases = scene->config.general.domain_aliases;

	config_free(&scene->defaults);
	scene->defaults = config;
	scene->config = *config;
	scene->config.general.state_dir = scene->fixture->dir;
	scene->config.general.postmaster = "postmaster@example.co.jp";
	scene->config.general.language = "en";
	scene->config.general.domain_aliases = aliases;
	scene->config.vault.min_free_bytes = 0;
	scene->config.portal.listen = "127.0.0.1:8444";
	scene->config.portal.url = "https://files.example.co.jp";
	return failed;
}

static void
add_text(int fd, const char *text)
{
	struct err err = { .st = ST_OK };

	check_status(ST_OK, fd_write_all(fd, span_of(text), &err), &err);
}

enum status
link_test_seal(struct scene *scene, const struct job_taken *taken,
	       const char *refusal, struct link_test_seal *seal,
	       struct err *err)
{
	static const struct vault_link_file files[] = {
		{ "番号 1234.csv", "番号 ****.csv", "text/csv",
		  sizeof(LINK_TEST_FIRST) - 1, 17 },
		{ "memo.txt", "memo.txt", "text/plain",
		  sizeof(LINK_TEST_NEXT) - 1, 18 },
	};
	struct vault_link_seal request = {
		.job_id = taken->row.id,
		.refusal = refusal != NULL ? refusal : "",
		.pictures = seal != NULL ? seal->pictures : 0,
		.mail_bytes = sizeof(LINK_TEST_MAIL) - 1,
		.hole_offset = 10,
		.boundary = "b1",
		.files = files,
		.file_count = ARRAY_LEN(files),
	};
	struct link_sealing sealing = { .made = false };
	AUTO(fd_close) int fd = FD_NONE;
	enum status st = ST_OK;

	memcpy(request.lease, taken->row.lease, sizeof(request.lease));
	check_status(ST_OK, fd_memory("rewritten", &fd, err), err);
	add_text(fd, LINK_TEST_MAIL);
	add_text(fd, LINK_TEST_FIRST);
	add_text(fd, LINK_TEST_NEXT);
	st = link_seal_blobs(&scene->vault, &request, fd, &sealing, err);
	if (st != ST_OK)
		return st;
	scene_begin(scene);
	st = link_seal(&scene->vault, &request, &sealing, err);
	if (st == ST_OK) {
		scene_commit(scene);
	} else {
		store_rollback(scene->vault.store);
		NEGLECT(link_seal_drop(scene->fixture->dir, &sealing, NULL));
	}
	if (seal != NULL)
		memcpy(seal->file_key, sealing.file_key,
		       sizeof(seal->file_key));
	return st;
}

void
link_test_make(struct scene *scene, const struct mail *mail,
	       uint8_t id_out[CASE_ID_BYTES], struct link_test_seal *seal)
{
	struct job_taken taken = { .present = false };
	struct err err = { .st = ST_OK };

	scene_hold(scene, mail, id_out);
	if (!mail->link.at_once)
		check_status(ST_OK,
			     scene_decide(scene, "bob", id_out,
					  CASE_DECISION_LINK, "", &err),
			     &err);
	assert_true(scene_take(scene, JOB_KIND_REWRITE, &taken));
	check_status(ST_OK, link_test_seal(scene, &taken, NULL, seal, &err),
		     &err);
	job_taken_done(&taken);
}

/* --- jobs -------------------------------------------------------------- */

/* Mails to others wait meanwhile: leased, until the next call. */
static void
pass_over(struct scene *scene, struct job_taken *taken)
{
	static const struct reply reply = { "", 250 };
	struct err err = { .st = ST_OK };

	if (taken->row.kind != JOB_KIND_LINK &&
	    taken->row.kind != JOB_KIND_RELEASE)
		check_status(ST_OK, scene_finish(scene, taken, &reply, 1, &err),
			     &err);
	job_taken_done(taken);
}

bool
link_test_take(struct scene *scene, enum job_kind kind,
	       struct link_test_job *out)
{
	struct vault_take_job request = { .lease_s = 60, .fresh = true };
	struct err err = { .st = ST_OK };

	for (;;) {
		*out = (struct link_test_job){ .fd = FD_NONE };
		scene_do(scene, ST_OK,
			 job_take(&scene->vault, &request, &out->taken, &err),
			 &err);
		if (!out->taken.present) {
			/* Of one that was put back its row is there still. */
			job_taken_done(&out->taken);
			return false;
		}
		if (out->taken.row.kind == kind)
			break;
		pass_over(scene, &out->taken);
		request.fresh = false;
	}
	check_status(ST_OK,
		     job_compose(&scene->vault, &out->taken, &out->job,
				 &out->arena, &out->fd, &err),
		     &err);
	return true;
}

void
link_test_reply(struct scene *scene, struct link_test_job *job, uint32_t code)
{
	const struct reply reply = { job->job.recipients[0].address, code };
	struct err err = { .st = ST_OK };

	check_status(ST_OK, scene_finish(scene, &job->taken, &reply, 1, &err),
		     &err);
}

void
link_test_job_done(struct link_test_job *job)
{
	job_taken_done(&job->taken);
	wire_arena_free(&job->arena);
	fd_close(&job->fd);
}

void
link_test_send_all(struct scene *scene)
{
	struct link_test_job job;

	/* Notices that come first are done by scene_take(). */
	while (link_test_take(scene, JOB_KIND_LINK, &job)) {
		link_test_reply(scene, &job, 250);
		link_test_job_done(&job);
	}
}

size_t
link_test_blobs(struct scene *scene)
{
	char path[200];
	char *const paths[] = { path, NULL };
	size_t count = 0;
	FTS *tree = NULL;
	const FTSENT *entry = NULL;

	(void)snprintf(path, sizeof(path), "%s/blobs", scene->fixture->dir);
	tree = fts_open(paths, FTS_PHYSICAL, NULL);
	assert_non_null(tree);
	while ((entry = fts_read(tree)) != NULL)
		count += entry->fts_info == FTS_F;
	assert_int_equal(fts_close(tree), 0);
	return count;
}
