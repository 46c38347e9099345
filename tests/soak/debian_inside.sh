#!/bin/bash
# The steps of debian.sh that run inside the fresh Debian: inside.sh STEP
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin

state=/var/lib/sekimori
key=/etc/credstore/sekimori-key
conf=/etc/sekimori/sekimori.conf

die() {
	echo "inside: $*"
	exit 1
}

wait_for() { # wait_for WHAT COMMAND...
	local what=$1
	shift
	for _ in $(seq 150); do
		! "$@" >/dev/null 2>&1 || return 0
		sleep 0.2
	done
	cat /root/run.log /var/log/postfix.log 2>/dev/null || true
	die "$what did not come"
}

held() { # exactly one case waits, as its approver sees it
	[ "$(runuser -u keeper -- sekimori hold list --todo |
		grep -c partner@example.com)" = 1 ]
}

run_sekimori() {
	ip link set lo up 2>/dev/null || perl -e '
		# SIOCSIFFLAGS: there is no package for this in a small Debian.
		use Socket; socket(my $s, AF_INET, SOCK_DGRAM, 0) or die $!;
		my $up = pack("a16 s x14", "lo", 0x41);
		ioctl($s, 0x8914, $up) or die $!;'
	sekimori run >/root/run.log 2>&1 &
	wait_for "readiness" grep -q 'all programs are ready' /root/run.log
}

send_mail() { # send_mail SUBJECT: by SMTP, as a person's mail program does
	perl -MIO::Socket::INET -e '
		my $s = IO::Socket::INET->new("127.0.0.1:25") or die "smtp: $!";
		sub want { my ($code) = @_; my $line;
			do { $line = <$s>; print $line; } while ($line =~ /^\d{3}-/);
			$line =~ /^$code/ or die "smtp: $line"; }
		sub say_it { print $s "$_[0]\r\n"; want($_[1]); }
		want(220);
		say_it("EHLO client.example.co.jp", 250);
		say_it("MAIL FROM:<taro\@example.co.jp>", 250);
		say_it("RCPT TO:<partner\@example.com>", 250);
		say_it("DATA", 354);
		print $s join("\r\n", "From: taro\@example.co.jp",
			"To: partner\@example.com", "Subject: $ARGV[0]",
			"MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
			"Content-Transfer-Encoding: 8bit", "",
			"個人番号 123456789018", ""), "\r\n";
		say_it(".", 250);
		say_it("QUIT", 221);' "$1"
}

case $1 in
postfix)
	debconf-set-selections <<<'postfix postfix/main_mailer_type select Local only'
	apt-get -qq -y --no-install-recommends install postfix
	postconf -e 'inet_interfaces = loopback-only' 'mydestination =' \
		'default_transport = discard:' 'maillog_file = /var/log/postfix.log' \
		'myhostname = mail.example.co.jp'
	useradd --create-home keeper
	;;
install)
	apt-get -qq -y install /root/sekimori.deb
	for account in sekimori sekimori-scan sekimori-milter sekimori-courier \
		sekimori-desk sekimori-portal; do
		getent passwd "$account" >/dev/null || die "no account $account"
	done
	[ -L /etc/systemd/system/multi-user.target.wants/sekimori.target ] ||
		die "sekimori.target is not enabled"
	[ -L /etc/systemd/system/sekimori.target.wants/sekimori-milter.service ] ||
		die "sekimori-milter.service is not enabled"
	[ ! -e "$conf" ] || die "a configuration before setup"
	man -w sekimori >/dev/null 2>&1 || [ -e /usr/share/man/man1/sekimori.1.gz ] ||
		[ -e /etc/dpkg/dpkg.cfg.d/docker ] || die "no manual page"
	;;
first_mail)
	printf '%s\n' 'a long first password' 'a long second password' |
		sekimori setup --domain example.co.jp \
			--host-name mail.example.co.jp \
			--url https://desk.example.co.jp:8443 --self-signed \
			--notice-sender sekimori@example.co.jp \
			--postmaster postmaster@example.co.jp \
			--next-hop 127.0.0.1:25 --key credential:sekimori-key \
			--mode enforce --admin "root1:root1@example.co.jp" \
			--approver "keeper:keeper@example.co.jp:$(id -u keeper)" \
			--password-stdin
	[ "$(stat -c %a:%U "$key")" = 400:root ] || die "the key is not root's alone"
	run_sekimori
	sed '/^#/d' /usr/share/doc/sekimori/examples/postfix/main.cf.sekimori |
		while read -r line; do [ -z "$line" ] || postconf -e "$line"; done
	postfix start
	sekimori doctor >/root/doctor.txt 2>&1 || true
	wait_for "Postfix" grep -q 'daemon started' /var/log/postfix.log
	send_mail "the first"
	wait_for "the held mail" held
	[ ! -e /run/sekimori/credentials ] ||
		[ "$(stat -c %a:%U /run/sekimori/credentials)" = 500:sekimori ] ||
		die "the handed-over key is not the vault's alone"
	[ "$(stat -c %a:%U:%G /var/spool/postfix/sekimori)" = \
		2750:sekimori-milter:postfix ] || die "wrong directory of the socket"
	kill %1
	wait
	[ ! -e /run/sekimori/credentials ] || die "a copy of the key is left"
	;;
escrow)
	echo 'a passphrase that nobody guesses' |
		sekimori key escrow --passphrase-stdin /root/escrow
	grep -q sekimori-escrow-1 /root/escrow
	;;
upgrade)
	before=$(md5sum "$conf" "$key")
	apt-get -qq -y install /root/next.deb
	dpkg-query -W -f '${Version}' sekimori | grep -q '+next1$' ||
		die "the version is the old one"
	[ "$before" = "$(md5sum "$conf" "$key")" ] ||
		die "the upgrade changed configuration or key"
	;;
systemd)
	apt-get -qq -y --no-install-recommends install systemd systemd-sysv dbus
	# The steps of this file, without the last part, for units.sh.
	sed -e '/^case /,$d' -e '/^set -/d' /root/inside.sh >/root/functions.sh
	cat >/etc/systemd/system/trial.service <<-'UNIT'
		[Unit]
		After=multi-user.target
		[Service]
		Type=oneshot
		ExecStart=/bin/bash /root/units.sh
		[Install]
		WantedBy=default.target
	UNIT
	systemctl enable trial.service
	;;
still_held)
	run_sekimori
	held || die "the held mail is gone"
	runuser -u keeper -- sekimori hold list
	kill %1
	wait
	;;
remove)
	apt-get -qq -y remove sekimori
	[ ! -e /usr/bin/sekimori ] || die "the program is still there"
	[ -e "$conf" ] && [ -e "$key" ] && [ -e "$state/store.db" ] ||
		die "removing took held mail, key or configuration"
	;;
purge_kept)
	apt-get -qq -y purge sekimori
	[ -e "$key" ] && [ -e "$state/store.db" ] || die "purging took held mail or key"
	[ ! -e "$conf" ] || die "the configuration is still there"
	;;
again)
	apt-get -qq -y install /root/next.deb
	[ -e "$state/store.db" ]
	;;
purge_all)
	debconf-set-selections <<<'sekimori sekimori/purge-held-mail boolean true'
	apt-get -qq -y purge sekimori
	for path in "$state" "$key" "$conf" /etc/sekimori /usr/share/sekimori \
		/usr/libexec/sekimori /var/spool/postfix/sekimori; do
		[ ! -e "$path" ] || die "$path is still there"
	done
	;;
*) die "no step $1" ;;
esac
