noinst_LIBRARIES += lib/libwords.a
lib_libwords_a_SOURCES = \
	lib/words/words.c \
	lib/words/words.h
EXTRA_DIST += conf/words/weights.conf lib/words/weights_table.awk
# Named here instead of in BUILT_SOURCES, which only "make all" builds first.
lib/words/words.$(OBJEXT): lib/words/weights_table.h
lib/words/weights_table.h: conf/words/weights.conf lib/words/weights_table.awk
	@mkdir -p lib/words
	LC_ALL=C awk -f $(srcdir)/lib/words/weights_table.awk \
		$(srcdir)/conf/words/weights.conf > $@.tmp
	mv $@.tmp $@
CLEANFILES += lib/words/weights_table.h
