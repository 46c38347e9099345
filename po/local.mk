# Catalogues. The English text in the sources is the key; po/ja.po holds the
# Japanese. po/POTFILES lists the sources that have texts for people.
podir = $(pkgdatadir)/po
po_DATA = po/ja.mo
EXTRA_DIST += po/POTFILES po/ja.po po/extract.sh
CLEANFILES += po/ja.mo po/sekimori.pot

po/ja.mo: po/ja.po
	$(AM_V_GEN)$(MKDIR_P) po && \
	$(MSGFMT) --check-format --check-domain --endianness=little -o $@ $(top_srcdir)/po/ja.po

.PHONY: update-po
update-po:
	$(MKDIR_P) po
	top_srcdir='$(top_srcdir)' sh $(top_srcdir)/po/extract.sh po/sekimori.pot
	msgmerge --quiet --update --backup=none --no-fuzzy-matching --no-wrap \
	  $(top_srcdir)/po/ja.po po/sekimori.pot
