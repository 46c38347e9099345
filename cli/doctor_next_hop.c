/* doctor: would the next hop take what the courier brings? Asked without
 * sending a mail: the dialogue ends before DATA. */
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/doctor.h"
#include "cli/doctor_connect.h"
#include "lib/base/clock.h"
#include "lib/base/fd.h"
#include "lib/base/parse.h"

enum {
	HOP_WAIT_MS = 10000,
	HOP_MAX_REPLY_BYTES = 8192,
	HOP_MAX_NAME_BYTES = 300,
	HOP_CODE_BYTES = 3,
	HOP_MS_PER_S = 1000
};

struct hop {
	struct doctor *doctor;
	int fd;
	int64_t deadline_mono_ms;
	struct sbuf reply; /* the last one, all lines */
	unsigned code;     /* 0: there was none */
};

/* --- connection --------------------------------------------------------- */

/* "mail.example.co.jp:25", "[::1]:25" in two pieces. */
static void
hop_split(const char *endpoint, char host[HOP_MAX_NAME_BYTES],
	  const char **port_out)
{
	const char *colon = strrchr(endpoint, ':');
	size_t len_bytes = (size_t)(colon - endpoint);

	if (endpoint[0] == '[' && len_bytes >= 2) {
		endpoint++;
		len_bytes -= 2;
	}
	if (len_bytes >= HOP_MAX_NAME_BYTES)
		len_bytes = HOP_MAX_NAME_BYTES - 1;
	memcpy(host, endpoint, len_bytes);
	host[len_bytes] = '\0';
	*port_out = colon + 1;
}

static bool
hop_wait(const struct hop *hop, short events)
{
	struct pollfd entry = { .fd = hop->fd, .events = events };

	return poll(&entry, 1, (int)clock_left_ms(hop->deadline_mono_ms)) == 1;
}

static enum status
hop_connect(struct hop *hop, struct err *err)
{
	char host[HOP_MAX_NAME_BYTES];
	const char *port = NULL;

	hop_split(hop->doctor->config->courier.next_hop, host, &port);
	return doctor_connect(host, port, hop->deadline_mono_ms, &hop->fd, err);
}

/* --- dialogue ----------------------------------------------------------- */

/* Is there a whole reply: a last line "250 ..."? */
static bool
hop_is_whole(const struct sbuf *reply)
{
	const char *line = sbuf_text(reply);

	for (const char *end = strchr(line, '\n'); end != NULL;
	     line = end + 1, end = strchr(line, '\n'))
		if (end - line > HOP_CODE_BYTES && line[HOP_CODE_BYTES] != '-')
			return true;
	return false;
}

/* Send a line (NULL: only listen) and take the reply. 0: there is none. */
static unsigned
hop_say(struct hop *hop, const char *line)
{
	struct err err = { 0 };
	uint64_t code = 0;
	struct span head = { NULL, 0 };

	hop->code = 0;
	sbuf_clear(&hop->reply);
	if (line != NULL &&
	    (!hop_wait(hop, POLLOUT) ||
	     fd_write_all(hop->fd, span_of(line), &err) != ST_OK))
		return 0;
	while (!hop_is_whole(&hop->reply)) {
		char bytes[512];
		ssize_t n = 0;

		if (!hop_wait(hop, POLLIN))
			return 0;
		n = read(hop->fd, bytes, sizeof(bytes));
		if (n <= 0)
			return 0;
		sbuf_add(&hop->reply, bytes, (size_t)n);
		if (hop->reply.st != ST_OK)
			return 0;
	}
	if (span_cut(sbuf_span(&hop->reply), 0, HOP_CODE_BYTES, &head) &&
	    parse_u64(head, 999, &code))
		hop->code = (unsigned)code;
	return hop->code;
}

/* The value behind a keyword of the reply to EHLO; NULL: not offered. */
static const char *
hop_offers(const struct hop *hop, const char *keyword)
{
	const char *line = sbuf_text(&hop->reply);
	const size_t len_bytes = strlen(keyword);

	for (const char *end = strchr(line, '\n'); end != NULL;
	     line = end + 1, end = strchr(line, '\n')) {
		const char *word = line + HOP_CODE_BYTES + 1;

		if ((size_t)(end - line) > HOP_CODE_BYTES + len_bytes &&
		    strncasecmp(word, keyword, len_bytes) == 0 &&
		    strchr(" \r\n=", word[len_bytes]) != NULL)
			return word + len_bytes;
	}
	return NULL;
}

static void
look_at_size(struct hop *hop)
{
	const char *size = hop_offers(hop, "SIZE");
	const int64_t most = hop->doctor->config->milter.max_message_bytes;
	uint64_t limit = 0;

	if (size == NULL || *size != ' ' ||
	    !parse_u64((struct span){ (const uint8_t *)size + 1,
				      strspn(size + 1, "0123456789") },
		       INT64_MAX, &limit) ||
	    limit == 0 || limit >= (uint64_t)most)
		doctor_fine(hop->doctor, DOCTOR_NEXT_HOP_SIZE, "SIZE %" PRIu64,
			    limit);
	else
		doctor_found(hop->doctor, DOCTOR_NEXT_HOP_SIZE,
			     "SIZE %" PRIu64 ", milter.max_message = %" PRId64,
			     limit, most);
}

/* The first line of the reply, without its end. */
static void
say_refused(struct hop *hop, const char *what)
{
	const char *text = sbuf_text(&hop->reply);

	doctor_found(hop->doctor, DOCTOR_NEXT_HOP_REFUSES, "%s: %.*s", what,
		     (int)strcspn(text, "\r\n"), text);
}

/* "554 5.7.1 ...: Relay access denied": policy, not a mailbox. */
static bool
is_refusal(const struct hop *hop)
{
	const char *text = sbuf_text(&hop->reply);

	return hop->code >= 400 &&
	       (strstr(text, ".7.") != NULL || strstr(text, "elay") != NULL);
}

static void
look_at_mail(struct hop *hop)
{
	/* What the courier brings: released mail to elsewhere, notices and
	 * mail that nobody else would take to people here. */
	char line[HOP_MAX_NAME_BYTES * 5];

	if (hop_say(hop, "MAIL FROM:<>\r\n") / 100 != 2) {
		say_refused(hop, "MAIL FROM:<>");
		return;
	}
	(void)snprintf(line, sizeof(line), "RCPT TO:<%.1000s>\r\n",
		       hop->doctor->config->general.postmaster);
	if (hop_say(hop, line) / 100 != 2) {
		line[strcspn(line, "\r")] = '\0';
		say_refused(hop, line);
		return;
	}
	(void)hop_say(hop, "RSET\r\n");
	(void)snprintf(line, sizeof(line), "MAIL FROM:<%.1000s>\r\n",
		       hop->doctor->config->courier.notice_sender);
	(void)hop_say(hop, line);
	(void)hop_say(hop, "RCPT TO:<postmaster@example.com>\r\n");
	if (is_refusal(hop))
		say_refused(hop, "RCPT TO:<postmaster@example.com>");
	else
		doctor_fine(hop->doctor, DOCTOR_NEXT_HOP_REFUSES, "%s",
			    hop->doctor->config->courier.next_hop);
	(void)hop_say(hop, "RSET\r\n");
}

static void
look_at_dialogue(struct hop *hop)
{
	const struct config *config = hop->doctor->config;
	char line[HOP_MAX_NAME_BYTES];

	(void)snprintf(line, sizeof(line), "EHLO %.255s\r\n",
		       config->general.host_name[0] != '\0'
			       ? config->general.host_name
			       : "localhost");
	if (hop_say(hop, NULL) != 220 || hop_say(hop, line) != 250) {
		doctor_found(hop->doctor, DOCTOR_NEXT_HOP, "%s: %.*s",
			     config->courier.next_hop,
			     (int)strcspn(sbuf_text(&hop->reply), "\r\n"),
			     sbuf_text(&hop->reply));
		return;
	}
	doctor_fine(hop->doctor, DOCTOR_NEXT_HOP, "%s",
		    config->courier.next_hop);
	look_at_size(hop);
	if (strcmp(config->courier.tls, "must") != 0) {
		look_at_mail(hop);
	} else if (hop_offers(hop, "STARTTLS") == NULL) {
		doctor_found(hop->doctor, DOCTOR_NEXT_HOP_TLS, "%s",
			     config->courier.next_hop);
	} else {
		doctor_fine(hop->doctor, DOCTOR_NEXT_HOP_TLS, "STARTTLS");
		doctor_skipped(hop->doctor, DOCTOR_NEXT_HOP_REFUSES,
			       "courier.tls = must");
	}
	(void)hop_say(hop, "QUIT\r\n");
}

void
doctor_look_at_next_hop(struct doctor *doctor)
{
	struct hop hop = { .doctor = doctor,
			   .fd = FD_NONE,
			   .deadline_mono_ms = clock_mono_ms() + HOP_WAIT_MS };
	const int64_t deadline_s =
		doctor->config->milter.deadline_ms / HOP_MS_PER_S;
	struct err err = { 0 };

	sbuf_init(&hop.reply, HOP_MAX_REPLY_BYTES);
	if (hop_connect(&hop, &err) == ST_OK)
		look_at_dialogue(&hop);
	else
		doctor_found(doctor, DOCTOR_NEXT_HOP, "courier.next_hop: %s",
			     err.text);
	fd_close(&hop.fd);
	sbuf_done(&hop.reply);
	if (doctor->config->courier.timeout_s <= deadline_s)
		doctor_found(doctor, DOCTOR_NEXT_HOP_TIMEOUT,
			     "courier.timeout = %" PRId64
			     "s, milter.deadline = %" PRId64 "s",
			     doctor->config->courier.timeout_s, deadline_s);
	else
		doctor_fine(doctor, DOCTOR_NEXT_HOP_TIMEOUT,
			    "courier.timeout = %" PRId64 "s",
			    doctor->config->courier.timeout_s);
}
