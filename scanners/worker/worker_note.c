#include "scanners/worker/worker_note.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

enum status
worker_note_map(int fd, struct worker_note **note_out, struct err *err)
{
	void *page = mmap(NULL, sizeof(struct worker_note),
			  PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (page == MAP_FAILED)
		return err_set_errno(err, "worker: no page for notes");
	*note_out = page;
	return ST_OK;
}

static void
note_put(char *to, size_t room_bytes, const char *text)
{
	size_t len_bytes = strlen(text);

	if (len_bytes >= room_bytes)
		len_bytes = room_bytes - 1;
	memcpy(to, text, len_bytes);
	to[len_bytes] = '\0';
}

/* The process may end between any two instructions: no reader is better than
 * one of another part. */
void
worker_note_at(struct worker_note *note, const char *reader, const char *part)
{
	if (note == NULL)
		return;
	note->reader[0] = '\0';
	atomic_signal_fence(memory_order_seq_cst);
	note_put(note->part, sizeof(note->part), part);
	atomic_signal_fence(memory_order_seq_cst);
	note_put(note->reader + 1, sizeof(note->reader) - 1, reader + 1);
	atomic_signal_fence(memory_order_seq_cst);
	note->reader[0] = reader[0];
}

void
worker_note_end(struct worker_note *note, enum worker_end end)
{
	if (note != NULL)
		note->end = end;
}
