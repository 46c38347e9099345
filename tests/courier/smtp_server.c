#include "tests/courier/smtp_server.h"

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "tests/harness/check.h"

enum { SERVER_MAILS = 8, SERVER_WAIT_S = 10 };

struct smtp_server {
	const struct smtp_step *script;
	pthread_t thread;
	bool joined;
	int listen_fd;
	int fd;
	SSL *ssl;
	SSL_CTX *context;
	char address[32];
	char certificate[32];
	struct sbuf commands;
	struct sbuf mails[SERVER_MAILS];
	size_t mail_count;
	char failure[300];
};

static void
server_close(struct smtp_server *server)
{
	SSL_free(server->ssl);
	server->ssl = NULL;
	fd_close(&server->fd);
}

static void
server_say(struct smtp_server *server, const char *text)
{
	AUTO(sbuf_done) struct sbuf line;

	sbuf_init(&line, 1 << 20);
	if (text == NULL)
		return;
	sbuf_addf(&line, "%s\r\n", text);
	if (server->ssl != NULL)
		(void)SSL_write(server->ssl, line.bytes, (int)line.len_bytes);
	else if (send(server->fd, line.bytes, line.len_bytes, MSG_NOSIGNAL) < 0)
		return;
}

/* One byte; false at the end of the connection. */
static bool
server_byte(struct smtp_server *server, uint8_t *byte)
{
	if (server->ssl != NULL)
		return SSL_read(server->ssl, byte, 1) == 1;
	return recv(server->fd, byte, 1, 0) == 1;
}

static bool
server_line(struct smtp_server *server, struct sbuf *line)
{
	uint8_t byte = 0;

	sbuf_clear(line);
	while (server_byte(server, &byte)) {
		sbuf_add_byte(line, byte);
		if (byte == '\n')
			return true;
	}
	return false;
}

static void
server_connect(struct smtp_server *server)
{
	static const struct timeval wait = { .tv_sec = SERVER_WAIT_S };

	server_close(server);
	server->fd = accept(server->listen_fd, NULL, NULL);
	if (server->fd >= 0)
		(void)setsockopt(server->fd, SOL_SOCKET, SO_RCVTIMEO, &wait,
				 sizeof(wait));
}

static bool
server_mail(struct smtp_server *server)
{
	AUTO(sbuf_done) struct sbuf line;
	struct sbuf *mail = &server->mails[server->mail_count++];
	bool starts = true;

	sbuf_init(&line, 1 << 20);
	while (server_line(server, &line)) {
		if (starts && strcmp(sbuf_text(&line), ".\r\n") == 0)
			return true;
		sbuf_add_span(mail, sbuf_span(&line));
		starts = line.len_bytes > 1 &&
			 line.bytes[line.len_bytes - 2] == '\r';
	}
	return false;
}

static void
server_tls(struct smtp_server *server)
{
	server->ssl = SSL_new(server->context);
	if (server->ssl == NULL || SSL_set_fd(server->ssl, server->fd) != 1 ||
	    SSL_accept(server->ssl) != 1) {
		server_close(server);
	}
}

static bool
server_step(struct smtp_server *server, const struct smtp_step *step)
{
	AUTO(sbuf_done) struct sbuf line;

	sbuf_init(&line, 1 << 20);
	if (strcmp(step->want, SMTP_CONNECT) == 0) {
		server_connect(server);
	} else if (strcmp(step->want, SMTP_CLOSE) == 0) {
		server_close(server);
	} else if (strcmp(step->want, SMTP_TLS) == 0) {
		server_tls(server);
	} else if (strcmp(step->want, SMTP_MAIL) == 0) {
		if (!server_mail(server))
			return false;
	} else {
		if (!server_line(server, &line))
			return false;
		sbuf_add_span(&server->commands, sbuf_span(&line));
		if (strncmp(sbuf_text(&line), step->want, strlen(step->want)) !=
		    0) {
			server_say(server, "599 script");
			return false;
		}
	}
	server_say(server, step->say);
	return true;
}

static void *
server_run(void *argument)
{
	struct smtp_server *server = argument;

	for (const struct smtp_step *step = server->script; step->want != NULL;
	     step++) {
		if (!server_step(server, step)) {
			(void)snprintf(server->failure, sizeof(server->failure),
				       "step %zu wants %.100s",
				       (size_t)(step - server->script),
				       step->want);
			break;
		}
	}
	server_close(server);
	return NULL;
}

/* A key and a certificate that signs itself, for 127.0.0.1. */
static void
server_make_certificate(struct smtp_server *server)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *certificate = X509_new();
	X509_EXTENSION *names = X509V3_EXT_conf_nid(
		NULL, NULL, NID_subject_alt_name, "IP:127.0.0.1");
	X509_NAME *subject = NULL;
	FILE *file = NULL;

	assert_non_null(key);
	assert_non_null(certificate);
	assert_non_null(names);
	subject = X509_get_subject_name(certificate);
	assert_int_equal(X509_NAME_add_entry_by_txt(
				 subject, "CN", MBSTRING_ASC,
				 (const unsigned char *)"test", -1, -1, 0),
			 1);
	assert_int_equal(X509_set_issuer_name(certificate, subject), 1);
	assert_non_null(X509_gmtime_adj(X509_getm_notBefore(certificate), -60));
	assert_non_null(X509_gmtime_adj(X509_getm_notAfter(certificate), 3600));
	assert_int_equal(X509_set_version(certificate, X509_VERSION_3), 1);
	assert_int_equal(X509_set_pubkey(certificate, key), 1);
	assert_int_equal(X509_add_ext(certificate, names, -1), 1);
	assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
	server->context = SSL_CTX_new(TLS_server_method());
	assert_non_null(server->context);
	assert_int_equal(SSL_CTX_use_certificate(server->context, certificate),
			 1);
	assert_int_equal(SSL_CTX_use_PrivateKey(server->context, key), 1);
	(void)snprintf(server->certificate, sizeof(server->certificate),
		       "/tmp/smtp_server.XXXXXX");
	file = fdopen(mkstemp(server->certificate), "w");
	assert_non_null(file);
	assert_int_equal(PEM_write_X509(file, certificate), 1);
	assert_int_equal(fclose(file), 0);
	X509_EXTENSION_free(names);
	X509_free(certificate);
	EVP_PKEY_free(key);
}

struct smtp_server *
smtp_server_start(const struct smtp_step *script)
{
	struct smtp_server *server = calloc(1, sizeof(*server));
	struct sockaddr_in name = { .sin_family = AF_INET };
	socklen_t name_bytes = sizeof(name);
	static const struct timeval wait = { .tv_sec = SERVER_WAIT_S };

	assert_non_null(server);
	server->script = script;
	server->fd = FD_NONE;
	sbuf_init(&server->commands, 1 << 20);
	for (size_t i = 0; i < SERVER_MAILS; i++)
		sbuf_init(&server->mails[i], 1 << 24);
	for (const struct smtp_step *step = script; step->want != NULL;
	     step++) {
		if (strcmp(step->want, SMTP_TLS) == 0 &&
		    server->context == NULL)
			server_make_certificate(server);
	}
	name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	server->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(server->listen_fd >= 0);
	(void)setsockopt(server->listen_fd, SOL_SOCKET, SO_RCVTIMEO, &wait,
			 sizeof(wait));
	assert_int_equal(
		bind(server->listen_fd, (struct sockaddr *)&name, sizeof(name)),
		0);
	assert_int_equal(listen(server->listen_fd, 8), 0);
	assert_int_equal(getsockname(server->listen_fd,
				     (struct sockaddr *)&name, &name_bytes),
			 0);
	(void)snprintf(server->address, sizeof(server->address), "127.0.0.1:%d",
		       ntohs(name.sin_port));
	assert_int_equal(
		pthread_create(&server->thread, NULL, server_run, server), 0);
	return server;
}

const char *
smtp_server_address(const struct smtp_server *server)
{
	return server->address;
}

const char *
smtp_server_certificate(const struct smtp_server *server)
{
	return server->certificate;
}

static void
server_join(struct smtp_server *server)
{
	if (!server->joined)
		assert_int_equal(pthread_join(server->thread, NULL), 0);
	server->joined = true;
}

void
smtp_server_stop(struct smtp_server *server)
{
	server_join(server);
	if (server->failure[0] != '\0')
		fail_msg("%s; commands:\n%s", server->failure,
			 sbuf_text(&server->commands));
}

const char *
smtp_server_commands(const struct smtp_server *server)
{
	return sbuf_text(&server->commands);
}

struct span
smtp_server_mail(const struct smtp_server *server, size_t i)
{
	return sbuf_span(&server->mails[i]);
}

void
smtp_server_free(struct smtp_server **server)
{
	if (*server == NULL)
		return;
	server_join(*server);
	fd_close(&(*server)->listen_fd);
	SSL_CTX_free((*server)->context);
	if ((*server)->certificate[0] != '\0')
		(void)unlink((*server)->certificate);
	sbuf_done(&(*server)->commands);
	for (size_t i = 0; i < SERVER_MAILS; i++)
		sbuf_done(&(*server)->mails[i]);
	free(*server);
	*server = NULL;
}
