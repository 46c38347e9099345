/*
 * agent.h - a browser and its system, from what it says of itself.
 *
 * Layer:    quarantine-ui/desk
 * Threads:  no shared state
 *
 * What a browser says of itself is anybody's text: only words of ours come out
 * of agent_known(). Texts live as long as the scratch.
 */
#ifndef QUARANTINE_UI_DESK_AGENT_H
#define QUARANTINE_UI_DESK_AGENT_H

#include "quarantine-ui/html/scratch.h"

/* "Firefox, Windows"; "" when nothing of it is known. */
const char *agent_known(struct scratch *scratch, const char *user_agent);
/* The same; what is not known is shown as it is, cut. */
const char *agent_words(struct scratch *scratch, const char *user_agent);

#endif
