noinst_LIBRARIES += lib/libproc.a
lib_libproc_a_SOURCES = \
	lib/proc/notify.c \
	lib/proc/notify.h \
	lib/proc/process.c \
	lib/proc/process.h \
	lib/proc/program.c \
	lib/proc/program.h \
	lib/proc/turns.c \
	lib/proc/turns.h

noinst_LIBRARIES += lib/libsandbox.a
lib_libsandbox_a_SOURCES = \
	lib/proc/sandbox.c \
	lib/proc/sandbox.h \
	lib/proc/sandbox_landlock.c \
	lib/proc/sandbox_seccomp.c \
	lib/proc/sandbox_steps.h \
	lib/proc/sibling.c \
	lib/proc/sibling.h
lib_libsandbox_a_CFLAGS = $(SECCOMP_CFLAGS) $(AM_CFLAGS)
