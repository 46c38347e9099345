#!/bin/sh
# Every limit that a report can name is explained in sekimori-scanner(8), and
# every budget of the scanner's section says how the report names it.
set -eu
cd "${top_srcdir:-.}"
manual=man/sekimori-scanner.8
failed=0

# The words behind "limit", up to the value; wherever the scanner says them.
said=$(grep -rhoE '"[^"]*limit [a-z][a-z. _]*' scanners --include='*.c' |
	sed -E 's/.*limit /limit /; s/ +$//' | sort -u
	grep -hoE 'pdf_limit\(sink, *"[a-z ]+"|[?:] "pdf [a-z ]+"|[?:] "[a-z]+"|"pdf [a-z]+ in [a-z]+"' \
		scanners/pdf/pdf_read.c | sed -E 's/[^"]*"([a-z ]+)"/limit \1/' |
		sort -u)
test -n "$said"
echo "$said" | while read -r words; do
	grep -qE "^\.It (.* , )?$words( ,|\$)" $manual || {
		echo "$manual: nothing about \"$words\""
		exit 1
	}
done || failed=1

# Settings that bound a scan.
for setting in wall cpu memory pdf_memory hard_stop \
	$(sed -n 's/^SETTING(\(max_[a-z_]*\),.*/\1/p' \
		lib/config/scanner_settings.def); do
	grep -E "^SETTING\($setting," lib/config/scanner_settings.def |
		grep -qE 'then unscannable: (limit|timeout) \((limit |no answer)' || {
		echo "scanner_settings.def: $setting does not say how it ends"
		failed=1
	}
	grep -q "$setting" $manual || {
		echo "$manual: nothing about the setting $setting"
		failed=1
	}
done
exit $failed
