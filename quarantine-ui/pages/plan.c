#include "quarantine-ui/pages/page.h"
#include "quarantine-ui/pages/shapes.h"

static const struct view_plan_template plan_templates[VIEW_TEMPLATE_END] = {
#define TEMPLATE(symbol, file, shape) \
	[VIEW_TEMPLATE_##symbol] = { file, &(shape) },
#include "quarantine-ui/pages/templates.def"
#undef TEMPLATE
};

static const struct view_plan_file plan_files[] = {
	{ "/static/desk.css", "desk.css", "text/css; charset=utf-8" },
	{ "/static/desk.js", "desk.js", "text/javascript; charset=utf-8" },
	{ "/static/entry.js", "entry.js", "text/javascript; charset=utf-8" },
	{ "/static/icon.svg", "icon.svg", "image/svg+xml" },
};

const struct view_plan desk_plan = {
	.templates_dir = "templates",
	.static_dir = "static",
	.templates = plan_templates,
	.template_count = VIEW_TEMPLATE_END,
	.files = plan_files,
	.file_count = ARRAY_LEN(plan_files),
};
