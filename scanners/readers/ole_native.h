/*
 * ole_native.h - a file within a document: the stream "\1Ole10Native".
 *
 * Layer:    scanners/readers
 * Input:    untrusted; linear time
 *
 * Shape (little-endian): 4 bytes of what follows; 2 flags; label and path,
 * each to its NUL; 4; 4 bytes of and the path it had; 4 bytes of and the file;
 * then three texts in UTF-16, each behind its 4 characters: path it had, label,
 * path. Or 4 bytes of, and the file.
 */
#ifndef SCANNERS_READERS_OLE_NATIVE_H
#define SCANNERS_READERS_OLE_NATIVE_H

#include "scanners/readers/sink.h"

/* Give the file in stream as a child, and the rest as a gap. */
MUST_CHECK enum status
ole_native_read(struct sink *sink, struct span stream, struct err *err);

#endif
