/* A visit that has begun: prove who you are, then take the files. */
#include <string.h>

#include "lib/base/log.h"
#include "lib/base/parse.h"
#include "quarantine-ui/portal/file_name.h"
#include "quarantine-ui/portal/portal_page.h"

enum { VISIT_RETRY_S = 60, VISIT_PASSWORD_RETRY_S = 3 };

/* Shown before everything is proved. */
struct visit_page {
	const char *id, *failure, *sender, *recipient, *stamp;
	const char *size, *expires, *code_life;
	uint64_t file_count, tries_left;
	bool single, code_sent, few_tries;
};

static const struct template_field visit_fields[] = {
	TEMPLATE_TEXT_F(struct visit_page, id),
	TEMPLATE_TEXT_F(struct visit_page, failure),
	TEMPLATE_TEXT_F(struct visit_page, sender),
	TEMPLATE_TEXT_F(struct visit_page, recipient),
	TEMPLATE_TEXT_F(struct visit_page, stamp),
	TEMPLATE_TEXT_F(struct visit_page, size),
	TEMPLATE_TEXT_F(struct visit_page, expires),
	TEMPLATE_TEXT_F(struct visit_page, code_life),
	TEMPLATE_NUMBER_F(struct visit_page, file_count),
	TEMPLATE_NUMBER_F(struct visit_page, tries_left),
	TEMPLATE_FLAG_F(struct visit_page, single),
	TEMPLATE_FLAG_F(struct visit_page, code_sent),
	TEMPLATE_FLAG_F(struct visit_page, few_tries),
};
const struct template_shape portal_shape_visit =
	TEMPLATE_SHAPE(visit_page, visit_fields);

struct file_row {
	const char *name, *size;
	uint64_t number, more;
	bool open;
};

static const struct template_field row_fields[] = {
	TEMPLATE_TEXT_F(struct file_row, name),
	TEMPLATE_TEXT_F(struct file_row, size),
	TEMPLATE_NUMBER_F(struct file_row, number),
	TEMPLATE_NUMBER_F(struct file_row, more),
	TEMPLATE_FLAG_F(struct file_row, open),
};
static const struct template_shape row_shape =
	TEMPLATE_SHAPE(file_row, row_fields);

struct files_page {
	const char *id, *failure, *sender, *recipient, *stamp, *size;
	const char *sent, *sent_iso, *expires, *expires_iso, *left;
	uint64_t file_count;
	bool several, once, limited, own, all_open, some_gone;
	const struct file_row *rows;
	size_t row_count;
};

static const struct template_field files_fields[] = {
	TEMPLATE_TEXT_F(struct files_page, id),
	TEMPLATE_TEXT_F(struct files_page, failure),
	TEMPLATE_TEXT_F(struct files_page, sender),
	TEMPLATE_TEXT_F(struct files_page, recipient),
	TEMPLATE_TEXT_F(struct files_page, stamp),
	TEMPLATE_TEXT_F(struct files_page, size),
	TEMPLATE_TEXT_F(struct files_page, sent),
	TEMPLATE_TEXT_F(struct files_page, sent_iso),
	TEMPLATE_TEXT_F(struct files_page, expires),
	TEMPLATE_TEXT_F(struct files_page, expires_iso),
	TEMPLATE_TEXT_F(struct files_page, left),
	TEMPLATE_NUMBER_F(struct files_page, file_count),
	TEMPLATE_FLAG_F(struct files_page, several),
	TEMPLATE_FLAG_F(struct files_page, once),
	TEMPLATE_FLAG_F(struct files_page, limited),
	TEMPLATE_FLAG_F(struct files_page, own),
	TEMPLATE_FLAG_F(struct files_page, all_open),
	TEMPLATE_FLAG_F(struct files_page, some_gone),
	TEMPLATE_LIST_F(struct files_page, rows, row_count, row_shape),
};
const struct template_shape portal_shape_files =
	TEMPLATE_SHAPE(files_page, files_fields);

static enum status
visit_show_proof(struct visit *visit, const char *failure, struct err *err)
{
	const struct tell tell = visit_tell(visit);
	const struct vault_link_view *link = &visit->link;
	const struct config_portal *config = &visit->view->config->portal;
	const bool password = link->stage == LINK_STAGE_PASSWORD;
	const struct visit_page values = {
		.id = visit->link_text,
		.failure = visit_text(visit, failure),
		.sender = link->sender,
		.recipient = link->recipient,
		.stamp = visit->view->stamp,
		.size = tell_size(&tell, link->total_bytes),
		.expires = tell_day_zone(&tell, link->expires_unix_ms),
		.code_life = tell_number(&tell, N_("{n} minutes"),
					 (uint64_t)config->code_life_s / 60),
		.file_count = link->file_count,
		.tries_left = link->tries_left,
		.single = link->file_count == 1,
		.code_sent = link->code_sent,
		.few_tries = link->tries_left > 0 &&
			     (int64_t)link->tries_left < config->wrong_codes,
	};

	return portal_render(
		visit,
		password ? PORTAL_TEMPLATE_PASSWORD : PORTAL_TEMPLATE_CODE,
		&values,
		visit_text(visit, password ? N_("Password") : N_("Is it you?")),
		err);
}

static bool
visit_is_open(const struct visit *visit, size_t file)
{
	return file < visit->link.open_files.len_bytes &&
	       visit->link.open_files.ptr[file] != 0;
}

static uint64_t
visit_left(const struct visit *visit, size_t file)
{
	return file < visit->link.left_files.len_bytes
		       ? visit->link.left_files.ptr[file]
		       : 0;
}

static void
visit_fill_rows(struct visit *visit, const struct link_manifest *manifest,
		struct files_page *page)
{
	const struct tell tell = visit_tell(visit);
	struct file_row *rows = scratch_alloc(
		&visit->scratch, manifest->file_count, sizeof(*rows));

	if (rows == NULL)
		return;
	page->all_open = true;
	for (size_t i = 0; i < manifest->file_count; i++) {
		const struct vault_link_file *file = &manifest->files[i];
		char name[FILE_NAME_BYTES];

		file_name_clean(file->name, i + 1, name);
		rows[i] = (struct file_row){
			.name = scratch_text(&visit->scratch, span_of(name)),
			.size = tell_size(&tell, file->size_bytes),
			.number = i + 1,
			.open = visit_is_open(visit, i),
			.more = visit_left(visit, i),
		};
		page->all_open &= rows[i].open;
		page->some_gone |= !rows[i].open;
	}
	page->rows = rows;
	page->row_count = manifest->file_count;
}

static enum status
visit_show_files(struct visit *visit, const char *failure, struct err *err)
{
	const struct tell tell = visit_tell(visit);
	const struct vault_link_view *link = &visit->link;
	struct files_page values = {
		.id = visit->link_text,
		.failure = visit_text(visit, failure),
		.sender = link->sender,
		.recipient = link->recipient,
		.stamp = visit->view->stamp,
		.size = tell_size(&tell, link->total_bytes),
		.sent = tell_day_zone(&tell, link->sent_unix_ms),
		.sent_iso = tell_iso(&tell, link->sent_unix_ms),
		.expires = tell_day_zone(&tell, link->expires_unix_ms),
		.expires_iso = tell_iso(&tell, link->expires_unix_ms),
		.left = tell_until(&tell, link->expires_unix_ms),
		.file_count = link->file_count,
		.several = link->file_count > 1,
		.once = link->downloads == 1,
		.limited = link->downloads > 1,
		.own = link->kind == LINK_KIND_SENDER,
	};
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct link_manifest manifest = { NULL, 0 };
	uint8_t file_key[SEAL_KEY_BYTES];
	const enum status st =
		visit_unlock(visit, link->wrapped, link->manifest, file_key,
			     &manifest, &arena, err);

	explicit_bzero(file_key, sizeof(file_key));
	if (st == ST_NOT_FOUND)
		return portal_no_visit(visit, err);
	if (st != ST_OK)
		return st;
	visit_fill_rows(visit, &manifest, &values);
	http_response_set_secret(visit->response);
	return portal_render(visit, PORTAL_TEMPLATE_FILES, &values,
			     visit_text(visit, N_("Your files")), err);
}

enum status
portal_show_stage(struct visit *visit, const char *failure, struct err *err)
{
	return visit->link.stage == LINK_STAGE_READY
		       ? visit_show_files(visit, failure, err)
		       : visit_show_proof(visit, failure, err);
}

static void
visit_to_files(struct visit *visit)
{
	http_response_redirect(visit->response,
			       scratch_textf(&visit->scratch, "/l/%s/files",
					     visit->link_text));
}

enum status
portal_files(struct visit *visit, struct err *err)
{
	enum status st = ST_OK;

	if (visit->key_kind == VISIT_KEY_NONE)
		return portal_no_visit(visit, err);
	st = visit_look(visit, err);
	if (st == ST_NOT_FOUND || st == ST_DENIED)
		return portal_no_visit(visit, err);
	return st == ST_OK ? portal_show_stage(visit, "", err) : st;
}

/* Over the rate: the page of the stage, which is only looked at. */
static enum status
visit_too_fast(struct visit *visit, struct err *err)
{
	const enum status st = visit_look(visit, err);

	visit->response->status = 429;
	visit->response->retry_after_s = VISIT_RETRY_S;
	if (st != ST_OK)
		return st;
	return portal_show_stage(visit,
				 N_("Too many tries from your address. Wait a "
				    "minute, then try again."),
				 err);
}

/* The same page again, with what went wrong. */
static enum status
visit_again(struct visit *visit, unsigned status, const char *failure,
	    struct err *err)
{
	const enum status st = visit_look(visit, err);

	if (st == ST_NOT_FOUND || st == ST_DENIED)
		return portal_no_visit(visit, err);
	if (st != ST_OK)
		return st;
	visit->response->status = status;
	return portal_show_stage(visit, failure, err);
}

enum status
portal_code(struct visit *visit, struct err *err)
{
	enum status st = ST_OK;

	if (visit->key_kind == VISIT_KEY_NONE)
		return portal_no_visit(visit, err);
	if (!visit_may_try(visit))
		return visit_too_fast(visit, err);
	st = visit_send_code(visit, err);
	if (st == ST_NOT_FOUND)
		return portal_no_visit(visit, err);
	if (st == ST_DENIED || visit->vault->failure == VAULT_FAILURE_BUSY)
		return visit_again(visit, 429,
				   N_("Too many codes were sent within an "
				      "hour. Use the last one that came, or "
				      "try again later."),
				   err);
	if (st == ST_OK)
		visit_to_files(visit);
	return st;
}

static void
visit_log_wrong(const struct visit *visit)
{
	struct log_line line;

	log_begin(&line, LOG_LEVEL_WARNING, "proof-refused");
	log_text(&line, "link", visit->link_text);
	log_text(&line, "client", visit->request->client_address);
	log_send(&line);
}

static enum status
visit_proved(struct visit *visit, enum link_stage before, struct err *err)
{
	/* A stage further, or everything: the cookie changes with it. */
	if (visit->link.stage != before) {
		visit_keep(visit);
		visit_to_files(visit);
		return ST_OK;
	}
	visit_log_wrong(visit);
	visit->response->status = 403;
	if (visit->link.tries_left == 0)
		return portal_show_open(
			visit,
			N_("There were too many wrong codes: the link is "
			   "locked now. The sender has been told, and can "
			   "unlock it."),
			err);
	return portal_show_stage(
		visit,
		before == LINK_STAGE_PASSWORD
			? N_("That is not the password. Mind capitals and the "
			     "kind of letters.")
			: N_("That is not the code, or it is too old. Type the "
			     "last one that came."),
		err);
}

static enum status
visit_prove(struct visit *visit, enum link_stage *before_out, struct err *err)
{
	const char *password = form_get(&visit->form, "password");

	if (password[0] != '\0') {
		*before_out = LINK_STAGE_PASSWORD;
		return visit_prove_password(visit, password, err);
	}
	*before_out = LINK_STAGE_CODE;
	return visit_prove_mailbox(
		visit, visit_typed(visit, form_get(&visit->form, "code")), err);
}

enum status
portal_prove(struct visit *visit, struct err *err)
{
	enum link_stage before = LINK_STAGE_NONE;
	enum status st = ST_OK;

	if (visit->key_kind == VISIT_KEY_NONE)
		return portal_no_visit(visit, err);
	if (!visit_may_try(visit))
		return visit_too_fast(visit, err);
	st = visit_prove(visit, &before, err);
	if (st == ST_OK)
		return visit_proved(visit, before, err);
	if (st == ST_NOT_FOUND)
		return portal_no_visit(visit, err);
	if (st == ST_LIMIT && visit->vault->failure == VAULT_FAILURE_NONE) {
		visit->response->retry_after_s = VISIT_PASSWORD_RETRY_S;
		return visit_again(visit, 503,
				   N_("Others are typing passwords just now. "
				      "Try again in a few seconds."),
				   err);
	}
	if (st != ST_DENIED && st != ST_FORMAT)
		return st;
	st = visit_look(visit, err);
	if (st == ST_NOT_FOUND)
		return portal_no_visit(visit, err);
	return st == ST_OK ? visit_proved(visit, visit->link.stage, err) : st;
}

enum status
portal_take(struct visit *visit, struct err *err)
{
	const char *which = form_get(&visit->form, "file");
	const bool all = strcmp(which, "all") == 0;
	uint64_t number = 0;
	enum status st = ST_OK;

	if (visit->key_kind == VISIT_KEY_NONE)
		return portal_no_visit(visit, err);
	if (!all && (!parse_u64(span_of(which), LINK_MAX_FILES, &number) ||
		     number == 0))
		return err_set(err, ST_FORMAT, "portal: no such file");
	st = visit_take(visit, all ? LINK_ALL_FILES : (uint32_t)number - 1,
			err);
	if (st == ST_NOT_FOUND)
		return portal_no_visit(visit, err);
	if (st == ST_DENIED || st == ST_END)
		return visit_again(visit, 409,
				   N_("This file was fetched already, as often "
				      "as it may be. If it did not reach you, "
				      "ask the sender to send it again."),
				   err);
	if (st != ST_OK)
		return st;
	http_response_redirect(
		visit->response,
		all ? scratch_textf(&visit->scratch, "/l/%s/zip",
				    visit->link_text)
		    : scratch_textf(&visit->scratch, "/l/%s/f/%u",
				    visit->link_text, (unsigned)number));
	return ST_OK;
}
