#include "scanners/detect/reply.h"

#include <string.h>
#include <strings.h>

#include "lib/base/attr.h"
#include "scanners/detect/fold.h"

/* "Re: ...", "RE：", "Ｒｅ:", "返信：", "回答" */
static bool
reply_is_subject(struct span text)
{
	size_t at = 0;
	size_t start = 0;
	const uint32_t first = fold_letter_next(text, &at, &start);
	const uint32_t second = fold_letter_next(text, &at, &start);
	struct span mark = { 0 };

	if ((first == 0x8FD4 && second == 0x4FE1) ||
	    (first == 0x56DE && second == 0x7B54))
		return true;
	if (first != 'r' || second != 'e' ||
	    !span_cut(text, at, text.len_bytes - at, &mark))
		return false;
	return mark.len_bytes > 0 &&
	       (mark.ptr[0] == ':' || mark.ptr[0] == '[' ||
		mark.ptr[0] == '^' ||
		(mark.len_bytes >= 3 && memcmp(mark.ptr, "：", 3) == 0));
}

/* Does text begin with one of the lines of a quoted mail, or of those that
 * mailers put before it? */
static bool
reply_is_quote(struct span text)
{
	static const char *const heads[] = {
		">",        "＞",       "差出人", "From:", "From :",
		"送信者",   "送信日時", "Sent:",  "件名:", "件名：",
		"Subject:", "| ",       "｜",
	};

	for (size_t i = 0; i < ARRAY_LEN(heads); i++)
		if (text.len_bytes >= strlen(heads[i]) &&
		    memcmp(text.ptr, heads[i], strlen(heads[i])) == 0)
			return true;
	return false;
}

/* Is part in text, behind one of two others ("" for none)? */
static bool
reply_has(struct span text, const char *part, const char *one,
	  const char *other)
{
	const size_t one_len = strlen(one);
	const size_t other_len = strlen(other);
	size_t at = 0;

	while (at < text.len_bytes) {
		const uint8_t *found = memmem(
			text.ptr + at, text.len_bytes - at, part, strlen(part));
		const size_t place =
			found != NULL ? (size_t)(found - text.ptr) : 0;

		if (found == NULL)
			return false;
		if ((place >= one_len &&
		     memcmp(found - one_len, one, one_len) == 0) ||
		    (place >= other_len &&
		     memcmp(found - other_len, other, other_len) == 0))
			return true;
		at = place + 1;
	}
	return false;
}

/* A quoted mail. Each of the searches goes over all of a long text, so there
 * are few. */
static bool
reply_has_quote(struct span text)
{
	const uint8_t *at = text.ptr;
	const uint8_t *const end = text.ptr + text.len_bytes;

	if (text.len_bytes == 0)
		return false;
	if (text.ptr[0] == '>')
		return true;
	while ((at = memchr(at, '\n', (size_t)(end - at))) != NULL &&
	       ++at < end)
		if (reply_is_quote((struct span){ at, (size_t)(end - at) }))
			return true;
	return reply_has(text, " wrote:", "", "") ||
	       reply_has(text, "Original Message", "", "") ||
	       reply_has(text, "Original Appointment", "", "") ||
	       reply_has(text, "元のメッセージ", "", "") ||
	       reply_has(text, "書きました", "は", "が") ||
	       reply_has(text, "のメール:", "", "");
}

void
reply_look(struct reply *reply, enum place_kind place, const char *label,
	   struct span text)
{
	if (reply->is_reply)
		return;
	if (place == PLACE_HEADER)
		reply->is_reply = strcasecmp(label, "In-Reply-To") == 0 ||
				  (strcasecmp(label, "Subject") == 0 &&
				   reply_is_subject(text));
	else if (place == PLACE_BODY && reply->wanted)
		reply->is_reply = reply_has_quote(text);
	reply->wanted = false;
}
