# Targets of readers of documents.
unit_tests += tests/fuzz/fuzz_odf
tests_fuzz_fuzz_odf_SOURCES = tests/fuzz/fuzz_odf.c $(fuzz_replay) $(recording_sink)
tests_fuzz_fuzz_odf_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"odf"'
tests_fuzz_fuzz_odf_LDADD = $(reader_libs)
