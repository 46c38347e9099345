/* fake_answers.h - the inside of the fake vault. */
#ifndef TESTS_QUARANTINE_UI_FAKE_ANSWERS_H
#define TESTS_QUARANTINE_UI_FAKE_ANSWERS_H

#include <pthread.h>

#include "tests/quarantine-ui/fake_vault.h"

enum { FAKE_MAX_REPORT_BYTES = 1024 * 1024, FAKE_THREADS = 64 };

struct fake_visits;

struct fake_vault {
	pthread_mutex_t lock;
	int listen_fd;
	char path[108];
	pthread_t acceptor;
	pthread_t threads[FAKE_THREADS];
	int fds[FAKE_THREADS];
	size_t thread_count;
	bool stopping;
	struct fake_session sessions[FAKE_SESSIONS];
	struct fake_case cases[FAKE_CASES];
	char passwords[FAKE_USERS][100];
	enum vault_failure_kind failure;
	const char *failure_reason;
	bool locked, spoiled, hidden;
	unsigned delay_ms;
	char subject[1000];
	size_t counts[VAULT_TYPE_END];
	uint64_t audit_rows;
	enum session_stage stage;
	uint32_t roles; /* of taro; 0: as ever */
	bool factor;    /* approver1 has one */
	bool entry_used;
	bool self_test_late;
	char comment[200];
	char password[100]; /* of a file, the last one */
	bool keep;
	struct fake_visits *visits; /* fake_visits.h; NULL: none yet */
	char link_step[40];       /* the last LINK_CHANGE: "extend 7" */
	struct vault_locks locks; /* of case 3 */
	uint64_t revision;
	bool previews;   /* those that are being made are there now */
	unsigned reveal; /* fetches until the text of a reveal is there */
};

/* One request being answered. */
struct answer {
	struct fake_vault *vault;
	struct channel *channel;
	const struct frame *frame;
	struct err err;
};

void fake_answer(struct answer *answer);
void fake_fail(struct answer *answer, enum vault_failure_kind kind,
	       const char *reason);
void fake_send(struct answer *answer, const struct wire_table *table,
	       const void *message);
struct fake_session *
fake_find_session(struct fake_vault *vault, struct span token);
struct fake_session *
fake_need_session(struct answer *answer, struct span token);
/* A session for user, with tokens; NULL: there are too many. */
struct fake_session *fake_new_session(struct fake_vault *vault, size_t user);
void fake_show_session(const struct answer *answer,
		       const struct fake_session *session,
		       struct vault_session *out);
struct fake_case *
fake_find_case(struct answer *answer, const uint8_t id[CASE_ID_BYTES],
	       size_t *index_out);
bool fake_is_undecided(const struct fake_case *one);
void fake_fill_line(struct fake_vault *vault, size_t i, size_t user,
		    struct vault_case_line *line);

/* fake_show.c: what the page of a case asks. */
void fake_answer_show(struct answer *answer, const struct vault_show *request);
void
fake_answer_watch(struct answer *answer, const struct vault_watch *request);
void
fake_answer_reveal(struct answer *answer, const struct vault_reveal *request);
void fake_answer_reveal_fetch(struct answer *answer,
			      const struct vault_reveal_fetch *request);

/* fake_people.c: what pages about people ask. False: it is none of these. */
bool fake_answer_people(struct answer *answer, struct wire_arena **arena);
/* fake_visits.c: what the portal asks. */
bool fake_answer_visits(struct answer *answer, struct wire_arena **arena);
void fake_visits_free(struct fake_visits *visits);

/* fake_links.c: the same for secure links. */
bool fake_answer_links(struct answer *answer, struct wire_arena **arena);

/* Decode the frame as a request of symbol and answer it. */
#define ANSWER(symbol, struct_name, function)                               \
case VAULT_TYPE_##symbol: {                                                 \
	struct vault_##struct_name request;                                 \
	if (frame_decode(answer->frame, &vault_table_##symbol, &request,    \
			 arena, &answer->err) == ST_OK)                     \
		function(answer, &request);                                 \
	else                                                                \
		fake_fail(answer, VAULT_FAILURE_INVALID, answer->err.text); \
	break;                                                              \
}

#endif
