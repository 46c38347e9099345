/*
 * world.h - a courier's worker between a fake vault and a scripted next hop.
 *
 * Layer:    tests
 */
#ifndef TESTS_COURIER_WORLD_H
#define TESTS_COURIER_WORLD_H

#include <pthread.h>

#include "courier/jobs/job_loop.h"
#include "tests/courier/fake_vault.h"
#include "tests/courier/smtp_server.h"

struct world {
	char dir[64];
	char config_path[100];
	struct fake_vault *vault;
	struct smtp_server *server; /* NULL: nobody listens */
	struct setup_holder *setups;
	struct job_desk *desk;
	struct gate gate;
	struct job_loop loop;
	pthread_t worker;
	bool stopped;
};

/* Start everything; script may be NULL for a next hop that is not there. */
struct world *world_start(const struct smtp_step *script);

/* Ask the worker to end and wait until it has; may be called once before
 * world_free(). */
void world_stop(struct world *world);
void world_free(struct world **world);

/* Put config in place of the configuration file; NULL: the usual one. */
void world_write_config(const struct world *world, const char *config);
/* Its path. */
const char *world_config_path(const struct world *world);

/* A job with every text set, for job_id 7 of one recipient b@y.test. */
struct vault_job world_job(enum job_kind kind);

/* The path of a file of the tree or the build, such as "conf/notices". */
void world_source_path(char *path, size_t path_bytes, const char *name);
void world_build_path(char *path, size_t path_bytes, const char *name);

#endif
