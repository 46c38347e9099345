/* doctor: does Postfix ask us about all mail, and wait for the answer? */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/directories.h"
#include "cli/doctor.h"
#include "cli/postconf.h"
#include "cli/postfix_socket.h"
#include "lib/base/parse.h"

enum { POSTFIX_MAX_VALUE_BYTES = 64 * 1024, POSTFIX_LEAST_MS = 5000 };

struct look {
	struct doctor *doctor;
	struct postconf conf;
	struct sbuf value;
	struct sbuf queue_dir;
	unsigned asks;   /* services that ask us */
	unsigned silent; /* services that do not, by the general value */
	unsigned wrong_action;
	unsigned wrong_time;
};

#define SPAN_FMT(s) (int)(s).len_bytes, (const char *)(s).ptr

/* --- the milter of a service -------------------------------------------- */

static void
look_at_action(struct look *look, const struct postconf_service *service,
	       const struct postconf_milter *milter)
{
	AUTO(sbuf_done) struct sbuf action;
	const struct span own =
		postconf_milter_option(milter, "default_action");

	sbuf_init(&action, POSTFIX_MAX_VALUE_BYTES);
	(void)postconf_get_for(&look->conf, service, "milter_default_action",
			       &action);
	if (own.len_bytes > 0) {
		sbuf_clear(&action);
		sbuf_add_span(&action, own);
	}
	if (strcmp(sbuf_text(&action), "tempfail") == 0)
		return;
	look->wrong_action++;
	doctor_found(look->doctor, DOCTOR_POSTFIX_DEFAULT_ACTION,
		     "%.*s: %s = %s", SPAN_FMT(service->name),
		     own.len_bytes > 0 ? "default_action"
				       : "milter_default_action",
		     sbuf_text(&action));
}

static void
look_at_times(struct look *look, const struct postconf_service *service,
	      const struct postconf_milter *milter)
{
	const int64_t deadline_ms = look->doctor->config->milter.deadline_ms;
	const struct {
		const char *name;
		int64_t over_ms;
	} times[] = {
		{ "milter_content_timeout", deadline_ms },
		{ "milter_command_timeout", POSTFIX_LEAST_MS },
		{ "milter_connect_timeout", POSTFIX_LEAST_MS },
	};
	AUTO(sbuf_done) struct sbuf value;

	sbuf_init(&value, POSTFIX_MAX_VALUE_BYTES);
	for (size_t i = 0; i < ARRAY_LEN(times); i++) {
		const char *name = times[i].name;
		struct span text = postconf_milter_option(
			milter, name + strlen("milter_"));
		int64_t ms = 0;

		if (text.len_bytes == 0 &&
		    postconf_get_for(&look->conf, service, name, &value))
			text = sbuf_span(&value);
		if (!postconf_parse_time(text, &ms) || ms > times[i].over_ms)
			continue;
		look->wrong_time++;
		doctor_found(look->doctor, DOCTOR_POSTFIX_TIMEOUT,
			     "%.*s: %s = %.*s, milter.deadline = %" PRId64 "s",
			     SPAN_FMT(service->name), name, SPAN_FMT(text),
			     deadline_ms / 1000);
	}
}

/* --- services ----------------------------------------------------------- */

/* Do only programs of this host reach the service? */
static bool
service_is_local(const struct look *look,
		 const struct postconf_service *service)
{
	static const char *const hosts[] = { "127.",
					     "[::1]:", "::1:", "localhost:" };
	AUTO(sbuf_done) struct sbuf interfaces;

	sbuf_init(&interfaces, POSTFIX_MAX_VALUE_BYTES);
	if (span_equal(service->type, span_of("unix")))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
		struct span head = { NULL, 0 };

		if (span_cut(service->name, 0, strlen(hosts[i]), &head) &&
		    span_equal(head, span_of(hosts[i])))
			return true;
	}
	return postconf_get(&look->conf, "inet_interfaces", &interfaces) &&
	       memchr(service->name.ptr, ':', service->name.len_bytes) ==
		       NULL &&
	       (strcmp(sbuf_text(&interfaces), "loopback-only") == 0 ||
		strcmp(sbuf_text(&interfaces), "127.0.0.1") == 0);
}

/* The service has a list of its own, or switches milters off. */
static void
look_at_exception(struct look *look, const struct postconf_service *service,
		  const char *parameter)
{
	AUTO(sbuf_done) struct sbuf general;

	sbuf_init(&general, POSTFIX_MAX_VALUE_BYTES);
	(void)postconf_get(&look->conf, parameter, &general);
	(void)postconf_get_for(&look->conf, service, parameter, &look->value);
	if (strcmp(sbuf_text(&general), sbuf_text(&look->value)) == 0)
		look->silent++;
	else
		doctor_found(look->doctor,
			     service_is_local(look, service)
				     ? DOCTOR_POSTFIX_SIDE_DOOR
				     : DOCTOR_POSTFIX_BYPASS,
			     "master.cf: %.*s/%.*s: %s = %s",
			     SPAN_FMT(service->name), SPAN_FMT(service->type),
			     parameter, sbuf_text(&look->value));
}

static void
look_at_service(struct look *look, const struct postconf_service *service,
		const char *parameter)
{
	const struct postfix_socket socket = { look->doctor->config,
					       sbuf_text(&look->queue_dir),
					       service->chrooted };
	struct postconf_milter milter = { .address = { NULL, 0 } };
	char seen[POSTFIX_SOCKET_BYTES] = "";

	(void)postconf_get_for(&look->conf, service, "receive_override_options",
			       &look->value);
	if (strstr(sbuf_text(&look->value), "no_milters") != NULL) {
		doctor_found(look->doctor,
			     service_is_local(look, service)
				     ? DOCTOR_POSTFIX_SIDE_DOOR
				     : DOCTOR_POSTFIX_BYPASS,
			     "%.*s/%.*s: receive_override_options = %s",
			     SPAN_FMT(service->name), SPAN_FMT(service->type),
			     sbuf_text(&look->value));
		return;
	}
	(void)postconf_get_for(&look->conf, service, parameter, &look->value);
	switch (postfix_socket_find(&socket, sbuf_span(&look->value), &milter,
				    seen)) {
	case POSTFIX_SOCKET_OURS:
		look->asks++;
		look_at_action(look, service, &milter);
		look_at_times(look, service, &milter);
		return;
	case POSTFIX_SOCKET_ELSEWHERE:
		doctor_found(look->doctor, DOCTOR_POSTFIX_CHROOT,
			     "%.*s/%.*s: %s = %s: %s; milter.socket = %s",
			     SPAN_FMT(service->name), SPAN_FMT(service->type),
			     parameter, sbuf_text(&look->value), seen,
			     look->doctor->config->milter.socket);
		return;
	case POSTFIX_SOCKET_ABSENT:
	case POSTFIX_SOCKET_NONE:
	default:
		look_at_exception(look, service, parameter);
	}
}

/* All services that run command, with their list of milters. */
static void
look_at_services(struct look *look, const char *command, const char *parameter,
		 enum doctor_check check)
{
	struct postconf_service service = { .chrooted = false };
	size_t at = 0;

	look->asks = 0;
	look->silent = 0;
	while (postconf_service_next(&look->conf, &at, &service))
		if (span_equal(service.command, span_of(command)))
			look_at_service(look, &service, parameter);
	(void)postconf_get(&look->conf, parameter, &look->value);
	if (look->silent > 0)
		doctor_found(look->doctor, check, "%s = %s", parameter,
			     sbuf_text(&look->value));
	else if (look->asks > 0)
		doctor_fine(look->doctor, check, "%s = %s (%u)", parameter,
			    sbuf_text(&look->value), look->asks);
}

static void
look_at_ways_in(struct look *look)
{
	look_at_services(look, "smtpd", "smtpd_milters",
			 DOCTOR_POSTFIX_MILTERS);
	const unsigned asks = look->asks;

	look_at_services(look, "cleanup", "non_smtpd_milters",
			 DOCTOR_POSTFIX_LOCAL_MAIL);
	(void)postconf_get(&look->conf, "milter_default_action", &look->value);
	if (look->wrong_action == 0 &&
	    strcmp(sbuf_text(&look->value), "tempfail") == 0)
		doctor_fine(look->doctor, DOCTOR_POSTFIX_DEFAULT_ACTION,
			    "milter_default_action = tempfail");
	else if (look->wrong_action == 0 && asks + look->asks == 0)
		doctor_found(look->doctor, DOCTOR_POSTFIX_DEFAULT_ACTION,
			     "milter_default_action = %s",
			     sbuf_text(&look->value));
	if (asks + look->asks > 0 && look->wrong_time == 0)
		doctor_fine(look->doctor, DOCTOR_POSTFIX_TIMEOUT,
			    "milter_content_timeout");
	if (postconf_get(&look->conf, "smtpd_milter_maps", &look->value) &&
	    look->value.len_bytes > 0)
		doctor_found(look->doctor, DOCTOR_POSTFIX_BYPASS,
			     "smtpd_milter_maps = %s", sbuf_text(&look->value));
}

/* --- parameters --------------------------------------------------------- */

/* Is word one of the words of a list? */
static bool
has_word(const struct sbuf *list, const char *word)
{
	const char *text = sbuf_text(list);

	while (*text != '\0') {
		const size_t blank = strspn(text, ", \t");
		const size_t len_bytes = strcspn(text + blank, ", \t");

		if (len_bytes == strlen(word) &&
		    memcmp(text + blank, word, len_bytes) == 0)
			return true;
		text += blank + len_bytes;
	}
	return false;
}

static void
look_at_words(struct look *look)
{
	static const struct {
		enum doctor_check check;
		const char *name;
		const char *word; /* must be there */
	} words[] = {
		{ DOCTOR_POSTFIX_BOUNCES, "internal_mail_filter_classes",
		  "bounce" },
		{ DOCTOR_POSTFIX_PROTOCOL, "milter_protocol", "6" },
		{ DOCTOR_POSTFIX_LOGIN, "milter_mail_macros", "{auth_authen}" },
		{ DOCTOR_POSTFIX_LOGIN, "milter_end_of_data_macros", "i" },
		{ DOCTOR_POSTFIX_LOGIN, "milter_connect_macros", "j" },
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		(void)postconf_get(&look->conf, words[i].name, &look->value);
		if (has_word(&look->value, words[i].word))
			doctor_fine(look->doctor, words[i].check, "%s = %s",
				    words[i].name, sbuf_text(&look->value));
		else
			doctor_found(look->doctor, words[i].check, "%s = %s",
				     words[i].name, sbuf_text(&look->value));
	}
	(void)postconf_get(&look->conf, "smtpd_forbid_bare_newline",
			   &look->value);
	if (has_word(&look->value, "normalize") ||
	    has_word(&look->value, "yes") || has_word(&look->value, "reject"))
		doctor_fine(look->doctor, DOCTOR_POSTFIX_BARE_NEWLINE,
			    "smtpd_forbid_bare_newline = %s",
			    sbuf_text(&look->value));
	else
		doctor_found(look->doctor, DOCTOR_POSTFIX_BARE_NEWLINE,
			     "smtpd_forbid_bare_newline = %s",
			     sbuf_text(&look->value));
}

/* The first value that is not empty: that of a cleanup service with its own
 * -o, which is what adds recipients, or the general one. */
static void
find_adder(struct look *look, const char *name)
{
	struct postconf_service service = { .chrooted = false };
	size_t at = 0;

	while (postconf_service_next(&look->conf, &at, &service)) {
		if (!span_equal(service.command, span_of("cleanup")))
			continue;
		(void)postconf_get_for(&look->conf, &service, name,
				       &look->value);
		if (look->value.len_bytes > 0)
			return;
	}
	(void)postconf_get(&look->conf, name, &look->value);
}

static void
look_at_recipients(struct look *look)
{
	static const struct {
		enum doctor_check check;
		const char *name;
	} adders[] = {
		{ DOCTOR_POSTFIX_BCC, "always_bcc" },
		{ DOCTOR_POSTFIX_BCC, "sender_bcc_maps" },
		{ DOCTOR_POSTFIX_BCC, "recipient_bcc_maps" },
		{ DOCTOR_POSTFIX_ALIASES, "virtual_alias_maps" },
	};

	for (size_t i = 0; i < ARRAY_LEN(adders); i++) {
		find_adder(look, adders[i].name);
		if (look->value.len_bytes > 0)
			doctor_found(look->doctor, adders[i].check, "%s = %s",
				     adders[i].name, sbuf_text(&look->value));
		else
			doctor_fine(look->doctor, adders[i].check,
				    "%s is empty", adders[i].name);
	}
}

static void
look_at_size(struct look *look)
{
	const int64_t most = look->doctor->config->milter.max_message_bytes;
	uint64_t limit = 0;

	if (!postconf_get(&look->conf, "message_size_limit", &look->value) ||
	    !parse_u64(sbuf_span(&look->value), INT64_MAX, &limit))
		return;
	if (limit == 0 || limit > (uint64_t)most)
		doctor_found(look->doctor, DOCTOR_POSTFIX_SIZE,
			     "message_size_limit = %" PRIu64
			     ", milter.max_message = %" PRId64,
			     limit, most);
	else
		doctor_fine(look->doctor, DOCTOR_POSTFIX_SIZE,
			    "message_size_limit = %" PRIu64, limit);
}

bool
doctor_look_at_postfix(struct doctor *doctor,
		       char account[DOCTOR_ACCOUNT_BYTES])
{
	struct look look = { .doctor = doctor };
	struct err err = { 0 };

	if (postconf_read(&look.conf, doctor->postfix_dir, &err) != ST_OK) {
		if (doctor->postfix_dir != NULL)
			doctor_found(doctor, DOCTOR_MTA, "--postfix %s: %s",
				     doctor->postfix_dir, err.text);
		return doctor->postfix_dir != NULL;
	}
	sbuf_init(&look.value, POSTFIX_MAX_VALUE_BYTES);
	sbuf_init(&look.queue_dir, POSTFIX_MAX_VALUE_BYTES);
	(void)postconf_get(&look.conf, "queue_directory", &look.queue_dir);
	look_at_ways_in(&look);
	look_at_words(&look);
	look_at_recipients(&look);
	look_at_size(&look);
	if (postconf_get(&look.conf, "mail_owner", &look.value))
		(void)snprintf(account, DOCTOR_ACCOUNT_BYTES, "%s",
			       sbuf_text(&look.value));
	sbuf_done(&look.value);
	sbuf_done(&look.queue_dir);
	postconf_done(&look.conf);
	return true;
}
