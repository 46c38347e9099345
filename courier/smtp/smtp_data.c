#include "courier/smtp/smtp_data.h"

#include <string.h>

void
smtp_data_init(struct smtp_data *data, bool stuff_dots)
{
	*data = (struct smtp_data){ .stuff_dots = stuff_dots,
				    .in_header = true };
}

static void
smtp_data_write(struct smtp_data *data, struct sbuf *out, const void *bytes,
		size_t len_bytes)
{
	data->shape.size_bytes += len_bytes;
	if (out != NULL)
		sbuf_add(out, bytes, len_bytes);
}

static void
smtp_data_end_line(struct smtp_data *data, struct sbuf *out)
{
	if (!data->line_open)
		data->in_header = false; /* the empty line */
	data->line_open = false;
	smtp_data_write(data, out, "\r\n", 2);
}

/* CR that no LF followed. */
static void
smtp_data_bare_cr(struct smtp_data *data, struct sbuf *out)
{
	for (; data->cr_count > 0; data->cr_count--) {
		if (data->in_header) {
			data->line_open = true;
			smtp_data_write(data, out, " ", 1);
		} else {
			smtp_data_end_line(data, out);
		}
	}
}

/* How many bytes up to the next CR or LF. */
static size_t
smtp_data_run(struct span bytes)
{
	const uint8_t *lf = memchr(bytes.ptr, '\n', bytes.len_bytes);
	const size_t until_lf =
		lf != NULL ? (size_t)(lf - bytes.ptr) : bytes.len_bytes;
	const uint8_t *cr = memchr(bytes.ptr, '\r', until_lf);

	return cr != NULL ? (size_t)(cr - bytes.ptr) : until_lf;
}

static void
smtp_data_write_run(struct smtp_data *data, struct span run, struct sbuf *out)
{
	if (!data->line_open && run.ptr[0] == '.' && data->stuff_dots &&
	    out != NULL)
		sbuf_add_byte(out, '.');
	data->line_open = true;
	smtp_data_write(data, out, run.ptr, run.len_bytes);
	for (size_t i = 0; i < run.len_bytes && !data->shape.eight_bit; i++)
		data->shape.eight_bit = run.ptr[i] >= 0x80;
	if (data->in_header)
		data->shape.header_eight_bit = data->shape.eight_bit;
}

void
smtp_data_add(struct smtp_data *data, struct span bytes, struct sbuf *out)
{
	while (bytes.len_bytes > 0) {
		size_t used = 1;

		if (bytes.ptr[0] == '\r') {
			data->cr_count++;
		} else if (bytes.ptr[0] == '\n') {
			data->cr_count = 0;
			smtp_data_end_line(data, out);
		} else {
			smtp_data_bare_cr(data, out);
			used = smtp_data_run(bytes);
			smtp_data_write_run(
				data, (struct span){ bytes.ptr, used }, out);
		}
		(void)span_cut(bytes, used, bytes.len_bytes - used, &bytes);
	}
}

void
smtp_data_end(struct smtp_data *data, struct sbuf *out)
{
	smtp_data_bare_cr(data, out);
	if (data->line_open)
		smtp_data_end_line(data, out);
}

struct smtp_shape
smtp_data_measure(const struct span *parts, size_t part_count)
{
	struct smtp_data data;

	smtp_data_init(&data, false);
	for (size_t i = 0; i < part_count; i++)
		smtp_data_add(&data, parts[i], NULL);
	smtp_data_end(&data, NULL);
	return data.shape;
}
