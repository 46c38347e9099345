/*
 * sample.h - a made-up case, to look at notices with.
 *
 * Layer:    courier/notices; includes lib/ and vault/client/
 * Threads:  constants
 */
#ifndef COURIER_NOTICES_SAMPLE_H
#define COURIER_NOTICES_SAMPLE_H

#include "courier/notices/notices.h"

#define SAMPLE_PORTAL_URL "https://files.example.co.jp"

/* A job for the notice kind in a language ("ja", "en"). Nothing to release. */
struct vault_job
sample_job(const struct notices_kind *kind, const char *language);

/* True when the mail itself travels with notices of this kind. */
bool sample_has_mail(const struct notices_kind *kind);

#endif
