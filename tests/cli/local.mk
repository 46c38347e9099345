unit_tests += tests/cli/test_commands tests/cli/test_table
tests_cli_test_commands_SOURCES = tests/cli/test_commands.c \
	tests/cli/cli_harness.c tests/cli/cli_harness.h
tests_cli_test_table_SOURCES = tests/cli/test_table.c cli/table.c cli/table.h
