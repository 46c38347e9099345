#!/bin/sh
# The drawing of the session table in ARCHITECTURE.md is the one that the
# milter prints.
set -eu
top=${top_srcdir:-.}
drawn=$(mktemp)
trap 'rm -f "$drawn"' EXIT
# shellcheck disable=SC2016 # backquotes of Markdown
sed -n '/^```dot$/,/^```$/p' "$top/ARCHITECTURE.md" | sed '1d;$d' >"$drawn"
"${top_builddir:-.}/sekimori-milter" --graph | diff "$drawn" -
