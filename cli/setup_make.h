/*
 * setup_make.h - what setup makes: file, directories, key, certificate.
 *
 * Layer:    cli
 * Threads:  one
 *
 * Nothing that is there is changed: a configuration is moved aside first, a
 * key and a certificate are used as they are.
 */
#ifndef CLI_SETUP_MAKE_H
#define CLI_SETUP_MAKE_H

#include "cli/setup_answers.h"
#include "cli/speech.h"

/* The directory of the configuration file, made when it is missing. Gives its
 * whole path, which the caller frees; NULL: err says why. */
char *setup_make_dir(const char *path, struct err *err);

/* Write the values of answers to a file. Returns: ST_OK, ST_LIMIT, ST_IO, … */
MUST_CHECK enum status setup_make_file(const struct setup_answers *answers,
				       const char *path, struct err *err);

/* Put new_path in the place of path; what was there is kept beside it, and
 * *kept_out (path_bytes) is its name, or "". Returns: ST_OK, ST_IO, ST_LIMIT */
MUST_CHECK enum status
setup_make_place(const char *new_path, const char *path, char *kept_out,
		 size_t kept_bytes, struct err *err);

/* The master key, unless there is one. Returns: ST_OK; ST_DENIED there is
 * none, and the store was made with one; ST_IO, … */
MUST_CHECK enum status
setup_make_key(const struct config *config, const struct speech *speech,
	       struct err *err);

/* A self-signed certificate, unless there is one. */
MUST_CHECK enum status
setup_make_certificate(const struct config *config, const struct speech *speech,
		       struct err *err);

#endif
