#include "lib/report/evidence.h"

#include "lib/base/parse.h"

static const char *const evidence_names[EVIDENCE_END] = {
	[EVIDENCE_NONE] = "",
#define EVIDENCE(symbol, group, name) [EVIDENCE_##symbol] = (name),
#include "lib/report/evidence.def"
#undef EVIDENCE
};

const char *
evidence_name(enum evidence evidence)
{
	return evidence_names[evidence];
}

enum evidence
evidence_find(struct span name)
{
	for (unsigned i = EVIDENCE_NONE + 1; i < EVIDENCE_END; i++)
		if (span_equal(name, span_of(evidence_names[i])))
			return (enum evidence)i;
	return EVIDENCE_NONE;
}
