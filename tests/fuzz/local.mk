# Tests of fuzz.
fuzz_replay = tests/fuzz/fuzz.h tests/fuzz/replay.c

unit_tests += tests/fuzz/fuzz_smtp_reply tests/fuzz/fuzz_smtp_data
tests_fuzz_fuzz_smtp_reply_SOURCES = tests/fuzz/fuzz_smtp_reply.c $(fuzz_replay)
tests_fuzz_fuzz_smtp_reply_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"smtp_reply"'
tests_fuzz_fuzz_smtp_reply_LDADD = $(courier_smtp_libs)
tests_fuzz_fuzz_smtp_data_SOURCES = tests/fuzz/fuzz_smtp_data.c $(fuzz_replay)
tests_fuzz_fuzz_smtp_data_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"smtp_data"'
tests_fuzz_fuzz_smtp_data_LDADD = $(courier_smtp_libs)
EXTRA_DIST += tests/data/fuzz

unit_tests += tests/fuzz/fuzz_milter_header
tests_fuzz_fuzz_milter_header_SOURCES = tests/fuzz/fuzz_milter_header.c $(fuzz_replay)
tests_fuzz_fuzz_milter_header_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"milter_header"'
tests_fuzz_fuzz_milter_header_LDADD = milter/libmilter_session.a lib/libbase.a

unit_tests += tests/fuzz/fuzz_desk_input
tests_fuzz_fuzz_desk_input_SOURCES = tests/fuzz/fuzz_desk_input.c $(fuzz_replay)
tests_fuzz_fuzz_desk_input_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"desk_input"'
tests_fuzz_fuzz_desk_input_LDADD = quarantine-ui/libdesk.a \
	quarantine-ui/libhttp.a lib/libi18n.a lib/libbase.a
unit_tests += tests/fuzz/fuzz_engine
tests_fuzz_fuzz_engine_SOURCES = tests/fuzz/fuzz_engine.c $(fuzz_replay)
tests_fuzz_fuzz_engine_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"engine"'
tests_fuzz_fuzz_engine_LDADD = scanners/libengine.a $(reader_libs)
unit_tests += tests/fuzz/fuzz_pdf
tests_fuzz_fuzz_pdf_SOURCES = tests/fuzz/fuzz_pdf.c $(fuzz_replay)
tests_fuzz_fuzz_pdf_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"pdf"'
tests_fuzz_fuzz_pdf_LDADD = scanners/libengine.a $(reader_libs)
include tests/fuzz/readers.mk
include tests/fuzz/formats.mk
include tests/fuzz/documents.mk
include tests/fuzz/mail.mk
include tests/fuzz/rewrite.mk
