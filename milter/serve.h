/*
 * serve.h - sekimori-milter as a daemon: sockets, privileges, reload, drain.
 *
 * Layer:    milter
 * Threads:  the caller's waits for signals; libmilter, control and pairs have
 *           one each
 */
#ifndef MILTER_SERVE_H
#define MILTER_SERVE_H

#include "lib/config/config.h"

/*
 * Serve until SIGTERM or SIGINT, then wait for mails in progress
 * (milter.drain). SIGHUP and the control socket reload.
 * Takes:   *config_in, read from config_path (borrowed; read again on reload)
 * Returns: an exit status (sysexits)
 */
int serve(struct config **config_in, const char *config_path);

#endif
