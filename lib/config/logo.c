#include "lib/config/logo.h"

#include <string.h>

#include "lib/base/fd.h"

enum {
	PNG_WIDTH_AT = 16, /* behind the mark, and length and name of IHDR */
	PNG_HEIGHT_AT = 20,
	JPEG_MARK = 0xff,
	JPEG_SIZE_AT = 5, /* of a frame: mark 2, length 2, precision 1 */
	JPEG_FRAME_BYTES = 9,
	JPEG_START_OF_SCAN = 0xda
};

static bool
logo_begins(struct span bytes, const void *mark, size_t len)
{
	struct span head = { NULL, 0 };

	return span_cut(bytes, 0, len, &head) &&
	       memcmp(head.ptr, mark, len) == 0;
}

static uint32_t
logo_u16(struct span bytes, size_t at)
{
	return (uint32_t)bytes.ptr[at] << 8 | bytes.ptr[at + 1];
}

static bool
logo_look_png(struct span bytes, struct logo *logo)
{
	if (bytes.len_bytes < PNG_HEIGHT_AT + 4 ||
	    memcmp(bytes.ptr + PNG_WIDTH_AT - 4, "IHDR", 4) != 0)
		return false;
	logo->width = logo_u16(bytes, PNG_WIDTH_AT) << 16 |
		      logo_u16(bytes, PNG_WIDTH_AT + 2);
	logo->height = logo_u16(bytes, PNG_HEIGHT_AT) << 16 |
		       logo_u16(bytes, PNG_HEIGHT_AT + 2);
	return true;
}

/* SOF0 to SOF15, but the tables that stand between them. */
static bool
logo_is_frame(uint8_t mark)
{
	return mark >= 0xc0 && mark <= 0xcf && mark != 0xc4 && mark != 0xc8 &&
	       mark != 0xcc;
}

static bool
logo_look_jpeg(struct span bytes, struct logo *logo)
{
	size_t at = 2;

	while (bytes.len_bytes - at >= JPEG_FRAME_BYTES &&
	       bytes.ptr[at] == JPEG_MARK &&
	       bytes.ptr[at + 1] != JPEG_START_OF_SCAN) {
		const size_t len = 2 + (size_t)logo_u16(bytes, at + 2);

		if (logo_is_frame(bytes.ptr[at + 1])) {
			logo->height = logo_u16(bytes, at + JPEG_SIZE_AT);
			logo->width = logo_u16(bytes, at + JPEG_SIZE_AT + 2);
			return true;
		}
		if (len > bytes.len_bytes - at)
			return false;
		at += len;
	}
	return false;
}

static enum status
logo_check_size(const struct logo *logo, struct err *err)
{
	if (logo->width == 0 || logo->height == 0)
		return err_set(err, ST_FORMAT, "the picture is damaged");
	if (logo->width > LOGO_MAX_PIXELS || logo->height > LOGO_MAX_PIXELS)
		return err_set(err, ST_FORMAT,
			       "%u x %u pixels; at most %d in each direction",
			       (unsigned)logo->width, (unsigned)logo->height,
			       LOGO_MAX_PIXELS);
	return ST_OK;
}

enum status
logo_look(struct span bytes, struct logo *logo_out, struct err *err)
{
	static const uint8_t png[] = { 0x89, 'P', 'N', 'G', '\r', '\n' };
	static const uint8_t jpeg[] = { 0xff, 0xd8, 0xff };
	const bool is_png = logo_begins(bytes, png, sizeof(png));
	const bool is_jpeg = logo_begins(bytes, jpeg, sizeof(jpeg));

	*logo_out = (struct logo){ .content_type = "image/svg+xml" };
	if (!is_png && !is_jpeg)
		return memmem(bytes.ptr, bytes.len_bytes, "<svg", 4) != NULL
			       ? ST_OK
			       : err_set(err, ST_FORMAT,
					 "neither PNG, JPEG nor SVG");
	logo_out->content_type = is_png ? "image/png" : "image/jpeg";
	logo_out->mail = bytes.len_bytes <= LOGO_MAX_MAIL_BYTES;
	if (!(is_png ? logo_look_png(bytes, logo_out)
		     : logo_look_jpeg(bytes, logo_out)))
		return err_set(err, ST_FORMAT, "the picture is damaged");
	return logo_check_size(logo_out, err);
}

enum status
logo_read(const char *path, struct sbuf *bytes, struct logo *logo_out,
	  struct err *err)
{
	const enum status st = fd_slurp_file(path, bytes, err);

	return st == ST_OK ? logo_look(sbuf_span(bytes), logo_out, err) : st;
}
