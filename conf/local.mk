
# The sample file; "sekimori check-config --sample" prints the same.
EXTRA_DIST += conf/sekimori.conf
sekimoriconfdir = $(sysconfdir)/sekimori
nodist_sekimoriconf_DATA = conf/sekimori.conf.sample
CLEANFILES += conf/sekimori.conf.sample
conf/sekimori.conf.sample: conf/sekimori.conf
	$(AM_V_GEN)$(MKDIR_P) conf && cp $(srcdir)/conf/sekimori.conf $@
