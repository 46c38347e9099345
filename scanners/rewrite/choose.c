#include "scanners/rewrite/choose.h"

#include <string.h>

#include "lib/base/parse.h"
#include "lib/report/pictures.h"

enum {
	/* So much of the mail's HTML is searched for what it shows. */
	CHOOSE_HTML_BYTES = 8 * 1024 * 1024,
	CHOOSE_ID_BYTES = 500
};

static bool
choose_is_text(const struct tree_node *node)
{
	return node->type[0] == '\0' || strncmp(node->type, "text/", 5) == 0;
}

/* One of the ways to show the same, or a part of a report. What is given as an
 * attachment, or is no text, is a file there, too: nobody may have read it. */
static bool
choose_is_version(const struct tree_node *parent, const struct tree_node *node)
{
	if (node_has_type(parent, "multipart/report"))
		return !node->detached;
	return node_has_type(parent, "multipart/alternative") &&
	       !node->detached && choose_is_text(node);
}

static enum node_role
choose_role(const struct tree *tree, const struct tree_node *node)
{
	const struct tree_node *parent = &tree->nodes[node->parent];

	if (node->role == NODE_ROLE_HOLDER)
		return NODE_ROLE_HOLDER;
	if (choose_is_version(parent, node))
		return NODE_ROLE_BODY;
	if (node_has_type(parent, "multipart/related") && node->index == 0 &&
	    choose_is_text(node))
		return NODE_ROLE_BODY;
	return choose_is_text(node) && !node->attachment ? NODE_ROLE_BODY
							 : NODE_ROLE_FILE;
}

/* ---- pictures in the text ---- */

static void
choose_add_html(const struct tree_node *node, struct sbuf *html)
{
	AUTO(sbuf_done) struct sbuf decoded;

	sbuf_init_secret(&decoded, SIZE_MAX / 2);
	if (node->encoding == MIME_ENCODING_BASE64)
		(void)mime_decode_base64(node->body, &decoded);
	else if (node->encoding == MIME_ENCODING_QUOTED)
		(void)mime_decode_quoted(node->body, &decoded);
	else
		sbuf_add_span(&decoded, node->body);
	sbuf_add_span(html, sbuf_span(&decoded));
	mime_decode_percent(sbuf_span(&decoded), html);
}

/* A sender who gives it as an attachment has it treated as one, even where the
 * text names it: nobody here can see what is in it. */
static bool
choose_is_shown(const struct sbuf *html, const struct tree_node *node)
{
	AUTO(sbuf_done) struct sbuf url;

	sbuf_init(&url, CHOOSE_ID_BYTES);
	sbuf_add_text(&url, "cid:");
	sbuf_add_span(&url, node->id);
	if (node->role != NODE_ROLE_FILE || node->detached ||
	    node->id.len_bytes == 0 || strncmp(node->type, "image/", 6) != 0 ||
	    url.st != ST_OK || html->len_bytes == 0)
		return false;
	return memmem(html->bytes, html->len_bytes, url.bytes, url.len_bytes) !=
	       NULL;
}

static enum status
choose_shown(struct tree *tree, struct err *err)
{
	AUTO(sbuf_done) struct sbuf html;

	sbuf_init_secret(&html, CHOOSE_HTML_BYTES);
	for (size_t i = 0; i < tree->count; i++)
		if (tree->nodes[i].role == NODE_ROLE_BODY &&
		    node_has_type(&tree->nodes[i], "text/html"))
			choose_add_html(&tree->nodes[i], &html);
	if (html.st == ST_NO_MEMORY)
		return err_set(err, ST_NO_MEMORY, "rewrite: no memory");
	for (size_t i = 0; i < tree->count; i++)
		if (choose_is_shown(&html, &tree->nodes[i]))
			tree->nodes[i].role = NODE_ROLE_SHOWN;
	return ST_OK;
}

/* ---- what the report says ---- */

static bool
choose_is_found(const struct report_finding *finding)
{
	return finding->level >= REPORT_LEVEL_SUSPECT;
}

static bool
choose_is_stop(enum report_reason reason)
{
	return reason == REPORT_REASON_TIMEOUT || reason == REPORT_REASON_LIMIT;
}

/* Was the mail not read to its end, or more found than the report says? */
static bool
choose_is_incomplete(const struct scan_report *report)
{
	bool stopped = report->findings_left_out > 0 ||
		       report->opaque_count >= REPORT_MAX_OPAQUES;

	for (size_t i = 0; i < report->opaque_count; i++)
		stopped |= choose_is_stop(report->opaques[i].reason);
	return stopped;
}

static void
choose_take_report(struct tree *tree, const struct scan_report *report)
{
	for (size_t i = 0; i < report->finding_count; i++)
		if (choose_is_found(&report->findings[i]))
			tree_owner(tree, report->findings[i].part)->found =
				true;
	for (size_t i = 0; i < report->opaque_count; i++)
		tree_owner(tree, report->opaques[i].part)->unread = true;
}

/* ---- what is cut ---- */

struct choose_what {
	const struct scan_report *report;
	const struct rewrite_wish *wish;
	bool all;
};

/* A picture in the text goes for a number in it, or because nobody could
 * read it and it is no logo. */
static bool
choose_is_cut(const struct choose_what *what, const struct tree_node *node)
{
	const bool large = pictures_bytes(what->report, node->path) >
			   what->wish->logo_bytes;

	if (node->role == NODE_ROLE_FILE)
		return what->all || node->found || node->unread;
	return node->role == NODE_ROLE_SHOWN &&
	       (node->found || (what->wish->pictures == REWRITE_PICTURES_CUT &&
				node->unread && large));
}

static void
choose_cut(struct tree *tree, const struct choose_what *what)
{
	for (size_t i = 0; i < tree->count; i++)
		tree->nodes[i].cut = choose_is_cut(what, &tree->nodes[i]);
	/* The halves of a file of a Mac go together. */
	for (size_t i = 0; i < tree->count; i++) {
		const size_t parent = tree->nodes[i].parent;

		if (!tree->nodes[i].cut ||
		    !node_has_type(&tree->nodes[parent],
				   "multipart/appledouble"))
			continue;
		for (size_t k = 1; k < tree->count; k++)
			tree->nodes[k].cut |= tree->nodes[k].parent == parent;
	}
}

/* A multipart of which nothing stays goes as a whole. */
static void
choose_gone(struct tree *tree)
{
	for (size_t i = tree->count; i-- > 1;) {
		struct tree_node *node = &tree->nodes[i];
		bool any = false;
		bool all = true;

		for (size_t k = i + 1;
		     node->role == NODE_ROLE_HOLDER && k < tree->count; k++) {
			if (tree->nodes[k].parent != i)
				continue;
			any = true;
			all &= tree->nodes[k].gone;
		}
		node->gone = node->cut || (any && all);
	}
}

/* ---- refusals ---- */

static bool
choose_is_sealed(const struct tree_node *node)
{
	static const char *const types[] = {
		"multipart/signed",          "multipart/encrypted",
		"application/pkcs7-mime",    "application/x-pkcs7-mime",
		"application/pgp-encrypted",
	};

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (node_has_type(node, types[i]))
			return true;
	return false;
}

static bool
choose_is_elsewhere(const struct tree_node *node)
{
	return node_has_type(node, "message/partial") ||
	       node_has_type(node, "message/external-body");
}

/* A multipart/related without the part that shows the others. */
static bool
choose_is_headless(const struct tree *tree, const struct tree_node *node)
{
	const struct tree_node *parent = &tree->nodes[node->parent];

	return node->gone && !parent->gone && node->index == 0 &&
	       node_has_type(parent, "multipart/related");
}

/* Can the file be told from its bytes in one way only? */
static bool
choose_is_unclear(const struct tree_node *node)
{
	return node->cut && node->encoding == MIME_ENCODING_NONE;
}

static bool
choose_is_numbered_body(const struct tree_node *node)
{
	return node->found && !node->cut && node->role != NODE_ROLE_HOLDER;
}

static enum rewrite_refusal
choose_refuse_node(const struct tree *tree, const struct tree_node *node)
{
	if (choose_is_sealed(node))
		return REWRITE_REFUSAL_SIGNED;
	if (choose_is_elsewhere(node))
		return REWRITE_REFUSAL_PARTIAL;
	if (choose_is_unclear(node))
		return REWRITE_REFUSAL_AMBIGUOUS;
	if (choose_is_numbered_body(node))
		return REWRITE_REFUSAL_BODY;
	if (choose_is_headless(tree, node))
		return REWRITE_REFUSAL_STRUCTURE;
	return REWRITE_REFUSAL_NONE;
}

/* What a line of the report about the mail itself or a multipart of it means:
 * there may be parts that nobody knows of. */
static enum rewrite_refusal
choose_refuse_line(struct tree *tree, const struct report_opaque *line)
{
	const struct tree_node *owner = tree_owner(tree, line->part);
	/* A mail that is one file. */
	const bool is_whole = owner->role != NODE_ROLE_HOLDER &&
			      owner->whole.ptr == tree->mail.ptr;

	if (line->reason == REPORT_REASON_AMBIGUOUS &&
	    owner->role == NODE_ROLE_HOLDER)
		return REWRITE_REFUSAL_AMBIGUOUS;
	if (line->reason == REPORT_REASON_ENCRYPTED && is_whole)
		return REWRITE_REFUSAL_SIGNED;
	if (choose_is_stop(line->reason) && owner->role == NODE_ROLE_HOLDER)
		return REWRITE_REFUSAL_LIMIT;
	return REWRITE_REFUSAL_NONE;
}

/* A multipart of which no part is known was not read. */
static bool
choose_is_unread(const struct tree *tree, size_t holder)
{
	const struct tree_node *node = &tree->nodes[holder];

	if (node->role != NODE_ROLE_HOLDER || node->type[0] == '\0')
		return false;
	for (size_t i = holder + 1; i < tree->count; i++)
		if (tree->nodes[i].parent == holder)
			return false;
	return true;
}

/* The first reason of the list of refusals counts. */
static void
choose_note(struct choose_refusal *refusal, enum rewrite_refusal why,
	    const char *part)
{
	if (why != REWRITE_REFUSAL_NONE &&
	    (refusal->refusal == REWRITE_REFUSAL_NONE ||
	     why < refusal->refusal))
		*refusal = (struct choose_refusal){ why, part };
}

static void
choose_refuse(struct tree *tree, const struct scan_report *report,
	      struct choose_refusal *refusal)
{
	size_t cut = 0;

	*refusal = (struct choose_refusal){ REWRITE_REFUSAL_NONE, "" };
	for (size_t i = 0; i < tree->count; i++) {
		const struct tree_node *node = &tree->nodes[i];

		cut += node->cut;
		choose_note(refusal, choose_refuse_node(tree, node),
			    node->path);
		if (choose_is_unread(tree, i))
			choose_note(refusal, REWRITE_REFUSAL_UNREAD,
				    node->path);
	}
	for (size_t i = 0; i < report->opaque_count; i++)
		choose_note(refusal,
			    choose_refuse_line(tree, &report->opaques[i]),
			    report->opaques[i].part);
	if (tree->odd)
		choose_note(refusal, REWRITE_REFUSAL_AMBIGUOUS, "");
	if (tree->too_many || cut > REWRITE_MAX_CUTS)
		choose_note(refusal, REWRITE_REFUSAL_LIMIT, "");
	if (cut == 0 && refusal->refusal == REWRITE_REFUSAL_NONE)
		choose_note(refusal, REWRITE_REFUSAL_NOTHING, "");
}

enum status
choose_parts(struct tree *tree, const struct scan_report *report,
	     const struct rewrite_wish *wish,
	     struct choose_refusal *refusal_out, struct err *err)
{
	const struct choose_what what = {
		report, wish,
		wish->what == REWRITE_ALL || choose_is_incomplete(report)
	};
	enum status st = ST_OK;

	for (size_t i = 0; i < tree->count; i++)
		tree->nodes[i].role = choose_role(tree, &tree->nodes[i]);
	st = choose_shown(tree, err);
	if (st != ST_OK)
		return st;
	choose_take_report(tree, report);
	choose_cut(tree, &what);
	choose_gone(tree);
	choose_refuse(tree, report, refusal_out);
	return ST_OK;
}

/* ---- the rest ---- */

static enum rewrite_refusal
choose_rest_refusal(enum report_reason reason)
{
	switch (reason) {
	case REPORT_REASON_IMAGE:
		return REWRITE_REFUSAL_NONE;
	case REPORT_REASON_ENCRYPTED:
		return REWRITE_REFUSAL_SIGNED;
	case REPORT_REASON_AMBIGUOUS:
		return REWRITE_REFUSAL_AMBIGUOUS;
	case REPORT_REASON_EXTERNAL:
		return REWRITE_REFUSAL_PARTIAL;
	case REPORT_REASON_LIMIT:
	case REPORT_REASON_TIMEOUT:
	case REPORT_REASON_CRASHED:
	case REPORT_REASON_INTERNAL:
		return REWRITE_REFUSAL_LIMIT;
	case REPORT_REASON_NONE:
	case REPORT_REASON_LOCKED:
	case REPORT_REASON_DAMAGED:
	case REPORT_REASON_UNKNOWN_CONTAINER:
	case REPORT_REASON_CHARSET:
	case REPORT_REASON_END:
	default:
		return REWRITE_REFUSAL_UNREAD;
	}
}

void
choose_judge_rest(const struct tree *tree, const struct scan_report *report,
		  struct choose_refusal *refusal_out)
{
	bool before = false;

	*refusal_out = (struct choose_refusal){ REWRITE_REFUSAL_NONE, "" };
	for (size_t i = 0; i < tree->count; i++)
		before |= tree->nodes[i].found && !tree->nodes[i].gone;
	for (size_t i = 0; i < report->opaque_count; i++) {
		const struct report_opaque *line = &report->opaques[i];

		choose_note(refusal_out, choose_rest_refusal(line->reason),
			    line->part);
	}
	for (size_t i = 0; i < report->finding_count; i++)
		if (choose_is_found(&report->findings[i]))
			*refusal_out = (struct choose_refusal){
				before ? REWRITE_REFUSAL_BODY
				       : REWRITE_REFUSAL_LEFT_OVER,
				report->findings[i].part
			};
}
