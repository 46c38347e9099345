#!/bin/sh
# Prometheus' own tool reads the alert rules and tries them on made-up figures.
# The package is unpacked below a temporary directory: installed, it would
# start a daemon.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cp "$top/contrib/prometheus/sekimori.rules.yml" "$top/tests/soak/rules_test.yml" "$work"
cd "$work"
tool=$(command -v promtool || :)
[ -n "$tool" ] || {
	apt-get -qq download prometheus >/dev/null 2>&1 && dpkg -x prometheus_*.deb x || {
		echo "FAIL: promtool.sh: the package prometheus cannot be had"
		exit 1
	}
	tool=$work/x/usr/bin/promtool
}
for check in "check rules sekimori.rules.yml" "test rules rules_test.yml"; do
	# shellcheck disable=SC2086
	if "$tool" $check >log 2>&1; then
		echo "PASS: promtool.sh: $check"
	else
		cat log
		echo "FAIL: promtool.sh: $check"
		failed=1
	fi
done
exit "${failed:-0}"
