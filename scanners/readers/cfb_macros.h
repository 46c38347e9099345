/*
 * cfb_macros.h - the VBA projects in a compound file.
 *
 * Layer:    scanners/readers; private to reader_cfb.c and cfb_macros.c
 */
#ifndef SCANNERS_READERS_CFB_MACROS_H
#define SCANNERS_READERS_CFB_MACROS_H

#include "scanners/readers/cfb_walk.h"
#include "scanners/readers/sink.h"

enum { CFB_MAX_PROJECTS = 16 };

struct cfb_project {
	uint32_t storage; /* that holds the modules */
	struct sbuf list; /* its stream "dir", unpacked */
	uint32_t code_page;
};

struct cfb_macros {
	struct cfb_project projects[CFB_MAX_PROJECTS];
	size_t count;
};

/* Find the projects: reads and sweeps their streams "dir". */
MUST_CHECK enum status
cfb_macros_find(struct cfb_macros *macros, struct sink *sink, struct cfb *cfb,
		struct err *err);
void cfb_macros_done(struct cfb_macros *macros);

/* Is that stream a module; is it of a form? */
bool cfb_macros_is_module(const struct cfb_macros *macros,
			  const struct cfb *cfb, size_t index);
bool cfb_macros_is_form(const struct cfb_macros *macros, const struct cfb *cfb,
			size_t index);

/* Give the source of the module index as a child, the rest as gaps. */
MUST_CHECK enum status
cfb_macros_give(const struct cfb_macros *macros, struct sink *sink,
		const struct cfb *cfb, size_t index, struct span stream,
		struct err *err);

#endif
