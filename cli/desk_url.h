/*
 * desk_url.h - the host that desk.url names.
 *
 * Layer:    cli
 * Threads:  no shared state
 */
#ifndef CLI_DESK_URL_H
#define CLI_DESK_URL_H

#include <stdbool.h>

enum { DESK_URL_HOST_BYTES = 256 };

/* "https://desk.example.co.jp:8443/x" names desk.example.co.jp,
 * "https://[::1]" ::1. False: it names none. */
bool desk_url_host(const char *url, char host[DESK_URL_HOST_BYTES]);

#endif
