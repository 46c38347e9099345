#!/bin/sh
# Every code of the Japanese sets reads as Python's codecs and glibc read it.
set -eu
top_srcdir=$(cd "${top_srcdir:-.}" && pwd)
if ! command -v python3 >/dev/null; then
	echo "charsets: python3 is not there"
	exit 77
fi
exec python3 -B "$top_srcdir/tests/scanners/charset_codes.py" \
	"$(cd "${top_builddir:-.}" && pwd)/tests/scanners/charset_say"
