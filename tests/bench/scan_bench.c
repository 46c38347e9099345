/*
 * scan_bench - what a clean mail costs from client to worker and back.
 * usage: scan_bench SCANNER [COUNT [FILE]]
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "lib/base/clock.h"
#include "lib/base/parse.h"
#include "scanners/client/scan_client.h"

enum { BENCH_MAIL_BYTES = 10 * 1024, BENCH_US_PER_S = 1000000 };

static int64_t
cpu_us(int who)
{
	struct rusage used;

	(void)getrusage(who, &used);
	return ((int64_t)used.ru_utime.tv_sec + used.ru_stime.tv_sec) *
		       BENCH_US_PER_S +
	       used.ru_utime.tv_usec + used.ru_stime.tv_usec;
}

/* An everyday mail: text with a few telephone numbers and dates. */
static void
write_mail(struct sbuf *mail)
{
	sbuf_add_text(mail,
		      "Received: from pc.example.co.jp by mx.example.co.jp;"
		      " Sun, 22 Nov 2026 05:08:00 +0900\r\n"
		      "From: a@example.co.jp\r\nTo: b@example.com\r\n"
		      "Subject: =?UTF-8?B?5omT5ZCI44Gb44Gu5Lu2?=\r\n"
		      "Message-Id: <20261122050800.1234@example.co.jp>\r\n"
		      "Date: Sun, 22 Nov 2026 05:08:00 +0900\r\n"
		      "MIME-Version: 1.0\r\n"
		      "Content-Type: text/plain; charset=UTF-8\r\n"
		      "Content-Transfer-Encoding: 8bit\r\n\r\n");
	while (mail->len_bytes < BENCH_MAIL_BYTES)
		sbuf_add_text(mail,
			      "いつもお世話になっております。打合せは11月25日"
			      "14時からです。\r\n"
			      "TEL 03-1234-5678 / 請求書番号 20261122-0042 / "
			      "金額 1,234,567円\r\n"
			      "Please find the agenda below and let me know by "
			      "2026-11-24.\r\n\r\n");
}

static int
load_mail(const char *path, int *fd_out)
{
	AUTO(sbuf_done) struct sbuf mail;
	struct err err = { 0 };

	sbuf_init(&mail, 200 << 20);
	if (path == NULL)
		write_mail(&mail);
	else if (fd_slurp_file(path, &mail, &err) != ST_OK)
		return 1;
	if (fd_memory("bench", fd_out, &err) != ST_OK ||
	    fd_write_all(*fd_out, sbuf_span(&mail), &err) != ST_OK ||
	    fd_seal(*fd_out, &err) != ST_OK)
		return 1;
	(void)printf("%zu bytes a mail", mail.len_bytes);
	return 0;
}

struct cost {
	int64_t wall_us;
	int64_t client_us;
	int64_t scanner_us; /* with its start, and its workers */
};

static int
scan_many(const char *scanner, int fd, int count, struct cost *cost)
{
	static const struct scan_request request = {
		.input = SCAN_INPUT_MAIL,
		.priority = SCAN_PRIORITY_MAIL,
		.name = "",
		.profile = REPORT_PROFILE_STANDARD,
	};
	AUTO(scan_client_free) struct scan_client *client = NULL;
	struct err err = { 0 };
	const int64_t client_us = cpu_us(RUSAGE_SELF);
	const int64_t children_us = cpu_us(RUSAGE_CHILDREN);

	if (scan_client_spawn(scanner, NULL, &client, &err) != ST_OK)
		return 1;
	const int64_t start_mono_ms = clock_mono_ms();

	for (int i = 0; i < count; i++) {
		AUTO(scan_reply_free) struct scan_reply *reply = NULL;

		if (scan_client_scan(client, &request, fd, NULL, &reply,
				     &err) != ST_OK) {
			(void)fprintf(stderr, "scan_bench: %s\n", err.text);
			return 1;
		}
	}
	cost->wall_us = (clock_mono_ms() - start_mono_ms) * 1000;
	scan_client_free(&client);
	cost->client_us = cpu_us(RUSAGE_SELF) - client_us;
	cost->scanner_us = cpu_us(RUSAGE_CHILDREN) - children_us;
	return 0;
}

int
main(int argc, char **argv)
{
	uint64_t count = 5000;
	struct cost one = { 0 };
	struct cost many = { 0 };
	int fd = FD_NONE;

	if (argc < 2 ||
	    (argc > 2 && !parse_u64(span_of(argv[2]), 1000000, &count)) ||
	    load_mail(argc > 3 ? argv[3] : NULL, &fd) != 0 ||
	    scan_many(argv[1], fd, 1, &one) != 0 ||
	    scan_many(argv[1], fd, (int)count + 1, &many) != 0)
		return 1;
	(void)printf(
		", %" PRIu64 " mails; each:\n"
		"  wall            %6.1f us\n"
		"  CPU of client   %6.1f us\n"
		"  CPU of scanner  %6.1f us (supervisor and worker)\n"
		"start and first mail: CPU %.1f ms, wall %.1f ms\n",
		count, (double)(many.wall_us - one.wall_us) / (double)count,
		(double)(many.client_us - one.client_us) / (double)count,
		(double)(many.scanner_us - one.scanner_us) / (double)count,
		(double)one.scanner_us / 1000.0, (double)one.wall_us / 1000.0);
	fd_close(&fd);
	return 0;
}
