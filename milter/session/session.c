#include "milter/session/session.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/log.h"
#include "milter/session/session_table.h"

const char *
mta_answer_name(enum mta_answer answer)
{
	static const char *const names[] = { "none", "accept", "discard",
					     "reject", "tempfail" };

	return (size_t)answer < ARRAY_LEN(names) ? names[answer] : "none";
}

enum status
session_new(const struct session_services *services,
	    struct session **session_out, struct err *err)
{
	struct session *session = calloc(1, sizeof(*session));

	if (session == NULL)
		return err_set(err, ST_NO_MEMORY, "session: no memory");
	session->services = services;
	session->state = SESSION_NEW;
	*session_out = session;
	return ST_OK;
}

static void
session_drop_mail(struct session *session)
{
	mail_free(&session->mail);
	settings_release(session->services->settings, &session->snapshot);
	session->no_mail = false;
}

void
session_free(struct session **session)
{
	struct session *s = *session;

	if (s == NULL)
		return;
	session_drop_mail(s);
	free(s->client.name);
	free(s->client.address);
	free(s->client.helo);
	free(s);
	*session = NULL;
}

enum session_state
session_state_of(const struct session *session)
{
	return session->state;
}

/* Out of memory leaves NULL, which reads as "unknown". */
static void
session_keep(char **place, const char *text)
{
	free(*place);
	*place = strdup(text != NULL ? text : "");
}

void
session_on_connect(struct session *session, struct session_step_context *step)
{
	session_keep(&session->client.name, step->input->name);
	session_keep(&session->client.address, step->input->value);
}

void
session_on_helo(struct session *session, struct session_step_context *step)
{
	session_keep(&session->client.helo, step->input->name);
}

void
session_on_mail(struct session *session, struct session_step_context *step)
{
	const struct mail_envelope envelope = {
		.sender = step->input->name,
		.args = step->input->args,
		.login =
			step->mta->ops->macro(step->mta->self, "{auth_authen}"),
	};
	struct err err = { .st = ST_OK };

	session_drop_mail(session);
	session->snapshot = settings_hold(session->services->settings);
	if (mail_new(session->snapshot->config, session->services->budget,
		     &envelope, &session->mail, &err) == ST_OK)
		return;
	session->no_mail = true;
	log_event(LOG_LEVEL_ERROR, "mail-not-begun", &err);
}

void
session_on_rcpt(struct session *session, struct session_step_context *step)
{
	if (session->mail != NULL)
		mail_add_recipient(session->mail, step->input->name,
				   step->input->args);
}

void
session_on_header(struct session *session, struct session_step_context *step)
{
	if (session->mail != NULL)
		mail_add_field(session->mail, step->input->name,
			       step->input->value);
}

void
session_on_eoh(struct session *session, struct session_step_context *step)
{
	char queue_id[128];
	const struct mta *mta = step->mta;

	if (session->mail == NULL)
		return;
	/* The second call may reuse the room of the first answer. */
	(void)snprintf(queue_id, sizeof(queue_id), "%s",
		       mta->ops->macro(mta->self, "i"));
	mail_end_header(session->mail, queue_id,
			mta->ops->macro(mta->self, "j"));
}

void
session_on_body(struct session *session, struct session_step_context *step)
{
	if (session->mail != NULL)
		mail_add_body(session->mail, step->input->chunk);
}

/* Say that it failed, with whatever words the MTA takes. */
static void
session_tempfail(struct session_step_context *step, enum refusal refusal)
{
	const struct refusal_words *words = refusal_words(refusal);

	(void)step->mta->ops->set_reply(step->mta->self, words->code,
					words->enhanced, words->text, NULL);
	step->answer = MTA_ANSWER_TEMPFAIL;
}

void
session_on_eom(struct session *session, struct session_step_context *step)
{
	const struct session_services *services = session->services;

	if (session->mail == NULL)
		session_tempfail(step, REFUSAL_INTERNAL);
	else
		step->answer = services->finish(services->finish_context,
						session->mail, &session->client,
						step->mta);
	session_drop_mail(session);
}

void
session_on_broken_eom(struct session *session,
		      struct session_step_context *step)
{
	session_tempfail(step, REFUSAL_PROTOCOL);
	session_drop_mail(session);
}

void
session_on_abort(struct session *session, struct session_step_context *step)
{
	(void)step;
	session_drop_mail(session);
}

void
session_on_nothing(struct session *session, struct session_step_context *step)
{
	(void)session;
	(void)step;
}

/* An empty cell: whatever mail this is about will be refused. */
static enum mta_answer
session_break(struct session *session, struct session_step_context *step)
{
	struct log_line line;

	log_begin(&line, LOG_LEVEL_WARNING, "protocol-error");
	log_text(&line, "state", session_state_name(session->state));
	log_text(&line, "event", session_event_name(step->input->event));
	log_send(&line);
	session_drop_mail(session);
	session->state = SESSION_BROKEN;
	if (step->input->event == EVENT_EOM) {
		/* That was the end of the mail in question. */
		session->state = SESSION_CONNECTED;
		session_tempfail(step, REFUSAL_PROTOCOL);
	}
	return step->answer;
}

enum mta_answer
session_step(struct session *session, const struct session_input *input,
	     const struct mta *mta)
{
	struct session_step_context step = { .input = input, .mta = mta };
	const enum session_state from = session->state;
	const struct session_transition *cell =
		session_transition_of(from, input->event);
	struct log_line line;

	if (cell->next == SESSION_NONE)
		return session_break(session, &step);
	cell->handler(session, &step);
	session->state = cell->next;
	if (from == cell->next)
		return step.answer;
	log_begin(&line, LOG_LEVEL_DEBUG, "step");
	log_text(&line, "from", session_state_name(from));
	log_text(&line, "to", session_state_name(cell->next));
	log_send(&line);
	return step.answer;
}
