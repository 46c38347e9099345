noinst_LIBRARIES += lib/libreport.a
lib_libreport_a_SOURCES = \
	lib/report/evidence.c \
	lib/report/evidence.def \
	lib/report/evidence.h \
	lib/report/formats.def \
	lib/report/pictures.c \
	lib/report/pictures.h \
	lib/report/preview.c \
	lib/report/preview.h \
	lib/report/reasons.def \
	lib/report/report.c \
	lib/report/report.h \
	lib/report/rewrite.c \
	lib/report/rewrite.h \
	lib/report/rewrite_refusals.def \
	lib/report/term_groups.def \
	lib/report/terms.def \
	lib/report/word_sources.def
