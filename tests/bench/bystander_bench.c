/*
 * bystander_bench - what others notice while one bomb is read.
 * usage: bystander_bench SOCKET MAIL BOMB [ROUNDS [MAILS]]
 *
 * Asks a running scanner for the everyday MAIL, again and again with pauses as
 * mail comes in, in rounds: alone, while another client has BOMB read all the
 * time, and beside a process that does nothing but count, with as little weight
 * as a worker that reads for long. Prints each round's slowest hundredth, and
 * what the median of these grew by: on a machine with other work the second
 * says what of it is the bomb's.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/proc/turns.h"
#include "scanners/client/scan_client.h"

enum {
	BENCH_MAX_BYTES = 64 << 20,
	BENCH_MAX_ROUNDS = 64,
	BENCH_MAX_MAILS = 10000,
	BENCH_PAUSE_US = 4000,
	BENCH_SETTLE_US = 300000,
	BENCH_DEADLINE_MS = 50000,
	BENCH_NICE = 10,
	BENCH_NS_PER_US = 1000,
	BENCH_US_PER_S = 1000000
};

struct bench {
	const char *socket;
	int mail_fd;
	int bomb_fd;
	size_t mails;
	int64_t took_us[BENCH_MAX_MAILS];
};

static int64_t
now_us(void)
{
	struct timespec now = { 0, 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * BENCH_US_PER_S +
	       now.tv_nsec / BENCH_NS_PER_US;
}

_Noreturn static void
give_up(const char *what, const struct err *err)
{
	(void)fprintf(stderr, "bystander_bench: %s: %s\n", what, err->text);
	exit(1);
}

static int
load(const char *path)
{
	AUTO(sbuf_done) struct sbuf bytes;
	struct err err = { 0 };
	int fd = FD_NONE;

	sbuf_init(&bytes, BENCH_MAX_BYTES);
	if (fd_slurp_file(path, &bytes, &err) != ST_OK ||
	    fd_memory("bench", &fd, &err) != ST_OK ||
	    fd_write_all(fd, sbuf_span(&bytes), &err) != ST_OK ||
	    fd_seal(fd, &err) != ST_OK)
		give_up(path, &err);
	return fd;
}

static enum report_verdict
scan(struct scan_client *client, int fd)
{
	const struct scan_request request = {
		.input = SCAN_INPUT_MAIL,
		.priority = SCAN_PRIORITY_MAIL,
		.name = "",
		.profile = REPORT_PROFILE_STANDARD,
		.deadline_ms = BENCH_DEADLINE_MS,
	};
	AUTO(scan_reply_free) struct scan_reply *reply = NULL;
	struct err err = { 0 };

	if (scan_client_scan(client, &request, fd, NULL, &reply, &err) != ST_OK)
		give_up("scan", &err);
	return reply->report.verdict;
}

static struct scan_client *
connect_to(const char *socket)
{
	struct scan_client *client = NULL;
	struct err err = { 0 };

	if (scan_client_new(socket, &client, &err) != ST_OK)
		give_up(socket, &err);
	return client;
}

/* Have the bomb read for ever, in a process of its own. */
static pid_t
start_bombing(const struct bench *bench)
{
	const pid_t pid = fork();

	if (pid != 0)
		return pid;
	AUTO(scan_client_free)
	struct scan_client *client = connect_to(bench->socket);

	for (;;) {
		if (scan(client, bench->bomb_fd) == REPORT_VERDICT_CLEAN)
			_exit(2); /* it was no bomb */
	}
}

static int
compare(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a;
	const int64_t y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* As pool.c treats a worker that is at it for a second. */
static pid_t
start_counting(void)
{
	const pid_t pid = fork();
	struct err err = { 0 };
	volatile uint64_t count = 0;

	if (pid != 0)
		return pid;
	(void)setsid();
	if (turns_make_long(getpid(), BENCH_NICE, &err) != ST_OK)
		give_up("counting", &err);
	for (;;)
		count = count + 1;
}

enum round { ROUND_NONE = 0, ROUND_ALONE, ROUND_BOMB, ROUND_COUNT, ROUND_END };

static pid_t
start_other(const struct bench *bench, enum round round)
{
	if (round == ROUND_BOMB)
		return start_bombing(bench);
	return round == ROUND_COUNT ? start_counting() : 0;
}

/* The slowest hundredth of a round, in microseconds. */
static int64_t
run_round(struct bench *bench, enum round round)
{
	AUTO(scan_client_free)
	struct scan_client *client = connect_to(bench->socket);
	const pid_t pid = start_other(bench, round);

	(void)usleep(BENCH_SETTLE_US);
	for (size_t i = 0; i < bench->mails; i++) {
		const int64_t start_us = now_us();

		if (scan(client, bench->mail_fd) == REPORT_VERDICT_UNSCANNABLE)
			exit(3);
		bench->took_us[i] = now_us() - start_us;
		(void)usleep(BENCH_PAUSE_US);
	}
	if (pid > 0) {
		(void)kill(pid, SIGKILL);
		(void)waitpid(pid, NULL, 0);
	}
	qsort(bench->took_us, bench->mails, sizeof(bench->took_us[0]), compare);
	return bench->took_us[bench->mails - 1 - bench->mails / 100];
}

/* How much the median of some rounds is above that of others, in percent. */
static int64_t
growth(int64_t took_us[ROUND_END][BENCH_MAX_ROUNDS], size_t rounds,
       enum round from, enum round to)
{
	const int64_t before_us = took_us[from][rounds / 2];

	return (took_us[to][rounds / 2] - before_us) * 100 / before_us;
}

static size_t
number_of(const char *text, size_t most)
{
	const unsigned long value = strtoul(text, NULL, 10);

	return value == 0 || value > most ? most : (size_t)value;
}

int
main(int argc, char **argv)
{
	static struct bench bench = { .mails = 500 };
	static int64_t took_us[ROUND_END][BENCH_MAX_ROUNDS];
	size_t rounds = 5;

	if (argc < 4 || argc > 6) {
		(void)fputs("usage: bystander_bench SOCKET MAIL BOMB [ROUNDS "
			    "[MAILS]]\n",
			    stderr);
		return 64;
	}
	bench.socket = argv[1];
	bench.mail_fd = load(argv[2]);
	bench.bomb_fd = load(argv[3]);
	if (argc > 4)
		rounds = number_of(argv[4], BENCH_MAX_ROUNDS);
	if (argc > 5)
		bench.mails = number_of(argv[5], BENCH_MAX_MAILS);
	(void)run_round(&bench, ROUND_ALONE); /* warm */
	for (size_t i = 0; i < rounds; i++) {
		for (enum round k = ROUND_ALONE; k < ROUND_END; k++)
			took_us[k][i] = run_round(&bench, k);
		(void)printf("p99 alone %" PRId64 " us, beside a bomb %" PRId64
			     " us, beside a count %" PRId64 " us\n",
			     took_us[ROUND_ALONE][i], took_us[ROUND_BOMB][i],
			     took_us[ROUND_COUNT][i]);
	}
	for (enum round k = ROUND_ALONE; k < ROUND_END; k++)
		qsort(took_us[k], rounds, sizeof(took_us[k][0]), compare);
	(void)printf("median alone %" PRId64 " us, beside a bomb %" PRId64
		     " us: grew by %" PRId64 " %%; beside a count %" PRId64
		     " us: %" PRId64 " %%\n",
		     took_us[ROUND_ALONE][rounds / 2],
		     took_us[ROUND_BOMB][rounds / 2],
		     growth(took_us, rounds, ROUND_ALONE, ROUND_BOMB),
		     took_us[ROUND_COUNT][rounds / 2],
		     growth(took_us, rounds, ROUND_ALONE, ROUND_COUNT));
	return 0;
}
