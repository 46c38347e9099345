#include "courier/smtp/tls.h"

#include <arpa/inet.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "courier/smtp/wait.h"

enum { TLS_HOST_BYTES = 256 };

struct tls {
	SSL_CTX *context;
	SSL *ssl;
	int fd; /* the caller's */
};

/* The first error that OpenSSL has queued, and none is left behind. */
static enum status
tls_err(struct err *err, enum status st, const char *what)
{
	const unsigned long code = ERR_peek_error();
	const char *reason = code != 0 ? ERR_reason_error_string(code) : NULL;

	ERR_clear_error();
	return err_set(err, st, "tls: %s: %s", what,
		       reason != NULL ? reason : "connection lost");
}

void
tls_free(struct tls **tls)
{
	if (*tls == NULL)
		return;
	if ((*tls)->ssl != NULL && SSL_is_init_finished((*tls)->ssl))
		(void)SSL_shutdown((*tls)->ssl);
	SSL_free((*tls)->ssl);
	SSL_CTX_free((*tls)->context);
	free(*tls);
	*tls = NULL;
	ERR_clear_error();
}

static bool
tls_load_ca(SSL_CTX *context, const char *ca)
{
	struct stat info;

	if (ca[0] == '\0')
		return SSL_CTX_set_default_verify_paths(context) == 1;
	if (stat(ca, &info) == 0 && S_ISDIR(info.st_mode))
		return SSL_CTX_load_verify_dir(context, ca) == 1;
	return SSL_CTX_load_verify_file(context, ca) == 1;
}

static bool
tls_is_address(const char *host)
{
	struct in6_addr room;

	return inet_pton(AF_INET, host, &room) == 1 ||
	       inet_pton(AF_INET6, host, &room) == 1;
}

/* Who must answer, and by which name we ask for it. */
static bool
tls_set_host(SSL *ssl, const struct tls_target *target)
{
	const bool check = target->check == TLS_CHECK_PEER;
	const char *host = target->host;
	/* OpenSSL takes it without const and copies it. */
	char name[TLS_HOST_BYTES];

	if (tls_is_address(host))
		return !check || X509_VERIFY_PARAM_set1_ip_asc(
					 SSL_get0_param(ssl), host) == 1;
	if (check && SSL_set1_host(ssl, host) != 1)
		return false;
	(void)snprintf(name, sizeof(name), "%s", host);
	return SSL_set_tlsext_host_name(ssl, name) == 1;
}

static enum status
tls_prepare(struct tls *tls, const struct tls_target *target, struct err *err)
{
	tls->context = SSL_CTX_new(TLS_client_method());
	if (tls->context == NULL ||
	    SSL_CTX_set_min_proto_version(tls->context, TLS1_2_VERSION) != 1)
		return tls_err(err, ST_NO_MEMORY, "cannot prepare");
	if (target->check == TLS_CHECK_PEER) {
		SSL_CTX_set_verify(tls->context, SSL_VERIFY_PEER, NULL);
		if (!tls_load_ca(tls->context, target->ca))
			return tls_err(err, ST_DENIED,
				       "cannot load the certificates that "
				       "verify the next hop");
	}
	/* A retried write may come from another place of the same bytes. */
	(void)SSL_CTX_set_mode(tls->context,
			       SSL_MODE_ENABLE_PARTIAL_WRITE |
				       SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	tls->ssl = SSL_new(tls->context);
	if (tls->ssl == NULL || SSL_set_fd(tls->ssl, tls->fd) != 1 ||
	    !tls_set_host(tls->ssl, target))
		return tls_err(err, ST_NO_MEMORY, "cannot prepare");
	return ST_OK;
}

/*
 * After a call that returned result: wait for what it wants.
 * ST_OK: call again; ST_END: the peer closed.
 */
static enum status
tls_wait(struct tls *tls, int result, const char *what,
	 int64_t deadline_mono_ms, struct err *err)
{
	switch (SSL_get_error(tls->ssl, result)) {
	case SSL_ERROR_WANT_READ:
		return wait_for_socket(tls->fd, POLLIN, deadline_mono_ms, err);
	case SSL_ERROR_WANT_WRITE:
		return wait_for_socket(tls->fd, POLLOUT, deadline_mono_ms, err);
	case SSL_ERROR_ZERO_RETURN:
		ERR_clear_error();
		return ST_END;
	default:
		return tls_err(err, ST_IO, what);
	}
}

static enum status
tls_handshake(struct tls *tls, int64_t deadline_mono_ms, struct err *err)
{
	for (;;) {
		enum status st = ST_OK;
		long verified = X509_V_OK;

		ERR_clear_error();
		const int result = SSL_connect(tls->ssl);
		if (result == 1)
			return ST_OK;
		verified = SSL_get_verify_result(tls->ssl);
		if (verified != X509_V_OK) {
			ERR_clear_error();
			return err_set(err, ST_DENIED, "tls: certificate: %s",
				       X509_verify_cert_error_string(verified));
		}
		st = tls_wait(tls, result, "handshake", deadline_mono_ms, err);
		if (st == ST_END)
			return err_set(err, ST_DENIED,
				       "tls: handshake: closed");
		if (st != ST_OK)
			return st == ST_IO ? ST_DENIED : st;
	}
}

enum status
tls_start(int fd, const struct tls_target *target, int64_t deadline_mono_ms,
	  struct tls **tls_out, struct err *err)
{
	AUTO(tls_free) struct tls *tls = calloc(1, sizeof(*tls));
	enum status st = ST_OK;

	if (tls == NULL)
		return err_set(err, ST_NO_MEMORY, "tls: no memory");
	tls->fd = fd;
	st = tls_prepare(tls, target, err);
	if (st == ST_OK)
		st = tls_handshake(tls, deadline_mono_ms, err);
	if (st != ST_OK)
		return st;
	*tls_out = MOVE(tls);
	return ST_OK;
}

enum status
tls_read(struct tls *tls, void *place, size_t room_bytes, size_t *got_bytes_out,
	 int64_t deadline_mono_ms, struct err *err)
{
	for (;;) {
		size_t got_bytes = 0;
		enum status st = ST_OK;

		ERR_clear_error();
		if (SSL_read_ex(tls->ssl, place, room_bytes, &got_bytes) == 1) {
			*got_bytes_out = got_bytes;
			return ST_OK;
		}
		st = tls_wait(tls, 0, "read", deadline_mono_ms, err);
		if (st != ST_OK)
			return st;
	}
}

enum status
tls_write(struct tls *tls, struct span bytes, size_t *written_bytes_out,
	  int64_t deadline_mono_ms, struct err *err)
{
	for (;;) {
		size_t written = 0;
		enum status st = ST_OK;

		ERR_clear_error();
		if (SSL_write_ex(tls->ssl, bytes.ptr, bytes.len_bytes,
				 &written) == 1) {
			*written_bytes_out = written;
			return ST_OK;
		}
		st = tls_wait(tls, 0, "write", deadline_mono_ms, err);
		if (st == ST_END)
			return err_set(err, ST_IO, "tls: write: closed");
		if (st != ST_OK)
			return st;
	}
}

const char *
tls_version(const struct tls *tls)
{
	return SSL_get_version(tls->ssl);
}

int64_t
tls_peer_until(const struct tls *tls)
{
	const X509 *peer = SSL_get0_peer_certificate(tls->ssl);
	struct tm until = { .tm_year = 0 };

	if (peer == NULL ||
	    ASN1_TIME_to_tm(X509_get0_notAfter(peer), &until) != 1)
		return 0;
	return (int64_t)timegm(&until) * 1000;
}
