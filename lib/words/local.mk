noinst_LIBRARIES += lib/libwords.a
lib_libwords_a_SOURCES = \
	lib/words/known_files.c \
	lib/words/known_files.h \
	lib/words/own_id.c \
	lib/words/own_id.h \
	lib/words/words.c \
	lib/words/words.h \
	lib/words/words_added.c \
	lib/words/words_added.h \
	lib/words/words_file.c \
	lib/words/words_file.h \
	lib/words/words_lists.def \
	lib/words/words_match.c \
	lib/words/words_match.h \
	lib/words/words_store.h
# The shipped files as they are, compiled in: a worker has no files.
word_files = conf/words/direct.conf conf/words/rival.conf conf/words/form.conf \
	conf/words/birth.conf conf/words/family.conf conf/words/name.conf \
	conf/words/address.conf conf/words/weights.conf conf/words/samples.conf
EXTRA_DIST += lib/words/embed.sh
# Named here instead of in BUILT_SOURCES, which only "make all" builds first.
lib/words/words.$(OBJEXT): lib/words/words_shipped.h
lib/words/words_shipped.h: $(word_files) lib/words/embed.sh
	@mkdir -p lib/words
	cd $(srcdir) && sh lib/words/embed.sh $(word_files) > \
		$(abs_builddir)/$@.tmp
	mv $@.tmp $@
CLEANFILES += lib/words/words_shipped.h
