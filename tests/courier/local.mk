# Tests of courier.
courier_smtp_libs = courier/libsmtp.a $(LDADD) $(OPENSSL_LIBS)
unit_tests += tests/courier/test_smtp_reply tests/courier/test_smtp_data
unit_tests += tests/courier/test_smtp_client tests/courier/test_smtp_trouble
tests_courier_test_smtp_reply_SOURCES = tests/courier/test_smtp_reply.c
tests_courier_test_smtp_reply_LDADD = $(courier_smtp_libs)
tests_courier_test_smtp_data_SOURCES = tests/courier/test_smtp_data.c
tests_courier_test_smtp_data_LDADD = $(courier_smtp_libs)
smtp_server_files = \
	tests/courier/smtp_sent.c \
	tests/courier/smtp_sent.h \
	tests/courier/smtp_server.c \
	tests/courier/smtp_server.h
tests_courier_test_smtp_client_SOURCES = \
	tests/courier/test_smtp_client.c $(smtp_server_files)
tests_courier_test_smtp_client_LDADD = $(courier_smtp_libs)
tests_courier_test_smtp_trouble_SOURCES = \
	tests/courier/test_smtp_trouble.c $(smtp_server_files)
tests_courier_test_smtp_trouble_LDADD = $(courier_smtp_libs)

unit_tests += tests/courier/test_jobs tests/courier/test_notices
unit_tests += tests/courier/test_compose
unit_tests += tests/courier/test_rescan tests/courier/test_setup
world_files = \
	tests/courier/fake_vault.c \
	tests/courier/fake_vault.h \
	tests/courier/world.c \
	tests/courier/world.h \
	$(smtp_server_files)
tests_courier_test_jobs_SOURCES = tests/courier/test_jobs.c $(world_files)
fake_scanner_files = tests/courier/fake_scanner.c tests/courier/fake_scanner.h
tests_courier_test_rescan_SOURCES = tests/courier/test_rescan.c \
	$(fake_scanner_files) $(world_files)
unit_tests += tests/courier/test_unlock_jobs
tests_courier_test_unlock_jobs_SOURCES = tests/courier/test_unlock_jobs.c \
	$(fake_scanner_files) $(world_files)
tests_courier_test_unlock_jobs_LDADD = $(courier_libs) $(LDADD)
unit_tests += tests/courier/test_preview_jobs
tests_courier_test_preview_jobs_SOURCES = tests/courier/test_preview_jobs.c \
	$(fake_scanner_files) $(world_files)
tests_courier_test_preview_jobs_LDADD = $(courier_libs) $(LDADD)
tests_courier_test_rescan_LDADD = $(courier_libs) $(LDADD)
tests_courier_test_jobs_LDADD = $(courier_libs) $(LDADD)
tests_courier_test_compose_SOURCES = tests/courier/test_compose.c
tests_courier_test_compose_LDADD = $(courier_libs) $(LDADD)
tests_courier_test_notices_SOURCES = tests/courier/test_notices.c
tests_courier_test_notices_LDADD = $(courier_libs) $(LDADD)
tests_courier_test_setup_SOURCES = tests/courier/test_setup.c $(world_files)
tests_courier_test_setup_LDADD = $(courier_libs) $(LDADD)
unit_tests += tests/courier/test_self_test
tests_courier_test_self_test_SOURCES = tests/courier/test_self_test.c $(world_files)
tests_courier_test_self_test_LDADD = $(courier_libs) $(LDADD)
unit_tests += tests/courier/test_job_rewrite tests/courier/test_job_link
tests_courier_test_job_rewrite_SOURCES = tests/courier/test_job_rewrite.c \
	$(fake_scanner_files) $(world_files)
tests_courier_test_job_rewrite_LDADD = $(courier_libs) $(LDADD)
tests_courier_test_job_link_SOURCES = tests/courier/test_job_link.c $(world_files)
tests_courier_test_job_link_LDADD = $(courier_libs) $(LDADD)
unit_tests += tests/courier/test_link_part
tests_courier_test_link_part_SOURCES = tests/courier/test_link_part.c $(world_files)
tests_courier_test_link_part_LDADD = $(courier_libs) $(LDADD)
check_PROGRAMS += tests/courier/link_say
tests_courier_link_say_SOURCES = tests/courier/link_say.c $(world_files)
tests_courier_link_say_LDADD = $(courier_libs) $(LDADD)
EXTRA_DIST += tests/courier/link_mails.py
