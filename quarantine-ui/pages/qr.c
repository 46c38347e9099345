#include "quarantine-ui/pages/qr.h"

#include <errno.h>
#include <qrencode.h>
#include <string.h>

enum { QR_QUIET = 4 };

static bool
qr_is_dark(const QRcode *code, int x, int y)
{
	return (code->data[y * code->width + x] & 1) != 0;
}

/* One rectangle for each run of dark modules in a line. */
static void
qr_draw_line(const QRcode *code, int y, struct sbuf *path)
{
	int x = 0;

	while (x < code->width) {
		int end = x;

		while (end < code->width && qr_is_dark(code, end, y))
			end++;
		if (end > x)
			sbuf_addf(path, "M%d %dh%dv1h-%dz", x + QR_QUIET,
				  y + QR_QUIET, end - x, end - x);
		x = end + 1;
	}
}

enum status
qr_draw(const char *text, struct sbuf *path, uint64_t *size_out,
	struct err *err)
{
	QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);

	if (code == NULL)
		return errno == ENOMEM
			       ? err_set(err, ST_NO_MEMORY, "qr: no memory")
			       : err_set(err, ST_LIMIT, "qr: too long");
	for (int y = 0; y < code->width; y++)
		qr_draw_line(code, y, path);
	*size_out = (uint64_t)code->width + 2 * QR_QUIET;
	/* It holds a secret. */
	explicit_bzero(code->data, (size_t)code->width * (size_t)code->width);
	QRcode_free(code);
	return sbuf_status(path, "qr", err);
}
