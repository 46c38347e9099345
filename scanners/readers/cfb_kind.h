/*
 * cfb_kind.h - what a compound file is, by its streams and class.
 *
 * Layer:    scanners/readers; private to reader_cfb.c and cfb_*.c
 */
#ifndef SCANNERS_READERS_CFB_KIND_H
#define SCANNERS_READERS_CFB_KIND_H

#include "scanners/readers/cfb_walk.h"

/* The name of a format that is not read ("doc", "msg", …; see
 * unread_names.def); NULL: none of these. */
const char *cfb_kind(const struct cfb *cfb);

/* How a document in EncryptedPackage is encrypted, as info (the stream
 * EncryptionInfo) says: "ooxml: agile". */
const char *cfb_lock(struct span info);

/* The start of a document's stream number index says that the whole of it is
 * encrypted: "doc: encrypted"; or NULL. */
const char *
cfb_old_lock(const struct cfb *cfb, size_t index, struct span stream);

#endif
