#include "quarantine-ui/html/view.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "lib/crypto/digest.h"

enum { VIEW_MAX_FILE_BYTES = 512 * 1024, VIEW_MAX_PATH_BYTES = 4096 };

static enum status
view_read(const char *dir, const char *file, struct sbuf *bytes,
	  struct err *err)
{
	AUTO(sbuf_done) struct sbuf path;
	enum status st = ST_OK;

	sbuf_init(&path, VIEW_MAX_PATH_BYTES);
	sbuf_addf(&path, "%s/%s", dir, file);
	st = sbuf_status(&path, "desk: path", err);
	return st != ST_OK ? st : fd_slurp_file(sbuf_text(&path), bytes, err);
}

static enum status
view_load_template(const char *dir, const struct view_plan_template *plan,
		   struct view *view, struct err *err)
{
	AUTO(sbuf_done) struct sbuf source;
	enum status st = ST_OK;

	sbuf_init(&source, VIEW_MAX_FILE_BYTES);
	st = view_read(dir, plan->file, &source, err);
	if (st == ST_OK)
		st = template_compile(
			plan->file, sbuf_span(&source), plan->shape, view->i18n,
			&view->templates[view->template_count], err);
	if (st == ST_OK)
		view->template_count++;
	return st;
}

/* The first number is no template's. */
static enum status
view_load_templates(const struct view_plan *plan, const char *dir,
		    struct view *view, struct err *err)
{
	enum status st = ST_OK;

	view->templates =
		calloc(plan->template_count, sizeof(struct template *));
	if (view->templates == NULL)
		return err_set(err, ST_NO_MEMORY, "desk: no memory");
	view->template_count = 1;
	for (size_t i = 1; st == ST_OK && i < plan->template_count; i++)
		st = view_load_template(dir, &plan->templates[i], view, err);
	return st;
}

static enum status
view_load_files(const struct view_plan *plan, const char *dir,
		struct view *view, struct err *err)
{
	view->files = calloc(plan->file_count + VIEW_MORE_FILES,
			     sizeof(*view->files));
	if (view->files == NULL)
		return err_set(err, ST_NO_MEMORY, "desk: no memory");
	for (size_t i = 0; i < plan->file_count; i++) {
		struct view_file *file = &view->files[i];
		enum status st = ST_OK;

		file->path = plan->files[i].path;
		file->content_type = plan->files[i].content_type;
		sbuf_init(&file->bytes, VIEW_MAX_FILE_BYTES);
		view->file_count++;
		st = view_read(dir, plan->files[i].file, &file->bytes, err);
		if (st != ST_OK)
			return st;
	}
	return ST_OK;
}

/* Addresses of files carry the stamp, so that browsers may keep the files for
 * long and still see a new one at once. */
static enum status
view_make_stamp(struct view *view, struct err *err)
{
	AUTO(digest_free) struct digest *digest = NULL;
	AUTO(sbuf_done) struct sbuf hex;
	uint8_t sum[DIGEST_BYTES];
	enum status st = digest_new(&digest, err);

	sbuf_init(&hex, VIEW_STAMP_BYTES - 1);
	for (size_t i = 0; st == ST_OK && i < view->file_count; i++)
		st = digest_add(digest, sbuf_span(&view->files[i].bytes), err);
	if (st == ST_OK)
		st = digest_end(digest, sum, err);
	if (st != ST_OK)
		return st;
	format_hex(&hex, (struct span){ sum, (VIEW_STAMP_BYTES - 1) / 2 });
	memcpy(view->stamp, sbuf_text(&hex), hex.len_bytes + 1);
	return ST_OK;
}

enum status
view_load(const struct view_plan *plan, const struct view_places *places,
	  struct config **config, struct view **view_out, struct err *err)
{
	AUTO(view_free) struct view *view = calloc(1, sizeof(*view));
	enum status st = ST_OK;

	if (view == NULL)
		return err_set(err, ST_NO_MEMORY, "desk: no memory");
	st = i18n_open(places->po_dir, &view->i18n, err);
	if (st == ST_OK)
		st = view_load_templates(plan, places->templates_dir, view,
					 err);
	if (st == ST_OK)
		st = view_load_files(plan, places->static_dir, view, err);
	if (st == ST_OK)
		st = view_make_stamp(view, err);
	if (st != ST_OK)
		return st;
	view->config = MOVE(*config);
	*view_out = MOVE(view);
	return ST_OK;
}

enum status
view_load_installed(const struct view_plan *plan, struct config **config,
		    struct view **view_out, struct err *err)
{
	const char *dir = (*config)->general.data_dir[0] != '\0'
				  ? (*config)->general.data_dir
				  : SEKIMORI_DATADIR;
	AUTO(sbuf_done) struct sbuf templates;
	AUTO(sbuf_done) struct sbuf statics;
	AUTO(sbuf_done) struct sbuf po;
	struct view_places places = { NULL, NULL, NULL };

	sbuf_init(&templates, VIEW_MAX_PATH_BYTES);
	sbuf_init(&statics, VIEW_MAX_PATH_BYTES);
	sbuf_init(&po, VIEW_MAX_PATH_BYTES);
	sbuf_addf(&templates, "%s/%s", dir, plan->templates_dir);
	sbuf_addf(&statics, "%s/%s", dir, plan->static_dir);
	sbuf_addf(&po, "%s/po", dir);
	if (templates.st != ST_OK || statics.st != ST_OK || po.st != ST_OK)
		return err_set(err, ST_LIMIT, "desk: data_dir is too long");
	places.templates_dir = sbuf_text(&templates);
	places.static_dir = sbuf_text(&statics);
	places.po_dir = sbuf_text(&po);
	return view_load(plan, &places, config, view_out, err);
}

void
view_free(struct view **view)
{
	struct view *all = *view;

	if (all == NULL)
		return;
	for (size_t i = 1; i < all->template_count; i++)
		template_free(&all->templates[i]);
	free(all->templates);
	for (size_t i = 0; i < all->file_count; i++)
		sbuf_done(&all->files[i].bytes);
	free(all->files);
	i18n_free(&all->i18n);
	config_free(&all->config);
	free(all);
	*view = NULL;
}

enum status
view_add_file(struct view *view, const struct view_plan_file *file,
	      size_t max_bytes, struct err *err)
{
	struct view_file *added = &view->files[view->file_count];
	enum status st = ST_OK;

	added->path = file->path;
	added->content_type = file->content_type;
	sbuf_init(&added->bytes, max_bytes);
	view->file_count++;
	st = fd_slurp_file(file->file, &added->bytes, err);
	return st != ST_OK ? st : view_make_stamp(view, err);
}

const struct view_file *
view_find_file(const struct view *view, const char *path)
{
	for (size_t i = 0; i < view->file_count; i++) {
		if (strcmp(view->files[i].path, path) == 0)
			return &view->files[i];
	}
	return NULL;
}

void
view_box_init(struct view_box *box, struct view **view)
{
	(void)pthread_mutex_init(&box->lock, NULL);
	box->view = MOVE(*view);
	box->view->users = 1;
}

void
view_box_done(struct view_box *box)
{
	view_free(&box->view);
	(void)pthread_mutex_destroy(&box->lock);
}

/* One user fewer; the last one out releases it. */
static void
view_box_drop(struct view_box *box, struct view *view)
{
	bool last = false;

	(void)pthread_mutex_lock(&box->lock);
	last = --view->users == 0;
	(void)pthread_mutex_unlock(&box->lock);
	if (last)
		view_free(&view);
}

void
view_box_set(struct view_box *box, struct view **view)
{
	struct view *old = NULL;

	(*view)->users = 1;
	(void)pthread_mutex_lock(&box->lock);
	old = box->view;
	box->view = MOVE(*view);
	(void)pthread_mutex_unlock(&box->lock);
	view_box_drop(box, old);
}

const struct view *
view_box_take(struct view_box *box)
{
	const struct view *view = NULL;

	(void)pthread_mutex_lock(&box->lock);
	box->view->users++;
	view = box->view;
	(void)pthread_mutex_unlock(&box->lock);
	return view;
}

void
view_box_release(struct view_box *box, const struct view *view)
{
	view_box_drop(box, (struct view *)(uintptr_t)view);
}
