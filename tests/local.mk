include tests/lib/local.mk
include tests/scanners/local.mk
include tests/vault/local.mk
include tests/milter/local.mk
include tests/courier/local.mk
include tests/quarantine-ui/local.mk
include tests/cli/local.mk
include tests/flow/local.mk
include tests/hostile/local.mk
include tests/fuzz/local.mk
include tests/bench/local.mk
include tests/accuracy/local.mk

if HAVE_CMOCKA
check_PROGRAMS += $(unit_tests)
endif
LDADD = lib/libwords.a lib/libreport.a lib/libwire.a lib/libbase.a $(PCRE2_LIBS) \
	$(CMOCKA_LIBS) -lm
dist_check_SCRIPTS += tests/checks/layering.sh
dist_check_SCRIPTS += tests/checks/translations.sh
dist_check_SCRIPTS += tests/checks/session_graph.sh
dist_check_SCRIPTS += tests/checks/registry.sh
dist_check_SCRIPTS += tests/checks/globals.sh
dist_check_SCRIPTS += tests/checks/units.sh
dist_check_SCRIPTS += tests/checks/manuals.sh tests/checks/limits.sh
dist_check_SCRIPTS += tests/checks/metrics.sh tests/checks/formats.sh
dist_check_SCRIPTS += tests/checks/preview_forms.sh
dist_check_SCRIPTS += tests/checks/rewrite_forms.sh
dist_check_SCRIPTS += tests/checks/link_mails.sh
dist_check_SCRIPTS += tests/checks/documents.sh
dist_check_SCRIPTS += tests/checks/charsets.sh tests/checks/charset_forms.sh
# Run by bootstrap, not by "make check": long, or as root.
EXTRA_DIST += tests/checks/sanitized.sh tests/checks/fuzzed.sh \
	tests/faults/bad_input.py \
	tests/faults/bomb_archives.py tests/faults/bomb_documents.py \
	tests/faults/bomb_makers.py tests/faults/bombs.py \
	tests/faults/hostile.py tests/faults/mailed_bombs.py \
	tests/faults/smtp_level.py \
	tests/faults/kills.py tests/faults/link_kills.py \
	tests/faults/link_stolen.py tests/faults/power.py
EXTRA_DIST += tests/soak/debian.sh tests/soak/debian_inside.sh \
	tests/soak/units_inside.sh tests/soak/nginx_front.py tests/soak/nginx_portal.py \
	tests/soak/promtool.sh tests/soak/rules_test.yml
EXTRA_DIST += tests/harness/check.h tests/harness/smtp_sink.py
