/* Preloaded into one program by tests/flow/doctor.py: a clock that is ahead
 * or behind by HOST_SHIM_SHIFT_S, and a kernel that says whether it is
 * synchronised (HOST_SHIM_SYNC=no: it is not). */
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

/* glibc's names of the parameters are reserved ones.
 * NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */
int
clock_gettime(clockid_t clock, struct timespec *out)
{
	const char *shift = getenv("HOST_SHIM_SHIFT_S");
	const int done = (int)syscall(SYS_clock_gettime, clock, out);

	if (clock == CLOCK_REALTIME && shift != NULL)
		out->tv_sec += strtol(shift, NULL, 10);
	return done;
}

int
adjtimex(struct timex *out)
{
	const char *sync = getenv("HOST_SHIM_SYNC");
	const int no = sync != NULL && strcmp(sync, "no") == 0;

	memset(out, 0, sizeof(*out));
	out->status = no ? STA_UNSYNC : STA_PLL;
	out->maxerror = 16000;
	return no ? TIME_ERROR : TIME_OK;
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
