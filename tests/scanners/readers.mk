# Tests of readers, text and detect.
recording_sink = tests/scanners/recording_sink.c tests/scanners/recording_sink.h
reader_libs = scanners/libreaders.a $(LDADD) $(ARCHIVE_LIBS) $(EXPAT_LIBS) $(MAGIC_LIBS)
unit_tests += tests/scanners/test_reader_mime
tests_scanners_test_reader_mime_SOURCES = tests/scanners/test_reader_mime.c $(recording_sink)
tests_scanners_test_reader_mime_LDADD = $(reader_libs)
unit_tests += tests/scanners/test_detector tests/scanners/test_check_digit
tests_scanners_test_detector_SOURCES = tests/scanners/test_detector.c
tests_scanners_test_detector_LDADD = $(reader_libs)
tests_scanners_test_check_digit_SOURCES = tests/scanners/test_check_digit.c
tests_scanners_test_check_digit_LDADD = $(reader_libs)
sample_files = tests/scanners/sample.c tests/scanners/sample.h
unit_tests += tests/scanners/test_reader_zip tests/scanners/test_reader_xlsx
tests_scanners_test_reader_zip_SOURCES = tests/scanners/test_reader_zip.c $(recording_sink) $(sample_files)
tests_scanners_test_reader_zip_LDADD = $(reader_libs)
tests_scanners_test_reader_xlsx_SOURCES = tests/scanners/test_reader_xlsx.c $(recording_sink) $(sample_files)
tests_scanners_test_reader_xlsx_LDADD = $(reader_libs)
EXTRA_DIST += tests/data/make_samples.py tests/data/zip tests/data/xlsx
