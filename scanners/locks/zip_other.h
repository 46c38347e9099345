/*
 * zip_other.h - does a key open a member that is neither stored nor deflated?
 *
 * Layer:    scanners/locks; for zip_lock.c
 * Threads:  no shared state
 * Input:    untrusted archive; keys are secrets
 */
#ifndef SCANNERS_LOCKS_ZIP_OTHER_H
#define SCANNERS_LOCKS_ZIP_OTHER_H

#include "scanners/locks/zip_lock.h"

/* Is it a method that can be unpacked to its checksum? */
bool zip_other_is_method(uint32_t method);

/* Can start, decrypted, be the start of data of that method? */
bool zip_other_may_begin(uint32_t method, struct span start);

/* Does the member come out whole, with its checksum? As zip_lock_reads(), but
 * for enough_bytes: a member is unpacked to its end. */
bool zip_other_reads(const struct zip_lock_member *member,
		     const struct zipcrypto_keys *keys,
		     const struct zip_lock_look *look);

#endif
