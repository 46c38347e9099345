/*
 * sqlite_schema.c - the tables, and the steps between their versions.
 *
 * A step that was released is never changed; a new one is added behind it.
 * The version is the file's user_version and goes up inside the step's own
 * transaction.
 */
#include <inttypes.h>

#include "vault/store/sqlite_call.h"

static const char *const step_1[] = {
	"CREATE TABLE meta ("
	" name TEXT PRIMARY KEY,"
	" value BLOB NOT NULL"
	") STRICT, WITHOUT ROWID;",

	"CREATE TABLE cases ("
	" id BLOB PRIMARY KEY CHECK (length(id) = 16),"
	" state INTEGER NOT NULL,"
	" content_key BLOB NOT NULL CHECK (length(content_key) = 32),"
	" version BLOB NOT NULL CHECK (length(version) = 32),"
	" taken_unix_ms INTEGER NOT NULL,"
	" deadline_unix_ms INTEGER NOT NULL,"
	" remind_unix_ms INTEGER NOT NULL,"
	" ended_unix_ms INTEGER NOT NULL,"
	" recipient_count INTEGER NOT NULL,"
	" waiting_count INTEGER NOT NULL,"
	" approvers TEXT NOT NULL,"
	" blob_id BLOB NOT NULL CHECK (length(blob_id) = 16),"
	" blob_hash BLOB NOT NULL CHECK (length(blob_hash) = 32),"
	" blob_bytes INTEGER NOT NULL,"
	" blob_key BLOB NOT NULL,"
	" summary BLOB NOT NULL,"
	" decision BLOB NOT NULL"
	") STRICT;"
	"CREATE INDEX cases_state ON cases (state, taken_unix_ms, id);"
	"CREATE INDEX cases_content ON cases (content_key, taken_unix_ms);"
	"CREATE INDEX cases_deadline ON cases (state, deadline_unix_ms);"
	"CREATE INDEX cases_remind ON cases (state, remind_unix_ms);"
	"CREATE INDEX cases_ended ON cases (ended_unix_ms);"
	"CREATE INDEX cases_blob ON cases (blob_id);",

	"CREATE TABLE case_details ("
	" case_id BLOB PRIMARY KEY REFERENCES cases ON DELETE CASCADE,"
	" detail_key BLOB NOT NULL,"
	" detail BLOB NOT NULL,"
	" report_key BLOB NOT NULL,"
	" report BLOB NOT NULL,"
	" digest_key BLOB NOT NULL,"
	" digest BLOB NOT NULL"
	") STRICT;",

	"CREATE TABLE case_senders ("
	" address BLOB NOT NULL CHECK (length(address) = 32),"
	" case_id BLOB NOT NULL REFERENCES cases ON DELETE CASCADE,"
	" PRIMARY KEY (address, case_id)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX case_senders_case ON case_senders (case_id);",

	"CREATE TABLE recipients ("
	" case_id BLOB NOT NULL REFERENCES cases ON DELETE CASCADE,"
	" position INTEGER NOT NULL,"
	" address BLOB NOT NULL CHECK (length(address) = 32),"
	" outcome INTEGER NOT NULL,"
	" reply_code INTEGER NOT NULL,"
	" boxed BLOB NOT NULL,"
	" PRIMARY KEY (case_id, position),"
	" UNIQUE (case_id, address)"
	") STRICT;",

	"CREATE TABLE jobs ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" case_id BLOB NOT NULL REFERENCES cases ON DELETE CASCADE,"
	" kind INTEGER NOT NULL,"
	" dedupe BLOB NOT NULL UNIQUE CHECK (length(dedupe) = 32),"
	" done INTEGER NOT NULL,"
	" not_before_unix_ms INTEGER NOT NULL,"
	" attempts INTEGER NOT NULL,"
	" lease BLOB NOT NULL CHECK (length(lease) = 16),"
	" lease_until_unix_ms INTEGER NOT NULL,"
	" payload BLOB NOT NULL,"
	" last_error BLOB NOT NULL"
	") STRICT;"
	"CREATE INDEX jobs_case ON jobs (case_id);"
	"CREATE INDEX jobs_next ON jobs (not_before_unix_ms, id)"
	" WHERE done = 0;",

	"CREATE TABLE tickets ("
	" hash BLOB PRIMARY KEY CHECK (length(hash) = 32),"
	" case_id BLOB NOT NULL REFERENCES cases ON DELETE CASCADE,"
	" job_id INTEGER NOT NULL,"
	" content BLOB NOT NULL CHECK (length(content) = 32),"
	" sender BLOB NOT NULL CHECK (length(sender) = 32),"
	" recipients BLOB NOT NULL,"
	" made_unix_ms INTEGER NOT NULL,"
	" dead INTEGER NOT NULL"
	") STRICT;"
	"CREATE INDEX tickets_case ON tickets (case_id);"
	"CREATE INDEX tickets_job ON tickets (job_id);",

	"CREATE TABLE exports ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" asked_by INTEGER NOT NULL,"
	" consented_by INTEGER NOT NULL,"
	" asked_unix_ms INTEGER NOT NULL,"
	" consented_unix_ms INTEGER NOT NULL,"
	" fetched_unix_ms INTEGER NOT NULL,"
	" public_key BLOB NOT NULL CHECK (length(public_key) = 32),"
	" case_id BLOB,"
	" reason BLOB NOT NULL"
	") STRICT;",

	"CREATE TABLE users ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" login TEXT NOT NULL UNIQUE,"
	" name TEXT NOT NULL,"
	" language TEXT NOT NULL,"
	" roles INTEGER NOT NULL,"
	" enabled INTEGER NOT NULL,"
	" uid INTEGER NOT NULL,"
	" addresses TEXT NOT NULL,"
	" former_addresses TEXT NOT NULL,"
	" groups TEXT NOT NULL,"
	" password TEXT NOT NULL,"
	" created_unix_ms INTEGER NOT NULL,"
	" failures INTEGER NOT NULL,"
	" locked_until_unix_ms INTEGER NOT NULL"
	") STRICT;"
	"CREATE UNIQUE INDEX users_uid ON users (uid) WHERE uid <> -1;",

	"CREATE TABLE grants ("
	" user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,"
	" by_user_id INTEGER NOT NULL,"
	" at_unix_ms INTEGER NOT NULL"
	") STRICT;"
	"CREATE INDEX grants_user ON grants (user_id, at_unix_ms);",

	"CREATE TABLE sessions ("
	" token BLOB PRIMARY KEY CHECK (length(token) = 32),"
	" user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,"
	" made_unix_ms INTEGER NOT NULL,"
	" seen_unix_ms INTEGER NOT NULL"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX sessions_user ON sessions (user_id);",

	"CREATE TABLE pairs ("
	" sender BLOB NOT NULL CHECK (length(sender) = 32),"
	" recipient BLOB NOT NULL CHECK (length(recipient) = 32),"
	" domain TEXT NOT NULL,"
	" first_day INTEGER NOT NULL,"
	" last_day INTEGER NOT NULL,"
	" PRIMARY KEY (sender, recipient)"
	") STRICT, WITHOUT ROWID;",

	"CREATE TABLE audit ("
	" seq INTEGER PRIMARY KEY,"
	" at_unix_ms INTEGER NOT NULL,"
	" case_id BLOB,"
	" body BLOB NOT NULL,"
	" hash BLOB NOT NULL"
	") STRICT;"
	"CREATE INDEX audit_case ON audit (case_id, seq)"
	" WHERE case_id IS NOT NULL;",

	"CREATE TABLE heads ("
	" seq INTEGER PRIMARY KEY,"
	" body BLOB NOT NULL"
	") STRICT;",

	/* "Skmr": a file of somebody else is not taken for ours. */
	"PRAGMA application_id = 1399549298;", NULL
};

static const char *const step_2[] = {
	/* Words of the sender: how many, and when approvers were or will be
	 * told of the last ones. */
	"ALTER TABLE cases ADD COLUMN comments INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE cases ADD COLUMN commented_unix_ms INTEGER NOT NULL"
	" DEFAULT 0;"
	"ALTER TABLE cases ADD COLUMN self_test INTEGER NOT NULL DEFAULT 0;"
	"CREATE INDEX cases_self_test ON cases (ended_unix_ms)"
	" WHERE self_test = 1;",

	"CREATE TABLE previews ("
	" case_id BLOB PRIMARY KEY REFERENCES cases ON DELETE CASCADE,"
	" preview_key BLOB NOT NULL,"
	" preview BLOB NOT NULL"
	") STRICT;",

	/* No case is named here: it outlives them. */
	"CREATE TABLE stats ("
	" day INTEGER NOT NULL,"
	" rule TEXT NOT NULL,"
	" counter INTEGER NOT NULL,"
	" count INTEGER NOT NULL,"
	" PRIMARY KEY (day, rule, counter)"
	") STRICT, WITHOUT ROWID;",

	"CREATE INDEX pairs_domain ON pairs (domain, first_day, last_day);",
	NULL
};

static const char *const step_3[] = {
	/* Second factor, boxed; empty: none. */
	"ALTER TABLE users ADD COLUMN factor BLOB NOT NULL DEFAULT x'';"
	"ALTER TABLE users ADD COLUMN factor_new BLOB NOT NULL DEFAULT x'';",

	/* Sessions of before do not know whether a code was given: they end.
	 * A guest has a case instead of an account. */
	"DROP TABLE sessions;"
	"CREATE TABLE sessions ("
	" token BLOB PRIMARY KEY CHECK (length(token) = 32),"
	" user_id INTEGER REFERENCES users ON DELETE CASCADE,"
	" case_id BLOB REFERENCES cases ON DELETE CASCADE,"
	" made_unix_ms INTEGER NOT NULL,"
	" seen_unix_ms INTEGER NOT NULL,"
	" proved INTEGER NOT NULL,"
	" words BLOB NOT NULL,"
	" CHECK ((user_id IS NULL) <> (case_id IS NULL))"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX sessions_user ON sessions (user_id);"
	"CREATE INDEX sessions_case ON sessions (case_id);",

	"CREATE TABLE entries ("
	" id BLOB PRIMARY KEY CHECK (length(id) = 10),"
	" case_id BLOB NOT NULL REFERENCES cases ON DELETE CASCADE,"
	" job_id INTEGER NOT NULL UNIQUE,"
	" code BLOB NOT NULL CHECK (length(code) = 32),"
	" failures INTEGER NOT NULL,"
	" made_unix_ms INTEGER NOT NULL,"
	" expires_unix_ms INTEGER NOT NULL,"
	" used_unix_ms INTEGER NOT NULL,"
	" again_count INTEGER NOT NULL,"
	" again_unix_ms INTEGER NOT NULL,"
	" words BLOB NOT NULL"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX entries_case ON entries (case_id);",
	NULL
};

static const char *const step_4[] = {
	/* What became of its locks, boxed; empty: there were none. */
	"ALTER TABLE cases ADD COLUMN unlock BLOB NOT NULL DEFAULT x'';", NULL
};

static const char *const step_5[] = {
	/* The case that this one waits with; empty: none. */
	"ALTER TABLE cases ADD COLUMN companion_of BLOB NOT NULL DEFAULT x'';"
	"CREATE INDEX cases_companion ON cases (companion_of, taken_unix_ms)"
	" WHERE companion_of <> x'';",
	NULL
};

/* Secure links. */
static const char *const step_6[] = {
	"CREATE TABLE link_asks ("
	" case_id BLOB PRIMARY KEY REFERENCES cases ON DELETE CASCADE,"
	" asked_unix_ms INTEGER NOT NULL,"
	" words BLOB NOT NULL"
	") STRICT, WITHOUT ROWID;",

	"CREATE TABLE link_batches ("
	" case_id BLOB PRIMARY KEY REFERENCES cases ON DELETE CASCADE,"
	" salt BLOB NOT NULL CHECK (length(salt) = 16),"
	" sealed_unix_ms INTEGER NOT NULL,"
	" ended_unix_ms INTEGER NOT NULL,"
	" mail_id BLOB NOT NULL CHECK (length(mail_id) = 16),"
	" mail_hash BLOB NOT NULL CHECK (length(mail_hash) = 32),"
	" mail_bytes INTEGER NOT NULL,"
	" mail_key BLOB NOT NULL,"
	" files_id BLOB NOT NULL CHECK (length(files_id) = 16),"
	" files_hash BLOB NOT NULL CHECK (length(files_hash) = 32),"
	" files_bytes INTEGER NOT NULL,"
	" file_count INTEGER NOT NULL,"
	" total_bytes INTEGER NOT NULL,"
	" manifest BLOB NOT NULL,"
	" words BLOB NOT NULL"
	") STRICT;"
	"CREATE INDEX link_batches_mail ON link_batches (mail_id);"
	"CREATE INDEX link_batches_files ON link_batches (files_id);",

	"CREATE TABLE links ("
	" serial INTEGER PRIMARY KEY AUTOINCREMENT,"
	" id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),"
	" case_id BLOB NOT NULL REFERENCES link_batches ON DELETE CASCADE,"
	" kind INTEGER NOT NULL,"
	" state INTEGER NOT NULL,"
	" lookup BLOB NOT NULL UNIQUE CHECK (length(lookup) = 32),"
	" recipient BLOB NOT NULL CHECK (length(recipient) = 32),"
	" wrapped BLOB NOT NULL,"
	" week INTEGER NOT NULL,"
	" secret BLOB NOT NULL,"
	" once INTEGER NOT NULL,"
	" needs_code INTEGER NOT NULL,"
	" needs_certificate INTEGER NOT NULL,"
	" password BLOB NOT NULL,"
	" made_unix_ms INTEGER NOT NULL,"
	" sent_unix_ms INTEGER NOT NULL,"
	" expires_unix_ms INTEGER NOT NULL,"
	" remind_unix_ms INTEGER NOT NULL,"
	" ended_unix_ms INTEGER NOT NULL,"
	" opened INTEGER NOT NULL,"
	" fetched INTEGER NOT NULL,"
	" failures INTEGER NOT NULL,"
	" codes INTEGER NOT NULL,"
	" codes_since_unix_ms INTEGER NOT NULL,"
	" words BLOB NOT NULL,"
	" UNIQUE (case_id, kind, recipient)"
	") STRICT;"
	"CREATE INDEX links_expires ON links (expires_unix_ms, serial)"
	" WHERE ended_unix_ms = 0;"
	"CREATE INDEX links_remind ON links (remind_unix_ms, serial)"
	" WHERE ended_unix_ms = 0 AND remind_unix_ms > 0;",

	"CREATE TABLE link_claims ("
	" token BLOB PRIMARY KEY CHECK (length(token) = 32),"
	" link_id BLOB NOT NULL REFERENCES links (id) ON DELETE CASCADE,"
	" stage INTEGER NOT NULL,"
	" made_unix_ms INTEGER NOT NULL,"
	" until_unix_ms INTEGER NOT NULL,"
	" code BLOB NOT NULL CHECK (length(code) = 32),"
	" code_until_unix_ms INTEGER NOT NULL,"
	" code_job INTEGER NOT NULL,"
	" words BLOB NOT NULL"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX link_claims_link ON link_claims (link_id);"
	"CREATE INDEX link_claims_until ON link_claims (until_unix_ms);"
	"CREATE INDEX link_claims_job ON link_claims (code_job)"
	" WHERE code_job <> 0;",

	"CREATE TABLE link_takes ("
	" link_id BLOB NOT NULL REFERENCES links (id) ON DELETE CASCADE,"
	" file INTEGER NOT NULL,"
	" claim BLOB NOT NULL CHECK (length(claim) = 32),"
	" once INTEGER NOT NULL,"
	" taken_unix_ms INTEGER NOT NULL,"
	" complete_unix_ms INTEGER NOT NULL,"
	" until_unix_ms INTEGER NOT NULL,"
	" PRIMARY KEY (link_id, file, claim)"
	") STRICT, WITHOUT ROWID;"
	"CREATE UNIQUE INDEX link_takes_once ON link_takes (link_id, file)"
	" WHERE once = 1;",

	"CREATE TABLE link_events ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" link_id BLOB NOT NULL REFERENCES links (id) ON DELETE CASCADE,"
	" at_unix_ms INTEGER NOT NULL,"
	" words BLOB NOT NULL"
	") STRICT;"
	"CREATE INDEX link_events_link ON link_events (link_id, id);",
	NULL
};

/* What one sender was given in the last hour; how often a download of what was
 * taken broke off. */
static const char *const step_7[] = {
	"CREATE INDEX links_made ON links (made_unix_ms);"
	"ALTER TABLE link_takes ADD COLUMN broken INTEGER NOT NULL DEFAULT 0;",
	NULL
};

/* Events that whoever has a link makes as many of as he likes. */
static const char *const step_8[] = {
	"ALTER TABLE link_events ADD COLUMN minor INTEGER NOT NULL DEFAULT 0;"
	"DROP INDEX link_events_link;"
	"CREATE INDEX link_events_link ON link_events (link_id, minor, id);"
	/* And visits, which are counted. */
	"DROP INDEX link_claims_link;"
	"CREATE INDEX link_claims_link ON link_claims (link_id, made_unix_ms);",
	NULL
};

static const char *const *const steps[] = { step_1, step_2, step_3, step_4,
					    step_5, step_6, step_7, step_8 };

enum { STORE_APPLICATION_ID = 1399549298 };

static enum status
schema_pragma(struct store *store, const char *sql, int64_t *value_out,
	      struct err *err)
{
	AUTO(call_end) struct call call;
	enum status st = ST_OK;

	call_begin_once(&call, store, sql);
	st = call_row(&call, err);
	if (st == ST_OK)
		*value_out = call_get_int(&call, 0);
	return st == ST_END ? err_set(err, ST_IO, "store: no answer") : st;
}

static enum status
schema_exec(struct store *store, const char *sql, struct err *err)
{
	if (sqlite3_exec(store->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return store_failed(store, "migration", err);
	return ST_OK;
}

static enum status
schema_run_step(struct store *store, size_t step, struct err *err)
{
	char version[64];
	enum status st = schema_exec(store, "BEGIN IMMEDIATE", err);

	(void)snprintf(version, sizeof(version), "PRAGMA user_version = %zu",
		       step + 1);
	for (size_t i = 0; st == ST_OK && steps[step][i] != NULL; i++)
		st = schema_exec(store, steps[step][i], err);
	if (st == ST_OK)
		st = schema_exec(store, version, err);
	if (st == ST_OK)
		st = schema_exec(store, "COMMIT", err);
	return st;
}

/* A file that is not empty must say that it is ours. */
static enum status
schema_check_owner(struct store *store, int64_t version, struct err *err)
{
	int64_t owner = 0;
	int64_t tables = 0;
	enum status st =
		schema_pragma(store, "PRAGMA application_id", &owner, err);

	if (st == ST_OK)
		st = schema_pragma(store, "SELECT count(*) FROM sqlite_schema",
				   &tables, err);
	if (st != ST_OK)
		return st;
	if (owner == STORE_APPLICATION_ID && version > 0)
		return ST_OK;
	if (owner == 0 && version == 0 && tables == 0 &&
	    store->mode == STORE_MODE_WRITE)
		return ST_OK;
	return err_set(err, ST_FORMAT, "store: this file is not ours");
}

enum status
sqlite_migrate(struct store *store, struct err *err)
{
	int64_t version = 0;
	enum status st =
		schema_pragma(store, "PRAGMA user_version", &version, err);

	if (st == ST_OK)
		st = schema_check_owner(store, version, err);
	if (st != ST_OK)
		return st;
	if (version < 0 || version > (int64_t)ARRAY_LEN(steps))
		return err_set(err, ST_FORMAT,
			       "store: version %" PRId64
			       ", this program knows up to %zu",
			       version, ARRAY_LEN(steps));
	if (store->mode != STORE_MODE_WRITE &&
	    version != (int64_t)ARRAY_LEN(steps))
		return err_set(err, ST_FORMAT,
			       "store: version %" PRId64 " was not migrated",
			       version);
	for (size_t i = (size_t)version; i < ARRAY_LEN(steps); i++) {
		st = schema_run_step(store, i, err);
		if (st != ST_OK)
			return st;
	}
	store->schema_version = (uint32_t)ARRAY_LEN(steps);
	return ST_OK;
}
