/* doctor: does the portal answer as recipients will ask it? */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/desk_url.h"
#include "cli/doctor.h"
#include "cli/doctor_connect.h"
#include "courier/smtp/tls.h"
#include "lib/base/clock.h"
#include "lib/base/fd.h"
#include "lib/base/parse.h"

enum {
	PORTAL_WAIT_MS = 10000,
	PORTAL_MAX_PAGE_BYTES = 128 * 1024,
	PORTAL_PORT_BYTES = 8,
	PORTAL_READ_BYTES = 4096
};
#define PORTAL_SOON_MS (INT64_C(14) * 86400 * 1000)

/* A link that nobody has: the page is the same for each. */
#define PORTAL_PATH "/l/00000000000000000000000000"
/* Stands in that page, and in no other program's. */
#define PORTAL_MARK "/static/portal.css"

struct asked {
	struct doctor *doctor;
	bool secure;
	char host[DESK_URL_HOST_BYTES];
	char port[PORTAL_PORT_BYTES];
	int64_t deadline_mono_ms;
	int fd;
	struct tls *tls; /* NULL: plain HTTP */
	struct sbuf page;
};

static void
asked_done(struct asked *asked)
{
	tls_free(&asked->tls);
	fd_close(&asked->fd);
	sbuf_done(&asked->page);
}

/* Host and port of portal.url; "host:port" behind "://". */
static void
asked_init(struct asked *asked, struct doctor *doctor)
{
	const char *url = doctor->config->portal.url;
	const char *colon = strrchr(url, ':');

	*asked = (struct asked){
		.doctor = doctor,
		.secure = strncmp(url, "https:", strlen("https:")) == 0,
		.deadline_mono_ms = clock_mono_ms() + PORTAL_WAIT_MS,
		.fd = FD_NONE,
	};
	sbuf_init(&asked->page, PORTAL_MAX_PAGE_BYTES);
	(void)desk_url_host(url, asked->host);
	if (colon != NULL && colon[1] != '\0' &&
	    colon[1 + strspn(colon + 1, "0123456789")] == '\0')
		(void)snprintf(asked->port, sizeof(asked->port), "%.6s",
			       colon + 1);
	else
		(void)snprintf(asked->port, sizeof(asked->port), "%s",
			       asked->secure ? "443" : "80");
}

/* --- one request -------------------------------------------------------- */

static enum status
asked_write(struct asked *asked, struct span bytes, struct err *err)
{
	enum status st = ST_OK;

	if (asked->tls == NULL)
		return fd_write_all(asked->fd, bytes, err);
	while (st == ST_OK && bytes.len_bytes > 0) {
		size_t written = 0;

		st = tls_write(asked->tls, bytes, &written,
			       asked->deadline_mono_ms, err);
		(void)span_cut(bytes, written, bytes.len_bytes - written,
			       &bytes);
	}
	return st;
}

static enum status
asked_read_plain(struct asked *asked, char *room, size_t room_bytes,
		 size_t *got, struct err *err)
{
	struct pollfd entry = { .fd = asked->fd, .events = POLLIN };
	ssize_t n = 0;

	if (poll(&entry, 1, (int)clock_left_ms(asked->deadline_mono_ms)) != 1)
		return err_set(err, ST_LIMIT, "no answer in time");
	n = read(asked->fd, room, room_bytes);
	*got = n > 0 ? (size_t)n : 0;
	return n > 0 ? ST_OK : ST_END;
}

/* What there is to the end, or as much as is looked at. */
static enum status
asked_read(struct asked *asked, struct err *err)
{
	enum status st = ST_OK;

	while (st == ST_OK && asked->page.st == ST_OK) {
		char room[PORTAL_READ_BYTES];
		size_t got = 0;

		st = asked->tls != NULL
			     ? tls_read(asked->tls, room, sizeof(room), &got,
					asked->deadline_mono_ms, err)
			     : asked_read_plain(asked, room, sizeof(room), &got,
						err);
		if (st == ST_OK)
			sbuf_add(&asked->page, room, got);
	}
	/* Not every server says good-bye. */
	return asked->page.len_bytes > 0 ? ST_OK : st;
}

/* As the browser of a recipient opens a link. */
static enum status
asked_fetch(struct asked *asked, struct err *err)
{
	char request[DESK_URL_HOST_BYTES + 200];
	const bool usual =
		strcmp(asked->port, asked->secure ? "443" : "80") == 0;
	enum status st = ST_OK;

	(void)snprintf(request, sizeof(request),
		       "GET " PORTAL_PATH " HTTP/1.1\r\nHost: %s%s%s\r\n"
		       "User-Agent: sekimori doctor\r\nAccept: text/html\r\n"
		       "Connection: close\r\n\r\n",
		       asked->host, usual ? "" : ":", usual ? "" : asked->port);
	st = asked_write(asked, span_of(request), err);
	return st == ST_OK ? asked_read(asked, err) : st;
}

/* --- what came of it ---------------------------------------------------- */

static void
say_page(struct asked *asked)
{
	const char *text = sbuf_text(&asked->page);

	if (strncmp(text, "HTTP/1.1 200", strlen("HTTP/1.1 200")) == 0 &&
	    strstr(text, PORTAL_MARK) != NULL)
		doctor_fine(asked->doctor, DOCTOR_PORTAL_PAGE, "%s",
			    asked->doctor->config->portal.url);
	else
		doctor_found(asked->doctor, DOCTOR_PORTAL_PAGE, "%s: %.*s",
			     asked->doctor->config->portal.url,
			     (int)strcspn(text, "\r\n"), text);
}

/* A certificate that our own file check does not see: the proxy's. */
static void
say_end(struct asked *asked)
{
	const int64_t until_unix_ms = tls_peer_until(asked->tls);
	char until[CLOCK_RFC3339_BYTES];

	if (asked->doctor->config->portal.certificate[0] != '\0')
		return;
	clock_format_rfc3339(until_unix_ms, until);
	if (until_unix_ms - clock_unix_ms() < PORTAL_SOON_MS)
		doctor_found(asked->doctor, DOCTOR_CERTIFICATE_SOON, "%s: %s",
			     asked->doctor->config->portal.url, until);
	else
		doctor_fine(asked->doctor, DOCTOR_CERTIFICATE_SOON, "%s",
			    until);
}

/* A certificate that is not trusted is said; the page is looked at all the
 * same. ST_END: try again without trust. */
static enum status
asked_begin_tls(struct asked *asked, bool trust, struct err *err)
{
	const struct tls_target target = {
		.check = trust ? TLS_CHECK_PEER : TLS_CHECK_NONE,
		.host = asked->host,
		.ca = "",
	};
	const enum status st = tls_start(
		asked->fd, &target, asked->deadline_mono_ms, &asked->tls, err);

	if (st == ST_DENIED && trust) {
		doctor_found(asked->doctor, DOCTOR_PORTAL_TRUST, "%s: %s",
			     asked->doctor->config->portal.url, err->text);
		return ST_END;
	}
	if (st == ST_OK && trust) {
		doctor_fine(asked->doctor, DOCTOR_PORTAL_TRUST, "%s",
			    asked->host);
		say_end(asked);
	}
	return st;
}

/* ST_NOT_FOUND: nobody answers there. */
static enum status
asked_try(struct asked *asked, const char *host, const char *port, bool trust,
	  struct err *err)
{
	struct err why = { 0 };
	enum status st = doctor_connect(host, port, asked->deadline_mono_ms,
					&asked->fd, &why);

	if (st != ST_OK)
		return err_set(err, ST_NOT_FOUND, "%s", why.text);
	if (asked->secure)
		st = asked_begin_tls(asked, trust, err);
	return st == ST_OK ? asked_fetch(asked, err) : st;
}

/* It may be that only the outside sees that address: does anybody answer
 * here? */
static bool
listens_here(const struct asked *asked)
{
	const char *listen = asked->doctor->config->portal.listen;
	const char *colon = strrchr(listen, ':');
	char host[DESK_URL_HOST_BYTES];
	AUTO(fd_close) int fd = FD_NONE;
	struct err err = { 0 };
	size_t len_bytes = (size_t)(colon - listen);

	if (len_bytes == 0 || len_bytes >= sizeof(host))
		return false;
	memcpy(host, listen, len_bytes);
	host[len_bytes] = '\0';
	if (host[0] == '[') {
		host[len_bytes - 1] = '\0';
		memmove(host, host + 1, strlen(host));
	}
	return doctor_connect(host, colon + 1, asked->deadline_mono_ms, &fd,
			      &err) == ST_OK;
}

static void
say_silence(struct asked *asked, const struct err *why)
{
	const struct config_portal *portal = &asked->doctor->config->portal;

	if (why->st == ST_NOT_FOUND && listens_here(asked))
		doctor_found(asked->doctor, DOCTOR_PORTAL_ELSEWHERE,
			     "%s; portal.listen = %s", why->text,
			     portal->listen);
	else
		doctor_found(asked->doctor, DOCTOR_PORTAL, "%s: %s",
			     portal->url, why->text);
}

void
doctor_look_at_portal(struct doctor *doctor)
{
	struct err err = { 0 };
	struct asked asked;
	enum status st = ST_END;

	if (doctor->config->portal.listen[0] == '\0')
		return;
	asked_init(&asked, doctor);
	for (int trust = 1; st == ST_END && trust >= 0; trust--) {
		fd_close(&asked.fd);
		st = asked_try(&asked, asked.host, asked.port, trust == 1,
			       &err);
	}
	if (st == ST_OK) {
		doctor_fine(doctor, DOCTOR_PORTAL, "%s:%s", asked.host,
			    asked.port);
		say_page(&asked);
	} else {
		say_silence(&asked, &err);
	}
	asked_done(&asked);
}
