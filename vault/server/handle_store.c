#include "vault/server/handle.h"

#include <stdio.h>

#include "vault/case/related.h"
#include "vault/store/upkeep.h"

static enum status
do_store_check(struct vault *vault, struct request *request, struct err *err)
{
	struct upkeep_finding finding = { .cases = 0 };
	const enum status st = upkeep_check(
		vault->store, vault->config->general.state_dir, &finding, err);

	if (st != ST_OK)
		return st;
	(void)snprintf(request->text, sizeof(request->text), "%s",
		       finding.first_problem);
	request->answer.store_check = (struct vault_store_check_answer){
		.intact = finding.problems == 0,
		.cases = finding.cases,
		.blobs = finding.blobs,
		.problems = finding.problems,
		.first_problem = request->text,
	};
	return ST_OK;
}

enum status
handle_STORE_CHECK(struct request *request, struct err *err)
{
	return request_read(request, do_store_check, err);
}

static enum status
do_backup(struct vault *vault, struct request *request, struct err *err)
{
	/* It reads in rounds of its own, each one transaction. */
	store_rollback(vault->store);
	return upkeep_backup(vault->store, vault->config->general.state_dir,
			     request->fd, err);
}

enum status
handle_STORE_BACKUP(struct request *request, struct err *err)
{
	return handle_note_then_write(request, "backup", do_backup, err);
}

static enum status
do_forget_words(struct vault *vault, struct request *request, struct err *err)
{
	return related_forget(vault, request->actor.user.login,
			      request->actor.via,
			      &request->answer.words_forgotten.count, err);
}

enum status
handle_WORDS_FORGET(struct request *request, struct err *err)
{
	return request_write(request, WRITER_PRIORITY_NORMAL, do_forget_words,
			     err);
}
