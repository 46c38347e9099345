# Tests of milter.
milter_test_libs = milter/libmilter_session.a vault/libvaultclient.a \
	scanners/libscanclient.a $(config_libs) lib/libcrypto.a \
	$(OPENSSL_LIBS) $(ARGON2_LIBS) lib/libproc.a $(LDADD) -lpthread
milter_test_peers = tests/milter/fixture.c tests/milter/fixture.h \
	tests/milter/peers.c tests/milter/peers.h
unit_tests += tests/milter/test_header tests/milter/test_spool \
	tests/milter/test_session tests/milter/test_session_digest \
	tests/milter/test_plan \
	tests/milter/test_finish tests/milter/test_links \
	tests/milter/test_program
tests_milter_test_header_SOURCES = tests/milter/test_header.c
tests_milter_test_header_LDADD = $(milter_test_libs)
tests_milter_test_spool_SOURCES = tests/milter/test_spool.c \
	$(milter_test_peers)
tests_milter_test_spool_LDADD = $(milter_test_libs)
session_rig = tests/milter/session_rig.c tests/milter/session_rig.h
tests_milter_test_session_SOURCES = tests/milter/test_session.c \
	$(session_rig) $(milter_test_peers)
tests_milter_test_session_LDADD = $(milter_test_libs)
tests_milter_test_session_digest_SOURCES = \
	tests/milter/test_session_digest.c $(session_rig) $(milter_test_peers)
tests_milter_test_session_digest_LDADD = $(milter_test_libs)
tests_milter_test_plan_SOURCES = tests/milter/test_plan.c \
	$(milter_test_peers)
tests_milter_test_plan_LDADD = $(milter_test_libs)
tests_milter_test_finish_SOURCES = tests/milter/test_finish.c \
	tests/milter/bench.c tests/milter/bench.h $(milter_test_peers)
tests_milter_test_finish_LDADD = $(milter_test_libs)
unit_tests += tests/milter/test_finish_profile
tests_milter_test_finish_profile_SOURCES = \
	tests/milter/test_finish_profile.c \
	tests/milter/bench.c tests/milter/bench.h $(milter_test_peers)
tests_milter_test_finish_profile_LDADD = $(milter_test_libs)
unit_tests += tests/milter/test_finish_link
tests_milter_test_finish_link_SOURCES = tests/milter/test_finish_link.c \
	tests/milter/bench.c tests/milter/bench.h $(milter_test_peers)
tests_milter_test_finish_link_LDADD = $(milter_test_libs)
tests_milter_test_links_SOURCES = tests/milter/test_links.c \
	$(milter_test_peers)
tests_milter_test_links_LDADD = $(milter_test_libs)
tests_milter_test_program_SOURCES = tests/milter/test_program.c \
	tests/milter/fixture.c tests/milter/fixture.h
tests_milter_test_program_LDADD = $(config_libs) lib/libproc.a $(LDADD)
unit_tests += tests/milter/test_related
tests_milter_test_related_SOURCES = tests/milter/test_related.c \
	tests/milter/bench.c tests/milter/bench.h $(milter_test_peers)
tests_milter_test_related_LDADD = $(milter_test_libs)
