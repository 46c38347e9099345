#include "scanners/detect/reply.h"

#include <string.h>
#include <strings.h>

#include "lib/base/attr.h"
#include "lib/base/find.h"
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

static bool
reply_ends_with(struct span text, const char *part)
{
	const size_t len = strlen(part);

	return text.len_bytes >= len &&
	       memcmp(text.ptr + text.len_bytes - len, part, len) == 0;
}

static bool
reply_begins_with(struct span text, const char *part)
{
	const size_t len = strlen(part);

	return text.len_bytes >= len && memcmp(text.ptr, part, len) == 0;
}

/* A line of a quoted mail, or one that mailers put before it. */
static bool
reply_is_quote(struct span line)
{
	static const char *const heads[] = {
		">",        "＞",       "差出人", "From:", "From :",
		"送信者",   "送信日時", "Sent:",  "件名:", "件名：",
		"Subject:", "| ",       "｜",
	};

	/* Most lines are none by their first byte. */
	for (size_t i = 0; i < ARRAY_LEN(heads); i++)
		if (line.ptr[0] == (uint8_t)heads[i][0] &&
		    reply_begins_with(line, heads[i]))
			return true;
	return false;
}

/*
 * Step from one mark to the next: what is before and behind it.
 * Takes: *at where to look from, 0 at first
 */
static bool
reply_next(struct span text, const char *mark, size_t *at, struct span *before,
	   struct span *behind)
{
	const size_t found = find_next(text, *at, mark, strlen(mark));

	if (found == text.len_bytes)
		return false;
	*before = (struct span){ text.ptr, found };
	*at = found + strlen(mark);
	*behind = (struct span){ text.ptr + *at, text.len_bytes - *at };
	return true;
}

/* A quoted mail. Each of the searches goes over all of a long text, so there
 * are few. */
static bool
reply_has_quote(struct span text)
{
	struct span before = { 0 };
	struct span behind = { 0 };
	size_t at = 0;

	if (reply_begins_with(text, ">"))
		return true;
	while (reply_next(text, "\n", &at, &before, &behind))
		if (behind.len_bytes > 0 && reply_is_quote(behind))
			return true;
	for (at = 0; reply_next(text, ":", &at, &before, &behind);)
		if (reply_ends_with(before, " wrote") ||
		    reply_ends_with(before, "のメール"))
			return true;
	for (at = 0; reply_next(text, "Original ", &at, &before, &behind);)
		if (reply_begins_with(behind, "Message") ||
		    reply_begins_with(behind, "Appointment"))
			return true;
	for (at = 0; reply_next(text, "書きました", &at, &before, &behind);)
		if (reply_ends_with(before, "は") ||
		    reply_ends_with(before, "が"))
			return true;
	at = 0;
	return reply_next(text, "元のメッセージ", &at, &before, &behind);
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
