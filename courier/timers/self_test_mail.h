/*
 * self_test_mail.h - the mail that must not arrive.
 *
 * Layer:    courier/timers; includes lib/ and courier/
 * Threads:  values
 *
 * It goes from courier.notice_sender, not from the null sender, to an address
 * outside: so the very rules that hold people's mail have to hold it. It
 * carries 123456789018, a number that is nobody's, under a label, and a text
 * that says what it means when a person reads it.
 */
#ifndef COURIER_TIMERS_SELF_TEST_MAIL_H
#define COURIER_TIMERS_SELF_TEST_MAIL_H

#include "courier/setup.h"

/* Where it goes unless the configuration says so: to nobody (RFC 6761). */
#define SELF_TEST_RECIPIENT "self-test@sekimori.invalid"

/* Append it to out; ticket as the vault gave it. */
MUST_CHECK enum status
self_test_compose(const struct setup *setup, struct span ticket,
		  struct sbuf *out, struct err *err);

/*
 * Hand it to the MTA of courier.self_test_submission.
 * Returns: ST_OK the MTA has taken it; ST_DENIED it has refused, err says
 *          with what; else as smtp_send()
 */
MUST_CHECK enum status
self_test_send(const struct setup *setup, struct span ticket, struct err *err);

#endif
