/* META-INF/manifest.xml: which members are encrypted, and how. */
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

static enum status
odf_manifest_seal(struct span path, struct odf_member *members, struct err *err)
{
	struct sbuf name;
	enum status st = ST_OK;

	sbuf_init(&name, SIZE_MAX / 2);
	html_unescape(path, &name);
	st = sbuf_status(&name, "odf: manifest", err);
	for (struct odf_member *member = members; member != NULL && st == ST_OK;
	     member = member->next)
		if (strcmp(member->name, sbuf_text(&name)) == 0)
			member->sealed = true;
	sbuf_done(&name);
	return st;
}

enum status
odf_manifest_mark(struct span manifest, struct odf_member *members,
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
			st = odf_manifest_seal(path, members, err);
			if (*cipher_out == NULL)
				*cipher_out = odf_cipher_name(piece.bytes);
		} else if (span_equal(local, span_of("algorithm"))) {
			*cipher_out = odf_cipher_name(
				odf_attribute(piece.bytes, "algorithm-name"));
		}
	}
	return st;
}
