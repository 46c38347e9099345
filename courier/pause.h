/*
 * pause.h - waiting that ends when the program does.
 *
 * Layer:    courier; includes only lib/
 * Threads:  one gate for all
 */
#ifndef COURIER_PAUSE_H
#define COURIER_PAUSE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct gate {
	pthread_mutex_t lock;
	pthread_cond_t stopped;
	bool stop;
};

void gate_init(struct gate *gate);
void gate_done(struct gate *gate);

/* From now on everybody is asked to end. */
void gate_stop(struct gate *gate);
bool gate_is_stopped(struct gate *gate);

/* Wait wait_ms, or less when the gate is stopped. */
void gate_wait(struct gate *gate, int64_t wait_ms);

/* Wait wait_ms in any case. */
void pause_ms(int64_t wait_ms);

/* The next one of waits that double, for tries that fail; *wait_ms starts
 * at 0. */
int64_t pause_double(int64_t *wait_ms);

#endif
