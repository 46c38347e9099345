#include "scanners/client/scan_client.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "scanners/client/scan_client_internal.h"

enum {
	SCAN_NAME_BYTES = 1000,
	SCAN_REASON_BYTES = 1000,
	/* Over the request's deadline: the supervisor's kill and its report. */
	SCAN_MARGIN_MS = 2000,
	/* No deadline asked for: twice the largest hard_stop, and the queue. */
	SCAN_LONGEST_MS = 40 * 60 * 1000,
	SCAN_SEND_MS = 10 * 1000
};

static const struct wire_field word_fields[] = {
	WIRE_UTF8_F(struct scan_word, text, 1, REPORT_SECRET_BYTES),
	WIRE_ENUM_F(struct scan_word, source, 1, REPORT_WORD_SOURCE_END - 1),
};
WIRE_TABLE(scan_word_table, 0, 1, scan_word, word_fields);

static const struct wire_field request_fields[] = {
	WIRE_ENUM_F(struct scan_request, input, SCAN_INPUT_MAIL,
		    SCAN_INPUT_GUESS),
	WIRE_ENUM_F(struct scan_request, priority, SCAN_PRIORITY_MAIL,
		    SCAN_PRIORITY_BACKGROUND),
	WIRE_BOOL_F(struct scan_request, reveal),
	WIRE_BOOL_F(struct scan_request, preview),
	WIRE_UTF8_F(struct scan_request, name, 0, SCAN_NAME_BYTES),
	WIRE_ENUM_F(struct scan_request, profile, REPORT_PROFILE_STANDARD,
		    REPORT_PROFILE_END - 1),
	WIRE_U32_F(struct scan_request, deadline_ms, 0, UINT32_MAX),
	WIRE_LIST_F(struct scan_request, words, word_count, 0, SCAN_MAX_WORDS,
		    scan_word_table),
	WIRE_U64_F(struct scan_request, search_from, 0, UINT64_MAX),
	WIRE_U32_F(struct scan_request, search_ms, 0, UINT32_MAX),
	WIRE_U64_F(struct scan_request, mail_bytes, 0, UINT64_MAX),
	WIRE_ENUM_F(struct scan_request, rewrite, 0, REWRITE_END - 1),
	WIRE_ENUM_F(struct scan_request, rewrite_names, 0,
		    REWRITE_NAMES_NEUTRAL),
	WIRE_ENUM_F(struct scan_request, rewrite_pictures, 0,
		    REWRITE_PICTURES_END - 1),
	WIRE_U64_F(struct scan_request, rewrite_logo_bytes, 0, UINT64_MAX),
};
WIRE_TABLE(scan_request_table, SCAN_REQUEST_TYPE, 5, scan_request,
	   request_fields);

static const struct wire_field failure_fields[] = {
	WIRE_UTF8_F(struct scan_failure, reason, 0, SCAN_REASON_BYTES),
};
WIRE_TABLE(scan_failure_table, SCAN_FAILURE_TYPE, 1, scan_failure,
	   failure_fields);

void
scan_reply_free(struct scan_reply **reply)
{
	if (*reply == NULL)
		return;
	report_forget_numbers(&(*reply)->report);
	report_forget_words(&(*reply)->report);
	wire_arena_free(&(*reply)->arena);
	free(*reply);
	*reply = NULL;
}

void
scan_preview_free(struct scan_preview **preview)
{
	if (*preview == NULL)
		return;
	wire_arena_free(&(*preview)->arena);
	sbuf_done(&(*preview)->payload);
	free(*preview);
	*preview = NULL;
}

static enum status
link_connect(struct scan_client *client, struct err *err)
{
	return channel_connect(client->socket_path, &client->channel, err);
}

static void
link_disconnect(struct scan_client *client)
{
	channel_close(&client->channel);
}

static const struct scan_link socket_link = { link_connect, link_disconnect };

enum status
scan_client_alloc(const struct scan_link *link, struct scan_client **client_out,
		  struct err *err)
{
	struct scan_client *client = calloc(1, sizeof(*client));

	if (client == NULL)
		return err_set(err, ST_NO_MEMORY, "scan: no memory");
	client->link = link;
	client->channel.fd = FD_NONE;
	*client_out = client;
	return ST_OK;
}

enum status
scan_client_new(const char *socket_path, struct scan_client **client_out,
		struct err *err)
{
	const enum status st = scan_client_alloc(&socket_link, client_out, err);

	if (st == ST_OK)
		(*client_out)->socket_path = socket_path;
	return st;
}

void
scan_client_free(struct scan_client **client)
{
	if (*client == NULL)
		return;
	(*client)->link->close(*client);
	free((*client)->scanner_path);
	free((*client)->config_path);
	free(*client);
	*client = NULL;
}

/*
 * How one exchange ended. BROKEN means that the connection died without an
 * answer, which is what a restarted scanner looks like: worth a second try.
 */
enum exchange {
	EXCHANGE_NONE = 0,
	EXCHANGE_DONE,
	EXCHANGE_FAILED,
	EXCHANGE_BROKEN
};

/* Wait for the first byte of the answer, ticking meanwhile. */
static enum status
scan_wait_answer(struct scan_client *client, const struct scan_wait *wait,
		 int64_t deadline_mono_ms, struct err *err)
{
	for (;;) {
		int64_t until_mono_ms = deadline_mono_ms;
		enum status st = ST_OK;

		if (wait != NULL) {
			const int64_t tick_mono_ms =
				clock_mono_ms() + wait->interval_ms;

			if (tick_mono_ms < until_mono_ms)
				until_mono_ms = tick_mono_ms;
		}
		st = channel_wait(&client->channel, until_mono_ms, err);
		if (st != ST_LIMIT || clock_left_ms(deadline_mono_ms) == 0)
			return st;
		if (wait == NULL)
			continue;
		st = wait->tick(wait->context, err);
		if (st != ST_OK)
			return st;
	}
}

/* What the receiver must not find in a report that did not ask for it. */
static enum status
scan_check_unrevealed(const struct scan_report *report, struct err *err)
{
	for (size_t i = 0; i < report->finding_count; i++) {
		if (report->findings[i].number[0] != '\0')
			return err_set(err, ST_FORMAT,
				       "scan: the report reveals numbers");
	}
	return ST_OK;
}

enum status
scan_answer_odd(const struct err *cause, struct err *err)
{
	return err_set(err,
		       cause->st == ST_NO_MEMORY ? ST_NO_MEMORY : ST_FORMAT,
		       "%s", cause->text);
}

static enum status
scan_take_report(const struct scan_request *request, const struct frame *frame,
		 struct scan_reply **reply_out, struct err *err)
{
	AUTO(scan_reply_free) struct scan_reply *reply = NULL;
	struct err cause = { .st = ST_OK };
	enum status st = ST_OK;

	reply = calloc(1, sizeof(*reply));
	if (reply == NULL)
		return err_set(err, ST_NO_MEMORY, "scan: no memory");
	st = frame_decode(frame, &report_table, &reply->report, &reply->arena,
			  &cause);
	if (st != ST_OK) {
		/* What a failed decoding leaves behind is not a report. */
		reply->report = (struct scan_report){ .findings = NULL };
		return scan_answer_odd(&cause, err);
	}
	st = report_check(&reply->report, err);
	if (st == ST_OK && reply->report.profile != request->profile)
		st = err_set(err, ST_FORMAT,
			     "scan: the report is of the profile %s",
			     report_profile_name(reply->report.profile));
	if (st == ST_OK && !request->reveal)
		st = scan_check_unrevealed(&reply->report, err);
	if (st == ST_OK)
		*reply_out = MOVE(reply);
	return st;
}

static enum status
scan_take_failure(const struct frame *frame, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct scan_failure failure = { NULL };
	struct err cause = { .st = ST_OK };
	const enum status st = frame_decode(frame, &scan_failure_table,
					    &failure, &arena, &cause);

	if (st != ST_OK)
		return scan_answer_odd(&cause, err);
	return err_set(err, ST_IO, "scanner: %s", failure.reason);
}

static enum exchange
scan_receive(struct scan_client *client, struct frame *frame,
	     int64_t deadline_mono_ms, enum status *st_out, struct err *err)
{
	*st_out =
		channel_receive(&client->channel, frame, deadline_mono_ms, err);
	switch (*st_out) {
	case ST_OK:
		return EXCHANGE_DONE;
	case ST_LIMIT:
		/* Too late, or more bytes than any report has? */
		if (clock_left_ms(deadline_mono_ms) > 0)
			*st_out = err_set(err, ST_FORMAT,
					  "scan: answer too large");
		return EXCHANGE_FAILED;
	case ST_NO_MEMORY:
		return EXCHANGE_FAILED;
	case ST_END:
	case ST_FORMAT:
	case ST_IO:
	case ST_UNSUPPORTED:
	case ST_NOT_FOUND:
	case ST_DENIED:
	case ST_COUNT:
	default:
		*st_out = err_set(err, ST_IO,
				  "scan: the scanner closed the connection");
		return EXCHANGE_BROKEN;
	}
}

/* Send the request and get one frame back. */
static enum exchange
scan_exchange_once(struct scan_client *client, struct scan_exchange *exchange,
		   enum status *st_out, struct err *err)
{
	int64_t send_mono_ms = clock_mono_ms() + SCAN_SEND_MS;
	enum status st = ST_OK;

	if (send_mono_ms > exchange->deadline_mono_ms)
		send_mono_ms = exchange->deadline_mono_ms;
	st = channel_send(&client->channel, &scan_request_table,
			  exchange->request, exchange->fds, exchange->fd_count,
			  send_mono_ms, err);
	*st_out = st;
	if (st == ST_IO)
		return EXCHANGE_BROKEN;
	if (st != ST_OK)
		return EXCHANGE_FAILED;
	st = scan_wait_answer(client, exchange->wait,
			      exchange->deadline_mono_ms, err);
	*st_out = st;
	if (st != ST_OK)
		return EXCHANGE_FAILED;
	return scan_receive(client, &exchange->answer,
			    exchange->deadline_mono_ms, st_out, err);
}

static enum status
scan_connect(struct scan_client *client, struct err *err)
{
	struct err cause = { .st = ST_OK };
	const enum status st = client->link->open(client, &cause);

	if (st == ST_OK)
		return ST_OK;
	return err_set(err, st == ST_NO_MEMORY ? ST_NO_MEMORY : ST_IO, "%s",
		       cause.text);
}

/* On whatever connection there is, and once more on a fresh one. */
static enum status
scan_exchange(struct scan_client *client, struct scan_exchange *exchange,
	      struct err *err)
{
	enum exchange how = EXCHANGE_BROKEN;
	enum status st = ST_OK;

	for (int attempt = 0; attempt < 2 && how == EXCHANGE_BROKEN;
	     attempt++) {
		st = ST_OK;
		if (client->channel.fd == FD_NONE)
			st = scan_connect(client, err);
		if (st != ST_OK)
			return st;
		how = scan_exchange_once(client, exchange, &st, err);
		/* After anything but a whole answer the next one on this
		 * connection could belong to this request. */
		if (how != EXCHANGE_DONE)
			client->link->close(client);
	}
	return st;
}

enum status
scan_take_reason(const struct scan_request *request, const struct frame *frame,
		 const char *wanted, struct err *err)
{
	AUTO(scan_reply_free) struct scan_reply *reply = NULL;
	const enum status st = scan_take_report(request, frame, &reply, err);

	if (st != ST_OK)
		return st;
	if (reply == NULL || reply->report.opaque_count == 0)
		return err_set(err, ST_FORMAT,
			       "scan: a report in place of a %s", wanted);
	const struct report_opaque *why = &reply->report.opaques[0];

	return err_set(err, ST_UNSUPPORTED, "scan: no %s: %s, %s", wanted,
		       report_reason_name(why->reason), why->detail);
}

static enum status
scan_take_preview(const struct scan_request *request, struct frame *frame,
		  struct scan_preview **preview_out, struct err *err)
{
	AUTO(scan_preview_free)
	struct scan_preview *preview = calloc(1, sizeof(*preview));
	struct err cause = { .st = ST_OK };

	if (preview == NULL)
		return err_set(err, ST_NO_MEMORY, "scan: no memory");
	const enum status st =
		frame_decode(frame, &preview_table, &preview->preview,
			     &preview->arena, &cause);

	if (st != ST_OK)
		return scan_answer_odd(&cause, err);
	if (preview->preview.revealed != request->reveal)
		return err_set(err, ST_FORMAT,
			       "scan: the preview is not as it was asked for");
	/* The bytes that were checked, for who hands them on. */
	preview->payload = frame->payload;
	sbuf_init(&frame->payload, 0);
	*preview_out = MOVE(preview);
	return ST_OK;
}

enum status
scan_ask(struct scan_client *client, struct scan_exchange *exchange,
	 struct err *err)
{
	const struct scan_request *request = exchange->request;
	const int64_t longest_ms =
		request->deadline_ms == 0
			? SCAN_LONGEST_MS
			: (int64_t)request->deadline_ms + SCAN_MARGIN_MS;

	exchange->deadline_mono_ms = clock_mono_ms() + longest_ms;
	frame_init(&exchange->answer);
	const enum status st = scan_exchange(client, exchange, err);

	if (st == ST_OK && exchange->answer.type == SCAN_FAILURE_TYPE)
		return scan_take_failure(&exchange->answer, err);
	return st;
}

enum status
scan_client_scan(struct scan_client *client, const struct scan_request *request,
		 int fd, const struct scan_wait *wait,
		 struct scan_reply **reply_out, struct err *err)
{
	struct scan_exchange exchange = { .request = request,
					  .fds = { fd },
					  .fd_count = SCAN_MAIL_FDS,
					  .wait = wait };
	enum status st = scan_ask(client, &exchange, err);

	if (st == ST_OK)
		st = scan_take_report(request, &exchange.answer, reply_out,
				      err);
	frame_done(&exchange.answer);
	return st;
}

enum status
scan_client_preview(struct scan_client *client,
		    const struct scan_request *request, int fd,
		    const struct scan_wait *wait,
		    struct scan_preview **preview_out, struct err *err)
{
	struct scan_request wanted = *request;
	struct scan_exchange exchange = { .request = &wanted,
					  .fds = { fd },
					  .fd_count = SCAN_MAIL_FDS,
					  .wait = wait };

	wanted.preview = true;
	wanted.rewrite = REWRITE_NONE;
	enum status st = scan_ask(client, &exchange, err);

	if (st == ST_OK && exchange.answer.type == report_table.type)
		st = scan_take_reason(&wanted, &exchange.answer, "preview",
				      err);
	else if (st == ST_OK)
		st = scan_take_preview(&wanted, &exchange.answer, preview_out,
				       err);
	frame_done(&exchange.answer);
	return st;
}
