/*
 * link_part.h - the part of a link mail that stands where its files were.
 *
 * Layer:    courier/notices; includes lib/ and vault/client/
 * Threads:  values
 *
 * A multipart/alternative of text and HTML in both languages, printable ASCII
 * throughout, so that it fits into any mail: the bytes around it stay as they
 * are. Words: link-recipient.txt.
 */
#ifndef COURIER_NOTICES_LINK_PART_H
#define COURIER_NOTICES_LINK_PART_H

#include "courier/notices/letter.h"

/*
 * Append what fills the hole of job's mail (kind LINK) to out, which holds a
 * secret afterwards.
 * Returns: ST_OK; ST_FORMAT the job or the portal's address is incomplete:
 *          there would be no way to the files; ST_LIMIT, ST_NO_MEMORY, ST_IO
 */
MUST_CHECK enum status
link_part_write(const struct letter_office *office, const struct vault_job *job,
		struct sbuf *out, struct err *err);

#endif
