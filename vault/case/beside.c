#include "vault/case/beside.h"

#include <string.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/crypto/digest.h"
#include "vault/case/companion.h"
#include "vault/case/job.h"
#include "vault/case/rescan.h"
#include "vault/case/unlock.h"

enum {
	BESIDE_BOUNDARY_BYTES = 16,
	BESIDE_TEXT_BYTES = 200,
	/* As the scanner: of smaller files there is no use. */
	BESIDE_LEAST_BYTES = 100
};

struct beside {
	struct vault *vault;
	int to;
	uint64_t most_bytes;
	char boundary[2 * BESIDE_BOUNDARY_BYTES + 1];
	size_t count;
};

/* ---- is there a reason ---- */

static bool
has_files(const struct scan_report *report)
{
	for (size_t i = 0; i < report->part_count; i++)
		if (report->parts[i].attachment && !report->parts[i].locked &&
		    report->parts[i].size_bytes >= BESIDE_LEAST_BYTES)
			return true;
	return false;
}

static bool
has_old_lock(const struct scan_report *report)
{
	for (size_t i = 0; i < report->lock_count; i++)
		if (!report->locks[i].opened &&
		    strstr(report->locks[i].kind, "ZipCrypto") != NULL)
			return true;
	return false;
}

/* Does the report of a case say so? One that cannot be read says nothing. */
static enum status
ask_report(struct vault *vault, const struct record *record,
	   bool (*has)(const struct scan_report *report), bool *has_out,
	   struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct scan_report report = { .verdict = REPORT_VERDICT_NONE };
	struct err why = { .st = ST_OK };
	const enum status st =
		rescan_find(vault, record->row.id, &report, &arena, &why);

	if (st == ST_NO_MEMORY)
		return err_set(err, st, "%s", why.text);
	*has_out = st == ST_OK && has(&report);
	return ST_OK;
}

/* ---- the file ---- */

/* Nobody who writes a mail can know it. */
static enum status
make_boundary(struct beside *beside, struct err *err)
{
	static const char hex[] = "0123456789abcdef";
	uint8_t random[BESIDE_BOUNDARY_BYTES];
	const enum status st = random_fill(random, sizeof(random), err);

	for (size_t i = 0; st == ST_OK && i < sizeof(random); i++) {
		beside->boundary[2 * i] = hex[random[i] >> 4];
		beside->boundary[2 * i + 1] = hex[random[i] & 0xF];
	}
	return st;
}

static enum status
write_head(const struct beside *beside, struct err *err)
{
	AUTO(sbuf_done) struct sbuf text;
	enum status st = ST_OK;

	sbuf_init(&text, BESIDE_TEXT_BYTES);
	if (beside->count == 0)
		sbuf_addf(&text,
			  "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; "
			  "boundary=\"%s\"\r\n",
			  beside->boundary);
	sbuf_addf(&text, "\r\n--%s\r\nContent-Type: message/rfc822\r\n\r\n",
		  beside->boundary);
	st = sbuf_status(&text, "vault", err);
	return st == ST_OK ? fd_write_all(beside->to, sbuf_span(&text), err)
			   : st;
}

/* One mail; what cannot be opened is left out, and is no reason to try less
 * on the rest. */
static enum status
append_mail(struct beside *beside, const struct record *record, struct err *err)
{
	const struct store_case *row = &record->row;
	uint64_t before_bytes = 0;
	struct err why = { .st = ST_OK };
	enum status st = fd_size(beside->to, &before_bytes, err);

	if (st != ST_OK || row->blob_key.len_bytes == 0 ||
	    before_bytes > beside->most_bytes ||
	    record->summary.size_bytes + BESIDE_TEXT_BYTES * 2 >
		    beside->most_bytes - before_bytes)
		return st;
	st = write_head(beside, err);
	if (st != ST_OK)
		return st;
	st = job_append_blob(beside->vault, CASE_SEAL_MAIL, row->blob_id,
			     row->blob_key, beside->to, &why);
	if (st == ST_OK)
		beside->count++;
	else if (st == ST_NO_MEMORY)
		return err_set(err, st, "%s", why.text);
	else if (ftruncate(beside->to, (off_t)before_bytes) != 0 ||
		 lseek(beside->to, 0, SEEK_END) < 0)
		return err_set_errno(err, "vault: memory file");
	return ST_OK;
}

static enum status
append_one(struct beside *beside, const uint8_t id[CASE_ID_BYTES],
	   struct err *err)
{
	AUTO(record_done) struct record one;
	bool brings = false;
	enum status st = ST_OK;

	record_init(&one);
	st = record_read(beside->vault, id, &one, err);
	if (st == ST_OK)
		st = ask_report(beside->vault, &one, has_files, &brings, err);
	if (st == ST_OK && brings)
		st = append_mail(beside, &one, err);
	return st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status
append_all(struct beside *beside, const struct record *record, struct err *err)
{
	struct companions all = { .count = 0 };
	bool takes = false;
	enum status st =
		ask_report(beside->vault, record, has_old_lock, &takes, err);

	if (st == ST_OK && takes)
		st = companions_find(beside->vault, record->row.id, &all, err);
	if (st == ST_OK && all.count > 0)
		st = make_boundary(beside, err);
	for (size_t i = 0; st == ST_OK && i < all.count; i++)
		st = append_one(beside, all.ids[i], err);
	return st;
}

enum status
beside_open(struct vault *vault, const struct record *record, int *fd_out,
	    uint64_t *mail_bytes_out, struct err *err)
{
	AUTO(fd_close) int to = FD_NONE;
	struct beside beside = {
		.vault = vault,
		.most_bytes = (uint64_t)vault->config->milter.max_message_bytes,
	};
	uint64_t mail_bytes = 0;
	enum status st = fd_memory("mail", &to, err);

	if (st == ST_OK)
		st = job_append_blob(vault, CASE_SEAL_MAIL, record->row.blob_id,
				     record->row.blob_key, to, err);
	if (st == ST_OK)
		st = fd_size(to, &mail_bytes, err);
	beside.to = to;
	if (st == ST_OK)
		st = append_all(&beside, record, err);
	if (st == ST_OK)
		st = fd_seal(to, err);
	if (st != ST_OK)
		return st;
	*mail_bytes_out = beside.count > 0 ? mail_bytes : 0;
	*fd_out = FD_MOVE(to);
	return ST_OK;
}

enum status
beside_joined(struct vault *vault, const struct record *record,
	      struct record *main_record, struct err *err)
{
	bool brings = false;
	bool takes = false;
	enum status st = ST_OK;

	if (main_record->unlock.locked == 0)
		return ST_OK;
	st = ask_report(vault, main_record, has_old_lock, &takes, err);
	if (st == ST_OK && takes)
		st = ask_report(vault, record, has_files, &brings, err);
	return st == ST_OK && brings ? unlock_order(vault, main_record,
						    UNLOCK_REASON_RELATED, err)
				     : st;
}
