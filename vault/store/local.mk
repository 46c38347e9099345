vault_store_sources = \
	vault/store/blob.h \
	vault/store/store.h \
	vault/store/store_audit.h \
	vault/store/store_case.h \
	vault/store/store_job.h \
	vault/store/store_people.h \
	vault/store/upkeep.h
