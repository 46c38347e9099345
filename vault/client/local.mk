noinst_LIBRARIES += vault/libvaultclient.a
vault_libvaultclient_a_SOURCES = \
	vault/client/case.c \
	vault/client/case.h \
	vault/client/export_file.c \
	vault/client/export_file.h \
	vault/client/identity.c \
	vault/client/identity.h \
	vault/client/master_key.c \
	vault/client/master_key.h \
	vault/client/vault_client.c \
	vault/client/vault_client.h \
	vault/client/vault_init.c \
	vault/client/vault_init.h \
	vault/client/vault_links.c \
	vault/client/vault_links.h \
	vault/client/vault_messages.c \
	vault/client/vault_messages.h \
	vault/client/requests_links.def \
	vault/client/requests_people.def \
	vault/client/requests_programs.def \
	vault/client/vault_messages_internal.h \
	vault/client/vault_people.c \
	vault/client/vault_people.h \
	vault/client/vault_requests.def
