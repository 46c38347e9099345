words = $(srcdir)/conf/words/direct.conf $(srcdir)/conf/words/form.conf \
	$(srcdir)/conf/words/rival.conf $(srcdir)/conf/words/birth.conf \
	$(srcdir)/conf/words/family.conf $(srcdir)/conf/words/name.conf \
	$(srcdir)/conf/words/address.conf
scanners_libreaders_a_SOURCES += \
	scanners/detect/candidate.c \
	scanners/detect/candidate.h \
	scanners/detect/candidate_judge.c \
	scanners/detect/candidate_judge.h \
	scanners/detect/cell_number.c \
	scanners/detect/cell_number.h \
	scanners/detect/check_digit.c \
	scanners/detect/check_digit.h \
	scanners/detect/columns.c \
	scanners/detect/columns.h \
	scanners/detect/detect.h \
	scanners/detect/detector.c \
	scanners/detect/evidence.c \
	scanners/detect/evidence.h \
	scanners/detect/findings.c \
	scanners/detect/findings.h \
	scanners/detect/findings_report.c \
	scanners/detect/findings_store.h \
	scanners/detect/fold.c \
	scanners/detect/fold.h \
	scanners/detect/found_lines.c \
	scanners/detect/found_lines.h \
	scanners/detect/isolation.c \
	scanners/detect/isolation.h \
	scanners/detect/judge.c \
	scanners/detect/judge.h \
	scanners/detect/labels.c \
	scanners/detect/labels.h \
	scanners/detect/mask.c \
	scanners/detect/mask.h \
	scanners/detect/numbers.c \
	scanners/detect/numbers.h \
	scanners/detect/preview_mask.c \
	scanners/detect/preview_mask.h \
	scanners/detect/shape.c \
	scanners/detect/shape.h \
	scanners/detect/stream.c \
	scanners/detect/stream.h \
	scanners/detect/stream_pending.c \
	scanners/detect/stream_pending.h
EXTRA_DIST += conf/words/direct.conf conf/words/form.conf \
	conf/words/rival.conf conf/words/birth.conf conf/words/family.conf \
	conf/words/name.conf conf/words/address.conf \
	scanners/detect/words_table.awk
# The words become a table: only one object needs it, so it is named here
# instead of in BUILT_SOURCES, which only "make all" would build first.
scanners/detect/labels.$(OBJEXT): scanners/detect/words_table.h
scanners/detect/words_table.h: $(words) scanners/detect/words_table.awk
	@mkdir -p scanners/detect
	LC_ALL=C awk -f $(srcdir)/scanners/detect/words_table.awk $(words) > $@.tmp
	mv $@.tmp $@
CLEANFILES += scanners/detect/words_table.h
