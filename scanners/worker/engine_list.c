#include <stdlib.h>
#include <string.h>

#include "scanners/worker/engine_list.h"

void
engine_list_append(struct engine_list *list, struct engine_object *object)
{
	object->next = NULL;
	if (list->last != NULL)
		list->last->next = object;
	else
		list->first = object;
	list->last = object;
}

void
engine_list_prepend(struct engine_list *list, struct engine_list *before)
{
	if (before->first == NULL)
		return;
	before->last->next = list->first;
	list->first = before->first;
	if (list->last == NULL)
		list->last = before->last;
	*before = (struct engine_list){ NULL, NULL };
}

struct engine_object *
engine_list_take(struct engine_list *list)
{
	struct engine_object *object = list->first;

	if (object == NULL)
		return NULL;
	list->first = object->next;
	if (list->first == NULL)
		list->last = NULL;
	object->next = NULL;
	return object;
}

void
engine_list_free(struct engine_list *list)
{
	struct engine_object *object = NULL;

	while ((object = engine_list_take(list)) != NULL)
		engine_object_free(&object);
}

struct engine_blob *
engine_blob_new(struct span bytes, uint8_t **owned)
{
	struct engine_blob *blob = calloc(1, sizeof(*blob));

	if (blob == NULL)
		return NULL;
	blob->bytes = bytes;
	if (owned != NULL)
		blob->owned = MOVE(*owned);
	return blob;
}

static void
blob_leave(struct engine_blob *blob)
{
	if (--blob->users > 0)
		return;
	/* Decoded content is what the number stood in. */
	if (blob->owned != NULL)
		explicit_bzero(blob->owned, blob->bytes.len_bytes);
	free(blob->owned);
	free(blob);
}

void
engine_object_free(struct engine_object **object)
{
	struct engine_object *gone = *object;

	if (gone == NULL)
		return;
	if (gone->blob != NULL)
		blob_leave(gone->blob);
	free((char *)(uintptr_t)gone->hint.name);
	free((char *)(uintptr_t)gone->hint.content_type);
	free((char *)(uintptr_t)gone->hint.charset);
	free(gone->path);
	free(gone);
	*object = NULL;
}

static char *
object_text(const char *text)
{
	return strdup(text != NULL ? text : "");
}

struct engine_object *
engine_object_new(struct engine_blob *blob, struct span bytes,
		  const struct child *hint, char **path)
{
	AUTO(engine_object_free)
	struct engine_object *object = calloc(1, sizeof(*object));

	if (object == NULL)
		return NULL;
	blob->users++;
	object->blob = blob;
	object->bytes = bytes;
	object->hint = *hint;
	object->hint.entity = (struct span){ NULL, 0 };
	object->hint.lead = (struct span){ NULL, 0 };
	object->glance = (struct glance){ .bytes = bytes };
	object->hint.glance = &object->glance;
	object->hint.name = object_text(hint->name);
	object->hint.content_type = object_text(hint->content_type);
	object->hint.charset = object_text(hint->charset);
	if (object->hint.name == NULL || object->hint.content_type == NULL ||
	    object->hint.charset == NULL)
		return NULL;
	object->path = MOVE(*path);
	return MOVE(object);
}
