#!/bin/sh
# A number is found in every character set, however that is declared.
set -eu
top_srcdir=$(cd "${top_srcdir:-.}" && pwd)
if ! command -v python3 >/dev/null; then
	echo "charset_forms: python3 is not there"
	exit 77
fi
exec python3 -B "$top_srcdir/tests/scanners/charset_forms.py" \
	"$(cd "${top_builddir:-.}" && pwd)/sekimori"
