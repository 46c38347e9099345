/*
 * request.h - one request of a connection, from frame to answer.
 *
 * Layer:    vault/server
 * Threads:  the connection's
 *
 * dispatch.c looks the request up in vault_requests.def, checks the peer and
 * decodes it. A handler then calls request_read() or request_write(), which
 * find the person it is asked for and check the role before they let it near
 * the store: on the writer's connection inside the transaction, so that
 * rights count as they are at that instant.
 */
#ifndef VAULT_SERVER_REQUEST_H
#define VAULT_SERVER_REQUEST_H

#include <semaphore.h>

#include "lib/base/fd.h"
#include "vault/case/account.h"
#include "vault/case/factor.h"
#include "vault/server/readers.h"
#include "vault/server/writer.h"

/* What a connection serves its requests with. */
struct service {
	struct core *core;
	struct writer *writer;
	struct readers *readers;
	sem_t *logins; /* password checks at the same time */
};

union request_answer {
	struct vault_empty empty;
	struct vault_public_key public_key;
	struct vault_hold_answer hold;
	struct vault_redeem_answer redeem;
	struct vault_bounce_answer bounce;
	struct vault_related_answer related;
	struct vault_job job;
	struct vault_bind_ticket_answer bind_ticket;
	struct vault_timers_answer timers;
	struct vault_session session;
	struct vault_second_factor_answer second_factor;
	struct vault_session_list_answer session_list;
	struct vault_self_test_answer self_test;
	struct vault_reveal_answer reveal;
	struct vault_reveal_fetch_answer reveal_fetch;
	struct vault_watch_answer watch;
	struct vault_stats_answer stats;
	struct vault_list_answer list;
	struct vault_case show;
	struct vault_decide_answer decide;
	struct vault_user_list_answer users;
	struct vault_audit_list_answer audit_list;
	struct vault_audit_verify_answer audit_verify;
	struct vault_export_answer export;
	struct vault_status status;
	struct vault_groups_answer groups;
	struct vault_store_check_answer store_check;
	struct vault_link_view link_view;
	struct vault_link_fetch_answer link_fetch;
	struct vault_link_keep_answer link_keep;
	struct vault_link_list_answer link_list;
	struct vault_link_record link_record;
	struct vault_link_public link_public;
	struct vault_words_forgotten words_forgotten;
};

struct request {
	const struct service *service;
	const struct request_row *row;
	struct account_peer peer;
	const void *message; /* a struct of the row's request table */
	int fd;              /* that came along (borrowed), or FD_NONE */

	/* The person, once request_read() or request_write() has found it. */
	struct actor actor;
	bool has_actor;

	union request_answer answer;
	struct wire_arena *arena; /* behind the answer; may stay NULL */
	int fd_out;               /* goes along with the answer, or FD_NONE */
	/* Room behind answers that need no arena. */
	uint8_t token[VAULT_TOKEN_BYTES];
	uint8_t form_token[DIGEST_BYTES];
	struct factor_result factor;
	char text[400];
	char words[400];
	void *scratch; /* what a handler hands from one step to the next */
	/* The answer could not be sent: undo what counts on its arrival. */
	void (*unsent)(struct request *request);
};

typedef enum status (*request_work)(struct vault *vault,
				    struct request *request, struct err *err);

/* One row of vault_requests.def. */
struct request_row {
	const char *name;
	const struct wire_table *request_table;
	const struct wire_table *answer_table;
	unsigned peers;  /* enum vault_peer */
	unsigned roles;  /* enum vault_role; 0: any, or no person */
	bool for_person; /* the message starts with a struct vault_actor */
	enum status (*handle)(struct request *request, struct err *err);
};

/* On a READ connection, in one snapshot. */
MUST_CHECK enum status
request_read(struct request *request, request_work work, struct err *err);
/* On the writer's connection; returns when it is durable. */
MUST_CHECK enum status
request_write(struct request *request, enum writer_priority priority,
	      request_work work, struct err *err);

/* One handler per request: handle_HOLD(), … */
#define REQUEST(symbol, number, request_, answer_, peers, roles)        \
	MUST_CHECK enum status handle_##symbol(struct request *request, \
					       struct err *err);
#include "vault/client/vault_requests.def"
#undef REQUEST

#endif
