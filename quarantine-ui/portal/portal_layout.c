#include <string.h>

#include "lib/config/logo.h"
#include "quarantine-ui/portal/portal_page.h"

/* What top.html and bottom.html show. */
struct portal_layout {
	const char *language, *title, *company, *here, *stamp;
	bool japanese, english, logo;
};

static const struct template_field layout_fields[] = {
	TEMPLATE_TEXT_F(struct portal_layout, language),
	TEMPLATE_TEXT_F(struct portal_layout, title),
	TEMPLATE_TEXT_F(struct portal_layout, company),
	TEMPLATE_TEXT_F(struct portal_layout, here),
	TEMPLATE_TEXT_F(struct portal_layout, stamp),
	TEMPLATE_FLAG_F(struct portal_layout, japanese),
	TEMPLATE_FLAG_F(struct portal_layout, english),
	TEMPLATE_FLAG_F(struct portal_layout, logo),
};
const struct template_shape portal_shape_layout =
	TEMPLATE_SHAPE(portal_layout, layout_fields);

static const struct view_plan_template plan_templates[PORTAL_TEMPLATE_END] = {
#define TEMPLATE(symbol, file, shape) \
	[PORTAL_TEMPLATE_##symbol] = { file, &(shape) },
#include "quarantine-ui/portal/portal_templates.def"
#undef TEMPLATE
};

static const struct view_plan_file plan_files[] = {
	{ "/static/portal.css", "portal.css", "text/css; charset=utf-8" },
	{ "/static/portal.js", "portal.js", "text/javascript; charset=utf-8" },
	{ "/static/icon.svg", "portal.svg", "image/svg+xml" },
};

const struct view_plan portal_plan = {
	.templates_dir = "portal/templates",
	.static_dir = "portal/static",
	.templates = plan_templates,
	.template_count = PORTAL_TEMPLATE_END,
	.files = plan_files,
	.file_count = ARRAY_LEN(plan_files),
};

enum status
portal_complete_view(struct view *view, struct err *err)
{
	const struct view_plan_file logo = { "/static/logo",
					     view->config->portal.logo, NULL };
	struct view_file *file = NULL;
	struct err why = { .st = ST_OK };
	struct logo look;
	enum status st = ST_OK;

	if (logo.file[0] == '\0')
		return ST_OK;
	st = view_add_file(view, &logo, LOGO_MAX_BYTES, err);
	if (st != ST_OK)
		return st;
	file = &view->files[view->file_count - 1];
	/* The type comes from the bytes: browsers are told not to guess. */
	st = logo_look(sbuf_span(&file->bytes), &look, &why);
	if (st != ST_OK)
		return err_set(err, st, "portal.logo: %.300s: %.200s",
			       logo.file, why.text);
	file->content_type = look.content_type;
	return ST_OK;
}

/* Where a change of language comes back to. */
static const char *
layout_here(struct visit *visit)
{
	if (portal_is_page(visit->request->path))
		return visit->request->path;
	return visit->link_text[0] == '\0'
		       ? ""
		       : scratch_textf(&visit->scratch, "/l/%s/files",
				       visit->link_text);
}

enum status
portal_render(struct visit *visit, enum portal_template which,
	      const void *values, const char *title, struct err *err)
{
	const struct config_portal *config = &visit->view->config->portal;
	struct template *const *templates = visit->view->templates;
	struct sbuf *body = &visit->response->body;
	const struct portal_layout layout = {
		.language = visit->language == I18N_LANGUAGE_EN ? "en" : "ja",
		.title = title,
		.company = config->company,
		.here = layout_here(visit),
		.stamp = visit->view->stamp,
		.japanese = visit->language != I18N_LANGUAGE_EN,
		.english = visit->language == I18N_LANGUAGE_EN,
		.logo = config->logo[0] != '\0',
	};

	sbuf_clear(body);
	template_render(templates[PORTAL_TEMPLATE_TOP], &layout,
			visit->view->i18n, visit->language, body);
	template_render(templates[which], values, visit->view->i18n,
			visit->language, body);
	template_render(templates[PORTAL_TEMPLATE_BOTTOM], &layout,
			visit->view->i18n, visit->language, body);
	if (visit->scratch.failed)
		return err_set(err, ST_NO_MEMORY,
			       "portal: no memory for a page");
	return sbuf_status(body, "portal: page", err);
}
