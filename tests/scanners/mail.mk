# Tests of mail and what stands in it.
real_scan = tests/scanners/real_scan.c tests/scanners/real_scan.h
unit_tests += tests/scanners/test_mime_classes
tests_scanners_test_mime_classes_SOURCES = tests/scanners/test_mime_classes.c $(real_scan)
tests_scanners_test_mime_classes_LDADD = scanners/libengine.a $(reader_libs)
unit_tests += tests/scanners/test_reader_encoded
tests_scanners_test_reader_encoded_SOURCES = tests/scanners/test_reader_encoded.c $(real_scan) $(sample_files)
tests_scanners_test_reader_encoded_LDADD = scanners/libengine.a $(reader_libs)
EXTRA_DIST += tests/data/encoded tests/data/make_encoded.py
unit_tests += tests/scanners/test_reader_mbox
tests_scanners_test_reader_mbox_SOURCES = tests/scanners/test_reader_mbox.c $(real_scan) $(sample_files)
tests_scanners_test_reader_mbox_LDADD = scanners/libengine.a $(reader_libs)
EXTRA_DIST += tests/data/mail tests/data/make_mail.py
unit_tests += tests/scanners/test_reader_appledouble
tests_scanners_test_reader_appledouble_SOURCES = tests/scanners/test_reader_appledouble.c $(real_scan)
tests_scanners_test_reader_appledouble_LDADD = scanners/libengine.a $(reader_libs)
