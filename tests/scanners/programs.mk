# Tests of the scanner's own programs: engine, supervisor, workers.
unit_tests += tests/scanners/test_engine
tests_scanners_test_engine_SOURCES = tests/scanners/test_engine.c \
	tests/scanners/engine_fakes.c tests/scanners/engine_fakes.h
tests_scanners_test_engine_LDADD = scanners/libengine.a scanners/liblocks.a scanners/libreaders.a $(LDADD) $(ARCHIVE_LIBS) -lz -lm

check_PROGRAMS += tests/scanners/bad_worker
tests_scanners_bad_worker_SOURCES = tests/scanners/bad_worker.c \
	scanners/worker/worker_messages.c scanners/worker/worker_note.c
tests_scanners_bad_worker_LDADD = scanners/libscanclient.a $(LDADD)

unit_tests += tests/scanners/test_supervisor
tests_scanners_test_supervisor_SOURCES = tests/scanners/test_supervisor.c \
	tests/scanners/scanner_site.c tests/scanners/scanner_site.h
tests_scanners_test_supervisor_LDADD = scanners/libscanclient.a \
	lib/libproc.a $(LDADD)

unit_tests += tests/scanners/test_supervisor_words
tests_scanners_test_supervisor_words_SOURCES = \
	tests/scanners/test_supervisor_words.c \
	tests/scanners/scanner_site.c tests/scanners/scanner_site.h
tests_scanners_test_supervisor_words_LDADD = scanners/libscanclient.a \
	lib/libproc.a $(LDADD)

# The worker itself, with a reader that fails: its reader_next() comes first.
check_PROGRAMS += tests/scanners/failing_worker
tests_scanners_failing_worker_SOURCES = tests/scanners/failing_worker.c \
	$(sekimori_worker_mail_SOURCES)
tests_scanners_failing_worker_LDADD = $(sekimori_worker_mail_LDADD)
unit_tests += tests/scanners/test_supervisor_loss
tests_scanners_test_supervisor_loss_SOURCES = \
	tests/scanners/test_supervisor_loss.c \
	tests/scanners/scanner_site.c tests/scanners/scanner_site.h
tests_scanners_test_supervisor_loss_LDADD = scanners/libscanclient.a \
	lib/libproc.a $(LDADD)

unit_tests += tests/scanners/test_template
tests_scanners_test_template_SOURCES = tests/scanners/test_template.c \
	tests/scanners/scanner_site.c tests/scanners/scanner_site.h
tests_scanners_test_template_LDADD = scanners/libscanclient.a \
	lib/libproc.a $(LDADD)

unit_tests += tests/scanners/test_worker_probe
tests_scanners_test_worker_probe_SOURCES = \
	tests/scanners/test_worker_probe.c tests/lib/sandbox_calls.h \
	tests/scanners/worker_probe.c tests/scanners/worker_probe.h \
	scanners/worker/worker_messages.c scanners/worker/worker_note_read.c
tests_scanners_test_worker_probe_LDADD = scanners/libscanclient.a \
	lib/libwords.a $(LDADD) $(PCRE2_LIBS)

unit_tests += tests/scanners/test_limits
tests_scanners_test_limits_SOURCES = tests/scanners/test_limits.c \
	tests/scanners/scanner_site.c tests/scanners/scanner_site.h
tests_scanners_test_limits_LDADD = scanners/libscanclient.a \
	lib/libproc.a $(LDADD)

unit_tests += tests/scanners/test_worker_alarm tests/scanners/test_engine_sweep
tests_scanners_test_worker_alarm_SOURCES = tests/scanners/test_worker_alarm.c \
	scanners/worker/worker_alarm.c scanners/worker/worker_alarm.h \
	scanners/worker/worker_note.c scanners/worker/worker_note_read.c
tests_scanners_test_worker_alarm_LDADD = scanners/libscanclient.a $(LDADD)
tests_scanners_test_engine_sweep_SOURCES = tests/scanners/test_engine_sweep.c
tests_scanners_test_engine_sweep_LDADD = scanners/libengine.a $(reader_libs)

unit_tests += tests/scanners/test_preview tests/scanners/test_preview_mask
tests_scanners_test_preview_SOURCES = tests/scanners/test_preview.c
tests_scanners_test_preview_LDADD = scanners/libengine.a $(reader_libs)
tests_scanners_test_preview_mask_SOURCES = tests/scanners/test_preview_mask.c
tests_scanners_test_preview_mask_LDADD = $(reader_libs)

# Through the built programs: without poppler there is nothing to test.
if HAVE_POPPLER
unit_tests += tests/scanners/test_reader_pdf tests/scanners/test_reader_pdf_places \
	tests/scanners/test_pdf_damage
endif
EXTRA_PROGRAMS += tests/scanners/test_reader_pdf tests/scanners/test_reader_pdf_places \
	tests/scanners/test_pdf_damage
pdf_scan = tests/scanners/pdf_scan.c tests/scanners/pdf_scan.h
tests_scanners_test_reader_pdf_places_SOURCES = tests/scanners/test_reader_pdf_places.c $(pdf_scan)
tests_scanners_test_reader_pdf_places_LDADD = scanners/libscanclient.a lib/libproc.a $(LDADD)
tests_scanners_test_pdf_damage_SOURCES = tests/scanners/test_pdf_damage.c $(pdf_scan)
tests_scanners_test_pdf_damage_LDADD = scanners/libscanclient.a lib/libproc.a $(LDADD)
tests_scanners_test_reader_pdf_SOURCES = tests/scanners/test_reader_pdf.c \
	$(pdf_scan) $(recording_sink)
tests_scanners_test_reader_pdf_LDADD = scanners/libreaders.a \
	scanners/libscanclient.a lib/libproc.a $(reader_libs)
EXTRA_DIST += tests/data/pdf tests/data/make_pdfs.py \
	tests/data/pdf_places tests/data/make_pdf_places.py

unit_tests += tests/scanners/test_dull
tests_scanners_test_dull_SOURCES = tests/scanners/test_dull.c
tests_scanners_test_dull_LDADD = scanners/libengine.a $(reader_libs)

unit_tests += tests/scanners/test_report_fits
tests_scanners_test_report_fits_SOURCES = tests/scanners/test_report_fits.c
tests_scanners_test_report_fits_LDADD = scanners/libengine.a $(reader_libs)

unit_tests += tests/scanners/test_pdf_decode
tests_scanners_test_pdf_decode_SOURCES = tests/scanners/test_pdf_decode.c \
	scanners/pdf/pdf_decode.c scanners/pdf/pdf_decode_flate.c \
	scanners/pdf/pdf_decode_lzw.c scanners/pdf/pdf_decode_rows.c
tests_scanners_test_pdf_decode_LDADD = $(reader_libs)

unit_tests += tests/scanners/test_pdf_sink
tests_scanners_test_pdf_sink_SOURCES = tests/scanners/test_pdf_sink.c \
	scanners/pdf/pdf_sink.c $(recording_sink)
tests_scanners_test_pdf_sink_LDADD = scanners/libengine.a $(reader_libs)
