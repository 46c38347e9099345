# Tests of mail and what stands in it.
real_scan = tests/scanners/real_scan.c tests/scanners/real_scan.h
unit_tests += tests/scanners/test_mime_classes
tests_scanners_test_mime_classes_SOURCES = tests/scanners/test_mime_classes.c $(real_scan)
tests_scanners_test_mime_classes_LDADD = scanners/libengine.a $(reader_libs)
