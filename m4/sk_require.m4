# SK_REQUIRE_PKG(VARIABLE, PKG-CONFIG MODULES, DEBIAN PACKAGE)
AC_DEFUN([SK_REQUIRE_PKG], [
	PKG_CHECK_MODULES([$1], [$2], [], [sk_missing="$sk_missing $2($3)"])
])

# SK_REQUIRE_LIB(VARIABLE, HEADER, LIBRARY, FUNCTION, DEBIAN PACKAGE)
AC_DEFUN([SK_REQUIRE_LIB], [
	AC_CHECK_HEADER([$2], [
		AC_CHECK_LIB([$3], [$4], [$1_LIBS="-l$3"],
			[sk_missing="$sk_missing lib$3($5)"])
	], [sk_missing="$sk_missing $2($5)"])
	AC_SUBST([$1_LIBS])
])
