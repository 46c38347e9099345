# Tests of the table of formats, and of texts that are records.
unit_tests += tests/scanners/test_reader_text_records
tests_scanners_test_reader_text_records_SOURCES = tests/scanners/test_reader_text_records.c $(recording_sink)
tests_scanners_test_reader_text_records_LDADD = $(reader_libs)
