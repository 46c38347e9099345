# SK_FOREIGN_DIR(NAME, WHAT): --with-NAME=DIR, "no" for none. Without it the
# variable NAME of systemd's pkg-config file counts when the prefix is /usr.
AC_DEFUN([SK_FOREIGN_DIR], [
	AC_ARG_WITH([$1], [AS_HELP_STRING([--with-$1=DIR],
		[where $2 go; default: none, with --prefix=/usr where systemd says])],
		[], [AS_IF([test "x$prefix" = x/usr],
			[with_$1=$($PKG_CONFIG --variable=$1 systemd 2>/dev/null)])])
	AS_CASE(["x$with_$1"], [x|xno], [$1=],
		[x/*], [$1=$with_$1],
		[AC_MSG_ERROR([--with-$1 takes a directory, not "$with_$1"])])
	AC_SUBST([$1])
	AM_CONDITIONAL([WITH_]m4_toupper([$1]), [test "x$$1" != x])
])
