dist_man_MANS += man/sekimori.1 man/sekimori.conf.5 man/sekimori.formats.5 man/sekimori.notices.5 \
	man/sekimori.words.5 \
	man/sekimori-courier.8 \
	man/sekimori-desk.8 \
	man/sekimori-portal.8 \
	man/sekimori-milter.8 \
	man/sekimori-scanner.8 \
	man/sekimori-vault.8 \
	man/sekimori-worker-mail.8 \
	man/sekimori-worker-pdf.8 \
	man/sekimori-worker-unlock.8
# In Japanese; man(1) shows them in a Japanese locale.
jamandir = $(mandir)/ja/man1
dist_jaman_DATA = man/ja/sekimori.1
EXTRA_DIST += README.md README.ja.md SECURITY.md ARCHITECTURE.md CODING.md \
	LICENSE bootstrap .ci/run .clang-format .clang-tidy tests/.clang-tidy
