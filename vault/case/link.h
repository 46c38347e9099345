/*
 * link.h - what is boxed in the rows of links, and their record of events.
 *
 * Layer:    vault/case
 * Threads:  link_note(): the writer's; the rest: any
 */
#ifndef VAULT_CASE_LINK_H
#define VAULT_CASE_LINK_H

#include "vault/case/record.h"
#include "vault/store/store_visit.h"

/* Boxed in store_link.words. */
struct link_words {
	const char *address;  /* whose link it is */
	const char *networks; /* comma separated; "": from anywhere */
};
extern const struct wire_table link_words_table;
MUST_CHECK enum status
link_open_words(const struct vault *vault, const struct store_link *row,
		struct link_words *words_out, struct wire_arena **arena_out,
		struct err *err);

/* Boxed in store_link_batch.words. */
struct link_batch_words {
	const struct vault_link_file *files; /* name is "" */
	size_t file_count;
	uint64_t hole_offset; /* in the link mail */
	bool whole_body;
	const char *boundary;
	const char *sender;   /* for people */
	const char *language; /* of the sender; "": not known */
};
extern const struct wire_table link_batch_words_table;
MUST_CHECK enum status
link_open_batch(const struct vault *vault, const struct store_link_batch *row,
		struct link_batch_words *words_out,
		struct wire_arena **arena_out, struct err *err);

/* What happened to a link: for its sender to see, and on record. */
struct link_deed {
	const char *event; /* "sent", "opened", …; on record as "link-sent" */
	const char *actor; /* "recipient", a login, "timer", "courier" */
	const char *via;   /* as in audit_event */
	const char *address; /* whose link; in no column in clear */
	const struct link_visitor *visitor; /* NULL: nobody came */
	const char *file;                   /* shown name; NULL: none */
	const char *detail; /* counts and words of ours; NULL: none */
};
MUST_CHECK enum status
link_note(struct vault *vault, const struct store_link *row,
	  const struct link_deed *deed, struct err *err);

/* Boxed in store_link_event.words. */
struct link_event_words {
	const char *event;
	const char *actor;
	const char *client_address;
	const char *agent;
	const char *file;
};
extern const struct wire_table link_event_words_table;

#endif
