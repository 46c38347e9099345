#include "milter/session/refusal.h"

#include <stddef.h>

static const struct refusal_words words[REFUSAL_END] = {
	[REFUSAL_TOO_LARGE] = { "too-large", "552", "5.3.4",
				"Message is larger than this gateway takes",
				true },
	[REFUSAL_ENVELOPE] = { "envelope", "553", "5.1.0",
			       "Address or parameters are too long", true },
	[REFUSAL_HEADER] = { "header", "554", "5.6.0",
			     "Header names too many senders or fields", true },
	[REFUSAL_BUSY] = { "busy", "452", "4.3.1",
			   "Too much mail at once, try again later", false },
	[REFUSAL_PROTOCOL] = { "protocol", "451", "4.3.0",
			       "Gateway out of step, try again later", false },
	[REFUSAL_SCANNER] = { "scanner", "451", "4.7.1",
			      "Message cannot be checked now, try again later",
			      false },
	[REFUSAL_VAULT] = { "vault", "451", "4.7.1",
			    "Message cannot be kept now, try again later",
			    false },
	[REFUSAL_POLICY] = { "policy", "451", "4.7.1",
			     "Policy cannot be evaluated now, try again later",
			     false },
	[REFUSAL_CHANGE] = { "change", "451", "4.3.0",
			     "Message cannot be changed now, try again later",
			     false },
	[REFUSAL_INTERNAL] = { "internal", "451", "4.3.0",
			       "Local error, try again later", false },
	[REFUSAL_RULE] = { "rule", "550", "5.7.1", "Rejected by policy", true },
};

const struct refusal_words *
refusal_words(enum refusal refusal)
{
	if ((size_t)refusal >= REFUSAL_END || words[refusal].code == NULL)
		return &words[REFUSAL_INTERNAL];
	return &words[refusal];
}
