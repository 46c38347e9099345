#include "tests/milter/peers.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "tests/harness/check.h"

enum { PEER_WAIT_MS = 10000 };

/* --- threads that accept ---------------------------------------------- */

struct peer_server {
	struct peer *peer;
	void (*serve)(void *self, struct channel *channel);
	void *self;
};

struct peer_connection {
	struct peer_server *server;
	int fd;
};

static void *
peer_serve_one(void *context)
{
	struct peer_connection *connection = context;
	struct channel channel = { .fd = FD_NONE };
	struct err err;

	if (channel_open(connection->fd, &channel, &err) == ST_OK)
		connection->server->serve(connection->server->self, &channel);
	channel_close(&channel);
	free(connection);
	return NULL;
}

static void *
peer_run(void *context)
{
	struct peer_server *server = context;
	pthread_t threads[PEERS_MAX];
	int fds[PEERS_MAX];
	size_t count = 0;

	while (!__atomic_load_n(&server->peer->stopping, __ATOMIC_SEQ_CST)) {
		struct pollfd poll_fd = { server->peer->listen_fd, POLLIN, 0 };
		struct peer_connection *connection = NULL;
		int fd = FD_NONE;

		if (poll(&poll_fd, 1, 10) != 1)
			continue;
		fd = accept4(server->peer->listen_fd, NULL, NULL, SOCK_CLOEXEC);
		connection = malloc(sizeof(*connection));
		if (fd < 0 || connection == NULL || count == PEERS_MAX)
			abort();
		*connection = (struct peer_connection){ server, fd };
		fds[count] = dup(fd); /* to wake its thread at the end */
		if (pthread_create(&threads[count++], NULL, peer_serve_one,
				   connection) != 0)
			abort();
	}
	for (size_t i = 0; i < count; i++) {
		(void)shutdown(fds[i], SHUT_RDWR);
		(void)pthread_join(threads[i], NULL);
		(void)close(fds[i]);
	}
	free(server);
	return NULL;
}

static void
peer_start(struct peer *peer, const char *dir, const char *name,
	   void (*serve)(void *self, struct channel *channel), void *self)
{
	struct peer_server *server = malloc(sizeof(*server));
	struct err err;

	assert_non_null(server);
	*server = (struct peer_server){ peer, serve, self };
	(void)snprintf(peer->path, sizeof(peer->path), "%s/%s", dir, name);
	peer->stopping = false;
	check_status(ST_OK,
		     channel_listen(peer->path, 0600, &peer->listen_fd, &err),
		     &err);
	assert_int_equal(pthread_create(&peer->thread, NULL, peer_run, server),
			 0);
}

static void
peer_stop(struct peer *peer)
{
	__atomic_store_n(&peer->stopping, true, __ATOMIC_SEQ_CST);
	(void)pthread_join(peer->thread, NULL);
	fd_close(&peer->listen_fd);
	(void)unlink(peer->path);
}

/* Everything behind fd. */
static void
slurp(int fd, struct sbuf *into)
{
	struct span map = { NULL, 0 };
	struct err err;

	sbuf_clear(into);
	if (fd_map_sealed(fd, 1U << 30, &map, &err) != ST_OK)
		abort();
	sbuf_add_span(into, map);
	fd_unmap(&map);
}

/* --- the scanner ------------------------------------------------------ */

static const struct report_term term = { "check.valid", 20 };
static const struct report_finding finding = {
	.part = "1",
	.location = "line 1",
	.masked = "********9018",
	.number = "",
	.context = "",
	.subject = 1,
	.count = 1,
	.level = REPORT_LEVEL_SURE,
	.score_db = 20,
	.terms = &term,
	.term_count = 1,
};

static const struct report_opaque locked_part = {
	.part = "2/a.zip",
	.reason = REPORT_REASON_LOCKED,
	.detail = "zip: ZipCrypto",
};
static const struct report_lock closed_lock = { "2/a.zip", "zip: ZipCrypto",
						false,
						REPORT_WORD_SOURCE_NONE };
static const struct report_lock opened_lock = { "2/a.zip", "zip: ZipCrypto",
						true,
						REPORT_WORD_SOURCE_RELATED };

/* A report's locks and words; words has room for two. */
static void
scanner_add_words(const struct fake_scanner *scanner, enum fake_scan mode,
		  const struct scan_request *request,
		  struct scan_report *report, struct report_word *words)
{
	bool opened = false;

	if (mode != FAKE_SCAN_LOCKED && mode != FAKE_SCAN_WORDS)
		return;
	report->words = words;
	if (scanner->says != NULL)
		words[report->word_count++] =
			(struct report_word){ scanner->says, false };
	if (mode == FAKE_SCAN_WORDS)
		return;
	for (size_t i = 0; i < request->word_count; i++)
		opened = opened || strcmp(request->words[i].text,
					  scanner->opens_with) == 0;
	report->locks = opened ? &opened_lock : &closed_lock;
	report->lock_count = 1;
	if (opened) {
		words[report->word_count++] =
			(struct report_word){ scanner->opens_with, true };
		return;
	}
	report->opaques = &locked_part;
	report->opaque_count = 1;
	report->verdict = REPORT_VERDICT_UNSCANNABLE;
}

static struct scan_report
scanner_report(enum fake_scan mode, enum report_profile profile)
{
	struct scan_report report = { .verdict = REPORT_VERDICT_CLEAN,
				      .profile = profile };

	if (mode == FAKE_SCAN_FOUND || mode == FAKE_SCAN_INVALID) {
		report.verdict = REPORT_VERDICT_FOUND;
		report.level = REPORT_LEVEL_SURE;
		report.score_db = 20;
		report.number_count = mode == FAKE_SCAN_FOUND ? 1 : 0;
		report.findings = &finding;
		report.finding_count = 1;
		report.subject = "masked ****";
	}
	if (mode == FAKE_SCAN_BOUNCE)
		report.dsn.envid = "sk.case.tag";
	if (mode == FAKE_SCAN_OTHER_PROFILE)
		report.profile = profile == REPORT_PROFILE_STRICT
					 ? REPORT_PROFILE_STANDARD
					 : REPORT_PROFILE_STRICT;
	return report;
}

static void
scanner_serve(void *self, struct channel *channel)
{
	struct fake_scanner *scanner = self;
	struct err err;

	for (;;) {
		AUTO(frame_done) struct frame frame;
		AUTO(wire_arena_free) struct wire_arena *arena = NULL;
		struct scan_request request;
		const struct scan_failure failure = { "queue full" };
		struct scan_report report;
		struct report_word words[2];
		const int64_t until = clock_mono_ms() + PEER_WAIT_MS;

		frame_init(&frame);
		if (channel_receive(channel, &frame, INT64_MAX, &err) != ST_OK)
			return;
		if (frame_decode(&frame, &scan_request_table, &request, &arena,
				 &err) != ST_OK ||
		    frame.fd_count != 1)
			abort();
		enum fake_scan mode = scanner->mode;

		if (scanner->only_in != 0 &&
		    (scanner->only_in >> request.profile & 1) == 0)
			mode = FAKE_SCAN_CLEAN;
		report = scanner_report(mode, request.profile);
		scanner_add_words(scanner, mode, &request, &report, words);
		(void)pthread_mutex_lock(&scanner->lock);
		scanner->scans++;
		scanner->profiles |= UINT32_C(1) << request.profile;
		slurp(frame.fds[0], &scanner->mail);
		(void)pthread_mutex_unlock(&scanner->lock);
		(void)usleep((useconds_t)scanner->delay_ms * 1000);
		if (mode == FAKE_SCAN_HANG_UP) {
			(void)shutdown(channel->fd, SHUT_RDWR);
			return;
		}
		if (mode == FAKE_SCAN_BUSY)
			(void)!channel_send(channel, &scan_failure_table,
					    &failure, NULL, 0, until, &err);
		else
			(void)!channel_send(channel, &report_table, &report,
					    NULL, 0, until, &err);
	}
}

void
fake_scanner_start(struct fake_scanner *scanner, const char *dir)
{
	(void)pthread_mutex_init(&scanner->lock, NULL);
	sbuf_init(&scanner->mail, 1U << 28);
	peer_start(&scanner->peer, dir, "scanner/scanner.sock", scanner_serve,
		   scanner);
}

void
fake_scanner_stop(struct fake_scanner *scanner)
{
	peer_stop(&scanner->peer);
	sbuf_done(&scanner->mail);
	(void)pthread_mutex_destroy(&scanner->lock);
}

/* --- the vault -------------------------------------------------------- */

static enum vault_failure_kind
vault_take_hold(struct fake_vault *vault, const struct frame *frame,
		struct vault_hold_answer *answer)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	AUTO(sbuf_done) struct sbuf plain;
	AUTO(fd_close) int opened = FD_NONE;
	struct vault_hold hold;
	struct err err;

	sbuf_init(&plain, VAULT_MAX_DETAIL_BYTES);
	if (vault->fail_hold != VAULT_FAILURE_NONE) {
		const enum vault_failure_kind kind = vault->fail_hold;

		if (vault->fail_hold_times > 0 && --vault->fail_hold_times == 0)
			vault->fail_hold = VAULT_FAILURE_NONE;
		return kind;
	}
	if (frame->fd_count != 1 ||
	    frame_decode(frame, &vault_table_HOLD, &hold, &arena, &err) !=
		    ST_OK ||
	    seal_open_bytes(&vault->key, "case-detail", hold.detail_key,
			    hold.detail, &plain, &err) != ST_OK ||
	    fd_memory("opened", &opened, &err) != ST_OK ||
	    seal_open_fd(&vault->key, "case-mail", hold.blob_key, frame->fds[0],
			 opened, &err) != ST_OK ||
	    fd_seal(opened, &err) != ST_OK)
		abort();
	wire_arena_free(&vault->detail_arena);
	if (wire_decode(&case_detail_table, sbuf_span(&plain), &vault->detail,
			&vault->detail_arena, &err) != ST_OK)
		abort();
	slurp(opened, &vault->mail);
	vault->unconfirmed = hold.unconfirmed;
	memset(vault->companion_of, 0, sizeof(vault->companion_of));
	if (hold.companion_of.len_bytes > 0)
		memcpy(vault->companion_of, hold.companion_of.ptr,
		       hold.companion_of.len_bytes);
	memset(vault->self_test, 0, sizeof(vault->self_test));
	if (hold.self_test.len_bytes > 0)
		memcpy(vault->self_test, hold.self_test.ptr,
		       hold.self_test.len_bytes);
	memcpy(vault->digests[vault->holds % PEERS_MAX], hold.content_digest,
	       DIGEST_BYTES);
	answer->case_id[0] = (uint8_t)++vault->holds;
	return VAULT_FAILURE_NONE;
}

static bool
vault_knows_ticket(const struct fake_vault *vault, const struct frame *frame)
{
	static const uint8_t any[DIGEST_BYTES];
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_redeem redeem;
	struct err err;

	if (frame_decode(frame, &vault_table_REDEEM, &redeem, &arena, &err) !=
	    ST_OK)
		abort();
	return vault->ticket_valid &&
	       (memcmp(vault->ticket_digest, any, sizeof(any)) == 0 ||
		memcmp(vault->ticket_digest, redeem.content_digest,
		       sizeof(any)) == 0);
}

struct vault_reply {
	const struct wire_table *table;
	struct vault_word word;
	struct vault_wait waits[4];
	union {
		struct vault_public_key key;
		struct vault_hold_answer hold;
		struct vault_redeem_answer redeem;
		struct vault_bounce_answer bounce;
		struct vault_related_answer related;
		struct vault_empty empty;
	} message;
};

static void
vault_note_related(struct fake_vault *vault,
		   const struct vault_related *request)
{
	char *text = vault->related_words;

	vault->related_locked = request->locked;
	vault->related_wait = request->wait;
	vault->related_senders = request->sender_count;
	vault->related_recipients = request->recipient_count;
	for (size_t i = 0; i < request->word_count; i++) {
		const size_t used = strlen(text);

		(void)snprintf(text + used, PEERS_MAX - used, "%s %s ",
			       request->words[i].worked ? "opened" : "said",
			       request->words[i].text);
	}
}

static enum vault_failure_kind
vault_answer_related(struct fake_vault *vault, const struct frame *frame,
		     struct vault_reply *reply)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_related request;
	struct vault_related_answer *answer = &reply->message.related;
	struct err err;

	if (frame_decode(frame, &vault_table_RELATED, &request, &arena, &err) !=
	    ST_OK)
		abort();
	vault->relateds++;
	vault_note_related(vault, &request);
	*answer = (struct vault_related_answer){ .word_count = 0 };
	reply->table = &vault_table_RELATED_answer;
	if (request.locked && vault->knows != NULL) {
		reply->word = (struct vault_word){ vault->knows,
						   REPORT_WORD_SOURCE_RELATED };
		answer->words = &reply->word;
		answer->word_count = 1;
	}
	answer->waits = reply->waits;
	while (request.wait && answer->wait_count < 4 &&
	       vault->waits[answer->wait_count] != NULL) {
		reply->waits[answer->wait_count] = (struct vault_wait){
			.recipient = vault->waits[answer->wait_count],
			.case_id = { 7 },
			.terms = { .rule = "locked files",
				   .approvers = "hr",
				   .tag = "",
				   .expires_after_s = 3600,
				   .approvals = 1 },
		};
		answer->wait_count++;
	}
	return vault->fail_related;
}

static enum vault_failure_kind
vault_answer(struct fake_vault *vault, const struct frame *frame,
	     struct vault_reply *reply)
{
	if (frame->type != VAULT_TYPE_HOLD &&
	    vault->fail_other != VAULT_FAILURE_NONE)
		return vault->fail_other;
	switch (frame->type) {
	case VAULT_TYPE_PUBLIC_KEY:
		vault->keys++;
		reply->table = &vault_table_PUBLIC_KEY_answer;
		reply->message.key.epoch = vault->key_public.epoch;
		memcpy(reply->message.key.key, vault->key_public.key,
		       sizeof(reply->message.key.key));
		return VAULT_FAILURE_NONE;
	case VAULT_TYPE_HOLD:
		reply->table = &vault_table_HOLD_answer;
		return vault_take_hold(vault, frame, &reply->message.hold);
	case VAULT_TYPE_REDEEM:
		vault->redeems++;
		reply->table = &vault_table_REDEEM_answer;
		reply->message.redeem.valid = vault_knows_ticket(vault, frame);
		return VAULT_FAILURE_NONE;
	case VAULT_TYPE_BOUNCE:
		vault->bounces++;
		reply->table = &vault_table_BOUNCE_answer;
		reply->message.bounce.known = vault->bounce_known;
		return VAULT_FAILURE_NONE;
	case VAULT_TYPE_RELATED:
		return vault_answer_related(vault, frame, reply);
	case VAULT_TYPE_PAIRS:
		vault->pairs++;
		reply->message.empty.reserved = 0;
		reply->table = &vault_table_PAIRS_answer;
		return VAULT_FAILURE_NONE;
	default:
		abort();
	}
}

static void
vault_serve(void *self, struct channel *channel)
{
	struct fake_vault *vault = self;
	struct err err;

	for (;;) {
		AUTO(frame_done) struct frame frame;
		struct vault_reply reply = { .table = NULL };
		struct vault_failure failure = { .reason = "as the test says" };
		const int64_t until = clock_mono_ms() + PEER_WAIT_MS;

		frame_init(&frame);
		if (channel_receive(channel, &frame, INT64_MAX, &err) != ST_OK)
			return;
		failure.kind = vault_answer(vault, &frame, &reply);
		if (failure.kind != VAULT_FAILURE_NONE)
			(void)!channel_send(channel, &vault_table_failure,
					    &failure, NULL, 0, until, &err);
		else
			(void)!channel_send(channel, reply.table,
					    &reply.message, NULL, 0, until,
					    &err);
	}
}

void
fake_vault_start(struct fake_vault *vault, const char *dir)
{
	struct err err;

	check_status(ST_OK,
		     seal_key_make(7, &vault->key, &vault->key_public, &err),
		     &err);
	sbuf_init(&vault->mail, 1U << 28);
	peer_start(&vault->peer, dir, "vault/vault.sock", vault_serve, vault);
}

void
fake_vault_stop(struct fake_vault *vault)
{
	peer_stop(&vault->peer);
	wire_arena_free(&vault->detail_arena);
	sbuf_done(&vault->mail);
}

/* --- the MTA ---------------------------------------------------------- */

/* Note a call; fails when the test wants it to. */
static enum status
mta_note(struct fake_mta *fake, const char *call, struct err *err)
{
	for (; fake->vault != NULL && fake->holds_seen < fake->vault->holds;
	     fake->holds_seen++)
		sbuf_add_text(&fake->calls, "hold\n");
	sbuf_add_text(&fake->calls, call);
	sbuf_add_byte(&fake->calls, '\n');
	if (fake->refuse != NULL &&
	    strncmp(call, fake->refuse, strlen(fake->refuse)) == 0)
		return err_set(err, ST_IO, "mta: %.100s", call);
	return ST_OK;
}

static const char *
mta_macro(void *self, const char *name)
{
	const struct fake_mta *fake = self;

	if (strcmp(name, "i") == 0)
		return fake->queue_id;
	if (strcmp(name, "j") == 0)
		return fake->host;
	return strcmp(name, "{auth_authen}") == 0 ? fake->login : "";
}

static enum status
mta_progress(void *self, struct err *err)
{
	struct fake_mta *fake = self;

	fake->ticks++;
	return fake->gone ? err_set(err, ST_IO, "mta: gone") : ST_OK;
}

static enum status
mta_add_field(void *self, const char *name, const char *value, struct err *err)
{
	char call[400];

	(void)snprintf(call, sizeof(call), "add %s: %s", name, value);
	return mta_note(self, call, err);
}

static enum status
mta_delete_field(void *self, const char *name, int index, struct err *err)
{
	char call[400];

	(void)snprintf(call, sizeof(call), "delete %s %d", name, index);
	return mta_note(self, call, err);
}

static enum status
mta_delete_recipient(void *self, const char *given, struct err *err)
{
	char call[400];

	(void)snprintf(call, sizeof(call), "delrcpt %s", given);
	return mta_note(self, call, err);
}

static enum status
mta_set_reply(void *self, const char *code, const char *enhanced,
	      const char *text, struct err *err)
{
	char call[400];

	(void)snprintf(call, sizeof(call), "reply %s %s %s", code, enhanced,
		       text);
	return mta_note(self, call, err);
}

static const struct mta_ops fake_ops = {
	mta_macro,        mta_progress,         mta_add_field,
	mta_delete_field, mta_delete_recipient, mta_set_reply,
};

struct mta
fake_mta_init(struct fake_mta *fake)
{
	*fake = (struct fake_mta){ .queue_id = "4ABC12345",
				   .host = "mx.example.co.jp",
				   .login = "" };
	sbuf_init(&fake->calls, 1U << 20);
	return (struct mta){ &fake_ops, fake };
}

void
fake_mta_done(struct fake_mta *fake)
{
	sbuf_done(&fake->calls);
}
