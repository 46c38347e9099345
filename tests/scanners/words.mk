# Tests of words for locks, and of what they open.
unit_tests += tests/scanners/test_words_anchor
tests_scanners_test_words_anchor_SOURCES = tests/scanners/test_words_anchor.c
tests_scanners_test_words_anchor_LDADD = $(lock_libs)

unit_tests += tests/scanners/test_words_rank
tests_scanners_test_words_rank_SOURCES = tests/scanners/test_words_rank.c
tests_scanners_test_words_rank_LDADD = $(lock_libs)

unit_tests += tests/scanners/test_engine_locks
locked_mail = tests/scanners/locked_mail.c tests/scanners/locked_mail.h \
	tests/scanners/locked_zip.c tests/scanners/locked_zip.h
tests_scanners_test_engine_locks_SOURCES = tests/scanners/test_engine_locks.c $(locked_mail) $(sample_files)
tests_scanners_test_engine_locks_LDADD = scanners/libengine.a $(reader_libs)

unit_tests += tests/scanners/test_engine_search
tests_scanners_test_engine_search_SOURCES = tests/scanners/test_engine_search.c $(locked_mail) $(sample_files)
tests_scanners_test_engine_search_LDADD = scanners/libengine.a $(reader_libs)

unit_tests += tests/scanners/test_engine_hide
tests_scanners_test_engine_hide_SOURCES = tests/scanners/test_engine_hide.c $(locked_mail) $(sample_files)
tests_scanners_test_engine_hide_LDADD = scanners/libengine.a $(reader_libs)

unit_tests += tests/scanners/test_engine_known
tests_scanners_test_engine_known_SOURCES = tests/scanners/test_engine_known.c $(locked_mail) $(sample_files)
tests_scanners_test_engine_known_LDADD = scanners/libengine.a $(reader_libs)

unit_tests += tests/scanners/test_lock_search
tests_scanners_test_lock_search_SOURCES = tests/scanners/test_lock_search.c \
	tests/scanners/locked_zip.c tests/scanners/locked_zip.h $(sample_files)
tests_scanners_test_lock_search_LDADD = $(lock_libs)

unit_tests += tests/fuzz/fuzz_words
tests_fuzz_fuzz_words_SOURCES = tests/fuzz/fuzz_words.c $(fuzz_replay)
tests_fuzz_fuzz_words_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"words"'
tests_fuzz_fuzz_words_LDADD = $(lock_libs)
