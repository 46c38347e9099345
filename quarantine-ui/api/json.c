#include "quarantine-ui/api/json.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "quarantine-ui/api/api.h"

enum { JSON_MAX_TEXT_BYTES = 16 * 1024, JSON_MAX_DEPTH = 8 };

void
json_free(json_t **json)
{
	json_decref(*json);
	*json = NULL;
}

void
api_error(struct call *call, unsigned status, const char *reason)
{
	static const struct {
		unsigned status;
		const char *code, *reason;
	} words[] = {
		{ 400, "invalid", "the request could not be understood" },
		{ 401, "unauthenticated", "sign in first" },
		{ 403, "denied", "your role may not do this" },
		{ 404, "not-found", "nothing here" },
		{ 405, "method", "this address does not do that" },
		{ 409, "conflict", "changed meanwhile; look again" },
		{ 415, "media-type", "send application/json" },
		{ 429, "too-many", "too many tries; wait a minute" },
		{ 503, "unavailable", "the vault cannot answer now" },
		{ 500, "internal", "something went wrong" },
	};
	size_t i = 0;
	json_t *json = NULL;
	struct err err = { .st = ST_OK };

	while (i + 1 < ARRAY_LEN(words) && words[i].status != status)
		i++;
	json = json_pack(
		"{s:{s:s,s:o}}", "error", "code", words[i].code, "reason",
		json_of_text(reason[0] != '\0' ? reason : words[i].reason));
	if (json_send(call, status, &json, &err) != ST_OK)
		http_response_reset(call->response, status);
}

static bool
json_is_announced(const char *content_type)
{
	const struct span whole = span_of(content_type);
	struct span type = whole;

	(void)span_cut(whole, 0, strcspn(content_type, "; "), &type);
	return span_equal_nocase(type, span_of("application/json"));
}

/* jansson recurses on nesting; it has a limit (2048) of its own, we need
 * none of that depth. */
static bool
json_is_flat(struct span text)
{
	size_t depth = 0;
	bool quoted = false;

	for (size_t i = 0; i < text.len_bytes; i++) {
		const uint8_t c = text.ptr[i];

		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == '{' || c == '['))
			depth++;
		else if (!quoted && (c == '}' || c == ']') && depth > 0)
			depth--;
		if (depth > JSON_MAX_DEPTH)
			return false;
	}
	return true;
}

enum status
json_read(const struct call *call, json_t **json_out, struct err *err)
{
	const struct span body = call->request->body;
	json_error_t where;
	json_t *json = NULL;

	if (body.len_bytes == 0) {
		json = json_object();
	} else {
		if (!json_is_announced(call->request->fields.content_type))
			return err_set(err, ST_FORMAT,
				       "the body is not application/json");
		if (!json_is_flat(body))
			return err_set(err, ST_FORMAT, "nested too deep");
		json = json_loadb((const char *)body.ptr, body.len_bytes,
				  JSON_REJECT_DUPLICATES, &where);
	}
	if (json == NULL || !json_is_object(json)) {
		json_free(&json);
		return err_set(err, ST_FORMAT, "the body is no JSON object");
	}
	*json_out = json;
	return ST_OK;
}

enum status
json_get_text(const json_t *json, const char *key, const char **text_out,
	      struct err *err)
{
	const json_t *value = json_object_get(json, key);

	*text_out = "";
	if (value == NULL || json_is_null(value))
		return ST_OK;
	if (!json_is_string(value))
		return err_set(err, ST_FORMAT, "%s is no text", key);
	*text_out = json_string_value(value);
	return ST_OK;
}

enum status
json_send(struct call *call, unsigned status, json_t **json, struct err *err)
{
	char *text = NULL;

	if (*json != NULL)
		text = json_dumps(*json, JSON_COMPACT);
	json_free(json);
	if (text == NULL)
		return err_set(err, ST_NO_MEMORY, "api: no memory");
	http_response_reset(call->response, status);
	call->response->content_type = "application/json";
	sbuf_add_text(&call->response->body, text);
	sbuf_add_byte(&call->response->body, '\n');
	explicit_bzero(text, strlen(text)); /* it may be a session token */
	free(text);
	return sbuf_status(&call->response->body, "api: answer", err);
}

/* Append the character at the start of text, or U+FFFD; its length. */
static size_t
json_add_character(struct span text, struct sbuf *out)
{
	for (size_t len = 1; len <= 4 && len <= text.len_bytes; len++) {
		const struct span piece = { text.ptr, len };

		if (parse_is_utf8(piece)) {
			sbuf_add_span(out, piece);
			return len;
		}
	}
	sbuf_add_text(out, "\xef\xbf\xbd");
	return 1;
}

json_t *
json_of_text(const char *text)
{
	struct span rest = span_of(text);
	AUTO(sbuf_done) struct sbuf clean;

	sbuf_init(&clean, JSON_MAX_TEXT_BYTES);
	if (parse_is_utf8(rest))
		return json_string(text);
	while (rest.len_bytes > 0) {
		const size_t len = json_add_character(rest, &clean);

		(void)span_cut(rest, len, rest.len_bytes - len, &rest);
	}
	return clean.st == ST_OK ? json_string(sbuf_text(&clean)) : NULL;
}

json_t *
json_of_number(uint64_t number)
{
	return json_integer(number > INT64_MAX ? INT64_MAX
					       : (json_int_t)number);
}

json_t *
json_of_instant(int64_t unix_ms)
{
	char text[CLOCK_RFC3339_BYTES];

	if (unix_ms == 0)
		return json_null();
	clock_format_rfc3339(unix_ms, text);
	return json_string(text);
}

json_t *
json_of_case_id(const uint8_t id[CASE_ID_BYTES])
{
	char text[CASE_ID_TEXT_BYTES];

	case_id_format(id, text);
	return json_string(text);
}

json_t *
json_of_hex(struct span bytes)
{
	AUTO(sbuf_done) struct sbuf text;

	sbuf_init(&text, JSON_MAX_TEXT_BYTES);
	format_hex(&text, bytes);
	return text.st == ST_OK ? json_string(sbuf_text(&text)) : NULL;
}

json_t *
json_of_base64url(struct span bytes)
{
	AUTO(sbuf_done) struct sbuf text;

	sbuf_init_secret(&text, JSON_MAX_TEXT_BYTES);
	format_base64url(&text, bytes);
	return text.st == ST_OK ? json_string(sbuf_text(&text)) : NULL;
}

enum status
json_query_number(const struct call *call, const char *name, uint64_t max,
		  uint64_t *number, struct err *err)
{
	const struct span text = span_of(form_get(&call->query, name));

	if (text.len_bytes > 0 && !parse_u64(text, max, number))
		return err_set(err, ST_FORMAT, "%s is no number up to %llu",
			       name, (unsigned long long)max);
	return ST_OK;
}
