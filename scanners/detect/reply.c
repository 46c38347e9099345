#include "scanners/detect/reply.h"

#include <string.h>
#include <strings.h>

#include "lib/base/attr.h"
#include "scanners/detect/fold.h"

static bool
reply_has(struct span text, const char *part)
{
	return text.len_bytes > 0 &&
	       memmem(text.ptr, text.len_bytes, part, strlen(part)) != NULL;
}

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

/* Lines of a quoted mail, or what mailers put before it. */
static bool
reply_has_quote(struct span text)
{
	static const char *const heads[] = {
		"\n>",
		"\n＞",
		" wrote:",
		"Original Message",
		"Original Appointment",
		"\n差出人",
		"\nFrom:",
		"\nFrom :",
		"\n送信者",
		"\n送信日時",
		"\nSent:",
		"\n件名:",
		"\n件名：",
		"\nSubject:",
		"元のメッセージ",
		"は書きました",
		"が書きました",
		"のメール:",
		"\n| ",
		"\n｜",
	};

	for (size_t i = 0; i < ARRAY_LEN(heads); i++)
		if (reply_has(text, heads[i]))
			return true;
	return text.len_bytes > 0 && text.ptr[0] == '>';
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
