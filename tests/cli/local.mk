unit_tests += tests/cli/test_commands tests/cli/test_table
tests_cli_test_commands_SOURCES = tests/cli/test_commands.c \
	tests/cli/cli_harness.c tests/cli/cli_harness.h
tests_cli_test_table_SOURCES = tests/cli/test_table.c cli/table.c cli/table.h
unit_tests += tests/cli/test_run
tests_cli_test_run_SOURCES = tests/cli/test_run.c \
	tests/cli/cli_harness.c tests/cli/cli_harness.h
check_PROGRAMS += tests/cli/fake_program
tests_cli_fake_program_SOURCES = tests/cli/fake_program.c
tests_cli_fake_program_LDADD = lib/libproc.a $(LDADD)

unit_tests += tests/cli/test_scan
tests_cli_test_scan_SOURCES = tests/cli/test_scan.c
tests_cli_test_scan_LDADD = $(LDADD) $(JANSSON_LIBS)
unit_tests += tests/cli/test_export
tests_cli_test_export_SOURCES = tests/cli/test_export.c \
	tests/cli/cli_harness.c tests/cli/cli_harness.h
tests_cli_test_export_LDADD = vault/libvaultclient.a lib/libcrypto.a $(LDADD) \
	$(OPENSSL_LIBS) $(ARGON2_LIBS)
unit_tests += tests/cli/test_postconf
tests_cli_test_postconf_SOURCES = tests/cli/test_postconf.c \
	cli/directories.c cli/directories.h cli/lines.c cli/lines.h \
	cli/postconf.c cli/postconf.h cli/postfix_socket.c cli/postfix_socket.h
tests_cli_test_postconf_LDADD = lib/libproc.a $(LDADD) $(SECCOMP_LIBS)
unit_tests += tests/cli/test_certificate
tests_cli_test_certificate_SOURCES = tests/cli/test_certificate.c \
	tests/cli/cli_harness.c tests/cli/cli_harness.h
tests_cli_test_certificate_LDADD = lib/libcrypto.a $(LDADD) \
	$(OPENSSL_LIBS) $(ARGON2_LIBS)
