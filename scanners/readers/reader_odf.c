/*
 * The reader of OpenDocument: packages (zip) and flat files (XML), and the
 * packages of OpenOffice 1. Every member of a package is read here, a child,
 * or said to be encrypted.
 */
#include "scanners/readers/reader.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/odf_parts.h"
#include "scanners/readers/xml_charset.h"
#include "scanners/readers/zip_read.h"
#include "scanners/readers/zip_walk.h"
#include "scanners/text/readings.h"

enum { ODF_HEAD_BYTES = 8192 };

struct odf_package {
	struct sink *sink;
	struct odf_member *members;
	struct odf_member **end;
	const char *cipher; /* of the document's own encryption, or NULL */
	bool sealed;        /* a member is a child that says so */
};

static void
odf_member_free(struct odf_member **member)
{
	if (*member == NULL)
		return;
	if ((*member)->bytes != NULL)
		explicit_bzero((*member)->bytes, (*member)->len_bytes);
	free((*member)->bytes);
	free((*member)->name);
	free(*member);
	*member = NULL;
}

/* Members wait until the manifest is known, which may be the last of them. */
static enum status
odf_keep(void *context, const struct zip_member *member, struct err *err)
{
	struct odf_package *package = context;
	AUTO(odf_member_free)
	struct odf_member *kept = calloc(1, sizeof(*kept));

	if (kept == NULL)
		return err_set(err, ST_NO_MEMORY, "odf: no memory");
	kept->name = strdup(member->name);
	if (kept->name == NULL)
		return err_set(err, ST_NO_MEMORY, "odf: no memory");
	kept->locked = member->locked;
	kept->lock = member->lock;
	if (member->bytes.len_bytes > 0) {
		kept->bytes = *member->owned;
		kept->len_bytes = member->bytes.len_bytes;
		*member->owned = NULL;
	}
	*package->end = kept;
	package->end = &kept->next;
	kept = NULL;
	return ST_OK;
}

static struct span
odf_bytes(const struct odf_member *member)
{
	return (struct span){ member->bytes, member->len_bytes };
}

static bool
odf_ends_with(const char *name, const char *end)
{
	const size_t len = strlen(name);
	const size_t end_len = strlen(end);

	return len >= end_len &&
	       span_equal_nocase(span_of(name + len - end_len), span_of(end));
}

/* XML of the document itself; other XML is for the reader of XML. */
static bool
odf_is_document(const struct odf_member *member)
{
	static const char *const roots[] = {
		"document-content",  "document-styles", "document-meta",
		"document-settings", "document",        "manifest"
	};
	uint8_t room[XML_CHARSET_HEAD_BYTES];
	const struct span head = xml_charset_head(odf_bytes(member), room);
	struct span root = { 0 };

	if (!odf_ends_with(member->name, ".xml") || head.len_bytes == 0 ||
	    head.ptr[0] != '<')
		return false;
	root = xml_charset_root(head);
	/* What was encrypted begins with a comment, as a salt. */
	if (member->opened && head.len_bytes == XML_CHARSET_HEAD_BYTES) {
		struct span start = odf_bytes(member);

		if (start.len_bytes > ODF_HEAD_BYTES)
			start.len_bytes = ODF_HEAD_BYTES;
		root = xml_charset_root(start);
	}
	for (size_t i = 0; i < ARRAY_LEN(roots); i++)
		if (span_equal(root, span_of(roots[i])))
			return true;
	return false;
}

/* The name of what is no child. */
static enum status
odf_give_name(struct odf_package *package, const struct odf_member *member,
	      struct err *err)
{
	const struct place place = { PLACE_NAME, 0, NULL };
	enum status st =
		sink_text(package->sink, &place, span_of(member->name), err);

	return st == ST_OK ? sink_break(package->sink, err) : st;
}

static enum status
odf_give_child(struct odf_package *package, struct odf_member *member,
	       struct err *err)
{
	const struct child child = {
		.name = member->name,
		.content_type =
			odf_ends_with(member->name, ".xml") ? "text/xml" : "",
		.charset = "",
		.attachment = true,
		.locked = member->locked,
		.lock = member->lock,
	};
	const struct span none = { 0 };

	if (member->locked)
		return sink_child(package->sink, &child, none, NULL, err);
	return sink_child(package->sink, &child, odf_bytes(member),
			  &member->bytes, err);
}

/* Rows that only the engine of a database can read. */
static bool
odf_is_table_store(const struct odf_member *member)
{
	static const char *const names[] = { "database/data", "database/backup",
					     "database/firebird.fbk",
					     "database/firebird.fdb" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcmp(member->name, names[i]) == 0)
			return true;
	return false;
}

static enum status
odf_give_member(struct odf_package *package, struct odf_member *member,
		struct err *err)
{
	const struct span bytes = odf_bytes(member);
	enum status st = ST_OK;

	/* What was never encrypted is readable, whatever the manifest says. */
	if (member->sealed && !member->locked && !text_is_plausible(bytes)) {
		member->locked = true;
		member->lock = package->cipher;
		package->sealed = true;
	}
	if (member->locked)
		return odf_give_child(package, member, err);
	if (bytes.len_bytes == 0)
		return odf_give_name(package, member, err);
	if (strcmp(member->name, "mimetype") == 0)
		return sink_gap(package->sink, bytes, err);
	if (odf_is_table_store(member))
		st = sink_opaque(package->sink, REPORT_REASON_UNKNOWN_CONTAINER,
				 "odf: tables of a database", err);
	if (st != ST_OK || !odf_is_document(member))
		return st == ST_OK ? odf_give_child(package, member, err) : st;
	st = odf_give_name(package, member, err);
	return st == ST_OK ? odf_read_document(package->sink, bytes, err) : st;
}

static enum status
odf_give_members(struct odf_package *package, struct err *err)
{
	enum status st = ST_OK;

	for (struct odf_member *member = package->members;
	     member != NULL && st == ST_OK; member = member->next)
		if (span_equal_nocase(span_of(member->name),
				      span_of("META-INF/manifest.xml")))
			st = odf_manifest_mark(odf_bytes(member),
					       package->members,
					       &package->cipher, err);
	for (struct odf_member *member = package->members;
	     member != NULL && st == ST_OK; member = member->next)
		st = odf_give_member(package, member, err);
	if (st == ST_OK && package->cipher != NULL && !package->sealed)
		st = sink_opaque(package->sink, REPORT_REASON_LOCKED,
				 package->cipher, err);
	return st;
}

static struct odf_member *
odf_find_manifest(const struct odf_package *package)
{
	struct odf_member *member = package->members;

	while (member != NULL &&
	       !span_equal_nocase(span_of(member->name),
				  span_of("META-INF/manifest.xml")))
		member = member->next;
	return member;
}

/* What was sealed when the package was read before. */
static enum status
odf_give_opened(struct odf_package *package, const struct child *hint,
		struct err *err)
{
	const struct odf_member *manifest = odf_find_manifest(package);
	enum status st = ST_OK;

	if (manifest == NULL)
		return ST_OK;
	st = odf_manifest_mark(odf_bytes(manifest), package->members,
			       &package->cipher, err);
	if (st == ST_OK)
		st = odf_unseal(package->sink, odf_bytes(manifest),
				package->members, hint, err);
	for (struct odf_member *member = package->members;
	     member != NULL && st == ST_OK; member = member->next) {
		const bool is_child =
			member->len_bytes > 0 && !odf_is_document(member);

		if (!member->opened)
			continue;
		st = odf_give_salt(package->sink, member, err);
		if (st == ST_OK)
			st = odf_give_member(package, member, err);
		if (!is_child)
			sink_opened(package->sink, member->name);
	}
	return st;
}

static enum status
odf_read_package(struct sink *sink, struct span body, const struct child *hint,
		 struct err *err)
{
	struct odf_package package = { .sink = sink };
	const bool again = hint->password_count > 0;
	const struct zip_taker taker = { .take = odf_keep,
					 .context = &package,
					 .listed_only = again };
	enum status st = ST_OK;

	package.end = &package.members;
	st = zip_read_all(sink, body, &taker, err);
	if (st == ST_OK)
		st = again ? odf_give_opened(&package, hint, err)
			   : odf_give_members(&package, err);
	while (package.members != NULL) {
		struct odf_member *next = package.members->next;

		odf_member_free(&package.members);
		package.members = next;
	}
	return st;
}

static enum status
odf_read(struct sink *sink, struct span body, const struct child *hint,
	 struct err *err)
{
	return zip_is_opendocument(body)
		       ? odf_read_package(sink, body, hint, err)
		       : odf_read_document(sink, body, err);
}

static bool
odf_is_flat(struct span body)
{
	uint8_t room[XML_CHARSET_HEAD_BYTES];
	const struct span head = xml_charset_head(body, room);

	return head.len_bytes > 0 && head.ptr[0] == '<' &&
	       xml_is_flat_odf(head);
}

static enum sniff
odf_sniff(struct span body, const struct child *hint)
{
	(void)hint;
	return zip_is_opendocument(body) || odf_is_flat(body) ? SNIFF_CERTAIN
							      : SNIFF_NO;
}

/* What people call it, by the type it says; templates are what they make. */
static const char *const odf_types[][2] = {
	{ "opendocument.text", "odt" },
	{ "opendocument.spreadsheet", "ods" },
	{ "opendocument.presentation", "odp" },
	{ "opendocument.graphics", "odg" },
	{ "opendocument.image", "odg" },
	{ "sun.xml.writer", "odt" },
	{ "sun.xml.calc", "ods" },
	{ "sun.xml.impress", "odp" },
	{ "sun.xml.draw", "odg" },
	{ "", "odf" }, /* charts, formulas, databases */
};

static const char *
odf_type(struct span body)
{
	const size_t other = ARRAY_LEN(odf_types) - 1;
	struct span type = { 0 };

	/* The element of a flat one says it. */
	if (!zip_mimetype(body, &type) &&
	    !span_cut(body, 0,
		      body.len_bytes < ODF_HEAD_BYTES ? body.len_bytes
						      : ODF_HEAD_BYTES,
		      &type))
		return "odf";
	for (size_t i = 0; i < other && type.ptr != NULL; i++)
		if (memmem(type.ptr, type.len_bytes, odf_types[i][0],
			   strlen(odf_types[i][0])) != NULL)
			return odf_types[i][1];
	return odf_types[other][1];
}

static const char *
odf_type_at(size_t index)
{
	return index < ARRAY_LEN(odf_types) ? odf_types[index][1] : NULL;
}

const struct reader reader_odf = {
	.name = "odf",
	.foreign = true, /* libarchive, of packages */
	.sniff = odf_sniff,
	.read = odf_read,
	.type = odf_type,
	.type_at = odf_type_at,
};
