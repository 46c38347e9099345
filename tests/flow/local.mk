# Tests of flow.
