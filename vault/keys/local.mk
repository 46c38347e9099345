vault_keys_sources = \
	vault/keys/key_ring.c \
	vault/keys/key_ring.h \
	vault/keys/key_ring_audit.h
