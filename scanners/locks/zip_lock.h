/*
 * zip_lock.h - the locked members of a zip archive, and which password fits.
 *
 * Layer:    scanners/locks
 * Threads:  a lock does not change; several threads may try
 * Input:    untrusted archive; passwords are secrets
 *
 * A password fits when a member decrypts, unpacks and has the checksum that
 * the archive names; the byte of the header alone means nothing.
 */
#ifndef SCANNERS_LOCKS_ZIP_LOCK_H
#define SCANNERS_LOCKS_ZIP_LOCK_H

#include "lib/base/status.h"
#include "scanners/ciphers/lanes.h"
#include "scanners/ciphers/zipcrypto.h"

enum {
	ZIP_LOCK_MEMBERS = 4,     /* what is looked at; the smallest ones */
	ZIP_LOCK_START_BYTES = 64 /* what tells most wrong passwords */
};

struct zip_lock_member {
	struct span data;      /* behind the header of twelve bytes */
	const uint8_t *header; /* of them */
	uint8_t check;         /* the last of them in clear */
	/* The bits of the one before that are known, and what they are. */
	uint8_t before_mask;
	uint8_t before;
	uint32_t method;
	uint32_t crc;
	uint64_t size_bytes;
};

struct zip_lock {
	struct zip_lock_member members[ZIP_LOCK_MEMBERS];
	size_t count;
	const char *other; /* a kind of lock that is not tried here, or NULL */
};

/*
 * Find the members with ZipCrypto. Borrows archive.
 * Returns:  ST_OK           there are some
 *           ST_FORMAT       no zip archive, or none that can be followed
 *           ST_NOT_FOUND    nothing in it is locked
 *           ST_UNSUPPORTED  locked in another way; err names it
 */
MUST_CHECK enum status
zip_lock_find(struct span archive, struct zip_lock *lock_out, struct err *err);

/* Is the member compressed, so that its first bytes tell a lot? */
bool zip_lock_is_packed(const struct zip_lock_member *member);

/*
 * Can start, decrypted, be the start of the member? every: say no only when it
 * cannot; else also when what is not packed begins like no file that people
 * send: neither as text nor with a signature that is known.
 */
bool zip_lock_may_begin(const struct zip_lock_member *member, struct span start,
			bool every);

/* How a member is read; enough_bytes: so many that come out without a fault
 * prove it. */
struct zip_lock_look {
	const struct lanes_watch *watch; /* or NULL; when it ends it: false */
	uint64_t enough_bytes;
};

/* Does the member come out whole, with its checksum? keys: behind the header.
 */
bool zip_lock_reads(const struct zip_lock_member *member,
		    const struct zipcrypto_keys *keys,
		    const struct zip_lock_look *look);

/* Can it be read here? */
bool zip_lock_is_method(uint32_t method);

/*
 * How many bytes of a password's keys a member proves: its check byte, and its
 * checksum as far as it has content. Where there are less than enough other
 * passwords do as well.
 */
enum { ZIP_LOCK_PROOF_BYTES = 5 };
uint64_t zip_lock_proof_bytes(uint64_t size_bytes);

/* Does the password whose keys these are open the archive? Linear in the
 * smallest member when it does; nearly always a few dozen bytes when not. */
bool
zip_lock_fits(const struct zip_lock *lock, const struct zipcrypto_keys *keys);

#endif
