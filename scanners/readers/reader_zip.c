/* The reader of zip archives that are no documents. */
#include "scanners/readers/reader.h"

#include <string.h>

#include "scanners/readers/archive_kinds.h"
#include "scanners/readers/zip_read.h"
#include "scanners/readers/zip_walk.h"

static enum status
zip_take(void *context, const struct zip_member *member, struct err *err)
{
	struct sink *sink = context;
	const struct child child = { .name = member->name,
				     .content_type = "",
				     .charset = "",
				     .attachment = true,
				     .locked = member->locked,
				     .lock = member->lock };

	return sink_child(sink, &child, member->bytes,
			  *member->owned != NULL ? member->owned : NULL, err);
}

static enum status
zip_read(struct sink *sink, struct span body, const struct child *hint,
	 struct err *err)
{
	const struct zip_taker taker = {
		.take = zip_take,
		.context = sink,
		.passwords = hint->passwords,
		.password_count = hint->password_count,
	};

	return zip_read_all(sink, body, &taker, err);
}

static bool
zip_starts(struct span body, const char *signature)
{
	return body.len_bytes >= 4 && memcmp(body.ptr, signature, 4) == 0;
}

/*
 * A zip that is the last member of an archive that packs nothing (tar, stored
 * 7z), or lies in a PDF document: that archive's reader gives it by itself,
 * and as a part of the whole it looks odd. One behind the archive ends it.
 */
static bool
zip_is_member(struct span body, const struct zip_end *end)
{
	size_t at = 0;
	const struct archive_kind *kind = archive_kind_of(body, &at);

	if (end->behind_at >= body.len_bytes)
		return false;
	return (kind != NULL && !kind->packed && at == 0) ||
	       zip_starts(body, "%PDF");
}

static enum sniff
zip_sniff(struct span body, const struct child *hint)
{
	struct zip_end end;

	(void)hint;
	if (zip_is_package(body))
		return SNIFF_NO;
	/* The third: the first piece of several. */
	if (zip_starts(body, "PK\3\4") || zip_starts(body, "PK\5\6") ||
	    zip_starts(body, "PK00") || zip_starts(body, "PK\7\x08"))
		return SNIFF_CERTAIN;
	/* Behind a program or an image: archives are known by their end. */
	if (!zip_find_end(body, &end) ||
	    end.directory_at + end.directory_bytes > end.at)
		return SNIFF_NO;
	if (archive_is_program(body))
		return SNIFF_CERTAIN;
	return zip_is_member(body, &end) ? SNIFF_MAYBE : SNIFF_LIKELY;
}

const struct reader reader_zip = {
	.name = "zip",
	.foreign = true,
	.sniff = zip_sniff,
	.read = zip_read,
};
