unit_tests += tests/vault/test_identity tests/vault/test_vault_client
tests_vault_test_identity_SOURCES = tests/vault/test_identity.c
tests_vault_test_identity_LDADD = vault/libvaultclient.a $(LDADD)
tests_vault_test_vault_client_SOURCES = tests/vault/test_vault_client.c
tests_vault_test_vault_client_LDADD = vault/libvaultclient.a $(LDADD)
