/*
 * smtp_data.h - a stored mail as it may go over SMTP.
 *
 * Layer:    courier/smtp; includes only lib/
 * Threads:  values
 * Input:    untrusted bytes of a mail; nothing in them can end the mail early
 *
 * Every line end goes out as CR LF. What is stored otherwise is changed, since
 * servers disagree about it and a mail could be smuggled behind another one
 * (RFC 5321 2.3.8 forbids to send it):
 *	LF, CR LF, CR CR LF (any number of CR)  ->  CR LF
 *	CR elsewhere in the body                ->  CR LF
 *	CR elsewhere in the header              ->  space (it must not make a
 *	                                            new field)
 * A last line without an end gets one. Lines that start with a dot get a
 * second one (RFC 5321 4.5.2). All other bytes go out as they are.
 */
#ifndef COURIER_SMTP_SMTP_DATA_H
#define COURIER_SMTP_SMTP_DATA_H

#include "lib/base/sbuf.h"

/* What a mail looks like in this form, dots not counted. */
struct smtp_shape {
	uint64_t size_bytes;
	bool eight_bit;        /* a byte over 0x7f somewhere */
	bool header_eight_bit; /* one in the header */
};

struct smtp_data {
	bool stuff_dots;
	bool in_header;
	bool line_open;  /* the line has bytes already */
	size_t cr_count; /* CR seen and not yet written */
	struct smtp_shape shape;
};

/* Start a mail: the header comes first. */
void smtp_data_init(struct smtp_data *data, bool stuff_dots);

/* Append bytes in their new form to out; out may be NULL to measure only. */
void smtp_data_add(struct smtp_data *data, struct span bytes, struct sbuf *out);

/* The mail is over: end its last line. (The final dot is not part of it.) */
void smtp_data_end(struct smtp_data *data, struct sbuf *out);

/* Shape of a mail made of parts, one behind the other. */
struct smtp_shape
smtp_data_measure(const struct span *parts, size_t part_count);

#endif
