#include "quarantine-ui/desk/view.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "lib/crypto/digest.h"
#include "quarantine-ui/pages/shapes.h"

enum { VIEW_MAX_FILE_BYTES = 512 * 1024, VIEW_MAX_PATH_BYTES = 4096 };

static const struct {
	const char *file;
	const struct template_shape *shape;
} view_templates[VIEW_TEMPLATE_END] = {
#define TEMPLATE(symbol, file, shape) \
	[VIEW_TEMPLATE_##symbol] = { file, &(shape) },
#include "quarantine-ui/pages/templates.def"
#undef TEMPLATE
};

static const struct {
	const char *path;
	const char *file;
	const char *content_type;
} view_files[] = {
	{ "/static/desk.css", "desk.css", "text/css; charset=utf-8" },
	{ "/static/desk.js", "desk.js", "text/javascript; charset=utf-8" },
	{ "/static/entry.js", "entry.js", "text/javascript; charset=utf-8" },
	{ "/static/icon.svg", "icon.svg", "image/svg+xml" },
};

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
view_load_template(const char *dir, enum view_template which, struct view *view,
		   struct err *err)
{
	AUTO(sbuf_done) struct sbuf source;
	enum status st = ST_OK;

	sbuf_init(&source, VIEW_MAX_FILE_BYTES);
	st = view_read(dir, view_templates[which].file, &source, err);
	if (st != ST_OK)
		return st;
	return template_compile(view_templates[which].file, sbuf_span(&source),
				view_templates[which].shape, view->i18n,
				&view->templates[which], err);
}

static enum status
view_load_files(const char *dir, struct view *view, struct err *err)
{
	view->files = calloc(ARRAY_LEN(view_files), sizeof(*view->files));
	if (view->files == NULL)
		return err_set(err, ST_NO_MEMORY, "desk: no memory");
	for (size_t i = 0; i < ARRAY_LEN(view_files); i++) {
		struct view_file *file = &view->files[i];
		enum status st = ST_OK;

		file->path = view_files[i].path;
		file->content_type = view_files[i].content_type;
		sbuf_init(&file->bytes, VIEW_MAX_FILE_BYTES);
		view->file_count++;
		st = view_read(dir, view_files[i].file, &file->bytes, err);
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
view_load(const struct view_places *places, struct config **config,
	  struct view **view_out, struct err *err)
{
	AUTO(view_free) struct view *view = calloc(1, sizeof(*view));
	enum status st = ST_OK;

	if (view == NULL)
		return err_set(err, ST_NO_MEMORY, "desk: no memory");
	st = i18n_open(places->po_dir, &view->i18n, err);
	for (size_t i = 1; st == ST_OK && i < VIEW_TEMPLATE_END; i++)
		st = view_load_template(places->templates_dir,
					(enum view_template)i, view, err);
	if (st == ST_OK)
		st = view_load_files(places->static_dir, view, err);
	if (st == ST_OK)
		st = view_make_stamp(view, err);
	if (st != ST_OK)
		return st;
	view->config = MOVE(*config);
	*view_out = MOVE(view);
	return ST_OK;
}

enum status
view_load_installed(struct config **config, struct view **view_out,
		    struct err *err)
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
	sbuf_addf(&templates, "%s/templates", dir);
	sbuf_addf(&statics, "%s/static", dir);
	sbuf_addf(&po, "%s/po", dir);
	if (templates.st != ST_OK || statics.st != ST_OK || po.st != ST_OK)
		return err_set(err, ST_LIMIT, "desk: data_dir is too long");
	places.templates_dir = sbuf_text(&templates);
	places.static_dir = sbuf_text(&statics);
	places.po_dir = sbuf_text(&po);
	return view_load(&places, config, view_out, err);
}

void
view_free(struct view **view)
{
	struct view *all = *view;

	if (all == NULL)
		return;
	for (size_t i = 0; i < VIEW_TEMPLATE_END; i++)
		template_free(&all->templates[i]);
	for (size_t i = 0; i < all->file_count; i++)
		sbuf_done(&all->files[i].bytes);
	free(all->files);
	i18n_free(&all->i18n);
	config_free(&all->config);
	free(all);
	*view = NULL;
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
