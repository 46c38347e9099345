# Tests of quarantine-ui.
