# Tests of quarantine-ui.
check_PROGRAMS += tests/quarantine-ui/fake_vault
EXTRA_DIST += \
	tests/browser/approve.mjs \
	tests/browser/desk.mjs \
	tests/browser/package-lock.json \
	tests/browser/package.json \
	tests/browser/shots.mjs \
	tests/browser/try_approve.mjs
fake_vault_sources = \
	tests/quarantine-ui/fake_answers.c \
	tests/quarantine-ui/fake_answers.h \
	tests/quarantine-ui/fake_cases.c \
	tests/quarantine-ui/fake_vault.c \
	tests/quarantine-ui/fake_vault.h
tests_quarantine_ui_fake_vault_SOURCES = $(fake_vault_sources) \
	tests/quarantine-ui/fake_vault_main.c
tests_quarantine_ui_fake_vault_LDADD = vault/libvaultclient.a \
	lib/libreport.a lib/libwire.a lib/libbase.a -lm -lpthread
