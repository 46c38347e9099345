# Figures, not gates: "make bench" after "make install".
EXTRA_PROGRAMS += tests/bench/noop_milter
tests_bench_noop_milter_SOURCES = tests/bench/noop_milter.c
tests_bench_noop_milter_LDADD = $(MILTER_LIBS) -lpthread
EXTRA_DIST += tests/bench/throughput.py tests/bench/unlock.py
CLEANFILES += tests/bench/noop_milter tests/bench/scan_bench
EXTRA_PROGRAMS += tests/bench/scan_bench
tests_bench_scan_bench_SOURCES = tests/bench/scan_bench.c
tests_bench_scan_bench_LDADD = scanners/libscanclient.a lib/libproc.a \
	lib/libreport.a lib/libwire.a lib/libbase.a -lm

EXTRA_PROGRAMS += tests/bench/bystander_bench
tests_bench_bystander_bench_SOURCES = tests/bench/bystander_bench.c
tests_bench_bystander_bench_LDADD = $(tests_bench_scan_bench_LDADD)
EXTRA_DIST += tests/bench/bystanders.py
CLEANFILES += tests/bench/bystander_bench

EXTRA_PROGRAMS += tests/bench/decode_bench
tests_bench_decode_bench_SOURCES = tests/bench/decode_bench.c \
	tests/bench/decode_rivals.c tests/bench/decode_rivals.h
tests_bench_decode_bench_LDADD = $(reader_libs)
CLEANFILES += tests/bench/decode_bench

# Hyperscan and ripgrep take part when they are installed.
EXTRA_PROGRAMS += tests/bench/find_bench
tests_bench_find_bench_SOURCES = tests/bench/find_bench.c \
	tests/bench/find_rivals.c tests/bench/find_rivals.h \
	tests/bench/find_texts.c tests/bench/find_texts.h
tests_bench_find_bench_CPPFLAGS = $(AM_CPPFLAGS) $(PCRE2_CFLAGS) \
	$(HYPERSCAN_CFLAGS)
tests_bench_find_bench_LDADD = $(reader_libs) $(PCRE2_LIBS) $(HYPERSCAN_LIBS)
CLEANFILES += tests/bench/find_bench

EXTRA_PROGRAMS += tests/bench/table_bench
tests_bench_table_bench_SOURCES = tests/bench/table_bench.c
tests_bench_table_bench_LDADD = scanners/libengine.a $(reader_libs)
CLEANFILES += tests/bench/table_bench

EXTRA_PROGRAMS += tests/bench/inbox_fill
tests_bench_inbox_fill_SOURCES = tests/bench/inbox_fill.c
tests_bench_inbox_fill_LDADD = $(vault_libs) $(LDADD)
EXTRA_DIST += tests/bench/inbox.py tests/bench/portal.py
CLEANFILES += tests/bench/inbox_fill

EXTRA_PROGRAMS += tests/bench/reader_bench
tests_bench_reader_bench_SOURCES = tests/bench/reader_bench.c
tests_bench_reader_bench_LDADD = $(reader_libs)
EXTRA_DIST += tests/bench/readers.py tests/bench/classes.py
CLEANFILES += tests/bench/reader_bench

.PHONY: bench
bench: tests/bench/noop_milter tests/bench/scan_bench \
		tests/bench/bystander_bench \
		tests/bench/decode_bench tests/bench/find_bench \
		tests/bench/table_bench tests/bench/reader_bench \
		tests/bench/inbox_fill tests/bench/kdf_bench \
		tests/bench/words_bench tests/bench/link_bench
	tests/bench/decode_bench
	tests/bench/link_bench
	openssl speed -seconds 1 -bytes 65536 -evp aes-256-gcm
	tests/bench/words_bench
	for name in aes256.zip agile.xlsx agile_sha1.xlsx libreoffice.docx \
		libreoffice.odt data.7z rc4_128.pdf aes256_6.pdf; do \
		tests/bench/kdf_bench $(top_srcdir)/tests/data/locks/$$name; \
	done
	tests/bench/find_bench
	tests/bench/table_bench
	/usr/bin/python3 -B $(top_srcdir)/tests/bench/unlock.py --root $(prefix)
	$(MAKE) tests/quarantine-ui/fake_vault tests/bench/tls_floor
	/usr/bin/python3 -B $(top_srcdir)/tests/bench/portal.py --build .
	/usr/bin/python3 -B $(top_srcdir)/tests/bench/inbox.py \
		--root $(prefix) --fill tests/bench/inbox_fill
	/usr/bin/python3 -B $(top_srcdir)/tests/bench/readers.py \
		--root $(prefix) --reading tests/bench/reader_bench
	tests/bench/scan_bench $(libexecdir)/sekimori/sekimori-scanner
	/usr/bin/python3 -B $(top_srcdir)/tests/bench/bystanders.py \
		--root $(prefix) --bench tests/bench/bystander_bench
	/usr/bin/python3 -B $(top_srcdir)/tests/bench/classes.py \
		--root $(prefix) --scan tests/bench/scan_bench
	/usr/bin/python3 -B $(top_srcdir)/tests/bench/throughput.py \
		--root $(prefix) --noop tests/bench/noop_milter

EXTRA_PROGRAMS += tests/bench/tls_floor
tests_bench_tls_floor_SOURCES = tests/bench/tls_floor.c
tests_bench_tls_floor_LDADD = lib/libbase.a $(MICROHTTPD_LIBS)
CLEANFILES += tests/bench/tls_floor

EXTRA_PROGRAMS += tests/bench/known_bench
tests_bench_known_bench_SOURCES = tests/bench/known_bench.c
tests_bench_known_bench_LDADD = $(lock_libs)
CLEANFILES += tests/bench/known_bench

EXTRA_PROGRAMS += tests/bench/kdf_bench
tests_bench_kdf_bench_SOURCES = tests/bench/kdf_bench.c
tests_bench_kdf_bench_LDADD = $(lock_libs)
CLEANFILES += tests/bench/kdf_bench

EXTRA_PROGRAMS += tests/bench/words_bench
tests_bench_words_bench_SOURCES = tests/bench/words_bench.c
tests_bench_words_bench_LDADD = $(lock_libs)
CLEANFILES += tests/bench/words_bench

EXTRA_PROGRAMS += tests/bench/link_bench
tests_bench_link_bench_SOURCES = tests/bench/link_bench.c
tests_bench_link_bench_LDADD = $(tests_lib_test_digest_LDADD)
CLEANFILES += tests/bench/link_bench
