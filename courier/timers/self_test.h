/*
 * self_test.h - send a mail at intervals that must end in "held".
 *
 * Layer:    courier/timers
 * Threads:  a thread of its own
 *
 * The vault gives a ticket, the mail goes through the real MTA, and the
 * milter's hold brings the ticket back to the vault, which closes the case.
 * Whatever breaks on this way is an error in the log, once when it breaks and
 * once when it is well again. The vault's status says the same to others.
 */
#ifndef COURIER_TIMERS_SELF_TEST_H
#define COURIER_TIMERS_SELF_TEST_H

#include "courier/jobs/job_loop.h"

/* Where the way is broken. */
enum self_test_trouble {
	SELF_TEST_NONE = 0,
	SELF_TEST_VAULT,      /* no ticket, or no status */
	SELF_TEST_SUBMISSION, /* the MTA did not take the mail */
	SELF_TEST_NOT_HELD,   /* it took it, and nothing was held */
	SELF_TEST_STOPPED     /* the program ends: nothing is known */
};

/*
 * One test, up to courier.self_test_late and a little; err says what is wrong.
 * Returns: SELF_TEST_NONE when the mail was held
 */
enum self_test_trouble
self_test_once(const struct setup *setup, struct gate *gate, struct err *err);

/* One every courier.self_test_interval until the gate is stopped. In monitor
 * mode, which holds nothing, there is none. */
void self_test_run(const struct job_loop *loop);

#endif
