/*
 * table_bench - what one scan costs in a warm engine, in CPU time.
 * usage: table_bench [ROUNDS]
 *
 * A clean mail of 10 KB (MIME, charset, detection) and lists of 10 MB as CSV
 * in UTF-8 and CP932; made here, the same each time.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "lib/base/parse.h"
#include "scanners/detect/labels.h"
#include "scanners/worker/engine.h"

enum {
	BENCH_MAIL_BYTES = 10 * 1024,
	BENCH_TABLE_BYTES = 10 * 1000 * 1000,
	BENCH_ROUNDS = 7,
	BENCH_MAILS = 400,
	US_PER_S = 1000000
};

static int64_t
cpu_us(void)
{
	struct rusage used;

	(void)getrusage(RUSAGE_SELF, &used);
	return ((int64_t)used.ru_utime.tv_sec + used.ru_stime.tv_sec) *
		       US_PER_S +
	       used.ru_utime.tv_usec + used.ru_stime.tv_usec;
}

static uint32_t
next_random(uint32_t *state)
{
	*state = *state * 1664525U + 1013904223U;
	return *state >> 8;
}

/* Two sets of texts: as UTF-8 and as CP932. */
struct texts {
	const char *header;
	const char *family[4];
	const char *given[4];
	const char *kana;
	const char *town[3];
	const char *note[3];
};

static const struct texts utf8_texts = {
	"社員番号,氏名,フリガナ,住所,入社日,基本給,電話,備考\r\n",
	{ "佐藤", "鈴木", "高橋", "田中" },
	{ "太郎", "花子", "一郎", "美咲" },
	"ヤマダ タロウ",
	{ "東京都港区", "大阪府大阪市北区", "愛知県名古屋市中区" },
	{ "", "異動あり", "休職中" },
};

/* The same bytes as python3's codec cp932 gives. */
static const struct texts cp932_texts = {
	"\x8E\xD0\x88\xF5\x94\xD4\x8D\x86,\x8E\x81\x96\xBC\r\n",
	{ "\x8D\xB2\x93\xA1", "\x97\xE9\x96\xD8", "\x8D\x82\x8B\xB4",
	  "\x93\x63\x92\x86" },
	{ "\x91\xBE\x98\x59", "\x89\xD4\x8E\x71", "\x88\xEA\x98\x59",
	  "\x94\xFC\x8D\xE7" },
	"\x83\x84\x83\x7D\x83\x5F \x83\x5E\x83\x8D\x83\x45",
	{ "\x93\x8C\x8B\x9E\x93\x73\x8D\x60\x8B\xE6",
	  "\x91\xE5\x8D\xE3\x95\x7B\x91\xE5\x8D\xE3\x8E\x73\x96\x6B\x8B\xE6",
	  "\x88\xA4\x92\x6D\x8C\xA7\x96\xBC\x8C\xC3\x89\xAE\x8E\x73" },
	{ "", "\x88\xD9\x93\xAE\x82\xA0\x82\xE8", "\x8B\x78\x90\x45\x92\x86" },
};

static void
write_table(struct sbuf *table, const struct texts *texts)
{
	uint32_t state = 1;

	sbuf_add_text(table, texts->header);
	while (table->len_bytes < BENCH_TABLE_BYTES) {
		const uint32_t a = next_random(&state);
		const uint32_t b = next_random(&state);

		sbuf_addf(table,
			  "%05u,%s %s,%s,%s%u-%u-%u,%u/%02u/%02u,%u,"
			  "0%u-%04u-%04u,%s\r\n",
			  a % 100000, texts->family[a % 4], texts->given[b % 4],
			  texts->kana, texts->town[a % 3], 1 + a % 9,
			  1 + b % 29, 1 + a % 19, 1980 + b % 45, 1 + a % 12,
			  1 + b % 28, 180000 + a % 400000, 3 + 3 * (b % 2),
			  a % 10000, b % 10000, texts->note[b % 3]);
	}
}

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

static enum status
no_taint(void *context, struct err *err)
{
	(void)context;
	(void)err;
	return ST_OK;
}

struct warm {
	struct words *words;
	struct labels *labels;
};

static void
scan(const struct warm *warm, enum scan_input input, const char *name,
     struct span body)
{
	static const struct engine_readers readers = {
		.next = reader_next,
		.unread_format = reader_unread_format,
		.taint = no_taint,
	};
	const struct engine_request request = {
		.input = input,
		.name = name,
		.profile = REPORT_PROFILE_STANDARD,
		.words = warm->words,
		.labels = warm->labels,
		.body = body,
		.limits = { .max_depth = 16,
			    .max_objects = 20000,
			    .max_expanded_bytes = 512 << 20,
			    .max_ratio = 1000,
			    .max_cells = 5000000,
			    .max_pages = 5000,
			    .wall_ms = 60000,
			    .cpu_ms = 60000 },
	};
	AUTO(engine_free) struct engine *engine = NULL;
	struct scan_report report;
	struct err err;

	if (engine_new(&request, &readers, &engine, &err) != ST_OK ||
	    engine_run(engine, &report, &err) != ST_OK ||
	    report.verdict != REPORT_VERDICT_CLEAN) {
		(void)fprintf(stderr, "table_bench: not clean: %s\n", name);
		exit(EXIT_FAILURE);
	}
}

static int
compare(const void *a, const void *b)
{
	const int64_t left = *(const int64_t *)a;
	const int64_t right = *(const int64_t *)b;

	return (left > right) - (left < right);
}

static void
measure(const struct warm *warm, const char *what, enum scan_input input,
	const char *name, struct span body, unsigned times)
{
	int64_t used_us[BENCH_ROUNDS];

	for (size_t round = 0; round < BENCH_ROUNDS; round++) {
		const int64_t from_us = cpu_us();

		for (unsigned i = 0; i < times; i++)
			scan(warm, input, name, body);
		used_us[round] = cpu_us() - from_us;
	}
	qsort(used_us, BENCH_ROUNDS, sizeof(used_us[0]), compare);
	const int64_t median_us = used_us[BENCH_ROUNDS / 2];

	(void)printf("%-28s %8.3f ms CPU (%.3f to %.3f)\n", what,
		     (double)median_us / times / 1000,
		     (double)used_us[0] / times / 1000,
		     (double)used_us[BENCH_ROUNDS - 1] / times / 1000);
}

int
main(void)
{
	struct warm warm = { NULL, NULL };
	struct sbuf bytes;
	struct err err;

	if (reader_prepare(&err) != ST_OK ||
	    words_new(&warm.words, &err) != ST_OK ||
	    labels_new(warm.words, &warm.labels, &err) != ST_OK)
		return EXIT_FAILURE;
	sbuf_init(&bytes, 2 * BENCH_TABLE_BYTES);
	write_mail(&bytes);
	measure(&warm, "mail of 10 KB", SCAN_INPUT_MAIL, "", sbuf_span(&bytes),
		BENCH_MAILS);
	sbuf_clear(&bytes);
	write_table(&bytes, &utf8_texts);
	measure(&warm, "CSV of 10 MB, UTF-8", SCAN_INPUT_ATTACHMENT, "a.csv",
		sbuf_span(&bytes), 1);
	sbuf_clear(&bytes);
	write_table(&bytes, &cp932_texts);
	measure(&warm, "CSV of 10 MB, CP932", SCAN_INPUT_ATTACHMENT, "a.csv",
		sbuf_span(&bytes), 1);
	sbuf_done(&bytes);
	labels_free(&warm.labels);
	words_free(&warm.words);
	return EXIT_SUCCESS;
}
