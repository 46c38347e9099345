#include "scanners/supervisor/client.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"

enum {
	CLIENT_REQUEST_BYTES = 4096,
	CLIENT_SEALS = F_SEAL_SHRINK | F_SEAL_WRITE
};

enum client_state {
	CLIENT_NONE = 0,
	CLIENT_LISTENING, /* for its next request */
	CLIENT_WAITING,   /* its mail is with a pool */
	CLIENT_ANSWERING  /* it has not taken all of its answer */
};

struct client {
	struct watch watch; /* first */
	struct client_host *host;
	struct client *next;
	enum client_state state;
	struct channel channel;
	struct step in_step;
	struct frame in;
	struct step out_step;
	struct frame out;
	struct job job;
	struct pool *pool;
	struct wire_arena *arena; /* behind the job's texts */
};

static void
client_free(struct watch *watch)
{
	struct client *client = (struct client *)watch;

	frame_done(&client->in);
	frame_done(&client->out);
	wire_arena_free(&client->arena);
	free(client);
}

static void
client_close(struct client *client)
{
	struct client_host *host = client->host;
	struct client **at = &host->clients;

	if (client->watch.buried)
		return;
	if (client->state == CLIENT_WAITING)
		pool_cancel(client->pool, &client->job);
	client->state = CLIENT_NONE;
	while (*at != NULL && *at != client)
		at = &(*at)->next;
	if (*at != NULL)
		*at = client->next;
	host->client_count--;
	loop_remove(host->loop, client->channel.fd);
	channel_close(&client->channel);
	loop_bury(host->loop, &client->watch);
	host->left(host);
}

/* Send what fits; the rest when the socket has room again. */
static void
client_push(struct client *client)
{
	struct err err = { .st = ST_OK };
	bool whole = false;
	const bool was_waiting = client->out_step.at > 0;
	enum status st = step_send(&client->channel, &client->out_step,
				   &client->out, &whole, &err);

	if (st == ST_OK && whole) {
		frame_done(&client->out);
		client->state = CLIENT_LISTENING;
		if (was_waiting)
			st = loop_change(client->host->loop, client->channel.fd,
					 EPOLLIN, &client->watch, &err);
	} else if (st == ST_OK && !was_waiting) {
		st = loop_change(client->host->loop, client->channel.fd,
				 EPOLLIN | EPOLLOUT, &client->watch, &err);
	}
	if (st != ST_OK)
		client_close(client);
}

/* The request is dealt with: its mail and texts are not needed any more. */
static void
client_end_job(struct client *client)
{
	frame_done(&client->in);
	wire_arena_free(&client->arena);
	client->state = CLIENT_ANSWERING;
}

static void
client_answer(struct job *job, struct frame *report)
{
	struct client *client = job->owner;

	client_end_job(client);
	client->out = *report;
	frame_init(report);
	client_push(client);
}

static void
client_refuse(struct client *client, const char *reason)
{
	const struct scan_failure failure = { reason };
	struct err err = { .st = ST_OK };

	client_end_job(client);
	frame_done(&client->out);
	client->out.type = scan_failure_table.type;
	client->out.version = scan_failure_table.version;
	if (wire_encode(&scan_failure_table, &failure, &client->out.payload,
			&err) != ST_OK) {
		client_close(client);
		return;
	}
	client_push(client);
}

static void
client_fail(struct job *job, const char *reason)
{
	struct client *client = job->owner;

	client_refuse(client, reason);
}

/* A worker maps it: nobody may change or cut it meanwhile. */
static const char *
client_check_mail(const struct client *client, int fd, bool *too_large_out)
{
	const int seals = fcntl(fd, F_GET_SEALS);
	uint64_t size_bytes = 0;
	struct err err;

	if (seals < 0 || (seals & CLIENT_SEALS) != CLIENT_SEALS)
		return "the mail is not in a sealed memory file";
	if (fd_size(fd, &size_bytes, &err) != ST_OK)
		return "the mail has no size";
	*too_large_out = size_bytes > client->host->max_input_bytes;
	return NULL;
}

static void
client_submit(struct client *client)
{
	struct job *job = &client->job;
	struct err err = { .st = ST_OK };
	struct log_line line;

	job->fd = client->in.fds[0];
	job->files_fd = client->in.fds[1];
	job->deadline_mono_ms = job->accepted_mono_ms +
				(job->request.deadline_ms > 0
					 ? (int64_t)job->request.deadline_ms
					 : client->host->longest_ms);
	client->state = CLIENT_WAITING;
	client->pool = client->host->pool(client->host, job->request.priority);
	if (pool_submit(client->pool, job, &err) == ST_OK)
		return;
	log_begin(&line, LOG_LEVEL_WARNING, "scanner-busy");
	log_text(&line, "pool", client->pool->settings.name);
	log_error(&line, &err);
	log_send(&line);
	client_refuse(client, err.text);
}

/* Why it is not served, NULL when it is. */
static const char *
client_check_request(const struct client *client)
{
	const struct scan_request *request = &client->job.request;

	if (request->rewrite != REWRITE_NONE &&
	    client->in.fd_count != SCAN_REWRITE_FDS)
		return "to be rewritten, a mail comes with room for its files";
	if (request->rewrite == REWRITE_NONE &&
	    client->in.fd_count != SCAN_MAIL_FDS)
		return "a request has one descriptor, the mail";
	if (request->rewrite != REWRITE_NONE &&
	    (request->preview || request->reveal ||
	     request->input != SCAN_INPUT_MAIL))
		return "only mail is rewritten, and nothing else done with it";
	if ((request->search_ms > 0 || request->mail_bytes > 0) &&
	    request->priority != SCAN_PRIORITY_BACKGROUND)
		return "only held mail is searched for so long";
	if (request->mail_bytes > 0 && request->rewrite != REWRITE_NONE)
		return "a mail is rewritten alone";
	return client->host->refusal(client->host);
}

static void
client_take_request(struct client *client)
{
	struct job *job = &client->job;
	const char *refusal = NULL;
	bool too_large = false;
	struct err err = { .st = ST_OK };

	*job = (struct job){ .owner = client,
			     .answer = client_answer,
			     .fail = client_fail,
			     .accepted_mono_ms = clock_mono_ms() };
	if (frame_decode(&client->in, &scan_request_table, &job->request,
			 &client->arena, &err) != ST_OK) {
		log_event(LOG_LEVEL_ERROR, "client-closed", &err);
		client_close(client);
		return;
	}
	refusal = client_check_request(client);
	if (refusal == NULL)
		refusal = client_check_mail(client, client->in.fds[0],
					    &too_large);
	if (refusal != NULL)
		client_refuse(client, refusal);
	else if (too_large)
		job_answer_unscannable(job, REPORT_REASON_LIMIT,
				       "limit milter.max_message");
	else
		client_submit(client);
}

/* Readable while its mail is being scanned: gone, or out of turn. */
static void
client_hear_early(struct client *client)
{
	uint8_t byte = 0;
	const ssize_t n =
		recv(client->channel.fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0)
		log_event(LOG_LEVEL_ERROR, "client-out-of-turn", NULL);
	client_close(client);
}

static void
client_ready(struct watch *watch, uint32_t events)
{
	struct client *client = (struct client *)watch;
	struct err err = { .st = ST_OK };
	bool whole = false;

	if ((events & EPOLLOUT) != 0 && client->state == CLIENT_ANSWERING) {
		client_push(client);
		return;
	}
	if (client->state != CLIENT_LISTENING) {
		client_hear_early(client);
		return;
	}
	if (step_receive(&client->channel, &client->in_step, &client->in,
			 CLIENT_REQUEST_BYTES, &whole, &err) != ST_OK)
		client_close(client);
	else if (whole)
		client_take_request(client);
}

enum status
client_open(struct client_host *host, int fd, struct err *err)
{
	struct client *client = calloc(1, sizeof(*client));
	enum status st = ST_OK;

	if (client == NULL)
		return err_set(err, ST_NO_MEMORY, "client: no memory");
	client->watch.ready = client_ready;
	client->watch.free = client_free;
	client->host = host;
	client->state = CLIENT_LISTENING;
	frame_init(&client->in);
	frame_init(&client->out);
	st = channel_open(fd, &client->channel, err);
	if (st == ST_OK)
		st = loop_add(host->loop, fd, EPOLLIN, &client->watch, err);
	if (st != ST_OK) {
		free(client);
		return st;
	}
	client->next = host->clients;
	host->clients = client;
	host->client_count++;
	return ST_OK;
}

size_t
client_count_busy(const struct client_host *host)
{
	size_t busy = 0;

	for (const struct client *client = host->clients; client != NULL;
	     client = client->next) {
		if (client->state != CLIENT_LISTENING)
			busy++;
	}
	return busy;
}

void
client_close_idle(struct client_host *host)
{
	struct client *next = NULL;

	for (struct client *client = host->clients; client != NULL;
	     client = next) {
		next = client->next;
		if (client->state == CLIENT_LISTENING &&
		    client->in_step.at == 0)
			client_close(client);
	}
}

void
client_close_all(struct client_host *host)
{
	while (host->clients != NULL)
		client_close(host->clients);
}
