/*
 * cfb_unlock.h - the package of an encrypted Office document, with passwords.
 *
 * Layer:    scanners/readers; knows scanners/ciphers; for reader_cfb.c
 * Threads:  no shared state
 * Input:    untrusted; passwords are secrets
 */
#ifndef SCANNERS_READERS_CFB_UNLOCK_H
#define SCANNERS_READERS_CFB_UNLOCK_H

#include "scanners/readers/sink.h"

/*
 * Give what EncryptedPackage holds in clear, as a child of its name. With no
 * password that fits nothing is given.
 * Returns: ST_OK; ST_FORMAT body is no compound file; what the sink said
 */
MUST_CHECK enum status cfb_unlock(struct sink *sink, struct span body,
				  const struct child *hint, struct err *err);

#endif
