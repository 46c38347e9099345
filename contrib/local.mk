EXTRA_DIST += \
	contrib/postfix/main.cf.sekimori \
	contrib/sendmail/sekimori.mc \
	contrib/nginx/sekimori.conf \
	contrib/nginx/portal.conf \
	contrib/logrotate/sekimori \
	contrib/rsyslog/sekimori.conf \
	contrib/prometheus/sekimori.rules.yml \
	contrib/grafana/sekimori.json

# The paths of this installation are put into the units.
unit_inputs = \
	contrib/systemd/sekimori-vault.service.in \
	contrib/systemd/sekimori-scanner.service.in \
	contrib/systemd/sekimori-courier.service.in \
	contrib/systemd/sekimori-desk.service.in \
	contrib/systemd/sekimori-milter.service.in \
	contrib/systemd/sekimori-portal.service.in \
	contrib/systemd/sekimori.target.in
unit_files = $(unit_inputs:.in=)
EXTRA_DIST += $(unit_inputs)
CLEANFILES += $(unit_files)
noinst_DATA = $(unit_files)

$(unit_files): $(unit_inputs) Makefile
	$(AM_V_GEN)$(MKDIR_P) contrib/systemd && \
	sed -e 's|@bindir[@]|$(bindir)|g' \
	    -e 's|@sysconfdir[@]|$(sysconfdir)|g' \
	    -e 's|@pkglibexecdir[@]|$(pkglibexecdir)|g' \
	    $(srcdir)/$@.in >$@.new && mv $@.new $@

# Only where configure was told, or found, the directory.
EXTRA_DIST += contrib/sysusers.d/sekimori.conf contrib/tmpfiles.d/sekimori.conf
if WITH_SYSTEMDSYSTEMUNITDIR
systemdsystemunit_DATA = $(unit_files)
endif
if WITH_SYSUSERSDIR
sysusers_DATA = contrib/sysusers.d/sekimori.conf
endif
if WITH_TMPFILESDIR
tmpfiles_DATA = contrib/tmpfiles.d/sekimori.conf
endif

# "contrib/debian/build OUTDIR" makes the package in a copy of the tree.
EXTRA_DIST += \
	contrib/debian/README.Debian \
	contrib/debian/build \
	contrib/debian/changelog \
	contrib/debian/control \
	contrib/debian/copyright \
	contrib/debian/docs \
	contrib/debian/examples \
	contrib/debian/rules \
	contrib/debian/sekimori.postinst \
	contrib/debian/sekimori.postrm \
	contrib/debian/sekimori.templates \
	contrib/debian/source/format
