#include "vault/client/case.h"

#include <string.h>

static const struct wire_field sender_fields[] = {
	WIRE_ENUM_F(struct case_sender, kind, CASE_SENDER_LOGIN,
		    CASE_SENDER_HEADER),
	WIRE_TEXT_F(struct case_sender, address, 0, CASE_MAX_ADDRESS_BYTES),
};
WIRE_TABLE(case_sender_table, 0, 1, case_sender, sender_fields);

static const struct wire_field recipient_fields[] = {
	WIRE_TEXT_F(struct case_recipient, address, 1, CASE_MAX_ADDRESS_BYTES),
	WIRE_TEXT_F(struct case_recipient, esmtp_args, 0, CASE_MAX_ARGS_BYTES),
};
WIRE_TABLE(case_recipient_table, 0, 1, case_recipient, recipient_fields);

enum {
	DETAIL_MAX_WORD_BYTES = 128,
	DETAIL_MAX_CLIENT_BYTES = 300,
	DETAIL_MAX_SUBJECT_BYTES = 1000,
	DETAIL_MAX_REPORT_BYTES = 7 * 1024 * 1024
};

static const struct wire_field detail_fields[] = {
	WIRE_TEXT_F(struct case_detail, queue_id, 0, DETAIL_MAX_WORD_BYTES),
	WIRE_TEXT_F(struct case_detail, client_name, 0,
		    DETAIL_MAX_CLIENT_BYTES),
	WIRE_TEXT_F(struct case_detail, client_address, 0,
		    DETAIL_MAX_WORD_BYTES),
	WIRE_BOOL_F(struct case_detail, authenticated),
	WIRE_LIST_F(struct case_detail, senders, sender_count, 0,
		    CASE_MAX_SENDERS, case_sender_table),
	WIRE_TEXT_F(struct case_detail, envelope_sender, 0,
		    CASE_MAX_ADDRESS_BYTES),
	WIRE_TEXT_F(struct case_detail, sender_esmtp_args, 0,
		    CASE_MAX_ARGS_BYTES),
	WIRE_LIST_F(struct case_detail, recipients, recipient_count, 1,
		    CASE_MAX_RECIPIENTS, case_recipient_table),
	WIRE_UTF8_F(struct case_detail, subject, 0, DETAIL_MAX_SUBJECT_BYTES),
	WIRE_U64_F(struct case_detail, size_bytes, 0, UINT64_MAX),
	WIRE_I64_F(struct case_detail, received_unix_ms),
	CASE_TERMS_WIRE(struct case_detail, 1),
	WIRE_BYTES_F(struct case_detail, report, 1, DETAIL_MAX_REPORT_BYTES),
};
WIRE_TABLE(case_detail_table, 0x0300, 1, case_detail, detail_fields);

/* Crockford's alphabet: no i, l, o, u, so an id can be read out aloud. */
static const char case_id_alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

void
case_id_format(const uint8_t id[CASE_ID_BYTES], char text[CASE_ID_TEXT_BYTES])
{
	uint32_t bits = 0;
	unsigned held_bits = 0;
	size_t at = 0;

	for (size_t i = 0; i < CASE_ID_BYTES; i++) {
		bits = bits << 8 | id[i];
		held_bits += 8;
		while (held_bits >= 5) {
			held_bits -= 5;
			text[at++] = case_id_alphabet[bits >> held_bits & 31];
		}
		bits &= (1U << held_bits) - 1;
	}
	text[at++] = case_id_alphabet[bits << (5 - held_bits) & 31];
	text[at] = '\0';
}

bool
case_id_parse(const char *text, uint8_t id[CASE_ID_BYTES])
{
	uint8_t parsed[CASE_ID_BYTES];
	uint32_t bits = 0;
	unsigned held_bits = 0;
	size_t at = 0;

	if (strlen(text) != CASE_ID_TEXT_BYTES - 1)
		return false;
	for (; *text != '\0'; text++) {
		const char *place = strchr(case_id_alphabet, *text);

		if (place == NULL)
			return false;
		bits = bits << 5 | (uint32_t)(place - case_id_alphabet);
		held_bits += 5;
		if (held_bits >= 8 && at < sizeof(parsed)) {
			held_bits -= 8;
			parsed[at++] = (uint8_t)(bits >> held_bits);
		}
		bits &= (1U << held_bits) - 1;
	}
	if (at != sizeof(parsed) || bits != 0)
		return false;
	memcpy(id, parsed, sizeof(parsed));
	return true;
}

const char *
case_state_name(enum case_state state)
{
	static const char *const names[] = {
		"none",      "sealed",    "unconfirmed", "held",
		"releasing", "returning", "expiring",    "released",
		"returned",  "expired",   "cancelled",
	};

	return (size_t)state < ARRAY_LEN(names) ? names[state] : "none";
}

const char *
case_outcome_name(enum case_outcome outcome)
{
	static const char *const names[] = { "none",      "waiting",
					     "delivered", "link",
					     "returned",  "expired",
					     "cancelled" };

	return (size_t)outcome < ARRAY_LEN(names) ? names[outcome] : "none";
}

const char *
unlock_state_name(enum unlock_state state)
{
	static const char *const names[] = { "none", "trying", "opened",
					     "closed", "lost" };

	_Static_assert(ARRAY_LEN(names) == UNLOCK_STATE_END, "one name each");
	return (size_t)state < ARRAY_LEN(names) ? names[state] : "none";
}

const char *
search_state_name(enum search_state state)
{
	static const char *const names[] = { "none", "on", "paused", "ended" };

	_Static_assert(ARRAY_LEN(names) == SEARCH_STATE_END, "one name each");
	return (size_t)state < ARRAY_LEN(names) ? names[state] : "none";
}
