#!/bin/sh
# Mails of every shape become link mails without another byte changed.
set -eu
top_srcdir=$(cd "${top_srcdir:-.}" && pwd)
if ! command -v python3 >/dev/null; then
	echo "rewrite_forms: python3 is not there"
	exit 77
fi
exec python3 -B "$top_srcdir/tests/scanners/rewrite_forms.py" \
	"$(cd "${top_builddir:-.}" && pwd)/tests/scanners/rewrite_say"
