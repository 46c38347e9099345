#include "scanners/readers/ole_native.h"

#include <string.h>

#include "scanners/readers/code_page.h"
#include "scanners/text/charset.h"

enum { OLE_LENGTH_BYTES = 4 };

struct ole_native {
	struct span name; /* of the file, in its code page */
	struct span wide; /* the same in UTF-16, or empty */
	struct span file;
	size_t file_at;
	size_t end_at;
};

/* Text up to a NUL; *at is behind it. */
static bool
ole_text(struct span stream, size_t *at, struct span *text_out)
{
	struct span rest = { 0 };
	const uint8_t *end = NULL;

	if (!span_cut(stream, *at, stream.len_bytes - *at, &rest) ||
	    rest.len_bytes == 0)
		return false;
	end = memchr(rest.ptr, 0, rest.len_bytes);
	if (end == NULL)
		return false;
	text_out->ptr = rest.ptr;
	text_out->len_bytes = (size_t)(end - rest.ptr);
	*at += text_out->len_bytes + 1;
	return true;
}

/* Bytes behind their length; *at is behind them. */
static bool
ole_counted(struct span stream, size_t *at, size_t width, struct span *part_out)
{
	uint32_t count = 0;

	if (!span_read_le(stream, *at, OLE_LENGTH_BYTES, &count) ||
	    !span_cut(stream, *at + OLE_LENGTH_BYTES, (size_t)count * width,
		      part_out))
		return false;
	*at += OLE_LENGTH_BYTES + (size_t)count * width;
	return true;
}

static bool
ole_parse(struct span stream, struct ole_native *native)
{
	size_t at = OLE_LENGTH_BYTES + 2;
	struct span text = { 0 };

	if (!ole_text(stream, &at, &native->name) ||
	    !ole_text(stream, &at, &text))
		return false;
	at += 4;
	if (!ole_counted(stream, &at, 1, &text))
		return false;
	native->file_at = at + OLE_LENGTH_BYTES;
	if (!ole_counted(stream, &at, 1, &native->file))
		return false;
	native->end_at = at;
	if (ole_counted(stream, &at, 2, &text))
		(void)ole_counted(stream, &at, 2, &native->wide);
	return true;
}

/* Not packed by the packager: all behind the length. */
static void
ole_plain(struct span stream, struct ole_native *native)
{
	size_t at = 0;

	*native = (struct ole_native){ .file_at = OLE_LENGTH_BYTES };
	if (!ole_counted(stream, &at, 1, &native->file)) {
		native->file = stream;
		native->file_at = 0;
		at = stream.len_bytes;
	}
	native->end_at = at;
}

static enum status
ole_give(struct sink *sink, struct span stream, const struct ole_native *native,
	 const char *name, struct err *err)
{
	const struct child child = { .name = name,
				     .content_type = "",
				     .charset = "",
				     .attachment = true };
	struct span part = { 0 };
	enum status st = ST_OK;

	if (native->file.len_bytes > 0)
		st = sink_spend(sink, native->file.len_bytes,
				native->file.len_bytes, err);
	if (st == ST_OK && native->file.len_bytes > 0)
		st = sink_child(sink, &child, native->file, NULL, err);
	if (st == ST_OK && span_cut(stream, 0, native->file_at, &part))
		st = sink_gap(sink, part, err);
	if (st == ST_OK && span_cut(stream, native->end_at,
				    stream.len_bytes - native->end_at, &part))
		st = sink_gap(sink, part, err);
	return st;
}

enum status
ole_native_read(struct sink *sink, struct span stream, struct err *err)
{
	struct ole_native native = { .file_at = 0 };
	struct sbuf name;
	enum status st = ST_OK;

	if (!ole_parse(stream, &native))
		ole_plain(stream, &native);
	sbuf_init(&name, SIZE_MAX / 2);
	if (native.wide.len_bytes > 0)
		charset_decode(CHARSET_UTF16LE, native.wide, &name);
	else
		code_page_decode(0, native.name, &name);
	st = sbuf_status(&name, "ole: name", err);
	if (st == ST_OK)
		st = ole_give(sink, stream, &native, sbuf_text(&name), err);
	sbuf_done(&name);
	return st;
}
