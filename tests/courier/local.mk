# Tests of courier.
