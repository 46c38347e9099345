# Tests of vault.
