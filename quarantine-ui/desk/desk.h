/*
 * desk.h - the desk: one view, the vault, and the way from request to page.
 *
 * Layer:    quarantine-ui/desk; includes lib/, vault/client/, the desk's http
 *           and html
 * Threads:  desk_handle() from the worker threads, desk_set_view() from any
 *
 * The desk holds no state about people or cases: each page asks the vault
 * with the session token of the person it is for.
 */
#ifndef QUARANTINE_UI_DESK_DESK_H
#define QUARANTINE_UI_DESK_DESK_H

#include "quarantine-ui/html/view.h"
#include "quarantine-ui/http/limiter.h"
#include "quarantine-ui/http/message.h"
#include "vault/client/vault_client.h"

struct desk;

/* Templates and files of the desk. */
extern const struct view_plan desk_plan;

/*
 * Takes:    *view, taken over when this succeeds; worker_count, each with a
 *           connection to the vault of its own; vault_socket, borrowed
 * Returns:  ST_OK, ST_NO_MEMORY
 */
MUST_CHECK enum status
desk_new(struct view **view, size_t worker_count, const char *vault_socket,
	 struct desk **desk_out, struct err *err);
void desk_free(struct desk **desk);

/* Replace the view; requests in the making keep the old one. */
void desk_set_view(struct desk *desk, struct view **view);

/* The view in force, counted; give it back with desk_release_view(). */
const struct view *desk_take_view(struct desk *desk);
void desk_release_view(struct desk *desk, const struct view *view);

/* The vault's revision as last heard of (watcher.h); 0: not yet. */
void desk_set_revision(struct desk *desk, uint64_t revision);
uint64_t desk_revision(const struct desk *desk);

/* Is there room for one more request that waits for the vault? Then give it
 * back with desk_end_wait(). Some threads are always left for others. */
bool desk_may_wait(struct desk *desk);
void desk_end_wait(struct desk *desk);

struct limiter *desk_limiter(struct desk *desk);
struct vault_client *desk_vault(struct desk *desk, size_t worker);

/* Answer one request; fits http_server_options.handle, context is a desk. */
void
desk_handle(void *context, size_t worker, const struct http_request *request,
	    struct http_response *response);

#endif
