/*
 * hold_export.h - "sekimori hold export": a way out that needs two accounts.
 *
 * Layer:    cli
 * Threads:  one
 */
#ifndef CLI_HOLD_EXPORT_H
#define CLI_HOLD_EXPORT_H

#include "cli/command.h"

int hold_export(const struct cli *cli, int argc, char **argv);

#endif
