#include "vault/case/factor.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/base32.h"
#include "lib/base/parse.h"
#include "lib/crypto/totp.h"
#include "vault/case/session.h"

enum {
	FACTOR_BOX_BYTES = 4 * 1024,
	FACTOR_CODE_BYTES = 10,
	FACTOR_CODE_GROUP = 4,
	FACTOR_ALL_HASHES = FACTOR_RECOVERY_CODES * DIGEST_BYTES,
	FACTOR_LOCK_MAX_S = 86400
};

/* Boxed in store_user.factor and factor_new. */
struct factor {
	struct span secret;
	uint64_t last_step;
	struct span recovery; /* HMACs of the codes left, one after another */
	uint64_t failures;    /* wrong codes since the last right one */
};
static const struct wire_field factor_fields[] = {
	WIRE_BYTES_F(struct factor, secret, TOTP_SECRET_BYTES,
		     TOTP_SECRET_BYTES),
	WIRE_U64_F(struct factor, last_step, 0, UINT64_MAX),
	WIRE_BYTES_F(struct factor, recovery, 0, FACTOR_ALL_HASHES),
	WIRE_U64_F(struct factor, failures, 0, UINT64_MAX),
};
static WIRE_TABLE(factor_table, 0x0321, 1, factor, factor_fields);

/* One step while it is carried out. */
struct work {
	struct vault *vault;
	const struct actor *actor;
	const struct vault_second_factor *request;
	struct factor_result *result;
	struct store_user user; /* the account that is changed */
	struct factor factor;   /* of it, opened */
	bool is_new;            /* factor is the one being set up */
	struct wire_arena *arena;
	struct sbuf boxed;     /* memory behind user.factor */
	struct sbuf boxed_new; /* and behind user.factor_new */
	uint8_t hashes[FACTOR_ALL_HASHES];
	uint8_t secret[TOTP_SECRET_BYTES];
};

static enum status
audit_factor(const struct work *work, const char *event, const char *detail,
	     struct err *err)
{
	const struct vault_deed deed = {
		.actor = work->actor->user.login,
		.via = work->actor->via,
		.event = event,
		.detail = detail,
		.secret = work->request->client_address,
	};

	return vault_audit(work->vault, &deed, err);
}

static enum status
open_factor(struct work *work, struct span boxed, struct err *err)
{
	wire_arena_free(&work->arena);
	return vault_unbox(work->vault, &factor_table, boxed, &work->factor,
			   &work->arena, err);
}

static enum status
box_factor(struct work *work, struct err *err)
{
	sbuf_clear(&work->boxed);
	const enum status st = vault_box(work->vault, &factor_table,
					 &work->factor, &work->boxed, err);

	if (st == ST_OK)
		work->user.factor = sbuf_span(&work->boxed);
	return st;
}

static enum status
box_factor_new(struct work *work, struct err *err)
{
	const enum status st = vault_box(work->vault, &factor_table,
					 &work->factor, &work->boxed_new, err);

	if (st == ST_OK)
		work->user.factor_new = sbuf_span(&work->boxed_new);
	return st;
}

static enum status
save(struct work *work, struct err *err)
{
	return store_user_update(work->vault->store, &work->user, err);
}

/* --- is the code right? ------------------------------------------------ */

static enum status
recovery_hash(const struct work *work, const uint8_t code[FACTOR_CODE_BYTES],
	      uint8_t out[DIGEST_BYTES], struct err *err)
{
	return vault_mac(work->vault, KEY_USE_FORM, "recovery",
			 (struct span){ code, FACTOR_CODE_BYTES }, out, err);
}

/* A recovery code that fits is crossed out. */
static enum status
use_recovery(struct work *work, bool *fits_out, struct err *err)
{
	const struct span left = work->factor.recovery;
	uint8_t code[FACTOR_CODE_BYTES];
	uint8_t hash[DIGEST_BYTES];
	size_t kept = 0;
	enum status st = ST_OK;

	*fits_out = false;
	if (!parse_code(span_of(work->request->code), code, sizeof(code)))
		return ST_OK;
	st = recovery_hash(work, code, hash, err);
	explicit_bzero(code, sizeof(code));
	for (size_t at = 0; st == ST_OK && at + DIGEST_BYTES <= left.len_bytes;
	     at += DIGEST_BYTES) {
		const struct span one = { left.ptr + at, DIGEST_BYTES };

		if (secret_equal(one, (struct span){ hash, sizeof(hash) })) {
			*fits_out = true;
			continue;
		}
		memcpy(work->hashes + kept, one.ptr, DIGEST_BYTES);
		kept += DIGEST_BYTES;
	}
	if (st == ST_OK && *fits_out)
		work->factor.recovery = (struct span){ work->hashes, kept };
	return st;
}

static enum status
use_totp(struct work *work, bool *fits_out, struct err *err)
{
	struct err why = { .st = ST_OK };
	const enum status st =
		totp_check(work->factor.secret, work->request->code,
			   work->vault->now_unix_ms, work->factor.last_step,
			   &work->factor.last_step, &why);

	*fits_out = st == ST_OK;
	return st == ST_OK || st == ST_DENIED
		       ? ST_OK
		       : err_set(err, st, "%s", why.text);
}

/*
 * Whoever types wrong codes has the password. Six digits do not stand a year
 * of that at the pace of the ordinary lock, so each further one is twice as
 * long, up to a day, until a right code comes.
 */
static enum status
count_wrong(struct work *work, struct err *err)
{
	const struct config_vault *config = &work->vault->config->vault;
	int64_t lock_s = config->lock_for_s;
	uint64_t locks = 0;
	enum status st = ST_OK;

	if (work->is_new)
		return account_count_failure(work->vault, &work->user, err);
	locks = ++work->factor.failures / (uint64_t)config->lock_after;
	st = box_factor(work, err);
	if (st == ST_OK)
		st = account_count_failure(work->vault, &work->user, err);
	if (st != ST_OK ||
	    work->user.locked_until_unix_ms <= work->vault->now_unix_ms)
		return st;
	for (uint64_t i = 1; i < locks && lock_s < FACTOR_LOCK_MAX_S; i++)
		lock_s *= 2;
	if (lock_s > FACTOR_LOCK_MAX_S)
		lock_s = FACTOR_LOCK_MAX_S;
	work->user.locked_until_unix_ms =
		work->vault->now_unix_ms + lock_s * 1000;
	return save(work, err);
}

enum recovery_use { RECOVERY_REFUSED, RECOVERY_TAKEN };

/*
 * Is the code good for the factor that is open? When it is, what was used is
 * used up in work->factor; when not, the failure is counted and written.
 */
static enum status
check_code(struct work *work, enum recovery_use use, bool *fits_out,
	   struct err *err)
{
	const bool locked =
		work->user.locked_until_unix_ms > work->vault->now_unix_ms;
	bool fits = false;
	enum status st = use_totp(work, &fits, err);

	if (st == ST_OK && !fits && use == RECOVERY_TAKEN)
		st = use_recovery(work, &fits, err);
	if (st != ST_OK)
		return st;
	*fits_out = fits && !locked;
	if (*fits_out) {
		work->user.failures = 0;
		work->user.locked_until_unix_ms = 0;
		work->factor.failures = 0;
		return ST_OK;
	}
	work->result->refused = true;
	if (!locked)
		st = count_wrong(work, err);
	return st == ST_OK ? audit_factor(work, "second-factor-refused",
					  locked ? "locked" : "wrong code", err)
			   : st;
}

/* --- steps ------------------------------------------------------------- */

static enum status
elevate(struct work *work, struct err *err)
{
	if (!work->actor->has_session)
		return err_set(err, ST_FORMAT, "this is done at the desk");
	work->result->has_token = true;
	work->result->stage = SESSION_STAGE_FULL;
	return session_replace(work->vault, work->actor, true,
			       work->result->token, err);
}

static enum status
do_verify(struct work *work, struct err *err)
{
	char detail[64];
	bool fits = false;
	enum status st = ST_OK;

	if (work->actor->stage != SESSION_STAGE_CODE)
		return err_set(err, ST_FORMAT, "no code is asked for");
	st = open_factor(work, work->user.factor, err);
	if (st == ST_OK)
		st = check_code(work, RECOVERY_TAKEN, &fits, err);
	if (st != ST_OK || !fits)
		return st;
	(void)snprintf(detail, sizeof(detail), "recovery codes left=%zu",
		       work->factor.recovery.len_bytes / DIGEST_BYTES);
	st = box_factor(work, err);
	/* What was begun and never confirmed is forgotten. */
	work->user.factor_new = (struct span){ NULL, 0 };
	if (st == ST_OK)
		st = save(work, err);
	if (st == ST_OK)
		st = elevate(work, err);
	return st == ST_OK ? audit_factor(work, "sign-in", detail, err) : st;
}

static bool
is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
	       c == '_' || c == '-';
}

/* otpauth://totp/Sekimori:LOGIN?secret=...: what authenticators scan. */
static enum status
describe_secret(struct work *work, struct err *err)
{
	struct factor_result *result = work->result;
	AUTO(sbuf_done) struct sbuf text;
	AUTO(sbuf_done) struct sbuf uri;

	sbuf_init_secret(&text, sizeof(result->secret) - 1);
	sbuf_init_secret(&uri, sizeof(result->uri) - 1);
	format_base32(&text, work->factor.secret);
	sbuf_add_text(&uri, "otpauth://totp/Sekimori:");
	for (const char *c = work->user.login; *c != '\0'; c++)
		sbuf_addf(&uri, is_unreserved(*c) ? "%c" : "%%%02X",
			  (unsigned char)*c);
	sbuf_addf(&uri, "?secret=%s&issuer=Sekimori&algorithm=SHA1&digits=%d",
		  sbuf_text(&text), TOTP_DIGITS);
	sbuf_addf(&uri, "&period=%d", TOTP_STEP_S);
	(void)snprintf(result->secret, sizeof(result->secret), "%s",
		       sbuf_text(&text));
	(void)snprintf(result->uri, sizeof(result->uri), "%s", sbuf_text(&uri));
	return sbuf_status(&uri, "vault: second factor", err);
}

/* Full, and there is a factor, which is open afterwards. */
static enum status
need_factor(struct work *work, struct err *err)
{
	if (work->actor->stage != SESSION_STAGE_FULL)
		return err_set(err, ST_DENIED, "the code is missing");
	if (work->user.factor.len_bytes == 0)
		return err_set(err, ST_FORMAT, "there is no second factor");
	return open_factor(work, work->user.factor, err);
}

/* Another phone: who is signed in has to show the present one first. */
static enum status
leave_present(struct work *work, bool *fits_out, struct err *err)
{
	enum status st = need_factor(work, err);

	if (st == ST_OK)
		st = check_code(work, RECOVERY_TAKEN, fits_out, err);
	return st == ST_OK && *fits_out ? box_factor(work, err) : st;
}

static enum status
do_begin(struct work *work, struct err *err)
{
	bool fits = true;
	enum status st = ST_OK;

	if (work->actor->stage == SESSION_STAGE_CODE)
		return err_set(err, ST_DENIED, "the code is missing");
	if (work->user.factor.len_bytes > 0)
		st = leave_present(work, &fits, err);
	if (st != ST_OK || !fits)
		return st;
	st = random_fill(work->secret, sizeof(work->secret), err);
	work->factor = (struct factor){ .secret = { work->secret,
						    sizeof(work->secret) } };
	if (st == ST_OK)
		st = describe_secret(work, err);
	if (st == ST_OK)
		st = box_factor_new(work, err);
	if (st == ST_OK)
		st = save(work, err);
	return st == ST_OK ? audit_factor(work, "second-factor-begun", "", err)
			   : st;
}

/* New recovery codes, as text for the person and as hashes for the store. */
static enum status
make_recovery(struct work *work, struct err *err)
{
	AUTO(sbuf_done) struct sbuf text;
	enum status st = ST_OK;

	sbuf_init_secret(&text, sizeof(work->result->recovery_codes) - 1);
	for (size_t i = 0; st == ST_OK && i < FACTOR_RECOVERY_CODES; i++) {
		uint8_t code[FACTOR_CODE_BYTES];

		st = random_fill(code, sizeof(code), err);
		if (st == ST_OK)
			st = recovery_hash(work, code,
					   work->hashes + i * DIGEST_BYTES,
					   err);
		if (i > 0)
			sbuf_add_byte(&text, '\n');
		format_code(&text, (struct span){ code, sizeof(code) },
			    FACTOR_CODE_GROUP);
		explicit_bzero(code, sizeof(code));
	}
	if (st == ST_OK)
		st = sbuf_status(&text, "vault: recovery codes", err);
	(void)snprintf(work->result->recovery_codes,
		       sizeof(work->result->recovery_codes), "%s",
		       sbuf_text(&text));
	work->factor.recovery =
		(struct span){ work->hashes, sizeof(work->hashes) };
	return st;
}

static enum status
do_confirm(struct work *work, struct err *err)
{
	bool fits = false;
	enum status st = ST_OK;

	if (work->actor->stage == SESSION_STAGE_CODE)
		return err_set(err, ST_DENIED, "the code is missing");
	if (work->user.factor_new.len_bytes == 0)
		return err_set(err, ST_FORMAT,
			       "no second factor is being set up");
	work->is_new = true;
	st = open_factor(work, work->user.factor_new, err);
	if (st == ST_OK)
		st = check_code(work, RECOVERY_REFUSED, &fits, err);
	if (st != ST_OK || !fits)
		return st;
	st = make_recovery(work, err);
	if (st == ST_OK)
		st = box_factor(work, err);
	work->user.factor_new = (struct span){ NULL, 0 };
	if (st == ST_OK)
		st = save(work, err);
	if (st == ST_OK)
		st = elevate(work, err);
	return st == ST_OK ? audit_factor(work, "second-factor-set", "", err)
			   : st;
}

static enum status
do_recovery(struct work *work, struct err *err)
{
	bool fits = false;
	enum status st = need_factor(work, err);

	if (st == ST_OK)
		st = check_code(work, RECOVERY_REFUSED, &fits, err);
	if (st != ST_OK || !fits)
		return st;
	st = make_recovery(work, err);
	if (st == ST_OK)
		st = box_factor(work, err);
	if (st == ST_OK)
		st = save(work, err);
	return st == ST_OK ? audit_factor(work, "recovery-codes-made", "", err)
			   : st;
}

static enum status
remove_factor(struct work *work, struct err *err)
{
	char detail[VAULT_MAX_NAME_BYTES + 32];
	enum status st = ST_OK;

	(void)snprintf(detail, sizeof(detail), "account=%.*s",
		       VAULT_MAX_NAME_BYTES, work->user.login);
	work->user.factor = (struct span){ NULL, 0 };
	work->user.factor_new = (struct span){ NULL, 0 };
	st = save(work, err);
	return st == ST_OK ? audit_factor(work, "second-factor-removed", detail,
					  err)
			   : st;
}

static enum status
do_remove_own(struct work *work, struct err *err)
{
	bool fits = false;
	enum status st = need_factor(work, err);

	if (st == ST_OK)
		st = check_code(work, RECOVERY_TAKEN, &fits, err);
	if (st != ST_OK || !fits)
		return st;
	st = remove_factor(work, err);
	if (st == ST_OK)
		st = session_keep_own(work->vault, work->actor, err);
	work->result->stage = account_stage(work->vault, &work->user, false);
	return st;
}

/* Of somebody who has lost it. Who could then sign in with a password alone
 * owes that to this administrator: four eyes have to know. */
static enum status
do_remove_other(struct work *work, struct err *err)
{
	struct vault *vault = work->vault;
	struct store_grant grant = { .by_user_id = work->actor->user.id,
				     .at_unix_ms = vault->now_unix_ms };
	enum status st = ST_OK;

	if (work->actor->stage != SESSION_STAGE_FULL ||
	    (work->actor->user.roles & VAULT_ROLE_ADMIN) == 0)
		return err_set(err, ST_DENIED, "this needs an administrator");
	store_user_done(&work->user);
	st = store_user_find_login(vault->store, work->request->login,
				   &work->user, err);
	if (st == ST_NOT_FOUND)
		return err_set(err, st, "no such account");
	if (st == ST_OK && work->user.factor.len_bytes == 0)
		return err_set(err, ST_NOT_FOUND,
			       "the account has no second factor");
	grant.user_id = work->user.id;
	if (st == ST_OK)
		st = remove_factor(work, err);
	if (st == ST_OK)
		st = store_session_delete_user(vault->store, work->user.id,
					       err);
	return st == ST_OK ? store_grant_insert(vault->store, &grant, err) : st;
}

static enum status
do_step(struct work *work, struct err *err)
{
	const char *login = work->request->login;

	switch (work->request->step) {
	case FACTOR_STEP_VERIFY:
		return do_verify(work, err);
	case FACTOR_STEP_BEGIN:
		return do_begin(work, err);
	case FACTOR_STEP_CONFIRM:
		return do_confirm(work, err);
	case FACTOR_STEP_RECOVERY:
		return do_recovery(work, err);
	case FACTOR_STEP_REMOVE:
		if (login[0] == '\0' || strcmp(login, work->user.login) == 0)
			return do_remove_own(work, err);
		return do_remove_other(work, err);
	case FACTOR_STEP_NONE:
	case FACTOR_STEP_END:
	default:
		return err_set(err, ST_FORMAT, "no such step");
	}
}

enum status
factor_do(struct vault *vault, const struct actor *actor,
	  const struct vault_second_factor *request,
	  struct factor_result *result, struct err *err)
{
	struct work work = { .vault = vault,
			     .actor = actor,
			     .request = request,
			     .result = result };
	enum status st = vault_need_ring(vault, err);

	*result = (struct factor_result){ .stage = actor->stage };
	if (st == ST_OK && actor->is_guest)
		st = err_set(err, ST_DENIED, "a guest has no second factor");
	if (st != ST_OK)
		return st;
	sbuf_init_secret(&work.boxed, FACTOR_BOX_BYTES);
	sbuf_init_secret(&work.boxed_new, FACTOR_BOX_BYTES);
	/* As it is now, not as it was when the session was looked up. */
	st = store_user_find(vault->store, actor->user.id, &work.user, err);
	if (st == ST_OK)
		st = do_step(&work, err);
	store_user_done(&work.user);
	wire_arena_free(&work.arena);
	sbuf_done(&work.boxed);
	sbuf_done(&work.boxed_new);
	explicit_bzero(&work, sizeof(work));
	return st;
}
