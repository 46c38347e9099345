#include "scanners/rewrite/rewrite.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/parse.h"
#include "lib/report/pictures.h"
#include "scanners/detect/detect.h"
#include "scanners/rewrite/files.h"
#include "scanners/rewrite/layout.h"
#include "scanners/rewrite/names.h"
#include "scanners/worker/engine_path.h"

/* What stands in the hole when the rest is scanned. */
#define REWRITE_EMPTY_PART "Content-Type: text/plain\r\n\r\n"

/* The scan of the rest has at least one part in so many of the time. */
enum { REWRITE_REST_SHARE = 4 };

struct rewrite {
	struct engine_request scan;
	const struct engine_readers *readers;
	const struct rewrite_wish *wish;
	struct tree tree;
	struct engine *engine; /* of the whole mail: it knows the passwords */
	struct wire_arena *arena;
	struct rewrite_plan plan;
	struct rewrite_cut *cuts;
	int64_t started_mono_ms;
};

void
rewrite_free(struct rewrite **rewrite)
{
	if (*rewrite == NULL)
		return;
	tree_done(&(*rewrite)->tree);
	engine_free(&(*rewrite)->engine);
	wire_arena_free(&(*rewrite)->arena);
	free(*rewrite);
	*rewrite = NULL;
}

const struct rewrite_plan *
rewrite_plan(const struct rewrite *rewrite)
{
	return &rewrite->plan;
}

/* Nothing of a plan holds but why there is none. */
static enum status
rewrite_refuse(struct rewrite *rewrite, const struct choose_refusal *why,
	       struct err *err)
{
	const char *part = wire_arena_text(rewrite->arena, span_of(why->part));

	if (part == NULL)
		return err_set(err, ST_NO_MEMORY, "rewrite: no memory");
	rewrite->plan = (struct rewrite_plan){ .refusal = why->refusal,
					       .refused_part = part,
					       .boundary = "" };
	return ST_OK;
}

/* ---- files ---- */

static const char *
rewrite_keep(struct rewrite *rewrite, struct sbuf *text)
{
	return text->st == ST_OK
		       ? wire_arena_text(rewrite->arena, sbuf_span(text))
		       : NULL;
}

static bool
rewrite_is_taken(const struct rewrite *rewrite, const char *name)
{
	for (size_t i = 0; i < rewrite->plan.cut_count; i++)
		if (span_equal_nocase(span_of(rewrite->cuts[i].name),
				      span_of(name)))
			return true;
	return false;
}

/* A name that no other file has. */
static const char *
rewrite_name(struct rewrite *rewrite, const struct tree_node *node)
{
	AUTO(sbuf_done) struct sbuf name;
	AUTO(sbuf_done) struct sbuf other;

	sbuf_init_secret(&name, REWRITE_NAME_BYTES);
	sbuf_init_secret(&other, REWRITE_NAME_BYTES);
	names_add(node, rewrite->plan.cut_count + 1, &name);
	sbuf_add_span(&other, sbuf_span(&name));
	for (size_t i = 2;
	     other.st == ST_OK && rewrite_is_taken(rewrite, sbuf_text(&other));
	     i++) {
		sbuf_clear(&other);
		names_add_other(sbuf_span(&name), i, &other);
	}
	return rewrite_keep(rewrite, &other);
}

/* As it may be shown: no passwords, no numbers. */
static const char *
rewrite_safe_name(struct rewrite *rewrite, const char *name)
{
	AUTO(sbuf_done) struct sbuf bare;
	AUTO(sbuf_done) struct sbuf safe;

	sbuf_init_secret(&bare, SIZE_MAX / 2);
	sbuf_init(&safe, SIZE_MAX / 2);
	if (rewrite->wish->names == REWRITE_NAMES_NEUTRAL) {
		names_add_neutral(span_of(name), rewrite->plan.cut_count + 1,
				  &safe);
		return rewrite_keep(rewrite, &safe);
	}
	detect_mask(span_of(name), &bare);
	engine_hide_words(rewrite->engine, sbuf_span(&bare), &safe);
	struct span cut = sbuf_span(&safe);

	cut.len_bytes = engine_path_cut(cut, REWRITE_NAME_BYTES);
	return bare.st == ST_OK && safe.st == ST_OK
		       ? wire_arena_text(rewrite->arena, cut)
		       : NULL;
}

static enum status
rewrite_describe(struct rewrite *rewrite, const struct tree_node *node,
		 struct rewrite_cut *cut, struct err *err)
{
	AUTO(sbuf_done) struct sbuf type;

	sbuf_init(&type, MIME_WORD_BYTES);
	names_add_type(node->type, &type);
	cut->type = rewrite_keep(rewrite, &type);
	cut->part = wire_arena_text(rewrite->arena, span_of(node->path));
	cut->name = rewrite_name(rewrite, node);
	cut->name_safe = cut->name != NULL
				 ? rewrite_safe_name(rewrite, cut->name)
				 : NULL;
	if (cut->type == NULL || cut->part == NULL || cut->name == NULL ||
	    cut->name_safe == NULL)
		return err_set(err, ST_NO_MEMORY, "rewrite: no memory");
	return ST_OK;
}

static enum status
rewrite_add_file(struct rewrite *rewrite, struct files *files,
		 const struct tree_node *node, struct choose_refusal *why,
		 struct err *err)
{
	struct rewrite_cut *cut = &rewrite->cuts[rewrite->plan.cut_count];
	bool is_clear = true;

	cut->at = files->len_bytes;
	enum status st = files_add(files, node, &is_clear, err);

	if (st != ST_OK)
		return st;
	if (!is_clear)
		*why = (struct choose_refusal){ REWRITE_REFUSAL_AMBIGUOUS,
						node->path };
	cut->size_bytes = files->len_bytes - cut->at;
	st = rewrite_describe(rewrite, node, cut, err);
	rewrite->plan.cut_count++;
	return st;
}

/* Every file, in the order of the mail. */
static enum status
rewrite_add_files(struct rewrite *rewrite, struct choose_refusal *why,
		  struct err *err)
{
	const struct tree *tree = &rewrite->tree;
	struct tree_place places[REWRITE_MAX_CUTS] = { { NULL } };
	struct files files = { FD_NONE, 0, 0 };
	size_t count = 0;
	enum status st = files_open(rewrite->wish->files_fd,
				    tree->mail.len_bytes, &files, err);

	for (size_t i = 0; i < tree->count; i++)
		if (tree->nodes[i].cut && count < REWRITE_MAX_CUTS)
			places[count++].node = &tree->nodes[i];
	qsort(places, count, sizeof(*places), tree_compare);
	rewrite->cuts = wire_arena_alloc(rewrite->arena,
					 (count + 1) * sizeof(*rewrite->cuts));
	if (rewrite->cuts == NULL)
		return err_set(err, ST_NO_MEMORY, "rewrite: no memory");
	for (size_t i = 0; st == ST_OK && i < count; i++)
		st = rewrite_add_file(rewrite, &files, places[i].node, why,
				      err);
	rewrite->plan.cuts = rewrite->cuts;
	rewrite->plan.files_bytes = files.len_bytes;
	return st;
}

/* ---- scans ---- */

/* What is left has the time that is left, or what was kept for it. */
static uint32_t
rewrite_left_ms(uint32_t limit_ms, int64_t used_ms)
{
	const uint32_t least_ms = limit_ms / REWRITE_REST_SHARE + 1;

	return used_ms + (int64_t)least_ms < (int64_t)limit_ms
		       ? limit_ms - (uint32_t)used_ms
		       : least_ms;
}

static enum status
rewrite_scan_rest(struct rewrite *rewrite, struct choose_refusal *why,
		  struct err *err)
{
	AUTO(sbuf_done) struct sbuf rest;
	AUTO(engine_free) struct engine *engine = NULL;
	const int64_t used_ms = clock_mono_ms() - rewrite->started_mono_ms;
	struct engine_request scan = rewrite->scan;
	struct scan_report report;
	enum status st = ST_OK;

	sbuf_init_secret(&rest, SIZE_MAX / 2);
	st = layout_write(&rewrite->plan, rewrite->tree.mail,
			  span_of(REWRITE_EMPTY_PART), &rest, err);
	if (st != ST_OK)
		return st;
	scan.body = sbuf_span(&rest);
	scan.secret_count = 0;
	scan.limits.wall_ms = rewrite_left_ms(scan.limits.wall_ms, used_ms);
	scan.limits.cpu_ms = rewrite_left_ms(scan.limits.cpu_ms, used_ms);
	st = engine_new(&scan, rewrite->readers, &engine, err);
	if (st == ST_OK)
		st = engine_run(engine, &report, err);
	if (st == ST_OK)
		choose_judge_rest(&rewrite->tree, &report, why);
	rewrite->plan.inline_pictures =
		st == ST_OK
			? pictures_unread(&report, rewrite->wish->logo_bytes)
			: 0;
	return st == ST_OK && why->refusal != REWRITE_REFUSAL_NONE
		       ? rewrite_refuse(rewrite, why, err)
		       : st;
}

/* Paths as the report has them, in which passwords are hidden at its end. */
static enum status
rewrite_hide_paths(struct rewrite *rewrite, struct err *err)
{
	struct tree *tree = &rewrite->tree;
	AUTO(sbuf_done) struct sbuf path;

	sbuf_init(&path, SIZE_MAX / 2);
	for (size_t i = 0; i < tree->count; i++) {
		struct tree_node *node = &tree->nodes[i];

		sbuf_clear(&path);
		engine_hide_words(rewrite->engine, span_of(node->path), &path);
		sbuf_truncate(&path, engine_path_cut(sbuf_span(&path),
						     ENGINE_PATH_BYTES));
		free(node->path);
		node->path = path.st == ST_OK ? strdup(sbuf_text(&path)) : NULL;
		if (node->path == NULL)
			return err_set(err, ST_NO_MEMORY, "rewrite: no memory");
	}
	return ST_OK;
}

static enum status
rewrite_scan_all(struct rewrite *rewrite, struct choose_refusal *why,
		 struct err *err)
{
	const struct engine_marker marker = { tree_mark, &rewrite->tree };
	struct engine_request scan = rewrite->scan;
	struct scan_report report;
	enum status st = ST_OK;

	scan.marker = &marker;
	scan.limits.wall_ms -= scan.limits.wall_ms / REWRITE_REST_SHARE;
	scan.limits.cpu_ms -= scan.limits.cpu_ms / REWRITE_REST_SHARE;
	st = engine_new(&scan, rewrite->readers, &rewrite->engine, err);
	if (st == ST_OK)
		st = engine_run(rewrite->engine, &report, err);
	if (st == ST_OK)
		st = rewrite_hide_paths(rewrite, err);
	if (st == ST_OK)
		st = choose_parts(&rewrite->tree, &report, rewrite->wish, why,
				  err);
	return st;
}

static enum status
rewrite_run(struct rewrite *rewrite, struct err *err)
{
	struct choose_refusal why = { REWRITE_REFUSAL_NONE, "" };
	enum status st = rewrite_scan_all(rewrite, &why, err);

	if (st == ST_OK && why.refusal == REWRITE_REFUSAL_NONE)
		st = layout_plan(&rewrite->tree, rewrite->arena, &rewrite->plan,
				 &why, err);
	if (st == ST_OK && why.refusal == REWRITE_REFUSAL_NONE)
		st = rewrite_add_files(rewrite, &why, err);
	if (st != ST_OK)
		return st;
	if (why.refusal != REWRITE_REFUSAL_NONE)
		return rewrite_refuse(rewrite, &why, err);
	st = rewrite_check(&rewrite->plan, rewrite->tree.mail.len_bytes, err);
	return st == ST_OK ? rewrite_scan_rest(rewrite, &why, err) : st;
}

enum status
rewrite_make(const struct engine_request *scan,
	     const struct engine_readers *readers,
	     const struct rewrite_wish *wish, struct rewrite **rewrite_out,
	     struct err *err)
{
	AUTO(rewrite_free)
	struct rewrite *rewrite = calloc(1, sizeof(*rewrite));
	enum status st = ST_OK;

	if (rewrite == NULL)
		return err_set(err, ST_NO_MEMORY, "rewrite: no memory");
	rewrite->scan = *scan;
	/* What nobody could open is cut, or stands in the way: no password
	 * needs to be searched for it. */
	rewrite->scan.search_ms = 0;
	rewrite->readers = readers;
	rewrite->wish = wish;
	rewrite->started_mono_ms = clock_mono_ms();
	rewrite->plan.refused_part = "";
	rewrite->plan.boundary = "";
	rewrite->arena = wire_arena_new();
	st = rewrite->arena != NULL
		     ? tree_init(&rewrite->tree, scan->body, err)
		     : err_set(err, ST_NO_MEMORY, "rewrite: no memory");
	if (st == ST_OK)
		st = rewrite_run(rewrite, err);
	if (st == ST_OK)
		*rewrite_out = MOVE(rewrite);
	return st;
}
