dist_man_MANS += man/sekimori.1 man/sekimori.conf.5
EXTRA_DIST += README.md README.ja.md SECURITY.md
