#include "scanners/worker/engine_budget.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include "lib/base/clock.h"

enum { MS_PER_S = 1000, NS_PER_MS = 1000000, BUDGET_CELL_BYTES = 16 };

static int64_t
budget_cpu_ms(void)
{
	struct timespec used = { 0, 0 };

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	return (int64_t)used.tv_sec * MS_PER_S + used.tv_nsec / NS_PER_MS;
}

/* What a sum would be if numbers had no end. */
static uint64_t
budget_add(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

static void budget_stop(struct engine_stop *stop, enum report_reason reason,
			const char *fmt, ...) PRINTF_LIKE(3, 4);

static void
budget_stop(struct engine_stop *stop, enum report_reason reason,
	    const char *fmt, ...)
{
	va_list args;

	stop->reason = reason;
	va_start(args, fmt);
	(void)vsnprintf(stop->detail, sizeof(stop->detail), fmt, args);
	va_end(args);
}

void
engine_budget_start(struct engine_budget *budget,
		    const struct engine_limits *limits)
{
	*budget = (struct engine_budget){
		.limits = limits,
		.start_mono_ms = clock_mono_ms(),
		.start_cpu_ms = budget_cpu_ms(),
	};
}

int64_t
engine_budget_elapsed_ms(const struct engine_budget *budget)
{
	return clock_mono_ms() - budget->start_mono_ms;
}

int64_t
engine_budget_left_ms(const struct engine_budget *budget)
{
	const int64_t used_ms =
		engine_budget_elapsed_ms(budget) - budget->apart_wall_ms;

	return used_ms < budget->limits->wall_ms
		       ? budget->limits->wall_ms - used_ms
		       : 0;
}

int64_t
engine_budget_left_cpu_ms(const struct engine_budget *budget)
{
	const int64_t used_ms = budget_cpu_ms() - budget->start_cpu_ms -
				budget->apart_cpu_ms + budget->remote_cpu_ms;

	return used_ms < budget->limits->cpu_ms
		       ? budget->limits->cpu_ms - used_ms
		       : 0;
}

void
engine_budget_apart(struct engine_budget *budget, int64_t cpu_ms,
		    int64_t wall_ms)
{
	budget->apart_cpu_ms += cpu_ms;
	budget->apart_wall_ms += wall_ms;
}

void
engine_budget_remote_cpu(struct engine_budget *budget, int64_t used_ms)
{
	budget->remote_cpu_ms += used_ms;
}

void
engine_budget_clock(struct engine_budget *budget, struct engine_stop *stop)
{
	const struct engine_limits *limits = budget->limits;

	budget->since_clock_bytes = 0;
	if (engine_budget_elapsed_ms(budget) >= limits->wall_ms) {
		budget->out_of_time = true;
		budget_stop(stop, REPORT_REASON_TIMEOUT,
			    "limit wall %" PRIu32 " ms", limits->wall_ms);
	} else if (engine_budget_left_cpu_ms(budget) == 0) {
		budget->out_of_time = true;
		budget_stop(stop, REPORT_REASON_TIMEOUT,
			    "limit cpu %" PRIu32 " ms", limits->cpu_ms);
	}
}

void
engine_budget_work(struct engine_budget *budget, uint64_t len_bytes,
		   struct engine_stop *stop)
{
	budget->since_clock_bytes =
		budget_add(budget->since_clock_bytes, len_bytes);
	if (budget->since_clock_bytes >= ENGINE_CLOCK_BYTES)
		engine_budget_clock(budget, stop);
}

void
engine_budget_object(struct engine_budget *budget, struct engine_stop *stop)
{
	const uint64_t max = budget->limits->max_objects;

	if (budget->objects >= max) {
		budget_stop(stop, REPORT_REASON_LIMIT, "limit objects %" PRIu64,
			    max);
		return;
	}
	budget->objects++;
	engine_budget_work(budget, BUDGET_CELL_BYTES * BUDGET_CELL_BYTES, stop);
}

/* True when that much more would be over the ratio. */
static bool
budget_is_bomb(const struct engine_budget *budget, uint64_t unpacked_bytes,
	       uint64_t packed_bytes)
{
	return unpacked_bytes > ENGINE_RATIO_FREE_BYTES &&
	       unpacked_bytes / packed_bytes >= budget->limits->max_ratio;
}

/* What is refused is not counted: other parts may still fit. */
void
engine_budget_expand(struct engine_budget *budget, uint64_t len_bytes,
		     uint64_t packed_bytes, struct engine_stop *stop)
{
	const struct engine_limits *limits = budget->limits;
	const uint64_t expanded_bytes =
		budget_add(budget->expanded_bytes, len_bytes);
	const uint64_t unpacked_bytes = budget_add(
		budget->ratio_unpacked_bytes, packed_bytes > 0 ? len_bytes : 0);
	const uint64_t ratio_packed_bytes =
		budget_add(budget->ratio_packed_bytes, packed_bytes);

	if (expanded_bytes > limits->max_expanded_bytes) {
		budget_stop(stop, REPORT_REASON_LIMIT,
			    "limit expanded %" PRIu64 " bytes",
			    limits->max_expanded_bytes);
		return;
	}
	if (packed_bytes > 0 &&
	    budget_is_bomb(budget, unpacked_bytes, ratio_packed_bytes)) {
		budget_stop(stop, REPORT_REASON_LIMIT, "limit ratio %" PRIu64,
			    limits->max_ratio);
		return;
	}
	budget->expanded_bytes = expanded_bytes;
	budget->ratio_unpacked_bytes = unpacked_bytes;
	budget->ratio_packed_bytes = ratio_packed_bytes;
	engine_budget_work(budget, len_bytes, stop);
}

void
engine_budget_cell(struct engine_budget *budget, struct engine_stop *stop)
{
	const uint64_t max = budget->limits->max_cells;

	if (budget->cells >= max) {
		budget_stop(stop, REPORT_REASON_LIMIT, "limit cells %" PRIu64,
			    max);
		return;
	}
	budget->cells++;
	engine_budget_work(budget, BUDGET_CELL_BYTES, stop);
}
