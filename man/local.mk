dist_man_MANS += man/sekimori.1 man/sekimori.conf.5 man/sekimori.notices.5
EXTRA_DIST += README.md README.ja.md SECURITY.md ARCHITECTURE.md CODING.md \
	LICENSE bootstrap .ci/run .clang-format .clang-tidy tests/.clang-tidy
