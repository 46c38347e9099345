# Tests of quarantine-ui.
check_PROGRAMS += tests/quarantine-ui/fake_vault
EXTRA_DIST += \
	tests/browser/approve.mjs \
	tests/browser/desk.mjs \
	tests/browser/fetch_link.mjs \
	tests/browser/live.mjs \
	tests/browser/locks.mjs \
	tests/browser/looking.mjs \
	tests/browser/meanwhile.mjs \
	tests/browser/notices.mjs \
	tests/browser/package-lock.json \
	tests/browser/package.json \
	tests/browser/portal.mjs \
	tests/browser/reveal.mjs \
	tests/browser/roles.mjs \
	tests/browser/shots.mjs \
	tests/browser/touch.mjs \
	tests/browser/try_approve.mjs
fake_vault_sources = \
	tests/quarantine-ui/fake_answers.c \
	tests/quarantine-ui/fake_answers.h \
	tests/quarantine-ui/fake_cases.c \
	tests/quarantine-ui/fake_links.c \
	tests/quarantine-ui/fake_people.c \
	tests/quarantine-ui/fake_show.c \
	tests/quarantine-ui/fake_vault.c \
	tests/quarantine-ui/fake_vault.h \
	tests/quarantine-ui/fake_files.c \
	tests/quarantine-ui/fake_visits.c \
	tests/quarantine-ui/fake_visits.h
tests_quarantine_ui_fake_vault_SOURCES = $(fake_vault_sources) \
	tests/quarantine-ui/fake_vault_main.c
tests_quarantine_ui_fake_vault_LDADD = vault/libvaultclient.a \
	lib/libcrypto.a lib/libreport.a lib/libwire.a lib/libbase.a \
	$(OPENSSL_LIBS) $(ARGON2_LIBS) -lm -lpthread

unit_tests += \
	tests/quarantine-ui/test_message \
	tests/quarantine-ui/test_template
tests_quarantine_ui_test_template_SOURCES = tests/quarantine-ui/test_template.c
tests_quarantine_ui_test_template_LDADD = quarantine-ui/libdesk.a lib/libi18n.a $(LDADD)
tests_quarantine_ui_test_message_SOURCES = tests/quarantine-ui/test_message.c
tests_quarantine_ui_test_message_LDADD = quarantine-ui/libhttp.a $(LDADD)
unit_tests += tests/quarantine-ui/test_server
http_site_sources = \
	tests/quarantine-ui/http_site.c \
	tests/quarantine-ui/http_site.h
tests_quarantine_ui_test_server_SOURCES = $(http_site_sources) \
	tests/quarantine-ui/test_server.c
tests_quarantine_ui_test_server_LDADD = quarantine-ui/libhttp.a $(LDADD) \
	$(MICROHTTPD_LIBS) -lpthread
unit_tests += tests/quarantine-ui/test_head
tests_quarantine_ui_test_head_SOURCES = $(http_site_sources) \
	tests/quarantine-ui/test_head.c
tests_quarantine_ui_test_head_LDADD = quarantine-ui/libhttp.a $(LDADD) \
	$(MICROHTTPD_LIBS) -lpthread
unit_tests += tests/quarantine-ui/test_streams
tests_quarantine_ui_test_streams_SOURCES = tests/quarantine-ui/test_streams.c
tests_quarantine_ui_test_streams_LDADD = quarantine-ui/libhttp.a $(LDADD) \
	$(MICROHTTPD_LIBS) -lpthread
unit_tests += tests/quarantine-ui/test_case_page
tests_quarantine_ui_test_case_page_SOURCES = $(fake_vault_sources) \
	tests/quarantine-ui/test_case_page.c \
	tests/quarantine-ui/visitor.c \
	tests/quarantine-ui/visitor.h
tests_quarantine_ui_test_case_page_LDADD = $(desk_libs) $(CMOCKA_LIBS)
unit_tests += tests/quarantine-ui/test_pages
tests_quarantine_ui_test_pages_SOURCES = $(fake_vault_sources) \
	tests/quarantine-ui/test_pages.c \
	tests/quarantine-ui/visitor.c \
	tests/quarantine-ui/visitor.h
tests_quarantine_ui_test_pages_LDADD = $(desk_libs) $(CMOCKA_LIBS)
unit_tests += tests/quarantine-ui/test_sign_in
tests_quarantine_ui_test_sign_in_SOURCES = $(fake_vault_sources) \
	tests/quarantine-ui/test_sign_in.c \
	tests/quarantine-ui/visitor.c \
	tests/quarantine-ui/visitor.h
tests_quarantine_ui_test_sign_in_LDADD = $(desk_libs) $(CMOCKA_LIBS)
unit_tests += tests/quarantine-ui/test_api
tests_quarantine_ui_test_api_SOURCES = $(fake_vault_sources) \
	tests/quarantine-ui/test_api.c \
	tests/quarantine-ui/visitor.c \
	tests/quarantine-ui/visitor.h
tests_quarantine_ui_test_api_LDADD = $(desk_libs) $(CMOCKA_LIBS)
unit_tests += tests/quarantine-ui/test_program
tests_quarantine_ui_test_program_SOURCES = tests/quarantine-ui/test_program.c
tests_quarantine_ui_test_program_LDADD = lib/libproc.a lib/libwire.a \
	lib/libbase.a $(CMOCKA_LIBS) $(SECCOMP_LIBS)
unit_tests += tests/quarantine-ui/test_people
tests_quarantine_ui_test_people_SOURCES = $(fake_vault_sources) \
	tests/quarantine-ui/test_people.c \
	tests/quarantine-ui/visitor.c \
	tests/quarantine-ui/visitor.h
tests_quarantine_ui_test_people_LDADD = $(desk_libs) $(CMOCKA_LIBS)
unit_tests += tests/quarantine-ui/test_matrix
tests_quarantine_ui_test_matrix_SOURCES = $(fake_vault_sources) \
	tests/quarantine-ui/test_matrix.c \
	tests/quarantine-ui/visitor.c \
	tests/quarantine-ui/visitor.h
tests_quarantine_ui_test_matrix_LDADD = $(desk_libs) $(CMOCKA_LIBS)
unit_tests += tests/quarantine-ui/test_links
tests_quarantine_ui_test_links_SOURCES = $(fake_vault_sources) \
	tests/quarantine-ui/test_links.c \
	tests/quarantine-ui/visitor.c \
	tests/quarantine-ui/visitor.h
tests_quarantine_ui_test_links_LDADD = $(desk_libs) $(CMOCKA_LIBS)
unit_tests += tests/quarantine-ui/test_portal_parts
tests_quarantine_ui_test_portal_parts_SOURCES = \
	tests/quarantine-ui/test_portal_parts.c
tests_quarantine_ui_test_portal_parts_LDADD = $(portal_libs) $(CMOCKA_LIBS)
unit_tests += tests/quarantine-ui/test_portal_zip
tests_quarantine_ui_test_portal_zip_SOURCES = \
	tests/quarantine-ui/test_portal_zip.c
tests_quarantine_ui_test_portal_zip_LDADD = $(portal_libs) $(CMOCKA_LIBS)
unit_tests += tests/quarantine-ui/test_portal_visit
tests_quarantine_ui_test_portal_visit_SOURCES = $(fake_vault_sources) \
	tests/quarantine-ui/test_portal_visit.c \
	tests/quarantine-ui/portal_site.c \
	tests/quarantine-ui/portal_site.h
tests_quarantine_ui_test_portal_visit_LDADD = $(portal_libs) $(CMOCKA_LIBS)
unit_tests += tests/quarantine-ui/test_portal_leave
tests_quarantine_ui_test_portal_leave_SOURCES = $(fake_vault_sources) \
	tests/quarantine-ui/test_portal_leave.c \
	tests/quarantine-ui/portal_site.c \
	tests/quarantine-ui/portal_site.h
tests_quarantine_ui_test_portal_leave_LDADD = $(portal_libs) $(CMOCKA_LIBS)
