/*
 * text_escapes.h - letters that a text of a program has as escapes.
 *
 * Layer:    scanners/readers; includes lib/base and scanners/text
 * Threads:  values
 * Input:    untrusted; UTF-8
 *
 * Settings, sources, logs and addresses write 個 as "\u500b", "\U0000500b",
 * "\xe5\x80\x8b", "%E5%80%8B" or "&#20491;": what names a number beside it
 * would not be seen otherwise, nor the number.
 */
#ifndef SCANNERS_READERS_TEXT_ESCAPES_H
#define SCANNERS_READERS_TEXT_ESCAPES_H

#include "lib/base/sbuf.h"

/* Append text with the letters in place of escapes; line ends stay.
 * False, and nothing is appended, when there is none. */
bool text_unescape(struct span text, struct sbuf *out);

#endif
