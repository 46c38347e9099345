vault_store_sources = \
	vault/store/blob.c \
	vault/store/blob.h \
	vault/store/sqlite.c \
	vault/store/sqlite_audit.c \
	vault/store/sqlite_call.c \
	vault/store/sqlite_call.h \
	vault/store/sqlite_case.c \
	vault/store/sqlite_job.c \
	vault/store/sqlite_people.c \
	vault/store/sqlite_preview.c \
	vault/store/sqlite_recipient.c \
	vault/store/sqlite_schema.c \
	vault/store/sqlite_stats.c \
	vault/store/sqlite_wal.c \
	vault/store/sqlite_wal.h \
	vault/store/store.h \
	vault/store/store_audit.h \
	vault/store/store_case.h \
	vault/store/store_job.h \
	vault/store/store_people.h \
	vault/store/store_preview.h \
	vault/store/store_stats.h \
	vault/store/tar.c \
	vault/store/tar.h \
	vault/store/upkeep.c \
	vault/store/upkeep.h \
	vault/store/upkeep_backup.c
