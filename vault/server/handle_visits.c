#include "vault/case/link_keep.h"
#include "vault/case/link_prove.h"
#include "vault/case/link_take.h"
#include "vault/server/request.h"

/*
 * What the portal asks for visitors. Whoever has no business here is refused
 * on a READ connection: guessing costs the writer nothing, and stands nowhere.
 * The writer looks again before it changes anything.
 */

static enum status
view(struct vault *vault, struct request *request,
     const struct link_visit *visit, struct err *err)
{
	return link_visit_view(vault, visit, &request->answer.link_view,
			       &request->arena, err);
}

static enum status
check_then_write(struct request *request, request_work check, request_work work,
		 struct err *err)
{
	const enum status st = request_read(request, check, err);

	return st == ST_OK ? request_write(request, WRITER_PRIORITY_NORMAL,
					   work, err)
			   : st;
}

/* --- open -------------------------------------------------------------- */

static enum status
check_proof(struct vault *vault, struct request *request, struct err *err)
{
	AUTO(link_visit_done) struct link_visit visit = { .token = { 0 } };

	return link_visit_prove(vault, request->message, &visit, err);
}

static enum status
do_open(struct vault *vault, struct request *request, struct err *err)
{
	AUTO(link_visit_done) struct link_visit visit = { .token = { 0 } };
	const enum status st =
		link_visit_open(vault, request->message, &visit, err);

	return st == ST_OK ? view(vault, request, &visit, err) : st;
}

enum status
handle_LINK_OPEN(struct request *request, struct err *err)
{
	return check_then_write(request, check_proof, do_open, err);
}

/* --- go on ------------------------------------------------------------- */

/* Requests about a visit begin with it. */
static enum status
find(struct vault *vault, struct request *request, struct link_visit *visit,
     struct err *err)
{
	_Static_assert(offsetof(struct vault_link_prove, visit) == 0 &&
			       offsetof(struct vault_link_take, visit) == 0,
		       "begin with the visit");
	return link_visit_find(vault, request->message, visit, err);
}

static enum status
check_claim(struct vault *vault, struct request *request, struct err *err)
{
	AUTO(link_visit_done) struct link_visit visit = { .token = { 0 } };

	return find(vault, request, &visit, err);
}

static enum status
do_look(struct vault *vault, struct request *request, struct err *err)
{
	AUTO(link_visit_done) struct link_visit visit = { .token = { 0 } };
	const enum status st = find(vault, request, &visit, err);

	return st == ST_OK ? view(vault, request, &visit, err) : st;
}

enum status
handle_LINK_LOOK(struct request *request, struct err *err)
{
	return request_read(request, do_look, err);
}

static enum status
do_leave(struct vault *vault, struct request *request, struct err *err)
{
	return link_visit_leave(vault, request->message, err);
}

enum status
handle_LINK_LEAVE(struct request *request, struct err *err)
{
	return check_then_write(request, check_claim, do_leave, err);
}

static enum status
do_code(struct vault *vault, struct request *request, struct err *err)
{
	AUTO(link_visit_done) struct link_visit visit = { .token = { 0 } };
	const enum status st =
		link_code_send(vault, request->message, &visit, err);

	return st == ST_OK ? view(vault, request, &visit, err) : st;
}

enum status
handle_LINK_CODE(struct request *request, struct err *err)
{
	return check_then_write(request, check_claim, do_code, err);
}

static enum status
do_prove(struct vault *vault, struct request *request, struct err *err)
{
	AUTO(link_visit_done) struct link_visit visit = { .token = { 0 } };
	bool frozen = false;
	const enum status st =
		link_prove(vault, request->message, &visit, &frozen, err);

	/* Who typed the last wrong one sees that no try is left; from then on
	 * there is no such link. */
	return st == ST_OK ? view(vault, request, &visit, err) : st;
}

enum status
handle_LINK_PROVE(struct request *request, struct err *err)
{
	return check_then_write(request, check_claim, do_prove, err);
}

/* --- take and fetch ---------------------------------------------------- */

static enum status
do_link_take(struct vault *vault, struct request *request, struct err *err)
{
	AUTO(link_visit_done) struct link_visit visit = { .token = { 0 } };
	const enum status st = link_take(vault, request->message, &visit, err);

	return st == ST_OK ? view(vault, request, &visit, err) : st;
}

enum status
handle_LINK_TAKE(struct request *request, struct err *err)
{
	return check_then_write(request, check_claim, do_link_take, err);
}

static enum status
do_fetch(struct vault *vault, struct request *request, struct err *err)
{
	return link_fetch(vault, request->message, &request->answer.link_fetch,
			  &request->arena, &request->fd_out, err);
}

enum status
handle_LINK_FETCH(struct request *request, struct err *err)
{
	return request_read(request, do_fetch, err);
}

static enum status
do_keep(struct vault *vault, struct request *request, struct err *err)
{
	return link_keep(vault, request->message,
			 &request->answer.link_keep.until_unix_ms, err);
}

static enum status
do_keep_takes(struct vault *vault, struct request *request, struct err *err)
{
	return link_keep_takes(vault, request->message,
			       &request->answer.link_keep.until_unix_ms, err);
}

enum status
handle_LINK_KEEP(struct request *request, struct err *err)
{
	const enum status st = request_read(request, do_keep, err);

	return st == ST_END ? request_write(request, WRITER_PRIORITY_NORMAL,
					    do_keep_takes, err)
			    : st;
}

static enum status
do_sent(struct vault *vault, struct request *request, struct err *err)
{
	return link_sent(vault, request->message, err);
}

enum status
handle_LINK_SENT(struct request *request, struct err *err)
{
	return request_write(request, WRITER_PRIORITY_NORMAL, do_sent, err);
}
