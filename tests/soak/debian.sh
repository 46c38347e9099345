#!/bin/bash
# The Debian package in a fresh Debian: it builds, installs beside Postfix,
# holds a first mail, is upgraded, removed and purged. Needs root, debootstrap
# and the packages that the build needs; the package source is the one that
# this machine's apt uses. Nothing outside a temporary directory is changed.
#
# usage: debian.sh [DIRECTORY]   where the temporary directory is made
set -euo pipefail
LC_ALL=C.UTF-8
export LC_ALL
top=$(cd "$(dirname "$0")/../.." && pwd)
[ "$(id -u)" = 0 ] || { echo "SKIP: debian.sh: needs root"; exit 0; }
work=$(mktemp -d -p "${1:-${TMPDIR:-/tmp}}" sekimori-debian-XXXXXX)
root=$work/root
cleanup() {
	umount "$root/proc" 2>/dev/null || true
	[ -z "${SEKIMORI_KEEP:-}" ] || { echo "   kept: $work"; return; }
	rm -rf --one-file-system "$work"
}
trap cleanup EXIT

step() { # step NAME COMMAND...
	local name=$1 begin=$SECONDS
	shift
	if "$@" >"$work/log" 2>&1; then
		echo "PASS: debian.sh: $name ($((SECONDS - begin)) s)"
	else
		sed 's/^/   | /' "$work/log" | tail -60
		echo "FAIL: debian.sh: $name"
		exit 1
	fi
}

build_package() {
	DEB_BUILD_OPTIONS="nocheck parallel=$(nproc)" \
		"$top/contrib/debian/build" "$work/deb"
	ls "$work"/deb/sekimori_*.deb
}

# The same package under a higher version: what the scripts see on upgrade.
make_upgrade() {
	dpkg-deb -R "$work"/deb/sekimori_*.deb "$work/next"
	sed -i 's/^Version: .*/&+next1/' "$work/next/DEBIAN/control"
	dpkg-deb --root-owner-group -b "$work/next" "$work/next.deb"
}

make_root() {
	local codename mirror
	codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
	mirror=$(apt-get indextargets \
		--format '$(REPO_URI) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' |
		awk -v codename="$codename" '$2 == codename && $3 == "main" { print $1; exit }')
	debootstrap --variant=minbase --include=ca-certificates \
		"$codename" "$root" "$mirror"
	apt-config dump | grep '^Acquire::' >"$root/etc/apt/apt.conf.d/99host"
	rm -f "$root/etc/apt/sources.list"
	cp -RL /etc/apt/sources.list* /etc/apt/trusted.gpg.d "$root/etc/apt/"
	[ ! -d /etc/apt/keyrings ] || cp -RL /etc/apt/keyrings "$root/etc/apt/"
	cp -L /etc/resolv.conf "$root/etc/resolv.conf"
	# No service starts here, as in every chroot.
	printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
	chmod +x "$root/usr/sbin/policy-rc.d"
	mount -t proc proc "$root/proc"
	cp "$work"/deb/sekimori_*.deb "$root/root/sekimori.deb"
	cp "$work/next.deb" "$root/root/next.deb"
	cp "$top/tests/soak/debian_inside.sh" "$root/root/inside.sh"
	cp "$top/tests/soak/units_inside.sh" "$root/root/units.sh"
	chroot "$root" apt-get -qq update
}

# Each step sees only its own processes, and no network but loopback; those
# that install see the machine's.
inside() { chroot "$root" /bin/bash /root/inside.sh "$@"; }
alone() {
	unshare --mount --net --pid --fork --kill-child --mount-proc="$root/proc" \
		chroot "$root" /bin/bash /root/inside.sh "$@"
}

# A boot of its own, with a network of its own. nspawn's list of system calls is
# older than Landlock, which the workers need.
boot() {
	umount "$root/proc"
	timeout -k 10 300 systemd-nspawn -q -D "$root" --register=no --keep-unit \
		--private-network --system-call-filter="landlock_create_ruleset \
		landlock_add_rule landlock_restrict_self" -b </dev/null || true
	mount -t proc proc "$root/proc"
	cat "$root/root/units.txt"
	tail -1 "$root/root/units.txt" | grep -qx 'all right'
}

step "the package builds" build_package
step "a higher version of it" make_upgrade
step "a fresh Debian" make_root
step "Postfix is installed" inside postfix
begin=$SECONDS
step "the package is installed" inside install
step "from setup to the first mail held" alone first_mail
cat "$root/root/doctor.txt" | sed 's/^/   | /'
echo "   from \"apt install\" to the first mail held: $((SECONDS - begin)) s"
step "the key escrow copy is made" alone escrow
step "an upgrade keeps held mail and configuration" inside upgrade
step "the held mail is there after the upgrade" alone still_held
step "systemd is installed" inside systemd
if command -v systemd-nspawn >/dev/null && [ -d /sys/fs/cgroup ]; then
	step "the units run under systemd" boot
else
	echo "SKIP: debian.sh: the units run under systemd (no systemd-nspawn)"
fi
step "removing keeps held mail, key and configuration" inside remove
step "purging without an answer keeps held mail and key" inside purge_kept
step "installing again takes them up" inside again
step "purging after a yes leaves nothing" inside purge_all
