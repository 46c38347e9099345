/* What was found, as a tree: parts of the mail, their sheets, the places. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "quarantine-ui/html/template.h"
#include "quarantine-ui/pages/case_values.h"
#include "quarantine-ui/pages/words.h"

enum {
	TREE_NONE = -1,
	TREE_OPEN_FINDINGS = 1,
	TREE_MAX_BARE = 40, /* parts shown in which nothing was found */
	TREE_MAX_PATHS = REPORT_MAX_PARTS + 2 * CASE_MAX_ROWS
};

static const struct template_field term_fields[] = {
	TEMPLATE_TEXT_F(struct case_term, group),
	TEMPLATE_TEXT_F(struct case_term, words),
	TEMPLATE_TEXT_F(struct case_term, weight),
	TEMPLATE_FLAG_F(struct case_term, against),
};
static const struct template_shape term_shape =
	TEMPLATE_SHAPE(case_term, term_fields);

static const struct template_field finding_fields[] = {
	TEMPLATE_TEXT_F(struct case_finding, masked),
	TEMPLATE_TEXT_F(struct case_finding, place),
	TEMPLATE_TEXT_F(struct case_finding, context),
	TEMPLATE_TEXT_F(struct case_finding, level),
	TEMPLATE_TEXT_F(struct case_finding, level_name),
	TEMPLATE_TEXT_F(struct case_finding, score),
	TEMPLATE_TEXT_F(struct case_finding, threshold),
	TEMPLATE_NUMBER_F(struct case_finding, count),
	TEMPLATE_NUMBER_F(struct case_finding, percent),
	TEMPLATE_FLAG_F(struct case_finding, several),
	TEMPLATE_FLAG_F(struct case_finding, open),
	TEMPLATE_LIST_F(struct case_finding, terms, term_count, term_shape),
};
static const struct template_shape finding_shape =
	TEMPLATE_SHAPE(case_finding, finding_fields);

static const struct template_field opaque_fields[] = {
	TEMPLATE_TEXT_F(struct case_opaque, reason),
	TEMPLATE_TEXT_F(struct case_opaque, detail),
};
static const struct template_shape opaque_shape =
	TEMPLATE_SHAPE(case_opaque, opaque_fields);

static const struct template_field node_fields[] = {
	TEMPLATE_NUMBER_F(struct case_node, depth),
	TEMPLATE_TEXT_F(struct case_node, name),
	TEMPLATE_TEXT_F(struct case_node, path),
	TEMPLATE_TEXT_F(struct case_node, type),
	TEMPLATE_TEXT_F(struct case_node, size),
	TEMPLATE_FLAG_F(struct case_node, sheet),
	TEMPLATE_FLAG_F(struct case_node, locked),
	TEMPLATE_FLAG_F(struct case_node, text),
	TEMPLATE_FLAG_F(struct case_node, bare),
	TEMPLATE_LIST_F(struct case_node, findings, finding_count,
			finding_shape),
	TEMPLATE_LIST_F(struct case_node, opaques, opaque_count, opaque_shape),
};
const struct template_shape case_node_shape =
	TEMPLATE_SHAPE(case_node, node_fields);

/* A place in the tree: a part that the report lists, or one that only a
 * finding names. */
struct tree_path {
	const char *path;
	const struct report_part *part; /* NULL: not listed */
	bool shown;
};

struct tree {
	struct call *call;
	const struct scan_report *report;
	struct tree_path *paths;
	size_t path_count;
	const struct report_finding **findings; /* best first */
	const size_t *finding_paths;
	size_t finding_count;
	const size_t *opaque_paths;
	size_t opaque_count;
	struct case_node *nodes;
	size_t node_count, node_max;
	size_t opened; /* findings whose reasons are open */
};

static int
tree_compare(const void *a, const void *b)
{
	const struct report_finding *x =
		*(const struct report_finding *const *)a;
	const struct report_finding *y =
		*(const struct report_finding *const *)b;

	if (x->score_db != y->score_db)
		return x->score_db < y->score_db ? 1 : -1;
	return x->subject < y->subject ? -1 : x->subject > y->subject;
}

static size_t
tree_find(struct tree *tree, const char *path)
{
	for (size_t i = 0; i < tree->path_count; i++) {
		if (strcmp(tree->paths[i].path, path) == 0)
			return i;
	}
	tree->paths[tree->path_count] = (struct tree_path){ path, NULL, false };
	return tree->path_count++;
}

/* Does path lie within the archive, document or mail that is at above? */
static bool
tree_is_within(const char *path, const char *above)
{
	const size_t len = strlen(above);

	return strncmp(path, above, len) == 0 && path[len] == '/';
}

/* The nearest place around paths[at], or TREE_NONE. */
static ptrdiff_t
tree_parent(const struct tree *tree, size_t at)
{
	ptrdiff_t parent = TREE_NONE;
	size_t best = 0;

	for (size_t i = 0; i < tree->path_count; i++) {
		const size_t len = strlen(tree->paths[i].path);

		if (len > best &&
		    tree_is_within(tree->paths[at].path, tree->paths[i].path)) {
			parent = (ptrdiff_t)i;
			best = len;
		}
	}
	return parent;
}

/* A place with something to say is shown, and so is all that it lies in. */
static void
tree_show(struct tree *tree, size_t at)
{
	ptrdiff_t next = (ptrdiff_t)at;

	while (next != TREE_NONE && !tree->paths[next].shown) {
		tree->paths[next].shown = true;
		next = tree_parent(tree, (size_t)next);
	}
}

static void
tree_fill_terms(struct call *call, const struct report_finding *from,
		struct case_finding *to)
{
	struct case_term *terms =
		scratch_alloc(&call->scratch, from->term_count, sizeof(*terms));

	if (terms == NULL)
		return;
	for (size_t i = 0; i < from->term_count; i++)
		terms[i] = (struct case_term){
			words_term_group(call, from->terms[i].name),
			words_term(call, from->terms[i].name),
			words_weight(call, from->terms[i].weight_db),
			from->terms[i].weight_db < 0
		};
	to->terms = terms;
	to->term_count = from->term_count;
}

/* What stands before the cells of "Sheet1!C7:C44"; nothing for others. */
static struct span
tree_sheet(const struct report_finding *finding)
{
	const char *mark = strrchr(finding->location, '!');
	struct span sheet = { NULL, 0 };

	if (mark != NULL)
		(void)span_cut(span_of(finding->location), 0,
			       (size_t)(mark - finding->location), &sheet);
	return sheet;
}

static void
tree_fill_finding(struct tree *tree, const struct report_finding *from,
		  struct case_finding *to)
{
	const struct span sheet = tree_sheet(from);
	*to = (struct case_finding){
		.masked = ask_masked(from),
		.place = sheet.len_bytes > 0
				 ? from->location + sheet.len_bytes + 1
				 : words_location(tree->call, from->location),
		.context = from->context,
		.level = words_level(tree->call, from->level),
		.level_name = report_level_name(from->level),
		.score = words_weight(tree->call, from->score_db),
		.threshold = words_threshold(tree->call, from->level),
		.count = from->count,
		.percent =
			(uint64_t)(report_confidence(from->score_db) * 100.0),
		.several = from->count > 1,
		.open = tree->opened++ < TREE_OPEN_FINDINGS,
	};
	tree_fill_terms(tree->call, from, to);
}

/* Findings of paths[at] in that sheet (or in none). */
static void
tree_fill_findings(struct tree *tree, size_t at, struct span sheet,
		   struct case_node *node)
{
	size_t count = 0;
	struct case_finding *rows = NULL;

	for (size_t i = 0; i < tree->finding_count; i++)
		count += tree->finding_paths[i] == at &&
			 span_equal(tree_sheet(tree->findings[i]), sheet);
	if (count == 0)
		return;
	rows = scratch_alloc(&tree->call->scratch, count, sizeof(*rows));
	if (rows == NULL)
		return;
	for (size_t i = 0; i < tree->finding_count; i++) {
		if (tree->finding_paths[i] == at &&
		    span_equal(tree_sheet(tree->findings[i]), sheet))
			tree_fill_finding(tree, tree->findings[i],
					  &rows[node->finding_count++]);
	}
	node->findings = rows;
}

static void
tree_fill_opaques(struct tree *tree, size_t at, struct case_node *node)
{
	struct case_opaque *rows = NULL;
	size_t count = 0;

	for (size_t i = 0; i < tree->opaque_count; i++)
		count += tree->opaque_paths[i] == at;
	if (count == 0)
		return;
	rows = scratch_alloc(&tree->call->scratch, count, sizeof(*rows));
	if (rows == NULL)
		return;
	for (size_t i = 0; i < tree->opaque_count; i++) {
		if (tree->opaque_paths[i] == at)
			rows[node->opaque_count++] = (struct case_opaque){
				words_reason(tree->call,
					     tree->report->opaques[i].reason),
				tree->report->opaques[i].detail
			};
	}
	node->opaques = rows;
}

/* Each sheet once, in the order of its best finding. */
static void
tree_add_sheets(struct tree *tree, size_t at, uint64_t depth)
{
	for (size_t i = 0; i < tree->finding_count; i++) {
		const struct span sheet = tree_sheet(tree->findings[i]);
		struct case_node *node = NULL;
		bool seen =
			tree->finding_paths[i] != at || sheet.len_bytes == 0;

		for (size_t j = 0; j < i && !seen; j++)
			seen = tree->finding_paths[j] == at &&
			       span_equal(tree_sheet(tree->findings[j]), sheet);
		if (seen || tree->node_count == tree->node_max)
			continue;
		node = &tree->nodes[tree->node_count++];
		node->depth = depth;
		node->sheet = true;
		node->name = scratch_text(&tree->call->scratch, sheet);
		tree_fill_findings(tree, at, sheet, node);
	}
}

static bool
tree_has_own(const struct tree *tree, size_t at)
{
	bool has = false;

	for (size_t i = 0; i < tree->finding_count; i++)
		has |= tree->finding_paths[i] == at;
	for (size_t i = 0; i < tree->opaque_count; i++)
		has |= tree->opaque_paths[i] == at;
	return has;
}

/* The mail as such, and a multipart in it, say nothing to people. */
static bool
tree_is_frame(const struct tree *tree, size_t at)
{
	const struct report_part *part = tree->paths[at].part;

	return part != NULL && !part->attachment &&
	       strcmp(part->type, "mime") == 0 && !tree_has_own(tree, at);
}

static uint64_t
tree_depth(const struct tree *tree, size_t at)
{
	uint64_t depth = 0;

	for (ptrdiff_t up = tree_parent(tree, at); up != TREE_NONE;
	     up = tree_parent(tree, (size_t)up))
		depth += !tree_is_frame(tree, (size_t)up);
	return depth;
}

/* A part by its file name; the text of the mail has none. */
static const char *
tree_name(const struct tree *tree, size_t at, struct case_node *node)
{
	const struct tree_path *place = &tree->paths[at];
	const ptrdiff_t parent = tree_parent(tree, at);

	if (place->part != NULL && place->part->name[0] != '\0')
		return place->part->name;
	node->text = place->part != NULL && !place->part->attachment;
	if (node->text)
		return call_text(tree->call,
				 strcmp(place->part->type, "mime") == 0
					 ? N_("The mail as a whole")
					 : N_("Text of the mail"));
	return parent == TREE_NONE
		       ? place->path
		       : place->path + strlen(tree->paths[parent].path) + 1;
}

static void
tree_add(struct tree *tree, size_t at)
{
	static const struct span no_sheet = { NULL, 0 };
	const struct report_part *part = tree->paths[at].part;
	struct case_node *node = NULL;

	if (tree->node_count == tree->node_max)
		return;
	node = &tree->nodes[tree->node_count++];
	node->depth = tree_depth(tree, at);
	node->path = tree->paths[at].path;
	node->name = tree_name(tree, at, node);
	node->bare = !tree->paths[at].shown;
	if (part != NULL) {
		node->type = part->type;
		node->size = words_size(tree->call, part->size_bytes);
		node->locked = part->locked;
	}
	tree_fill_findings(tree, at, no_sheet, node);
	tree_fill_opaques(tree, at, node);
	tree_add_sheets(tree, at, node->depth + 1);
}

/* NOLINTBEGIN(bugprone-sizeof-expression): it is an array of pointers */
static bool
tree_init(struct tree *tree)
{
	struct scratch *scratch = &tree->call->scratch;
	const struct scan_report *report = tree->report;

	tree->paths =
		scratch_alloc(scratch, TREE_MAX_PATHS, sizeof(*tree->paths));
	tree->findings = scratch_alloc(scratch, report->finding_count + 1,
				       sizeof(*tree->findings));
	if (tree->paths == NULL || tree->findings == NULL)
		return false;
	for (size_t i = 0; i < report->part_count; i++)
		tree->paths[tree->path_count++] =
			(struct tree_path){ report->parts[i].path,
					    &report->parts[i], false };
	for (size_t i = 0; i < report->finding_count; i++)
		tree->findings[i] = &report->findings[i];
	qsort(tree->findings, report->finding_count, sizeof(*tree->findings),
	      tree_compare);
	return true;
}
/* NOLINTEND(bugprone-sizeof-expression) */

/* Where each finding and each unread thing belongs. */
static bool
tree_place(struct tree *tree, size_t finding_count, size_t opaque_count)
{
	struct scratch *scratch = &tree->call->scratch;
	size_t *findings =
		scratch_alloc(scratch, finding_count + 1, sizeof(*findings));
	size_t *opaques =
		scratch_alloc(scratch, opaque_count + 1, sizeof(*opaques));

	if (findings == NULL || opaques == NULL)
		return false;
	for (size_t i = 0; i < finding_count; i++)
		findings[i] = tree_find(tree, tree->findings[i]->part);
	for (size_t i = 0; i < opaque_count; i++)
		opaques[i] = tree_find(tree, tree->report->opaques[i].part);
	for (size_t i = 0; i < finding_count; i++)
		tree_show(tree, findings[i]);
	for (size_t i = 0; i < opaque_count; i++)
		tree_show(tree, opaques[i]);
	tree->finding_paths = findings;
	tree->finding_count = finding_count;
	tree->opaque_paths = opaques;
	tree->opaque_count = opaque_count;
	return true;
}

static size_t
tree_at_most(size_t count, uint64_t *more)
{
	const size_t shown = count < CASE_MAX_ROWS ? count : CASE_MAX_ROWS;

	*more += count - shown;
	return shown;
}

void
case_fill_tree(struct call *call, const struct scan_report *report,
	       struct case_values *values)
{
	struct tree tree = { .call = call, .report = report };
	size_t bare_count = 0;

	values->more_findings = report->findings_left_out;
	if (!tree_init(&tree) ||
	    !tree_place(
		    &tree,
		    tree_at_most(report->finding_count, &values->more_findings),
		    tree_at_most(report->opaque_count, &values->more_findings)))
		return;
	tree.node_max = TREE_MAX_BARE + (size_t)4 * CASE_MAX_ROWS;
	tree.nodes = scratch_alloc(&call->scratch, tree.node_max,
				   sizeof(*tree.nodes));
	if (tree.nodes == NULL)
		return;
	for (size_t i = 0; i < tree.path_count; i++) {
		if (tree_is_frame(&tree, i))
			continue;
		if (!tree.paths[i].shown && ++bare_count > TREE_MAX_BARE)
			values->more_parts++;
		else
			tree_add(&tree, i);
	}
	values->nodes = tree.nodes;
	values->node_count = tree.node_count;
}
