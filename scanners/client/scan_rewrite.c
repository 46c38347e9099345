#include "scanners/client/scan_rewrite.h"

#include <stdlib.h>
#include <unistd.h>

#include "scanners/client/scan_client_internal.h"

void
scan_rewrite_free(struct scan_rewrite **rewrite)
{
	if (*rewrite == NULL)
		return;
	fd_close(&(*rewrite)->mail_fd);
	fd_close(&(*rewrite)->files_fd);
	wire_arena_free(&(*rewrite)->arena);
	free(*rewrite);
	*rewrite = NULL;
}

/* Room for the files: what is decoded is never longer than it was. */
static enum status
rewrite_open_files(uint64_t mail_bytes, int *files_fd_out, struct err *err)
{
	AUTO(fd_close) int files_fd = FD_NONE;
	const enum status st = fd_memory("sekimori-files", &files_fd, err);

	if (st != ST_OK)
		return st;
	if (ftruncate(files_fd, (off_t)mail_bytes) != 0)
		return err_set_errno(err, "scan: no room for files");
	*files_fd_out = FD_MOVE(files_fd);
	return ST_OK;
}

/* The worker has let go of it, or it cannot be sealed. */
static enum status
rewrite_close_files(int files_fd, uint64_t files_bytes, struct err *err)
{
	uint64_t size_bytes = 0;
	enum status st = ST_OK;

	if (ftruncate(files_fd, (off_t)files_bytes) != 0)
		return err_set_errno(err, "scan: files cannot be cut");
	st = fd_seal(files_fd, err);
	if (st == ST_OK)
		st = fd_size(files_fd, &size_bytes, err);
	if (st == ST_OK && size_bytes != files_bytes)
		st = err_set(err, ST_FORMAT, "scan: files of another size");
	return st;
}

static enum status
rewrite_write_mail(struct scan_rewrite *rewrite, struct span mail,
		   struct err *err)
{
	const struct rewrite_plan *plan = &rewrite->plan;
	char room[REWRITE_FRAME_BYTES];
	uint64_t at = 0;
	enum status st = fd_memory("sekimori-link", &rewrite->mail_fd, err);

	for (size_t i = 0; st == ST_OK && i < plan->piece_count; i++) {
		const struct span bytes =
			rewrite_piece_bytes(plan, i, mail, room);

		if (plan->pieces[i].kind == REWRITE_PIECE_HOLE)
			rewrite->hole_at = at;
		if (bytes.len_bytes > 0)
			st = fd_write_all(rewrite->mail_fd, bytes, err);
		at += bytes.len_bytes;
	}
	return st == ST_OK ? fd_seal(rewrite->mail_fd, err) : st;
}

/* Put the new mail together, and keep the files. */
static enum status
rewrite_take_plan(struct scan_rewrite *rewrite, int mail_fd, int *files_fd,
		  struct err *err)
{
	AUTO(fd_unmap) struct span mail = { NULL, 0 };
	enum status st = fd_map_sealed(mail_fd, UINT64_MAX, &mail, err);

	if (st == ST_OK)
		st = rewrite_check(&rewrite->plan, mail.len_bytes, err);
	if (st != ST_OK || rewrite->plan.refusal != REWRITE_REFUSAL_NONE)
		return st;
	st = rewrite_close_files(*files_fd, rewrite->plan.files_bytes, err);
	if (st == ST_OK)
		st = rewrite_write_mail(rewrite, mail, err);
	if (st == ST_OK)
		rewrite->files_fd = FD_MOVE(*files_fd);
	return st;
}

static enum status
rewrite_take_frame(const struct scan_exchange *exchange, int *files_fd,
		   struct scan_rewrite **rewrite_out, struct err *err)
{
	AUTO(scan_rewrite_free)
	struct scan_rewrite *rewrite = calloc(1, sizeof(*rewrite));
	struct err cause = { .st = ST_OK };
	enum status st = ST_OK;

	if (rewrite == NULL)
		return err_set(err, ST_NO_MEMORY, "scan: no memory");
	rewrite->mail_fd = FD_NONE;
	rewrite->files_fd = FD_NONE;
	st = frame_decode(&exchange->answer, &rewrite_table, &rewrite->plan,
			  &rewrite->arena, &cause);
	if (st != ST_OK)
		return scan_answer_odd(&cause, err);
	st = rewrite_take_plan(rewrite, exchange->fds[0], files_fd, err);
	if (st == ST_OK)
		*rewrite_out = MOVE(rewrite);
	return st;
}

enum status
scan_client_rewrite(struct scan_client *client,
		    const struct scan_request *request, int fd,
		    const struct scan_wait *wait,
		    struct scan_rewrite **rewrite_out, struct err *err)
{
	AUTO(fd_close) int files_fd = FD_NONE;
	struct scan_request wanted = *request;
	uint64_t mail_bytes = 0;
	enum status st = fd_size(fd, &mail_bytes, err);

	if (st == ST_OK)
		st = rewrite_open_files(mail_bytes, &files_fd, err);
	if (st != ST_OK)
		return st;
	wanted.input = SCAN_INPUT_MAIL;
	wanted.reveal = false;
	wanted.preview = false;
	if (wanted.rewrite == REWRITE_NONE)
		wanted.rewrite = REWRITE_ALL;
	if (wanted.rewrite_names == REWRITE_NAMES_NONE)
		wanted.rewrite_names = REWRITE_NAMES_MASKED;
	struct scan_exchange exchange = { .request = &wanted,
					  .fds = { fd, files_fd },
					  .fd_count = SCAN_REWRITE_FDS,
					  .wait = wait };

	st = scan_ask(client, &exchange, err);
	if (st == ST_OK && exchange.answer.type == report_table.type)
		st = scan_take_reason(&wanted, &exchange.answer, "link mail",
				      err);
	else if (st == ST_OK)
		st = rewrite_take_frame(&exchange, &files_fd, rewrite_out, err);
	frame_done(&exchange.answer);
	return st;
}
