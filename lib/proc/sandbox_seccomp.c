#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "lib/base/fd.h"
#include "lib/proc/sandbox_steps.h"

/* What computing and answering takes. tests/lib/test_sandbox.c tries every
 * system call number against its own copy of this list. */
static const int seccomp_allowed[] = {
	SCMP_SYS(brk),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(close),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	SCMP_SYS(fstat),
	SCMP_SYS(futex),
	SCMP_SYS(getpid),
	SCMP_SYS(getrandom),
	SCMP_SYS(getrusage),
	SCMP_SYS(gettid),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(lseek),
	SCMP_SYS(madvise),
	SCMP_SYS(mremap),
	SCMP_SYS(munmap),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(pread64),
	SCMP_SYS(read),
	SCMP_SYS(recvmsg),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(rseq),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(sched_yield),
	SCMP_SYS(sendmsg),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(setitimer),
	SCMP_SYS(sysinfo),
	SCMP_SYS(write),
	SCMP_SYS(writev),
};

/* Libraries try these and live with a refusal; it must not kill them. */
static const int seccomp_refused[] = {
	SCMP_SYS(access),   SCMP_SYS(faccessat),  SCMP_SYS(faccessat2),
	SCMP_SYS(lstat),    SCMP_SYS(open),       SCMP_SYS(openat),
	SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(stat),
};

/* With readable paths: what opening them takes; Landlock says which. */
static const int seccomp_files[] = {
	SCMP_SYS(access), SCMP_SYS(getdents64), SCMP_SYS(newfstatat),
	SCMP_SYS(openat), SCMP_SYS(statfs),
};

/* fontconfig asks these of what it opened, for fonts that a document does not
 * bring along, and does without the answer. */
static const int seccomp_files_refused[] = {
	SCMP_SYS(fadvise64),  SCMP_SYS(faccessat), SCMP_SYS(faccessat2),
	SCMP_SYS(fstatfs),    SCMP_SYS(lstat),     SCMP_SYS(readlink),
	SCMP_SYS(readlinkat), SCMP_SYS(stat),
};

/* What a template makes copies with, and a copy locks itself in. These, and
 * what seccomp_add_copying() lets in, are all that sandbox_seccomp_copy() has
 * to take back. */
static const int seccomp_copying[] = {
	SCMP_SYS(close_range), SCMP_SYS(dup3),
	SCMP_SYS(getppid),     SCMP_SYS(landlock_create_ruleset),
	SCMP_SYS(seccomp),     SCMP_SYS(landlock_restrict_self),
	SCMP_SYS(setsid),
};

#ifdef SEKIMORI_SANITIZED
/* A sanitizer's runtime needs more to say what it found. */
static const int seccomp_sanitizer[] = {
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(tgkill),
};
static const int seccomp_sanitizer_refused[] = {
	SCMP_SYS(clone), SCMP_SYS(ioctl), SCMP_SYS(pipe),
	SCMP_SYS(pipe2), SCMP_SYS(prctl), SCMP_SYS(socket),
};
#endif

static void
seccomp_free(scmp_filter_ctx *filter)
{
	if (*filter != NULL)
		seccomp_release(*filter);
	*filter = NULL;
}

/* Keep the first failure; libseccomp gives it as -errno. */
static void
seccomp_note(int *failed, int result)
{
	if (*failed == 0 && result < 0)
		*failed = -result;
}

static void
seccomp_add_all(scmp_filter_ctx filter, uint32_t action, const int *calls,
		size_t call_count, int *failed)
{
	for (size_t i = 0; i < call_count; i++)
		seccomp_note(failed,
			     seccomp_rule_add(filter, action, calls[i], 0));
}

/* Let call through, or refuse it, where one argument is as said. */
static void
seccomp_add_if(scmp_filter_ctx filter, uint32_t action, int call,
	       struct scmp_arg_cmp argument, int *failed)
{
	seccomp_note(failed, seccomp_rule_add_array(filter, action, call, 1,
						    &argument));
}

/* Calls that are harmless with some arguments only. */
static void
seccomp_add_conditional(scmp_filter_ctx filter, int *failed)
{
	/* The descriptor's own flags and seals; no locks, no signals. */
	static const int fcntl_commands[] = { F_GETFD, F_SETFD, F_GETFL,
					      F_GET_SEALS };
	/* No new code: neither mapped nor made executable. */
	static const int memory_calls[] = { SCMP_SYS(mmap),
					    SCMP_SYS(mprotect) };
	const struct scmp_arg_cmp not_executable = {
		.arg = 2,
		.op = SCMP_CMP_MASKED_EQ,
		.datum_a = PROT_EXEC,
		.datum_b = 0,
	};
	/* Limits of its own can be read, not changed. */
	const struct scmp_arg_cmp own_limit_as_it_is[] = {
		{ .arg = 0, .op = SCMP_CMP_EQ, .datum_a = 0 },
		{ .arg = 2, .op = SCMP_CMP_EQ, .datum_a = 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(fcntl_commands); i++) {
		const struct scmp_arg_cmp command = {
			.arg = 1,
			.op = SCMP_CMP_EQ,
			.datum_a = (scmp_datum_t)fcntl_commands[i],
		};

		seccomp_add_if(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), command,
			       failed);
	}
	for (size_t i = 0; i < ARRAY_LEN(memory_calls); i++)
		seccomp_add_if(filter, SCMP_ACT_ALLOW, memory_calls[i],
			       not_executable, failed);
	seccomp_note(failed,
		     seccomp_rule_add_array(filter, SCMP_ACT_ALLOW,
					    SCMP_SYS(prlimit64),
					    ARRAY_LEN(own_limit_as_it_is),
					    own_limit_as_it_is));
}

/* fstat() is this call with an empty path in glibc before 2.39. */
static void
seccomp_add_fstat(scmp_filter_ctx filter, int *failed)
{
	struct scmp_arg_cmp flags = { .arg = 3,
				      .op = SCMP_CMP_EQ,
				      .datum_a = AT_EMPTY_PATH };

	seccomp_add_if(filter, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), flags,
		       failed);
	flags.op = SCMP_CMP_NE;
	seccomp_add_if(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(newfstatat),
		       flags, failed);
}

static void
seccomp_add_files(scmp_filter_ctx filter, const char *const *readable,
		  int *failed)
{
	if (readable != NULL) {
		seccomp_add_all(filter, SCMP_ACT_ALLOW, seccomp_files,
				ARRAY_LEN(seccomp_files), failed);
		seccomp_add_all(filter, SCMP_ACT_ERRNO(EACCES),
				seccomp_files_refused,
				ARRAY_LEN(seccomp_files_refused), failed);
		return;
	}
	seccomp_add_all(filter, SCMP_ACT_ERRNO(EACCES), seccomp_refused,
			ARRAY_LEN(seccomp_refused), failed);
	seccomp_add_fstat(filter, failed);
}

/* A copy of the whole process for the same parent, and nothing like it. */
static void
seccomp_add_copying(scmp_filter_ctx filter, int *failed)
{
	static const int prctl_options[] = { PR_SET_NAME, PR_SET_NO_NEW_PRIVS,
					     PR_SET_PDEATHSIG };
	const struct scmp_arg_cmp sibling = {
		.arg = 0,
		.op = SCMP_CMP_EQ,
		.datum_a = CLONE_PARENT | SIGCHLD,
	};
	const struct scmp_arg_cmp own_limit = { .arg = 0,
						.op = SCMP_CMP_EQ,
						.datum_a = 0 };

	seccomp_add_all(filter, SCMP_ACT_ALLOW, seccomp_copying,
			ARRAY_LEN(seccomp_copying), failed);
	seccomp_add_if(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), sibling,
		       failed);
	seccomp_add_if(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), own_limit,
		       failed);
	for (size_t i = 0; i < ARRAY_LEN(prctl_options); i++) {
		const struct scmp_arg_cmp option = {
			.arg = 0,
			.op = SCMP_CMP_EQ,
			.datum_a = (scmp_datum_t)prctl_options[i],
		};

		seccomp_add_if(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), option,
			       failed);
	}
}

/* Have the kernel apply filter from now on. */
static enum status
seccomp_apply(scmp_filter_ctx filter, int failed, struct err *err)
{
	seccomp_note(&failed, seccomp_load(filter));
	if (failed == 0)
		return ST_OK;
	if (failed == EINVAL || failed == ENOSYS)
		return err_set(err, ST_UNSUPPORTED,
			       "sandbox: seccomp refused the list");
	errno = failed;
	return err_set_errno(err, "sandbox: seccomp list not loaded");
}

static enum status
seccomp_begin(uint32_t usual_action, scmp_filter_ctx *filter_out,
	      struct err *err)
{
	scmp_filter_ctx filter = seccomp_init(usual_action);

	if (filter == NULL)
		return err_set(err, ST_UNSUPPORTED,
			       "sandbox: this kernel has no seccomp filters");
	*filter_out = filter;
	return ST_OK;
}

/* The kernel asks every filter that was loaded, and the strictest answer
 * counts. */
enum status
sandbox_seccomp_copy(struct err *err)
{
	AUTO(seccomp_free) scmp_filter_ctx filter = NULL;
	const struct scmp_arg_cmp set_limit = { .arg = 2,
						.op = SCMP_CMP_NE,
						.datum_a = 0 };
	int failed = 0;
	const enum status st = seccomp_begin(SCMP_ACT_ALLOW, &filter, err);

	if (st != ST_OK)
		return st;
	seccomp_note(&failed, seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH,
					       SCMP_ACT_KILL_PROCESS));
	seccomp_add_all(filter, SCMP_ACT_KILL_PROCESS, seccomp_copying,
			ARRAY_LEN(seccomp_copying), &failed);
	seccomp_note(&failed, seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS,
					       SCMP_SYS(clone), 0));
	seccomp_note(&failed, seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS,
					       SCMP_SYS(prctl), 0));
	seccomp_add_if(filter, SCMP_ACT_KILL_PROCESS, SCMP_SYS(prlimit64),
		       set_limit, &failed);
	return seccomp_apply(filter, failed, err);
}

enum status
sandbox_seccomp(const struct sandbox *sandbox, struct err *err)
{
	AUTO(seccomp_free) scmp_filter_ctx filter = NULL;
	int failed = 0;
	const enum status st =
		seccomp_begin(SCMP_ACT_KILL_PROCESS, &filter, err);

	if (st != ST_OK)
		return st;
	/* Calls of another ABI (i386, x32) are no way around the list. */
	seccomp_note(&failed, seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH,
					       SCMP_ACT_KILL_PROCESS));
	seccomp_add_all(filter, SCMP_ACT_ALLOW, seccomp_allowed,
			ARRAY_LEN(seccomp_allowed), &failed);
	seccomp_add_conditional(filter, &failed);
	seccomp_add_files(filter, sandbox->readable, &failed);
	if (sandbox->is_template)
		seccomp_add_copying(filter, &failed);
#ifdef SEKIMORI_SANITIZED
	seccomp_add_all(filter, SCMP_ACT_ALLOW, seccomp_sanitizer,
			ARRAY_LEN(seccomp_sanitizer), &failed);
	seccomp_add_all(filter, SCMP_ACT_ERRNO(EPERM),
			seccomp_sanitizer_refused,
			ARRAY_LEN(seccomp_sanitizer_refused), &failed);
#endif
	return seccomp_apply(filter, failed, err);
}
