#!/bin/sh
# Link mails are what other programs read, and nothing else changes in them.
set -eu
top_srcdir=$(cd "${top_srcdir:-.}" && pwd)
top_builddir=$(cd "${top_builddir:-.}" && pwd)
export top_srcdir top_builddir
if ! command -v python3 >/dev/null; then
	echo "link_mails: python3 is not there"
	exit 77
fi
exec python3 -B "$top_srcdir/tests/courier/link_mails.py" \
	"$top_builddir/tests/scanners/rewrite_say" \
	"$top_builddir/tests/courier/link_say"
