/* What somebody can do who has taken a worker over: every system call is tried
 * in the real programs, after their sandbox has closed. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/lib/sandbox_calls.h"
#include "tests/scanners/worker_probe.h"

#if PROBE_WORKS
/* Places of the texts in each worker's memory. */
enum probe_text {
	TEXT_PASSWORDS,
	TEXT_PROCESS,
	TEXT_OTHER,
	TEXT_ROOT,
	TEXT_PROGRAM,
	TEXT_MAPS,
	TEXT_FONTS,
	TEXT_NEW
};
static const char *const texts[] = { [TEXT_PASSWORDS] = "/etc/passwd",
				     [TEXT_PROCESS] = "/proc/self/environ",
				     [TEXT_OTHER] = "/proc/1/maps",
				     [TEXT_ROOT] = "/",
				     [TEXT_PROGRAM] = "/bin/true",
				     [TEXT_MAPS] = "/usr/share/poppler",
				     [TEXT_FONTS] = "/etc/fonts",
				     [TEXT_NEW] = "/usr/share/poppler/new",
				     NULL };

static const uint64_t nothing[PROBE_ARGS] = { UINT64_MAX, UINT64_MAX,
					      UINT64_MAX, UINT64_MAX,
					      UINT64_MAX, UINT64_MAX };

struct kind {
	const char *program;
	bool has_files;
	enum probe_how how;
};
static const struct kind mail = { "sekimori-worker-mail", false,
				  PROBE_PROGRAM };
static const struct kind pdf = { "sekimori-worker-pdf", true, PROBE_PROGRAM };
static const struct kind mail_copy = { "sekimori-worker-mail", false,
				       PROBE_COPY };
static const struct kind pdf_copy = { "sekimori-worker-pdf", true, PROBE_COPY };
static const struct kind mail_template = { "sekimori-worker-mail", false,
					   PROBE_TEMPLATE };
static const struct kind pdf_template = { "sekimori-worker-pdf", true,
					  PROBE_TEMPLATE };
static const struct kind unlock = { "sekimori-worker-unlock", false,
				    PROBE_SEARCHER };

static void
kind_open(struct probe *probe, const struct kind *kind)
{
	char path[4200];

	(void)snprintf(path, sizeof(path), "%s/%s", getenv("top_builddir"),
		       kind->program);
	if (access(path, X_OK) != 0)
		skip(); /* configured --without-pdf */
	if (!probe_open(probe, kind->program, kind->how, texts))
		skip(); /* nobody may trace here */
}

static bool
kind_may_call(const struct kind *kind, long number)
{
	return sandbox_lets_in(kind->has_files, number) ||
	       (kind->how == PROBE_TEMPLATE &&
		sandbox_lets_template_in(number));
}

/* What the sandbox makes of a call depends on its number alone, but for the
 * few that are let in with some arguments. */
static void
check_numbers(const struct kind *kind, long from, long to)
{
	struct probe probe;

	kind_open(&probe, kind);
	for (long number = from; number <= to; number++) {
		int64_t result = 0;
		enum probe_end end = PROBE_NONE;

		/* It would go on with the call that the worker waits in. */
		if (number == SYS_restart_syscall)
			continue;
		end = probe_call(&probe, number, nothing, &result);
		if (kind_may_call(kind, number)) {
			if (end == PROBE_KILLED)
				fail_msg("call %ld kills", number);
		} else if (sandbox_refuses(kind->has_files, number)) {
			if (end != PROBE_RETURNED || result != -EACCES)
				fail_msg("call %ld is not refused", number);
		} else if (end != PROBE_KILLED) {
			fail_msg("call %ld is let in: %lld", number,
				 (long long)result);
		}
	}
	probe_close(&probe);
}

static void
a_worker_of_mails_makes_the_calls_of_its_list_alone(void **state)
{
	(void)state;
	check_numbers(&mail, 0, SANDBOX_LAST_CALL);
	check_numbers(&mail_copy, 0, SANDBOX_LAST_CALL);
}

static void
a_worker_of_pdf_makes_the_calls_of_its_list_alone(void **state)
{
	(void)state;
	check_numbers(&pdf_copy, 0, SANDBOX_LAST_CALL);
}

static void
a_template_makes_those_of_copying_beside_them(void **state)
{
	(void)state;
	check_numbers(&mail_template, 0, SANDBOX_LAST_CALL);
}

static void
a_searcher_makes_the_calls_of_its_list_alone(void **state)
{
	(void)state;
	check_numbers(&unlock, 0, SANDBOX_LAST_CALL);
}

/* A call that must end as said, with arguments that would work elsewhere. */
struct attempt {
	const char *what;
	long number;
	uint64_t args[PROBE_ARGS];
	int text_in; /* the argument that is a text, or -1 */
	enum probe_text text;
	int mail_error; /* 0: killed */
	int pdf_error;  /* -1: it works */
};

#	define AT_CWD   ((uint64_t)(int64_t)AT_FDCWD)
#	define ANYWHERE 4096, PROT_READ | PROT_WRITE

static const struct attempt attempts[] = {
	{ "read the accounts",
	  SYS_openat,
	  { AT_CWD, 0, O_RDONLY },
	  1,
	  TEXT_PASSWORDS,
	  EACCES,
	  EACCES },
	{ "read its own environment",
	  SYS_openat,
	  { AT_CWD, 0, O_RDONLY },
	  1,
	  TEXT_PROCESS,
	  EACCES,
	  EACCES },
	{ "read of another process",
	  SYS_openat,
	  { AT_CWD, 0, O_RDONLY },
	  1,
	  TEXT_OTHER,
	  EACCES,
	  EACCES },
	{ "list the root",
	  SYS_openat,
	  { AT_CWD, 0, O_RDONLY | O_DIRECTORY },
	  1,
	  TEXT_ROOT,
	  EACCES,
	  EACCES },
	{ "list the maps",
	  SYS_openat,
	  { AT_CWD, 0, O_RDONLY | O_DIRECTORY },
	  1,
	  TEXT_MAPS,
	  EACCES,
	  -1 },
	{ "list the fonts",
	  SYS_openat,
	  { AT_CWD, 0, O_RDONLY | O_DIRECTORY },
	  1,
	  TEXT_FONTS,
	  EACCES,
	  -1 },
	{ "make a file",
	  SYS_openat,
	  { AT_CWD, 0, O_RDWR | O_CREAT, 0600 },
	  1,
	  TEXT_NEW,
	  EACCES,
	  EACCES },
	{ "open in the old way",
	  SYS_open,
	  { 0, O_RDONLY },
	  0,
	  TEXT_PASSWORDS,
	  EACCES,
	  0 },
	{ "run a program", SYS_execve, { 0, 0, 0 }, 0, TEXT_PROGRAM, 0, 0 },
	{ "run a descriptor",
	  SYS_execveat,
	  { 3, 0, 0, 0, AT_EMPTY_PATH },
	  1,
	  TEXT_ROOT,
	  0,
	  0 },
	{ "make a memory file", SYS_memfd_create, { 0, 0 }, 0, TEXT_NEW, 0, 0 },
	{ "map new code",
	  SYS_mmap,
	  { 0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
	    UINT64_MAX, 0 },
	  -1,
	  0,
	  0,
	  0 },
	{ "make memory code",
	  SYS_mprotect,
	  { 0, 4096, PROT_READ | PROT_EXEC },
	  -1,
	  0,
	  0,
	  0 },
	{ "the same with a key",
	  SYS_pkey_mprotect,
	  { 0, 4096, PROT_READ | PROT_EXEC, 0 },
	  -1,
	  0,
	  0,
	  0 },
	{ "map memory",
	  SYS_mmap,
	  { 0, ANYWHERE, MAP_PRIVATE | MAP_ANONYMOUS, UINT64_MAX, 0 },
	  -1,
	  0,
	  -1,
	  -1 },
	{ "talk to the network", SYS_socket, { 2, 1, 0 }, -1, 0, 0, 0 },
	{ "talk to the host", SYS_socket, { 1, 1, 0 }, -1, 0, 0, 0 },
	{ "make a pair of sockets",
	  SYS_socketpair,
	  { 1, 1, 0, 0 },
	  -1,
	  0,
	  0,
	  0 },
	{ "trace its parent", SYS_ptrace, { 16, 1, 0, 0 }, -1, 0, 0, 0 },
	{ "read another's memory",
	  SYS_process_vm_readv,
	  { 1, 0, 0, 0, 0, 0 },
	  -1,
	  0,
	  0,
	  0 },
	{ "name another process", SYS_pidfd_open, { 1, 0 }, -1, 0, 0, 0 },
	{ "kill another process", SYS_kill, { 1, 15 }, -1, 0, 0, 0 },
	{ "ask whether one lives", SYS_kill, { 1, 0 }, -1, 0, 0, 0 },
	{ "signal a thread", SYS_tgkill, { 1, 1, 0 }, -1, 0, 0, 0 },
	{ "fork", SYS_fork, { 0 }, -1, 0, 0, 0 },
	{ "clone", SYS_clone, { 17 }, -1, 0, 0, 0 },
	{ "clone a thread", SYS_clone, { 0x50f00 }, -1, 0, 0, 0 },
	{ "look at its own names", SYS_prctl, { 16, 0 }, -1, 0, 0, 0 },
	{ "be dumped", SYS_prctl, { 4, 1 }, -1, 0, 0, 0 },
	{ "read a key", SYS_keyctl, { 11, 0, 0, 0, 0 }, -1, 0, 0, 0 },
	{ "keep a key", SYS_add_key, { 0, 0, 0, 0, 0 }, -1, 0, 0, 0 },
	{ "raise a limit",
	  SYS_prlimit64,
	  { 0, RLIMIT_AS, 4096, 0 },
	  -1,
	  0,
	  0,
	  0 },
	{ "look at another's limit",
	  SYS_prlimit64,
	  { 1, RLIMIT_AS, 0, 0 },
	  -1,
	  0,
	  0,
	  0 },
	{ "copy a descriptor", SYS_fcntl, { 3, F_DUPFD, 0 }, -1, 0, 0, 0 },
	{ "take signals of a descriptor",
	  SYS_fcntl,
	  { 3, F_SETOWN, 1 },
	  -1,
	  0,
	  0,
	  0 },
	{ "make a namespace", SYS_unshare, { 0x10000000 }, -1, 0, 0, 0 },
	{ "load a filter program", SYS_bpf, { 0, 0, 0 }, -1, 0, 0, 0 },
	{ "queue calls", SYS_io_uring_setup, { 1, 0 }, -1, 0, 0, 0 },
	{ "control a device", SYS_ioctl, { 3, 0x5412, 0 }, -1, 0, 0, 0 },
};

static void
check_attempt(struct probe *probe, const struct kind *kind,
	      const struct attempt *attempt)
{
	const int wanted =
		kind->has_files ? attempt->pdf_error : attempt->mail_error;
	uint64_t args[PROBE_ARGS];
	int64_t result = 0;
	enum probe_end end = PROBE_NONE;

	for (size_t i = 0; i < PROBE_ARGS; i++)
		args[i] = attempt->args[i];
	/* A new process has its texts at other places. */
	if (probe->pid == 0)
		(void)probe_call(probe, SYS_getpid, nothing, &result);
	if (attempt->text_in >= 0)
		args[attempt->text_in] = probe->places[attempt->text];
	end = probe_call(probe, attempt->number, args, &result);
	if (wanted == 0 && end == PROBE_KILLED)
		return;
	if (wanted < 0 && end == PROBE_RETURNED && result >= 0)
		return;
	if (wanted > 0 && end == PROBE_RETURNED && result == -wanted)
		return;
	fail_msg("%s (%d): %s: end %d, result %lld", kind->program,
		 (int)kind->how, attempt->what, (int)end, (long long)result);
}

/* A template sets the limits of its copies. */
static bool
may_copy(const struct attempt *attempt)
{
	return attempt->number == SYS_prlimit64 && attempt->args[0] == 0;
}

static void
check_attempts(const struct kind *kind)
{
	struct probe probe;

	kind_open(&probe, kind);
	for (size_t i = 0; i < ARRAY_LEN(attempts); i++)
		if (kind->how != PROBE_TEMPLATE || !may_copy(&attempts[i]))
			check_attempt(&probe, kind, &attempts[i]);
	probe_close(&probe);
}

static void
a_worker_of_mails_reads_no_file_and_reaches_nobody(void **state)
{
	(void)state;
	check_attempts(&mail);
	check_attempts(&mail_copy);
	check_attempts(&mail_template);
}

static void
a_searcher_reads_no_file_and_reaches_nobody(void **state)
{
	(void)state;
	check_attempts(&unlock);
}

static void
a_worker_of_pdf_reads_maps_and_fonts_and_reaches_nobody(void **state)
{
	(void)state;
	if (access(texts[TEXT_MAPS], R_OK) != 0 ||
	    access(texts[TEXT_FONTS], R_OK) != 0)
		skip();
	check_attempts(&pdf);
	check_attempts(&pdf_copy);
	check_attempts(&pdf_template);
}

/* Nothing was left open that a key or a mail could be read from. */
static void
check_descriptors(const struct kind *kind)
{
	/* A searcher keeps its archive. */
	const uint64_t last = kind->how == PROBE_SEARCHER ? 4 : 3;
	struct probe probe;

	kind_open(&probe, kind);
	for (uint64_t fd = 0; fd < 1024; fd++) {
		const uint64_t args[PROBE_ARGS] = { fd, F_GETFD };
		int64_t result = 0;

		assert_int_equal(probe_call(&probe, SYS_fcntl, args, &result),
				 PROBE_RETURNED);
		if ((fd <= last) != (result >= 0))
			fail_msg("%s: descriptor %d: %lld", kind->program,
				 (int)fd, (long long)result);
	}
	probe_close(&probe);
}

static void
workers_have_the_descriptors_they_need(void **state)
{
	(void)state;
	check_descriptors(&mail);
	check_descriptors(&pdf);
	check_descriptors(&mail_copy);
	check_descriptors(&pdf_copy);
	check_descriptors(&mail_template);
	check_descriptors(&pdf_template);
	check_descriptors(&unlock);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_worker_of_mails_makes_the_calls_of_its_list_alone),
		cmocka_unit_test(
			a_worker_of_pdf_makes_the_calls_of_its_list_alone),
		cmocka_unit_test(a_template_makes_those_of_copying_beside_them),
		cmocka_unit_test(a_searcher_makes_the_calls_of_its_list_alone),
		cmocka_unit_test(a_searcher_reads_no_file_and_reaches_nobody),
		cmocka_unit_test(
			a_worker_of_mails_reads_no_file_and_reaches_nobody),
		cmocka_unit_test(
			a_worker_of_pdf_reads_maps_and_fonts_and_reaches_nobody),
		cmocka_unit_test(workers_have_the_descriptors_they_need),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
int
main(void)
{
	return 77; /* skipped */
}
#endif
