#!/bin/sh
# Alert rules and dashboard name only metrics that /metrics has, and every
# metric stands in the dashboard. The names are read from the source of the
# page. With promtool and python3 at hand the files are read by them as well.
set -eu
LC_ALL=C
export LC_ALL
top=${top_srcdir:-.}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
complain() {
	echo "metrics: $*"
	failed=1
}

cat "$top"/quarantine-ui/pages/page_*.c |
	sed -n -e 's/.*metrics_add(call, "\([a-z_]*\)".*/sekimori_\1/p' \
		-e 's/^[[:space:]]*GAUGE(\([a-z_]*\),.*/sekimori_\1/p' \
		-e 's/^[[:space:]]*COUNTER(\([a-z_]*\),.*/sekimori_\1_total/p' |
	sort -u >"$work/names"
[ "$(wc -l <"$work/names")" -ge 10 ] || complain "the source was not understood"

rules=$top/contrib/prometheus/sekimori.rules.yml
board=$top/contrib/grafana/sekimori.json
for file in "$rules" "$board"; do
	grep -oE 'sekimori_[a-z_]+' "$file" | sort -u >"$work/used"
	[ -s "$work/used" ] || complain "$file names no metric"
	for name in $(comm -13 "$work/names" "$work/used"); do
		complain "$file: there is no $name"
	done
done
for name in $(comm -23 "$work/names" "$work/used"); do
	complain "$board does not show $name"
done
! command -v promtool >/dev/null || promtool check rules "$rules" ||
	complain "promtool refuses $rules"
! command -v python3 >/dev/null || python3 -m json.tool "$board" /dev/null ||
	complain "$board is no JSON"
exit $failed
