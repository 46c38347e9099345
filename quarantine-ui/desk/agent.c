#include "quarantine-ui/desk/agent.h"

#include <string.h>

enum { AGENT_SHOWN_BYTES = 60 };

struct agent_mark {
	const char *mark, *name;
};

/* The first one of them that is in it: what pretends to be others is first. */
static const char *
agent_find(const struct agent_mark *marks, size_t count, const char *user_agent)
{
	for (size_t i = 0; i < count; i++)
		if (strstr(user_agent, marks[i].mark) != NULL)
			return marks[i].name;
	return "";
}

const char *
agent_known(struct scratch *scratch, const char *user_agent)
{
	static const struct agent_mark browsers[] = {
		{ "Edg", "Edge" },         { "OPR/", "Opera" },
		{ "Firefox/", "Firefox" }, { "Chrome/", "Chrome" },
		{ "CriOS/", "Chrome" },    { "Safari/", "Safari" },
		{ "curl/", "curl" },
	};
	static const struct agent_mark systems[] = {
		{ "iPhone", "iPhone" },   { "iPad", "iPad" },
		{ "Android", "Android" }, { "Windows", "Windows" },
		{ "Mac OS X", "Mac" },    { "CrOS", "ChromeOS" },
		{ "Linux", "Linux" },
	};
	const char *browser =
		agent_find(browsers, ARRAY_LEN(browsers), user_agent);
	const char *platform =
		agent_find(systems, ARRAY_LEN(systems), user_agent);

	return scratch_textf(scratch, "%s%s%s", browser,
			     *browser != '\0' && *platform != '\0' ? ", " : "",
			     platform);
}

const char *
agent_words(struct scratch *scratch, const char *user_agent)
{
	if (strncmp(user_agent, "Mozilla/", strlen("Mozilla/")) == 0)
		return agent_known(scratch, user_agent);
	return strlen(user_agent) <= AGENT_SHOWN_BYTES
		       ? user_agent
		       : scratch_textf(scratch, "%.*s...", AGENT_SHOWN_BYTES,
				       user_agent);
}
