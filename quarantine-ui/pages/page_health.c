/* /healthz and /metrics: for machines, without a person. */
#include <inttypes.h>

#include "quarantine-ui/desk/route.h"

static enum status
health_ask(struct call *call, struct vault_status *status,
	   struct wire_arena **arena_out, struct err *err)
{
	const struct vault_empty request = { 0 };
	const struct vault_call ask = VAULT_CALL(STATUS, &request, status);

	return call_ask(call, &ask, arena_out, err);
}

static void
health_begin(struct call *call, unsigned status)
{
	http_response_reset(call->response, status);
	call->response->content_type = "text/plain; charset=utf-8";
}

/* 200 when held mail can be taken and released; nothing more is told. */
enum status
page_healthz(struct call *call, struct err *err)
{
	struct vault_status status = { .locked = true };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	const enum status st = health_ask(call, &status, &arena, err);
	const char *text = "ok\n";

	if (st != ST_OK)
		text = "vault not reachable\n";
	else if (status.locked)
		text = "vault locked\n";
	health_begin(call, st == ST_OK && !status.locked ? 200 : 503);
	sbuf_add_text(&call->response->body, text);
	return ST_OK;
}

static void
metrics_add(struct call *call, const char *name, const char *type,
	    const char *help, uint64_t value)
{
	sbuf_addf(&call->response->body,
		  "# HELP sekimori_%s %s\n# TYPE sekimori_%s %s\n"
		  "sekimori_%s %" PRIu64 "\n",
		  name, help, name, type, name, value);
}

static uint64_t
health_age_s(int64_t since_unix_ms)
{
	const int64_t now_unix_ms = clock_unix_ms();

	return since_unix_ms <= 0 || since_unix_ms > now_unix_ms
		       ? 0
		       : (uint64_t)(now_unix_ms - since_unix_ms) / 1000;
}

/* Counts only, and only for this host. */
enum status
page_metrics(struct call *call, struct err *err)
{
	struct vault_status status = { .locked = true };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	enum status st = ST_OK;

	if (!call->request->local)
		return err_set(err, ST_NOT_FOUND, "only from this host");
	st = health_ask(call, &status, &arena, err);
	health_begin(call, 200);
	call->response->content_type =
		"text/plain; version=0.0.4; charset=utf-8";
	metrics_add(call, "vault_up", "gauge", "The vault answers.",
		    st == ST_OK);
	if (st != ST_OK)
		return ST_OK;
#define GAUGE(member, help) \
	metrics_add(call, #member, "gauge", help, (uint64_t)status.member);
#define COUNTER(member, help) \
	metrics_add(call, #member "_total", "counter", help, status.member);
	GAUGE(locked, "1: the vault has no key; holds go on, releases wait.")
	GAUGE(cases_open, "Cases that are not ended.")
	GAUGE(cases_total, "Cases on record.")
	GAUGE(cases_unconfirmed, "Cases that the MTA may not know of.")
	GAUGE(jobs_waiting, "Jobs for the courier.")
	GAUGE(jobs_failing, "Jobs that failed and will be tried again.")
	GAUGE(store_bytes, "Bytes that the store uses.")
	GAUGE(free_bytes, "Bytes free on the store's file system.")
	GAUGE(audit_rows, "Rows of the audit log.")
	GAUGE(pairs, "Correspondents on record.")
	GAUGE(self_test_late, "1: a self-test mail was not held in time.")
	COUNTER(pairs_lost, "Correspondents not recorded.")
	COUNTER(holds_failed, "Holds refused; the mails got 4xx.")
#undef GAUGE
#undef COUNTER
	metrics_add(call, "self_test_held_seconds", "gauge",
		    "Age of the last self-test mail that was held; 0: none.",
		    health_age_s(status.self_test_held_unix_ms));
	metrics_add(call, "oldest_open_seconds", "gauge",
		    "Age of the oldest case that is not ended.",
		    health_age_s((int64_t)status.oldest_open_unix_ms));
	return ST_OK;
}
