# The target of link mails.
unit_tests += tests/fuzz/fuzz_rewrite
tests_fuzz_fuzz_rewrite_SOURCES = tests/fuzz/fuzz_rewrite.c $(fuzz_replay)
tests_fuzz_fuzz_rewrite_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"rewrite"'
tests_fuzz_fuzz_rewrite_LDADD = scanners/librewrite.a scanners/libengine.a $(reader_libs)
