#include "quarantine-ui/http/answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quarantine-ui/http/security.h"

void
answer_add(struct MHD_Response *answer, const char *name, const char *value)
{
	(void)MHD_add_response_header(answer, name, value);
}

/* Where to go: at once, or after a while. */
static void
answer_add_location(const struct http_response *response,
		    struct MHD_Response *answer)
{
	AUTO(sbuf_done) struct sbuf refresh;

	sbuf_init(&refresh, HTTP_MAX_LOCATION_BYTES + 32);
	if (response->location.len_bytes == 0)
		return;
	if (response->leave_after_s == 0) {
		answer_add(answer, "Location", sbuf_text(&response->location));
		return;
	}
	sbuf_addf(&refresh, "%u; url=%s", response->leave_after_s,
		  sbuf_text(&response->location));
	answer_add(answer, "Refresh", sbuf_text(&refresh));
}

/* What a file carries beside its bytes. */
static void
answer_add_file(const struct http_file *file, struct MHD_Response *answer)
{
	if (file->range.len_bytes > 0)
		answer_add(answer, "Content-Range", sbuf_text(&file->range));
	if (file->disposition.len_bytes == 0)
		return;
	answer_add(answer, "Content-Disposition",
		   sbuf_text(&file->disposition));
	answer_add(answer, "ETag", sbuf_text(&file->etag));
	answer_add(answer, "Accept-Ranges", "bytes");
}

void
answer_add_headers(const struct http_response *response, bool secure,
		   struct MHD_Response *answer)
{
#define HEADER(name, value) answer_add(answer, name, value);
	SECURITY_HEADERS
#undef HEADER
	answer_add(answer, "Content-Security-Policy",
		   response->file.disposition.len_bytes > 0
			   ? SECURITY_FILE_POLICY
			   : SECURITY_POLICY);
	answer_add_file(&response->file, answer);
	if (secure)
		answer_add(answer, "Strict-Transport-Security", SECURITY_HSTS);
	answer_add(answer, "Cache-Control",
		   response->may_cache ? "public, max-age=86400, immutable"
				       : "no-store");
	answer_add(answer, "Content-Type", response->content_type);
	answer_add_location(response, answer);
	for (size_t i = 0; i < response->cookie_count; i++)
		answer_add(answer, "Set-Cookie",
			   sbuf_text(&response->cookies[i]));
	if (response->allow != NULL)
		answer_add(answer, "Allow", response->allow);
	if (response->retry_after_s > 0) {
		char number[16];

		(void)snprintf(number, sizeof(number), "%u",
			       response->retry_after_s);
		answer_add(answer, "Retry-After", number);
	}
	if (response->close)
		answer_add(answer, "Connection", "close");
}

void
answer_check(struct http_response *response)
{
	bool failed = response->body.st != ST_OK ||
		      response->location.st != ST_OK ||
		      response->file.etag.st != ST_OK ||
		      response->file.disposition.st != ST_OK;

	for (size_t i = 0; i < response->cookie_count; i++)
		failed |= response->cookies[i].st != ST_OK;
	if (!failed)
		return;
	http_response_reset(response, 500);
	response->close = true;
}

/* A body that is wiped when libmicrohttpd is done with it. */
struct answer_secret {
	size_t len_bytes;
	uint8_t bytes[];
};

static void
answer_free_secret(void *context)
{
	struct answer_secret *secret = context;

	explicit_bzero(secret->bytes, secret->len_bytes);
	free(secret);
}

static struct MHD_Response *
answer_of_secret(struct span body)
{
	struct answer_secret *secret = malloc(sizeof(*secret) + body.len_bytes);
	struct MHD_Response *answer = NULL;

	if (secret == NULL)
		return NULL;
	secret->len_bytes = body.len_bytes;
	if (body.len_bytes > 0)
		memcpy(secret->bytes, body.ptr, body.len_bytes);
	answer = MHD_create_response_from_buffer_with_free_callback_cls(
		body.len_bytes, secret->bytes, answer_free_secret, secret);
	if (answer == NULL)
		answer_free_secret(secret);
	return answer;
}

struct MHD_Response *
answer_of_body(const struct http_response *response)
{
	return response->secret
		       ? answer_of_secret(sbuf_span(&response->body))
		       : MHD_create_response_from_buffer(
				 response->body.len_bytes, response->body.bytes,
				 MHD_RESPMEM_MUST_COPY);
}
