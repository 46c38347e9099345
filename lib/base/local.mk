noinst_LIBRARIES += lib/libbase.a
lib_libbase_a_SOURCES = \
	lib/base/attr.h \
	lib/base/banned.h \
	lib/base/base32.c \
	lib/base/base32.h \
	lib/base/crc32.c \
	lib/base/crc32.h \
	lib/base/clock.c \
	lib/base/clock.h \
	lib/base/cpu.h \
	lib/base/fd.c \
	lib/base/fd.h \
	lib/base/find.c \
	lib/base/find.h \
	lib/base/log.c \
	lib/base/log.h \
	lib/base/parse.c \
	lib/base/parse.h \
	lib/base/parse_utf8.c \
	lib/base/sbuf.c \
	lib/base/sbuf.h \
	lib/base/span.h \
	lib/base/status.c \
	lib/base/status.h
