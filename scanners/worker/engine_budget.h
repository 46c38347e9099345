/*
 * engine_budget.h - what a scan has used up, and which limit stopped it.
 *
 * Layer:    scanners/worker
 * Threads:  as engine.h
 */
#ifndef SCANNERS_WORKER_ENGINE_BUDGET_H
#define SCANNERS_WORKER_ENGINE_BUDGET_H

#include "scanners/worker/engine.h"

enum {
	/* Small things may be packed as tightly as they like. */
	ENGINE_RATIO_FREE_BYTES = 16 * 1024 * 1024,
	/* Text or cells between two looks at the clocks. */
	ENGINE_CLOCK_BYTES = 64 * 1024,
	ENGINE_DETAIL_BYTES = 100
};

struct engine_budget {
	const struct engine_limits *limits;
	int64_t start_mono_ms;
	int64_t start_cpu_ms;
	int64_t remote_cpu_ms; /* of readers in other programs */
	int64_t apart_cpu_ms;
	int64_t apart_wall_ms;
	uint64_t objects;
	uint64_t expanded_bytes;
	uint64_t ratio_unpacked_bytes;
	uint64_t ratio_packed_bytes;
	uint64_t cells;
	uint64_t since_clock_bytes;
	bool out_of_time; /* the whole scan is over */
};

/* A limit that was passed, in the words of a report. */
struct engine_stop {
	enum report_reason reason; /* REPORT_REASON_NONE: go on */
	char detail[ENGINE_DETAIL_BYTES];
};

void engine_budget_start(struct engine_budget *budget,
			 const struct engine_limits *limits);
/* Of the wall time; 0 when it is used up. */
int64_t engine_budget_left_ms(const struct engine_budget *budget);
/* Of the CPU time, and what another program has used of it. */
int64_t engine_budget_left_cpu_ms(const struct engine_budget *budget);
void engine_budget_remote_cpu(struct engine_budget *budget, int64_t used_ms);
/* What passwords cost has a budget of its own: it counts in neither. */
void engine_budget_apart(struct engine_budget *budget, int64_t cpu_ms,
			 int64_t wall_ms);
int64_t engine_budget_elapsed_ms(const struct engine_budget *budget);

/* Each spends and says in *stop whether that was too much. */
void
engine_budget_object(struct engine_budget *budget, struct engine_stop *stop);
void engine_budget_expand(struct engine_budget *budget, uint64_t len_bytes,
			  uint64_t packed_bytes, struct engine_stop *stop);
void engine_budget_cell(struct engine_budget *budget, struct engine_stop *stop);
/* len_bytes of work; looks at the clocks now and then. */
void engine_budget_work(struct engine_budget *budget, uint64_t len_bytes,
			struct engine_stop *stop);
/* Looks at the clocks now. */
void
engine_budget_clock(struct engine_budget *budget, struct engine_stop *stop);

#endif
