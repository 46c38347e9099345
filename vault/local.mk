include vault/store/local.mk
include vault/keys/local.mk
include vault/audit/local.mk
include vault/case/local.mk
include vault/server/local.mk

noinst_LIBRARIES += vault/libvault.a
vault_libvault_a_SOURCES = $(vault_store_sources) $(vault_keys_sources) \
	$(vault_audit_sources) $(vault_case_sources) $(vault_server_sources)
