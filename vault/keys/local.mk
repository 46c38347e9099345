vault_keys_sources = vault/keys/key_ring.h
