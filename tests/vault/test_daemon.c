/* Tests of sekimori-vault as a daemon: over its socket, killed, restarted. */
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/vault/mail_harness.h"
#include "tests/vault/store_harness.h"
#include "vault/client/master_key.h"
#include "vault/client/vault_client.h"
#include "vault/client/vault_init.h"

static const char password[] = "a password of bob's own";

struct daemon {
	char dir[64];
	char config[96];
	char key[96];
	char socket[96];
	pid_t pid;
	struct vault_client client;
	struct wire_arena *arena; /* of the last answer */
};

/* --- starting and stopping --------------------------------------------- */

static void
write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void
write_config(struct daemon *daemon)
{
	const unsigned uid = (unsigned)geteuid();
	char text[2000];

	(void)snprintf(text, sizeof(text),
		       "general {\n\tlocal_domains = {\"example.co.jp\"}\n"
		       "\trun_dir = \"%s/run\"\n\tstate_dir = \"%s/state\"\n"
		       "\tpostmaster = \"postmaster@example.co.jp\"\n"
		       "\tlog = stderr\n\tlanguage = en\n}\n"
		       "milter { user = \"%u\" socket = \"unix:%s/m\" }\n"
		       "scanner { user = \"%u\" }\n"
		       "vault { user = \"%u\" key = \"file:%s\" min_free = 0 "
		       "lock_after = 3 second_factor = { } }\n"
		       "courier { user = \"%u\" "
		       "notice_sender = \"sekimori@example.co.jp\" }\n"
		       "desk { user = \"%u\" url = \"https://127.0.0.1:1\" }\n"
		       "policy { rule \"all\" { action = deliver } }\n",
		       daemon->dir, daemon->dir, uid, daemon->dir, uid, uid,
		       daemon->key, uid, uid);
	write_file(daemon->config, text);
}

static void
program_path(char *path, size_t path_bytes)
{
	const char *builddir = getenv("top_builddir");

	(void)snprintf(path, path_bytes, "%s/sekimori-vault",
		       builddir != NULL ? builddir : ".");
}

/* The vault does not run as root, and as root it is not a person: be nobody.
 * False: nobody cannot reach the program here. */
static bool
be_nobody(void)
{
	enum { NOBODY = 65534 };
	char program[200];

	if (geteuid() == 0 && (setgroups(0, NULL) != 0 || setgid(NOBODY) != 0 ||
			       setuid(NOBODY) != 0))
		return false;
	program_path(program, sizeof(program));
	return access(program, X_OK) == 0;
}

static pid_t
spawn(struct daemon *daemon, const char *option, const char *input_path)
{
	char program[200];
	const pid_t pid = fork();

	if (pid != 0)
		return pid;
	program_path(program, sizeof(program));

	const int in = open(input_path, O_RDONLY);
	const int out = open("/dev/null", O_WRONLY);

	(void)dup2(in, STDIN_FILENO);
	if (getenv("SHOW_DAEMON") == NULL)
		(void)dup2(out, STDERR_FILENO);
	(void)execl(program, program, "--config", daemon->config, option,
		    (char *)NULL);
	_exit(127);
}

static int
wait_for(pid_t pid)
{
	int status = 0;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void
daemon_start(struct daemon *daemon)
{
	const int64_t deadline = clock_mono_ms() + 20000;

	daemon->pid = spawn(daemon, NULL, "/dev/null");
	assert_true(daemon->pid > 0);
	vault_client_init(&daemon->client, daemon->socket);
	for (;;) {
		struct channel channel = { .fd = FD_NONE };
		struct err err = { .st = ST_OK };
		const enum status st =
			channel_connect(daemon->socket, &channel, &err);

		channel_close(&channel);
		if (st == ST_OK)
			return;
		assert_true(clock_mono_ms() < deadline);
		(void)usleep(20000);
	}
}

static int
daemon_stop(struct daemon *daemon, int number)
{
	const pid_t pid = daemon->pid;

	vault_client_done(&daemon->client);
	daemon->pid = 0;
	assert_int_equal(kill(pid, number), 0);
	return wait_for(pid);
}

static void
write_accounts(const char *path)
{
	struct vault_user_change account = {
		.change = USER_CHANGE_CREATE,
		.user = { .login = "bob",
			  .name = "Bob",
			  .roles = VAULT_ROLE_APPROVER,
			  .language = "en",
			  .enabled = true,
			  .uid = -1,
			  .addresses = "bob@example.co.jp",
			  .groups = "hr" },
		.password = password,
	};
	struct sbuf buf;
	struct err err = { .st = ST_OK };

	sbuf_init_secret(&buf, VAULT_INIT_MAX_BYTES);
	check_status(ST_OK, vault_init_add(&buf, &account, &err), &err);
	account.user.login = "chief";
	account.user.name = "Chief";
	account.user.roles = VAULT_ROLE_ADMIN | VAULT_ROLE_AUDITOR;
	account.user.addresses = "chief@example.co.jp";
	account.user.groups = "";
	check_status(ST_OK, vault_init_add(&buf, &account, &err), &err);
	check_status(ST_OK, fd_replace_file(path, sbuf_span(&buf), 0600, &err),
		     &err);
	sbuf_done(&buf);
}

static int
setup(void **state)
{
	struct daemon *daemon = calloc(1, sizeof(*daemon));
	char accounts[96];
	struct err err = { .st = ST_OK };

	assert_non_null(daemon);
	(void)snprintf(daemon->dir, sizeof(daemon->dir),
		       "/tmp/vault_daemon_XXXXXX");
	assert_non_null(mkdtemp(daemon->dir));
	(void)snprintf(daemon->config, sizeof(daemon->config), "%s/s.conf",
		       daemon->dir);
	(void)snprintf(daemon->key, sizeof(daemon->key), "%s/master",
		       daemon->dir);
	(void)snprintf(daemon->socket, sizeof(daemon->socket),
		       "%s/run/vault/vault.sock", daemon->dir);
	(void)snprintf(accounts, sizeof(accounts), "%s/accounts", daemon->dir);
	write_config(daemon);
	check_status(ST_OK, master_key_create(daemon->key, &err), &err);
	write_accounts(accounts);
	assert_int_equal(wait_for(spawn(daemon, "--init", accounts)), 0);
	*state = daemon;
	return 0;
}

static int
teardown(void **state)
{
	struct daemon *daemon = *state;

	if (daemon->pid > 0)
		(void)daemon_stop(daemon, SIGKILL);
	wire_arena_free(&daemon->arena);
	remove_tree(daemon->dir);
	free(daemon);
	return 0;
}

/* --- asking ------------------------------------------------------------ */

#define ask(daemon, symbol, request, answer, err)                           \
	call_vault(daemon,                                                  \
		   &(struct vault_call)VAULT_CALL(symbol, request, answer), \
		   err)

static enum status
call_vault(struct daemon *daemon, const struct vault_call *call,
	   struct err *err)
{
	wire_arena_free(&daemon->arena);
	return vault_client_call(&daemon->client, call, &daemon->arena, err);
}

static void
hold(struct daemon *daemon, uint8_t content, uint8_t id_out[CASE_ID_BYTES])
{
	const struct mail mail = { .content = content };
	const struct vault_empty empty = { 0 };
	struct vault_public_key key = { 0, { 0 } };
	struct seal_public to = { .epoch = 0 };
	uint8_t blob_key[SEAL_WRAPPED_BYTES];
	uint8_t detail_key[SEAL_WRAPPED_BYTES];
	struct sbuf detail;
	struct vault_hold request = {
		.blob_key = { blob_key, sizeof(blob_key) },
		.detail_key = { detail_key, sizeof(detail_key) },
	};
	struct vault_hold_answer answer = { .joined = false };
	struct vault_call call = VAULT_CALL(HOLD, &request, &answer);
	struct err err = { .st = ST_OK };

	check_status(ST_OK, ask(daemon, PUBLIC_KEY, &empty, &key, &err), &err);
	to.epoch = key.epoch;
	memcpy(to.key, key.key, sizeof(to.key));
	request.key_epoch = key.epoch;
	memset(request.content_digest, content, sizeof(request.content_digest));
	sbuf_init(&detail, 1 << 20);
	mail_seal_detail(&to, &mail, clock_unix_ms(), &detail, detail_key);
	request.detail = sbuf_span(&detail);
	call.fd = mail_seal(&to, blob_key, &request.sealed_bytes);
	check_status(ST_OK, call_vault(daemon, &call, &err), &err);
	memcpy(id_out, answer.case_id, CASE_ID_BYTES);
	fd_close(&call.fd);
	sbuf_done(&detail);
}

static enum status
sign_in(struct daemon *daemon, const char *login, const char *word,
	uint8_t token[VAULT_TOKEN_BYTES], struct err *err)
{
	const struct vault_login request = { login, word, "192.0.2.7", "" };
	struct vault_session session = { .token = { NULL, 0 } };
	const enum status st = ask(daemon, LOGIN, &request, &session, err);

	if (st == ST_OK) {
		assert_int_equal(session.token.len_bytes, VAULT_TOKEN_BYTES);
		assert_int_equal(session.form_token.len_bytes, 32);
		memcpy(token, session.token.ptr, VAULT_TOKEN_BYTES);
	}
	return st;
}

static enum case_state
show(struct daemon *daemon, const uint8_t token[VAULT_TOKEN_BYTES],
     const uint8_t id[CASE_ID_BYTES], uint8_t version_out[32])
{
	struct vault_show request = { { { token, VAULT_TOKEN_BYTES } }, { 0 } };
	struct vault_case answer = { .may_decide = false };
	struct err err = { .st = ST_OK };

	memcpy(request.case_id, id, CASE_ID_BYTES);
	check_status(ST_OK, ask(daemon, SHOW, &request, &answer, &err), &err);
	memcpy(version_out, answer.version, 32);
	return answer.line.state;
}

/* --- tests ------------------------------------------------------------- */

/* Take jobs until the release comes; finish the others. */
static void
release(struct daemon *daemon)
{
	for (;;) {
		const struct vault_take_job take = { .wait_ms = 3000,
						     .lease_s = 60 };
		struct vault_job job = { .present = false };
		struct vault_delivery delivery = { "yamada@example.com", 250,
						   "2.0.0", "queued" };
		struct vault_job_done done = { .result = JOB_RESULT_DONE,
					       .deliveries = &delivery,
					       .delivery_count = 1,
					       .reason = "" };
		struct vault_empty empty = { 0 };
		struct span mail = { NULL, 0 };
		int fd = FD_NONE;
		struct vault_call call = VAULT_CALL(TAKE_JOB, &take, &job);
		struct err err = { .st = ST_OK };
		enum job_kind kind = JOB_KIND_NONE;

		call.fd_out = &fd;
		check_status(ST_OK, call_vault(daemon, &call, &err), &err);
		assert_true(job.present);
		kind = job.kind;
		done.job_id = job.job_id;
		memcpy(done.lease, job.lease, sizeof(done.lease));
		if (kind == JOB_KIND_RELEASE) {
			assert_int_equal(job.recipient_count, 1);
			assert_int_equal(job.ticket.len_bytes, 32);
			check_status(ST_OK,
				     fd_map_sealed(fd, 1000, &mail, &err),
				     &err);
			assert_true(span_equal(mail, span_of(MAIL_TEXT)));
			fd_unmap(&mail);
		}
		fd_close(&fd);
		check_status(ST_OK, ask(daemon, JOB_DONE, &done, &empty, &err),
			     &err);
		if (kind == JOB_KIND_RELEASE)
			return;
	}
}

static void
a_mail_is_held_approved_and_released(void **state)
{
	struct daemon *daemon = *state;
	uint8_t token[VAULT_TOKEN_BYTES];
	uint8_t id[CASE_ID_BYTES];
	struct vault_decide decide = { .decision = CASE_DECISION_APPROVE,
				       .purpose = "",
				       .comment = "",
				       .client_address = "" };
	struct vault_decide_answer decided = { CASE_STATE_NONE };
	struct vault_audit_verify verify = { { { token, sizeof(token) } } };
	struct vault_audit_verify_answer verified = { .intact = false };
	struct err err = { .st = ST_OK };

	daemon_start(daemon);
	hold(daemon, 1, id);
	check_status(ST_OK, sign_in(daemon, "bob", password, token, &err),
		     &err);
	assert_int_equal(show(daemon, token, id, decide.version),
			 CASE_STATE_HELD);
	decide.actor.token = (struct span){ token, sizeof(token) };
	memcpy(decide.case_id, id, sizeof(id));
	check_status(ST_OK, ask(daemon, DECIDE, &decide, &decided, &err), &err);
	assert_int_equal(decided.state, CASE_STATE_RELEASING);
	check_status(ST_END, ask(daemon, DECIDE, &decide, &decided, &err),
		     &err);
	release(daemon);
	assert_int_equal(show(daemon, token, id, decide.version),
			 CASE_STATE_RELEASED);
	check_status(ST_OK, sign_in(daemon, "chief", password, token, &err),
		     &err);
	check_status(ST_OK, ask(daemon, AUDIT_VERIFY, &verify, &verified, &err),
		     &err);
	assert_true(verified.intact);
	assert_int_equal(daemon_stop(daemon, SIGTERM), 0);
}

/* It waits for a job when it dies: the job must not be leased to it, as the
 * courier after it may have freed the older leases already. */
static void
a_dead_courier_takes_no_job_along(void **state)
{
	struct daemon *daemon = *state;
	const struct vault_take_job wait = { .wait_ms = 5000, .lease_s = 1200 };
	const struct vault_take_job take = { .wait_ms = 3000, .lease_s = 60 };
	struct vault_job job = { .present = false };
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };
	pid_t dead = -1;
	int ended = 0;

	daemon_start(daemon);
	dead = fork();
	assert_true(dead >= 0);
	if (dead == 0) {
		struct vault_call call = VAULT_CALL(TAKE_JOB, &wait, &job);
		struct vault_client client;

		vault_client_init(&client, daemon->socket);
		const enum status st =
			vault_client_call(&client, &call, &daemon->arena, &err);

		_exit((int)st);
	}
	usleep(300000);
	assert_int_equal(kill(dead, SIGKILL), 0);
	assert_int_equal(waitpid(dead, &ended, 0), dead);
	assert_true(WIFSIGNALED(ended)); /* it was waiting */
	hold(daemon, 1, id);
	usleep(100000);
	check_status(ST_OK, ask(daemon, TAKE_JOB, &take, &job, &err), &err);
	assert_true(job.present);
	assert_int_equal(job.job_id, 1);
	assert_int_equal(daemon_stop(daemon, SIGTERM), 0);
}

static void
what_was_answered_survives_a_kill(void **state)
{
	struct daemon *daemon = *state;
	const struct vault_empty empty = { 0 };
	struct vault_status status = { .locked = true };
	uint8_t token[VAULT_TOKEN_BYTES];
	uint8_t version[32];
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	daemon_start(daemon);
	hold(daemon, 1, id);
	assert_int_equal(daemon_stop(daemon, SIGKILL), -SIGKILL);
	daemon_start(daemon);
	check_status(ST_OK, sign_in(daemon, "bob", password, token, &err),
		     &err);
	assert_int_equal(show(daemon, token, id, version), CASE_STATE_HELD);
	check_status(ST_OK, ask(daemon, STATUS, &empty, &status, &err), &err);
	assert_false(status.locked);
	assert_int_equal(status.cases_open, 1);
}

static void
a_locked_vault_takes_holds_and_reads_them_later(void **state)
{
	struct daemon *daemon = *state;
	const struct vault_empty empty = { 0 };
	const struct vault_take_job take = { .lease_s = 60 };
	struct vault_job job = { .present = false };
	struct vault_status status = { .locked = false };
	uint8_t token[VAULT_TOKEN_BYTES];
	uint8_t version[32];
	uint8_t id[CASE_ID_BYTES];
	char away[120];
	struct err err = { .st = ST_OK };

	(void)snprintf(away, sizeof(away), "%s.away", daemon->key);
	assert_int_equal(rename(daemon->key, away), 0);
	daemon_start(daemon);
	hold(daemon, 1, id);
	check_status(ST_OK, ask(daemon, STATUS, &empty, &status, &err), &err);
	assert_true(status.locked);
	assert_true(status.lock_reason[0] != '\0');
	check_status(ST_UNSUPPORTED, ask(daemon, TAKE_JOB, &take, &job, &err),
		     &err);
	assert_int_equal(daemon_stop(daemon, SIGTERM), 0);
	assert_int_equal(rename(away, daemon->key), 0);
	daemon_start(daemon);
	check_status(ST_OK, sign_in(daemon, "bob", password, token, &err),
		     &err);
	assert_int_equal(show(daemon, token, id, version), CASE_STATE_HELD);
}

static void
an_account_is_locked_after_wrong_passwords(void **state)
{
	struct daemon *daemon = *state;
	uint8_t token[VAULT_TOKEN_BYTES];
	struct err unknown = { .st = ST_OK };
	struct err err = { .st = ST_OK };

	daemon_start(daemon);
	check_status(ST_DENIED,
		     sign_in(daemon, "nobody", password, token, &unknown),
		     &unknown);
	for (int i = 0; i < 3; i++)
		check_status(
			ST_DENIED,
			sign_in(daemon, "bob", "not it, not it", token, &err),
			&err);
	check_status(ST_DENIED, sign_in(daemon, "bob", password, token, &err),
		     &err);
	assert_string_equal(err.text, unknown.text);
	check_status(ST_OK, sign_in(daemon, "Chief", password, token, &err),
		     &err);
}

static void
there_is_one_setup(void **state)
{
	struct daemon *daemon = *state;
	char accounts[96];

	(void)snprintf(accounts, sizeof(accounts), "%s/accounts", daemon->dir);
	assert_int_not_equal(wait_for(spawn(daemon, "--init", accounts)), 0);
	assert_int_equal(wait_for(spawn(daemon, "--check", "/dev/null")), 0);
}

/* It would sweep away what the first one is about to commit. */
static void
a_second_vault_at_the_same_store_is_refused(void **state)
{
	enum { PATIENCE_S = 20 };
	struct daemon *daemon = *state;
	struct channel channel = { .fd = FD_NONE };
	struct err err = { .st = ST_OK };

	daemon_start(daemon);
	(void)alarm(PATIENCE_S); /* it would run for ever */
	assert_int_not_equal(wait_for(spawn(daemon, NULL, "/dev/null")), 0);
	(void)alarm(0);
	check_status(ST_OK, channel_connect(daemon->socket, &channel, &err),
		     &err);
	channel_close(&channel);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_mail_is_held_approved_and_released, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_dead_courier_takes_no_job_along, setup, teardown),
		cmocka_unit_test_setup_teardown(
			what_was_answered_survives_a_kill, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_locked_vault_takes_holds_and_reads_them_later, setup,
			teardown),
		cmocka_unit_test_setup_teardown(
			an_account_is_locked_after_wrong_passwords, setup,
			teardown),
		cmocka_unit_test_setup_teardown(there_is_one_setup, setup,
						teardown),
		cmocka_unit_test_setup_teardown(
			a_second_vault_at_the_same_store_is_refused, setup,
			teardown),
	};

	/* 77: automake's word for a test that could not run. */
	return be_nobody() ? cmocka_run_group_tests(tests, NULL, NULL) : 77;
}
