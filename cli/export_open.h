/*
 * export_open.h - the reader's half of an export: a key pair, and opening.
 *
 * Layer:    cli
 * Threads:  one
 * Input:    the archive may come from anywhere; what does not open is refused
 *
 * Shape of the key file: "sekimori-export-1 ", 64 hex digits, line end
 */
#ifndef CLI_EXPORT_OPEN_H
#define CLI_EXPORT_OPEN_H

#include "cli/command.h"

/* "hold export key FILE", "hold export open --key FILE ARCHIVE DIR". */
int export_key(const struct cli *cli, int argc, char **argv);
int export_open(const struct cli *cli, int argc, char **argv);

#endif
