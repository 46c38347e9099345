# Tests of readers of documents.
unit_tests += tests/scanners/test_reader_odf
tests_scanners_test_reader_odf_SOURCES = tests/scanners/test_reader_odf.c $(recording_sink) $(sample_files) $(numbers_made)
tests_scanners_test_reader_odf_LDADD = $(reader_libs)
EXTRA_DIST += tests/data/odf tests/data/make_odf.py
unit_tests += tests/scanners/test_odf_salt
tests_scanners_test_odf_salt_SOURCES = tests/scanners/test_odf_salt.c $(recording_sink)
tests_scanners_test_odf_salt_LDADD = $(reader_libs)
unit_tests += tests/scanners/test_reader_cfb
tests_scanners_test_reader_cfb_SOURCES = tests/scanners/test_reader_cfb.c $(recording_sink) $(sample_files) $(numbers_made)
tests_scanners_test_reader_cfb_LDADD = $(reader_libs)
EXTRA_DIST += tests/data/cfb tests/data/make_cfb.py
unit_tests += tests/scanners/test_reader_odf_changes
tests_scanners_test_reader_odf_changes_SOURCES = tests/scanners/test_reader_odf_changes.c $(recording_sink)
tests_scanners_test_reader_odf_changes_LDADD = $(reader_libs)
