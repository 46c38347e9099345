/*
 * setup_host.h - what the host already says about the answers to setup.
 *
 * Layer:    cli
 * Threads:  one
 */
#ifndef CLI_SETUP_HOST_H
#define CLI_SETUP_HOST_H

#include <stdbool.h>

enum { SETUP_HOST_BYTES = 256, SETUP_HOST_PATH_BYTES = 1024 };

/* Every text is "" where the host does not say. */
struct setup_host {
	char host_name[SETUP_HOST_BYTES]; /* whole, with its domain */
	char domain[SETUP_HOST_BYTES];
	char next_hop[SETUP_HOST_BYTES];       /* where the MTA here listens */
	char admin[SETUP_HOST_BYTES];          /* who has become root */
	char queue_dir[SETUP_HOST_PATH_BYTES]; /* Postfix's */
	bool has_postfix_group;
};

/* postfix_dir: postconf -c, or NULL. */
void setup_host_look(const char *postfix_dir, struct setup_host *host_out);

#endif
