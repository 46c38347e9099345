#include "lib/proc/sandbox.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "lib/proc/sandbox_steps.h"

enum {
	/* The standard three, the channel, and what comes over it. */
	SANDBOX_MAX_FDS = 16,
	SANDBOX_STATM_BYTES = 200
};

/* Address space in use now: the first number of /proc/self/statm, in pages. */
static enum status
sandbox_present_bytes(uint64_t *bytes_out, struct err *err)
{
	AUTO(sbuf_done) struct sbuf text;
	struct span first;
	const long page_bytes = sysconf(_SC_PAGESIZE);
	uint64_t pages = 0;
	enum status st = ST_OK;

	sbuf_init(&text, SANDBOX_STATM_BYTES);
	st = fd_slurp_file("/proc/self/statm", &text, err);
	if (st != ST_OK)
		return st == ST_NO_MEMORY ? st : ST_IO;
	first = sbuf_span(&text);
	for (size_t i = 0; i < first.len_bytes; i++) {
		if (first.ptr[i] == ' ')
			first.len_bytes = i;
	}
	if (page_bytes <= 0 ||
	    !parse_u64(first, UINT64_MAX / (uint64_t)page_bytes, &pages))
		return err_set(err, ST_IO, "sandbox: odd /proc/self/statm");
	*bytes_out = pages * (uint64_t)page_bytes;
	return ST_OK;
}

static enum status
sandbox_limit(__rlimit_resource_t which, const char *name, uint64_t value,
	      struct err *err)
{
	const struct rlimit limit = { value, value };

	if (setrlimit(which, &limit) != 0)
		return err_set_errno(err, "sandbox: cannot limit %s to %llu",
				     name, (unsigned long long)value);
	return ST_OK;
}

static enum status
sandbox_limit_memory(uint64_t memory_bytes, struct err *err)
{
	uint64_t present_bytes = 0;
	struct rlimit now = { 0, 0 };
	const enum status st = sandbox_present_bytes(&present_bytes, err);

	if (st != ST_OK)
		return st;
#ifdef SEKIMORI_SANITIZED
	(void)memory_bytes;
	(void)now;
	return ST_OK; /* the shadow alone is terabytes of address space */
#else
	uint64_t limit_bytes = present_bytes + memory_bytes;

	/* Somebody outside may have set a narrower one. */
	if (getrlimit(RLIMIT_AS, &now) == 0 && now.rlim_max < limit_bytes)
		limit_bytes = now.rlim_max;
	return sandbox_limit(RLIMIT_AS, "address space", limit_bytes, err);
#endif
}

static enum status
sandbox_limit_all(const struct sandbox *sandbox, struct err *err)
{
	enum status st = sandbox_limit_memory(sandbox->memory_bytes, err);

	if (st == ST_OK)
		st = sandbox_limit(RLIMIT_CPU, "CPU", sandbox->cpu_s, err);
	if (st == ST_OK)
		st = sandbox_limit(RLIMIT_CORE, "cores", 0, err);
	if (st == ST_OK && !sandbox->is_template)
		st = sandbox_limit(RLIMIT_NPROC, "processes", 0, err);
	if (st == ST_OK)
		st = sandbox_limit(RLIMIT_NOFILE, "files", SANDBOX_MAX_FDS,
				   err);
#ifndef SEKIMORI_SANITIZED /* its report may go to a file */
	if (st == ST_OK)
		st = sandbox_limit(RLIMIT_FSIZE, "file size", 0, err);
#endif
	return st;
}

enum status
sandbox_enter(const struct sandbox *sandbox, struct err *err)
{
	enum status st = ST_OK;

#ifdef SEKIMORI_SANITIZED /* its runtime is refused what copying takes */
	if (sandbox->is_template)
		return err_set(err, ST_UNSUPPORTED,
			       "sandbox: no template with a sanitizer");
#endif
	st = sandbox_limit_all(sandbox, err);
	if (st != ST_OK)
		return st;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return err_set_errno(err, "sandbox: no_new_privs refused");
	st = sandbox_landlock(sandbox->readable, err);
	if (st == ST_OK)
		st = sandbox_seccomp(sandbox, err);
	return st;
}

enum status
sandbox_close_copy(uint64_t cpu_s, struct err *err)
{
	enum status st = sandbox_limit(RLIMIT_CPU, "CPU", cpu_s, err);

	if (st == ST_OK)
		st = sandbox_limit(RLIMIT_NPROC, "processes", 0, err);
	if (st == ST_OK)
		st = sandbox_landlock_copy(err);
	return st == ST_OK ? sandbox_seccomp_copy(err) : st;
}
