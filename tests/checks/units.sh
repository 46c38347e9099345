#!/bin/sh
# The systemd units as they would be installed: every one reads without a
# complaint, its exposure is below 2.5, and its account is the one of the
# settings and of sysusers.d. Nothing is started.
set -eu
LC_ALL=C
export LC_ALL
command -v systemd-analyze >/dev/null || {
	echo "units: systemd-analyze (package systemd) is not there"
	exit 77
}
# systemd-sysusers looks for a relative name in its own directories.
top=$(cd "${top_srcdir:-.}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
complain() {
	echo "units: $*"
	failed=1
}

# A root with programs that can be started, as "verify" wants it.
for name in vault scanner courier desk milter; do
	sed -e "s|@[a-z]*libexecdir@|$work|; s|@bindir@|$work|; s|@sysconfdir@|/etc|" \
		-e '/^Documentation=/d' \
		"$top/contrib/systemd/sekimori-$name.service.in" \
		>"$work/sekimori-$name.service"
	cp /bin/true "$work/sekimori-$name"
done
cp /bin/true "$work/sekimori"
sed -e 's|@sysconfdir@|/etc|; /^Documentation=/d' \
	"$top/contrib/systemd/sekimori.target.in" >"$work/sekimori.target"

systemd-analyze verify --man=no "$work"/sekimori*.service "$work/sekimori.target" \
	>"$work/verify" 2>&1 || :
# Other units of this machine may have faults of their own.
grep -i 'sekimori' "$work/verify" >"$work/ours" || :
[ ! -s "$work/ours" ] || {
	cat "$work/ours"
	complain "systemd-analyze verify finds fault"
}

for unit in "$work"/sekimori-*.service; do
	name=$(basename "$unit" .service)
	section=${name#sekimori-}
	systemd-analyze security --offline=yes --threshold=25 --no-pager "$unit" \
		>"$work/security" 2>&1 || {
		cat "$work/security"
		complain "$name: exposure is not below 2.5"
	}
	grep -q 'Overall exposure' "$work/security" ||
		complain "$name: systemd-analyze security says nothing"
	account=$(sed -n 's/^User=//p' "$unit")
	grep -q "^u  *$account  *-" "$top/contrib/sysusers.d/sekimori.conf" ||
		complain "$name: $account is not in sysusers.d"
	sed -n "/^$section {/,/^}/s/^\t#user = \"\(.*\)\"$/\1/p" \
		"$top/conf/sekimori.conf" | grep -qx "$account" ||
		complain "$name: $account is not the default of $section.user"
	grep -q "^RuntimeDirectory=sekimori/$section\$" "$unit" ||
		complain "$name: no directory for its sockets"
done

if command -v systemd-sysusers >/dev/null; then
	mkdir -p "$work/root/etc"
	systemd-sysusers --root="$work/root" "$top/contrib/sysusers.d/sekimori.conf" ||
		complain "systemd-sysusers refuses contrib/sysusers.d/sekimori.conf"
	[ "$(grep -c '^sekimori' "$work/root/etc/passwd")" = 6 ] ||
		complain "systemd-sysusers does not make six accounts"
fi
exit $failed
