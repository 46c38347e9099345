/*
 * archive_member.h - one member of an archive that libarchive has opened.
 *
 * Layer:    scanners/readers; knows libarchive
 * Threads:  no shared state
 * Input:    untrusted; every byte that comes out is spent
 */
#ifndef SCANNERS_READERS_ARCHIVE_MEMBER_H
#define SCANNERS_READERS_ARCHIVE_MEMBER_H

#include "lib/base/sbuf.h"
#include "scanners/readers/sink.h"

struct archive;

/* An archive that is read member by member. */
struct archive_stream {
	struct sink *sink;
	struct archive *archive;
	struct span whole;      /* its bytes, where it was opened from memory */
	int64_t consumed_bytes; /* of the packed bytes, told to the sink */
	/* Nothing more may be read: libarchive 3.6 follows pointers that it
	 * freed. */
	bool is_broken;
};

/* For AUTO: takes *archive, which may be NULL. */
void archive_close(struct archive **archive);

/* Append a name that libarchive knows as UTF-8, or only as raw bytes, which
 * may be CP932. Either may be NULL. */
void archive_add_name(const char *utf8, const char *raw, struct sbuf *out);

/*
 * The data of a member. What is not packed lies in the archive as it is, and
 * is not copied when it lies there in one piece.
 */
struct archive_member {
	struct sbuf *out;      /* the caller's, for what must be copied */
	uint64_t expect_bytes; /* how many may come, 0: not known */
	struct span lying;     /* all data when !is_copied, else empty */
	bool is_copied;        /* all data were appended to out */
	bool is_whole;         /* read to their proper end */
	uint64_t got_bytes;
};

/*
 * All data of the current member; all of member but what the caller sets is 0.
 * Returns:  ST_OK, also when it is damaged; ST_NO_MEMORY; what the sink says
 */
MUST_CHECK enum status
archive_member_data(struct archive_stream *stream,
		    struct archive_member *member, struct err *err);

/* Make room at once for size_bytes that come out of packed_bytes, as far as
 * that is credible: growing step by step copies and wipes a lot. */
void
archive_expect(struct sbuf *bytes, uint64_t size_bytes, uint64_t packed_bytes);

/* What to expect where nobody says how much will come: room is no memory yet.
 */
uint64_t archive_guess(uint64_t packed_bytes);

/* Give back room that the contents do not need: archives may have very many
 * members. */
void archive_fit(struct sbuf *bytes);

/* True when the last failure was one of memory: a dictionary that is larger
 * than a worker may be, not damage. */
bool archive_is_too_large(struct archive *archive);

#endif
