noinst_LIBRARIES += scanners/libreaders.a
scanners_libreaders_a_SOURCES = \
	scanners/readers/html_entity.c \
	scanners/readers/html_entity.h \
	scanners/readers/html_walk.c \
	scanners/readers/html_walk.h \
	scanners/readers/mime_decode.c \
	scanners/readers/mime_decode.h \
	scanners/readers/mime_entity.c \
	scanners/readers/mime_header.c \
	scanners/readers/mime_header.h \
	scanners/readers/mime_leaf.c \
	scanners/readers/mime_split.c \
	scanners/readers/mime_split.h \
	scanners/readers/mime_words.c \
	scanners/readers/mime_words.h \
	scanners/readers/reader.h \
	scanners/readers/reader_csv.c \
	scanners/readers/reader_html.c \
	scanners/readers/reader_mime.c \
	scanners/readers/reader_mime.h \
	scanners/readers/reader_registry.c \
	scanners/readers/reader_text.c \
	scanners/readers/readers.def \
	scanners/readers/sink.h \
	scanners/readers/text_views.c \
	scanners/readers/text_views.h \
	scanners/readers/unread_format.c
