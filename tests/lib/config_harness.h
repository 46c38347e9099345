/* config_harness.h - configuration files for tests: written, loaded, gone. */
#ifndef TESTS_LIB_CONFIG_HARNESS_H
#define TESTS_LIB_CONFIG_HARNESS_H

#include "lib/config/config.h"

/* What every file needs, in five lines; then a policy. */
#define HEAD                                                               \
	"general { local_domains = { example.co.jp, \"*.example.org\" }\n" \
	"\tpostmaster = \"postmaster@example.co.jp\" }\n"                  \
	"courier { notice_sender = \"sekimori@example.co.jp\" }\n"         \
	"desk { url = \"https://desk.example.co.jp\" }\n"                  \
	"\n"
#define LAST_RULE "rule last { action = deliver }"
#define POLICY    "policy { " LAST_RULE " }\n"

/* Load text as a file. The path in err's message is replaced by "F". */
enum status
load_text(const char *text, struct config **config_out, struct err *err);

/* Assert that text is refused with exactly these words behind the path. */
void check_refused(const char *text, const char *want);

#endif
