vault_case_sources = \
	vault/case/case_table.c \
	vault/case/case_table.h
