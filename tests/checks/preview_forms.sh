#!/bin/sh
# No form of a number is in a preview.
set -eu
top_srcdir=$(cd "${top_srcdir:-.}" && pwd)
if ! command -v python3 >/dev/null; then
	echo "preview_forms: python3 is not there"
	exit 77
fi
exec python3 -B "$top_srcdir/tests/scanners/preview_forms.py" \
	"$(cd "${top_builddir:-.}" && pwd)/sekimori"
