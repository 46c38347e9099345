/*
 * reply.h - is the mail an answer?
 *
 * Layer:    scanners/detect; includes lib/base and scanners/readers
 * Threads:  values of one scan
 * Input:    untrusted text; linear time
 *
 * Who is asked for a My Number often sends nothing but the number: what it is
 * stands in the subject or in the quoted mail, at any distance.
 */
#ifndef SCANNERS_DETECT_REPLY_H
#define SCANNERS_DETECT_REPLY_H

#include "scanners/readers/sink.h"

struct reply {
	bool is_reply;
	bool wanted; /* the text that is open holds a valid number */
};

/* Does text of a place, the head of it is enough, show it? */
void reply_look(struct reply *reply, enum place_kind place, const char *label,
		struct span text);

#endif
