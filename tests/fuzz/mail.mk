# Targets of mail and what stands in it.
unit_tests += tests/fuzz/fuzz_encoded
tests_fuzz_fuzz_encoded_SOURCES = tests/fuzz/fuzz_encoded.c $(fuzz_replay) $(recording_sink)
tests_fuzz_fuzz_encoded_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"encoded"'
tests_fuzz_fuzz_encoded_LDADD = $(reader_libs)
unit_tests += tests/fuzz/fuzz_mbox
tests_fuzz_fuzz_mbox_SOURCES = tests/fuzz/fuzz_mbox.c $(fuzz_replay) $(recording_sink)
tests_fuzz_fuzz_mbox_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"mbox"'
tests_fuzz_fuzz_mbox_LDADD = $(reader_libs)
unit_tests += tests/fuzz/fuzz_appledouble
tests_fuzz_fuzz_appledouble_SOURCES = tests/fuzz/fuzz_appledouble.c $(fuzz_replay) $(recording_sink)
tests_fuzz_fuzz_appledouble_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"appledouble"'
tests_fuzz_fuzz_appledouble_LDADD = $(reader_libs)
