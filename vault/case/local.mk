vault_case_sources =
