#include "vault/client/export_file.h"

#include <string.h>

enum {
	EXPORT_ID_AT = 4,
	EXPORT_KEY_BYTES_AT = 20,
	EXPORT_SEALED_BYTES_AT = 22,
	EXPORT_HEAD_BYTES = 30
};

static const char export_magic[] = "SKX1";

enum status
export_write(int fd, const struct export_entry *entry, struct err *err)
{
	uint8_t head[EXPORT_HEAD_BYTES + VAULT_MAX_KEY_BYTES];

	if (entry->key_bytes > VAULT_MAX_KEY_BYTES)
		return err_set(err, ST_LIMIT, "export: key too long");
	memcpy(head, export_magic, EXPORT_ID_AT);
	memcpy(head + EXPORT_ID_AT, entry->case_id, CASE_ID_BYTES);
	head[EXPORT_KEY_BYTES_AT] = (uint8_t)(entry->key_bytes >> 8);
	head[EXPORT_KEY_BYTES_AT + 1] = (uint8_t)entry->key_bytes;
	for (unsigned i = 0; i < 8; i++)
		head[EXPORT_SEALED_BYTES_AT + i] =
			(uint8_t)(entry->sealed_bytes >> (56 - 8 * i));
	memcpy(head + EXPORT_HEAD_BYTES, entry->key, entry->key_bytes);
	return fd_write_all(
		fd, (struct span){ head, EXPORT_HEAD_BYTES + entry->key_bytes },
		err);
}

enum status
export_read(int fd, struct export_entry *entry_out, struct err *err)
{
	uint8_t head[EXPORT_HEAD_BYTES];
	struct export_entry entry = { .key_bytes = 0 };
	enum status st = fd_read_all(fd, head, sizeof(head), err);

	if (st != ST_OK)
		return st;
	if (memcmp(head, export_magic, EXPORT_ID_AT) != 0)
		return err_set(err, ST_FORMAT, "export: no mail here");
	memcpy(entry.case_id, head + EXPORT_ID_AT, CASE_ID_BYTES);
	entry.key_bytes = (size_t)head[EXPORT_KEY_BYTES_AT] << 8 |
			  head[EXPORT_KEY_BYTES_AT + 1];
	for (unsigned i = 0; i < 8; i++)
		entry.sealed_bytes = entry.sealed_bytes << 8 |
				     head[EXPORT_SEALED_BYTES_AT + i];
	if (entry.key_bytes == 0 || entry.key_bytes > sizeof(entry.key))
		return err_set(err, ST_FORMAT, "export: key of %zu bytes",
			       entry.key_bytes);
	st = fd_read_all(fd, entry.key, entry.key_bytes, err);
	if (st == ST_END)
		return err_set(err, ST_FORMAT, "export: cut off");
	if (st == ST_OK)
		*entry_out = entry;
	return st;
}
