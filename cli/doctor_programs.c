/* doctor: directories, sockets, and whether the programs answer. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/directories.h"
#include "cli/doctor.h"
#include "cli/programs.h"
#include "lib/proc/process.h"
#include "lib/wire/control.h"

enum { DOCTOR_PATH_BYTES = 4300 };

static void
look_at_program(struct doctor *doctor, const char *program)
{
	struct err err = { 0 };
	char path[DOCTOR_PATH_BYTES];
	enum status st = control_path(doctor->config->general.run_dir, program,
				      path, sizeof(path), &err);

	if (st == ST_OK && access(path, F_OK) != 0) {
		doctor_wrong(doctor,
			     "Start it: systemctl start sekimori.target, or "
			     "sekimori run. Its log says why it ended.",
			     "%s does not run (%s is missing)", program, path);
		return;
	}
	if (st == ST_OK)
		st = control_ask(path, CONTROL_PING, &err);
	if (st == ST_OK)
		doctor_good(doctor, "%s answers", program);
	else if (err.sys_errno == EACCES || err.sys_errno == EPERM)
		doctor_note(doctor,
			    "%s: only root and its own account may ask "
			    "whether it runs",
			    program);
	else
		doctor_wrong(doctor, "Look at its log; start it again.",
			     "%s does not answer: %s", program, err.text);
}

/* A socket has the mode that its check of the peer asks for. */
static void
look_at_socket(struct doctor *doctor, const char *path, unsigned mode)
{
	struct stat info;

	if (stat(path, &info) != 0)
		return; /* said by look_at_program() */
	if (!S_ISSOCK(info.st_mode) || (info.st_mode & 0777U) != mode)
		doctor_wrong(doctor,
			     "Start the program again; it makes its "
			     "socket anew.",
			     "%s has mode %03o, not %03o", path,
			     info.st_mode & 0777U, mode);
	else
		doctor_good(doctor, "%s has mode %03o", path, mode);
}

static void
look_at_run_dir(struct doctor *doctor)
{
	const char *dir = doctor->config->general.run_dir;
	struct stat info;

	if (stat(dir, &info) != 0 || !S_ISDIR(info.st_mode))
		doctor_wrong(doctor,
			     "The programs make it when they start as "
			     "root; so does sekimori run.",
			     "%s is no directory", dir);
	else if ((info.st_mode & 022) != 0)
		doctor_wrong(doctor,
			     "chmod 0755 it: who may write there can "
			     "stand in for a program.",
			     "%s may be written by others (mode %03o)", dir,
			     info.st_mode & 0777U);
	else
		doctor_good(doctor, "%s belongs to uid %u alone", dir,
			    info.st_uid);
}

/* The MTA runs as a member of milter.socket_group. */
static void
look_at_milter_socket(struct doctor *doctor)
{
	const char *path = directories_milter_socket(doctor->config);
	const char *group = doctor->config->milter.socket_group;
	struct err err = { 0 };
	struct stat info;
	gid_t gid = 0;

	if (path == NULL) {
		doctor_note(doctor, "milter.socket is a TCP socket: every "
				    "mail waits some 40 ms longer than "
				    "through a UNIX socket");
		return;
	}
	if (stat(path, &info) != 0) {
		doctor_wrong(doctor,
			     "Is the milter running, and does the MTA see "
			     "that directory (chroot)?",
			     "%s: %s", path,
			     errno == EACCES ? "cannot be reached"
					     : "there is no socket");
		return;
	}
	if (group[0] != '\0' &&
	    process_find_group(group, &gid, &err) == ST_OK &&
	    (info.st_gid != gid || (info.st_mode & 0060) != 0060)) {
		doctor_wrong(doctor,
			     "The MTA cannot connect. Start the milter as "
			     "root, or put its account into that group.",
			     "%s is not open to group %s", path, group);
		return;
	}
	if ((info.st_mode & 0006) != 0)
		doctor_note(doctor, "%s is open to every account of this host",
			    path);
	else
		doctor_good(doctor, "%s is open to group %s", path, group);
}

void
doctor_look_at_programs(struct doctor *doctor)
{
	look_at_run_dir(doctor);
	for (size_t i = 0; i < PROGRAM_COUNT; i++)
		look_at_program(doctor, program_names[i]);
	/* Everybody may connect: SO_PEERCRED decides who is heard. */
	look_at_socket(doctor, doctor->config->vault_socket, 0666);
	look_at_socket(doctor, doctor->config->scanner_socket, 0666);
	look_at_milter_socket(doctor);
}
