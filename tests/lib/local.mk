unit_tests += tests/lib/test_span tests/lib/test_sbuf tests/lib/test_parse tests/lib/test_wire tests/lib/test_report
tests_lib_test_span_SOURCES = tests/harness/check.h tests/lib/test_span.c
tests_lib_test_sbuf_SOURCES = tests/lib/test_sbuf.c
tests_lib_test_parse_SOURCES = tests/lib/test_parse.c
tests_lib_test_wire_SOURCES = tests/lib/test_wire.c
tests_lib_test_wire_LDADD = vault/libvaultclient.a $(LDADD)
EXTRA_DIST += tests/data/report/version1.bin
tests_lib_test_report_SOURCES = tests/lib/test_report.c

unit_tests += tests/lib/test_i18n
tests_lib_test_i18n_SOURCES = tests/lib/test_i18n.c
tests_lib_test_i18n_LDADD = lib/libi18n.a $(LDADD)
unit_tests += tests/lib/test_process tests/lib/test_control tests/lib/test_notify
tests_lib_test_notify_SOURCES = tests/lib/test_notify.c
tests_lib_test_notify_LDADD = lib/libproc.a $(LDADD)
tests_lib_test_process_SOURCES = tests/lib/test_process.c
tests_lib_test_process_LDADD = lib/libproc.a $(LDADD)
unit_tests += tests/lib/test_turns
tests_lib_test_turns_SOURCES = tests/lib/test_turns.c
tests_lib_test_turns_LDADD = lib/libproc.a $(LDADD)
unit_tests += tests/lib/test_program
tests_lib_test_program_SOURCES = tests/lib/test_program.c
tests_lib_test_program_LDADD = lib/libproc.a $(LDADD)
tests_lib_test_control_SOURCES = tests/lib/test_control.c

unit_tests += tests/lib/test_digest tests/lib/test_seal tests/lib/test_password tests/lib/test_content
tests_lib_test_digest_SOURCES = tests/lib/test_digest.c
tests_lib_test_digest_LDADD = lib/libcrypto.a $(LDADD) $(OPENSSL_LIBS) $(ARGON2_LIBS)
tests_lib_test_seal_SOURCES = tests/lib/test_seal.c
tests_lib_test_seal_LDADD = $(tests_lib_test_digest_LDADD)
tests_lib_test_password_SOURCES = tests/lib/test_password.c
tests_lib_test_password_LDADD = $(tests_lib_test_digest_LDADD)
tests_lib_test_content_SOURCES = tests/lib/test_content.c
tests_lib_test_content_LDADD = $(tests_lib_test_digest_LDADD)
unit_tests += tests/lib/test_totp
tests_lib_test_totp_SOURCES = tests/lib/test_totp.c
tests_lib_test_totp_LDADD = $(tests_lib_test_digest_LDADD)
unit_tests += tests/lib/test_sandbox tests/lib/test_step
tests_lib_test_step_SOURCES = tests/lib/test_step.c
tests_lib_test_sandbox_SOURCES = tests/lib/test_sandbox.c \
	tests/lib/sandbox_calls.h
tests_lib_test_sandbox_LDADD = lib/libsandbox.a $(LDADD) $(SECCOMP_LIBS)

unit_tests += tests/lib/test_certificate
tests_lib_test_certificate_SOURCES = tests/lib/test_certificate.c
tests_lib_test_certificate_LDADD = lib/libcrypto.a $(OPENSSL_LIBS) $(ARGON2_LIBS) $(LDADD)

config_harness = tests/lib/config_harness.c tests/lib/config_harness.h
unit_tests += tests/lib/test_config tests/lib/test_policy tests/lib/test_policy_build
tests_lib_test_config_SOURCES = tests/lib/test_config.c $(config_harness)
tests_lib_test_config_LDADD = $(config_libs) $(LDADD)
unit_tests += tests/lib/test_config_words
tests_lib_test_config_words_SOURCES = tests/lib/test_config_words.c $(config_harness)
tests_lib_test_config_words_LDADD = $(config_libs) $(LDADD)
tests_lib_test_policy_SOURCES = tests/lib/test_policy.c $(config_harness)
tests_lib_test_policy_LDADD = $(config_libs) $(LDADD)
unit_tests += tests/lib/test_policy_profile
tests_lib_test_policy_profile_SOURCES = tests/lib/test_policy_profile.c $(config_harness)
tests_lib_test_policy_profile_LDADD = $(config_libs) $(LDADD)
tests_lib_test_policy_build_SOURCES = tests/lib/test_policy_build.c $(config_harness)
tests_lib_test_policy_build_LDADD = $(config_libs) $(LDADD)

unit_tests += tests/lib/test_words tests/lib/test_words_match
tests_lib_test_words_match_SOURCES = tests/lib/test_words_match.c
tests_lib_test_words_SOURCES = tests/lib/test_words.c
