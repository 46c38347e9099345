/*
 * view.h - what pages are made from: settings, texts, templates, style.
 *
 * Layer:    quarantine-ui/desk; includes lib/ and quarantine-ui/html
 * Threads:  constant once loaded; shared by counting (desk.h)
 *
 * A reload makes a new view and checks all of it before the old one goes.
 */
#ifndef QUARANTINE_UI_DESK_VIEW_H
#define QUARANTINE_UI_DESK_VIEW_H

#include "lib/config/config.h"
#include "lib/i18n/i18n.h"
#include "quarantine-ui/html/template.h"

enum view_template {
	VIEW_TEMPLATE_NONE = 0,
#define TEMPLATE(symbol, file, shape) VIEW_TEMPLATE_##symbol,
#include "quarantine-ui/pages/templates.def"
#undef TEMPLATE
	VIEW_TEMPLATE_END
};

struct view_file {
	const char *path; /* of its address: "/static/desk.css" */
	const char *content_type;
	struct sbuf bytes;
};

enum { VIEW_STAMP_BYTES = 17 };

struct view {
	struct config *config; /* the view's */
	struct i18n *i18n;
	struct template *templates[VIEW_TEMPLATE_END];
	struct view_file *files;
	size_t file_count;
	char stamp[VIEW_STAMP_BYTES]; /* of all files: other bytes, other text
				       */
	size_t users;                 /* counted by desk.c */
};

/* Where things are read from. */
struct view_places {
	const char *templates_dir;
	const char *static_dir;
	const char *po_dir;
};

/*
 * Load and check everything. *config is taken over when that succeeds.
 * Returns: ST_OK; ST_NOT_FOUND, ST_FORMAT, ST_IO err names the file;
 * ST_NO_MEMORY
 */
MUST_CHECK enum status
view_load(const struct view_places *places, struct config **config,
	  struct view **view_out, struct err *err);

/* As view_load() from the installed places, or general.data_dir. */
MUST_CHECK enum status
view_load_installed(struct config **config, struct view **view_out,
		    struct err *err);
void view_free(struct view **view);

/* NULL: none at that address. */
const struct view_file *
view_find_file(const struct view *view, const char *path);

#endif
