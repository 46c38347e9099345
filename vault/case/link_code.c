#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/parse.h"
#include "vault/case/link_notice.h"
#include "vault/case/link_prove.h"

enum {
	CODE_MODULUS = 1000000,
	CODE_BOX_BYTES = 4 * 1024,
	CODE_HOUR_MS = 3600 * 1000
};

/* Evenly spread: what stands above the last whole range is drawn again. */
static enum status
code_draw(char code_out[LINK_CODE_DIGITS + 1], struct err *err)
{
	const uint32_t most = UINT32_MAX - UINT32_MAX % CODE_MODULUS;
	uint32_t number = UINT32_MAX;
	enum status st = ST_OK;

	while (st == ST_OK && number >= most)
		st = random_fill(&number, sizeof(number), err);
	if (st == ST_OK)
		(void)snprintf(code_out, LINK_CODE_DIGITS + 1, "%06" PRIu32,
			       number % CODE_MODULUS);
	explicit_bzero(&number, sizeof(number));
	return st;
}

enum status
link_code_mac(const struct vault *vault, const struct store_claim *claim,
	      const char *code, uint8_t out[STORE_HASH_BYTES], struct err *err)
{
	uint8_t both[STORE_HASH_BYTES + LINK_CODE_DIGITS];
	enum status st = ST_OK;

	memcpy(both, claim->token, STORE_HASH_BYTES);
	memcpy(both + STORE_HASH_BYTES, code, LINK_CODE_DIGITS);
	st = vault_mac(vault, KEY_USE_FORM, "link-code",
		       (struct span){ both, sizeof(both) }, out, err);
	explicit_bzero(both, sizeof(both));
	return st;
}

/* The words of a claim with this code, or "" for none. */
static enum status
code_box(const struct vault *vault, const struct store_claim *claim,
	 const char *code, struct sbuf *boxed, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct link_claim_words words = { .code = "" };
	enum status st = vault_unbox(vault, &link_claim_words_table,
				     claim->words, &words, &arena, err);

	words.code = code;
	return st == ST_OK ? vault_box(vault, &link_claim_words_table, &words,
				       boxed, err)
			   : st;
}

static enum status
code_open(const struct vault *vault, const struct store_claim *claim,
	  char code_out[LINK_CODE_DIGITS + 1], struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct link_claim_words words = { .code = "" };
	const enum status st = vault_unbox(vault, &link_claim_words_table,
					   claim->words, &words, &arena, err);

	if (st == ST_OK)
		(void)snprintf(code_out, LINK_CODE_DIGITS + 1, "%s",
			       words.code);
	return st;
}

/* An hour that lies ahead is of a clock that was turned back. */
static enum status
code_count(const struct vault *vault, struct store_link *link, struct err *err)
{
	const int64_t age_ms = vault->now_unix_ms - link->codes_since_unix_ms;

	if (age_ms >= CODE_HOUR_MS || age_ms < 0) {
		link->codes_since_unix_ms = vault->now_unix_ms;
		link->codes = 0;
	}
	if (link->codes >= LINK_MAX_CODES)
		return err_set(err, ST_LIMIT,
			       "codes were sent too often; try again in an "
			       "hour");
	link->codes++;
	return ST_OK;
}

/* Is there one whose mail was not sent yet? */
static enum status
code_waits(const struct vault *vault, const struct link_visit *visit,
	   bool *waits_out, struct err *err)
{
	char code[LINK_CODE_DIGITS + 1] = "";
	enum status st = ST_OK;

	if (visit->claim.code_until_unix_ms > vault->now_unix_ms)
		st = code_open(vault, &visit->claim, code, err);
	*waits_out = code[0] != '\0';
	explicit_bzero(code, sizeof(code));
	return st;
}

static enum status
code_order(struct vault *vault, struct link_visit *visit, struct err *err)
{
	struct link_notice notice = { .event = NOTICE_LINK_CODE };

	memcpy(&notice.serial, visit->claim.token, sizeof(notice.serial));
	notice.serial += (uint64_t)vault->now_unix_ms;
	return link_notice_visitor(vault, &visit->link, &notice,
				   &visit->claim.code_job, err);
}

static enum status
code_store(struct vault *vault, struct link_visit *visit, const char *code,
	   struct err *err)
{
	struct store_claim *claim = &visit->claim;
	const struct span words = claim->words;
	AUTO(sbuf_done) struct sbuf boxed;
	enum status st = ST_OK;

	sbuf_init_secret(&boxed, CODE_BOX_BYTES);
	claim->code_until_unix_ms =
		vault->now_unix_ms + vault->config->portal.code_life_s * 1000;
	st = link_code_mac(vault, claim, code, claim->code, err);
	if (st == ST_OK)
		st = code_box(vault, claim, code, &boxed, err);
	claim->words = sbuf_span(&boxed);
	if (st == ST_OK)
		st = store_claim_update(vault->store, claim, err);
	claim->words = words;
	return st == ST_OK ? store_link_update(vault->store, &visit->link, err)
			   : st;
}

enum status
link_code_send(struct vault *vault, const struct vault_link_visit *request,
	       struct link_visit *visit, struct err *err)
{
	struct link_deed deed = { .event = "code-sent",
				  .via = "portal",
				  .visitor = &request->visitor };
	char code[LINK_CODE_DIGITS + 1] = "";
	bool waits = false;
	enum status st = link_visit_find(vault, request, visit, err);

	if (st != ST_OK)
		return st;
	if (visit->claim.stage != LINK_STAGE_CODE)
		return err_set(err, ST_FORMAT, "no code is needed now");
	st = code_waits(vault, visit, &waits, err);
	if (st != ST_OK || waits)
		return st;
	deed.actor = link_visit_actor(&visit->link);
	deed.address = visit->words.address;
	st = code_count(vault, &visit->link, err);
	if (st == ST_OK)
		st = code_draw(code, err);
	if (st == ST_OK)
		st = code_order(vault, visit, err);
	if (st == ST_OK)
		st = code_store(vault, visit, code, err);
	explicit_bzero(code, sizeof(code));
	return st == ST_OK ? link_note(vault, &visit->link, &deed, err) : st;
}

/* --- the mail that carries it ------------------------------------------ */

enum status
link_code_find(const struct vault *vault, uint64_t job_id,
	       char code_out[LINK_CODE_DIGITS + 1], struct err *err)
{
	AUTO(store_claim_done) struct store_claim claim = { .memory = NULL };
	const enum status st =
		store_claim_find_job(vault->store, job_id, &claim, err);

	code_out[0] = '\0';
	if (st == ST_NOT_FOUND)
		return ST_OK;
	return st == ST_OK ? code_open(vault, &claim, code_out, err) : st;
}

bool
link_code_is_wanted(const struct vault *vault, uint64_t job_id)
{
	AUTO(store_claim_done) struct store_claim claim = { .memory = NULL };
	struct err why = { .st = ST_OK };
	const enum status st =
		store_claim_find_job(vault->store, job_id, &claim, &why);

	return st == ST_OK && claim.stage == LINK_STAGE_CODE &&
	       claim.code_until_unix_ms > vault->now_unix_ms;
}

enum status
link_code_forget(struct vault *vault, uint64_t job_id, struct err *err)
{
	AUTO(store_claim_done) struct store_claim claim = { .memory = NULL };
	AUTO(sbuf_done) struct sbuf boxed;
	enum status st =
		store_claim_find_job(vault->store, job_id, &claim, err);

	sbuf_init(&boxed, CODE_BOX_BYTES);
	if (st == ST_NOT_FOUND)
		return ST_OK;
	if (st == ST_OK)
		st = code_box(vault, &claim, "", &boxed, err);
	if (st != ST_OK)
		return st;
	claim.words = sbuf_span(&boxed);
	claim.code_job = 0;
	vault->after->scrub = true;
	return store_claim_update(vault->store, &claim, err);
}
