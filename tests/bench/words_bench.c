/*
 * words_bench - what a mail without locks pays for being asked for passwords:
 * its texts are kept, and gone over once for words like "password".
 * usage: words_bench
 *
 * Prints the bytes of a mail and the CPU microseconds, of mails of several
 * sizes; the last one has a password.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "lib/base/parse.h"
#include "scanners/locks/words_rank.h"

enum { BENCH_RUNS = 2000, BENCH_US_PER_S = 1000000, BENCH_MOST_WORDS = 32 };

static int64_t
cpu_us(void)
{
	struct rusage used;

	(void)getrusage(RUSAGE_SELF, &used);
	return (int64_t)used.ru_utime.tv_sec * BENCH_US_PER_S +
	       used.ru_utime.tv_usec;
}

static void
write_text(struct sbuf *text, size_t len_bytes)
{
	while (text->len_bytes < len_bytes)
		sbuf_add_text(text,
			      "いつもお世話になっております。打合せは11月25日"
			      "14時からです。\r\n"
			      "TEL 03-1234-5678 / 請求書番号 20261122-0042 / "
			      "金額 1,234,567円\r\n"
			      "Please find the agenda below and pass it on to "
			      "the parties by 2026-11-24.\r\n\r\n");
}

static size_t
run_once(struct span body)
{
	AUTO(words_list_free) struct words_list *said = NULL;
	struct words_mail mail;
	struct err err;
	size_t count = 0;

	words_mail_init(&mail);
	words_mail_add(&mail, WORDS_PLACE_SUBJECT, span_of("打合せの件\n"));
	words_mail_add(&mail, WORDS_PLACE_BODY, body);
	if (words_list_new(&said, &err) == ST_OK &&
	    words_rank_said(&mail, BENCH_MOST_WORDS, said, &err) == ST_OK)
		count = words_list_count(said);
	words_mail_done(&mail);
	return count;
}

static void
bench(size_t len_bytes, const char *ending)
{
	AUTO(sbuf_done) struct sbuf text;
	size_t words = 0;

	sbuf_init(&text, len_bytes * 2 + 1000);
	write_text(&text, len_bytes);
	sbuf_add_text(&text, ending);
	const int64_t start_us = cpu_us();

	for (int i = 0; i < BENCH_RUNS; i++)
		words = run_once(sbuf_span(&text));
	(void)printf("%7zu bytes  %7.2f us  %zu words\n", text.len_bytes,
		     (double)(cpu_us() - start_us) / BENCH_RUNS, words);
}

int
main(void)
{
	bench(2000, "");
	bench(10000, "");
	bench(60000, "");
	bench(1000000, "");
	bench(10000, "パスワード：Abc123xy\r\n");
	return EXIT_SUCCESS;
}
