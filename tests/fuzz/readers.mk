# Targets of readers, text and detect.
unit_tests += tests/fuzz/fuzz_xml
tests_fuzz_fuzz_xml_SOURCES = tests/fuzz/fuzz_xml.c $(fuzz_replay) $(recording_sink)
tests_fuzz_fuzz_xml_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"xml"'
tests_fuzz_fuzz_xml_LDADD = $(reader_libs)
unit_tests += tests/fuzz/fuzz_json
tests_fuzz_fuzz_json_SOURCES = tests/fuzz/fuzz_json.c $(fuzz_replay) $(recording_sink)
tests_fuzz_fuzz_json_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"json"'
tests_fuzz_fuzz_json_LDADD = $(reader_libs)
unit_tests += tests/fuzz/fuzz_fixed
tests_fuzz_fuzz_fixed_SOURCES = tests/fuzz/fuzz_fixed.c $(fuzz_replay) $(recording_sink)
tests_fuzz_fuzz_fixed_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"fixed"'
tests_fuzz_fuzz_fixed_LDADD = $(reader_libs)
unit_tests += tests/fuzz/fuzz_mime tests/fuzz/fuzz_html tests/fuzz/fuzz_zip_walk tests/fuzz/fuzz_charset tests/fuzz/fuzz_detect tests/fuzz/fuzz_preview_mask
unit_tests += tests/fuzz/fuzz_digit_filter
tests_fuzz_fuzz_digit_filter_SOURCES = tests/fuzz/fuzz_digit_filter.c $(fuzz_replay)
tests_fuzz_fuzz_digit_filter_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"digit_filter"'
tests_fuzz_fuzz_digit_filter_LDADD = $(reader_libs)
tests_fuzz_fuzz_mime_SOURCES = tests/fuzz/fuzz_mime.c $(fuzz_replay) $(recording_sink)
tests_fuzz_fuzz_mime_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"mime"'
tests_fuzz_fuzz_mime_LDADD = $(reader_libs)
tests_fuzz_fuzz_html_SOURCES = tests/fuzz/fuzz_html.c $(fuzz_replay) $(recording_sink)
tests_fuzz_fuzz_html_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"html"'
tests_fuzz_fuzz_html_LDADD = $(reader_libs)
tests_fuzz_fuzz_zip_walk_SOURCES = tests/fuzz/fuzz_zip_walk.c $(fuzz_replay)
tests_fuzz_fuzz_zip_walk_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"zip_walk"'
tests_fuzz_fuzz_zip_walk_LDADD = $(reader_libs)
tests_fuzz_fuzz_charset_SOURCES = tests/fuzz/fuzz_charset.c $(fuzz_replay)
tests_fuzz_fuzz_charset_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"charset"'
tests_fuzz_fuzz_charset_LDADD = $(reader_libs)
tests_fuzz_fuzz_detect_SOURCES = tests/fuzz/fuzz_detect.c $(fuzz_replay)
tests_fuzz_fuzz_detect_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"detect"'
tests_fuzz_fuzz_detect_LDADD = $(reader_libs)
tests_fuzz_fuzz_preview_mask_SOURCES = tests/fuzz/fuzz_preview_mask.c $(fuzz_replay)
tests_fuzz_fuzz_preview_mask_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"preview_mask"'
tests_fuzz_fuzz_preview_mask_LDADD = $(reader_libs)
unit_tests += tests/fuzz/fuzz_mime_decode
tests_fuzz_fuzz_mime_decode_SOURCES = tests/fuzz/fuzz_mime_decode.c $(fuzz_replay)
tests_fuzz_fuzz_mime_decode_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"mime_decode"'
tests_fuzz_fuzz_mime_decode_LDADD = $(reader_libs)
unit_tests += tests/fuzz/fuzz_tables
tests_fuzz_fuzz_tables_SOURCES = tests/fuzz/fuzz_tables.c $(fuzz_replay)
tests_fuzz_fuzz_tables_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"tables"'
tests_fuzz_fuzz_tables_LDADD = $(reader_libs)
unit_tests += tests/fuzz/fuzz_archive
tests_fuzz_fuzz_archive_SOURCES = tests/fuzz/fuzz_archive.c $(fuzz_replay) $(recording_sink)
tests_fuzz_fuzz_archive_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"archive"'
tests_fuzz_fuzz_archive_LDADD = $(reader_libs)
unit_tests += tests/fuzz/fuzz_inflate
tests_fuzz_fuzz_inflate_SOURCES = tests/fuzz/fuzz_inflate.c $(fuzz_replay)
tests_fuzz_fuzz_inflate_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"inflate"'
tests_fuzz_fuzz_inflate_LDADD = $(reader_libs)
unit_tests += tests/fuzz/fuzz_ooxml
tests_fuzz_fuzz_ooxml_SOURCES = tests/fuzz/fuzz_ooxml.c $(fuzz_replay) $(recording_sink)
tests_fuzz_fuzz_ooxml_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"ooxml"'
tests_fuzz_fuzz_ooxml_LDADD = $(reader_libs)
unit_tests += tests/fuzz/fuzz_zip
tests_fuzz_fuzz_zip_SOURCES = tests/fuzz/fuzz_zip.c $(fuzz_replay) $(recording_sink)
tests_fuzz_fuzz_zip_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"zip"'
tests_fuzz_fuzz_zip_LDADD = $(reader_libs)
