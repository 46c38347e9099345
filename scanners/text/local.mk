scanners_libreaders_a_SOURCES += \
	scanners/text/charset.c \
	scanners/text/charset.h \
	scanners/text/charset_ascii.h \
	scanners/text/charset_gb.c \
	scanners/text/charset_iso2022jp.c \
	scanners/text/charset_japanese.c \
	scanners/text/charset_unicode.c \
	scanners/text/charset_writer.h \
	scanners/text/gbk_table.c \
	scanners/text/gbk_table.h \
	scanners/text/jis_more_table.c \
	scanners/text/jis_pairs_table.c \
	scanners/text/jis_table.h \
	scanners/text/kanji_common_table.c \
	scanners/text/plain.c \
	scanners/text/plain.h \
	scanners/text/plausible.c \
	scanners/text/readings.c \
	scanners/text/readings.h \
	scanners/text/readings_look.c \
	scanners/text/readings_look.h \
	scanners/text/utf8.c \
	scanners/text/utf8.h
EXTRA_DIST += scanners/text/make_tables.py
