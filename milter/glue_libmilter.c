#include "milter/glue_libmilter.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libmilter/mfapi.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/wire/channel.h"

enum {
	GLUE_BACKLOG = 1024,
	GLUE_POLL_MS = 20,
	/* libmilter writes the answer after the callback has returned. */
	GLUE_GRACE_MS = 200,
	GLUE_REPLY_BYTES = 900
};

static const unsigned long glue_actions =
	SMFIF_ADDHDRS | SMFIF_CHGHDRS | SMFIF_DELRCPT;
/* libmilter stands in for an MTA that does not know these. */
static const unsigned long glue_no_replies =
	SMFIP_NR_CONN | SMFIP_NR_HELO | SMFIP_NR_MAIL | SMFIP_NR_RCPT |
	SMFIP_NR_DATA | SMFIP_NR_HDR | SMFIP_NR_EOH | SMFIP_NR_BODY |
	SMFIP_NR_UNKN;

/* libmilter has one filter a process and no context for its callbacks. */
static const struct session_services *glue_services;
static atomic_int glue_running;

/* --- what the MTA can be asked ----------------------------------------- */

/* libmilter does not declare its inputs const, but does not change them. */
static char *
loose(const char *text)
{
	return (char *)(uintptr_t)text;
}

static enum status
glue_result(int result, const char *what, struct err *err)
{
	return result == MI_SUCCESS
		       ? ST_OK
		       : err_set(err, ST_IO, "mta: %s failed", what);
}

static const char *
glue_macro(void *self, const char *name)
{
	const char *value = smfi_getsymval(self, loose(name));

	return value != NULL ? value : "";
}

static enum status
glue_progress(void *self, struct err *err)
{
	return glue_result(smfi_progress(self), "progress", err);
}

static enum status
glue_add_field(void *self, const char *name, const char *value, struct err *err)
{
	AUTO(sbuf_done) struct sbuf text;
	enum status st = ST_OK;

	/* With SMFIP_HDR_LEADSPC the space is ours to give. */
	sbuf_init(&text, 10000);
	sbuf_add_byte(&text, ' ');
	sbuf_add_text(&text, value);
	st = sbuf_status(&text, "mta: field", err);
	if (st != ST_OK)
		return st;
	return glue_result(
		smfi_addheader(self, loose(name), loose(sbuf_text(&text))),
		"adding a field", err);
}

static enum status
glue_delete_field(void *self, const char *name, int index, struct err *err)
{
	return glue_result(smfi_chgheader(self, loose(name), index, NULL),
			   "removing a field", err);
}

static enum status
glue_delete_recipient(void *self, const char *given, struct err *err)
{
	return glue_result(smfi_delrcpt(self, loose(given)),
			   "deleting a recipient", err);
}

/* Printable ASCII; '%' is doubled, because the MTA formats the text. */
static enum status
glue_set_reply(void *self, const char *code, const char *enhanced,
	       const char *text, struct err *err)
{
	char safe[GLUE_REPLY_BYTES];
	size_t at = 0;

	for (; *text != '\0' && at + 3 < sizeof(safe); text++) {
		const bool printable = *text >= ' ' && *text < 0x7f;

		if (*text == '%')
			safe[at++] = '%';
		safe[at++] = (char)(printable ? *text : '?');
	}
	safe[at] = '\0';
	return glue_result(
		smfi_setreply(self, loose(code), loose(enhanced), safe),
		"setting a reply", err);
}

static const struct mta_ops glue_ops = {
	.macro = glue_macro,
	.progress = glue_progress,
	.add_field = glue_add_field,
	.delete_field = glue_delete_field,
	.delete_recipient = glue_delete_recipient,
	.set_reply = glue_set_reply,
};

/* --- callbacks ---------------------------------------------------------- */

static sfsistat
glue_answer(enum mta_answer answer)
{
	switch (answer) {
	case MTA_ANSWER_ACCEPT:
		return SMFIS_ACCEPT;
	case MTA_ANSWER_DISCARD:
		return SMFIS_DISCARD;
	case MTA_ANSWER_REJECT:
		return SMFIS_REJECT;
	case MTA_ANSWER_NONE:
	case MTA_ANSWER_TEMPFAIL:
	default:
		return SMFIS_TEMPFAIL;
	}
}

static enum mta_answer
glue_step(SMFICTX *ctx, const struct session_input *input)
{
	const struct mta mta = { &glue_ops, ctx };
	struct session *session = smfi_getpriv(ctx);
	enum mta_answer answer = MTA_ANSWER_TEMPFAIL;

	atomic_fetch_add(&glue_running, 1);
	if (session != NULL)
		answer = session_step(session, input, &mta);
	atomic_fetch_sub(&glue_running, 1);
	return answer;
}

/* Everything but the end of a mail: no reply was negotiated. */
static sfsistat
glue_tell(SMFICTX *ctx, const struct session_input *input)
{
	(void)glue_step(ctx, input);
	return SMFIS_NOREPLY;
}

static void
glue_forget(SMFICTX *ctx)
{
	struct session *session = smfi_getpriv(ctx);

	session_free(&session);
	(void)smfi_setpriv(ctx, NULL);
}

static sfsistat
/* NOLINTNEXTLINE(readability-function-size): libmilter's parameters */
glue_negotiate(SMFICTX *ctx, unsigned long f0, unsigned long f1,
	       unsigned long f2, unsigned long f3, unsigned long *pf0,
	       unsigned long *pf1, unsigned long *pf2, unsigned long *pf3)
{
	(void)ctx;
	(void)f2;
	(void)f3;
	if ((f0 & glue_actions) != glue_actions ||
	    (f1 & SMFIP_HDR_LEADSPC) == 0) {
		log_event(LOG_LEVEL_ERROR, "mta-too-old", NULL);
		return SMFIS_REJECT;
	}
	*pf0 = glue_actions;
	*pf1 = glue_no_replies | SMFIP_HDR_LEADSPC;
	*pf2 = 0;
	*pf3 = 0;
	return SMFIS_CONTINUE;
}

static sfsistat
/* NOLINTNEXTLINE(readability-non-const-parameter): libmilter's */
glue_connect(SMFICTX *ctx, char *name, _SOCK_ADDR *address)
{
	char text[INET6_ADDRSTRLEN] = "";
	const struct session_input input = { .event = EVENT_CONNECT,
					     .name = name,
					     .value = text };
	struct session *session = NULL;
	struct err err = { .st = ST_OK };

	if (address != NULL && address->sa_family == AF_INET)
		(void)inet_ntop(
			AF_INET,
			&((struct sockaddr_in *)(void *)address)->sin_addr,
			text, sizeof(text));
	else if (address != NULL && address->sa_family == AF_INET6)
		(void)inet_ntop(
			AF_INET6,
			&((struct sockaddr_in6 *)(void *)address)->sin6_addr,
			text, sizeof(text));
	glue_forget(ctx);
	/* Without a session every mail ends in a temporary failure. */
	if (session_new(glue_services, &session, &err) != ST_OK)
		log_event(LOG_LEVEL_ERROR, "session-not-begun", &err);
	else if (smfi_setpriv(ctx, session) != MI_SUCCESS)
		session_free(&session);
	return glue_tell(ctx, &input);
}

static sfsistat
/* NOLINTNEXTLINE(readability-non-const-parameter): libmilter's */
glue_helo(SMFICTX *ctx, char *name)
{
	const struct session_input input = { .event = EVENT_HELO,
					     .name = name };

	return glue_tell(ctx, &input);
}

static sfsistat
glue_envelope(SMFICTX *ctx, enum session_event event, char **argv)
{
	const struct session_input input = {
		.event = event,
		.name = argv[0],
		.args = (const char *const *)(void *)&argv[1],
	};

	return glue_tell(ctx, &input);
}

static sfsistat
glue_mail(SMFICTX *ctx, char **argv)
{
	return glue_envelope(ctx, EVENT_MAIL, argv);
}

static sfsistat
glue_rcpt(SMFICTX *ctx, char **argv)
{
	return glue_envelope(ctx, EVENT_RCPT, argv);
}

static sfsistat
glue_data(SMFICTX *ctx)
{
	const struct session_input input = { .event = EVENT_DATA };

	return glue_tell(ctx, &input);
}

static sfsistat
/* NOLINTNEXTLINE(readability-non-const-parameter): libmilter's */
glue_header(SMFICTX *ctx, char *name, char *value)
{
	const struct session_input input = { .event = EVENT_HEADER,
					     .name = name,
					     .value = value };

	return glue_tell(ctx, &input);
}

static sfsistat
glue_eoh(SMFICTX *ctx)
{
	const struct session_input input = { .event = EVENT_EOH };

	return glue_tell(ctx, &input);
}

static sfsistat
/* NOLINTNEXTLINE(readability-non-const-parameter): libmilter's */
glue_body(SMFICTX *ctx, unsigned char *bytes, size_t len_bytes)
{
	const struct session_input input = { .event = EVENT_BODY,
					     .chunk = { bytes, len_bytes } };

	return glue_tell(ctx, &input);
}

static sfsistat
glue_eom(SMFICTX *ctx)
{
	const struct session_input input = { .event = EVENT_EOM };

	return glue_answer(glue_step(ctx, &input));
}

static sfsistat
glue_abort(SMFICTX *ctx)
{
	const struct session_input input = { .event = EVENT_ABORT };

	(void)glue_step(ctx, &input);
	return SMFIS_CONTINUE;
}

static sfsistat
glue_close(SMFICTX *ctx)
{
	const struct session_input input = { .event = EVENT_CLOSE };

	(void)glue_step(ctx, &input);
	glue_forget(ctx);
	return SMFIS_CONTINUE;
}

static sfsistat
glue_unknown(SMFICTX *ctx, const char *command)
{
	const struct session_input input = { .event = EVENT_UNKNOWN,
					     .name = command };

	return glue_tell(ctx, &input);
}

/* --- the program's side ------------------------------------------------- */

static const char *
glue_socket_path(const char *socket)
{
	if (strncmp(socket, "unix:", 5) == 0)
		return socket + 5;
	return strncmp(socket, "local:", 6) == 0 ? socket + 6 : NULL;
}

/* umask made it ours alone; now let the MTA's group in. */
static enum status
glue_share(const char *path, const struct glue_owner *owner, struct err *err)
{
	const bool given = owner->uid != (uid_t)-1 || owner->gid != (gid_t)-1;

	/* Started as our account: the directory gives its group (setgid). */
	if (given && chown(path, owner->uid, owner->gid) != 0)
		return err_set_errno(err, "%s: cannot give it to group %u",
				     path, (unsigned)owner->gid);
	if (chmod(path, 0660) != 0)
		return err_set_errno(err, "%s: cannot set its mode", path);
	return ST_OK;
}

enum status
glue_libmilter_open(const char *socket, const struct glue_owner *owner,
		    const struct session_services *services, struct err *err)
{
	char name[] = "sekimori";
	const struct smfiDesc filter = {
		.xxfi_name = name,
		.xxfi_version = SMFI_VERSION,
		.xxfi_flags = glue_actions,
		.xxfi_connect = glue_connect,
		.xxfi_helo = glue_helo,
		.xxfi_envfrom = glue_mail,
		.xxfi_envrcpt = glue_rcpt,
		.xxfi_header = glue_header,
		.xxfi_eoh = glue_eoh,
		.xxfi_body = glue_body,
		.xxfi_eom = glue_eom,
		.xxfi_abort = glue_abort,
		.xxfi_close = glue_close,
		.xxfi_unknown = glue_unknown,
		.xxfi_data = glue_data,
		.xxfi_negotiate = glue_negotiate,
	};
	const char *path = glue_socket_path(socket);

	glue_services = services;
	if (smfi_setconn(loose(socket)) != MI_SUCCESS)
		return err_set(err, ST_FORMAT, "milter.socket: \"%.100s\"",
			       socket);
	if (smfi_register(filter) != MI_SUCCESS)
		return err_set(err, ST_IO, "milter: libmilter refuses");
	(void)smfi_setbacklog(GLUE_BACKLOG);
	if (smfi_opensocket(true) != MI_SUCCESS)
		return err_set_errno(err, "%.100s: cannot listen", socket);
	return path != NULL ? glue_share(path, owner, err) : ST_OK;
}

enum status
glue_libmilter_run(struct err *err)
{
	return glue_result(smfi_main(), "libmilter", err);
}

static void *
glue_call_stop(void *context)
{
	atomic_bool *done = context;

	(void)smfi_stop();
	atomic_store(done, true);
	return NULL;
}

void
glue_libmilter_stop(const char *socket)
{
	const struct timespec pause = { 0, GLUE_POLL_MS * 1000000 };
	const char *path = glue_socket_path(socket);
	atomic_bool done = false;
	pthread_t thread;

	if (pthread_create(&thread, NULL, glue_call_stop, &done) != 0) {
		(void)smfi_stop();
		return;
	}
	/* smfi_stop() waits for a lock that the listener keeps while it
	 * waits; each connection makes it let go for a moment. */
	while (path != NULL && !atomic_load(&done)) {
		struct channel channel = { .fd = FD_NONE };

		if (channel_connect(path, &channel, NULL) != ST_OK)
			break;
		channel_close(&channel);
		(void)nanosleep(&pause, NULL);
	}
	(void)pthread_join(thread, NULL);
}

enum status
glue_libmilter_drain(int64_t deadline_mono_ms, struct err *err)
{
	const struct timespec pause = { 0, GLUE_POLL_MS * 1000000 };
	const struct timespec grace = { 0, GLUE_GRACE_MS * 1000000 };

	while (atomic_load(&glue_running) > 0) {
		if (clock_left_ms(deadline_mono_ms) == 0)
			return err_set(err, ST_LIMIT,
				       "milter: %d mails still in progress",
				       atomic_load(&glue_running));
		(void)nanosleep(&pause, NULL);
	}
	(void)nanosleep(&grace, NULL);
	return ST_OK;
}
