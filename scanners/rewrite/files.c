#include "scanners/rewrite/files.h"

#include <string.h>
#include <sys/mman.h>

#include "lib/base/fd.h"

enum {
	/* Mapped at a time: address space is short here. It is a multiple of
	 * the page of any machine. */
	FILES_WINDOW_BYTES = 1024 * 1024
};

enum status
files_open(int fd, uint64_t least_bytes, struct files *files_out,
	   struct err *err)
{
	uint64_t size_bytes = 0;
	const enum status st = fd_size(fd, &size_bytes, err);

	if (st != ST_OK)
		return st;
	if (size_bytes < least_bytes)
		return err_set(err, ST_LIMIT, "rewrite: no room for files");
	*files_out = (struct files){ .fd = fd, .room_bytes = size_bytes };
	return ST_OK;
}

/* Writing is not allowed in the sandbox: bytes go through a mapping. */
static enum status
files_put(struct files *files, struct span *bytes, struct err *err)
{
	const uint64_t window_at =
		files->len_bytes - files->len_bytes % FILES_WINDOW_BYTES;
	const size_t from = (size_t)(files->len_bytes - window_at);
	const uint64_t left = files->room_bytes - window_at;
	const size_t room =
		left < FILES_WINDOW_BYTES ? (size_t)left : FILES_WINDOW_BYTES;
	struct span part = *bytes;
	uint8_t *window = NULL;

	if (part.len_bytes > room - from)
		part.len_bytes = room - from;
	window = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_SHARED, files->fd,
		      (off_t)window_at);
	if (window == MAP_FAILED)
		return err_set_errno(err, "rewrite: no window");
	memcpy(window + from, part.ptr, part.len_bytes);
	(void)munmap(window, room);
	files->len_bytes += part.len_bytes;
	(void)span_cut(*bytes, part.len_bytes,
		       bytes->len_bytes - part.len_bytes, bytes);
	return ST_OK;
}

static enum status
files_put_all(struct files *files, struct span bytes, struct err *err)
{
	enum status st = ST_OK;

	if (bytes.len_bytes > files->room_bytes - files->len_bytes)
		return err_set(err, ST_LIMIT, "rewrite: no room for files");
	while (st == ST_OK && bytes.len_bytes > 0)
		st = files_put(files, &bytes, err);
	return st;
}

/* Behind a "=" some programs stop, others go on: nothing may stand there. */
static bool
files_is_clear_base64(struct span text)
{
	const uint8_t *pad = text.len_bytes > 0
				     ? memchr(text.ptr, '=', text.len_bytes)
				     : NULL;
	struct span tail = { NULL, 0 };
	size_t pads = 0;

	if (pad == NULL)
		return true;
	const size_t at = (size_t)(pad - text.ptr);

	(void)span_cut(text, at, text.len_bytes - at, &tail);
	for (size_t i = 0; i < tail.len_bytes; i++) {
		if (tail.ptr[i] != '=' && !mime_is_space(tail.ptr[i]))
			return false;
		pads += tail.ptr[i] == '=';
	}
	return pads <= 2;
}

enum status
files_add(struct files *files, const struct tree_node *node, bool *clear_out,
	  struct err *err)
{
	AUTO(sbuf_done) struct sbuf bytes;
	struct mime_decoded decoded = { 0 };
	enum status st = ST_OK;

	*clear_out = true;
	sbuf_init_secret(&bytes, SIZE_MAX / 2);
	if (node->encoding == MIME_ENCODING_PLAIN)
		return files_put_all(files, node->body, err);
	if (node->encoding == MIME_ENCODING_BASE64) {
		decoded = mime_decode_base64(node->body, &bytes);
		*clear_out = decoded.junk == 0 && !decoded.is_cut &&
			     files_is_clear_base64(node->body);
	} else {
		decoded = mime_decode_quoted(node->body, &bytes);
		*clear_out = !decoded.is_cut;
	}
	st = sbuf_status(&bytes, "rewrite: file", err);
	if (st == ST_OK && *clear_out)
		st = files_put_all(files, sbuf_span(&bytes), err);
	return st;
}
