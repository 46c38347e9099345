EXTRA_DIST += \
	contrib/postfix/main.cf.sekimori \
	contrib/sendmail/sekimori.mc
