#include "cli/setup_host.h"

#include <grp.h>
#include <netdb.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/postconf.h"
#include "lib/base/parse.h"

enum { HOST_MAX_VALUE_BYTES = 64 * 1024 };

static bool
is_whole_name(const char *name)
{
	const char *dot = strchr(name, '.');

	return dot != NULL && dot != name && dot[1] != '\0' &&
	       strcmp(dot + 1, "localdomain") != 0;
}

static void
take(char place[SETUP_HOST_BYTES], const char *text)
{
	(void)snprintf(place, SETUP_HOST_BYTES, "%s", text);
}

/* The system's own name, and the whole one that the resolver knows. */
static void
look_at_name(struct setup_host *host)
{
	const struct addrinfo want = { .ai_flags = AI_CANONNAME,
				       .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	char name[SETUP_HOST_BYTES] = "";

	if (gethostname(name, sizeof(name) - 1) != 0)
		return;
	if (!is_whole_name(name) &&
	    getaddrinfo(name, NULL, &want, &found) == 0) {
		if (found->ai_canonname != NULL &&
		    is_whole_name(found->ai_canonname))
			take(name, found->ai_canonname);
		freeaddrinfo(found);
	}
	take(host->host_name, name);
}

/* "127.0.0.1:10025", "[::1]:25", "smtp", "25" as address:port. */
static void
look_at_listener(const struct postconf_service *service,
		 struct setup_host *host)
{
	const struct servent *known = NULL;
	char name[SETUP_HOST_BYTES];

	if (service->name.len_bytes >= sizeof(name))
		return;
	memcpy(name, service->name.ptr, service->name.len_bytes);
	name[service->name.len_bytes] = '\0';
	if (strchr(name, ':') != NULL) {
		take(host->next_hop, name);
		return;
	}
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread */
	known = getservbyname(name, "tcp");
	if (known != NULL)
		(void)snprintf(host->next_hop, sizeof(host->next_hop),
			       "127.0.0.1:%u", ntohs((uint16_t)known->s_port));
	else if (name[strspn(name, "0123456789")] == '\0')
		(void)snprintf(host->next_hop, sizeof(host->next_hop),
			       "127.0.0.1:%.200s", name);
}

static void
look_at_postfix(const char *postfix_dir, struct setup_host *host)
{
	AUTO(sbuf_done) struct sbuf value;
	struct postconf postconf = { .dir = NULL };
	struct postconf_service service = { .chrooted = false };
	struct err err = { 0 };
	size_t at = 0;

	sbuf_init(&value, HOST_MAX_VALUE_BYTES);
	if (postconf_read(&postconf, postfix_dir, &err) != ST_OK)
		return;
	if (postconf_get(&postconf, "myhostname", &value) &&
	    is_whole_name(sbuf_text(&value)))
		take(host->host_name, sbuf_text(&value));
	if (postconf_get(&postconf, "mydomain", &value) &&
	    is_whole_name(sbuf_text(&value)))
		take(host->domain, sbuf_text(&value));
	if (postconf_get(&postconf, "queue_directory", &value))
		(void)snprintf(host->queue_dir, sizeof(host->queue_dir), "%s",
			       sbuf_text(&value));
	while (host->next_hop[0] == '\0' &&
	       postconf_service_next(&postconf, &at, &service))
		if (span_equal(service.command, span_of("smtpd")) &&
		    span_equal(service.type, span_of("inet")))
			look_at_listener(&service, host);
	postconf_done(&postconf);
}

/* Who called sudo or su. */
static void
look_at_person(struct setup_host *host)
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread */
	const char *name = getenv("SUDO_USER");
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread */
	const struct passwd *person = getpwuid(geteuid());

	if (person != NULL && person->pw_uid != 0)
		name = person->pw_name;
	if (name != NULL && strcmp(name, "root") != 0)
		take(host->admin, name);
}

void
setup_host_look(const char *postfix_dir, struct setup_host *host_out)
{
	*host_out = (struct setup_host){ .host_name = "" };
	look_at_name(host_out);
	look_at_postfix(postfix_dir, host_out);
	if (host_out->domain[0] == '\0' && is_whole_name(host_out->host_name) &&
	    is_whole_name(strchr(host_out->host_name, '.') + 1))
		take(host_out->domain, strchr(host_out->host_name, '.') + 1);
	look_at_person(host_out);
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread */
	host_out->has_postfix_group = getgrnam("postfix") != NULL;
}
