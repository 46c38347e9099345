/* doctor: the directory of the sockets, and whether the programs answer. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/doctor.h"
#include "cli/programs.h"
#include "lib/wire/control.h"

enum { DOCTOR_PATH_BYTES = 4300, DOCTOR_OPEN_TO_OTHERS = 0022 };

static void
look_at_program(struct doctor *doctor, const char *program)
{
	struct err err = { 0 };
	char path[DOCTOR_PATH_BYTES];
	enum status st = control_path(doctor->config->general.run_dir, program,
				      path, sizeof(path), &err);

	if (st == ST_OK && access(path, F_OK) != 0) {
		doctor_found(doctor, DOCTOR_PROGRAM_DOWN, "%s: %s is missing",
			     program, path);
		return;
	}
	if (st == ST_OK)
		st = control_ask(path, CONTROL_PING, &err);
	if (st == ST_OK)
		doctor_fine(doctor, DOCTOR_PROGRAM_DOWN, "%s answers", program);
	else if (err.sys_errno == EACCES || err.sys_errno == EPERM)
		doctor_skipped(doctor, DOCTOR_PROGRAM_DOWN,
			       "%s: only root and its own account may ask",
			       program);
	else if (err.sys_errno == ECONNREFUSED)
		doctor_found(doctor, DOCTOR_PROGRAM_DOWN, "%s: %s", program,
			     err.text);
	else
		doctor_found(doctor, DOCTOR_PROGRAM_SILENT, "%s: %s", program,
			     err.text);
}

/* Everybody may connect: SO_PEERCRED decides who is heard. */
static void
look_at_inner_socket(struct doctor *doctor, const char *path)
{
	const unsigned mode = 0666;
	struct stat info;

	if (stat(path, &info) != 0)
		return; /* said by look_at_program() */
	if (!S_ISSOCK(info.st_mode) || (info.st_mode & 0777U) != mode)
		doctor_found(doctor, DOCTOR_INNER_SOCKET,
			     "%s: mode %03o, not %03o", path,
			     info.st_mode & 0777U, mode);
	else
		doctor_fine(doctor, DOCTOR_INNER_SOCKET, "%s: mode %03o", path,
			    mode);
}

static void
look_at_dir(struct doctor *doctor, const char *dir)
{
	struct stat info;

	if (stat(dir, &info) != 0 || !S_ISDIR(info.st_mode))
		doctor_found(doctor, DOCTOR_RUN_DIR, "%s: no directory", dir);
	else if ((info.st_mode & DOCTOR_OPEN_TO_OTHERS) != 0)
		doctor_found(doctor, DOCTOR_RUN_DIR, "%s: uid %u, mode %03o",
			     dir, info.st_uid, info.st_mode & 0777U);
	else
		doctor_fine(doctor, DOCTOR_RUN_DIR, "%s: uid %u, mode %03o",
			    dir, info.st_uid, info.st_mode & 0777U);
}

/* A program's own directory, when it has made one. */
static void
look_at_own_dir(struct doctor *doctor, const char *program)
{
	char path[DOCTOR_PATH_BYTES];
	struct err err = { 0 };
	char *slash = NULL;

	if (control_path(doctor->config->general.run_dir, program, path,
			 sizeof(path), &err) != ST_OK)
		return;
	slash = strrchr(path, '/');
	if (slash != NULL)
		*slash = '\0';
	if (access(path, F_OK) == 0)
		look_at_dir(doctor, path);
}

/* A program of its own, which may be left out of a build or an installation. */
static void
look_at_pdf_reader(struct doctor *doctor)
{
	const struct config *config = doctor->config;
	const char *dir = config->general.program_dir;
	char path[DOCTOR_PATH_BYTES];

	(void)snprintf(path, sizeof(path), "%s/sekimori-worker-pdf",
		       dir[0] != '\0' ? dir : SEKIMORI_LIBEXECDIR);
	if (config->scanner.pdf_workers == 0)
		doctor_found(doctor, DOCTOR_PDF_READER,
			     "scanner.pdf_workers is 0");
	else if (access(path, X_OK) != 0)
		doctor_found(doctor, DOCTOR_PDF_READER, "%s is missing", path);
	else
		doctor_fine(doctor, DOCTOR_PDF_READER, "%s", path);
}

void
doctor_look_at_programs(struct doctor *doctor)
{
	const size_t count = programs_wanted(doctor->config);

	look_at_dir(doctor, doctor->config->general.run_dir);
	for (size_t i = 0; i < count; i++)
		look_at_own_dir(doctor, program_names[i]);
	for (size_t i = 0; i < count; i++)
		look_at_program(doctor, program_names[i]);
	look_at_pdf_reader(doctor);
	look_at_inner_socket(doctor, doctor->config->vault_socket);
	look_at_inner_socket(doctor, doctor->config->scanner_socket);
}
