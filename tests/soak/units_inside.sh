#!/bin/bash
# What debian.sh looks at in the booted system: the units as they are installed.
# Started by systemd itself at the end of the boot; powers the system off.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
exec >/root/units.txt 2>&1
trap 'sync; systemctl poweroff' EXIT
units="vault scanner courier desk milter"

. /root/functions.sh
die() {
	echo "units: $*"
	systemctl --no-pager -l status 'sekimori*'
	journalctl --no-pager -u 'sekimori*' | tail -60
	exit 1
}
all_active() {
	for unit in $units; do
		systemctl -q is-active "sekimori-$unit" || return 1
	done
}

none_active() {
	for unit in $units; do
		[ "$(systemctl show -P ActiveState "sekimori-$unit")" = inactive ] ||
			return 1
	done
}

systemctl start sekimori.target postfix
wait_for "every unit" all_active
wait_for "a worker in its sandbox" bash -c 'grep -q sekimori-worker /proc/[0-9]*/comm'
for unit in $units; do
	pid=$(systemctl show -P MainPID "sekimori-$unit")
	account=$(systemctl show -P User "sekimori-$unit")
	[ "$(stat -c %U "/run/sekimori/$unit")" = "$account" ] ||
		die "/run/sekimori/$unit is not of $account"
	grep -q "^Uid:.*$(id -u "$account").*$(id -u "$account")" "/proc/$pid/status" ||
		die "sekimori-$unit does not run as $account"
	grep -q '^CapBnd:.*0000000000000000' "/proc/$pid/status" ||
		die "sekimori-$unit has capabilities"
done
[ "$(stat -c %a:%U:%G /var/spool/postfix/sekimori/milter)" = \
	660:sekimori-milter:postfix ] || die "wrong socket of the milter"

# Unlocked by the credential; holds, and the case is there for its approver.
before=$(runuser -u keeper -- sekimori hold list --todo | grep -c partner@example.com)
wait_for "Postfix" bash -c ': </dev/tcp/127.0.0.1/25'
# Another subject: the same mail would join the case of the first.
send_mail "another $(date +%s | tr 0-9 a-j)" || die "the mail was not taken"
now_held() {
	[ "$(runuser -u keeper -- sekimori hold list --todo |
		grep -c partner@example.com)" = $((before + 1)) ]
}
wait_for "the held mail" now_held

# After log lines went to the journal, and once more after a restart.
for unit in $units; do
	systemctl reload "sekimori-$unit" || die "sekimori-$unit does not reload"
done
echo 'colour = red' >>/etc/sekimori/sekimori.conf
! systemctl reload sekimori-desk || die "a bad file was taken"
all_active || die "a bad file stopped a unit"
sed -i '$d' /etc/sekimori/sekimori.conf
kill -KILL "$(systemctl show -P MainPID sekimori-milter)"
sleep 1
wait_for "the milter after its end" systemctl -q is-active sekimori-milter
systemctl restart sekimori.target
wait_for "every unit after a restart" all_active
wait_for "the held mail after a restart" now_held
# The target is down at once; its parts end their work.
systemctl stop sekimori.target
wait_for "the end of every unit" none_active
for unit in $units; do
	[ "$(systemctl show -P Result "sekimori-$unit")" = success ] ||
		die "sekimori-$unit did not end well"
done
echo "all right"
