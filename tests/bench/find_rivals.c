#include "tests/bench/find_rivals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#ifdef HAVE_HYPERSCAN
#	include <hs/hs.h>
#endif

#include "lib/base/fd.h"

#define FIND_DIGIT  "[0-9０-９]"
#define FIND_JOIN   "[- －　]?"
#define FIND_FOUR   FIND_DIGIT "{4}"
#define FIND_TWELVE FIND_FOUR FIND_JOIN FIND_FOUR FIND_JOIN FIND_FOUR

struct find_rivals {
	pcre2_code *code;
	pcre2_match_data *match;
#ifdef HAVE_HYPERSCAN
	hs_database_t *database;
	hs_scratch_t *scratch;
#endif
};

void
find_rivals_free(struct find_rivals **rivals)
{
	if (*rivals == NULL)
		return;
	pcre2_match_data_free((*rivals)->match);
	pcre2_code_free((*rivals)->code);
#ifdef HAVE_HYPERSCAN
	(void)hs_free_scratch((*rivals)->scratch);
	(void)hs_free_database((*rivals)->database);
#endif
	free(*rivals);
	*rivals = NULL;
}

#ifdef HAVE_HYPERSCAN
static bool
find_compile_hyperscan(struct find_rivals *rivals)
{
	hs_compile_error_t *why = NULL;

	if (hs_compile(FIND_TWELVE, HS_FLAG_UTF8, HS_MODE_BLOCK, NULL,
		       &rivals->database, &why) != HS_SUCCESS) {
		(void)hs_free_compile_error(why);
		return false;
	}
	return hs_alloc_scratch(rivals->database, &rivals->scratch) ==
	       HS_SUCCESS;
}
#endif

struct find_rivals *
find_rivals_new(void)
{
	static const char pattern[] =
		"(?<!" FIND_DIGIT ")" FIND_TWELVE "(?!" FIND_DIGIT ")";
	struct find_rivals *rivals = calloc(1, sizeof(*rivals));
	PCRE2_SIZE at = 0;
	int why = 0;

	if (rivals == NULL)
		return NULL;
	rivals->code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
				     PCRE2_UTF, &why, &at, NULL);
	rivals->match = pcre2_match_data_create(1, NULL);
	bool good = rivals->code != NULL && rivals->match != NULL &&
		    pcre2_jit_compile(rivals->code, PCRE2_JIT_COMPLETE) == 0;

#ifdef HAVE_HYPERSCAN
	good = good && find_compile_hyperscan(rivals);
#endif
	if (!good)
		find_rivals_free(&rivals);
	return rivals;
}

uint64_t
find_with_pcre2(struct find_rivals *rivals, struct span text)
{
	uint64_t hits = 0;
	size_t at = 0;

	while (at < text.len_bytes &&
	       pcre2_jit_match(rivals->code, text.ptr, text.len_bytes, at,
			       PCRE2_NO_UTF_CHECK, rivals->match, NULL) > 0) {
		at = pcre2_get_ovector_pointer(rivals->match)[1];
		hits++;
	}
	return hits;
}

bool
find_has_hyperscan(void)
{
#ifdef HAVE_HYPERSCAN
	return true;
#else
	return false;
#endif
}

#ifdef HAVE_HYPERSCAN
static int
find_on_hit(unsigned id, unsigned long long from, unsigned long long to,
	    unsigned flags, void *context)
{
	uint64_t *hits = context;

	(void)id;
	(void)from;
	(void)to;
	(void)flags;
	(*hits)++;
	return 0;
}
#endif

uint64_t
find_with_hyperscan(struct find_rivals *rivals, struct span text)
{
	uint64_t hits = 0;

#ifdef HAVE_HYPERSCAN
	(void)hs_scan(rivals->database, (const void *)text.ptr,
		      (unsigned)text.len_bytes, 0, rivals->scratch, find_on_hit,
		      &hits);
#else
	(void)rivals;
	(void)text;
#endif
	return hits;
}

static double
find_children_seconds(void)
{
	struct rusage used;

	(void)getrusage(RUSAGE_CHILDREN, &used);
	return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
	       (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1e-6;
}

/* Run rg over the file that is open as fd; what it says goes to answer. */
static bool
find_run_ripgrep(int fd, char answer[32])
{
	int ends[2] = { FD_NONE, FD_NONE };
	char path[32];
	int status = 0;
	ssize_t got = 0;

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (pipe(ends) != 0)
		return false;
	const pid_t pid = fork();

	if (pid == 0) {
		(void)dup2(ends[1], STDOUT_FILENO);
		(void)execlp("rg", "rg", "--no-config", "--threads=1", "--text",
			     "--count-matches", "--no-filename", "-e",
			     FIND_TWELVE, path, (char *)NULL);
		_exit(127);
	}
	(void)close(ends[1]);
	if (pid > 0)
		got = read(ends[0], answer, 31);
	(void)close(ends[0]);
	answer[got > 0 ? got : 0] = '\0';
	return pid > 0 && waitpid(pid, &status, 0) == pid &&
	       WIFEXITED(status) && WEXITSTATUS(status) <= 1;
}

bool
find_with_ripgrep(struct span text, double *seconds_out, uint64_t *hits_out)
{
	struct err err = { 0 };
	char answer[32] = "";
	int fd = memfd_create("find_bench", 0);
	const double start = find_children_seconds();
	bool good = fd >= 0 && fd_write_all(fd, text, &err) == ST_OK &&
		    find_run_ripgrep(fd, answer);

	fd_close(&fd);
	*seconds_out = find_children_seconds() - start;
	*hits_out = strtoull(answer, NULL, 10);
	return good;
}
