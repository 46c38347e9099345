#include "tests/quarantine-ui/http_site.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "quarantine-ui/http/listen.h"
#include "tests/harness/check.h"

/* Tells what it was asked. */
static void
echo(void *context, size_t worker, const struct http_request *request,
     struct http_response *response)
{
	struct site *site = context;

	(void)worker;
	(void)usleep(site->delay_ms * 1000);
	(void)pthread_mutex_lock(&site->lock);
	site->handled++;
	(void)pthread_mutex_unlock(&site->lock);
	sbuf_addf(&response->body, "%s|%s|%.*s|%.*s|%s|%d%d\n",
		  http_method_name(request->method), request->path,
		  (int)request->query.len_bytes,
		  request->query.len_bytes > 0
			  ? (const char *)request->query.ptr
			  : "",
		  (int)request->body.len_bytes,
		  request->body.len_bytes > 0 ? (const char *)request->body.ptr
					      : "",
		  request->client_address, request->secure, request->local);
	if (strcmp(request->path, "/cookie") == 0)
		http_response_set_cookie(response, false, "a", "1", -1);
}

void
site_start(struct site *site, const char *proxy)
{
	struct http_server_options options = { .listen_fd = FD_NONE,
					       .trusted_proxy = proxy,
					       .threads = 2,
					       .max_connections = 120,
					       .max_of_address = 110,
					       .max_body_bytes = MAX_BODY_BYTES,
					       .header_ms = 300,
					       .body_ms = 300,
					       .handle = echo,
					       .context = site };
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t address_bytes = sizeof(address);
	struct err err = { .st = ST_OK };
	bool loopback = false;

	*site = (struct site){ .server = NULL };
	(void)pthread_mutex_init(&site->lock, NULL);
	check_status(
		ST_OK,
		listen_open("127.0.0.1:0", &options.listen_fd, &loopback, &err),
		&err);
	assert_int_equal(getsockname(options.listen_fd,
				     (struct sockaddr *)&address,
				     &address_bytes),
			 0);
	site->port = ntohs(address.sin_port);
	check_status(ST_OK, http_server_start(&options, &site->server, &err),
		     &err);
}

void
site_stop(struct site *site)
{
	http_server_stop(&site->server, 2000);
	(void)pthread_mutex_destroy(&site->lock);
}

int
dial(const struct site *site)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons(site->port) };
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(fd >= 0);
	assert_int_equal(
		connect(fd, (const struct sockaddr *)&address, sizeof(address)),
		0);
	return fd;
}

/* Read until the other end closes, or nothing comes for 700 ms. */
void
read_answer(int fd, char answer[ANSWER_BYTES])
{
	size_t len = 0;

	for (;;) {
		struct pollfd one = { fd, POLLIN, 0 };
		ssize_t got = 0;

		if (poll(&one, 1, 700) <= 0)
			break;
		got = read(fd, answer + len, ANSWER_BYTES - 1 - len);
		if (got <= 0)
			break;
		len += (size_t)got;
		/* A whole answer with a body line is enough. */
		answer[len] = '\0';
		if (strstr(answer, "\r\n\r\n") != NULL &&
		    answer[len - 1] == '\n' &&
		    strstr(answer, "100 Cont") == NULL)
			break;
	}
	answer[len] = '\0';
}

void
say(int fd, const char *text, size_t len)
{
	assert_true(send(fd, text, len, MSG_NOSIGNAL) == (ssize_t)len);
}

void
ask_bytes(const struct site *site, const char *text, size_t len,
	  char answer[ANSWER_BYTES])
{
	int fd = dial(site);

	say(fd, text, len);
	read_answer(fd, answer);
	fd_close(&fd);
}

void
ask(const struct site *site, const char *text, char answer[ANSWER_BYTES])
{
	ask_bytes(site, text, strlen(text), answer);
}

void
check_answer(const struct site *site, const char *text, const char *want)
{
	char answer[ANSWER_BYTES];

	ask(site, text, answer);
	if (strncmp(answer, want, strlen(want)) != 0)
		fail_msg("to \"%.200s\": got \"%.200s\", want %s", text, answer,
			 want);
}
