#include "vault/case/link_prove.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/parse.h"
#include "vault/case/link_notice.h"

enum { PROVE_DETAIL_BYTES = 40 };

/* The digits as typed, without blanks and '-'; false: not six of them. */
static bool
code_digits(const char *typed, char code_out[LINK_CODE_DIGITS + 1])
{
	size_t count = 0;
	bool is_code = true;

	memset(code_out, '0', LINK_CODE_DIGITS);
	code_out[LINK_CODE_DIGITS] = '\0';
	for (; *typed != '\0'; typed++) {
		if (*typed == ' ' || *typed == '-')
			continue;
		is_code &= *typed >= '0' && *typed <= '9';
		if (count < LINK_CODE_DIGITS)
			code_out[count] = *typed;
		count++;
	}
	return is_code && count == LINK_CODE_DIGITS;
}

static enum status
fits_code(const struct vault *vault, const struct store_claim *claim,
	  const char *typed, bool *fits_out, struct err *err)
{
	char code[LINK_CODE_DIGITS + 1];
	uint8_t mac[STORE_HASH_BYTES];
	const bool is_code = code_digits(typed, code);
	const enum status st = link_code_mac(vault, claim, code, mac, err);

	explicit_bzero(code, sizeof(code));
	*fits_out = st == ST_OK &&
		    secret_equal((struct span){ mac, sizeof(mac) },
				 (struct span){ claim->code, sizeof(mac) }) &&
		    is_code && claim->code_until_unix_ms > vault->now_unix_ms;
	explicit_bzero(mac, sizeof(mac));
	return st;
}

static enum status
fits_password(const struct store_link *link, struct span proof, bool *fits_out,
	      struct err *err)
{
	uint8_t hash[STORE_HASH_BYTES];
	const enum status st = digest_once(proof, hash, err);

	*fits_out =
		st == ST_OK && secret_equal((struct span){ hash, sizeof(hash) },
					    link->password);
	return st;
}

/* --- wrong ones -------------------------------------------------------- */

static enum status
freeze(struct vault *vault, struct link_visit *visit,
       const struct link_visitor *visitor, struct err *err)
{
	const struct link_deed deed = { .event = "frozen",
					.actor = "vault",
					.via = "vault",
					.address = visit->words.address,
					.visitor = visitor };
	const struct link_notice notice = {
		.event = NOTICE_LINK_FROZEN,
		.recipients_text = visit->words.address,
		.serial = (uint64_t)vault->now_unix_ms
	};
	enum status st = ST_OK;

	visit->link.state = LINK_STATE_FROZEN;
	st = link_note(vault, &visit->link, &deed, err);
	return st == ST_OK
		       ? link_notice_sender(vault, &visit->link, &notice, err)
		       : st;
}

static enum status
count_wrong(struct vault *vault, struct link_visit *visit,
	    const struct link_visitor *visitor, bool *frozen_out,
	    struct err *err)
{
	struct store_link *link = &visit->link;
	char detail[PROVE_DETAIL_BYTES];
	const struct link_deed deed = { .event = "wrong-code",
					.actor = link_visit_actor(link),
					.via = "portal",
					.address = visit->words.address,
					.visitor = visitor,
					.detail = detail };
	enum status st = ST_OK;

	link->failures++;
	(void)snprintf(detail, sizeof(detail), "in-a-row=%" PRIu32,
		       link->failures);
	st = link_note(vault, link, &deed, err);
	*frozen_out = link->failures >= vault->config->portal.wrong_codes;
	if (st == ST_OK && *frozen_out)
		st = freeze(vault, visit, visitor, err);
	return st == ST_OK ? store_link_update(vault->store, link, err) : st;
}

/* --- right ones -------------------------------------------------------- */

/* A code is used once. */
static enum status
go_on(struct vault *vault, struct link_visit *visit,
      const struct link_visitor *visitor, struct err *err)
{
	struct store_claim *claim = &visit->claim;
	struct store_link *link = &visit->link;
	enum status st = ST_OK;

	if (claim->stage == LINK_STAGE_CODE && link->password.len_bytes > 0)
		claim->stage = LINK_STAGE_PASSWORD;
	else
		st = link_visit_ready(vault, visit, visitor, err);
	memset(claim->code, 0, sizeof(claim->code));
	claim->code_until_unix_ms = 0;
	/* A password that stands behind the code is guessed no faster by who
	 * has the mailbox. */
	if (claim->stage == LINK_STAGE_READY)
		link->failures = 0;
	if (st == ST_OK)
		st = store_claim_update(vault->store, claim, err);
	return st == ST_OK ? store_link_update(vault->store, link, err) : st;
}

enum status
link_prove(struct vault *vault, const struct vault_link_prove *request,
	   struct link_visit *visit, bool *frozen_out, struct err *err)
{
	const struct link_visitor *visitor = &request->visit.visitor;
	bool fits = false;
	enum status st = link_visit_find(vault, &request->visit, visit, err);

	*frozen_out = false;
	if (st != ST_OK)
		return st;
	switch (visit->claim.stage) {
	case LINK_STAGE_CODE:
		st = fits_code(vault, &visit->claim, request->mailbox_code,
			       &fits, err);
		break;
	case LINK_STAGE_PASSWORD:
		st = fits_password(&visit->link, request->password_proof, &fits,
				   err);
		if (st == ST_OK && !fits && request->typed_proof.len_bytes > 0)
			st = fits_password(&visit->link, request->typed_proof,
					   &fits, err);
		break;
	case LINK_STAGE_READY: /* a form that was sent twice */
		return ST_OK;
	case LINK_STAGE_NONE:
	case LINK_STAGE_END:
	default:
		return link_visit_refuse(err);
	}
	if (st != ST_OK)
		return st;
	return fits ? go_on(vault, visit, visitor, err)
		    : count_wrong(vault, visit, visitor, frozen_out, err);
}
