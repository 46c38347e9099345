/* Any bytes as the replies of an SMTP server; the first says how they come. */
#include "courier/smtp/smtp_reply.h"

#include <stdlib.h>
#include <string.h>

#include "courier/smtp/smtp_session.h"
#include "tests/fuzz/fuzz.h"

static void
check_reply(const struct smtp_reply *reply)
{
	FUZZ_PROMISE(reply->code >= 200 && reply->code <= 599);
	FUZZ_PROMISE(strlen(reply->text) < SMTP_REPLY_TEXT_BYTES);
	FUZZ_PROMISE(strlen(reply->enhanced) < SMTP_ENHANCED_BYTES);
	for (const char *p = reply->text; *p != '\0'; p++)
		FUZZ_PROMISE(*p == '\n' || (*p >= ' ' && *p < 0x7f));
	(void)smtp_offer_parse(reply->text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = { data, size };
	struct smtp_reply *reply = malloc(sizeof(*reply));
	size_t step = 0;

	if (reply == NULL || size == 0) {
		free(reply);
		return 0;
	}
	step = (size_t)data[0] % 64 + 1;
	FUZZ_PROMISE(span_cut(rest, 1, rest.len_bytes - 1, &rest));
	smtp_reply_init(reply);
	while (rest.len_bytes > 0) {
		const size_t len =
			rest.len_bytes < step ? rest.len_bytes : step;
		size_t used = 0;
		const enum status st = smtp_reply_take(
			reply, (struct span){ rest.ptr, len }, &used, NULL);

		if (st != ST_OK && st != ST_END)
			break;
		FUZZ_PROMISE(used <= len && (st == ST_OK || used == len));
		FUZZ_PROMISE(
			span_cut(rest, used, rest.len_bytes - used, &rest));
		if (st != ST_OK)
			continue;
		check_reply(reply);
		smtp_reply_init(reply);
	}
	free(reply);
	return 0;
}
