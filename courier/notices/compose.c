#include "courier/notices/compose.h"

#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/parse.h"

/* Not in base64, the only thing between. */
#define COMPOSE_ALTERNATIVE "=_" COMPOSE_MARK "_notice"

enum {
	COMPOSE_BOUNDARY_BYTES = 200,
	COMPOSE_LINE_BYTES = 76,    /* with an encoded word: RFC 2047 2 */
	COMPOSE_WORD_FRAME = 12,    /* =?UTF-8?B? and ?= */
	COMPOSE_BASE64_BYTES = 57,  /* 76 characters */
	COMPOSE_MIN_WORD_BYTES = 4, /* the longest character */
	COMPOSE_PHRASE_BYTES = 60,
	COMPOSE_NAME_BYTES = 36 /* of a name, in one word behind "From: " */
};

static bool
compose_is_plain(const char *text)
{
	for (const char *p = text; *p != '\0'; p++) {
		if (*p < ' ' || *p >= 0x7f)
			return false;
	}
	return true;
}

/* How many bytes of text, whole characters, fit into max_bytes. */
static size_t
compose_cut(const char *text, size_t max_bytes)
{
	const size_t len = strlen(text);
	size_t cut = len < max_bytes ? len : max_bytes;

	while (cut > 0 && cut < len &&
	       ((unsigned char)text[cut] & 0xc0) == 0x80)
		cut--;
	/* No such character: not UTF-8, any cut is as good. */
	return cut > 0 ? cut : (len < max_bytes ? len : max_bytes);
}

/* Base64 characters that fit into room, in bytes before encoding. */
static size_t
compose_room(size_t used_bytes)
{
	/* A line has 76, but a word only 75 (RFC 2047 2). */
	const size_t taken =
		(used_bytes > 0 ? used_bytes : 1) + COMPOSE_WORD_FRAME;

	if (taken >= COMPOSE_LINE_BYTES)
		return 0;
	return (COMPOSE_LINE_BYTES - taken) / 4 * 3;
}

static void
compose_word(const char *text, size_t len_bytes, struct sbuf *out)
{
	sbuf_add_text(out, "=?UTF-8?B?");
	format_base64(out, (struct span){ (const uint8_t *)text, len_bytes });
	sbuf_add_text(out, "?=");
}

void
compose_words(const char *text, size_t used_bytes, struct sbuf *out)
{
	if (compose_is_plain(text) && strstr(text, "=?") == NULL &&
	    strlen(text) + used_bytes <= COMPOSE_LINE_BYTES) {
		sbuf_add_text(out, text);
		return;
	}
	if (compose_room(used_bytes) < COMPOSE_MIN_WORD_BYTES) {
		sbuf_add_text(out, "\r\n ");
		used_bytes = 1;
	}
	while (*text != '\0') {
		const size_t cut = compose_cut(text, compose_room(used_bytes));

		compose_word(text, cut, out);
		text += cut;
		if (*text != '\0')
			sbuf_add_text(out, "\r\n ");
		used_bytes = 1;
	}
}

void
compose_base64(struct span bytes, struct sbuf *out)
{
	while (bytes.len_bytes > 0) {
		const size_t len = bytes.len_bytes < COMPOSE_BASE64_BYTES
					   ? bytes.len_bytes
					   : COMPOSE_BASE64_BYTES;

		format_base64(out, (struct span){ bytes.ptr, len });
		sbuf_add_text(out, "\r\n");
		(void)span_cut(bytes, len, bytes.len_bytes - len, &bytes);
	}
}

bool
compose_address_is_safe(const char *address)
{
	const char *at = strrchr(address, '@');

	if (at == NULL || at == address || at[1] == '\0' ||
	    !parse_is_utf8(span_of(address)))
		return false;
	for (const char *p = address; *p != '\0'; p++) {
		if ((unsigned char)*p <= ' ' || *p == 0x7f ||
		    strchr("()<>,;:\\\"[]", *p) != NULL)
			return false;
	}
	return true;
}

/* Only letters, digits and spaces need no quotes, whatever the reader. */
static bool
compose_is_phrase(const char *name)
{
	return name[strspn(name, "abcdefghijklmnopqrstuvwxyz"
				 "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ")] ==
	       '\0';
}

static enum status
compose_mailbox(const char *field, const char *name, const char *address,
		struct sbuf *out, struct err *err)
{
	if (!compose_address_is_safe(address))
		return err_set(err, ST_FORMAT,
			       "notices: the address in %s cannot stand there",
			       field);
	sbuf_addf(out, "%s: ", field);
	if (name[0] != '\0' && compose_is_phrase(name) &&
	    strlen(name) < COMPOSE_PHRASE_BYTES)
		sbuf_addf(out, "%s ", name);
	else if (name[0] != '\0') {
		/* Never plain: a name may hold commas and brackets. */
		while (*name != '\0') {
			const size_t cut =
				compose_cut(name, COMPOSE_NAME_BYTES);

			compose_word(name, cut, out);
			sbuf_add_text(out, "\r\n ");
			name += cut;
		}
	}
	sbuf_addf(out, "<%s>\r\n", address);
	return ST_OK;
}

/* Line ends inside of encoded text are CR LF too (RFC 2045 6.8). */
static void
compose_crlf(const char *text, struct sbuf *out)
{
	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '\n')
			sbuf_add_byte(out, '\r');
		sbuf_add_byte(out, (uint8_t)*p);
	}
}

static void
compose_subject(const char *subject, struct sbuf *out)
{
	AUTO(sbuf_done) struct sbuf line;

	sbuf_init(&line, 4096);
	for (const char *p = subject; *p != '\0'; p++)
		sbuf_add_byte(&line, (unsigned char)*p < ' ' || *p == 0x7f
					     ? ' '
					     : (uint8_t)*p);
	sbuf_add_text(out, "Subject: ");
	compose_words(sbuf_text(&line), strlen("Subject: "), out);
	sbuf_add_text(out, "\r\n");
}

static enum status
compose_header(const struct compose *compose, struct sbuf *out, struct err *err)
{
	char date[CLOCK_RFC5322_BYTES];
	enum status st = compose_mailbox("From", compose->from_name,
					 compose->from, out, err);

	if (st != ST_OK)
		return st;
	/* Odd addresses can be sent to all the same. */
	if (compose_mailbox("To", compose->to_name, compose->to, out, NULL) !=
	    ST_OK)
		sbuf_add_text(out, "To: undisclosed-recipients:;\r\n");
	compose_subject(compose->subject, out);
	clock_format_rfc5322(compose->now_unix_ms, date);
	sbuf_addf(out, "Date: %s\r\nMessage-Id: <%s@%s>\r\n", date, compose->id,
		  compose->host);
	/* A thread of its own for each case; its first mail never was. */
	if (compose->thread[0] != '\0')
		sbuf_addf(out,
			  "In-Reply-To: <%s@%s>\r\n"
			  "References: <%s@%s>\r\n",
			  compose->thread, compose->host, compose->thread,
			  compose->host);
	/* RFC 3834; the second for Exchange. No Precedence: what is bulk gets
	 * sorted away, and these must be seen. */
	sbuf_addf(out,
		  "Auto-Submitted: auto-generated\r\n"
		  "X-Auto-Response-Suppress: All\r\n"
		  "Content-Language: %s\r\nMIME-Version: 1.0\r\n",
		  compose->language);
	return ST_OK;
}

static enum status
compose_part(const char *type, const char *text, struct sbuf *out,
	     struct err *err)
{
	AUTO(sbuf_done) struct sbuf lines;

	sbuf_init_secret(&lines, out->max_bytes);
	compose_crlf(text, &lines);
	sbuf_addf(out,
		  "Content-Type: %s; charset=UTF-8\r\n"
		  "Content-Transfer-Encoding: base64\r\n\r\n",
		  type);
	compose_base64(sbuf_span(&lines), out);
	return sbuf_status(&lines, "notices: text", err);
}

/* The boundary inside of boundary: neither begins with the other. */
static void
compose_inner(const char *boundary, struct sbuf *inner)
{
	const char *mark = strstr(boundary, COMPOSE_MARK);
	const size_t before = (size_t)(mark - boundary);

	sbuf_add(inner, boundary, before);
	sbuf_add_text(inner, "logo");
	sbuf_add_text(inner, mark + strlen(COMPOSE_MARK));
}

/* HTML with the picture that it shows (RFC 2387). */
static enum status
compose_related(const char *boundary, const struct compose_forms *forms,
		struct sbuf *out, struct err *err)
{
	const struct picture *picture = forms->picture;
	AUTO(sbuf_done) struct sbuf inner;
	enum status st = ST_OK;

	sbuf_init(&inner, COMPOSE_BOUNDARY_BYTES);
	compose_inner(boundary, &inner);
	sbuf_addf(out,
		  "Content-Type: multipart/related; type=\"text/html\";\r\n"
		  " boundary=\"%s\"\r\n\r\n--%s\r\n",
		  sbuf_text(&inner), sbuf_text(&inner));
	st = compose_part("text/html", forms->html, out, err);
	sbuf_addf(out,
		  "--%s\r\nContent-Type: %s\r\n"
		  "Content-Disposition: inline\r\nContent-ID: <%s>\r\n"
		  "Content-Transfer-Encoding: base64\r\n\r\n",
		  sbuf_text(&inner), picture->content_type, picture->id);
	compose_base64(sbuf_span(&picture->bytes), out);
	sbuf_addf(out, "--%s--\r\n", sbuf_text(&inner));
	return st == ST_OK ? sbuf_status(&inner, "notices: boundary", err) : st;
}

enum status
compose_alternative(const char *boundary, const struct compose_forms *forms,
		    struct sbuf *out, struct err *err)
{
	enum status st = ST_OK;

	sbuf_addf(out,
		  "Content-Type: multipart/alternative;\r\n"
		  " boundary=\"%s\"\r\n\r\n--%s\r\n",
		  boundary, boundary);
	st = compose_part("text/plain", forms->text, out, err);
	sbuf_addf(out, "--%s\r\n", boundary);
	if (st == ST_OK)
		st = forms->picture != NULL
			     ? compose_related(boundary, forms, out, err)
			     : compose_part("text/html", forms->html, out, err);
	sbuf_addf(out, "--%s--", boundary);
	return st == ST_OK ? sbuf_status(out, "notices: mail", err) : st;
}

enum status
compose_mail(const struct compose *compose, const struct compose_forms *forms,
	     struct sbuf *out, struct err *err)
{
	enum status st = compose_header(compose, out, err);

	if (st != ST_OK)
		return st;
	if (compose->boundary != NULL)
		sbuf_addf(out,
			  "Content-Type: multipart/mixed;\r\n"
			  " boundary=\"%s\"\r\n"
			  "Content-Transfer-Encoding: %s\r\n\r\n--%s\r\n",
			  compose->boundary,
			  compose->eight_bit ? "8bit" : "7bit",
			  compose->boundary);
	if (forms->html == NULL) {
		st = compose_part("text/plain", forms->text, out, err);
		return st == ST_OK ? sbuf_status(out, "notices: mail", err)
				   : st;
	}
	st = compose_alternative(COMPOSE_ALTERNATIVE, forms, out, err);
	sbuf_add_text(out, "\r\n");
	return st == ST_OK ? sbuf_status(out, "notices: mail", err) : st;
}
