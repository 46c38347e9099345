#include "quarantine-ui/http/head.h"

#include <string.h>

#include "lib/base/span.h"

enum { HEAD_WHOLE_VERSION = 1 };

/* The bytes of the head, and how much of them is told for. */
struct head {
	struct span bytes;
	size_t at;
	bool whole; /* so far */
};

/* Is the next thing this text, where it lies? */
static void
head_take(struct head *head, const char *text, size_t len_bytes)
{
	struct span rest;

	head->whole = head->whole &&
		      span_cut(head->bytes, head->at, len_bytes, &rest) &&
		      (len_bytes == 0 || (const char *)rest.ptr == text);
	head->at += len_bytes;
}

/* So many NUL, which the library wrote. */
static void
head_take_nul(struct head *head, size_t count)
{
	struct span nul = { NULL, 0 };

	head->whole =
		head->whole && span_cut(head->bytes, head->at, count, &nul);
	for (size_t i = 0; i < nul.len_bytes; i++)
		head->whole = head->whole && nul.ptr[i] == '\0';
	head->at += count;
}

static void
head_skip_blanks(struct head *head)
{
	struct span one;

	while (span_cut(head->bytes, head->at, 1, &one) &&
	       (one.ptr[0] == ' ' || one.ptr[0] == '\t'))
		head->at++;
}

static enum MHD_Result
head_take_field(void *context, enum MHD_ValueKind kind, const char *name,
		size_t name_bytes, const char *value, size_t value_bytes)
{
	struct head *head = context;

	(void)kind;
	head_take(head, name, name_bytes);
	head_take_nul(head, 1);
	head_skip_blanks(head);
	head_take(head, value, value_bytes);
	head_take_nul(head, 2);
	return head->whole ? MHD_YES : MHD_NO;
}

bool
head_is_whole(struct MHD_Connection *connection, const char *method,
	      const char *path, const char *version)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	struct head head = { .whole = true };

	if (MHD_get_version()[0] - '0' >= HEAD_WHOLE_VERSION)
		return true; /* refuses a NUL by itself */
	if (info == NULL)
		return false;
	head.bytes =
		(struct span){ (const uint8_t *)method, info->header_size };
	head_take(&head, method, strlen(method));
	head_take_nul(&head, 1);
	head.at += strlen(path);
	head_take_nul(&head, 1);
	head_take(&head, version, strlen(version));
	head_take_nul(&head, 2);
	(void)MHD_get_connection_values_n(connection, MHD_HEADER_KIND,
					  head_take_field, &head);
	head_take_nul(&head, 2);
	return head.whole && head.at == head.bytes.len_bytes;
}
