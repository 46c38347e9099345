# Targets of mail and what stands in it.
unit_tests += tests/fuzz/fuzz_encoded
tests_fuzz_fuzz_encoded_SOURCES = tests/fuzz/fuzz_encoded.c $(fuzz_replay) $(recording_sink)
tests_fuzz_fuzz_encoded_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"encoded"'
tests_fuzz_fuzz_encoded_LDADD = $(reader_libs)
