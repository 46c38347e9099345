/*
 * postconf.h - what Postfix is told, as postconf shows it.
 *
 * Layer:    cli
 * Threads:  one
 * Input:    the output of postconf: the admin's own configuration
 */
#ifndef CLI_POSTCONF_H
#define CLI_POSTCONF_H

#include "lib/base/sbuf.h"
#include "lib/base/status.h"

struct postconf {
	const char *dir;      /* -c, or NULL; borrowed */
	struct sbuf values;   /* main.cf and defaults: "name = value" lines */
	struct sbuf changes;  /* master.cf -o: "service/type/name = value" */
	struct sbuf services; /* master.cf, one line a service */
};

/* Release with postconf_done(). Returns: ST_OK; ST_NOT_FOUND there is no
 * postconf, or no such configuration; ST_LIMIT; ST_NO_MEMORY; ST_IO */
MUST_CHECK enum status
postconf_read(struct postconf *postconf, const char *dir, struct err *err);
void postconf_done(struct postconf *postconf);

/* The value of a parameter. False, and value is empty: there is none. */
bool postconf_get(const struct postconf *postconf, const char *name,
		  struct sbuf *value);

/* A service of master.cf. */
struct postconf_service {
	struct span name; /* "smtp", "127.0.0.1:10025" */
	struct span type; /* "inet", "unix", "pass" */
	bool chrooted;
	struct span command; /* "smtpd" */
};
/* Step through them; *at begins at 0. False at the end. */
bool postconf_service_next(const struct postconf *postconf, size_t *at,
			   struct postconf_service *service_out);

/* The value that holds for a service: its own -o, or the general one. */
bool postconf_get_for(const struct postconf *postconf,
		      const struct postconf_service *service, const char *name,
		      struct sbuf *value);

/* One milter of a list such as smtpd_milters, "unix:a, { inet:b, x=y }". */
struct postconf_milter {
	struct span address; /* "unix:a" */
	struct span options; /* " x=y", or empty */
};
bool
postconf_milter_next(struct span *rest, struct postconf_milter *milter_out);
/* The value of an option of a milter; empty: it has none. */
struct span
postconf_milter_option(const struct postconf_milter *milter, const char *name);

/* "300s", "5m", "1h", "300". False: no time. */
bool postconf_parse_time(struct span text, int64_t *ms_out);

/* Run postconf -e for one "name=value" line. Returns: ST_OK, ST_IO */
MUST_CHECK enum status
postconf_set(const char *dir, const char *line, struct err *err);

#endif
