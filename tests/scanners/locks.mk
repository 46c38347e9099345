# Tests of scanners/locks.
lock_libs = scanners/liblocks.a scanners/libreaders.a scanners/libscanclient.a \
	$(LDADD) $(ARCHIVE_LIBS) -lm

unit_tests += tests/scanners/test_zipcrypto_round
tests_scanners_test_zipcrypto_round_SOURCES = tests/scanners/test_zipcrypto_round.c
tests_scanners_test_zipcrypto_round_LDADD = $(lock_libs)

unit_tests += tests/scanners/test_mask
tests_scanners_test_mask_SOURCES = tests/scanners/test_mask.c
tests_scanners_test_mask_LDADD = $(lock_libs)

unit_tests += tests/scanners/test_zip_search
tests_scanners_test_zip_search_SOURCES = tests/scanners/test_zip_search.c
tests_scanners_test_zip_search_LDADD = $(lock_libs)

unit_tests += tests/fuzz/fuzz_zip_lock
tests_fuzz_fuzz_zip_lock_SOURCES = tests/fuzz/fuzz_zip_lock.c $(fuzz_replay)
tests_fuzz_fuzz_zip_lock_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"zip_lock"'
tests_fuzz_fuzz_zip_lock_LDADD = $(lock_libs)

unit_tests += tests/scanners/test_known_search
tests_scanners_test_known_search_SOURCES = tests/scanners/test_known_search.c
tests_scanners_test_known_search_LDADD = $(lock_libs)

unit_tests += tests/scanners/test_lock
tests_scanners_test_lock_SOURCES = tests/scanners/test_lock.c $(sample_files)
tests_scanners_test_lock_LDADD = $(lock_libs)
EXTRA_DIST += tests/data/locks tests/data/make_locks.py

unit_tests += tests/scanners/test_ciphers
tests_scanners_test_ciphers_SOURCES = tests/scanners/test_ciphers.c $(sample_files)
tests_scanners_test_ciphers_LDADD = $(lock_libs)

unit_tests += tests/scanners/test_zip_seed
tests_scanners_test_zip_seed_SOURCES = tests/scanners/test_zip_seed.c
tests_scanners_test_zip_seed_LDADD = $(lock_libs)

unit_tests += tests/fuzz/fuzz_lock
tests_fuzz_fuzz_lock_SOURCES = tests/fuzz/fuzz_lock.c $(fuzz_replay)
tests_fuzz_fuzz_lock_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"lock"'
tests_fuzz_fuzz_lock_LDADD = $(lock_libs)
