# What scanners/pdf takes apart itself.
if HAVE_POPPLER
unit_tests += tests/fuzz/fuzz_pdf_streams
endif
EXTRA_PROGRAMS += tests/fuzz/fuzz_pdf_streams
tests_fuzz_fuzz_pdf_streams_SOURCES = tests/fuzz/fuzz_pdf_streams.c \
	$(pdf_own_walk) $(fuzz_replay)
tests_fuzz_fuzz_pdf_streams_CPPFLAGS = $(POPPLER_CFLAGS) -include poppler.h \
	$(AM_CPPFLAGS) -DFUZZ_TARGET='"pdf_streams"'
tests_fuzz_fuzz_pdf_streams_LDADD = $(reader_libs) $(POPPLER_LIBS)
