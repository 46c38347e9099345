/*
 * security.h - the header fields that every answer carries.
 *
 * Layer:    quarantine-ui/http; includes only lib/
 * Threads:  constant
 */
#ifndef QUARANTINE_UI_HTTP_SECURITY_H
#define QUARANTINE_UI_HTTP_SECURITY_H

#define SECURITY_POLICY                                               \
	"default-src 'none'; style-src 'self'; img-src 'self'; "      \
	"script-src 'self'; connect-src 'self'; form-action 'self'; " \
	"base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
/* Of files that are none of our pages: whatever they are, nothing runs. */
#define SECURITY_FILE_POLICY "default-src 'none'; sandbox"

/* HEADER(name, value). Referrer-Policy: nothing goes to other sites; to
 * ourselves it does, or old browsers would say "Origin: null" of our forms. */
#define SECURITY_HEADERS                                      \
	HEADER("X-Content-Type-Options", "nosniff")           \
	HEADER("Referrer-Policy", "same-origin")              \
	HEADER("Cross-Origin-Opener-Policy", "same-origin")   \
	HEADER("Cross-Origin-Resource-Policy", "same-origin") \
	HEADER("X-Frame-Options", "DENY")                     \
	HEADER("X-Robots-Tag", "noindex")

/* Only over TLS (RFC 6797 section 7.2). */
#define SECURITY_HSTS "max-age=31536000; includeSubDomains"

#endif
