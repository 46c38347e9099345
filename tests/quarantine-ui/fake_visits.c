#include "tests/quarantine-ui/fake_visits.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/crc32.h"
#include "lib/base/fd.h"
#include "tests/quarantine-ui/fake_answers.h"

enum { VISITS = 256, WRONG_MOST = 5, HOUR_MS = 3600 * 1000 };

static const uint8_t salt[CASE_ID_BYTES] = "salt of a mail!";
struct fake_visit {
	bool used;
	enum fake_link link;
	uint8_t claim[LINK_CLAIM_BYTES];
	enum link_stage stage;
	bool code_sent;
	bool mine[FAKE_FILES];
	bool left;
};

struct fake_visits {
	uint8_t file_key[SEAL_KEY_BYTES];
	uint8_t password_key[SEAL_KEY_BYTES];
	struct vault_link_file files[FAKE_FILES];
	struct sbuf manifest;
	int64_t sent_unix_ms; /* stands in the archive of all files */
	int blob_fd;
	uint64_t sealed_bytes;
	struct fake_visit visits[VISITS];
	unsigned wrong[FAKE_LINKS];
	bool ended[FAKE_LINKS];
	bool visits_are_over;
	size_t codes, taken, requests, certificate; /* certificate: 0 or 1 */
	struct fake_sent sent[FAKE_SENT];
	size_t sent_count;
};

static void
must(enum status st, const struct err *err)
{
	if (st == ST_OK)
		return;
	(void)fprintf(stderr, "fake visits: %s\n", err->text);
	abort();
}

static void
make_id(enum fake_link which, uint8_t id[LINK_ID_BYTES])
{
	memset(id, (int)which * 17 + 3, LINK_ID_BYTES);
}

static struct link_secret
make_secret(enum fake_link which)
{
	struct link_secret secret;

	memset(secret.bytes, (int)which + 0x41, sizeof(secret.bytes));
	return secret;
}

const char *
fake_link_id(enum fake_link which, char text[CASE_ID_TEXT_BYTES])
{
	uint8_t id[LINK_ID_BYTES];

	make_id(which, id);
	case_id_format(id, text);
	return text;
}

const char *
fake_link_code(enum fake_link which, char text[LINK_CODE_TEXT_BYTES])
{
	const struct link_secret secret = make_secret(which);

	link_secret_format(&secret, text);
	return text;
}

/* Where the vault keeps it, on a disk: how a file is read is measured. */
static int
blob_file(void)
{
	const char *place = getenv("TMPDIR");
	struct err err = { .st = ST_OK };
	int fd = open(place != NULL ? place : "/tmp",
		      O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd < 0) /* not every file system has O_TMPFILE */
		must(fd_memory("sealed", &fd, &err), &err);
	return fd;
}

static void
make_blob(struct fake_visits *visits)
{
	AUTO(fd_close) int plain = FD_NONE;
	struct err err = { .st = ST_OK };
	uint64_t total = 0;

	must(fd_memory("plain", &plain, &err), &err);
	visits->blob_fd = blob_file();
	for (size_t i = 0; i < FAKE_FILES; i++) {
		AUTO(sbuf_done) struct sbuf bytes;

		sbuf_init(&bytes, fake_file_bytes(i) + 1);
		fake_file_fill(&bytes, i);
		must(fd_write_all(plain, sbuf_span(&bytes), &err), &err);
		fake_file_name(&visits->files[i], i);
		visits->files[i].crc32 = crc32_of(sbuf_span(&bytes));
		total += fake_file_bytes(i);
	}
	must(link_seal_fd(visits->file_key, plain, 0, total, visits->blob_fd,
			  &err),
	     &err);
	must(fd_size(visits->blob_fd, &visits->sealed_bytes, &err), &err);
}

static void
make_manifest(struct fake_visits *visits)
{
	const struct link_manifest manifest = { visits->files, FAKE_FILES };
	AUTO(sbuf_done) struct sbuf bytes;
	struct err err = { .st = ST_OK };

	sbuf_init(&bytes, 4096);
	sbuf_init(&visits->manifest, 8192);
	must(wire_encode(&link_manifest_table, &manifest, &bytes, &err), &err);
	must(box_close(visits->file_key, LINK_MANIFEST_CONTEXT,
		       sbuf_span(&bytes), &visits->manifest, &err),
	     &err);
}

static struct fake_visits *
visits_of(struct answer *answer)
{
	struct fake_visits *visits = answer->vault->visits;
	struct err err = { .st = ST_OK };

	if (visits != NULL)
		return visits;
	visits = calloc(1, sizeof(*visits));
	if (visits == NULL)
		abort();
	visits->sent_unix_ms = clock_unix_ms() - (int64_t)26 * HOUR_MS;
	visits->blob_fd = FD_NONE;
	memset(visits->file_key, 0x5a, sizeof(visits->file_key));
	must(link_password_key(FAKE_LINK_PASSWORD_TEXT,
			       (struct span){ salt, sizeof(salt) },
			       visits->password_key, &err),
	     &err);
	make_blob(visits);
	make_manifest(visits);
	answer->vault->visits = visits;
	return visits;
}

void
fake_visits_free(struct fake_visits *visits)
{
	if (visits == NULL)
		return;
	sbuf_done(&visits->manifest);
	fd_close(&visits->blob_fd);
	free(visits);
}

static enum link_stage
first_stage(enum fake_link link)
{
	return link == FAKE_LINK_CODE || link == FAKE_LINK_PASSWORD
		       ? LINK_STAGE_CODE
		       : LINK_STAGE_READY;
}

/* Taken by somebody else, and one time is all there is. */
static bool
is_gone(const struct fake_visits *visits, const struct fake_visit *visit,
	size_t file)
{
	for (size_t i = 0; visit->link == FAKE_LINK_ONCE && i < VISITS; i++)
		if (&visits->visits[i] != visit &&
		    visits->visits[i].link == visit->link &&
		    visits->visits[i].mine[file])
			return true;
	return false;
}

static void
wrap_for(const struct fake_visits *visits, enum fake_link link,
	 uint8_t wrapped[LINK_WRAPPED_BYTES])
{
	const struct link_secret secret = make_secret(link);
	uint8_t id[LINK_ID_BYTES];
	uint8_t opening[SEAL_KEY_BYTES];
	const struct span id_span = { id, sizeof(id) };
	struct err err = { .st = ST_OK };

	make_id(link, id);
	must(link_key_opening(&secret,
			      link == FAKE_LINK_PASSWORD ? visits->password_key
							 : NULL,
			      id_span, opening, &err),
	     &err);
	must(link_key_wrap(opening, id_span, visits->file_key, wrapped, &err),
	     &err);
}

static void
send_view(struct answer *answer, const struct wire_table *table,
	  const struct fake_visit *visit)
{
	struct fake_visits *visits = visits_of(answer);
	const bool ready = visit->stage == LINK_STAGE_READY;
	uint8_t wrapped[LINK_WRAPPED_BYTES];
	uint8_t open[FAKE_FILES];
	struct vault_link_view view = {
		.stage = visit->stage,
		.kind = LINK_KIND_RECIPIENT,
		.recipient = "t•••••@sharoushi.example.com",
		.sender = "hanako@example.co.jp",
		.language = "ja",
		.sent_unix_ms = visits->sent_unix_ms,
		.expires_unix_ms = clock_unix_ms() + (int64_t)150 * HOUR_MS,
		.claim_until_unix_ms = clock_unix_ms() + HOUR_MS,
		.downloads = visit->link == FAKE_LINK_ONCE,
		.code_sent = visit->code_sent,
		.tries_left = WRONG_MOST - visits->wrong[visit->link],
		.file_count = FAKE_FILES,
	};

	memcpy(view.claim, visit->claim, sizeof(view.claim));
	for (size_t i = 0; i < FAKE_FILES; i++) {
		view.total_bytes += fake_file_bytes(i);
		open[i] = !is_gone(visits, visit, i);
	}
	if (visit->stage == LINK_STAGE_PASSWORD)
		view.password_salt = (struct span){ salt, sizeof(salt) };
	if (ready) {
		wrap_for(visits, visit->link, wrapped);
		view.wrapped = (struct span){ wrapped, sizeof(wrapped) };
		view.manifest = sbuf_span(&visits->manifest);
		view.open_files = (struct span){ open, sizeof(open) };
	}
	fake_send(answer, table, &view);
}

static void
refuse(struct answer *answer)
{
	fake_fail(answer, VAULT_FAILURE_NOT_FOUND, "no such link");
}

/* Also one that is over. NULL: it was refused. */
static struct fake_visit *
find_recall(struct answer *answer, const struct vault_link_visit *request)
{
	struct fake_visits *visits = visits_of(answer);

	visits->certificate = request->visitor.certificate;
	for (size_t i = 0; i < VISITS; i++) {
		struct fake_visit *visit = &visits->visits[i];
		uint8_t id[LINK_ID_BYTES];

		make_id(visit->link, id);
		if (visit->used &&
		    memcmp(id, request->link_id, sizeof(id)) == 0 &&
		    !visits->ended[visit->link] &&
		    visits->wrong[visit->link] < WRONG_MOST &&
		    memcmp(visit->claim, request->claim, LINK_CLAIM_BYTES) == 0)
			return visit;
	}
	refuse(answer);
	return NULL;
}

static struct fake_visit *
find_visit(struct answer *answer, const struct vault_link_visit *request)
{
	struct fake_visit *visit = find_recall(answer, request);

	if (visit == NULL ||
	    (!visits_of(answer)->visits_are_over && !visit->left))
		return visit;
	refuse(answer);
	return NULL;
}

static void
answer_open(struct answer *answer, const struct vault_link_open *request)
{
	struct fake_visits *visits = visits_of(answer);
	struct err err = { .st = ST_OK };

	visits->certificate = request->visitor.certificate;
	for (int i = 0; i < FAKE_LINKS; i++) {
		const struct link_secret secret =
			make_secret((enum fake_link)i);
		uint8_t id[LINK_ID_BYTES];
		uint8_t proof[LINK_PROOF_BYTES];
		size_t free_at = 0;

		make_id((enum fake_link)i, id);
		must(link_key_proof(&secret, (struct span){ id, sizeof(id) },
				    proof, &err),
		     &err);
		if (memcmp(id, request->link_id, sizeof(id)) != 0 ||
		    memcmp(proof, request->proof, sizeof(proof)) != 0 ||
		    visits->wrong[i] >= WRONG_MOST || visits->ended[i])
			continue;
		while (free_at + 1 < VISITS && visits->visits[free_at].used)
			free_at++;
		struct fake_visit *visit = &visits->visits[free_at];

		*visit = (struct fake_visit){
			.used = true,
			.link = (enum fake_link)i,
			.stage = first_stage((enum fake_link)i),
		};
		memset(visit->claim, (int)free_at + 1, sizeof(visit->claim));
		send_view(answer, &vault_table_LINK_OPEN_answer, visit);
		return;
	}
	refuse(answer);
}

static void
answer_look(struct answer *answer, const struct vault_link_visit *request)
{
	const struct fake_visit *visit = find_visit(answer, request);

	if (visit != NULL)
		send_view(answer, &vault_table_LINK_LOOK_answer, visit);
}

static void
answer_keep(struct answer *answer, const struct vault_link_visit *request)
{
	const struct vault_link_keep_answer keep = {
		.until_unix_ms = clock_unix_ms() + (int64_t)25 * HOUR_MS,
	};

	if (find_recall(answer, request) != NULL)
		fake_send(answer, &vault_table_LINK_KEEP_answer, &keep);
}

static void
answer_leave(struct answer *answer, const struct vault_link_visit *request)
{
	const struct vault_empty empty = { 0 };
	struct fake_visit *visit = find_visit(answer, request);

	if (visit == NULL)
		return;
	visit->left = true;
	fake_send(answer, &vault_table_LINK_LEAVE_answer, &empty);
}

static void
answer_code(struct answer *answer, const struct vault_link_visit *request)
{
	struct fake_visit *visit = find_visit(answer, request);

	if (visit == NULL)
		return;
	if (++answer->vault->visits->codes > 5) {
		fake_fail(answer, VAULT_FAILURE_BUSY, "too many codes");
		return;
	}
	visit->code_sent = true;
	send_view(answer, &vault_table_LINK_CODE_answer, visit);
}

static void
answer_prove(struct answer *answer, const struct vault_link_prove *request)
{
	struct fake_visit *visit = find_visit(answer, &request->visit);
	struct fake_visits *visits = answer->vault->visits;
	uint8_t proof[SEAL_KEY_BYTES];
	struct err err = { .st = ST_OK };

	if (visit == NULL)
		return;
	must(link_password_proof(visits->password_key, proof, &err), &err);
	if (visit->stage == LINK_STAGE_CODE &&
	    strcmp(request->mailbox_code, FAKE_MAILBOX_CODE) == 0)
		visit->stage = visit->link == FAKE_LINK_PASSWORD
				       ? LINK_STAGE_PASSWORD
				       : LINK_STAGE_READY;
	else if (visit->stage == LINK_STAGE_PASSWORD &&
		 request->password_proof.len_bytes == sizeof(proof) &&
		 memcmp(request->password_proof.ptr, proof, sizeof(proof)) == 0)
		visit->stage = LINK_STAGE_READY;
	else
		visits->wrong[visit->link]++;
	send_view(answer, &vault_table_LINK_PROVE_answer, visit);
}

static void
answer_take(struct answer *answer, const struct vault_link_take *request)
{
	struct fake_visit *visit = find_visit(answer, &request->visit);
	struct fake_visits *visits = answer->vault->visits;

	if (visit == NULL)
		return;
	for (size_t i = 0; i < FAKE_FILES; i++) {
		if (request->file != LINK_ALL_FILES && request->file != i)
			continue;
		if (is_gone(visits, visit, i)) {
			fake_fail(answer, VAULT_FAILURE_CONFLICT, "fetched");
			return;
		}
		visits->taken += !visit->mine[i];
		visit->mine[i] = true;
	}
	send_view(answer, &vault_table_LINK_TAKE_answer, visit);
}

static void
answer_fetch(struct answer *answer, const struct vault_link_take *request)
{
	const struct fake_visit *visit = find_visit(answer, &request->visit);
	struct fake_visits *visits = answer->vault->visits;
	uint8_t wrapped[LINK_WRAPPED_BYTES];
	struct vault_link_fetch_answer out;

	if (visit == NULL)
		return;
	for (size_t i = 0; i < FAKE_FILES; i++)
		if ((request->file == LINK_ALL_FILES || request->file == i) &&
		    !visit->mine[i]) {
			fake_fail(answer, VAULT_FAILURE_CONFLICT, "not taken");
			return;
		}
	wrap_for(visits, visit->link, wrapped);
	out = (struct vault_link_fetch_answer){
		{ wrapped, sizeof(wrapped) },
		sbuf_span(&visits->manifest),
		visits->sealed_bytes,
	};
	NEGLECT(channel_send(answer->channel, &vault_table_LINK_FETCH_answer,
			     &out, &visits->blob_fd, 1, INT64_MAX,
			     &answer->err));
}

static void
answer_sent(struct answer *answer, const struct vault_link_sent *request)
{
	struct fake_visits *visits = visits_of(answer);
	const struct vault_empty empty = { 0 };

	if (visits->sent_count < FAKE_SENT)
		visits->sent[visits->sent_count++] =
			(struct fake_sent){ request->file, request->sent_bytes,
					    request->complete };
	fake_send(answer, &vault_table_LINK_SENT_answer, &empty);
}

static void
answer_public(struct answer *answer, const struct vault_empty *request)
{
	const struct vault_link_public key = { { 1 } };

	(void)request;
	fake_send(answer, &vault_table_LINK_PUBLIC_answer, &key);
}

bool
fake_answer_visits(struct answer *answer, struct wire_arena **arena)
{
	visits_of(answer)->requests++;
	switch (answer->frame->type) {
		ANSWER(LINK_OPEN, link_open, answer_open)
		ANSWER(LINK_LOOK, link_visit, answer_look)
		ANSWER(LINK_KEEP, link_visit, answer_keep)
		ANSWER(LINK_LEAVE, link_visit, answer_leave)
		ANSWER(LINK_CODE, link_visit, answer_code)
		ANSWER(LINK_PROVE, link_prove, answer_prove)
		ANSWER(LINK_TAKE, link_take, answer_take)
		ANSWER(LINK_FETCH, link_take, answer_fetch)
		ANSWER(LINK_SENT, link_sent, answer_sent)
		ANSWER(LINK_PUBLIC, empty, answer_public)
	default:
		visits_of(answer)->requests--;
		return false;
	}
	return true;
}

size_t
fake_vault_sent(struct fake_vault *vault, struct fake_sent *last_out)
{
	size_t count = 0;

	(void)pthread_mutex_lock(&vault->lock);
	if (vault->visits != NULL)
		count = vault->visits->sent_count;
	if (count > 0 && last_out != NULL)
		*last_out = vault->visits->sent[count - 1];
	(void)pthread_mutex_unlock(&vault->lock);
	return count;
}

void
fake_vault_end_link(struct fake_vault *vault, enum fake_link which)
{
	(void)pthread_mutex_lock(&vault->lock);
	if (vault->visits != NULL)
		vault->visits->ended[which] = true;
	(void)pthread_mutex_unlock(&vault->lock);
}

void
fake_vault_end_visits(struct fake_vault *vault)
{
	(void)pthread_mutex_lock(&vault->lock);
	if (vault->visits != NULL)
		vault->visits->visits_are_over = true;
	(void)pthread_mutex_unlock(&vault->lock);
}

/* One of the counters; 0 before the first request. */
static size_t
count_of(struct fake_vault *vault, size_t offset)
{
	size_t count = 0;

	(void)pthread_mutex_lock(&vault->lock);
	if (vault->visits != NULL)
		memcpy(&count, (const uint8_t *)vault->visits + offset,
		       sizeof(count));
	(void)pthread_mutex_unlock(&vault->lock);
	return count;
}

size_t
fake_vault_codes(struct fake_vault *vault)
{
	return count_of(vault, offsetof(struct fake_visits, codes));
}

size_t
fake_vault_taken(struct fake_vault *vault)
{
	return count_of(vault, offsetof(struct fake_visits, taken));
}

size_t
fake_vault_link_requests(struct fake_vault *vault)
{
	return count_of(vault, offsetof(struct fake_visits, requests));
}

bool
fake_vault_certificate(struct fake_vault *vault)
{
	return count_of(vault, offsetof(struct fake_visits, certificate)) != 0;
}
