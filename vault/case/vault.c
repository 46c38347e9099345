#include "vault/case/vault.h"

#include <string.h>

#include "lib/base/parse.h"
#include "vault/client/identity.h"

enum { VAULT_MAC_MAX_BYTES = 64 * 1024 };

int64_t
vault_passed(const struct vault *vault)
{
	const int64_t off_ms = vault->clock.off_ms;

	return off_ms > 0 ? vault->now_unix_ms - off_ms : vault->now_unix_ms;
}

int64_t
vault_latest(const struct vault *vault)
{
	const int64_t off_ms = vault->clock.off_ms;

	return off_ms < 0 ? vault->now_unix_ms - off_ms : vault->now_unix_ms;
}

enum status
vault_need_ring(const struct vault *vault, struct err *err)
{
	if (vault->ring == NULL)
		return err_set(err, ST_UNSUPPORTED, "the vault is locked");
	return ST_OK;
}

void
vault_after_delete(struct vault *vault,
		   const uint8_t blob_id[STORE_BLOB_ID_BYTES])
{
	struct vault_after *after = vault->after;

	if (after->blob_count < VAULT_AFTER_BLOBS)
		memcpy(after->blobs[after->blob_count++], blob_id,
		       STORE_BLOB_ID_BYTES);
}

void
vault_after_link(struct vault *vault, const uint8_t case_id[CASE_ID_BYTES])
{
	struct vault_after *after = vault->after;

	for (size_t i = 0; i < after->linked_count; i++)
		if (memcmp(after->linked[i], case_id, CASE_ID_BYTES) == 0)
			return;
	if (after->linked_count < VAULT_AFTER_LINKS)
		memcpy(after->linked[after->linked_count++], case_id,
		       CASE_ID_BYTES);
	else
		after->sweep_keys = true;
}

enum status
vault_audit(struct vault *vault, const struct vault_deed *deed, struct err *err)
{
	const struct audit_event event = {
		.at_unix_ms = vault->now_unix_ms,
		.actor = deed->actor,
		.via = deed->via,
		.event = deed->event,
		.case_id = deed->case_id,
		.detail = deed->detail != NULL ? deed->detail : "",
		.secret = deed->secret,
	};

	/* Whatever is on record about a case shows in its history; that
	 * somebody looked at it is no news to those who look. */
	if (deed->case_id != NULL && strcmp(deed->event, "view") != 0)
		vault->after->cases_changed = true;
	return audit_append(vault->store, vault->ring, &event, err);
}

enum status
vault_mac(const struct vault *vault, enum key_use use, const char *label,
	  struct span bytes, uint8_t out[DIGEST_BYTES], struct err *err)
{
	struct sbuf buf;
	enum status st = vault_need_ring(vault, err);

	if (st != ST_OK)
		return st;
	sbuf_init_secret(&buf, VAULT_MAC_MAX_BYTES + bytes.len_bytes);
	sbuf_add_text(&buf, label);
	sbuf_add_byte(&buf, 0);
	sbuf_add_span(&buf, bytes);
	st = sbuf_status(&buf, "vault: hmac", err);
	if (st == ST_OK)
		st = key_ring_mac(vault->ring, use, sbuf_span(&buf), out, err);
	sbuf_done(&buf);
	return st;
}

enum status
vault_mac_person(const struct vault *vault, enum key_use use,
		 const char *address, uint8_t out[DIGEST_BYTES],
		 struct err *err)
{
	struct sbuf buf;
	enum status st = ST_OK;

	sbuf_init(&buf, VAULT_MAC_MAX_BYTES);
	identity_canonical(&vault->config->general.domain_aliases, address,
			   &buf);
	st = sbuf_status(&buf, "vault: address", err);
	if (st == ST_OK)
		st = vault_mac(vault, use, "person", sbuf_span(&buf), out, err);
	sbuf_done(&buf);
	return st;
}

enum status
vault_box(const struct vault *vault, const struct wire_table *table,
	  const void *message, struct sbuf *boxed_out, struct err *err)
{
	struct sbuf plain;
	enum status st = vault_need_ring(vault, err);

	if (st != ST_OK)
		return st;
	sbuf_init_secret(&plain, VAULT_MAX_DETAIL_BYTES);
	st = wire_encode(table, message, &plain, err);
	if (st == ST_OK)
		st = key_ring_box(vault->ring, table->name, sbuf_span(&plain),
				  boxed_out, err);
	sbuf_done(&plain);
	return st;
}

enum status
vault_unbox(const struct vault *vault, const struct wire_table *table,
	    struct span boxed, void *message, struct wire_arena **arena_out,
	    struct err *err)
{
	struct sbuf plain;
	enum status st = vault_need_ring(vault, err);

	if (st != ST_OK)
		return st;
	sbuf_init_secret(&plain, VAULT_MAX_DETAIL_BYTES);
	st = key_ring_unbox(vault->ring, table->name, boxed, &plain, err);
	if (st == ST_OK)
		st = wire_decode(table, sbuf_span(&plain), message, arena_out,
				 err);
	sbuf_done(&plain);
	if (st != ST_OK && st != ST_NO_MEMORY)
		st = err_set(err, ST_IO, "store: a row of %s is damaged",
			     table->name);
	return st;
}

/* Length of the character at text, 0 when it is none that people can read. */
static size_t
readable_bytes(const char *text)
{
	for (size_t n = 1; n <= 4 && text[n - 1] != '\0'; n++) {
		const struct span one = { (const uint8_t *)text, n };
		const uint8_t first = one.ptr[0];

		if (!parse_is_utf8(one))
			continue;
		if (first < 0x20 || first == 0x7f ||
		    (first == 0xc2 && one.ptr[1] < 0xa0))
			return 0;
		return n;
	}
	return 0;
}

void
vault_readable(struct sbuf *out, const char *text, size_t max_bytes)
{
	size_t added = 0;

	while (*text != '\0') {
		const size_t n = readable_bytes(text);

		if (added + n >= max_bytes)
			return;
		if (n > 0)
			sbuf_add(out, text, n);
		else
			sbuf_add_byte(out, *text == '\n' ? ' ' : '?');
		added += n > 0 ? n : 1;
		text += n > 0 ? n : 1;
	}
}

void
vault_lower(const char *text, char *out, size_t out_bytes)
{
	size_t i = 0;

	for (; text[i] != '\0' && i + 1 < out_bytes; i++) {
		const char c = text[i];

		out[i] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
	}
	out[i] = '\0';
}

static struct span
trimmed(struct span word)
{
	while (word.len_bytes > 0 && word.ptr[0] == ' ')
		(void)span_cut(word, 1, word.len_bytes - 1, &word);
	while (word.len_bytes > 0 && word.ptr[word.len_bytes - 1] == ' ')
		word.len_bytes--;
	return word;
}

bool
vault_list_next(struct span *rest, struct span *word_out)
{
	while (rest->len_bytes > 0) {
		const uint8_t *comma = memchr(rest->ptr, ',', rest->len_bytes);
		const size_t len_bytes = comma != NULL
						 ? (size_t)(comma - rest->ptr)
						 : rest->len_bytes;
		const size_t used = len_bytes + (comma != NULL ? 1 : 0);
		struct span word = { NULL, 0 };

		(void)span_cut(*rest, 0, len_bytes, &word);
		(void)span_cut(*rest, used, rest->len_bytes - used, rest);
		word = trimmed(word);
		if (word.len_bytes > 0) {
			*word_out = word;
			return true;
		}
	}
	return false;
}

bool
vault_list_has(const char *list, const char *word)
{
	struct span rest = span_of(list);
	struct span one = { NULL, 0 };

	while (vault_list_next(&rest, &one))
		if (span_equal(one, span_of(word)))
			return true;
	return false;
}
