/*
 * portal.h - the portal: where recipients of secure links fetch their files.
 *
 * Layer:    quarantine-ui/portal; includes lib/, vault/client/, the http and
 *           html of quarantine-ui
 * Threads:  portal_handle() from the worker threads, portal_set_view() from
 *           any; counters are for any thread
 *
 * The portal keeps nothing about links: what a visit needs is in its cookie,
 * everything else is the vault's. In memory are counters, the tries of each
 * address, which bytes of which file have gone out (coverage.h), and what is
 * to be told to the vault (sent.h), what is being sent (watch.h).
 */
#ifndef QUARANTINE_UI_PORTAL_PORTAL_H
#define QUARANTINE_UI_PORTAL_PORTAL_H

#include "quarantine-ui/html/view.h"
#include "quarantine-ui/http/limiter.h"
#include "quarantine-ui/http/message.h"
#include "quarantine-ui/portal/coverage.h"
#include "quarantine-ui/portal/sent.h"
#include "quarantine-ui/portal/watch.h"
#include "vault/client/vault_client.h"

struct portal;

/* Templates and files of the portal, and the logo of its settings. */
extern const struct view_plan portal_plan;
MUST_CHECK enum status portal_complete_view(struct view *view, struct err *err);

enum portal_counter {
	PORTAL_COUNTER_NONE = 0,
	PORTAL_COUNTER_OPENED,    /* codes that opened a link */
	PORTAL_COUNTER_REFUSED,   /* codes that did not */
	PORTAL_COUNTER_TOO_FAST,  /* requests over portal.rate */
	PORTAL_COUNTER_BUSY,      /* passwords that found no place */
	PORTAL_COUNTER_TRANSFERS, /* files that began to go out */
	PORTAL_COUNTER_COMPLETE,  /* that went out as asked for */
	PORTAL_COUNTER_BYTES,     /* of them */
	PORTAL_COUNTER_END
};

/*
 * Takes:    *view, taken over when this succeeds; worker_count, each with a
 *           connection to the vault of its own; vault_socket, borrowed
 * Returns:  ST_OK, ST_NO_MEMORY, ST_IO
 */
MUST_CHECK enum status
portal_new(struct view **view, size_t worker_count, const char *vault_socket,
	   struct portal **portal_out, struct err *err);
/* Tells the vault first what it does not know yet. */
void portal_free(struct portal **portal);

void portal_set_view(struct portal *portal, struct view **view);
const struct view *portal_take_view(struct portal *portal);
void portal_release_view(struct portal *portal, const struct view *view);

struct limiter *portal_limiter(struct portal *portal);
struct coverage *portal_coverage(struct portal *portal);
struct sent_queue *portal_sent(struct portal *portal);
struct watch *portal_watch(struct portal *portal);
struct vault_client *portal_vault(struct portal *portal, size_t worker);

void
portal_count(struct portal *portal, enum portal_counter counter, uint64_t more);
uint64_t
portal_counted(const struct portal *portal, enum portal_counter counter);

/* Is there a place for one more password (64 MiB, a fifth of a second)? Then
 * give it back. */
bool portal_begin_password(struct portal *portal);
void portal_end_password(struct portal *portal);

/* Answer one request; fits http_server_options.handle. */
void
portal_handle(void *context, size_t worker, const struct http_request *request,
	      struct http_response *response);

#endif
