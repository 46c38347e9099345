# Tests of scanners.
