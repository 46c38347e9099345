/*
 * http_site.h - a server of http/server.h that echoes, asked by raw sockets.
 *
 * Layer:    tests/quarantine-ui
 * Threads:  one test at a time
 */
#ifndef TESTS_QUARANTINE_UI_HTTP_SITE_H
#define TESTS_QUARANTINE_UI_HTTP_SITE_H

#include <pthread.h>

#include "quarantine-ui/http/server.h"

#define HOST "Host: desk.test\r\n"

enum { MAX_BODY_BYTES = 1000, ANSWER_BYTES = 8192 };

struct site {
	struct http_server *server;
	uint16_t port;
	unsigned delay_ms;
	size_t handled;
	pthread_mutex_t lock;
};

/* proxy: the trusted one, "" none. */
void site_start(struct site *site, const char *proxy);
void site_stop(struct site *site);

int dial(const struct site *site);
void say(int fd, const char *text, size_t len);
/* Up to the end of an answer, or until nothing comes. */
void read_answer(int fd, char answer[ANSWER_BYTES]);

void ask_bytes(const struct site *site, const char *text, size_t len,
	       char answer[ANSWER_BYTES]);
void ask(const struct site *site, const char *text, char answer[ANSWER_BYTES]);
/* Ask, and see that the answer begins so. */
void check_answer(const struct site *site, const char *text, const char *want);

#endif
