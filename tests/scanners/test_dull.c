/* Records that are left out whole: which, and that nothing is lost by it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/detect/dull.h"
#include "scanners/worker/engine.h"
#include "tests/harness/check.h"

enum { DULL_ROWS = 4000, DULL_TABLES = 40 };

struct table {
	struct words *words;
	struct labels *labels;
};

static int
make_table(void **state)
{
	static struct table table;
	struct err err = { .st = ST_OK };

	check_status(ST_OK, words_new(&table.words, &err), &err);
	check_status(ST_OK, labels_new(table.words, &table.labels, &err), &err);
	*state = &table;
	return 0;
}

static int
free_table(void **state)
{
	struct table *table = *state;

	labels_free(&table->labels);
	words_free(&table->words);
	return 0;
}

static bool
is_dull(void **state, const char *record)
{
	const struct table *table = *state;

	return dull_is_record(table->labels, digit_filter_get(),
			      span_of(record), ',');
}

static void
names_dates_and_amounts_are_dull(void **state)
{
	static const char *const records[] = {
		("00123,佐藤 太郎,サトウ タロウ,東京都港区1-22-3,1985/04/12,"
		 "359000,03-1234-5678,異動あり\r\n"),
		"\"12\",\"株式会社サンプル\",\"2026-11-22\",\"1,234\",\"-\"\n",
		"a@example.co.jp,https://www.example.co.jp/a?b=1,yes\n",
		"1,2,3,4,5,6,7,8,9,10,11\n",
		"東京都港区１－２２－３,１階\n",
	};

	for (size_t i = 0; i < ARRAY_LEN(records); i++)
		if (!is_dull(state, records[i]))
			fail_msg("%s", records[i]);
}

static void
what_may_be_a_number_is_not(void **state)
{
	static const char *const records[] = {
		"佐藤,123456789018\n",
		"佐藤,１２３４５６７８９０１８\n",
		"佐藤,1234-5678-9018\n",
		"佐藤,\"1234 5678 9018\",x\n",
		"佐藤,123456789\n", /* zeros in front may be lost */
		"佐藤,1.23456789018E11\n",
		"佐藤,一二三四五六七八九〇一八\n",
		"1,2,3,4,5,6,7,8,9,0,1,8\n",
		("\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\","
		 "\"0\",\"1\",\"8\"\n"),
		"1,2,3,4,,5,6,7,8,,9,0,1,8\n",
		"佐藤,1234,5678,9018\n",
		"１,２,３,４,５,６,７,８,９,０,１,８\n",
		"佐藤,１２３４,５６７８,９０１８\n",
	};

	for (size_t i = 0; i < ARRAY_LEN(records); i++) {
		char room[400];

		if (is_dull(state, records[i]))
			fail_msg("%s", records[i]);
		/* At every place of a block. */
		for (int shift = 1; shift < 70; shift++) {
			(void)snprintf(
				room, sizeof(room), "%.*s,%s", shift,
				"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
				"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
				records[i]);
			if (is_dull(state, room))
				fail_msg("%s", room);
		}
	}
}

static void
words_and_nouns_are_not(void **state)
{
	static const char *const records[] = {
		"氏名,個人番号\n",     "氏名,マイ ナンバー\n",
		"a,ﾏｲﾅﾝﾊﾞｰ\n",         "注文番号,x\n",
		"得意先コード,x\n",    "得意先ナンバー,x\n",
		"得意先№,x\n",         "x,Order No.\n",
		"x,customer_id\n",     "x,customerId,y\n",
		"x,\"Dept Code\",y\n", "x,ＩＤ\n",
		"生年月日,x\n",        "年末調整,x\n",
	};

	for (size_t i = 0; i < ARRAY_LEN(records); i++)
		if (is_dull(state, records[i]))
			fail_msg("%s", records[i]);
}

/* A scan with a preview cuts every record into cells. */
static void
scan(const struct table *table, struct span body, bool preview,
     struct sbuf *said)
{
	static const struct engine_readers readers = {
		.next = reader_next,
		.unread_format = reader_unread_format,
	};
	const struct engine_request request = {
		.input = SCAN_INPUT_ATTACHMENT,
		.name = "a.csv",
		.reveal = true,
		.preview = preview,
		.profile = REPORT_PROFILE_STANDARD,
		.words = table->words,
		.labels = table->labels,
		.body = body,
		.limits = { .max_depth = 4,
			    .max_objects = 100,
			    .max_expanded_bytes = 64 << 20,
			    .max_ratio = 1000,
			    .max_cells = 1000000,
			    .wall_ms = 60000,
			    .cpu_ms = 60000 },
	};
	AUTO(engine_free) struct engine *engine = NULL;
	struct scan_report report;
	struct err err = { .st = ST_OK };

	check_status(ST_OK, engine_new(&request, &readers, &engine, &err),
		     &err);
	check_status(ST_OK, engine_run(engine, &report, &err), &err);
	sbuf_init(said, 1 << 20);
	sbuf_addf(said, "%d %lld %llu\n", (int)report.verdict,
		  (long long)report.score_db,
		  (unsigned long long)report.number_count);
	for (size_t i = 0; i < report.finding_count; i++)
		sbuf_addf(said, "%s %s %llu %lld\n",
			  report.findings[i].location,
			  report.findings[i].number,
			  (unsigned long long)report.findings[i].count,
			  (long long)report.findings[i].score_db);
}

static uint32_t
next_random(uint32_t *seed)
{
	*seed = *seed * 1664525U + 1013904223U;
	return *seed >> 8;
}

/* Long stretches of nothing, and now and then something. */
static void
write_rows(struct sbuf *csv, uint32_t seed)
{
	static const char *const events[] = {
		"7,個人番号,x,y\n",
		"8,123456789018,x,y\n",
		"8,621498320257,x,y\n",
		"9,注文番号,x,y\n",
		"9,x,372967742338,y\n",
		"3,x,291758959825,y\n",
		"1,2,3,4,5,6,7,8,9,0,1,8\n",
		"5,12345678901,x,y\n",
		"6,マイナンバー 876543210989,x,y\n",
		"6,年末調整,x,y\n",
		"\"7\",\"6214\n98320257\",x,y\n",
	};
	const unsigned rarely = 1 + next_random(&seed) % 400;

	sbuf_add_text(csv, seed % 3 == 0 ? "番号,個人番号,氏名,備考\n"
					 : "番号,名称,数量,備考\n");
	for (unsigned i = 0; i < DULL_ROWS; i++) {
		const uint32_t a = next_random(&seed);

		if (a % rarely == 0)
			sbuf_add_text(csv,
				      events[a / rarely % ARRAY_LEN(events)]);
		else
			sbuf_addf(csv, "%u,佐藤%u,2026-11-%02u,%u-%u\n",
				  a % 1000, a % 97, 1 + a % 28, a % 9, a % 31);
	}
}

static void
nothing_is_lost_by_leaving_them_out(void **state)
{
	for (uint32_t seed = 1; seed <= DULL_TABLES; seed++) {
		AUTO(sbuf_done) struct sbuf csv;
		AUTO(sbuf_done) struct sbuf cut;
		AUTO(sbuf_done) struct sbuf left_out;

		sbuf_init(&csv, 1 << 20);
		write_rows(&csv, seed);
		scan(*state, sbuf_span(&csv), true, &cut);
		scan(*state, sbuf_span(&csv), false, &left_out);
		if (strcmp(sbuf_text(&cut), sbuf_text(&left_out)) != 0)
			fail_msg("seed %u:\n%s---\n%s", seed, sbuf_text(&cut),
				 sbuf_text(&left_out));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_dates_and_amounts_are_dull),
		cmocka_unit_test(what_may_be_a_number_is_not),
		cmocka_unit_test(words_and_nouns_are_not),
		cmocka_unit_test(nothing_is_lost_by_leaving_them_out),
	};

	return cmocka_run_group_tests(tests, make_table, free_table);
}
