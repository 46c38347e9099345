/* scanner_site.h - a scanner of a test: programs, configuration, mails. */
#ifndef TESTS_SCANNERS_SCANNER_SITE_H
#define TESTS_SCANNERS_SCANNER_SITE_H

#include <limits.h>
#include <sys/types.h>

#include "scanners/client/scan_client.h"
#include "tests/harness/check.h"

enum {
	SITE_PATH_BYTES = 200,
	SITE_MAX_WORKERS = 16,
	PATIENCE_MS = 10000,
	SCAN_MS = 8000
};

struct site {
	char dir[32];
	char build[PATH_MAX];
	char socket[SITE_PATH_BYTES];
	char config[SITE_PATH_BYTES];
	char log[SITE_PATH_BYTES];
	char programs[SITE_PATH_BYTES]; /* directory of the worker */
	pid_t pid;
	int mail_fd;
	struct scan_client *client;
};

void nap(int ms);
void site_write_config(const struct site *site, const char *scanner_settings);
void site_make(struct site *site);
void site_open(struct site *site, const char *scanner_settings);
size_t site_workers(const struct site *site, pid_t pids[SITE_MAX_WORKERS]);
/* What the workers are copies of. */
size_t site_templates(const struct site *site, pid_t pids[SITE_MAX_WORKERS]);
bool worker_is_ready(pid_t pid);
void site_wait_workers(const struct site *site, size_t want,
		       pid_t pids[SITE_MAX_WORKERS]);
void signal_all(const pid_t *pids, size_t count, int number);
int site_wait_end(struct site *site);
void site_close(struct site *site);
struct scan_request request_for(enum scan_priority priority);
void site_scan_ok(struct site *site, enum report_verdict verdict);
void site_scan_unscannable(struct site *site, enum report_reason reason);
struct channel site_ask(const struct site *site);
uint16_t channel_answer(struct channel *channel);
bool site_log_has(const struct site *site, const char *words);
/* Wait until it has. */
void site_wait_log(const struct site *site, const char *words);
size_t site_log_count(const struct site *site, const char *words);
/* Another mail from now on. */
void site_set_mail(struct site *site, const char *mail);
/* A scanner with a program of tests/scanners as its worker. */
void
site_open_worker(struct site *site, const char *program, const char *settings);
void site_open_bad(struct site *site, const char *play, const char *settings);
int stop_left_over(void **state);

#define SITE_TEST(name) cmocka_unit_test_teardown(name, stop_left_over)

#endif
