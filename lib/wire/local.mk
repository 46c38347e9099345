noinst_LIBRARIES += lib/libwire.a
lib_libwire_a_SOURCES = \
	lib/wire/channel.c \
	lib/wire/channel.h \
	lib/wire/channel_parts.h \
	lib/wire/control.c \
	lib/wire/control.h \
	lib/wire/step.c \
	lib/wire/step.h \
	lib/wire/table.c \
	lib/wire/table.h
