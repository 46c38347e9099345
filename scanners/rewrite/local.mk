noinst_LIBRARIES += scanners/librewrite.a
scanners_librewrite_a_SOURCES = \
	scanners/rewrite/choose.c \
	scanners/rewrite/choose.h \
	scanners/rewrite/files.c \
	scanners/rewrite/files.h \
	scanners/rewrite/layout.c \
	scanners/rewrite/layout.h \
	scanners/rewrite/names.c \
	scanners/rewrite/names.h \
	scanners/rewrite/rewrite.c \
	scanners/rewrite/rewrite.h \
	scanners/rewrite/tree.c \
	scanners/rewrite/tree.h
