vault_audit_sources = vault/audit/audit.h
