/*
 * words_bench - what a mail without locks pays for being asked for passwords:
 * its texts are kept, and gone over once for words like "password".
 * usage: words_bench
 *
 * Prints the bytes of a mail's text and of what is attached, and the CPU
 * microseconds (the least of several rounds); the last one has a password. All
 * that such a mail pays: keeping the texts, the search, wiping them. Fails when
 * a mail of 10 KB without one pays 50 us or more.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "lib/base/parse.h"
#include "scanners/locks/words_rank.h"

enum {
	BENCH_ROUNDS = 20,
	BENCH_RUNS = 100,
	BENCH_US_PER_S = 1000000,
	BENCH_NS_PER_US = 1000,
	BENCH_MOST_WORDS = 32,
	BENCH_BAR_US = 50
};

/* Of system calls, too: what is kept is wiped and given back. */
static double
cpu_us(void)
{
	struct timespec used = { 0, 0 };

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	return (double)used.tv_sec * BENCH_US_PER_S +
	       (double)used.tv_nsec / BENCH_NS_PER_US;
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
run_once(struct span body, struct span inside)
{
	AUTO(words_list_free) struct words_list *said = NULL;
	struct words_mail mail;
	struct err err;
	size_t count = 0;

	words_mail_init(&mail);
	words_mail_add(&mail, WORDS_PLACE_SUBJECT, span_of("打合せの件\n"));
	words_mail_add(&mail, WORDS_PLACE_BODY, body);
	words_mail_add(&mail, WORDS_PLACE_INSIDE, inside);
	if (words_list_new(&said, &err) == ST_OK &&
	    words_rank_said(&mail, BENCH_MOST_WORDS, said, &err) == ST_OK)
		count = words_list_count(said);
	words_mail_done(&mail);
	return count;
}

/* Returns: microseconds */
static double
bench(size_t body_bytes, size_t inside_bytes, const char *ending)
{
	AUTO(sbuf_done) struct sbuf text;
	AUTO(sbuf_done) struct sbuf inside;
	double least_us = BENCH_US_PER_S;
	size_t words = 0;

	sbuf_init(&text, body_bytes * 2 + 1000);
	sbuf_init(&inside, inside_bytes * 2 + 1000);
	write_text(&text, body_bytes);
	write_text(&inside, inside_bytes);
	sbuf_add_text(&text, ending);
	for (int round = 0; round < BENCH_ROUNDS; round++) {
		const double start_us = cpu_us();
		double us = 0;

		for (int i = 0; i < BENCH_RUNS; i++)
			words = run_once(sbuf_span(&text), sbuf_span(&inside));
		us = (cpu_us() - start_us) / BENCH_RUNS;
		least_us = us < least_us ? us : least_us;
	}
	(void)printf("%7zu bytes, %7zu attached  %7.2f us  %zu words\n",
		     text.len_bytes, inside.len_bytes, least_us, words);
	return least_us;
}

int
main(void)
{
	double ordinary_us = 0;

	(void)bench(2000, 0, "");
	ordinary_us = bench(10000, 0, "");
	(void)bench(10000, 100000, "");
	(void)bench(60000, 0, "");
	(void)bench(1000000, 0, "");
	(void)bench(10000, 0, "パスワード：Abc123xy\r\n");
	if (ordinary_us < BENCH_BAR_US)
		return EXIT_SUCCESS;
	(void)printf("FAIL: a mail of 10 KB pays %d us or more\n",
		     (int)BENCH_BAR_US);
	return EXIT_FAILURE;
}
