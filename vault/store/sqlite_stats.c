/* sqlite_stats.c - counters; contract: store_stats.h. */
#include "vault/store/store_stats.h"

#include "vault/store/sqlite_call.h"

enum status
store_stat_add(struct store *store, const struct store_stat *row,
	       struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "INSERT INTO stats (day, rule, counter, count)"
			 " VALUES (?, ?, ?, 1)"
			 " ON CONFLICT DO UPDATE SET count = count + 1");
	call_int(&call, row->day);
	call_text(&call, row->rule);
	call_int(&call, row->counter);
	return call_run(&call, err);
}

enum status
store_stat_each(struct store *store, uint32_t from_day, uint32_t to_day,
		store_stat_visit visit, void *context, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin(&call, store,
		   "SELECT day, rule, counter, count FROM stats"
		   " WHERE day BETWEEN ? AND ? ORDER BY day, rule, counter");
	call_int(&call, from_day);
	call_int(&call, to_day);
	for (;;) {
		enum status st = call_row(&call, err);

		if (st == ST_OK) {
			const struct store_stat row = {
				.day = (uint32_t)call_get_int(&call, 0),
				.rule = call_get_text(&call, 1),
				.counter = (uint32_t)call_get_int(&call, 2),
				.count = call_get_uint(&call, 3),
			};

			st = visit(context, &row, err);
		}
		if (st != ST_OK)
			return st == ST_END ? ST_OK : st;
	}
}

enum status
store_domain_each(struct store *store, uint64_t limit, store_domain_visit visit,
		  void *context, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin(&call, store,
		   "SELECT domain, count(*), min(first_day), max(last_day)"
		   " FROM pairs GROUP BY domain"
		   " ORDER BY count(*) DESC, domain LIMIT ?");
	call_uint(&call, limit);
	for (;;) {
		enum status st = call_row(&call, err);

		if (st == ST_OK) {
			const struct store_domain row = {
				.domain = call_get_text(&call, 0),
				.pairs = call_get_uint(&call, 1),
				.first_day = (uint32_t)call_get_int(&call, 2),
				.last_day = (uint32_t)call_get_int(&call, 3),
			};

			st = visit(context, &row, err);
		}
		if (st != ST_OK)
			return st == ST_END ? ST_OK : st;
	}
}
