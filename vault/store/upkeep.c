/* upkeep.c - is everything there? Contract: upkeep.h. */
#include "vault/store/upkeep.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/crypto/digest.h"
#include "vault/store/store_link.h"

struct check {
	const char *state_dir;
	struct upkeep_finding finding;
};

/* case_id NULL: of no case. */
static void
check_problem(struct check *check, const char *what, const uint8_t *case_id)
{
	char text[CASE_ID_TEXT_BYTES] = "";

	check->finding.problems++;
	if (check->finding.problems > 1)
		return;
	if (case_id != NULL)
		case_id_format(case_id, text);
	(void)snprintf(check->finding.first_problem,
		       sizeof(check->finding.first_problem), "%s%s%s",
		       case_id != NULL ? "case " : "", text, what);
}

static enum status
check_hash(int fd, uint8_t hash_out[DIGEST_BYTES], uint64_t *size_bytes_out,
	   struct err *err)
{
	AUTO(digest_free) struct digest *digest = NULL;
	uint8_t chunk[8 * 1024];
	uint64_t size_bytes = 0;
	enum status st = digest_new(&digest, err);

	while (st == ST_OK) {
		const ssize_t n = read(fd, chunk, sizeof(chunk));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set_errno(err, "check: cannot read a blob");
		if (n == 0)
			break;
		size_bytes += (uint64_t)n;
		st = digest_add(digest, (struct span){ chunk, (size_t)n }, err);
	}
	if (st == ST_OK)
		st = digest_end(digest, hash_out, err);
	if (st == ST_OK)
		*size_bytes_out = size_bytes;
	return st;
}

/* A problem with one blob is counted; the walk goes on. */
static enum status
check_blob(struct check *check, const uint8_t *case_id, const struct blob *blob,
	   struct err *err)
{
	AUTO(fd_close) int fd = FD_NONE;
	uint8_t hash[DIGEST_BYTES];
	uint64_t size_bytes = 0;
	enum status st = ST_OK;

	check->finding.blobs++;
	st = blob_open(check->state_dir, blob->id, &fd, err);
	if (st == ST_NOT_FOUND) {
		check_problem(check, ": its blob is missing", case_id);
		return ST_OK;
	}
	if (st == ST_OK)
		st = check_hash(fd, hash, &size_bytes, err);
	if (st == ST_IO) {
		check_problem(check, ": its blob cannot be read", case_id);
		return ST_OK;
	}
	if (st == ST_OK && (size_bytes != blob->size_bytes ||
			    memcmp(hash, blob->hash, sizeof(hash)) != 0))
		check_problem(check, ": its blob was changed", case_id);
	return st;
}

static enum status
check_case(void *context, const struct store_case *row, struct err *err)
{
	struct check *check = context;
	struct blob blob = { .size_bytes = row->blob_bytes };

	check->finding.cases++;
	if (row->blob_key.len_bytes == 0)
		return ST_OK;
	memcpy(blob.id, row->blob_id, sizeof(blob.id));
	memcpy(blob.hash, row->blob_hash, sizeof(blob.hash));
	return check_blob(check, row->id, &blob, err);
}

static enum status
check_batch(void *context, const struct store_link_batch *row, struct err *err)
{
	struct check *check = context;
	enum status st = ST_OK;

	if (row->mail_key.len_bytes > 0)
		st = check_blob(check, row->case_id, &row->mail, err);
	if (st == ST_OK && row->ended_unix_ms == 0)
		st = check_blob(check, row->case_id, &row->files, err);
	return st;
}

enum status
upkeep_check(struct store *store, const char *state_dir,
	     struct upkeep_finding *finding_out, struct err *err)
{
	static const struct store_case_query all = { .state_mask = UINT32_MAX,
						     .everything = true,
						     .limit = UINT32_MAX };
	struct check check = { .state_dir = state_dir };
	struct err why = { .st = ST_OK };
	enum status st = store_check(store, &why);

	if (st == ST_FORMAT)
		check_problem(&check, why.text, NULL);
	else if (st != ST_OK) {
		if (err != NULL)
			*err = why;
		return st;
	}
	st = store_case_each(store, &all, check_case, &check, NULL, err);
	if (st == ST_OK)
		st = store_link_batch_each(store, check_batch, &check, err);
	if (st == ST_OK)
		*finding_out = check.finding;
	return st;
}
