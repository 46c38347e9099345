include vault/store/local.mk
include vault/keys/local.mk
include vault/audit/local.mk
include vault/case/local.mk
include vault/server/local.mk

noinst_LIBRARIES += vault/libvault.a
vault_libvault_a_SOURCES = $(vault_store_sources) $(vault_keys_sources) \
	$(vault_audit_sources) $(vault_case_sources) $(vault_server_sources)

# Everything that a program or a test needs to run vault operations.
vault_libs = vault/libvault.a vault/libvaultclient.a \
	lib/libcrypto.a lib/libproc.a $(config_libs) \
	lib/libreport.a lib/libwire.a lib/libbase.a \
	$(SQLITE_LIBS) $(OPENSSL_LIBS) $(ARGON2_LIBS) $(JANSSON_LIBS) \
	-lpthread -lm

pkglibexec_PROGRAMS += sekimori-vault
sekimori_vault_SOURCES = vault/main.c
sekimori_vault_LDADD = $(vault_libs)
