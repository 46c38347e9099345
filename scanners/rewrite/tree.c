#include "scanners/rewrite/tree.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/worker/engine_path.h"

enum { TREE_FIRST_ROOM = 16 };

static enum status
tree_no_memory(struct err *err)
{
	return err_set(err, ST_NO_MEMORY, "rewrite: no memory");
}

size_t
tree_at(const struct tree *tree, struct span bytes)
{
	return (size_t)(bytes.ptr - tree->mail.ptr);
}

int
tree_compare(const void *a, const void *b)
{
	const struct tree_place *left = a;
	const struct tree_place *right = b;

	if (left->node->whole.ptr == right->node->whole.ptr)
		return 0;
	return left->node->whole.ptr < right->node->whole.ptr ? -1 : 1;
}

bool
node_has_type(const struct tree_node *node, const char *type)
{
	return strcmp(node->type, type) == 0;
}

/* Does bytes stand in the mail, and not in something decoded? */
static bool
tree_holds(const struct tree *tree, struct span bytes)
{
	const uintptr_t from = (uintptr_t)tree->mail.ptr;
	const uintptr_t at = (uintptr_t)bytes.ptr;

	return at >= from && at - from <= tree->mail.len_bytes &&
	       bytes.len_bytes <= tree->mail.len_bytes - (at - from);
}

/* Without blanks, and the brackets around it. */
static struct span
tree_bare_id(struct span value)
{
	struct span id = mime_trim(value);

	if (id.len_bytes >= 2 && id.ptr[0] == '<' &&
	    id.ptr[id.len_bytes - 1] == '>')
		(void)span_cut(id, 1, id.len_bytes - 2, &id);
	return id;
}

/* Those of RFC 2045 only: what a program makes of others is its own. */
static enum mime_encoding
tree_encoding(const char *word)
{
	static const char *const known[] = { "7bit", "8bit", "binary", "base64",
					     "quoted-printable" };

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (strcmp(word, known[i]) == 0)
			return mime_encoding_find(span_of(word));
	return word[0] == '\0' ? MIME_ENCODING_PLAIN : MIME_ENCODING_NONE;
}

/* What the header of a part says besides what its reader told. */
static void
tree_read_header(struct tree *tree, struct tree_node *node)
{
	struct mime_header_walk walk = { .bytes = node->whole };
	struct mime_field field;
	struct mime_entity entity;
	char word[MIME_WORD_BYTES] = "";

	mime_entity_parse(node->whole, &entity);
	node->body = entity.body;
	tree->odd |= entity.odd != NULL || entity.type.count > 1 ||
		     entity.encoding.count > 1 || entity.disposition.count > 1;
	if (node->role == NODE_ROLE_HOLDER && entity.type.count > 0)
		mime_value_word(entity.type.values[0], node->type);
	if (entity.encoding.count > 0)
		mime_value_word(entity.encoding.values[0], word);
	node->encoding = tree_encoding(word);
	word[0] = '\0';
	if (entity.disposition.count > 0)
		mime_value_word(entity.disposition.values[0], word);
	node->detached = strcmp(word, "attachment") == 0;
	while (mime_field_next(&walk, &field))
		if (mime_field_is(&field, "Content-Id"))
			node->id = tree_bare_id(field.value);
}

/* One more, empty; NULL without memory. */
static struct tree_node *
tree_add(struct tree *tree)
{
	const size_t count = tree->count;
	struct tree_node *nodes = tree->nodes;

	/* Room for a power of two of them. */
	if (count == 0 ||
	    (count >= TREE_FIRST_ROOM && (count & (count - 1)) == 0)) {
		const size_t room = count == 0 ? TREE_FIRST_ROOM : 2 * count;

		nodes = realloc(nodes, room * sizeof(*nodes));
	}
	if (nodes == NULL)
		return NULL;
	tree->nodes = nodes;
	nodes[count] = (struct tree_node){ .path = NULL };
	tree->count++;
	return &nodes[count];
}

enum status
tree_init(struct tree *tree, struct span mail, struct err *err)
{
	*tree = (struct tree){ .mail = mail };
	struct tree_node *node = tree_add(tree);

	if (node == NULL)
		return tree_no_memory(err);
	node->role = NODE_ROLE_HOLDER;
	node->whole = mail;
	node->path = strdup(ENGINE_PATH_ROOT_MAIL);
	node->name = strdup("");
	if (node->path == NULL || node->name == NULL)
		return tree_no_memory(err);
	tree_read_header(tree, node);
	if (strncmp(node->type, "multipart/", 10) != 0)
		node->type[0] = '\0';
	return ST_OK;
}

void
tree_done(struct tree *tree)
{
	for (size_t i = 0; i < tree->count; i++) {
		free(tree->nodes[i].path);
		free(tree->nodes[i].name);
	}
	free(tree->nodes);
	*tree = (struct tree){ .nodes = NULL };
}

/* The holder at path; the count of nodes when there is none. */
static size_t
tree_find_holder(const struct tree *tree, const char *path)
{
	size_t i = 0;

	while (i < tree->count && (tree->nodes[i].role != NODE_ROLE_HOLDER ||
				   strcmp(tree->nodes[i].path, path) != 0))
		i++;
	return i;
}

/* How many parts of parent there are; the same part twice is odd. */
static size_t
tree_count_siblings(struct tree *tree, size_t parent, struct span whole)
{
	size_t count = 0;

	for (size_t i = 1; i < tree->count; i++) {
		const struct tree_node *node = &tree->nodes[i];

		count += node->parent == parent;
		tree->odd |= node->whole.ptr == whole.ptr &&
			     node->whole.len_bytes == whole.len_bytes &&
			     whole.len_bytes > 0;
	}
	return count;
}

enum status
tree_mark(void *context, const char *parent, const char *path,
	  const struct child *child, struct err *err)
{
	struct tree *tree = context;
	const size_t holder = tree_find_holder(tree, parent);
	struct tree_node *node = NULL;

	if (holder == tree->count || !tree_holds(tree, child->entity))
		return ST_OK;
	if (tree->count >= TREE_MAX_NODES) {
		tree->too_many = true;
		return ST_OK;
	}
	const size_t index = tree_count_siblings(tree, holder, child->entity);

	node = tree_add(tree);
	if (node == NULL)
		return tree_no_memory(err);
	node->parent = holder;
	node->index = index;
	node->whole = child->entity;
	node->lead = child->lead;
	node->attachment = child->attachment;
	node->role = strncmp(child->content_type, "multipart/", 10) == 0
			     ? NODE_ROLE_HOLDER
			     : NODE_ROLE_NONE;
	node->path = strdup(path);
	node->name = strdup(child->name);
	if (node->path == NULL || node->name == NULL)
		return tree_no_memory(err);
	if (strlen(child->content_type) < sizeof(node->type))
		memcpy(node->type, child->content_type,
		       strlen(child->content_type) + 1);
	tree_read_header(tree, node);
	return ST_OK;
}

static bool
tree_is_under(const char *path, const char *above)
{
	const size_t len = strlen(above);

	return strncmp(path, above, len) == 0 &&
	       (path[len] == '\0' || path[len] == '/');
}

struct tree_node *
tree_owner(struct tree *tree, const char *path)
{
	struct tree_node *owner = &tree->nodes[0];
	size_t longest = 0;

	for (size_t i = 1; i < tree->count; i++) {
		struct tree_node *node = &tree->nodes[i];
		const size_t len = strlen(node->path);

		if (len > longest && tree_is_under(path, node->path)) {
			owner = node;
			longest = len;
		}
	}
	return owner;
}
