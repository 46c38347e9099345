/*
 * message.h - a request as pages see it, and the answer they make.
 *
 * Layer:    quarantine-ui/http; includes only lib/
 * Threads:  a request and its answer belong to one thread at a time
 */
#ifndef QUARANTINE_UI_HTTP_MESSAGE_H
#define QUARANTINE_UI_HTTP_MESSAGE_H

#include "quarantine-ui/http/file.h"

enum http_method {
	HTTP_METHOD_NONE = 0, /* one that no page knows */
	HTTP_METHOD_GET,
	HTTP_METHOD_HEAD,
	HTTP_METHOD_POST,
	HTTP_METHOD_DELETE,
	HTTP_METHOD_END
};
enum http_method http_method_of(const char *name);
const char *http_method_name(enum http_method method);

/* Fields that pages look at; "" when absent. */
struct http_fields {
	const char *accept_language;
	const char *authorization;
	const char *content_type;
	const char *cookie;
	const char *host;
	const char *if_range;
	const char *origin;
	const char *range;
	const char *sec_fetch_mode;
	const char *sec_fetch_site;
	const char *user_agent;
};

struct http_request {
	enum http_method method;
	const char *path;  /* as sent, without the query */
	struct span query; /* as sent, behind '?' */
	struct http_fields fields;
	struct span body;
	const char *client_address; /* of the browser; behind the proxy, what
				     * the proxy says */
	bool by_proxy;              /* the trusted one brought it */
	bool secure;                /* came by TLS, ours or the proxy's */
	bool local;                 /* from this host, and through no proxy */
	bool certificate;           /* with a client certificate that holds */
};

enum {
	HTTP_MAX_COOKIES = 3,
	HTTP_MAX_BODY_BYTES = 16 * 1024 * 1024,
	HTTP_MAX_LOCATION_BYTES = 2000
};

struct http_response {
	unsigned status;
	const char *content_type; /* constant text */
	struct sbuf body;
	struct sbuf location;                  /* "" none */
	struct sbuf cookies[HTTP_MAX_COOKIES]; /* Set-Cookie values */
	size_t cookie_count;
	const char *allow;      /* 405: constant text, or NULL */
	unsigned retry_after_s; /* 0: none */
	unsigned leave_after_s; /* then the browser goes to location; 0: not */
	bool may_cache;         /* only what is the same for all people */
	bool secret;            /* body is wiped once it was sent */
	bool close;
	/* Instead of body: a stream of revisions, of this person. */
	bool stream;
	/* This person's streams end; those still signed in come again. */
	bool end_streams;
	uint64_t stream_owner;
	struct http_file file;
};

void http_response_init(struct http_response *response);
void http_response_done(struct http_response *response);

/* Drop what was made so far and answer status with an empty body. */
void http_response_reset(struct http_response *response, unsigned status);

/* This page is shown for so long only; then its browser goes to path. */
void http_response_leave(struct http_response *response, unsigned after_s,
			 const char *path);

/* What comes into the body is wiped, here and once it was sent. */
void http_response_set_secret(struct http_response *response);

/* The answer stays open and tells revisions (server.h). */
void http_response_stream(struct http_response *response, uint64_t owner);
/* A session of this person has ended, or what it may do has changed. */
void http_response_end_streams(struct http_response *response, uint64_t owner);

/*
 * Answer with the file that source gives: all of it, or the range that the
 * request asks for; 416 when there is no such. source is the response's from
 * then on. etag: strong, with its quotes; disposition: of its field.
 */
void http_response_send(struct http_response *response,
			const struct http_request *request,
			const struct http_source *source, const char *etag,
			const char *disposition);

/* 303 to path, which is ours. */
void http_response_redirect(struct http_response *response, const char *path);

/*
 * Set a cookie: __Host-name with Secure when secure, else plain name (only
 * on loopback); always HttpOnly, SameSite=Strict, Path=/. max_age_s: 0
 * removes it, a negative one ends with the browser.
 */
void http_response_set_cookie(struct http_response *response, bool secure,
			      const char *name, const char *value,
			      int64_t max_age_s);

/*
 * The cookie of that name (with __Host- when secure), "" when it is absent
 * or, because somebody may have planted one, there are two.
 */
void http_request_cookie(const struct http_request *request, const char *name,
			 struct sbuf *value);

/*
 * The next cookie whose name begins with prefix; rest: the field cookie at
 * first. Browsers send the oldest first. name_out: as in http_request_cookie().
 * False: no more.
 */
bool
http_request_next_cookie(const struct http_request *request, const char *prefix,
			 struct span *rest, struct span *name_out);

/*
 * Is a state-changing request from one of our own pages? By Sec-Fetch-Site
 * where the browser sends it, else by Origin against Host; when it sends
 * neither, the form token alone decides.
 */
bool http_request_is_same_origin(const struct http_request *request);

/* Is its body a form (application/x-www-form-urlencoded)? */
bool http_request_is_form(const struct http_request *request);

/* The status that a handler's failure is told by, of desk and portal. */
unsigned http_status_of(enum status st);

#endif
