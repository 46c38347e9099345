#include "quarantine-ui/http/host.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "lib/base/log.h"
#include "lib/base/parse.h"
#include "quarantine-ui/http/listen.h"

enum { HOST_STATUS = 421 }; /* RFC 9110 section 15.5.20 */

/* Browsers leave out the port that goes without saying. */
static struct span
host_without(struct span host, const char *port)
{
	const size_t port_bytes = strlen(port);
	struct span end;

	if (host.len_bytes > port_bytes &&
	    span_cut(host, host.len_bytes - port_bytes, port_bytes, &end) &&
	    span_equal(end, span_of(port)))
		(void)span_cut(host, 0, host.len_bytes - port_bytes, &host);
	return host;
}

/* Is it an address of this host, or the name of all of them? */
static bool
host_is_loopback(const char *host)
{
	const bool six = host[0] == '[';
	const size_t len = strcspn(host + six, six ? "]" : ":");
	char name[LISTEN_ADDRESS_BYTES];
	struct in6_addr any;

	if (len >= sizeof(name))
		return false;
	memcpy(name, host + six, len);
	name[len] = '\0';
	if (strcasecmp(name, "localhost") == 0)
		return true;
	return inet_pton(six ? AF_INET6 : AF_INET, name, &any) == 1 &&
	       listen_is_loopback(name);
}

bool
host_is_ours(const struct http_request *request, const char *url)
{
	const char *host = request->fields.host;
	const char *mark = strstr(url, "://");
	const char *port = strncmp(url, "http://", 7) == 0 ? ":80" : ":443";
	struct span wanted;

	if (request->by_proxy || mark == NULL ||
	    strcmp(request->path, "/healthz") == 0 ||
	    (request->local && host_is_loopback(host)))
		return true;
	wanted = (struct span){ (const uint8_t *)mark + 3,
				strcspn(mark + 3, "/") };
	return span_equal_nocase(host_without(wanted, port),
				 host_without(span_of(host), port));
}

void
host_refuse(const struct http_request *request, struct http_response *response)
{
	struct log_line line;

	log_begin(&line, LOG_LEVEL_WARNING, "host-refused");
	log_text(&line, "client", request->client_address);
	log_text(&line, "host", request->fields.host);
	log_send(&line);
	http_response_reset(response, HOST_STATUS);
	response->content_type = "text/plain; charset=utf-8";
	response->close = true;
	sbuf_add_text(&response->body,
		      "421: this server has another name; use the address "
		      "as it was given to you\n");
}
