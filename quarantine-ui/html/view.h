/*
 * view.h - what pages are made from: settings, texts, templates, style.
 *
 * Layer:    quarantine-ui/html; includes only lib/
 * Threads:  a view is constant once loaded; a view_box is for any thread
 *
 * Each program says in a plan which templates and files its pages need. A
 * reload makes a new view and checks all of it before the old one goes.
 */
#ifndef QUARANTINE_UI_HTML_VIEW_H
#define QUARANTINE_UI_HTML_VIEW_H

#include <pthread.h>

#include "lib/config/config.h"
#include "lib/i18n/i18n.h"
#include "quarantine-ui/html/template.h"

struct view_plan_template {
	const char *file;
	const struct template_shape *shape;
};
struct view_plan_file {
	const char *path; /* of its address: "/static/desk.css" */
	const char *file;
	const char *content_type;
};
struct view_plan {
	const char *templates_dir; /* below data_dir: "templates" */
	const char *static_dir;
	const struct view_plan_template *templates; /* the first is unused */
	size_t template_count;
	const struct view_plan_file *files;
	size_t file_count;
};

struct view_file {
	const char *path;
	const char *content_type;
	struct sbuf bytes;
};

enum { VIEW_STAMP_BYTES = 17, VIEW_MORE_FILES = 1 };

struct view {
	struct config *config; /* the view's */
	struct i18n *i18n;
	struct template **templates;
	size_t template_count;
	struct view_file *files;
	size_t file_count;
	char stamp[VIEW_STAMP_BYTES]; /* of all files: other bytes, other text
				       */
	size_t users;                 /* counted by view_box */
};

/* Where things are read from. */
struct view_places {
	const char *templates_dir;
	const char *static_dir;
	const char *po_dir;
};

/*
 * Load and check everything of plan, which must outlive the view. *config is
 * taken over when that succeeds.
 * Returns: ST_OK; ST_NOT_FOUND, ST_FORMAT, ST_IO err names the file;
 * ST_NO_MEMORY
 */
MUST_CHECK enum status
view_load(const struct view_plan *plan, const struct view_places *places,
	  struct config **config, struct view **view_out, struct err *err);

/* As view_load() from the installed places, or general.data_dir. */
MUST_CHECK enum status
view_load_installed(const struct view_plan *plan, struct config **config,
		    struct view **view_out, struct err *err);
void view_free(struct view **view);

/* One more file, that a setting names; before the view is shared.
 * Returns: ST_OK; ST_LIMIT over max_bytes; ST_NOT_FOUND, ST_IO; ST_NO_MEMORY
 */
MUST_CHECK enum status
view_add_file(struct view *view, const struct view_plan_file *file,
	      size_t max_bytes, struct err *err);

/* NULL: none at that address. */
const struct view_file *
view_find_file(const struct view *view, const char *path);

/* The view in force; a reload changes it under those who use it. */
struct view_box {
	pthread_mutex_t lock;
	struct view *view;
};

/* *view is taken over. */
void view_box_init(struct view_box *box, struct view **view);
/* Nobody may use a view any more. */
void view_box_done(struct view_box *box);
/* Replace the view; who has taken the old one keeps it. */
void view_box_set(struct view_box *box, struct view **view);
/* Counted; give it back with view_box_release(). */
const struct view *view_box_take(struct view_box *box);
void view_box_release(struct view_box *box, const struct view *view);

#endif
