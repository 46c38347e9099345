/* META-INF/manifest.xml: which members are encrypted, and how. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/html_entity.h"
#include "scanners/readers/odf_parts.h"
#include "scanners/readers/xml_piece.h"

/* What the sink may be told: a file could say anything. */
static const char *
odf_cipher_name(struct span algorithm)
{
	static const char *const marks[][2] = {
		{ "aes256-cbc", "odf: aes256-cbc" },
		{ "aes192-cbc", "odf: aes192-cbc" },
		{ "aes128-cbc", "odf: aes128-cbc" },
		{ "aes256-gcm", "odf: aes256-gcm" },
		{ "Blowfish", "odf: blowfish" },
		{ "blowfish", "odf: blowfish" },
		{ "openpgp", "odf: openpgp" },
	};

	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (algorithm.len_bytes > 0 &&
		    memmem(algorithm.ptr, algorithm.len_bytes, marks[i][0],
			   strlen(marks[i][0])) != NULL)
			return marks[i][1];
	return "odf: unknown cipher";
}

static int
odf_compare_members(const void *a, const void *b)
{
	const struct odf_member *const *left = a;
	const struct odf_member *const *right = b;

	return strcmp((*left)->name, (*right)->name);
}

/* The members by their names: there may be as many entries as members. */
struct odf_index {
	struct odf_member **list;
	size_t count;
};

static enum status
odf_index_make(struct odf_index *index, struct odf_member *members,
	       struct err *err)
{
	size_t count = 0;

	for (const struct odf_member *m = members; m != NULL; m = m->next)
		count++;
	index->list = calloc(count + 1, sizeof(struct odf_member *));
	if (index->list == NULL)
		return err_set(err, ST_NO_MEMORY, "odf: no memory");
	for (struct odf_member *m = members; m != NULL; m = m->next)
		index->list[index->count++] = m;
	qsort(index->list, count, sizeof(struct odf_member *),
	      odf_compare_members);
	return ST_OK;
}

/* All members of that name; there may be several. */
static enum status
odf_manifest_seal(const struct odf_index *index, struct span path,
		  struct err *err)
{
	struct sbuf name;
	size_t low = 0;
	size_t high = index->count;
	enum status st = ST_OK;

	sbuf_init(&name, SIZE_MAX / 2);
	html_unescape(path, &name);
	st = sbuf_status(&name, "odf: manifest", err);
	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (strcmp(index->list[middle]->name, sbuf_text(&name)) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < index->count &&
	       strcmp(index->list[low]->name, sbuf_text(&name)) == 0 &&
	       !index->list[low]->sealed;
	     low++)
		index->list[low]->sealed = true;
	sbuf_done(&name);
	return st;
}

static enum status
odf_manifest_read(struct span manifest, const struct odf_index *index,
		  const char **cipher_out, struct err *err)
{
	struct xml_pieces pieces = { .text = manifest };
	struct xml_piece piece;
	struct span path = { 0 };
	enum status st = ST_OK;

	while (st == ST_OK && xml_piece_next(&pieces, &piece)) {
		const struct span local = xml_piece_local(piece.name);

		if (piece.kind != XML_PIECE_OPEN &&
		    piece.kind != XML_PIECE_EMPTY)
			continue;
		if (span_equal(local, span_of("file-entry"))) {
			path = odf_attribute(piece.bytes, "full-path");
		} else if (span_equal(local, span_of("encryption-data"))) {
			st = odf_manifest_seal(index, path, err);
			if (*cipher_out == NULL)
				*cipher_out = odf_cipher_name(piece.bytes);
		} else if (span_equal(local, span_of("algorithm"))) {
			*cipher_out = odf_cipher_name(
				odf_attribute(piece.bytes, "algorithm-name"));
		}
	}
	return st;
}

enum status
odf_manifest_mark(struct span manifest, struct odf_member *members,
		  const char **cipher_out, struct err *err)
{
	struct odf_index index = { .count = 0 };
	enum status st = odf_index_make(&index, members, err);

	if (st == ST_OK)
		st = odf_manifest_read(manifest, &index, cipher_out, err);
	free(index.list);
	return st;
}
