/*
 * smtp_args.h - what of a case's envelope may go into a command.
 *
 * Layer:    courier/smtp; includes only lib/
 * Threads:  values
 * Input:    untrusted: addresses and ESMTP arguments come from the mail's own
 *           sender; nothing in them can end a command or add an argument
 */
#ifndef COURIER_SMTP_SMTP_ARGS_H
#define COURIER_SMTP_SMTP_ARGS_H

#include "lib/base/sbuf.h"

/* True when address (without <>) can stand between < and >: no control
 * characters, no space, < or > outside a quoted string, none left open. */
bool smtp_address_is_safe(const char *address);
/* True when it has a byte over 0x7f. */
bool smtp_address_is_utf8(const char *address);

/* True when args, as given with MAIL FROM, has this word (no value). */
bool smtp_args_have(const char *args, const char *word);

/* True when envid can stand behind ENVID= as it is (RFC 3461 4.4). */
bool smtp_envid_is_safe(const char *envid);

/*
 * Append " NOTIFY=…" and " ORCPT=…" of args (as given with RCPT TO) when they
 * are what RFC 3461 4.1 and 4.2 allow. Everything else is left out.
 */
void smtp_args_copy_dsn(const char *args, struct sbuf *command);

#endif
