vault_audit_sources = \
	vault/audit/audit.c \
	vault/audit/audit.h \
	vault/audit/audit_export.c \
	vault/audit/audit_row.c \
	vault/audit/audit_row.h \
	vault/audit/audit_seal.c \
	vault/audit/audit_seal.h \
	vault/audit/audit_tree.c \
	vault/audit/audit_tree.h \
	vault/audit/audit_verify.c
