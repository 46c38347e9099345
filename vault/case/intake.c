#include "vault/case/intake.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "vault/case/case_change.h"
#include "vault/case/companion.h"
#include "vault/case/link_again.h"
#include "vault/case/link_choice.h"
#include "vault/case/notice.h"
#include "vault/case/preview.h"
#include "vault/case/related.h"
#include "vault/case/self_test.h"
#include "vault/case/unlock.h"

#define INTAKE_SEAL_DIGEST "case-digest"

enum { INTAKE_SEALED_BYTES = 1 + CASE_DIGEST_BYTES }; /* flag, digest */

/* A hold as it is worked on: what the milter told, where it is kept. */
struct intake {
	struct vault *vault;
	const struct case_detail *detail;
	struct store_case_detail columns;
	const uint8_t *digest;
	bool unconfirmed;
	bool self_test;
};

/* --- before the writer ------------------------------------------------- */

static enum status
check_room(const struct vault *vault, struct err *err)
{
	uint64_t free_bytes = 0;
	const int64_t least = vault->config->vault.min_free_bytes;
	const enum status st = blob_free_bytes(vault->config->general.state_dir,
					       &free_bytes, err);

	if (st == ST_OK && free_bytes < (uint64_t)least)
		return err_set(err, ST_IO,
			       "store: less than vault.min_free is left");
	return st;
}

static enum status
unseal_detail(const struct vault *vault, struct span key, struct span sealed,
	      struct case_detail *detail, struct wire_arena **arena_out,
	      struct err *err)
{
	struct sbuf plain;
	enum status st = ST_OK;

	sbuf_init_secret(&plain, VAULT_MAX_DETAIL_BYTES);
	st = key_ring_unseal(vault->ring, CASE_SEAL_DETAIL, key, sealed, &plain,
			     err);
	if (st == ST_OK)
		st = wire_decode(&case_detail_table, sbuf_span(&plain), detail,
				 arena_out, err);
	sbuf_done(&plain);
	return st;
}

/* What cannot be opened now could never be released: better the MTA keeps
 * it than that we say it is safe. */
static enum status
check_opens(const struct vault *vault, const struct vault_hold *request, int fd,
	    struct err *err)
{
	AUTO(fd_close) int sink = open("/dev/null", O_WRONLY | O_CLOEXEC);
	enum status st = ST_OK;

	if (sink < 0)
		return err_set_errno(err, "vault: no /dev/null");
	st = key_ring_unseal_fd(vault->ring, CASE_SEAL_MAIL, request->blob_key,
				fd, sink, err);
	if (st == ST_NOT_FOUND || st == ST_FORMAT)
		return err_set(err, ST_FORMAT,
			       "hold: the sealed mail cannot be opened");
	return st;
}

static enum status
check_shape(const struct vault *vault, const struct vault_hold *request, int fd,
	    struct err *err)
{
	struct seal_public public_key = { .epoch = 0 };
	uint32_t blob_epoch = 0;
	uint32_t detail_epoch = 0;
	uint64_t size_bytes = 0;
	enum status st = key_ring_find_public(vault->store, &public_key, err);

	if (st == ST_NOT_FOUND)
		return err_set(err, ST_UNSUPPORTED,
			       "the vault has no keys yet");
	if (st == ST_OK)
		st = fd_size(fd, &size_bytes, err);
	if (st == ST_OK)
		st = seal_epoch(request->blob_key, &blob_epoch, err);
	if (st == ST_OK)
		st = seal_epoch(request->detail_key, &detail_epoch, err);
	if (st != ST_OK)
		return st;
	if (size_bytes != request->sealed_bytes ||
	    blob_epoch != request->key_epoch ||
	    detail_epoch != request->key_epoch ||
	    request->key_epoch > public_key.epoch)
		return err_set(err, ST_FORMAT,
			       "hold: size or key epoch does not fit");
	return ST_OK;
}

enum status
intake_blob(struct vault *vault, const struct vault_hold *request, int fd,
	    struct blob *blob_out, struct err *err)
{
	enum status st = ST_OK;

	if (fd == FD_NONE)
		return err_set(err, ST_FORMAT, "hold: without a mail");
	st = check_shape(vault, request, fd, err);
	if (st == ST_OK)
		st = check_room(vault, err);
	if (st == ST_OK && vault->ring != NULL)
		st = check_opens(vault, request, fd, err);
	if (st == ST_OK)
		st = blob_put(vault->config->general.state_dir, fd, blob_out,
			      err);
	return st;
}

/* --- a new case -------------------------------------------------------- */

static enum status
mac_content(const struct vault *vault, const uint8_t digest[CASE_DIGEST_BYTES],
	    uint8_t out[STORE_HASH_BYTES], struct err *err)
{
	return vault_mac(vault, KEY_USE_CONTENT, "content",
			 (struct span){ digest, CASE_DIGEST_BYTES }, out, err);
}

static void
use_blob(struct store_case *row, const struct blob *blob, struct span key)
{
	memcpy(row->blob_id, blob->id, sizeof(row->blob_id));
	memcpy(row->blob_hash, blob->hash, sizeof(row->blob_hash));
	row->blob_bytes = blob->size_bytes;
	row->blob_key = key;
}

/* Everything of the summary that the detail tells. */
static enum status
fill_summary(struct intake *intake, struct record *record, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct scan_report report = { .verdict = REPORT_VERDICT_NONE };
	enum status st = record_summarize(record, intake->detail, err);

	if (st == ST_OK)
		st = report_decode(intake->detail->report, &report, &arena,
				   err);
	if (st == ST_OK)
		st = report_check(&report, err);
	if (st == ST_OK)
		st = record_take_report(record, &report, err);
	record->row.approvers = record->summary.terms.approvers;
	return st;
}

/* People first; what they look at may take longer. A companion is shown with
 * its main case, and its text tells a password. */
static enum status
follow_held(struct vault *vault, struct record *record, struct err *err)
{
	bool moved = false;
	enum status st = ST_OK;

	if (companion_is(&record->row))
		return ST_OK;
	st = link_at_once(vault, record, &moved, err);
	if (st != ST_OK || moved)
		return st;
	st = notice_held(vault, record, err);
	if (st == ST_OK)
		st = companions_tell(vault, record, err);

	if (st == ST_OK)
		st = preview_order(vault, record, err);
	return st == ST_OK ? unlock_search(vault, record, err) : st;
}

/* Recipients, senders and the version of a case whose row is there. */
static enum status
complete(struct intake *intake, struct record *record, struct err *err)
{
	struct vault *vault = intake->vault;
	enum status st = record_add_senders(vault, record, intake->detail, err);

	if (st == ST_OK)
		st = record_add_recipients(
			vault, record, intake->detail->recipients,
			intake->detail->recipient_count, NULL, err);
	if (st == ST_OK)
		st = record_bind(vault, record, err);
	if (st == ST_OK)
		st = record_box(vault, record, err);
	if (st == ST_OK)
		st = store_case_update(vault->store, &record->row, err);
	if (st == ST_OK && companion_is(&record->row))
		return companion_tell_main(vault, record, COMPANION_NEWS_MADE,
					   err);
	if (st == ST_OK)
		st = related_try_case(vault, record, err);
	return st == ST_OK && record->row.state == CASE_STATE_HELD &&
			       !record->row.self_test
		       ? follow_held(vault, record, err)
		       : st;
}

static enum status
make_case(struct intake *intake, struct record *record, struct err *err)
{
	char detail[80];
	const struct case_change change = {
		.event = intake->unconfirmed ? CASE_EVENT_TAKE_UNCONFIRMED
					     : CASE_EVENT_TAKE,
		.actor = "milter",
		.via = "milter",
		.detail = detail,
		.inserted = &intake->columns,
	};
	enum status st = mac_content(intake->vault, intake->digest,
				     record->row.content_key, err);

	if (st == ST_OK)
		st = fill_summary(intake, record, err);
	if (st == ST_OK)
		st = companion_set_times(intake->vault, record, err);
	if (st != ST_OK)
		return st;
	(void)snprintf(
		detail, sizeof(detail), "%srecipients=%zu bytes=%" PRIu64,
		companion_is(&record->row) ? "companion "
		: intake->self_test        ? "self-test "
					   : "",
		intake->detail->recipient_count, intake->detail->size_bytes);
	st = case_change(intake->vault, record, &change, err);
	return st == ST_OK ? complete(intake, record, err) : st;
}

/* --- a retry ----------------------------------------------------------- */

static enum status
join_case(struct intake *intake, struct record *record, struct err *err)
{
	struct vault *vault = intake->vault;
	char detail[80];
	uint32_t added = 0;
	const enum case_state before = record->row.state;
	const struct case_change change = {
		.event = intake->unconfirmed ? CASE_EVENT_SEEN_UNCONFIRMED
					     : CASE_EVENT_SEEN,
		.actor = "milter",
		.via = "milter",
		.detail = detail,
	};
	enum status st = record_open(vault, record, err);

	if (st == ST_OK)
		st = record_add_senders(vault, record, intake->detail, err);
	if (st == ST_OK)
		st = record_add_recipients(
			vault, record, intake->detail->recipients,
			intake->detail->recipient_count, &added, err);
	if (st == ST_OK)
		st = record_bind(vault, record, err);
	if (st == ST_OK)
		st = record_box(vault, record, err);
	/* Nobody could decide until now. */
	if (st == ST_OK && before == CASE_STATE_UNCONFIRMED &&
	    !intake->unconfirmed)
		st = companion_set_times(vault, record, err);
	if (st != ST_OK)
		return st;
	(void)snprintf(detail, sizeof(detail), "recipients_added=%" PRIu32,
		       added);
	st = case_change(vault, record, &change, err);
	if (st == ST_OK && companion_is(&record->row))
		st = companion_tell_main(vault, record, COMPANION_NEWS_CHANGED,
					 err);
	if (st == ST_OK && before != CASE_STATE_HELD &&
	    record->row.state == CASE_STATE_HELD)
		st = follow_held(vault, record, err);
	return st;
}

/* A case keeps the mail it came with; when that is lost (a commit that was
 * reported as failed, a damaged disk) the retry brings it back. */
static enum status
keep_one_blob(struct vault *vault, const struct store_case *fresh,
	      struct store_case *row, struct err *err)
{
	AUTO(fd_close) int fd = FD_NONE;
	enum status st = blob_open(vault->config->general.state_dir,
				   row->blob_id, &fd, err);

	if (st == ST_OK)
		vault_after_delete(vault, fresh->blob_id);
	if (st != ST_NOT_FOUND)
		return st;
	memcpy(row->blob_id, fresh->blob_id, sizeof(row->blob_id));
	memcpy(row->blob_hash, fresh->blob_hash, sizeof(row->blob_hash));
	row->blob_bytes = fresh->blob_bytes;
	row->blob_key = fresh->blob_key;
	return ST_OK;
}

/* The case that this mail is a retry of: undecided, or sent as links by its
 * rule. ST_NOT_FOUND: none. */
static enum status
find_same(struct intake *intake, struct store_case *row_out, struct err *err)
{
	const struct vault *vault = intake->vault;
	const int64_t since_unix_ms =
		vault->now_unix_ms - vault->config->vault.retry_join_s * 1000;
	uint8_t content[STORE_HASH_BYTES];
	enum status st = mac_content(vault, intake->digest, content, err);

	if (st != ST_OK)
		return st;
	st = store_case_find_content(vault->store, content, since_unix_ms,
				     row_out, err);
	return st == ST_NOT_FOUND
		       ? link_again_find(intake->vault, content, intake->detail,
					 row_out, err)
		       : st;
}

static enum status
take_retry(struct intake *intake, const struct store_case *fresh,
	   struct record *same, struct err *err)
{
	enum status st = ST_OK;

	if (link_again_is(&same->row)) {
		vault_after_delete(intake->vault, fresh->blob_id);
		return link_again_note(intake->vault, &same->row, err);
	}
	st = keep_one_blob(intake->vault, fresh, &same->row, err);
	return st == ST_OK ? join_case(intake, same, err) : st;
}

/* --- holds ------------------------------------------------------------- */

/* Locked: nothing can be read, so everything is kept as it came. */
static enum status
hold_sealed(struct vault *vault, const struct vault_hold *request,
	    struct record *record, struct err *err)
{
	struct seal_public public_key = { .epoch = 0 };
	uint8_t wrapped[SEAL_WRAPPED_BYTES];
	uint8_t plain[INTAKE_SEALED_BYTES];
	struct sbuf sealed;
	struct store_case_detail columns = { .detail_key = request->detail_key,
					     .detail = request->detail };
	const struct case_change change = { .event = CASE_EVENT_TAKE_SEALED,
					    .actor = "milter",
					    .via = "milter",
					    .detail = "the vault is locked",
					    .inserted = &columns };
	enum status st = key_ring_find_public(vault->store, &public_key, err);

	if (st != ST_OK)
		return st;
	plain[0] = request->unconfirmed ? 1 : 0;
	memcpy(plain + 1, request->content_digest, CASE_DIGEST_BYTES);
	sbuf_init(&sealed, 4096);
	st = seal_bytes(&public_key, INTAKE_SEAL_DIGEST,
			(struct span){ plain, sizeof(plain) }, &sealed, wrapped,
			err);
	if (st == ST_OK) {
		columns.digest = sbuf_span(&sealed);
		columns.digest_key = (struct span){ wrapped, sizeof(wrapped) };
		record->row.approvers = "";
		st = case_change(vault, record, &change, err);
	}
	sbuf_done(&sealed);
	explicit_bzero(plain, sizeof(plain));
	return st;
}

/* A mail of our own: what it should show was shown when the case is made, so
 * it ends at once, and nobody hears of it. */
static enum status
hold_self_test(struct intake *intake, struct record *record, struct err *err)
{
	struct vault *vault = intake->vault;
	const struct case_change change = { .event = CASE_EVENT_CANCEL,
					    .actor = "vault",
					    .via = "vault",
					    .detail = "self-test" };
	enum status st = ST_OK;

	/* When the MTA did not hear it, it will come again. */
	intake->unconfirmed = false;
	record->row.self_test = true;
	st = make_case(intake, record, err);
	if (st == ST_OK)
		st = store_recipient_settle(vault->store, record->row.id,
					    CASE_OUTCOME_CANCELLED, err);
	record->row.waiting_count = 0;
	if (st == ST_OK)
		st = case_change(vault, record, &change, err);
	return st == ST_OK ? case_shred(vault, record, err) : st;
}

static enum status
hold_open(struct vault *vault, const struct vault_hold *request,
	  struct record *record, bool *joined_out, struct err *err)
{
	AUTO(record_done) struct record same;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct case_detail detail = { .queue_id = NULL };
	struct intake intake = {
		.vault = vault,
		.detail = &detail,
		.columns = { .detail_key = request->detail_key,
			     .detail = request->detail },
		.digest = request->content_digest,
		.unconfirmed = request->unconfirmed,
	};
	enum status st = unseal_detail(vault, request->detail_key,
				       request->detail, &detail, &arena, err);

	record_init(&same);
	if (st != ST_OK)
		return st == ST_NO_MEMORY
			       ? st
			       : err_set(err, ST_FORMAT,
					 "hold: the sealed detail cannot be "
					 "read");
	st = self_test_redeem(vault, request, &intake.self_test, err);
	if (st != ST_OK)
		return st;
	if (intake.self_test)
		return hold_self_test(&intake, record, err);
	st = find_same(&intake, &same.row, err);
	*joined_out = st == ST_OK;
	if (st == ST_NOT_FOUND)
		return make_case(&intake, record, err);
	if (st != ST_OK)
		return st;
	st = take_retry(&intake, &record->row, &same, err);
	memcpy(record->row.id, same.row.id, sizeof(record->row.id));
	return st;
}

enum status
intake_hold(struct vault *vault, const struct vault_hold *request,
	    const struct blob *blob, struct vault_hold_answer *answer_out,
	    struct err *err)
{
	AUTO(record_done) struct record record;
	enum status st = ST_OK;

	record_init(&record);
	answer_out->joined = false;
	st = random_fill(record.row.id, sizeof(record.row.id), err);
	if (st != ST_OK)
		return st;
	record.row.taken_unix_ms = vault->now_unix_ms;
	if (request->companion_of.len_bytes == CASE_ID_BYTES)
		memcpy(record.row.companion_of, request->companion_of.ptr,
		       CASE_ID_BYTES);
	use_blob(&record.row, blob, request->blob_key);
	if (vault->ring == NULL)
		st = hold_sealed(vault, request, &record, err);
	else
		st = hold_open(vault, request, &record, &answer_out->joined,
			       err);
	if (st == ST_OK)
		memcpy(answer_out->case_id, record.row.id,
		       sizeof(answer_out->case_id));
	return st;
}

/* --- at unlock --------------------------------------------------------- */

static enum status
unseal_digest(const struct vault *vault,
	      const struct store_case_detail *columns,
	      uint8_t plain_out[INTAKE_SEALED_BYTES], struct err *err)
{
	struct sbuf plain;
	enum status st = ST_OK;

	sbuf_init_secret(&plain, 4096);
	st = key_ring_unseal(vault->ring, INTAKE_SEAL_DIGEST,
			     columns->digest_key, columns->digest, &plain, err);
	if (st == ST_OK && plain.len_bytes != INTAKE_SEALED_BYTES)
		st = err_set(err, ST_FORMAT, "hold: sealed digest damaged");
	if (st == ST_OK)
		memcpy(plain_out, plain.bytes, INTAKE_SEALED_BYTES);
	sbuf_done(&plain);
	return st;
}

/* It was a retry: the other case takes what is new, this one goes. */
static enum status
merge(struct intake *intake, struct record *record, struct record *same,
      struct err *err)
{
	char other[CASE_ID_TEXT_BYTES];
	const struct case_change gone = { .event = CASE_EVENT_MERGE,
					  .actor = "vault",
					  .via = "vault",
					  .detail = other };
	const enum status st = take_retry(intake, &record->row, same, err);

	if (st != ST_OK)
		return st;
	case_id_format(same->row.id, other);
	return case_change(intake->vault, record, &gone, err);
}

static enum status
open_case(struct intake *intake, struct record *record, struct err *err)
{
	const struct case_change change = {
		.event = intake->unconfirmed ? CASE_EVENT_OPEN_UNCONFIRMED
					     : CASE_EVENT_OPEN,
		.actor = "vault",
		.via = "vault",
	};
	const struct span none = { NULL, 0 };
	enum status st = mac_content(intake->vault, intake->digest,
				     record->row.content_key, err);

	if (st == ST_OK)
		st = fill_summary(intake, record, err);
	if (st == ST_OK)
		st = companion_open_times(intake->vault, record, err);
	if (st != ST_OK)
		return st;
	intake->columns.digest = none;
	intake->columns.digest_key = none;
	st = store_case_update_detail(intake->vault->store, record->row.id,
				      &intake->columns, err);
	if (st == ST_OK)
		st = case_change(intake->vault, record, &change, err);
	return st == ST_OK ? complete(intake, record, err) : st;
}

enum status
intake_unseal(struct vault *vault, const uint8_t id[CASE_ID_BYTES],
	      struct err *err)
{
	AUTO(record_done) struct record record;
	AUTO(record_done) struct record same;
	AUTO(store_case_detail_done)
	struct store_case_detail columns = { .memory = NULL };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct case_detail detail = { .queue_id = NULL };
	uint8_t plain[INTAKE_SEALED_BYTES];
	struct intake intake = { .vault = vault, .detail = &detail };
	enum status st = vault_need_ring(vault, err);

	record_init(&record);
	record_init(&same);
	if (st == ST_OK)
		st = store_case_find(vault->store, id, &record.row, err);
	if (st == ST_OK)
		st = store_case_find_detail(vault->store, id, &columns, err);
	if (st == ST_OK)
		st = unseal_digest(vault, &columns, plain, err);
	if (st == ST_OK)
		st = unseal_detail(vault, columns.detail_key, columns.detail,
				   &detail, &arena, err);
	if (st != ST_OK)
		return st;
	intake.columns = columns;
	intake.unconfirmed = plain[0] != 0;
	intake.digest = plain + 1;
	st = find_same(&intake, &same.row, err);
	if (st == ST_OK)
		return merge(&intake, &record, &same, err);
	return st == ST_NOT_FOUND ? open_case(&intake, &record, err) : st;
}
