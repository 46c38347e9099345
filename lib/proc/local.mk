noinst_LIBRARIES += lib/libproc.a
lib_libproc_a_SOURCES = \
	lib/proc/process.c \
	lib/proc/process.h
