/*
 * engine_list.h - objects that wait to be read, and the bytes behind them.
 *
 * Layer:    scanners/worker; for engine*.c
 * Threads:  as engine.h
 */
#ifndef SCANNERS_WORKER_ENGINE_LIST_H
#define SCANNERS_WORKER_ENGINE_LIST_H

#include "scanners/readers/glance.h"
#include "scanners/readers/sink.h"

/* Bytes that one or more objects point into. */
struct engine_blob {
	size_t users;
	struct span bytes;
	uint8_t *owned; /* malloc block, or NULL when borrowed */
};

/* One object on the work list. */
struct engine_object {
	struct engine_object *next;
	struct engine_blob *blob;
	struct span bytes; /* inside the blob */
	struct child hint; /* its texts are ours */
	struct glance glance;
	char *path;
	uint32_t depth;
	bool too_deep;      /* swept only */
	bool joined;        /* a piece of a part that follows */
	bool starts_piece;  /* joined, and may look like the whole */
	bool piece_missing; /* a piece, and others are not there */
};

struct engine_list {
	struct engine_object *first;
	struct engine_object *last;
};

/* engine_list: the list takes the object over. */
void engine_list_append(struct engine_list *list, struct engine_object *object);
/* Put all of before in front of list; before is then empty. */
void engine_list_prepend(struct engine_list *list, struct engine_list *before);
struct engine_object *engine_list_take(struct engine_list *list);
void engine_list_free(struct engine_list *list);

struct engine_blob *engine_blob_new(struct span bytes, uint8_t **owned);
void engine_object_free(struct engine_object **object);

/* Copy hint's texts, join blob. NULL without memory; path is taken over. */
struct engine_object *
engine_object_new(struct engine_blob *blob, struct span bytes,
		  const struct child *hint, char **path);

#endif
