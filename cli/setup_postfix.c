#include "cli/setup_postfix.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/postconf.h"
#include "cli/postfix_socket.h"
#include "cli/setup_questions.h"
#include "lib/base/parse.h"
#include "lib/wire/control.h"

enum { POSTFIX_LINE_BYTES = 64 * 1024, POSTFIX_PATH_BYTES = 4300 };

struct look {
	const struct config *config;
	struct postconf postconf;
	struct sbuf queue_dir;
	struct sbuf value;
	struct setup_postfix *lines;
};

void
setup_postfix_done(struct setup_postfix *lines)
{
	for (size_t i = 0; i < lines->line_count; i++)
		sbuf_done(&lines->lines[i]);
	lines->line_count = 0;
}

/* A new line "name="; the value is added by the caller. */
static struct sbuf *
line_begin(struct look *look, const char *name)
{
	struct sbuf *line = &look->lines->lines[look->lines->line_count++];

	sbuf_init(line, POSTFIX_LINE_BYTES);
	sbuf_addf(line, "%s=", name);
	return line;
}

/* Does a service that runs command stand in a chroot? */
static bool
is_chrooted(const struct look *look, const char *command)
{
	struct postconf_service service = { .chrooted = false };
	size_t at = 0;

	while (postconf_service_next(&look->postconf, &at, &service))
		if (service.chrooted &&
		    span_equal(service.command, span_of(command)))
			return true;
	return false;
}

/* Our socket in front of what is there, so that a signer comes behind us. */
static enum status
add_milter(struct look *look, const char *parameter, const char *command,
	   struct err *err)
{
	const struct postfix_socket socket = { look->config,
					       sbuf_text(&look->queue_dir),
					       is_chrooted(look, command) };
	struct postconf_milter milter = { .address = { NULL, 0 } };
	char seen[POSTFIX_SOCKET_BYTES] = "";
	struct sbuf *line = NULL;

	(void)postconf_get(&look->postconf, parameter, &look->value);
	if (postfix_socket_find(&socket, sbuf_span(&look->value), &milter,
				seen) == POSTFIX_SOCKET_OURS)
		return ST_OK;
	line = line_begin(look, parameter);
	if (!postfix_socket_name(&socket, line))
		return err_set(err, ST_UNSUPPORTED,
			       "%s is chrooted in %.60s: place milter.socket "
			       "below it",
			       command, sbuf_text(&look->queue_dir));
	if (look->value.len_bytes > 0)
		sbuf_addf(line, ", %s", sbuf_text(&look->value));
	return ST_OK;
}

/* parameter = value, unless it holds already. */
static void
set_word(struct look *look, const char *parameter, const char *value)
{
	if (postconf_get(&look->postconf, parameter, &look->value) &&
	    strcmp(sbuf_text(&look->value), value) != 0)
		sbuf_add_text(line_begin(look, parameter), value);
}

static void
set_words(struct look *look)
{
	const int64_t most = look->config->milter.max_message_bytes;
	uint64_t limit = 0;
	int64_t ms = 0;

	set_word(look, "milter_default_action", "tempfail");
	set_word(look, "milter_protocol", "6");
	(void)postconf_get(&look->postconf, "internal_mail_filter_classes",
			   &look->value);
	if (strstr(sbuf_text(&look->value), "bounce") == NULL)
		sbuf_addf(line_begin(look, "internal_mail_filter_classes"),
			  "%s%sbounce", sbuf_text(&look->value),
			  look->value.len_bytes > 0 ? ", " : "");
	if (postconf_get(&look->postconf, "smtpd_forbid_bare_newline",
			 &look->value) &&
	    strcmp(sbuf_text(&look->value), "no") == 0)
		sbuf_add_text(line_begin(look, "smtpd_forbid_bare_newline"),
			      "normalize");
	if (postconf_get(&look->postconf, "milter_content_timeout",
			 &look->value) &&
	    postconf_parse_time(sbuf_span(&look->value), &ms) &&
	    ms <= look->config->milter.deadline_ms)
		sbuf_add_text(line_begin(look, "milter_content_timeout"),
			      "300s");
	if (postconf_get(&look->postconf, "message_size_limit", &look->value) &&
	    parse_u64(sbuf_span(&look->value), INT64_MAX, &limit) &&
	    (limit == 0 || limit > (uint64_t)most))
		sbuf_addf(line_begin(look, "message_size_limit"), "%" PRId64,
			  most);
}

static enum status
look_at_all(struct look *look, struct err *err)
{
	enum status st = ST_OK;

	(void)postconf_get(&look->postconf, "queue_directory",
			   &look->queue_dir);
	st = add_milter(look, "smtpd_milters", "smtpd", err);
	if (st == ST_OK)
		st = add_milter(look, "non_smtpd_milters", "cleanup", err);
	if (st == ST_OK)
		set_words(look);
	for (size_t i = 0; st == ST_OK && i < look->lines->line_count; i++)
		st = sbuf_status(&look->lines->lines[i], "setup", err);
	return st;
}

enum status
setup_postfix_look(const struct config *config, const char *postfix_dir,
		   struct setup_postfix *lines_out, struct err *err)
{
	struct look look = { .config = config, .lines = lines_out };
	enum status st = postconf_read(&look.postconf, postfix_dir, err);

	lines_out->line_count = 0;
	if (st != ST_OK)
		return st;
	sbuf_init(&look.queue_dir, POSTFIX_LINE_BYTES);
	sbuf_init(&look.value, POSTFIX_LINE_BYTES);
	st = look_at_all(&look, err);
	sbuf_done(&look.queue_dir);
	sbuf_done(&look.value);
	postconf_done(&look.postconf);
	if (st != ST_OK)
		setup_postfix_done(lines_out);
	return st;
}

void
setup_postfix_show(const struct setup_postfix *lines, const char *postfix_dir)
{
	for (size_t i = 0; i < lines->line_count; i++)
		(void)printf("     postconf %s%s%s-e '%s'\n",
			     postfix_dir != NULL ? "-c " : "",
			     postfix_dir != NULL ? postfix_dir : "",
			     postfix_dir != NULL ? " " : "",
			     sbuf_text(&lines->lines[i]));
	if (lines->line_count > 0)
		(void)printf("     postfix %s%s%sreload\n",
			     postfix_dir != NULL ? "-c " : "",
			     postfix_dir != NULL ? postfix_dir : "",
			     postfix_dir != NULL ? " " : "");
}

/* --- setup --postfix ---------------------------------------------------- */

static enum status
check_milter(const struct config *config, struct err *err)
{
	struct err why = { .st = ST_OK };
	char path[POSTFIX_PATH_BYTES];
	enum status st =
		control_path(config->general.run_dir, "sekimori-milter", path,
			     sizeof(path), err);

	if (st == ST_OK && control_ask(path, CONTROL_PING, &why) != ST_OK)
		st = err_set(err, ST_UNSUPPORTED,
			     "the milter does not answer (%.80s): every mail "
			     "would get 4xx",
			     why.text);
	return st;
}

static enum status
reload(const char *postfix_dir, struct err *err)
{
	const char *argv[5] = { "postfix" };
	size_t at = 1;
	int status = 0;

	if (postfix_dir != NULL) {
		argv[at++] = "-c";
		argv[at++] = postfix_dir;
	}
	argv[at++] = "reload";
	argv[at] = NULL;
	const pid_t pid = fork();

	if (pid < 0)
		return err_set_errno(err, "setup: cannot fork");
	if (pid == 0) {
		(void)execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0
		       ? ST_OK
		       : err_set(err, ST_IO, "postfix reload did not end well");
}

static enum status
apply(const struct setup_postfix_run *run, const struct setup_postfix *lines,
      struct err *err)
{
	enum status st = check_milter(run->config, err);

	for (size_t i = 0; st == ST_OK && i < lines->line_count; i++)
		st = postconf_set(run->postfix_dir, sbuf_text(&lines->lines[i]),
				  err);
	return st == ST_OK ? reload(run->postfix_dir, err) : st;
}

int
setup_postfix_run(const struct setup_postfix_run *run)
{
	AUTO(setup_postfix_done)
	struct setup_postfix lines = { .line_count = 0 };
	struct err err = { .st = ST_OK };
	enum status st =
		setup_postfix_look(run->config, run->postfix_dir, &lines, &err);

	if (st != ST_OK)
		return cli_fail(&err, NULL);
	if (lines.line_count == 0) {
		(void)puts(speech_text(run->speech,
				       N_("Postfix asks Sekimori already; "
					  "nothing was changed.")));
		return 0;
	}
	setup_postfix_show(&lines, run->postfix_dir);
	if (!run->agreed && isatty(STDIN_FILENO) == 0) {
		(void)err_set(&err, ST_NOT_FOUND, "nothing was changed");
		return cli_fail(&err, "Without a terminal: --yes.");
	}
	if (!run->agreed &&
	    !setup_questions_agree(run->speech, N_("Run these commands?")))
		return 0;
	st = apply(run, &lines, &err);
	if (st != ST_OK)
		return cli_fail(&err, "Start the programs, then try again; "
				      "sekimori doctor looks.");
	(void)puts(speech_text(run->speech, N_("Done. Next: sekimori doctor")));
	return 0;
}
