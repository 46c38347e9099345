unit_tests += tests/vault/test_identity tests/vault/test_vault_client
tests_vault_test_identity_SOURCES = tests/vault/test_identity.c
tests_vault_test_identity_LDADD = vault/libvaultclient.a $(LDADD)
tests_vault_test_vault_client_SOURCES = tests/vault/test_vault_client.c
tests_vault_test_vault_client_LDADD = vault/libvaultclient.a $(LDADD)

vault_store_libs = vault/libvault.a vault/libvaultclient.a lib/libcrypto.a \
	$(LDADD) $(SQLITE_LIBS) $(OPENSSL_LIBS) $(ARGON2_LIBS)
store_harness = tests/vault/store_harness.c tests/vault/store_harness.h \
	tests/vault/store_rows.h
unit_tests += tests/vault/test_store tests/vault/test_store_case \
	tests/vault/test_store_job tests/vault/test_store_people \
	tests/vault/test_store_faults
tests_vault_test_store_SOURCES = tests/vault/test_store.c $(store_harness)
tests_vault_test_store_LDADD = $(vault_store_libs)
tests_vault_test_store_case_SOURCES = tests/vault/test_store_case.c $(store_harness)
tests_vault_test_store_case_LDADD = $(vault_store_libs)
tests_vault_test_store_job_SOURCES = tests/vault/test_store_job.c $(store_harness)
tests_vault_test_store_job_LDADD = $(vault_store_libs)
unit_tests += tests/vault/test_store_session
tests_vault_test_store_session_SOURCES = tests/vault/test_store_session.c $(store_harness)
tests_vault_test_store_session_LDADD = $(vault_store_libs)
unit_tests += tests/vault/test_store_link tests/vault/test_store_visit
link_rows = tests/vault/link_rows.h $(store_harness)
tests_vault_test_store_visit_SOURCES = tests/vault/test_store_visit.c $(link_rows)
tests_vault_test_store_visit_LDADD = $(vault_store_libs)
tests_vault_test_store_link_SOURCES = tests/vault/test_store_link.c $(link_rows)
tests_vault_test_store_link_LDADD = $(vault_store_libs)
tests_vault_test_store_people_SOURCES = tests/vault/test_store_people.c $(store_harness)
tests_vault_test_store_people_LDADD = $(vault_store_libs)
tests_vault_test_store_faults_SOURCES = tests/vault/test_store_faults.c \
	tests/vault/faulty.c tests/vault/faulty.h $(link_rows)
tests_vault_test_store_faults_LDADD = $(vault_store_libs)
unit_tests += tests/vault/test_store_schema
tests_vault_test_store_schema_SOURCES = tests/vault/test_store_schema.c $(store_harness)
tests_vault_test_store_schema_LDADD = $(vault_store_libs)
EXTRA_DIST += tests/data/store/version1.sql
unit_tests += tests/vault/test_blob
tests_vault_test_blob_SOURCES = tests/vault/test_blob.c \
	tests/vault/faulty.c tests/vault/faulty.h $(store_harness)
tests_vault_test_blob_LDADD = $(vault_store_libs)
unit_tests += tests/vault/test_master_key tests/vault/test_key_ring
tests_vault_test_master_key_SOURCES = tests/vault/test_master_key.c $(store_harness)
tests_vault_test_master_key_LDADD = $(vault_store_libs)
key_harness = tests/vault/key_harness.c tests/vault/key_harness.h $(store_harness)
tests_vault_test_key_ring_SOURCES = tests/vault/test_key_ring.c $(key_harness)
tests_vault_test_key_ring_LDADD = $(vault_store_libs)
unit_tests += tests/vault/test_vault_init
tests_vault_test_vault_init_SOURCES = tests/vault/test_vault_init.c
tests_vault_test_vault_init_LDADD = vault/libvaultclient.a $(LDADD)
unit_tests += tests/vault/test_audit tests/vault/test_audit_tree
tests_vault_test_audit_SOURCES = tests/vault/test_audit.c $(key_harness)
tests_vault_test_audit_LDADD = $(vault_store_libs) $(JANSSON_LIBS)
tests_vault_test_audit_tree_SOURCES = tests/vault/test_audit_tree.c
tests_vault_test_audit_tree_LDADD = $(vault_store_libs)

unit_tests += tests/vault/test_upkeep
tests_vault_test_upkeep_SOURCES = tests/vault/test_upkeep.c $(link_rows)
tests_vault_test_upkeep_LDADD = $(vault_store_libs)

include tests/vault/case.mk
