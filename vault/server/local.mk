vault_server_sources =
