/* doctor: does Postfix ask us, and what does it do when we are away? */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/directories.h"
#include "cli/doctor.h"
#include "lib/base/fd.h"
#include "lib/base/parse.h"

enum { POSTFIX_MAX_VALUE_BYTES = 8192, POSTFIX_EXEC_FAILED = 127 };

static void
postconf_exec(const struct doctor *doctor, const char *name, const int ends[2])
{
	const char *argv[8] = { "postconf", "-xh" };
	size_t at = 2;

	if (doctor->postfix_dir != NULL) {
		argv[at++] = "-c";
		argv[at++] = doctor->postfix_dir;
	}
	argv[at++] = name;
	argv[at] = NULL;
	if (dup2(ends[1], STDOUT_FILENO) >= 0) {
		(void)close(ends[0]);
		(void)close(ends[1]);
		(void)close(STDERR_FILENO);
		(void)execvp("postconf", (char *const *)(uintptr_t)argv);
	}
	_exit(POSTFIX_EXEC_FAILED);
}

/* The value of one parameter into value. False: there is no postconf. */
static bool
postconf_get(const struct doctor *doctor, const char *name, struct sbuf *value)
{
	struct err err = { 0 };
	int ends[2] = { FD_NONE, FD_NONE };
	int status = 0;

	sbuf_clear(value);
	(void)fflush(stdout);
	if (pipe(ends) != 0)
		return false;
	AUTO(fd_close) int read_end = ends[0];
	AUTO(fd_close) int write_end = ends[1];
	const pid_t pid = fork();

	if (pid < 0)
		return false;
	if (pid == 0)
		postconf_exec(doctor, name, ends);
	fd_close(&write_end);
	const enum status st = fd_slurp(read_end, value, &err);

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	while (value->len_bytes > 0 &&
	       value->bytes[value->len_bytes - 1] == '\n')
		sbuf_truncate(value, value->len_bytes - 1);
	return st == ST_OK && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Does a list of milters name our socket, as Postfix sees it? */
static bool
milters_name_us(const char *value, const char *socket, const char *queue_dir)
{
	const size_t queue_bytes = strlen(queue_dir);

	if (strstr(value, socket) != NULL)
		return true;
	/* In the chroot, or relative to it. */
	if (queue_bytes > 0 && strncmp(socket, queue_dir, queue_bytes) == 0 &&
	    socket[queue_bytes] == '/')
		return strstr(value, socket + queue_bytes + 1) != NULL;
	return false;
}

static void
look_at_milters(struct doctor *doctor, struct sbuf *value)
{
	static const struct {
		const char *name;
		const char *next;
	} lists[] = {
		{ "smtpd_milters",
		  "Nothing is looked at. Put our socket into it (contrib/"
		  "postfix/main.cf.sekimori)." },
		{ "non_smtpd_milters",
		  "Mail from cron, scripts and \"sendmail -t\" passes unseen. "
		  "Put our socket into it." },
	};
	const char *socket = directories_milter_socket(doctor->config);
	char queue_dir[1024] = "";

	if (socket == NULL)
		return;
	if (postconf_get(doctor, "queue_directory", value))
		(void)snprintf(queue_dir, sizeof(queue_dir), "%s",
			       sbuf_text(value));
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		if (!postconf_get(doctor, lists[i].name, value))
			continue;
		if (milters_name_us(sbuf_text(value), socket, queue_dir))
			doctor_good(doctor, "Postfix: %s names our socket",
				    lists[i].name);
		else
			doctor_wrong(doctor, lists[i].next,
				     "Postfix: %s is \"%s\"", lists[i].name,
				     sbuf_text(value));
	}
}

/* Parameters with values that are right, or wrong. */
static void
look_at_words(struct doctor *doctor, struct sbuf *value)
{
	if (postconf_get(doctor, "milter_default_action", value)) {
		if (strcmp(sbuf_text(value), "tempfail") == 0)
			doctor_good(doctor, "Postfix: milter_default_action = "
					    "tempfail");
		else
			doctor_wrong(doctor,
				     "Set it to tempfail: with accept mail "
				     "passes unseen while we are away.",
				     "Postfix: milter_default_action is %s",
				     sbuf_text(value));
	}
	if (postconf_get(doctor, "smtpd_forbid_bare_newline", value)) {
		if (strcmp(sbuf_text(value), "no") != 0)
			doctor_good(doctor,
				    "Postfix: "
				    "smtpd_forbid_bare_newline = %s",
				    sbuf_text(value));
		else
			doctor_wrong(doctor,
				     "Set it to normalize (or yes): a second "
				     "mail can be smuggled inside the first, "
				     "unseen.",
				     "Postfix: smtpd_forbid_bare_newline is "
				     "no");
	}
	if (postconf_get(doctor, "internal_mail_filter_classes", value)) {
		if (strstr(sbuf_text(value), "bounce") != NULL)
			doctor_good(doctor, "Postfix: bounces are looked at");
		else
			doctor_wrong(doctor,
				     "Set it to bounce: a bounce carries the "
				     "mail that bounced.",
				     "Postfix: internal_mail_filter_classes "
				     "is \"%s\"",
				     sbuf_text(value));
	}
	if (postconf_get(doctor, "always_bcc", value) && value->len_bytes > 0)
		doctor_wrong(doctor,
			     "A copy of a mail that is held for some "
			     "recipients only goes there at once. Put the "
			     "archive behind this host.",
			     "Postfix: always_bcc is %s", sbuf_text(value));
}

static void
look_at_limits(struct doctor *doctor, struct sbuf *value)
{
	const int64_t most = doctor->config->milter.max_message_bytes;
	uint64_t limit = 0;

	if (!postconf_get(doctor, "message_size_limit", value) ||
	    !parse_u64(sbuf_span(value), INT64_MAX, &limit))
		return;
	if (limit == 0 || limit > (uint64_t)most)
		doctor_wrong(doctor,
			     "Larger mail is refused at its end (552). Set "
			     "message_size_limit to at most "
			     "milter.max_message.",
			     "Postfix: message_size_limit is %" PRIu64
			     ", milter.max_message %" PRId64,
			     limit, most);
	else
		doctor_good(doctor, "Postfix: message_size_limit fits "
				    "milter.max_message");
}

void
doctor_look_at_postfix(struct doctor *doctor)
{
	AUTO(sbuf_done) struct sbuf value;

	sbuf_init(&value, POSTFIX_MAX_VALUE_BYTES);
	if (!postconf_get(doctor, "mail_version", &value)) {
		doctor_note(doctor, "there is no postconf: the MTA was not "
				    "looked at");
		return;
	}
	look_at_milters(doctor, &value);
	look_at_words(doctor, &value);
	look_at_limits(doctor, &value);
}
