#include "quarantine-ui/http/message.h"

#include <inttypes.h>
#include <string.h>

#include "lib/base/parse.h"
#include "quarantine-ui/http/range.h"

enum { MAX_COOKIE_BYTES = 1000 };

static const char *const method_names[HTTP_METHOD_END] = { "", "GET", "HEAD",
							   "POST", "DELETE" };

enum http_method
http_method_of(const char *name)
{
	for (size_t i = 1; i < ARRAY_LEN(method_names); i++) {
		if (strcmp(method_names[i], name) == 0)
			return (enum http_method)i;
	}
	return HTTP_METHOD_NONE;
}

const char *
http_method_name(enum http_method method)
{
	return (size_t)method < ARRAY_LEN(method_names) ? method_names[method]
							: "";
}

void
http_response_init(struct http_response *response)
{
	*response = (struct http_response){
		.status = 200, .content_type = "text/html; charset=utf-8"
	};
	sbuf_init(&response->body, HTTP_MAX_BODY_BYTES);
	sbuf_init(&response->location, HTTP_MAX_LOCATION_BYTES);
	for (size_t i = 0; i < HTTP_MAX_COOKIES; i++)
		sbuf_init_secret(&response->cookies[i], MAX_COOKIE_BYTES);
	sbuf_init(&response->file.etag, HTTP_MAX_ETAG_BYTES);
	sbuf_init(&response->file.range, HTTP_MAX_ETAG_BYTES);
	sbuf_init(&response->file.disposition, HTTP_MAX_DISPOSITION_BYTES);
}

/* A file that nobody sends. */
static void
response_drop_file(struct http_response *response)
{
	const struct http_sent nothing = { .complete = false };
	const struct http_source source = response->file.source;

	response->file.source = (struct http_source){ .read = NULL };
	if (source.read != NULL)
		source.end(source.context, &nothing);
	sbuf_clear(&response->file.etag);
	sbuf_clear(&response->file.range);
	sbuf_clear(&response->file.disposition);
}

void
http_response_done(struct http_response *response)
{
	sbuf_done(&response->body);
	sbuf_done(&response->location);
	for (size_t i = 0; i < HTTP_MAX_COOKIES; i++)
		sbuf_done(&response->cookies[i]);
	response_drop_file(response);
	sbuf_done(&response->file.etag);
	sbuf_done(&response->file.range);
	sbuf_done(&response->file.disposition);
}

void
http_response_reset(struct http_response *response, unsigned status)
{
	sbuf_clear(&response->body);
	sbuf_clear(&response->location);
	for (size_t i = 0; i < HTTP_MAX_COOKIES; i++)
		sbuf_clear(&response->cookies[i]);
	response->cookie_count = 0;
	response->status = status;
	response->may_cache = false;
	response->stream = false;
	response->leave_after_s = 0;
	response->content_type = "text/html; charset=utf-8";
	response_drop_file(response);
}

void
http_response_leave(struct http_response *response, unsigned after_s,
		    const char *path)
{
	sbuf_clear(&response->location);
	sbuf_add_text(&response->location, path);
	response->leave_after_s = after_s;
}

void
http_response_set_secret(struct http_response *response)
{
	sbuf_done(&response->body);
	sbuf_init_secret(&response->body, HTTP_MAX_BODY_BYTES);
	response->secret = true;
}

void
http_response_stream(struct http_response *response, uint64_t owner)
{
	http_response_reset(response, 200);
	response->content_type = "text/event-stream";
	response->stream = true;
	response->stream_owner = owner;
}

void
http_response_end_streams(struct http_response *response, uint64_t owner)
{
	response->end_streams = true;
	response->stream_owner = owner;
}

void
http_response_send(struct http_response *response,
		   const struct http_request *request,
		   const struct http_source *source, const char *etag,
		   const char *disposition)
{
	const bool get = request->method == HTTP_METHOD_GET;
	const struct range range = range_choose(
		get ? request->fields.range : "", request->fields.if_range,
		etag, source->total_bytes);

	http_response_reset(response, range.status);
	response->content_type = "application/octet-stream";
	response->file.source = *source;
	response->file.first = range.first;
	response->file.len_bytes = range.len_bytes;
	sbuf_add_text(&response->file.etag, etag);
	sbuf_add_text(&response->file.disposition, disposition);
	if (range.status == 206)
		sbuf_addf(&response->file.range,
			  "bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64, range.first,
			  range.first + range.len_bytes - 1,
			  source->total_bytes);
	if (range.status != 416)
		return;
	http_response_reset(response, 416);
	sbuf_addf(&response->file.range, "bytes */%" PRIu64,
		  source->total_bytes);
}

void
http_response_redirect(struct http_response *response, const char *path)
{
	sbuf_clear(&response->body);
	sbuf_clear(&response->location);
	sbuf_add_text(&response->location, path);
	response->status = 303;
}

void
http_response_set_cookie(struct http_response *response, bool secure,
			 const char *name, const char *value, int64_t max_age_s)
{
	struct sbuf *line = NULL;

	if (response->cookie_count == HTTP_MAX_COOKIES)
		return;
	line = &response->cookies[response->cookie_count++];
	sbuf_addf(line, "%s%s=%s; Path=/; HttpOnly; SameSite=Strict%s",
		  secure ? "__Host-" : "", name, value,
		  secure ? "; Secure" : "");
	if (max_age_s >= 0)
		sbuf_addf(line, "; Max-Age=%" PRId64, max_age_s);
}

/* Cut the text up to mark off *rest, without spaces around. */
static struct span
cut_word(struct span *rest, uint8_t mark)
{
	struct span word = { NULL, 0 };
	size_t len = 0;

	while (len < rest->len_bytes && rest->ptr[len] != mark)
		len++;
	(void)span_cut(*rest, 0, len, &word);
	len += len < rest->len_bytes;
	(void)span_cut(*rest, len, rest->len_bytes - len, rest);
	while (word.len_bytes > 0 && word.ptr[0] == ' ')
		(void)span_cut(word, 1, word.len_bytes - 1, &word);
	while (word.len_bytes > 0 && word.ptr[word.len_bytes - 1] == ' ')
		word.len_bytes--;
	return word;
}

void
http_request_cookie(const struct http_request *request, const char *name,
		    struct sbuf *value)
{
	struct span rest = span_of(request->fields.cookie);
	AUTO(sbuf_done) struct sbuf full_name;
	size_t seen = 0;

	sbuf_init(&full_name, MAX_COOKIE_BYTES);
	sbuf_addf(&full_name, "%s%s", request->secure ? "__Host-" : "", name);
	sbuf_clear(value);
	while (rest.len_bytes > 0) {
		struct span pair = cut_word(&rest, ';');
		const struct span key = cut_word(&pair, '=');

		if (!span_equal(key, sbuf_span(&full_name)))
			continue;
		if (++seen > 1)
			sbuf_clear(value);
		else
			sbuf_add_span(value, pair);
	}
}

bool
http_request_next_cookie(const struct http_request *request, const char *prefix,
			 struct span *rest, struct span *name_out)
{
	const size_t host_len = request->secure ? strlen("__Host-") : 0;
	const struct span wanted = span_of(prefix);

	while (rest->len_bytes > 0) {
		struct span pair = cut_word(rest, ';');
		const struct span key = cut_word(&pair, '=');
		struct span begin;

		if (key.len_bytes < host_len + wanted.len_bytes ||
		    (host_len > 0 && memcmp(key.ptr, "__Host-", host_len) != 0))
			continue;
		(void)span_cut(key, host_len, key.len_bytes - host_len,
			       name_out);
		(void)span_cut(*name_out, 0, wanted.len_bytes, &begin);
		if (span_equal(begin, wanted))
			return true;
	}
	return false;
}

bool
http_request_is_same_origin(const struct http_request *request)
{
	const char *site = request->fields.sec_fetch_site;
	const char *origin = request->fields.origin;
	const char *scheme = request->secure ? "https://" : "http://";

	if (site[0] != '\0')
		return strcmp(site, "same-origin") == 0;
	if (origin[0] == '\0')
		return true;
	return strncmp(origin, scheme, strlen(scheme)) == 0 &&
	       span_equal_nocase(span_of(origin + strlen(scheme)),
				 span_of(request->fields.host));
}

bool
http_request_is_form(const struct http_request *request)
{
	static const char form[] = "application/x-www-form-urlencoded";
	const struct span whole = span_of(request->fields.content_type);
	struct span type = whole;

	(void)span_cut(whole, 0, strcspn(request->fields.content_type, "; "),
		       &type);
	return span_equal_nocase(type, span_of(form));
}

unsigned
http_status_of(enum status st)
{
	switch (st) {
	case ST_FORMAT:
		return 400;
	case ST_DENIED:
		return 403;
	case ST_NOT_FOUND:
		return 404;
	case ST_END: /* changed meanwhile */
		return 409;
	case ST_UNSUPPORTED: /* the vault is locked */
	case ST_LIMIT:       /* busy, or no answer in time */
	case ST_IO:
		return 503;
	case ST_OK:
	case ST_NO_MEMORY:
	case ST_COUNT:
	default:
		return 500;
	}
}
