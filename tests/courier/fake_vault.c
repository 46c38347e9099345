#include "tests/courier/fake_vault.h"

#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/parse.h"
#include "lib/wire/channel.h"
#include "tests/harness/check.h"

enum { FAKE_CONNECTIONS = 4, FAKE_WAIT_MS = 10000, FAKE_POLL_MS = 20 };

struct fake_vault {
	pthread_mutex_t lock;
	pthread_t thread;
	int listen_fd;
	bool stop;
	struct channel channels[FAKE_CONNECTIONS];
	bool used[FAKE_CONNECTIONS];
	const struct vault_job *job;
	int mail_fd;
	struct fake_done done[FAKE_MAX_DONE];
	size_t done_count;
	struct fake_seal seals[FAKE_MAX_SEALS];
	size_t seal_count;
	enum vault_failure_kind fail_seal;
	uint8_t digest[CASE_DIGEST_BYTES];
	bool refuse_tickets;
	unsigned drop_done;
	unsigned fresh;
	unsigned takes;
	unsigned quick;
	unsigned binds;
	unsigned timers;
	struct fake_self_test self_test;
	bool lose_take; /* close instead of answering the next TAKE_JOB */
};

static enum status
fake_send(struct channel *channel, const struct wire_table *table,
	  const void *message, int fd)
{
	struct err err = { 0 };

	return channel_send(channel, table, message, &fd, fd == FD_NONE ? 0 : 1,
			    clock_mono_ms() + FAKE_WAIT_MS, &err);
}

static enum status
fake_take_job(struct fake_vault *vault, struct channel *channel,
	      const struct vault_take_job *request)
{
	struct vault_job none = { .kind = JOB_KIND_RELEASE,
				  .event = NOTICE_HELD,
				  .audience = NOTICE_AUDIENCE_SENDER };
	const struct vault_job *job = vault->job;
	AUTO(fd_close) int fd = FD_NONE;

	vault->takes++;
	vault->fresh += request->fresh;
	vault->quick += request->quick;
	if (vault->lose_take) {
		vault->lose_take = false;
		return ST_IO;
	}
	if (job == NULL)
		return fake_send(channel, &vault_table_TAKE_JOB_answer, &none,
				 FD_NONE);
	fd = FD_MOVE(vault->mail_fd);
	vault->job = NULL;
	return fake_send(channel, &vault_table_TAKE_JOB_answer, job, fd);
}

static enum status
fake_bind_ticket(struct fake_vault *vault, struct channel *channel,
		 const struct vault_bind_ticket *request)
{
	static const struct vault_failure refusal = { VAULT_FAILURE_DENIED,
						      "no ticket" };
	uint8_t ticket[VAULT_TOKEN_BYTES];
	const struct vault_bind_ticket_answer answer = {
		.ticket = { ticket, sizeof(ticket) }
	};

	vault->binds++;
	memset(ticket, 1, sizeof(ticket));
	memcpy(vault->digest, request->content_digest, sizeof(vault->digest));
	if (vault->refuse_tickets)
		return fake_send(channel, &vault_table_failure, &refusal,
				 FD_NONE);
	return fake_send(channel, &vault_table_BIND_TICKET_answer, &answer,
			 FD_NONE);
}

static void
fake_remember(struct fake_done *done, const struct vault_job_done *request)
{
	done->job_id = request->job_id;
	done->result = request->result;
	done->delivery_count = request->delivery_count;
	(void)snprintf(done->reason, sizeof(done->reason), "%.299s",
		       request->reason);
	sbuf_init(&done->report, VAULT_MAX_DETAIL_BYTES);
	sbuf_add_span(&done->report, request->report);
	sbuf_init(&done->preview, VAULT_MAX_DETAIL_BYTES);
	sbuf_add_span(&done->preview, request->preview);
	done->words[0] = '\0';
	for (size_t i = 0; i < request->word_count; i++) {
		const size_t len = strlen(done->words);

		(void)snprintf(done->words + len, sizeof(done->words) - len,
			       "%s%s", i > 0 ? " " : "",
			       request->words[i].text);
	}
	for (size_t i = 0;
	     i < request->delivery_count && i < FAKE_MAX_DELIVERIES; i++) {
		const struct vault_delivery *from = &request->deliveries[i];
		struct fake_delivery *to = &done->deliveries[i];

		to->code = from->reply_code;
		(void)snprintf(to->recipient, sizeof(to->recipient), "%.99s",
			       from->recipient);
		(void)snprintf(to->enhanced, sizeof(to->enhanced), "%.15s",
			       from->enhanced);
		(void)snprintf(to->text, sizeof(to->text), "%.299s",
			       from->text);
	}
}

static enum status
fake_job_done(struct fake_vault *vault, struct channel *channel,
	      const struct vault_job_done *request)
{
	static const struct vault_empty answer = { 0 };

	if (vault->drop_done > 0) {
		vault->drop_done--;
		return ST_IO;
	}
	if (vault->done_count < FAKE_MAX_DONE)
		fake_remember(&vault->done[vault->done_count++], request);
	return fake_send(channel, &vault_table_JOB_DONE_answer, &answer,
			 FD_NONE);
}

static void
fake_remember_seal(struct fake_seal *seal,
		   const struct vault_link_seal *request,
		   const struct frame *frame)
{
	struct err err = { 0 };

	seal->job_id = request->job_id;
	memcpy(seal->lease, request->lease, sizeof(seal->lease));
	seal->mail_bytes = request->mail_bytes;
	seal->pictures = request->pictures;
	seal->hole_offset = request->hole_offset;
	seal->whole_body = request->whole_body;
	(void)snprintf(seal->refusal, sizeof(seal->refusal), "%.299s",
		       request->refusal);
	(void)snprintf(seal->boundary, sizeof(seal->boundary), "%.99s",
		       request->boundary);
	seal->files[0] = '\0';
	for (size_t i = 0; i < request->file_count; i++) {
		const struct vault_link_file *file = &request->files[i];
		const size_t len = strlen(seal->files);

		(void)snprintf(seal->files + len, sizeof(seal->files) - len,
			       "%s|%s|%s|%llu|%08x\n", file->name, file->shown,
			       file->type, (unsigned long long)file->size_bytes,
			       (unsigned)file->crc32);
	}
	sbuf_init(&seal->bytes, 1024 * 1024);
	if (frame->fd_count == 1) {
		AUTO(fd_unmap) struct span map = { NULL, 0 };

		check_status(
			ST_OK,
			fd_map_sealed(frame->fds[0], UINT64_MAX, &map, &err),
			&err);
		sbuf_add_span(&seal->bytes, map);
	}
}

static enum status
fake_link_seal(struct fake_vault *vault, struct channel *channel,
	       const struct frame *frame)
{
	static const struct vault_empty answer = { 0 };
	const struct vault_failure failure = { vault->fail_seal, "no" };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_link_seal request;
	struct err err = { 0 };
	const enum status st = frame_decode(frame, &vault_table_LINK_SEAL,
					    &request, &arena, &err);

	if (st != ST_OK)
		return st;
	if (vault->seal_count < FAKE_MAX_SEALS)
		fake_remember_seal(&vault->seals[vault->seal_count++], &request,
				   frame);
	if (vault->fail_seal != VAULT_FAILURE_NONE) {
		vault->fail_seal = VAULT_FAILURE_NONE;
		return fake_send(channel, &vault_table_failure, &failure,
				 FD_NONE);
	}
	return fake_send(channel, &vault_table_LINK_SEAL_answer, &answer,
			 FD_NONE);
}

/* TIMERS, SELF_TEST and STATUS, which carry little. False: another one. */
static bool
fake_serve_simple(struct fake_vault *vault, struct channel *channel,
		  const struct frame *frame, enum status *st_out)
{
	const struct fake_self_test *test = &vault->self_test;
	const struct vault_timers_answer timers = { .fired = 1 };
	const struct vault_self_test_answer ticket = {
		.ticket = span_of(FAKE_SELF_TEST_TICKET)
	};
	const struct vault_status status = {
		.self_test_sent_unix_ms = test->sent_unix_ms,
		.self_test_held_unix_ms = test->held_unix_ms,
	};

	if (frame->type == VAULT_TYPE_TIMERS) {
		vault->timers++;
		*st_out = fake_send(channel, &vault_table_TIMERS_answer,
				    &timers, FD_NONE);
		return true;
	}
	if (frame->type == VAULT_TYPE_SELF_TEST) {
		vault->self_test.asked++;
		*st_out = test->refuse
				  ? ST_IO
				  : fake_send(channel,
					      &vault_table_SELF_TEST_answer,
					      &ticket, FD_NONE);
		return true;
	}
	if (frame->type != VAULT_TYPE_STATUS)
		return false;
	*st_out = fake_send(channel, &vault_table_STATUS_answer, &status,
			    FD_NONE);
	return true;
}

static enum status
fake_serve(struct fake_vault *vault, struct channel *channel)
{
	AUTO(frame_done) struct frame frame;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	union {
		struct vault_take_job take_job;
		struct vault_bind_ticket bind_ticket;
		struct vault_job_done job_done;
	} request;
	struct err err = { 0 };
	enum status st = ST_OK;

	frame_init(&frame);
	st = channel_receive(channel, &frame, clock_mono_ms() + FAKE_WAIT_MS,
			     &err);
	if (st != ST_OK)
		return st;
	if (frame.type == VAULT_TYPE_TAKE_JOB) {
		st = frame_decode(&frame, &vault_table_TAKE_JOB, &request,
				  &arena, &err);
		return st == ST_OK ? fake_take_job(vault, channel,
						   &request.take_job)
				   : st;
	}
	if (frame.type == VAULT_TYPE_BIND_TICKET) {
		st = frame_decode(&frame, &vault_table_BIND_TICKET, &request,
				  &arena, &err);
		return st == ST_OK ? fake_bind_ticket(vault, channel,
						      &request.bind_ticket)
				   : st;
	}
	if (frame.type == VAULT_TYPE_LINK_SEAL)
		return fake_link_seal(vault, channel, &frame);
	if (fake_serve_simple(vault, channel, &frame, &st))
		return st;
	st = frame_decode(&frame, &vault_table_JOB_DONE, &request, &arena,
			  &err);
	return st == ST_OK ? fake_job_done(vault, channel, &request.job_done)
			   : st;
}

static void
fake_accept(struct fake_vault *vault)
{
	const int fd = accept4(vault->listen_fd, NULL, NULL, SOCK_CLOEXEC);
	struct err err = { 0 };

	for (size_t i = 0; i < FAKE_CONNECTIONS && fd >= 0; i++) {
		if (!vault->used[i]) {
			vault->used[i] = channel_open(fd, &vault->channels[i],
						      &err) == ST_OK;
			return;
		}
	}
	if (fd >= 0)
		(void)close(fd);
}

/* Answer those connections that have something to say. */
static void
fake_serve_all(struct fake_vault *vault, const struct pollfd *fds)
{
	for (size_t i = 0; i < FAKE_CONNECTIONS; i++) {
		if (fds[i].revents == 0 ||
		    fake_serve(vault, &vault->channels[i]) == ST_OK)
			continue;
		channel_close(&vault->channels[i]);
		vault->used[i] = false;
	}
	if (fds[FAKE_CONNECTIONS].revents != 0)
		fake_accept(vault);
}

static void *
fake_run(void *argument)
{
	struct fake_vault *vault = argument;
	bool stop = false;

	while (!stop) {
		struct pollfd fds[FAKE_CONNECTIONS + 1];

		for (size_t i = 0; i < FAKE_CONNECTIONS; i++)
			fds[i] = (struct pollfd){
				.fd = vault->used[i] ? vault->channels[i].fd
						     : -1,
				.events = POLLIN
			};
		fds[FAKE_CONNECTIONS] =
			(struct pollfd){ vault->listen_fd, POLLIN, 0 };
		(void)poll(fds, ARRAY_LEN(fds), FAKE_POLL_MS);
		(void)pthread_mutex_lock(&vault->lock);
		fake_serve_all(vault, fds);
		stop = vault->stop;
		(void)pthread_mutex_unlock(&vault->lock);
	}
	return NULL;
}

struct fake_vault *
fake_vault_start(const char *socket_path)
{
	struct fake_vault *vault = calloc(1, sizeof(*vault));
	struct err err = { 0 };

	assert_non_null(vault);
	vault->mail_fd = FD_NONE;
	(void)pthread_mutex_init(&vault->lock, NULL);
	check_status(ST_OK,
		     channel_listen(socket_path, 0600, &vault->listen_fd, &err),
		     &err);
	assert_int_equal(pthread_create(&vault->thread, NULL, fake_run, vault),
			 0);
	return vault;
}

void
fake_vault_free(struct fake_vault **vault)
{
	if (*vault == NULL)
		return;
	(void)pthread_mutex_lock(&(*vault)->lock);
	(*vault)->stop = true;
	(void)pthread_mutex_unlock(&(*vault)->lock);
	(void)pthread_join((*vault)->thread, NULL);
	for (size_t i = 0; i < FAKE_CONNECTIONS; i++) {
		if ((*vault)->used[i])
			channel_close(&(*vault)->channels[i]);
	}
	for (size_t i = 0; i < (*vault)->done_count; i++) {
		sbuf_done(&(*vault)->done[i].report);
		sbuf_done(&(*vault)->done[i].preview);
	}
	for (size_t i = 0; i < (*vault)->seal_count; i++)
		sbuf_done(&(*vault)->seals[i].bytes);
	fd_close(&(*vault)->listen_fd);
	fd_close(&(*vault)->mail_fd);
	(void)pthread_mutex_destroy(&(*vault)->lock);
	free(*vault);
	*vault = NULL;
}

void
fake_vault_give(struct fake_vault *vault, const struct vault_job *job,
		struct span mail)
{
	int fd = FD_NONE;
	struct err err = { 0 };

	if (mail.len_bytes > 0) {
		check_status(ST_OK, fd_memory("mail", &fd, &err), &err);
		check_status(ST_OK, fd_write_all(fd, mail, &err), &err);
		check_status(ST_OK, fd_seal(fd, &err), &err);
	}
	(void)pthread_mutex_lock(&vault->lock);
	vault->job = job;
	vault->mail_fd = fd;
	(void)pthread_mutex_unlock(&vault->lock);
}

void
fake_vault_drop_done(struct fake_vault *vault, unsigned times)
{
	(void)pthread_mutex_lock(&vault->lock);
	vault->drop_done = times;
	(void)pthread_mutex_unlock(&vault->lock);
}

void
fake_vault_refuse_tickets(struct fake_vault *vault)
{
	(void)pthread_mutex_lock(&vault->lock);
	vault->refuse_tickets = true;
	(void)pthread_mutex_unlock(&vault->lock);
}

static void
fake_wait(struct fake_vault *vault, const size_t *count, size_t i)
{
	const int64_t until = clock_mono_ms() + FAKE_WAIT_MS;

	for (;;) {
		(void)pthread_mutex_lock(&vault->lock);
		const bool there = *count > i;
		(void)pthread_mutex_unlock(&vault->lock);
		if (there)
			return;
		if (clock_left_ms(until) == 0)
			fail_msg("result %zu did not come", i);
		(void)poll(NULL, 0, 2);
	}
}

const struct fake_done *
fake_vault_done(struct fake_vault *vault, size_t i)
{
	fake_wait(vault, &vault->done_count, i);
	return &vault->done[i];
}

const struct fake_seal *
fake_vault_seal(struct fake_vault *vault, size_t i)
{
	fake_wait(vault, &vault->seal_count, i);
	return &vault->seals[i];
}

unsigned
fake_vault_dones(struct fake_vault *vault)
{
	(void)pthread_mutex_lock(&vault->lock);
	const size_t count = vault->done_count;
	(void)pthread_mutex_unlock(&vault->lock);
	return (unsigned)count;
}

void
fake_vault_fail_seal(struct fake_vault *vault, enum vault_failure_kind kind)
{
	(void)pthread_mutex_lock(&vault->lock);
	vault->fail_seal = kind;
	(void)pthread_mutex_unlock(&vault->lock);
}

const uint8_t *
fake_vault_digest(struct fake_vault *vault)
{
	return vault->digest;
}

static unsigned
fake_read(struct fake_vault *vault, const unsigned *number)
{
	(void)pthread_mutex_lock(&vault->lock);
	const unsigned value = *number;
	(void)pthread_mutex_unlock(&vault->lock);
	return value;
}

unsigned
fake_vault_fresh(struct fake_vault *vault)
{
	return fake_read(vault, &vault->fresh);
}

unsigned
fake_vault_takes(struct fake_vault *vault)
{
	return fake_read(vault, &vault->takes);
}

unsigned
fake_vault_quick(struct fake_vault *vault)
{
	return fake_read(vault, &vault->quick);
}

unsigned
fake_vault_binds(struct fake_vault *vault)
{
	return fake_read(vault, &vault->binds);
}

unsigned
fake_vault_timers(struct fake_vault *vault)
{
	return fake_read(vault, &vault->timers);
}

void
fake_vault_lose_take(struct fake_vault *vault)
{
	(void)pthread_mutex_lock(&vault->lock);
	vault->lose_take = true;
	(void)pthread_mutex_unlock(&vault->lock);
}

void
fake_vault_set_self_test(struct fake_vault *vault,
			 const struct fake_self_test *self_test)
{
	(void)pthread_mutex_lock(&vault->lock);
	vault->self_test = *self_test;
	(void)pthread_mutex_unlock(&vault->lock);
}

unsigned
fake_vault_self_tests(struct fake_vault *vault)
{
	return fake_read(vault, &vault->self_test.asked);
}
