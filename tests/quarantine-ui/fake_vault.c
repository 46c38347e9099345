#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "tests/quarantine-ui/fake_answers.h"

static void
serve_frame(struct fake_vault *vault, struct channel *channel,
	    const struct frame *frame)
{
	struct answer answer = { vault, channel, frame, { .st = ST_OK } };

	if (vault->delay_ms > 0)
		(void)usleep(vault->delay_ms * 1000);
	(void)pthread_mutex_lock(&vault->lock);
	if (frame->type < VAULT_TYPE_END)
		vault->counts[frame->type]++;
	if (vault->failure != VAULT_FAILURE_NONE)
		fake_fail(&answer, vault->failure, vault->failure_reason);
	else
		fake_answer(&answer);
	(void)pthread_mutex_unlock(&vault->lock);
}

struct serve {
	struct fake_vault *vault;
	int fd;
};

static void *
serve(void *context)
{
	struct serve *serve = context;
	struct channel channel = { .fd = FD_NONE };
	struct err err = { .st = ST_OK };
	bool open = channel_open(serve->fd, &channel, &err) == ST_OK;

	while (open) {
		struct frame frame;

		frame_init(&frame);
		open = channel_receive(&channel, &frame, INT64_MAX, &err) ==
		       ST_OK;
		if (open)
			serve_frame(serve->vault, &channel, &frame);
		frame_done(&frame);
	}
	/* stop() shuts the descriptor down and closes it */
	channel.fd = FD_NONE;
	free(serve);
	return NULL;
}

static void *
accept_all(void *context)
{
	struct fake_vault *vault = context;

	for (;;) {
		const int fd = accept(vault->listen_fd, NULL, NULL);
		struct serve *one = NULL;

		if (fd < 0 || vault->thread_count == FAKE_THREADS)
			return NULL;
		one = calloc(1, sizeof(*one));
		if (one == NULL)
			return NULL;
		*one = (struct serve){ vault, fd };
		vault->fds[vault->thread_count] = fd;
		if (pthread_create(&vault->threads[vault->thread_count++], NULL,
				   serve, one) != 0)
			return NULL;
	}
}

struct fake_vault *
fake_vault_start(const char *path)
{
	struct fake_vault *vault = calloc(1, sizeof(*vault));
	struct err err = { .st = ST_OK };

	if (vault == NULL)
		return NULL;
	(void)pthread_mutex_init(&vault->lock, NULL);
	(void)snprintf(vault->path, sizeof(vault->path), "%s", path);
	vault->audit_rows = 137;
	vault->revision = 1;
	vault->stage = SESSION_STAGE_FULL;
	for (size_t i = 0; i < FAKE_SESSIONS; i++)
		vault->sessions[i].user = FAKE_USERS;
	for (size_t i = 0; i < FAKE_USERS; i++)
		(void)snprintf(vault->passwords[i], sizeof(vault->passwords[i]),
			       "%s", FAKE_PASSWORD);
	vault->locks = (struct vault_locks){
		.locked = 1,
		.opened = 1,
		.search = SEARCH_STATE_ON,
		.tried = 152000000000,
		.total = 839299365868340224,
		.rate_per_s = 970123456,
		.spent_ms = 157000,
		.left_ms = 443000,
	};
	for (size_t i = 0; i < FAKE_CASES; i++) {
		memset(vault->cases[i].id, (int)(i * 37 + 1), CASE_ID_BYTES);
		memset(vault->cases[i].version, (int)(i + 1), 32);
		vault->cases[i].state =
			i == 5 ? CASE_STATE_RELEASED : CASE_STATE_HELD;
	}
	if (channel_listen(path, 0600, &vault->listen_fd, &err) != ST_OK ||
	    pthread_create(&vault->acceptor, NULL, accept_all, vault) != 0) {
		(void)fprintf(stderr, "fake vault: %s\n", err.text);
		free(vault);
		return NULL;
	}
	return vault;
}

void
fake_vault_stop(struct fake_vault **vault)
{
	struct fake_vault *all = *vault;

	if (all == NULL)
		return;
	(void)pthread_mutex_lock(&all->lock);
	all->stopping = true;
	(void)pthread_mutex_unlock(&all->lock);
	(void)shutdown(all->listen_fd, SHUT_RDWR);
	(void)pthread_join(all->acceptor, NULL);
	fd_close(&all->listen_fd);
	for (size_t i = 0; i < all->thread_count; i++) {
		(void)shutdown(all->fds[i], SHUT_RDWR);
		(void)pthread_join(all->threads[i], NULL);
		fd_close(&all->fds[i]);
	}
	(void)unlink(all->path);
	fake_visits_free(all->visits);
	(void)pthread_mutex_destroy(&all->lock);
	free(all);
	*vault = NULL;
}

void
fake_vault_fail(struct fake_vault *vault, enum vault_failure_kind kind,
		const char *reason)
{
	(void)pthread_mutex_lock(&vault->lock);
	vault->failure = kind;
	vault->failure_reason = reason;
	(void)pthread_mutex_unlock(&vault->lock);
}

void
fake_vault_lock(struct fake_vault *vault, bool locked)
{
	(void)pthread_mutex_lock(&vault->lock);
	vault->locked = locked;
	(void)pthread_mutex_unlock(&vault->lock);
}

void
fake_vault_delay(struct fake_vault *vault, unsigned delay_ms)
{
	vault->delay_ms = delay_ms;
}

void
fake_vault_spoil_reports(struct fake_vault *vault)
{
	(void)pthread_mutex_lock(&vault->lock);
	vault->spoiled = true;
	(void)pthread_mutex_unlock(&vault->lock);
}

void
fake_vault_hide(struct fake_vault *vault)
{
	(void)pthread_mutex_lock(&vault->lock);
	vault->hidden = true;
	(void)pthread_mutex_unlock(&vault->lock);
}

void
fake_vault_touch(struct fake_vault *vault)
{
	(void)pthread_mutex_lock(&vault->lock);
	vault->previews = true;
	vault->revision++;
	(void)pthread_mutex_unlock(&vault->lock);
}

void
fake_vault_set_subject(struct fake_vault *vault, const char *subject)
{
	(void)pthread_mutex_lock(&vault->lock);
	(void)snprintf(vault->subject, sizeof(vault->subject), "%s", subject);
	(void)pthread_mutex_unlock(&vault->lock);
}

size_t
fake_vault_count(struct fake_vault *vault, uint16_t type)
{
	size_t count = 0;

	(void)pthread_mutex_lock(&vault->lock);
	count = vault->counts[type];
	(void)pthread_mutex_unlock(&vault->lock);
	return count;
}

const char *
fake_vault_case_text(const struct fake_vault *vault, size_t i,
		     char text[CASE_ID_TEXT_BYTES])
{
	case_id_format(vault->cases[i].id, text);
	return text;
}

enum case_state
fake_vault_case_state(struct fake_vault *vault, size_t i)
{
	enum case_state state = CASE_STATE_NONE;

	(void)pthread_mutex_lock(&vault->lock);
	state = vault->cases[i].state;
	(void)pthread_mutex_unlock(&vault->lock);
	return state;
}
