#include "scanners/pdf/pdf_alarm.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

enum {
	ALARM_ROOM_BYTES = 1024,
	ALARM_EXIT = 3,
	MS_PER_S = 1000,
	US_PER_MS = 1000
};

/* Whole frames, ready to be written from a signal handler. */
struct alarm_words {
	size_t len_bytes;
	uint8_t bytes[ALARM_ROOM_BYTES];
};

static struct {
	const struct pdf_sink *sink; /* NULL: not armed */
	struct alarm_words cpu;
	struct alarm_words memory;
} alarm_state;

_Noreturn static void
alarm_say(const struct alarm_words *words)
{
	size_t at = 0;

	/* In the middle of a frame there is nothing more to be said. */
	while (alarm_state.sink != NULL && !alarm_state.sink->sending &&
	       at < words->len_bytes) {
		const ssize_t n =
			write(alarm_state.sink->channel.fd, words->bytes + at,
			      words->len_bytes - at);

		if (n <= 0)
			break;
		at += (size_t)n;
	}
	_exit(ALARM_EXIT);
}

static void
alarm_on_signal(int number)
{
	(void)number;
	alarm_say(&alarm_state.cpu);
}

/*
 * The libraries' abort() ends here: g_malloc(), poppler's own malloc and an
 * exception of C++ that nobody catches call it when memory is used up. The C
 * library's sends a signal, which the sandbox forbids.
 */
_Noreturn void
abort(void)
{
	if (errno == ENOMEM)
		alarm_say(&alarm_state.memory);
	_exit(ALARM_EXIT);
}

/* g_error() traps before it aborts. */
static void
alarm_on_trap(int number)
{
	(void)number;
	abort();
}

enum status
pdf_alarm_prepare(struct err *err)
{
	struct sigaction action = { .sa_handler = alarm_on_signal };
	struct sigaction trap = { .sa_handler = alarm_on_trap };

	(void)sigfillset(&action.sa_mask);
	if (sigaction(SIGPROF, &action, NULL) != 0 ||
	    sigaction(SIGTRAP, &trap, NULL) != 0)
		return err_set_errno(err, "worker: no alarm");
	return ST_OK;
}

static enum status
alarm_add(struct alarm_words *words, const struct wire_table *table,
	  const void *message, struct err *err)
{
	AUTO(sbuf_done) struct sbuf payload;
	uint8_t *to = words->bytes + words->len_bytes;

	sbuf_init(&payload,
		  ALARM_ROOM_BYTES - words->len_bytes - WIRE_HEADER_BYTES);
	const enum status st = wire_encode(table, message, &payload, err);

	if (st != ST_OK)
		return st;
	const size_t n = payload.len_bytes;
	const uint8_t head[WIRE_HEADER_BYTES] = {
		(uint8_t)(n >> 24),
		(uint8_t)(n >> 16),
		(uint8_t)(n >> 8),
		(uint8_t)n,
		(uint8_t)(table->type >> 8),
		(uint8_t)table->type,
		(uint8_t)(table->version >> 8),
		(uint8_t)table->version,
	};

	memcpy(to, head, sizeof(head));
	memcpy(to + sizeof(head), payload.bytes, n);
	words->len_bytes += sizeof(head) + n;
	return ST_OK;
}

/* A gap in the report, the time it took, and the end. */
static enum status
alarm_make(struct alarm_words *words, enum report_reason reason,
	   const char *detail, uint32_t used_ms, struct err *err)
{
	const struct remote_opaque opaque = { reason, detail };
	const struct remote_cpu cpu = { used_ms };
	const struct remote_end end = { .damaged = true, .why = detail };
	enum status st = ST_OK;

	words->len_bytes = 0;
	st = alarm_add(words, &remote_opaque_table, &opaque, err);
	if (st == ST_OK && used_ms > 0)
		st = alarm_add(words, &remote_cpu_table, &cpu, err);
	return st == ST_OK ? alarm_add(words, &remote_end_table, &end, err)
			   : st;
}

enum status
pdf_alarm_arm(struct pdf_sink *sink, struct err *err)
{
	const uint32_t cpu_ms = sink->order.cpu_ms > 0 ? sink->order.cpu_ms : 1;
	const struct itimerval timer = {
		.it_value = { (time_t)(cpu_ms / MS_PER_S),
			      (suseconds_t)(cpu_ms % MS_PER_S) * US_PER_MS },
	};
	enum status st = alarm_make(&alarm_state.memory, REPORT_REASON_LIMIT,
				    "pdf: limit memory", 0, err);

	if (st == ST_OK)
		st = alarm_make(&alarm_state.cpu, REPORT_REASON_TIMEOUT,
				"pdf: limit cpu", cpu_ms, err);
	if (st != ST_OK)
		return st;
	alarm_state.sink = sink;
	if (setitimer(ITIMER_PROF, &timer, NULL) != 0)
		return err_set_errno(err, "worker: no timer");
	return ST_OK;
}
