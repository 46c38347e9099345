/* Tests of vault/audit/audit.h, in the order of its promises. */
#include "vault/audit/audit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/vault/key_harness.h"
#include "vault/audit/audit_row.h"
#include "vault/audit/audit_seal.h"
#include "vault/keys/key_ring_audit.h"
/* To change rows as somebody with the database file in hand would. */
#include "vault/store/sqlite_call.h"

enum { ROWS = 50 };

static struct key_ring *
ring_of(struct fixture *f)
{
	struct key_ring *ring = NULL;
	struct err err = { 0 };

	check_status(ST_OK, key_ring_open(key_source(f), f->store, &ring, &err),
		     &err);
	return ring;
}

static void
append(struct store *store, const struct key_ring *ring, unsigned int number)
{
	uint8_t case_id[CASE_ID_BYTES];
	const struct audit_event event = {
		.at_unix_ms = 1000 + number,
		.actor = "approver1",
		.via = "desk",
		.event = "approve",
		.case_id = number % 2 == 0 ? case_id : NULL,
		.detail = "recipients=2",
		.secret = number == 7 ? "to tanaka@example.co.jp" : NULL,
	};
	struct err err = { 0 };

	memset(case_id, (int)number, sizeof(case_id));
	check_status(ST_OK, audit_append(store, ring, &event, &err), &err);
}

/* A log of ROWS rows in an open transaction, with heads behind 20 and 40. */
static struct key_ring *
fill(struct fixture *f)
{
	struct key_ring *ring = ring_of(f);
	struct err err = { 0 };

	check_status(ST_OK, store_begin(f->store, &err), &err);
	for (unsigned int i = 1; i <= ROWS; i++) {
		append(f->store, ring, i);
		if (i % 20 == 0)
			check_status(ST_OK, audit_seal(f->store, ring, &err),
				     &err);
	}
	return ring;
}

static struct audit_finding
verify(struct fixture *f, const struct key_ring *ring)
{
	struct audit_finding finding = { 0 };
	struct err err = { 0 };

	check_status(ST_OK, audit_verify(f->store, ring, &finding, &err), &err);
	return finding;
}

static void
change(struct fixture *f, const char *sql)
{
	char *message = NULL;

	if (sqlite3_exec(f->store->db, sql, NULL, NULL, &message) != SQLITE_OK)
		fail_msg("%s: %s", sql, message);
}

static void
check_bad(struct fixture *f, const struct key_ring *ring, uint64_t want_seq,
	  const char *want_reason)
{
	const struct audit_finding finding = verify(f, ring);

	assert_false(finding.intact);
	assert_string_equal(finding.reason, want_reason);
	assert_int_equal(finding.bad_seq, want_seq);
}

/* Make a change, verify, and take it back. */
static void
check_change(struct fixture *f, const struct key_ring *ring, const char *sql,
	     uint64_t want_seq, const char *want_reason)
{
	change(f, "SAVEPOINT tampering");
	change(f, sql);
	check_bad(f, ring, want_seq, want_reason);
	change(f, "ROLLBACK TO tampering; RELEASE tampering");
}

static void
a_log_as_it_was_written_is_intact(void **state)
{
	struct fixture *f = *state;
	AUTO(key_ring_free) struct key_ring *ring = ring_of(f);
	struct audit_finding finding = verify(f, ring);
	struct err err = { 0 };

	assert_true(finding.intact);
	assert_int_equal(finding.rows, 0);
	key_ring_free(&ring);
	ring = fill(f);
	finding = verify(f, ring);
	assert_string_equal(finding.reason, "");
	assert_true(finding.intact);
	assert_int_equal(finding.rows, ROWS);
	assert_int_equal(finding.bad_seq, 0);
	check_status(ST_OK, audit_seal(f->store, ring, &err), &err);
	check_status(ST_OK, audit_seal(f->store, ring, &err), &err);
	check_status(ST_OK, store_commit(f->store, &err), &err);
	/* After a restart the chain of rows and seals goes on. */
	fixture_reopen(f);
	key_ring_free(&ring);
	ring = ring_of(f);
	check_status(ST_OK, store_begin(f->store, &err), &err);
	append(f->store, ring, 51);
	check_status(ST_OK, audit_seal(f->store, ring, &err), &err);
	finding = verify(f, ring);
	assert_string_equal(finding.reason, "");
	assert_true(finding.intact);
	assert_int_equal(finding.rows, ROWS + 1);
	store_rollback(f->store);
}

/* Flip each bit of a column; blob columns are written back changed. */
static void
flip_blob(struct fixture *f, const struct key_ring *ring, uint64_t seq,
	  const char *select, const char *update)
{
	AUTO(call_end) struct call call;
	AUTO(sbuf_done) struct sbuf bytes;
	struct err err = { 0 };

	sbuf_init(&bytes, 10000);
	call_begin(&call, f->store, select);
	call_uint(&call, seq);
	check_status(ST_OK, call_row(&call, &err), &err);
	sbuf_add_span(&bytes, call_get_span(&call, 0));
	call_end(&call);
	for (size_t bit = 0; bit <= bytes.len_bytes * 8; bit++) {
		AUTO(call_end) struct call put;

		if (bit > 0)
			bytes.bytes[(bit - 1) / 8] ^= (uint8_t)(1 << bit % 8);
		if (bit < bytes.len_bytes * 8)
			bytes.bytes[bit / 8] ^= (uint8_t)(1 << (bit + 1) % 8);
		call_begin(&put, f->store, update);
		call_span(&put, sbuf_span(&bytes));
		call_uint(&put, seq);
		check_status(ST_OK, call_run(&put, &err), &err);
		const struct audit_finding finding = verify(f, ring);

		if (bit == bytes.len_bytes * 8) {
			assert_true(finding.intact);
			break;
		}
		assert_false(finding.intact);
		assert_int_equal(finding.bad_seq, seq);
	}
}

static void
flip_number(struct fixture *f, const struct key_ring *ring, uint64_t seq,
	    const char *column)
{
	char sql[200];

	for (unsigned int bit = 0; bit < 64; bit++) {
		const int64_t mask = (int64_t)(UINT64_C(1) << bit);

		/* XOR, which SQLite has not, out of what it has. */
		(void)snprintf(sql, sizeof(sql),
			       "SAVEPOINT tampering;"
			       "UPDATE OR ROLLBACK audit SET %s ="
			       " (%s | %lld) & ~(%s & %lld) WHERE seq = %llu",
			       column, column, (long long)mask, column,
			       (long long)mask, (unsigned long long)seq);
		if (strcmp(column, "seq") == 0 && (seq ^ 1ULL << bit) >= 1 &&
		    (seq ^ 1ULL << bit) <= ROWS)
			continue; /* two rows of one number cannot be stored */
		change(f, sql);
		const struct audit_finding finding = verify(f, ring);

		assert_false(finding.intact);
		assert_int_equal(finding.bad_seq, seq);
		change(f, "ROLLBACK TO tampering; RELEASE tampering");
	}
	assert_true(verify(f, ring).intact);
}

static void
every_single_bit_of_every_row_counts(void **state)
{
	struct fixture *f = *state;
	AUTO(key_ring_free) struct key_ring *ring = fill(f);

	for (uint64_t seq = 1; seq <= ROWS; seq++) {
		flip_number(f, ring, seq, "seq");
		flip_number(f, ring, seq, "at_unix_ms");
		if (seq % 2 == 0)
			flip_blob(f, ring, seq,
				  "SELECT case_id FROM audit WHERE seq = ?",
				  "UPDATE audit SET case_id = ? WHERE seq = ?");
		flip_blob(f, ring, seq, "SELECT body FROM audit WHERE seq = ?",
			  "UPDATE audit SET body = ? WHERE seq = ?");
		flip_blob(f, ring, seq, "SELECT hash FROM audit WHERE seq = ?",
			  "UPDATE audit SET hash = ? WHERE seq = ?");
	}
	store_rollback(f->store);
}

static void
every_single_bit_of_the_heads_counts(void **state)
{
	struct fixture *f = *state;
	AUTO(key_ring_free) struct key_ring *ring = fill(f);

	for (uint64_t seq = 20; seq <= 40; seq += 20)
		flip_blob(f, ring, seq, "SELECT body FROM heads WHERE seq = ?",
			  "UPDATE heads SET body = ? WHERE seq = ?");
	store_rollback(f->store);
}

static void
rows_cannot_go_come_or_change_places(void **state)
{
	static const struct {
		const char *sql;
		uint64_t seq;
		const char *reason;
	} cases[] = {
		{ "DELETE FROM audit WHERE seq = 1", 1,
		  "row 1: it is missing" },
		{ "DELETE FROM audit WHERE seq = 33", 33,
		  "row 33: it is missing" },
		{ "DELETE FROM audit WHERE seq = 50", 50,
		  "row 50: it is missing: the log was cut off" },
		{ "DELETE FROM audit WHERE seq > 45", 46,
		  "row 46: it is missing: the log was cut off" },
		{ "DELETE FROM audit WHERE seq > 30", 31,
		  "row 31: it is missing: the log was cut off" },
		{ "DELETE FROM audit", 1,
		  "row 1: it is missing: the log was cut off" },
		{ "DELETE FROM audit WHERE seq = 20;"
		  "UPDATE audit SET seq = seq - 1 WHERE seq > 20",
		  20,
		  "row 20: its hash does not fit its content and the row "
		  "before" },
		{ "UPDATE audit SET seq = 100 WHERE seq = 11;"
		  "UPDATE audit SET seq = 11 WHERE seq = 13;"
		  "UPDATE audit SET seq = 13 WHERE seq = 100",
		  11,
		  "row 11: its hash does not fit its content and the row "
		  "before" },
		{ "INSERT INTO audit SELECT 51, at_unix_ms, case_id, body, hash"
		  " FROM audit WHERE seq = 50",
		  51,
		  "row 51: its hash does not fit its content and the row "
		  "before" },
		{ "INSERT INTO audit SELECT 0, at_unix_ms, case_id, body, hash"
		  " FROM audit WHERE seq = 50",
		  0, "row 0: nothing has this number or a lower one" },
		{ "UPDATE audit SET case_id = x'00' WHERE seq = 5", 5,
		  "row 5: its hash does not fit its content and the row "
		  "before" },
		{ "UPDATE audit SET hash = x'' WHERE seq = 5", 5,
		  "row 5: its hash does not fit its content and the row "
		  "before" },
		{ "DELETE FROM heads WHERE seq = 20", 1,
		  "row 1: a tree head behind it is missing" },
		{ "DELETE FROM heads WHERE seq = 40", 21,
		  "row 21: a tree head behind it is missing" },
		{ "UPDATE heads SET seq = 41 WHERE seq = 40", 41,
		  "row 41: its tree head is damaged" },
		{ "UPDATE meta SET value = zeroblob(80)"
		  " WHERE name = 'audit_tip'",
		  0, "the tip of the log was changed" },
		{ "DELETE FROM meta WHERE name = 'audit_tip'", 1,
		  "row 1: it was not written by the vault" },
	};
	struct fixture *f = *state;
	AUTO(key_ring_free) struct key_ring *ring = fill(f);

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check_change(f, ring, cases[i].sql, cases[i].seq,
			     cases[i].reason);
	assert_true(verify(f, ring).intact);
	store_rollback(f->store);
}

/* With SHA-256 alone anybody can make a chain that fits in itself. */
static void
a_chain_made_anew_is_found_by_tip_and_heads(void **state)
{
	struct fixture *f = *state;
	AUTO(key_ring_free) struct key_ring *ring = fill(f);

	change(f, "SAVEPOINT tampering; DELETE FROM audit WHERE seq > 44");
	for (unsigned int i = 45; i <= ROWS; i++)
		append(f->store, NULL, i + 100);
	assert_true(verify(f, NULL).intact);
	check_bad(f, ring, 50, "row 50: it is not what the tip says");
	change(f, "ROLLBACK TO tampering; DELETE FROM audit WHERE seq > 34");
	for (unsigned int i = 35; i <= ROWS; i++)
		append(f->store, NULL, i + 100);
	check_bad(f, ring, 40,
		  "row 40: the tree up to here does not fit its head");
	change(f, "ROLLBACK TO tampering; RELEASE tampering");
	append(f->store, NULL, 99);
	check_bad(f, ring, 51, "row 51: it was not written by the vault");
	append(f->store, ring, 52);
	check_bad(f, ring, 51, "row 51: it was not written by the vault");
	store_rollback(f->store);
}

/* Write the head of row 40 anew, with another root, under this key. */
static void
seal_anew(struct fixture *f, const uint8_t key[DIGEST_BYTES], uint8_t flip)
{
	AUTO(call_end) struct call call;
	AUTO(call_end) struct call put;
	AUTO(sbuf_done) struct sbuf body;
	uint8_t mac[DIGEST_BYTES];
	struct err err = { 0 };

	sbuf_init(&body, 10000);
	call_begin(&call, f->store, "SELECT body FROM heads WHERE seq = 40");
	check_status(ST_OK, call_row(&call, &err), &err);
	sbuf_add_span(&body, call_get_span(&call, 0));
	sbuf_truncate(&body, body.len_bytes - DIGEST_BYTES);
	body.bytes[24] ^= flip; /* the instant */
	check_status(ST_OK,
		     hmac_once((struct span){ key, DIGEST_BYTES },
			       sbuf_span(&body), mac, &err),
		     &err);
	sbuf_add(&body, mac, sizeof(mac));
	call_end(&call);
	call_begin(&put, f->store, "UPDATE heads SET body = ? WHERE seq = 40");
	call_span(&put, sbuf_span(&body));
	check_status(ST_OK, call_run(&put, &err), &err);
}

/* Who got hold of the key for the next head cannot rewrite older ones. */
static void
each_head_needs_the_key_of_its_own_time(void **state)
{
	struct fixture *f = *state;
	AUTO(key_ring_free) struct key_ring *ring = fill(f);
	uint8_t key[DIGEST_BYTES];
	struct err err = { 0 };

	check_status(ST_OK, key_ring_audit_key(ring, f->store, key, &err),
		     &err);
	seal_anew(f, key, 1);
	check_bad(f, ring, 40,
		  "row 40: the seal of its tree head does not fit");
	check_status(ST_OK, audit_key_next(key, &err), &err);
	seal_anew(f, key, 1);
	assert_true(verify(f, ring).intact);
	check_status(ST_OK, audit_key_next(key, &err), &err);
	seal_anew(f, key, 1);
	check_bad(f, ring, 40,
		  "row 40: the seal of its tree head does not fit");
	store_rollback(f->store);
}

static void
rows_of_a_locked_vault_are_adopted_at_unlock(void **state)
{
	struct fixture *f = *state;
	AUTO(key_ring_free) struct key_ring *ring = fill(f);
	uint64_t adopted = 0;
	struct err err = { 0 };

	for (unsigned int i = 51; i <= 53; i++)
		append(f->store, NULL, i);
	check_status(ST_OK, audit_adopt(f->store, ring, &adopted, &err), &err);
	assert_int_equal(adopted, 3);
	append(f->store, ring, 54);
	check_status(ST_OK, audit_seal(f->store, ring, &err), &err);
	const struct audit_finding finding = verify(f, ring);

	assert_string_equal(finding.reason, "");
	assert_true(finding.intact);
	assert_int_equal(finding.rows, 54);
	store_rollback(f->store);
}

static void
a_locked_vault_records_no_secrets(void **state)
{
	struct fixture *f = *state;
	const struct audit_event event = {
		.actor = "a", .via = "b", .event = "c", .secret = "d"
	};
	struct err err = { 0 };

	check_status(ST_OK, store_begin(f->store, &err), &err);
	check_status(ST_DENIED, audit_append(f->store, NULL, &event, &err),
		     &err);
	store_rollback(f->store);
}

struct lines {
	unsigned int count;
	bool secrets;
};

static enum status
see_line(void *context, const struct audit_line *line, struct err *err)
{
	struct lines *lines = context;
	const struct audit_event *event = &line->event;

	(void)err;
	lines->count++;
	assert_int_equal(line->seq, lines->count);
	assert_int_equal(event->at_unix_ms, 1000 + lines->count);
	assert_string_equal(event->actor, "approver1");
	assert_string_equal(event->via, "desk");
	assert_string_equal(event->event, "approve");
	assert_string_equal(event->detail, "recipients=2");
	assert_string_equal(event->secret, lines->count == 7 && lines->secrets
						   ? "to tanaka@example.co.jp"
						   : "");
	assert_int_equal(event->case_id != NULL, line->seq % 2 == 0);
	if (event->case_id != NULL)
		assert_int_equal(event->case_id[0], line->seq);
	return ST_OK;
}

static void
rows_are_read_back_and_secrets_need_the_ring(void **state)
{
	static const struct store_audit_query all = { .limit = 1000 };
	struct fixture *f = *state;
	AUTO(key_ring_free) struct key_ring *ring = fill(f);
	struct lines lines = { .secrets = true };
	struct err err = { 0 };

	check_status(ST_OK,
		     audit_each(f->store, ring, &all, see_line, &lines, &err),
		     &err);
	assert_int_equal(lines.count, ROWS);
	lines = (struct lines){ 0 };
	check_status(ST_OK,
		     audit_each(f->store, NULL, &all, see_line, &lines, &err),
		     &err);
	assert_int_equal(lines.count, ROWS);
	store_rollback(f->store);
}

static void
every_prefix_of_a_row_is_damaged(void **state)
{
	static const struct audit_event event = { .actor = "a",
						  .via = "via",
						  .event = "hold",
						  .detail = "recipients=2" };
	AUTO(sbuf_done) struct sbuf body;
	AUTO(sbuf_done) struct sbuf texts;
	struct audit_event got;
	struct err err = { 0 };

	(void)state;
	sbuf_init(&body, 1000);
	sbuf_init(&texts, 1000);
	check_status(ST_OK, audit_row_encode(NULL, &event, &body, &err), &err);
	sbuf_add_byte(&body, 0);
	for (size_t len = 0; len <= body.len_bytes; len++) {
		uint8_t *copy = malloc(len > 0 ? len : 1);
		const struct store_audit_row row = { .body = { copy, len } };

		assert_non_null(copy);
		memcpy(copy, body.bytes, len);
		sbuf_clear(&texts);
		check_status(len + 1 == body.len_bytes ? ST_OK : ST_FORMAT,
			     audit_row_decode(NULL, &row, &texts, &got, &err),
			     &err);
		free(copy);
	}
}

static void
the_export_is_one_json_object_per_line(void **state)
{
	static const char first[] =
		"{\"seq\":1,\"at\":\"1970-01-01T00:00:01.001Z\","
		"\"actor\":\"approver1\",\"via\":\"desk\","
		"\"event\":\"approve\",\"case\":null,"
		"\"detail\":\"recipients=2\",\"note\":\"\",\"hash\":\"";
	struct fixture *f = *state;
	AUTO(key_ring_free) struct key_ring *ring = fill(f);
	AUTO(fd_close) int fd = FD_NONE;
	AUTO(sbuf_done) struct sbuf text;
	struct err err = { 0 };
	size_t lines = 0;

	sbuf_init(&text, 1 << 20);
	check_status(ST_OK, fd_memory("export", &fd, &err), &err);
	/* A changed row that is no text must not break the file. */
	change(f, "UPDATE audit SET body = x'ff' WHERE seq = 9");
	check_status(ST_OK, audit_export(f->store, ring, fd, &err), &err);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	check_status(ST_OK, fd_slurp(fd, &text, &err), &err);
	for (size_t i = 0; i < text.len_bytes; i++)
		lines += text.bytes[i] == '\n';
	assert_int_equal(lines, ROWS + 2);
	assert_memory_equal(text.bytes, first, strlen(first));
	assert_non_null(strstr(sbuf_text(&text),
			       "\"note\":\"to tanaka@example.co.jp\""));
	assert_non_null(strstr(sbuf_text(&text), "\"event\":\"damaged\""));
	assert_non_null(strstr(sbuf_text(&text), "{\"head\":1,\"rows\":40,"));
	store_rollback(f->store);
}

#define KEYED(test) \
	cmocka_unit_test_setup_teardown(test, fixture_keyed, fixture_teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		KEYED(a_log_as_it_was_written_is_intact),
		KEYED(every_single_bit_of_every_row_counts),
		KEYED(every_single_bit_of_the_heads_counts),
		KEYED(rows_cannot_go_come_or_change_places),
		KEYED(a_chain_made_anew_is_found_by_tip_and_heads),
		KEYED(each_head_needs_the_key_of_its_own_time),
		KEYED(rows_of_a_locked_vault_are_adopted_at_unlock),
		KEYED(a_locked_vault_records_no_secrets),
		KEYED(rows_are_read_back_and_secrets_need_the_ring),
		cmocka_unit_test(every_prefix_of_a_row_is_damaged),
		KEYED(the_export_is_one_json_object_per_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
