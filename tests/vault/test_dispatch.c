/* Tests of vault/server: every request x every peer x every role. */
#include <malloc.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "tests/vault/case_harness.h"
#include "vault/case/session.h"
#include "vault/server/dispatch.h"

/* A service over the scene's store, with sessions for each role. */
struct walk {
	struct scene *scene;
	struct core core;
	struct writer *writer;
	struct readers readers;
	sem_t logins;
	struct service service;
	struct channel ours, theirs;
	uint8_t case_id[CASE_ID_BYTES]; /* a held mail of alice */
};

/* --- one service ------------------------------------------------------- */

static int
walk_setup(void **state)
{
	struct walk *walk = calloc(1, sizeof(*walk));
	struct err err = { .st = ST_OK };
	int pair[2] = { FD_NONE, FD_NONE };

	assert_non_null(walk);
	(void)scene_setup(state);
	walk->scene = *state;
	scene_hold(walk->scene, &(struct mail){ .content = 1 }, walk->case_id);
	store_close(&walk->scene->fixture->store);
	/* The service opens the store itself, by the configuration. */
	walk->core.configs[0] = &walk->scene->config;
	walk->core.config_count = 1;
	walk->core.ring = walk->scene->ring;
	assert_int_equal(pthread_mutex_init(&walk->core.lock, NULL), 0);
	assert_int_equal(pthread_cond_init(&walk->core.jobs_changed, NULL), 0);
	check_status(ST_OK, writer_start(&walk->core, &walk->writer, &err),
		     &err);
	check_status(ST_OK, readers_init(&walk->readers, &walk->core, &err),
		     &err);
	assert_int_equal(pthread_cond_init(&walk->core.cases_changed, NULL), 0);
	check_status(ST_OK, vault_memory_init(&walk->core.memory, &err), &err);
	walk->core.revision = 1;
	assert_int_equal(sem_init(&walk->logins, 0, 2), 0);
	walk->service = (struct service){ &walk->core, walk->writer,
					  &walk->readers, &walk->logins };
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	check_status(ST_OK, channel_open(pair[0], &walk->ours, &err), &err);
	check_status(ST_OK, channel_open(pair[1], &walk->theirs, &err), &err);
	*state = walk;
	return 0;
}

static int
walk_teardown(void **state)
{
	struct walk *walk = *state;
	struct err err = { .st = ST_OK };

	channel_close(&walk->ours);
	channel_close(&walk->theirs);
	writer_stop(&walk->writer);
	readers_done(&walk->readers);
	(void)sem_destroy(&walk->logins);
	(void)pthread_cond_destroy(&walk->core.jobs_changed);
	(void)pthread_cond_destroy(&walk->core.cases_changed);
	vault_memory_done(&walk->core.memory);
	(void)pthread_mutex_destroy(&walk->core.lock);
	check_status(ST_OK,
		     store_open(walk->scene->config.vault.store,
				walk->scene->fixture->dir, STORE_MODE_WRITE,
				&walk->scene->fixture->store, &err),
		     &err);
	*state = walk->scene;
	free(walk);
	return scene_teardown(state);
}

struct new_session {
	const char *login; /* "": a guest of case_id */
	uint32_t roles;
	bool has_factor;
	bool proved;
	bool idle; /* not seen for a while */
	uint8_t case_id[CASE_ID_BYTES];
	uint8_t token[VAULT_TOKEN_BYTES];
};

/* An account of these roles, signed in; or a guest. */
static enum status
make_session(struct vault *vault, void *context, struct err *err)
{
	struct new_session *new_session = context;
	struct store_user user = { .login = new_session->login,
				   .name = "",
				   .language = "",
				   .roles = new_session->roles,
				   .enabled = true,
				   .uid = -1,
				   .addresses = "",
				   .former_addresses = "",
				   .groups = "",
				   .password = "" };
	struct store_session session = { .proved = new_session->proved };
	const struct session_words words = { .address = "alice@example.co.jp" };
	struct vault then = *vault;
	enum status st = ST_OK;

	if (new_session->has_factor)
		user.factor = (struct span){ (const uint8_t *)"x", 1 };
	memcpy(session.case_id, new_session->case_id, CASE_ID_BYTES);
	if (user.login[0] != '\0')
		st = store_user_insert(vault->store, &user, &session.user_id,
				       err);
	if (new_session->idle)
		then.now_unix_ms -= 3LL * 60 * 1000;
	return st == ST_OK ? session_start(&then, &session, &words,
					   new_session->token, err)
			   : st;
}

static void
sign_in(struct walk *walk, struct new_session *new_session)
{
	struct err err = { .st = ST_OK };

	check_status(ST_OK,
		     writer_run(walk->writer, WRITER_PRIORITY_NORMAL,
				make_session, new_session, &err),
		     &err);
}

/* What the table does not tell of the message. */
struct request_words {
	struct span token;
	uint8_t case_id[CASE_ID_BYTES];
	enum case_decision decision;
};

/* Cases of people come second, behind the person. */
static void
put_words(const struct request_row *row, const struct request_words *words,
	  uint8_t *message)
{
	const struct vault_actor actor = { words->token };
	const uint32_t decision = words->decision;

	memcpy(message, &actor, sizeof(actor));
	if (strcmp(row->name, "SHOW") == 0 ||
	    strcmp(row->name, "DECIDE") == 0 ||
	    strcmp(row->name, "COMMENT") == 0)
		memcpy(message + offsetof(struct vault_show, case_id),
		       words->case_id, CASE_ID_BYTES);
	if (strcmp(row->name, "DECIDE") == 0 && decision != 0)
		memcpy(message + offsetof(struct vault_decide, decision),
		       &decision, sizeof(decision));
}

/* Send a request of row, members empty but for words; what was the answer? */
static enum vault_failure_kind
send_words(struct walk *walk, const struct request_row *row, unsigned programs,
	   const struct request_words *words)
{
	const struct account_peer peer = { programs, 4711 };
	_Alignas(16) uint8_t message[4096] = { 0 };
	struct vault_failure failure = { VAULT_FAILURE_NONE, NULL };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct frame frame;
	struct err err = { .st = ST_OK };
	enum vault_failure_kind kind = VAULT_FAILURE_NONE;

	frame_init(&frame);
	/* Smallest values that the table lets pass. */
	for (size_t i = 0; i < row->request_table->field_count; i++) {
		const struct wire_field *field = &row->request_table->fields[i];
		const uint32_t least = (uint32_t)field->min;

		if (field->kind == WIRE_ENUM)
			memcpy(message + field->offset, &least, sizeof(least));
	}
	if (row->for_person)
		put_words(row, words, message);
	frame.type = row->request_table->type;
	frame.version = row->request_table->version;
	check_status(
		ST_OK,
		wire_encode(row->request_table, message, &frame.payload, &err),
		&err);
	check_status(
		ST_OK,
		dispatch(&walk->service, &peer, &walk->theirs, &frame, &err),
		&err);
	frame_done(&frame);
	check_status(ST_OK,
		     channel_receive(&walk->ours, &frame,
				     clock_mono_ms() + 5000, &err),
		     &err);
	if (frame.type == VAULT_TYPE_FAILURE) {
		check_status(ST_OK,
			     frame_decode(&frame, &vault_table_failure,
					  &failure, &arena, &err),
			     &err);
		kind = failure.kind;
	}
	frame_done(&frame);
	return kind;
}

static enum vault_failure_kind
send_request(struct walk *walk, const struct request_row *row,
	     unsigned programs, struct span token)
{
	const struct request_words words = { .token = token };

	return send_words(walk, row, programs, &words);
}

static const struct request_row *
row_of(const char *name)
{
	const struct request_row *row = NULL;

	for (size_t i = 0; (row = dispatch_row(i)) != NULL; i++)
		if (strcmp(row->name, name) == 0)
			return row;
	fail_msg("there is no request %s", name);
	return NULL;
}

static bool
is_one_of(const char *name, const char *const *names)
{
	for (; *names != NULL; names++)
		if (strcmp(name, *names) == 0)
			return true;
	return false;
}

/* They would end the session that a walk uses. */
static const char *const enders[] = { "LOGOUT", "SESSION_END", NULL };

/* --- tests ------------------------------------------------------------- */

static void
a_program_may_ask_what_its_row_says(void **state)
{
	static const unsigned peers[] = { VAULT_PEER_MILTER, VAULT_PEER_COURIER,
					  VAULT_PEER_DESK, VAULT_PEER_CLI };
	/* Without a right password or code. */
	static const char *const refused[] = { "LOGIN", "ENTER", NULL };
	struct walk *walk = *state;
	const struct span none = { NULL, 0 };
	const struct request_row *row = NULL;

	for (size_t i = 0; (row = dispatch_row(i)) != NULL; i++)
		for (size_t j = 0; j < ARRAY_LEN(peers); j++) {
			const enum vault_failure_kind kind =
				send_request(walk, row, peers[j], none);

			if ((row->peers & peers[j]) == 0 || row->for_person ||
			    is_one_of(row->name, refused))
				assert_int_equal(kind, VAULT_FAILURE_DENIED);
			else
				assert_int_not_equal(kind,
						     VAULT_FAILURE_DENIED);
		}
}

static void
walk_rows(struct walk *walk, const struct new_session *person)
{
	const struct span token = { person->token, VAULT_TOKEN_BYTES };
	const struct request_row *row = NULL;

	for (size_t i = 0; (row = dispatch_row(i)) != NULL; i++) {
		enum vault_failure_kind kind = VAULT_FAILURE_NONE;

		if (!row->for_person || is_one_of(row->name, enders))
			continue;
		kind = send_request(walk, row, VAULT_PEER_DESK, token);
		/* Handlers have more to refuse; here it is the role's or the
		 * program's refusal that must be there, and only there. */
		if ((row->roles != 0 && (row->roles & person->roles) == 0) ||
		    (row->peers & VAULT_PEER_DESK) == 0)
			assert_int_equal(kind, VAULT_FAILURE_DENIED);
		else if (strcmp(row->name, "USER_CHANGE") != 0)
			assert_int_not_equal(kind, VAULT_FAILURE_DENIED);
	}
	assert_int_equal(send_request(walk, row_of("SESSION_END"),
				      VAULT_PEER_DESK, token),
			 VAULT_FAILURE_NONE);
	assert_int_equal(
		send_request(walk, row_of("WHOAMI"), VAULT_PEER_DESK, token),
		VAULT_FAILURE_DENIED);
}

static void
a_person_may_ask_what_their_role_allows(void **state)
{
	static struct new_session people[] = {
		{ .login = "r-sender", .roles = VAULT_ROLE_SENDER },
		{ .login = "r-approver", .roles = VAULT_ROLE_APPROVER },
		{ .login = "r-auditor", .roles = VAULT_ROLE_AUDITOR },
		{ .login = "r-admin",
		  .roles = VAULT_ROLE_ADMIN,
		  .has_factor = true,
		  .proved = true },
		{ .login = "r-handler",
		  .roles = VAULT_ROLE_HANDLER,
		  .has_factor = true,
		  .proved = true },
	};
	struct walk *walk = *state;

	for (size_t j = 0; j < ARRAY_LEN(people); j++) {
		sign_in(walk, &people[j]);
		walk_rows(walk, &people[j]);
	}
}

/* Only the named requests are not refused to this session. */
static void
walk_only(struct walk *walk, const struct new_session *person,
	  const char *const *allowed, const char *const *skipped)
{
	const struct request_words words = {
		.token = { person->token, VAULT_TOKEN_BYTES },
	};
	const struct request_row *row = NULL;

	for (size_t i = 0; (row = dispatch_row(i)) != NULL; i++) {
		enum vault_failure_kind kind = VAULT_FAILURE_NONE;

		if (!row->for_person || is_one_of(row->name, skipped))
			continue;
		kind = send_words(walk, row, VAULT_PEER_DESK, &words);
		if (is_one_of(row->name, allowed))
			assert_int_not_equal(kind, VAULT_FAILURE_DENIED);
		else
			assert_int_equal(kind, VAULT_FAILURE_DENIED);
	}
	assert_int_equal(send_request(walk, row_of("LOGOUT"), VAULT_PEER_DESK,
				      words.token),
			 VAULT_FAILURE_NONE);
}

static void
without_the_second_factor_nothing_but_it_can_be_asked(void **state)
{
	/* SECOND_FACTOR is refused for a missing code, which is no right. */
	static const char *const code_skipped[] = { "LOGOUT", "SECOND_FACTOR",
						    NULL };
	static const char *const enrol_skipped[] = { "LOGOUT", NULL };
	static const char *const code_allowed[] = { "WHOAMI", NULL };
	static const char *const enrol_allowed[] = { "WHOAMI", "SECOND_FACTOR",
						     NULL };
	struct new_session code = { .login = "r-code",
				    .roles = VAULT_ROLE_ALL,
				    .has_factor = true };
	struct new_session enrol = { .login = "r-enrol",
				     .roles = VAULT_ROLE_ALL };
	struct walk *walk = *state;

	sign_in(walk, &code);
	walk_only(walk, &code, code_allowed, code_skipped);
	sign_in(walk, &enrol);
	walk_only(walk, &enrol, enrol_allowed, enrol_skipped);
}

static void
a_guest_has_one_case_and_nothing_else(void **state)
{
	static const char *const allowed[] = {
		"WHOAMI",   "LIST",      "SHOW",        "COMMENT",     "UNLOCK",
		"LINK_ASK", "LINK_LIST", "LINK_CHANGE", "LINK_RECORD", NULL
	};
	static const char *const skipped[] = { "LOGOUT", NULL };
	struct new_session guest = { .login = "" };
	struct walk *walk = *state;
	struct request_words words = { .decision = CASE_DECISION_CANCEL };

	memcpy(guest.case_id, walk->case_id, CASE_ID_BYTES);
	sign_in(walk, &guest);
	words.token = (struct span){ guest.token, VAULT_TOKEN_BYTES };
	/* Another case is none. */
	assert_int_equal(
		send_words(walk, row_of("SHOW"), VAULT_PEER_DESK, &words),
		VAULT_FAILURE_NOT_FOUND);
	assert_int_equal(
		send_words(walk, row_of("COMMENT"), VAULT_PEER_DESK, &words),
		VAULT_FAILURE_NOT_FOUND);
	assert_int_equal(
		send_words(walk, row_of("DECIDE"), VAULT_PEER_DESK, &words),
		VAULT_FAILURE_NOT_FOUND);
	memcpy(words.case_id, walk->case_id, CASE_ID_BYTES);
	assert_int_equal(
		send_words(walk, row_of("SHOW"), VAULT_PEER_DESK, &words),
		VAULT_FAILURE_NONE);
	/* Its sender may cancel it, and decide nothing else about it: here
	 * the version is not what was seen. */
	assert_int_equal(
		send_words(walk, row_of("DECIDE"), VAULT_PEER_DESK, &words),
		VAULT_FAILURE_CONFLICT);
	words.decision = CASE_DECISION_CONFIRM;
	assert_int_equal(
		send_words(walk, row_of("DECIDE"), VAULT_PEER_DESK, &words),
		VAULT_FAILURE_DENIED);
	walk_only(walk, &guest, allowed, skipped);
}

static void
an_unknown_request_is_invalid(void **state)
{
	struct walk *walk = *state;
	struct request_row row = *dispatch_row(0);
	struct wire_table table = *row.request_table;

	table.type = 0x7ff0;
	row.request_table = &table;
	row.for_person = false;
	assert_int_equal(send_request(walk, &row, VAULT_PEER_CLI,
				      (struct span){ NULL, 0 }),
			 VAULT_FAILURE_INVALID);
}

static enum status
fail_on_purpose(struct vault *vault, void *context, struct err *err)
{
	const struct vault_deed deed = { .actor = "x",
					 .via = "vault",
					 .event = "half" };
	enum status st = vault_audit(vault, &deed, err);

	(void)context;
	return st == ST_OK ? err_set(err, ST_FORMAT, "on purpose") : st;
}

static enum status
count_rows(struct vault *vault, void *context, struct err *err)
{
	struct store_counts counts = { .audit_rows = 0 };
	const enum status st = store_count(vault->store, &counts, err);

	*(uint64_t *)context = counts.audit_rows;
	return st;
}

/* What is freed is filled, so that an answer from there is no text. */
static void
whoever_was_idle_is_told_who_they_are(void **state)
{
	struct walk *walk = *state;

	(void)mallopt(M_PERTURB, 0x5a);
	for (int i = 0; i < 20; i++) {
		char login[40];
		struct new_session idle = { .login = login,
					    .roles = VAULT_ROLE_SENDER,
					    .idle = true };

		(void)snprintf(login, sizeof(login), "somebody-who-rests-%d",
			       i);
		sign_in(walk, &idle);
		assert_int_equal(
			send_request(
				walk, row_of("WHOAMI"), VAULT_PEER_DESK,
				(struct span){ idle.token, VAULT_TOKEN_BYTES }),
			VAULT_FAILURE_NONE);
	}
	(void)mallopt(M_PERTURB, 0);
}

static void
what_fails_leaves_nothing_behind(void **state)
{
	struct walk *walk = *state;
	uint64_t before = 0;
	uint64_t after = 0;
	struct err err = { .st = ST_OK };

	check_status(ST_OK,
		     writer_run(walk->writer, WRITER_PRIORITY_NORMAL,
				count_rows, &before, &err),
		     &err);
	check_status(ST_FORMAT,
		     writer_run(walk->writer, WRITER_PRIORITY_HOLD,
				fail_on_purpose, NULL, &err),
		     &err);
	assert_string_equal(err.text, "on purpose");
	check_status(ST_OK,
		     writer_run(walk->writer, WRITER_PRIORITY_NORMAL,
				count_rows, &after, &err),
		     &err);
	assert_int_equal(before, after);
}

#define test(name) \
	cmocka_unit_test_setup_teardown(name, walk_setup, walk_teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		test(a_program_may_ask_what_its_row_says),
		test(a_person_may_ask_what_their_role_allows),
		test(without_the_second_factor_nothing_but_it_can_be_asked),
		test(a_guest_has_one_case_and_nothing_else),
		test(an_unknown_request_is_invalid),
		test(whoever_was_idle_is_told_who_they_are),
		test(what_fails_leaves_nothing_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
