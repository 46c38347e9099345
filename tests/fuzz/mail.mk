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
unit_tests += tests/fuzz/fuzz_cms
tests_fuzz_fuzz_cms_SOURCES = tests/fuzz/fuzz_cms.c $(fuzz_replay) $(recording_sink)
tests_fuzz_fuzz_cms_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"cms"'
tests_fuzz_fuzz_cms_LDADD = $(reader_libs)
unit_tests += tests/fuzz/fuzz_openpgp
tests_fuzz_fuzz_openpgp_SOURCES = tests/fuzz/fuzz_openpgp.c $(fuzz_replay) $(recording_sink)
tests_fuzz_fuzz_openpgp_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"openpgp"'
tests_fuzz_fuzz_openpgp_LDADD = $(reader_libs)
unit_tests += tests/fuzz/fuzz_armor
tests_fuzz_fuzz_armor_SOURCES = tests/fuzz/fuzz_armor.c $(fuzz_replay) $(recording_sink)
tests_fuzz_fuzz_armor_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"armor"'
tests_fuzz_fuzz_armor_LDADD = $(reader_libs)
