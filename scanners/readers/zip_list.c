#include "scanners/readers/zip_list.h"

#include <stdlib.h>

enum { ZIP_MAX_ENTRIES = 200000 };

enum status
zip_list_add(struct zip_list *list, const struct zip_entry *entry,
	     struct err *err)
{
	if (list->count >= ZIP_MAX_ENTRIES) {
		list->too_many = true;
		return ST_OK;
	}
	if (list->count == list->room) {
		const size_t room = list->room * 2 + 32;
		struct zip_entry *entries =
			reallocarray(list->entries, room, sizeof(*entries));

		if (entries == NULL)
			return err_set(err, ST_NO_MEMORY, "zip: no memory");
		list->entries = entries;
		list->room = room;
	}
	list->entries[list->count++] = *entry;
	return ST_OK;
}

static int
zip_list_compare(const void *a, const void *b)
{
	const struct zip_entry *left = a;
	const struct zip_entry *right = b;

	return (left->local_at > right->local_at) -
	       (left->local_at < right->local_at);
}

void
zip_list_sort(struct zip_list *list)
{
	if (list->count > 1)
		qsort(list->entries, list->count, sizeof(*list->entries),
		      zip_list_compare);
}

bool
zip_list_has(const struct zip_list *list, uint64_t local_at)
{
	const struct zip_entry key = { .local_at = local_at };

	return list->count > 0 &&
	       bsearch(&key, list->entries, list->count, sizeof(*list->entries),
		       zip_list_compare) != NULL;
}

void
zip_list_done(struct zip_list *list)
{
	free(list->entries);
	*list = (struct zip_list){ NULL, 0, 0, false };
}
