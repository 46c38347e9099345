# Tests of link mails.
rewrite_case = tests/scanners/rewrite_case.c tests/scanners/rewrite_case.h $(real_scan)
rewrite_libs = scanners/librewrite.a scanners/libengine.a $(reader_libs)
unit_tests += tests/scanners/test_rewrite
tests_scanners_test_rewrite_SOURCES = tests/scanners/test_rewrite.c $(rewrite_case)
tests_scanners_test_rewrite_LDADD = $(rewrite_libs)
unit_tests += tests/scanners/test_scan_rewrite
tests_scanners_test_scan_rewrite_SOURCES = tests/scanners/test_scan_rewrite.c \
	tests/scanners/scanner_site.c tests/scanners/scanner_site.h
tests_scanners_test_scan_rewrite_LDADD = scanners/libscanclient.a \
	lib/libproc.a $(LDADD)
