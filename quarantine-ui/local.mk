# The web desk and the portal. http is the only folder with libmicrohttpd, api
# with jansson.
noinst_LIBRARIES += quarantine-ui/libhttp.a quarantine-ui/libdesk.a
quarantine_ui_libhttp_a_CPPFLAGS = $(AM_CPPFLAGS) $(MICROHTTPD_CFLAGS)
quarantine_ui_libhttp_a_SOURCES = \
	quarantine-ui/http/answer.c \
	quarantine-ui/http/answer.h \
	quarantine-ui/http/check.c \
	quarantine-ui/http/check.h \
	quarantine-ui/http/connections.c \
	quarantine-ui/http/connections.h \
	quarantine-ui/http/file.h \
	quarantine-ui/http/form.c \
	quarantine-ui/http/form.h \
	quarantine-ui/http/head.c \
	quarantine-ui/http/head.h \
	quarantine-ui/http/host.c \
	quarantine-ui/http/host.h \
	quarantine-ui/http/limiter.c \
	quarantine-ui/http/limiter.h \
	quarantine-ui/http/listen.c \
	quarantine-ui/http/listen.h \
	quarantine-ui/http/message.c \
	quarantine-ui/http/message.h \
	quarantine-ui/http/path.c \
	quarantine-ui/http/path.h \
	quarantine-ui/http/range.c \
	quarantine-ui/http/range.h \
	quarantine-ui/http/security.h \
	quarantine-ui/http/server.c \
	quarantine-ui/http/server.h \
	quarantine-ui/http/server_internal.h \
	quarantine-ui/http/server_start.c \
	quarantine-ui/http/streams.c \
	quarantine-ui/http/streams.h \
	quarantine-ui/http/transfers.c \
	quarantine-ui/http/transfers.h \
	quarantine-ui/http/visitor_certificate.c \
	quarantine-ui/http/visitor_certificate.h \
	quarantine-ui/http/workers.c \
	quarantine-ui/http/workers.h

quarantine_ui_libdesk_a_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) \
	$(QRENCODE_CFLAGS)
quarantine_ui_libdesk_a_SOURCES = \
	quarantine-ui/api/api.def \
	quarantine-ui/api/api.h \
	quarantine-ui/api/api_audit.c \
	quarantine-ui/api/api_cases.c \
	quarantine-ui/api/api_links.c \
	quarantine-ui/api/api_people.c \
	quarantine-ui/api/api_session.c \
	quarantine-ui/api/api_users.c \
	quarantine-ui/api/json.c \
	quarantine-ui/api/json.h \
	quarantine-ui/api/json_case.c \
	quarantine-ui/desk/agent.c \
	quarantine-ui/desk/agent.h \
	quarantine-ui/desk/ask.c \
	quarantine-ui/desk/ask.h \
	quarantine-ui/desk/ask_links.c \
	quarantine-ui/desk/ask_links.h \
	quarantine-ui/desk/ask_people.c \
	quarantine-ui/desk/ask_people.h \
	quarantine-ui/desk/call.c \
	quarantine-ui/desk/call.h \
	quarantine-ui/desk/desk.c \
	quarantine-ui/desk/desk.h \
	quarantine-ui/desk/dispatch.c \
	quarantine-ui/desk/route.c \
	quarantine-ui/desk/route.h \
	quarantine-ui/desk/watcher.c \
	quarantine-ui/desk/watcher.h \
	quarantine-ui/html/context.c \
	quarantine-ui/html/context.h \
	quarantine-ui/html/escape.c \
	quarantine-ui/html/escape.h \
	quarantine-ui/html/scratch.c \
	quarantine-ui/html/scratch.h \
	quarantine-ui/html/tell.c \
	quarantine-ui/html/tell.h \
	quarantine-ui/html/template.c \
	quarantine-ui/html/template.h \
	quarantine-ui/html/template_code.h \
	quarantine-ui/html/template_compile.c \
	quarantine-ui/html/view.c \
	quarantine-ui/html/view.h \
	quarantine-ui/pages/case_locks.c \
	quarantine-ui/pages/case_locks.h \
	quarantine-ui/pages/case_preview.c \
	quarantine-ui/pages/case_tree.c \
	quarantine-ui/pages/alarms.c \
	quarantine-ui/pages/alarms.h \
	quarantine-ui/pages/case_values.c \
	quarantine-ui/pages/case_values.h \
	quarantine-ui/pages/events.def \
	quarantine-ui/pages/layout.c \
	quarantine-ui/pages/page.h \
	quarantine-ui/pages/page_account.c \
	quarantine-ui/pages/page_audit.c \
	quarantine-ui/pages/page_case.c \
	quarantine-ui/pages/page_decide.c \
	quarantine-ui/pages/page_entry.c \
	quarantine-ui/pages/page_error.c \
	quarantine-ui/pages/page_factor.c \
	quarantine-ui/pages/page_events.c \
	quarantine-ui/pages/page_health.c \
	quarantine-ui/pages/page_inbox.c \
	quarantine-ui/pages/page_language.c \
	quarantine-ui/pages/page_links.c \
	quarantine-ui/pages/page_password.c \
	quarantine-ui/pages/page_people.c \
	quarantine-ui/pages/page_report.c \
	quarantine-ui/pages/page_reveal.c \
	quarantine-ui/pages/page_sign_in.c \
	quarantine-ui/pages/page_static.c \
	quarantine-ui/pages/page_unlock.c \
	quarantine-ui/pages/pages.def \
	quarantine-ui/pages/plan.c \
	quarantine-ui/pages/qr.c \
	quarantine-ui/pages/qr.h \
	quarantine-ui/pages/refusals.def \
	quarantine-ui/pages/report_sum.c \
	quarantine-ui/pages/report_sum.h \
	quarantine-ui/pages/shapes.h \
	quarantine-ui/pages/templates.def \
	quarantine-ui/pages/words.c \
	quarantine-ui/pages/words.h \
	quarantine-ui/pages/words_people.c \
	quarantine-ui/program/web_program.c \
	quarantine-ui/program/web_program.h

desk_libs = quarantine-ui/libdesk.a quarantine-ui/libhttp.a \
	vault/libvaultclient.a lib/libconfig.a lib/libwords.a lib/libcrypto.a lib/libproc.a \
	lib/libi18n.a lib/libreport.a lib/libwire.a lib/libbase.a \
	$(MICROHTTPD_LIBS) $(QRENCODE_LIBS) $(JANSSON_LIBS) $(CONFUSE_LIBS) $(PCRE2_LIBS) \
	$(OPENSSL_LIBS) $(ARGON2_LIBS) $(SECCOMP_LIBS) -lpthread -lm

noinst_LIBRARIES += quarantine-ui/libportal.a
quarantine_ui_libportal_a_SOURCES = \
	quarantine-ui/portal/coverage.c \
	quarantine-ui/portal/coverage.h \
	quarantine-ui/portal/file_name.c \
	quarantine-ui/portal/file_name.h \
	quarantine-ui/portal/page_download.c \
	quarantine-ui/portal/page_open.c \
	quarantine-ui/portal/page_other.c \
	quarantine-ui/portal/page_visit.c \
	quarantine-ui/portal/portal.c \
	quarantine-ui/portal/portal.def \
	quarantine-ui/portal/portal.h \
	quarantine-ui/portal/portal_dispatch.c \
	quarantine-ui/portal/portal_layout.c \
	quarantine-ui/portal/portal_page.h \
	quarantine-ui/portal/portal_route.c \
	quarantine-ui/portal/portal_templates.def \
	quarantine-ui/portal/sent.c \
	quarantine-ui/portal/sent.h \
	quarantine-ui/portal/visit.c \
	quarantine-ui/portal/visit.h \
	quarantine-ui/portal/visit_ask.c \
	quarantine-ui/portal/watch.c \
	quarantine-ui/portal/watch.h \
	quarantine-ui/portal/zip_stream.c \
	quarantine-ui/portal/zip_stream.h

portal_libs = quarantine-ui/libportal.a $(desk_libs)

pkglibexec_PROGRAMS += sekimori-desk sekimori-portal
sekimori_desk_SOURCES = quarantine-ui/main.c
sekimori_desk_LDADD = $(desk_libs)
sekimori_portal_SOURCES = quarantine-ui/portal/main_portal.c
sekimori_portal_LDADD = $(portal_libs)

templatesdir = $(pkgdatadir)/templates
dist_templates_DATA = \
	quarantine-ui/templates/account.html \
	quarantine-ui/templates/audit.html \
	quarantine-ui/templates/bottom.html \
	quarantine-ui/templates/case.html \
	quarantine-ui/templates/entry.html \
	quarantine-ui/templates/error.html \
	quarantine-ui/templates/factor.html \
	quarantine-ui/templates/hop.html \
	quarantine-ui/templates/inbox.html \
	quarantine-ui/templates/link_record.html \
	quarantine-ui/templates/links.html \
	quarantine-ui/templates/password.html \
	quarantine-ui/templates/people.html \
	quarantine-ui/templates/person.html \
	quarantine-ui/templates/report.html \
	quarantine-ui/templates/reveal.html \
	quarantine-ui/templates/sign_in.html \
	quarantine-ui/templates/top.html
staticdir = $(pkgdatadir)/static
dist_static_DATA = \
	quarantine-ui/static/desk.css \
	quarantine-ui/static/desk.js \
	quarantine-ui/static/entry.js \
	quarantine-ui/static/icon.svg
dist_noinst_DATA += quarantine-ui/api/openapi.json

portaltemplatesdir = $(pkgdatadir)/portal/templates
dist_portaltemplates_DATA = \
	quarantine-ui/portal/templates/bottom.html \
	quarantine-ui/portal/templates/code.html \
	quarantine-ui/portal/templates/error.html \
	quarantine-ui/portal/templates/files.html \
	quarantine-ui/portal/templates/left.html \
	quarantine-ui/portal/templates/open.html \
	quarantine-ui/portal/templates/password.html \
	quarantine-ui/portal/templates/top.html
portalstaticdir = $(pkgdatadir)/portal/static
dist_portalstatic_DATA = \
	quarantine-ui/portal/static/portal.css \
	quarantine-ui/portal/static/portal.js \
	quarantine-ui/portal/static/portal.svg
