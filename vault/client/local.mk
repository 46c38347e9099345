noinst_LIBRARIES += vault/libvaultclient.a
vault_libvaultclient_a_SOURCES = \
	vault/client/case.c \
	vault/client/case.h \
	vault/client/vault_messages.c \
	vault/client/vault_messages.h \
	vault/client/vault_requests.def
