# Tests of link mails.
rewrite_case = tests/scanners/rewrite_case.c tests/scanners/rewrite_case.h $(real_scan)
rewrite_libs = scanners/librewrite.a scanners/libengine.a $(reader_libs)
unit_tests += tests/scanners/test_rewrite tests/scanners/test_rewrite_pictures \
	tests/scanners/test_rewrite_text
tests_scanners_test_rewrite_text_SOURCES = \
	tests/scanners/test_rewrite_text.c $(rewrite_case)
tests_scanners_test_rewrite_text_LDADD = $(rewrite_libs)
tests_scanners_test_rewrite_pictures_SOURCES = \
	tests/scanners/test_rewrite_pictures.c $(rewrite_case)
tests_scanners_test_rewrite_pictures_LDADD = $(rewrite_libs)
tests_scanners_test_rewrite_SOURCES = tests/scanners/test_rewrite.c $(rewrite_case)
tests_scanners_test_rewrite_LDADD = $(rewrite_libs)
unit_tests += tests/scanners/test_scan_rewrite
tests_scanners_test_scan_rewrite_SOURCES = tests/scanners/test_scan_rewrite.c \
	tests/scanners/scanner_site.c tests/scanners/scanner_site.h $(sample_files)
tests_scanners_test_scan_rewrite_LDADD = scanners/libscanclient.a \
	lib/libproc.a $(LDADD)
check_PROGRAMS += tests/scanners/rewrite_say
tests_scanners_rewrite_say_SOURCES = tests/scanners/rewrite_say.c $(rewrite_case)
tests_scanners_rewrite_say_LDADD = $(rewrite_libs)
EXTRA_DIST += tests/scanners/rewrite_forms.py
unit_tests += tests/scanners/test_rewrite_names tests/scanners/test_rewrite_plan
tests_scanners_test_rewrite_names_SOURCES = tests/scanners/test_rewrite_names.c $(rewrite_case)
tests_scanners_test_rewrite_names_LDADD = $(rewrite_libs)
tests_scanners_test_rewrite_plan_SOURCES = tests/scanners/test_rewrite_plan.c
tests_scanners_test_rewrite_plan_LDADD = $(LDADD)
