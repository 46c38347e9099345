/*
 * tree.h - the parts of a mail, and where they stand in its bytes.
 *
 * Layer:    scanners/rewrite; includes lib/, scanners/{readers,worker}
 * Threads:  values
 * Input:    untrusted
 *
 * It grows while the engine reads the mail: its reader of mail is the only one
 * that takes mails apart (struct engine_marker). What a mail carries as a mail
 * is a leaf, into which nothing is cut.
 */
#ifndef SCANNERS_REWRITE_TREE_H
#define SCANNERS_REWRITE_TREE_H

#include "scanners/readers/reader_mime.h"
#include "scanners/worker/engine.h"

enum { TREE_MAX_NODES = 4000 };

enum node_role {
	NODE_ROLE_NONE = 0,
	NODE_ROLE_HOLDER, /* a multipart; the mail itself */
	NODE_ROLE_BODY,   /* text of the mail; it stays */
	NODE_ROLE_FILE,   /* an attachment */
	NODE_ROLE_SHOWN   /* a picture in the text */
};

struct tree_node {
	char *path; /* as the report's parts */
	size_t parent;
	size_t index;      /* among the parent's, from 0 */
	struct span whole; /* header and body, in the mail */
	struct span body;
	struct span lead;           /* as struct child's */
	char type[MIME_WORD_BYTES]; /* lower case; "" when it has none */
	char *name;
	struct span id; /* Content-ID, without brackets */
	enum mime_encoding encoding;
	enum node_role role;
	bool attachment; /* as struct child's */
	bool detached;   /* its header says "attachment" */
	bool found;      /* a number stands in it */
	bool unread;     /* something in it was not read */
	bool cut;
	bool gone; /* cut, or everything in it */
};

struct tree {
	struct span mail;
	struct tree_node *nodes; /* the first is the mail; parents first */
	size_t count;
	bool odd;      /* its header can be read in several ways */
	bool too_many; /* parts are missing */
};

/* tree_mark() with a tree as its context is the marker of the scan of mail.
 * Returns: ST_OK, ST_NO_MEMORY */
MUST_CHECK enum status
tree_init(struct tree *tree, struct span mail, struct err *err);
MUST_CHECK enum status
tree_mark(void *context, const char *parent, const char *path,
	  const struct child *child, struct err *err);
void tree_done(struct tree *tree);

/* The part that path is, or is in; the mail itself when there is none. */
struct tree_node *tree_owner(struct tree *tree, const char *path);

/* Offset of bytes in the mail. */
size_t tree_at(const struct tree *tree, struct span bytes);

/* For qsort(): in the order of the mail. */
struct tree_place {
	const struct tree_node *node;
};
int tree_compare(const void *a, const void *b);

bool node_has_type(const struct tree_node *node, const char *type);

#endif
