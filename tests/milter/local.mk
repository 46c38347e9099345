# Tests of milter.
