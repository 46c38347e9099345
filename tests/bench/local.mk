# Figures, not gates: "make bench" after "make install".
EXTRA_PROGRAMS += tests/bench/noop_milter
tests_bench_noop_milter_SOURCES = tests/bench/noop_milter.c
tests_bench_noop_milter_LDADD = $(MILTER_LIBS) -lpthread
EXTRA_DIST += tests/bench/throughput.py
CLEANFILES += tests/bench/noop_milter

.PHONY: bench
bench: tests/bench/noop_milter
	/usr/bin/python3 -B $(top_srcdir)/tests/bench/throughput.py \
		--root $(prefix) --noop tests/bench/noop_milter
