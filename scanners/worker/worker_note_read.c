/* The supervisor's side of worker_note.h. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "scanners/worker/worker_note.h"

enum status
worker_note_make(int *fd_out, struct err *err)
{
	AUTO(fd_close) int fd = FD_NONE;
	const enum status st = fd_memory("sekimori-note", &fd, err);

	if (st != ST_OK)
		return st;
	/* Of fixed size: who maps it cannot be made to fault. */
	if (ftruncate(fd, sizeof(struct worker_note)) != 0 ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) !=
		    0)
		return err_set_errno(err, "worker: no page for notes");
	*fd_out = FD_MOVE(fd);
	return ST_OK;
}

enum status
worker_note_clear(int fd, struct err *err)
{
	static const struct worker_note nothing;

	if (pwrite(fd, &nothing, sizeof(nothing), 0) !=
	    (ssize_t)sizeof(nothing))
		return err_set_errno(err, "worker: no page for notes");
	return ST_OK;
}

static bool
note_is_reader(const char *text)
{
	for (; *text != '\0'; text++)
		if ((*text < 'a' || *text > 'z') &&
		    (*text < '0' || *text > '9') && *text != '-')
			return false;
	return true;
}

/* No controls, and no half characters. */
static bool
note_is_part(const char *text)
{
	for (size_t i = 0; text[i] != '\0'; i++)
		if ((uint8_t)text[i] < ' ' || text[i] == '\x7f')
			return false;
	return parse_is_utf8(span_of(text));
}

void
worker_note_read(int fd, struct worker_note *note)
{
	*note = (struct worker_note){ .end = WORKER_END_NONE };
	if (pread(fd, note, sizeof(*note), 0) != (ssize_t)sizeof(*note))
		*note = (struct worker_note){ .end = WORKER_END_NONE };
	note->reader[sizeof(note->reader) - 1] = '\0';
	note->part[sizeof(note->part) - 1] = '\0';
	if (note->end > WORKER_END_MEMORY)
		note->end = WORKER_END_NONE;
	if (!note_is_reader(note->reader))
		note->reader[0] = '\0';
	if (!note_is_part(note->part))
		note->part[0] = '\0';
}
