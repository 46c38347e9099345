#!/bin/sh
# sekimori.formats(5) has the formats of the table that "sekimori formats" shows,
# between its two marks, word for word. To write them anew:
#   sekimori formats --man >lines, in place of those between the marks
set -eu
LC_ALL=C
export LC_ALL
page=${top_srcdir:-.}/man/sekimori.formats.5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${top_builddir:-.}/sekimori" formats --man >"$work/table"
sed '1,/^\.\\" formats$/d; /^\.\\" end of formats$/,$d' "$page" >"$work/page"
[ "$(wc -l <"$work/page")" -gt 100 ] || {
	echo "formats: $page lacks its marks"
	exit 1
}
diff "$work/page" "$work/table" || {
	echo "formats: man/sekimori.formats.5 is not as the table (sekimori formats --man)"
	exit 1
}
