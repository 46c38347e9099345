# Tests of scanners.
unit_tests += tests/scanners/test_scan_client
tests_scanners_test_scan_client_SOURCES = tests/scanners/test_scan_client.c
tests_scanners_test_scan_client_LDADD = scanners/libscanclient.a $(LDADD)
include tests/scanners/readers.mk
include tests/scanners/documents.mk
include tests/scanners/formats.mk
include tests/scanners/locks.mk
include tests/scanners/words.mk
include tests/scanners/mail.mk
include tests/scanners/rewrite.mk
EXTRA_DIST += tests/scanners/preview_forms.py
include tests/scanners/programs.mk
unit_tests += tests/scanners/test_labels
tests_scanners_test_labels_SOURCES = tests/scanners/test_labels.c
tests_scanners_test_labels_LDADD = $(reader_libs)
unit_tests += tests/scanners/test_own_words
tests_scanners_test_own_words_SOURCES = tests/scanners/test_own_words.c \
	tests/scanners/detector_scan.c tests/scanners/detector_scan.h
tests_scanners_test_own_words_LDADD = $(reader_libs)
