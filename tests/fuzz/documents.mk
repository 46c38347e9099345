# Targets of readers of documents.
unit_tests += tests/fuzz/fuzz_odf
tests_fuzz_fuzz_odf_SOURCES = tests/fuzz/fuzz_odf.c $(fuzz_replay) $(recording_sink)
tests_fuzz_fuzz_odf_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"odf"'
tests_fuzz_fuzz_odf_LDADD = $(reader_libs)
unit_tests += tests/fuzz/fuzz_cfb
tests_fuzz_fuzz_cfb_SOURCES = tests/fuzz/fuzz_cfb.c $(fuzz_replay) $(recording_sink)
tests_fuzz_fuzz_cfb_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"cfb"'
tests_fuzz_fuzz_cfb_LDADD = $(reader_libs)
