#include "lib/config/config_check.h"

#include <string.h>

#include "lib/base/parse.h"

static bool
check_starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* A domain as it stands behind an @; "*." in front stands for all below. */
static bool
check_is_domain(struct span text)
{
	if (text.len_bytes == 0 || text.len_bytes > 255)
		return false;
	for (size_t i = 0; i < text.len_bytes; i++) {
		const uint8_t c = text.ptr[i];

		if (c <= ' ' || c == '@' || c == '/' || c == ',' || c == '=' ||
		    c == 0x7f)
			return false;
	}
	return true;
}

static bool
check_is_address(const char *text)
{
	const char *at = strrchr(text, '@');

	if (at == NULL || at == text || !check_is_domain(span_of(at + 1)))
		return false;
	return strpbrk(text, " \t<>,;\"") == NULL;
}

/* "127.0.0.1:25", "[::1]:25", "mail.example.co.jp:25" */
static bool
check_is_endpoint(const char *text)
{
	const char *colon = strrchr(text, ':');
	uint64_t port = 0;

	if (colon == NULL || colon == text ||
	    !parse_u64(span_of(colon + 1), UINT16_MAX, &port))
		return false;
	if (text[0] == '[')
		return colon[-1] == ']';
	return memchr(text, ':', (size_t)(colon - text)) == NULL;
}

static enum status
check_general(const struct config *config, const struct config_lines *lines,
	      struct err *err)
{
	const struct config_general *general = &config->general;

	for (size_t i = 0; i < general->local_domains.count; i++) {
		if (!check_is_domain(span_of(general->local_domains.items[i])))
			return config_lines_refuse(
				lines, "general.local_domains", err,
				"general.local_domains: \"%.80s\" is not a "
				"domain",
				general->local_domains.items[i]);
	}
	for (size_t i = 0; i < general->domain_aliases.count; i++) {
		const char *item = general->domain_aliases.items[i];
		const char *equals = strchr(item, '=');

		if (equals == NULL || !check_is_domain(span_of(equals + 1)) ||
		    !check_is_domain((struct span){ (const uint8_t *)item,
						    (size_t)(equals - item) }))
			return config_lines_refuse(
				lines, "general.domain_aliases", err,
				"general.domain_aliases: write \"alias=real\" "
				"instead of \"%.80s\"",
				item);
	}
	if (!check_is_address(general->postmaster))
		return config_lines_refuse(lines, "general.postmaster", err,
					   "general.postmaster: \"%.80s\" is "
					   "not an address",
					   general->postmaster);
	return ST_OK;
}

static enum status
check_milter_and_vault(const struct config *config,
		       const struct config_lines *lines, struct err *err)
{
	const char *socket = config->milter.socket;
	const char *key = config->vault.key;
	const char *store = config->vault.store;

	if (!check_starts(socket, "unix:/") &&
	    !check_starts(socket, "local:/") &&
	    !check_starts(socket, "inet:") && !check_starts(socket, "inet6:"))
		return config_lines_refuse(lines, "milter.socket", err,
					   "milter.socket: write unix:/path or "
					   "inet:port@address");
	if (config->milter.spool_memory_bytes >
	    config->milter.spool_budget_bytes)
		return config_lines_refuse(
			lines, "milter.spool_memory", err,
			"milter.spool_memory is over milter.spool_budget");
	if (config->milter.progress_ms >= config->milter.deadline_ms)
		return config_lines_refuse(
			lines, "milter.deadline", err,
			"milter.deadline is not over milter.progress");
	if (!check_starts(key, "file:/") &&
	    !(check_starts(key, "credential:") &&
	      strlen(key) > strlen("credential:") && strchr(key, '/') == NULL))
		return config_lines_refuse(
			lines, "vault.key", err,
			"vault.key: write credential:NAME or file:/path");
	if (strcmp(store, "sqlite:") != 0 && !check_starts(store, "sqlite:/"))
		return config_lines_refuse(
			lines, "vault.store", err,
			"vault.store: \"%.60s\" is not built in this version; "
			"write sqlite: or sqlite:/path",
			store);
	if (config->scanner.hard_stop_ms < config->scanner.wall_ms)
		return config_lines_refuse(
			lines, "scanner.hard_stop", err,
			"scanner.hard_stop is under scanner.wall");
	return ST_OK;
}

static enum status
check_self_test(const struct config_courier *courier,
		const struct config_lines *lines, struct err *err)
{
	if (courier->self_test_submission[0] != '\0' &&
	    !check_is_endpoint(courier->self_test_submission))
		return config_lines_refuse(
			lines, "courier.self_test_submission", err,
			"courier.self_test_submission: write address:port");
	if (courier->self_test_recipient[0] != '\0' &&
	    !check_is_address(courier->self_test_recipient))
		return config_lines_refuse(
			lines, "courier.self_test_recipient", err,
			"courier.self_test_recipient: \"%.80s\" is not an "
			"address",
			courier->self_test_recipient);
	if (courier->self_test_interval_s > 0 &&
	    courier->self_test_interval_s < courier->self_test_late_s)
		return config_lines_refuse(
			lines, "courier.self_test_interval", err,
			"courier.self_test_interval is under "
			"courier.self_test_late");
	return ST_OK;
}

static enum status
check_courier(const struct config *config, const struct config_lines *lines,
	      struct err *err)
{
	const struct config_courier *courier = &config->courier;

	if (!check_is_endpoint(courier->next_hop))
		return config_lines_refuse(lines, "courier.next_hop", err,
					   "courier.next_hop: write "
					   "address:port");
	if (!check_is_address(courier->notice_sender))
		return config_lines_refuse(lines, "courier.notice_sender", err,
					   "courier.notice_sender: \"%.80s\" "
					   "is not an address",
					   courier->notice_sender);
	if (courier->retry_first_s > courier->retry_most_s)
		return config_lines_refuse(
			lines, "courier.retry_first", err,
			"courier.retry_first is over courier.retry_most");
	return check_self_test(courier, lines, err);
}

static enum status
check_desk(const struct config *config, const struct config_lines *lines,
	   struct err *err)
{
	const struct config_desk *desk = &config->desk;

	if (!check_is_endpoint(desk->listen))
		return config_lines_refuse(lines, "desk.listen", err,
					   "desk.listen: write address:port");
	if (!check_starts(desk->url, "https://") &&
	    !check_starts(desk->url, "http://"))
		return config_lines_refuse(lines, "desk.url", err,
					   "desk.url: write https://host");
	if ((desk->certificate[0] == '\0') !=
	    (desk->certificate_key[0] == '\0'))
		return config_lines_refuse(
			lines, "desk.certificate", err,
			"desk.certificate and desk.certificate_key go "
			"together");
	return ST_OK;
}

/* --- the portal --------------------------------------------------------- */

/* "files.example.co.jp" of "https://files.example.co.jp:8443/x"; empty: none */
static struct span
check_host_of(const char *url)
{
	const char *start = strstr(url, "://");
	const char *colon = NULL;
	size_t len = 0;

	if (start == NULL)
		return (struct span){ NULL, 0 };
	start += strlen("://");
	len = strcspn(start, "/?#");
	if (start[0] == '[')
		colon = memchr(start, ']', len);
	else
		colon = memchr(start, ':', len);
	if (colon != NULL)
		len = (size_t)(colon - start) + (start[0] == '[');
	return (struct span){ (const uint8_t *)start, len };
}

static bool
check_is_loopback(struct span host)
{
	return span_equal_nocase(host, span_of("localhost")) ||
	       span_equal(host, span_of("127.0.0.1")) ||
	       span_equal(host, span_of("[::1]"));
}

/* Scheme, host and port, and nothing else: "/l/…" is put behind it. */
static bool
check_is_origin(const char *url)
{
	const struct span host = check_host_of(url);
	const char *behind = NULL;
	uint64_t port = 0;

	if (host.ptr == NULL || !check_is_domain(host))
		return false;
	behind = (const char *)host.ptr + host.len_bytes;
	return *behind == '\0' ||
	       (*behind == ':' &&
		parse_u64(span_of(behind + 1), UINT16_MAX, &port));
}

/* What is wrong with portal.url; NULL: nothing. */
static const char *
check_portal_url(const struct config *config)
{
	const char *url = config->portal.url;
	const struct span host = check_host_of(url);
	const bool loopback = check_is_loopback(host);

	if (!check_starts(url, "https://") &&
	    !(check_starts(url, "http://") && loopback))
		return "portal.url: write https://host";
	if (!check_is_origin(url))
		return "portal.url: write https://host with nothing behind it";
	/* Cookies and trust are a host's, whatever the port. */
	if (!loopback &&
	    span_equal_nocase(host, check_host_of(config->desk.url)))
		return "portal.url: its host is the desk's; give the portal a "
		       "host name of its own";
	return NULL;
}

static enum status
check_portal_tls(const struct config_portal *portal,
		 const struct config_lines *lines, struct err *err)
{
	const bool has_tls = portal->certificate[0] != '\0';

	if (has_tls != (portal->certificate_key[0] != '\0'))
		return config_lines_refuse(
			lines, "portal.certificate", err,
			"portal.certificate and portal.certificate_key go "
			"together");
	if (!has_tls && portal->trusted_proxy[0] == '\0' &&
	    portal->client_ca[0] != '\0')
		return config_lines_refuse(
			lines, "portal.client_ca", err,
			"portal.client_ca needs portal.certificate, or "
			"portal.trusted_proxy");
	if (!has_tls && portal->trusted_proxy[0] == '\0' &&
	    check_starts(portal->url, "https://"))
		return config_lines_refuse(
			lines, "portal.url", err,
			"portal.url is https: set portal.certificate, or name "
			"the proxy that ends TLS in portal.trusted_proxy");
	return ST_OK;
}

static enum status
check_portal(const struct config *config, const struct config_lines *lines,
	     struct err *err)
{
	const struct config_portal *portal = &config->portal;
	const char *fault = NULL;

	if ((portal->listen[0] == '\0') != (portal->url[0] == '\0'))
		return config_lines_refuse(
			lines,
			portal->url[0] != '\0' ? "portal.url" : "portal.listen",
			err, "portal.listen and portal.url go together");
	if (portal->listen[0] == '\0')
		return ST_OK;
	if (!check_is_endpoint(portal->listen))
		return config_lines_refuse(lines, "portal.listen", err,
					   "portal.listen: write address:port");
	if (strcmp(portal->listen, config->desk.listen) == 0)
		return config_lines_refuse(lines, "portal.listen", err,
					   "portal.listen: the desk listens "
					   "there");
	fault = check_portal_url(config);
	if (fault != NULL)
		return config_lines_refuse(lines, "portal.url", err, "%s",
					   fault);
	return check_portal_tls(portal, lines, err);
}

enum status
config_check(const struct config *config, const struct config_lines *lines,
	     struct err *err)
{
	enum status st = check_general(config, lines, err);

	if (st == ST_OK)
		st = check_milter_and_vault(config, lines, err);
	if (st == ST_OK)
		st = check_courier(config, lines, err);
	if (st == ST_OK)
		st = check_desk(config, lines, err);
	if (st == ST_OK)
		st = check_portal(config, lines, err);
	return st;
}
