/*
 * fake_visits.h - secure links of the fake vault, as the portal asks for them.
 *
 * Real keys and a real sealed file: what the portal makes of a secret must
 * open it.
 */
#ifndef TESTS_QUARANTINE_UI_FAKE_VISITS_H
#define TESTS_QUARANTINE_UI_FAKE_VISITS_H

#include "lib/crypto/link_key.h"
#include "tests/quarantine-ui/fake_vault.h"

enum fake_link {
	FAKE_LINK_READY = 0, /* nothing to prove */
	FAKE_LINK_CODE,
	FAKE_LINK_PASSWORD, /* a code, then a password */
	FAKE_LINK_ONCE,
	FAKE_LINKS
};

enum { FAKE_FILES = 4, FAKE_SENT = 256, FAKE_LARGE_BYTES = 300 * 1024 + 17 };

#define FAKE_MAILBOX_CODE       "123456"
#define FAKE_LINK_PASSWORD_TEXT "kaki-no-tane"

/* Before the vault starts: file 1 has so many bytes, for measurements. */
void fake_visits_large(uint64_t large_bytes);

/* The link's id and 開封コード as texts. */
const char *fake_link_id(enum fake_link which, char text[CASE_ID_TEXT_BYTES]);
const char *
fake_link_code(enum fake_link which, char text[LINK_CODE_TEXT_BYTES]);
/* Byte number at of file number i (file 1 is large, file 2 is empty). */
uint8_t fake_file_byte(size_t i, uint64_t at);
uint64_t fake_file_bytes(size_t i);
/* For the fake vault: all its bytes; its names and size. */
void fake_file_fill(struct sbuf *bytes, size_t i);
void fake_file_name(struct vault_link_file *file, size_t i);

/* LINK_SENT so far; the last one is at count - 1. */
struct fake_sent {
	uint32_t file;
	uint64_t sent_bytes;
	bool complete;
};
size_t fake_vault_sent(struct fake_vault *vault, struct fake_sent *last_out);
/* After the first request: this link is revoked; all visits are over. */
void fake_vault_end_link(struct fake_vault *vault, enum fake_link which);
void fake_vault_end_visits(struct fake_vault *vault);
/* Codes that were mailed; files taken (each once a visit). */
size_t fake_vault_codes(struct fake_vault *vault);
size_t fake_vault_taken(struct fake_vault *vault);
/* Requests of any kind about links. */
size_t fake_vault_link_requests(struct fake_vault *vault);
/* Visitors come with a certificate, the last one did. */
bool fake_vault_certificate(struct fake_vault *vault);

#endif
