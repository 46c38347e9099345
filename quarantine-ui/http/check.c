#include "quarantine-ui/http/check.h"

#include <string.h>
#include <strings.h>

#include "lib/base/parse.h"

/* Fields of which a request has one at most. Two readers of a second one
 * (we, a proxy) could disagree on which counts: request smuggling. */
enum single {
	SINGLE_NONE = 0,
	SINGLE_ACCEPT_LANGUAGE,
	SINGLE_AUTHORIZATION,
	SINGLE_CONTENT_LENGTH,
	SINGLE_CONTENT_TYPE,
	SINGLE_COOKIE,
	SINGLE_HOST,
	SINGLE_IF_RANGE,
	SINGLE_ORIGIN,
	SINGLE_RANGE,
	SINGLE_SEC_FETCH_MODE,
	SINGLE_SEC_FETCH_SITE,
	SINGLE_TRANSFER_ENCODING,
	SINGLE_USER_AGENT,
	SINGLE_X_CLIENT_VERIFY,
	SINGLE_COUNT
};

static const char *const single_names[] = { "",
					    "Accept-Language",
					    "Authorization",
					    "Content-Length",
					    "Content-Type",
					    "Cookie",
					    "Host",
					    "If-Range",
					    "Origin",
					    "Range",
					    "Sec-Fetch-Mode",
					    "Sec-Fetch-Site",
					    "Transfer-Encoding",
					    "User-Agent",
					    "X-Client-Verify" };
_Static_assert(ARRAY_LEN(single_names) == SINGLE_COUNT, "a name for each");

struct scan {
	const char *values[SINGLE_COUNT];
	const char *forwarded;
	bool proxied;
	size_t field_count;
	size_t header_bytes;
	const char *why; /* the first thing that is wrong */
	unsigned status;
};

static void
scan_fail(struct scan *scan, unsigned status, const char *why)
{
	if (scan->status == 0) {
		scan->status = status;
		scan->why = why;
	}
}

static enum single
scan_single(const char *name)
{
	for (size_t i = 1; i < SINGLE_COUNT; i++) {
		if (strcasecmp(single_names[i], name) == 0)
			return (enum single)i;
	}
	return SINGLE_NONE;
}

static bool
scan_is_token(const char *name)
{
	static const char others[] = "!#$%&'*+-.^_`|~";

	for (const char *c = name; *c != '\0'; c++) {
		if ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
		    (*c >= '0' && *c <= '9') || strchr(others, *c) != NULL)
			continue;
		return false;
	}
	return name[0] != '\0';
}

static bool
scan_has_controls(const char *value)
{
	for (const char *c = value; *c != '\0'; c++) {
		if (((unsigned char)*c < 0x20 && *c != '\t') || *c == 0x7f)
			return true;
	}
	return false;
}

static enum MHD_Result
scan_field(void *context, enum MHD_ValueKind kind, const char *name,
	   const char *value)
{
	static const char *const proxies[] = { "X-Forwarded-For", "Forwarded",
					       "Via", "X-Real-IP" };
	struct scan *scan = context;
	const enum single single = scan_single(name);

	(void)kind;
	if (value == NULL)
		value = "";
	scan->field_count++;
	scan->header_bytes += strlen(name) + strlen(value) + 4;
	if (scan->field_count > CHECK_MAX_FIELDS ||
	    scan->header_bytes > CHECK_MAX_HEADER_BYTES)
		scan_fail(scan, 431, "header too large");
	if (!scan_is_token(name) || scan_has_controls(value))
		scan_fail(scan, 400, "malformed header field");
	if (single != SINGLE_NONE) {
		if (scan->values[single] != NULL)
			scan_fail(scan, 400, "header field twice");
		scan->values[single] = value;
	}
	for (size_t i = 0; i < ARRAY_LEN(proxies); i++)
		scan->proxied |= strcasecmp(proxies[i], name) == 0;
	if (strcasecmp(proxies[0], name) == 0)
		scan->forwarded = value; /* the last one counts */
	return MHD_YES;
}

static void
scan_check_body(struct scan *scan, enum http_method method,
		uint64_t max_body_bytes, struct check *check)
{
	const char *length = scan->values[SINGLE_CONTENT_LENGTH];

	/* Forms and JSON come with their length. Chunks are refused as such,
	 * and so is the pair that proxies read in two ways. */
	if (scan->values[SINGLE_TRANSFER_ENCODING] != NULL)
		scan_fail(scan, 400, "Transfer-Encoding is not taken");
	if (length == NULL)
		return;
	if (!parse_u64(span_of(length), UINT64_MAX, &check->body_bytes))
		scan_fail(scan, 400, "malformed Content-Length");
	else if (check->body_bytes > max_body_bytes)
		scan_fail(scan, 413, "body too large");
	else if (check->body_bytes > 0 && method != HTTP_METHOD_POST)
		scan_fail(scan, 400, "a body where none belongs");
	check->has_body = check->body_bytes > 0;
}

static const char *
scan_value(const struct scan *scan, enum single single)
{
	return scan->values[single] != NULL ? scan->values[single] : "";
}

unsigned
check_request(struct MHD_Connection *connection, const char *uri,
	      const char *method, const char *version, uint64_t max_body_bytes,
	      struct check *check_out)
{
	struct scan scan = { .forwarded = "" };
	struct check check = { .forwarded = "" };

	(void)MHD_get_connection_values(connection, MHD_HEADER_KIND, scan_field,
					&scan);
	if (strcmp(version, "HTTP/1.1") != 0 &&
	    strcmp(version, "HTTP/1.0") != 0)
		scan_fail(&scan, 505, "unknown version");
	if (strlen(uri) > CHECK_MAX_URI_BYTES)
		scan_fail(&scan, 414, "address too long");
	if (uri[0] != '/')
		scan_fail(&scan, 400, "address is no path");
	scan_check_body(&scan, http_method_of(method), max_body_bytes, &check);
	check.fields = (struct http_fields){
		.accept_language = scan_value(&scan, SINGLE_ACCEPT_LANGUAGE),
		.authorization = scan_value(&scan, SINGLE_AUTHORIZATION),
		.content_type = scan_value(&scan, SINGLE_CONTENT_TYPE),
		.cookie = scan_value(&scan, SINGLE_COOKIE),
		.host = scan_value(&scan, SINGLE_HOST),
		.if_range = scan_value(&scan, SINGLE_IF_RANGE),
		.origin = scan_value(&scan, SINGLE_ORIGIN),
		.range = scan_value(&scan, SINGLE_RANGE),
		.sec_fetch_mode = scan_value(&scan, SINGLE_SEC_FETCH_MODE),
		.sec_fetch_site = scan_value(&scan, SINGLE_SEC_FETCH_SITE),
		.user_agent = scan_value(&scan, SINGLE_USER_AGENT),
	};
	check.forwarded = scan.forwarded;
	check.client_verify = scan_value(&scan, SINGLE_X_CLIENT_VERIFY);
	check.proxied = scan.proxied;
	check.why = scan.why;
	*check_out = check;
	return scan.status;
}
