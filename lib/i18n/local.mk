noinst_LIBRARIES += lib/libi18n.a
lib_libi18n_a_SOURCES = \
	lib/i18n/i18n.c \
	lib/i18n/i18n.h
