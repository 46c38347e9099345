#!/bin/sh
# Every manual page names the commands and options that its program has, and no
# others; the Japanese pages name the same as the English ones. The settings of
# sekimori.conf(5) are compared with their tables by tests/lib/test_config.
set -eu
LC_ALL=C
export LC_ALL
cd "${top_builddir:-.}"
top=${top_srcdir:-.}
case $top in /*) ;; *) top=$PWD/$top ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
complain() {
	echo "manuals: $*"
	failed=1
}

# Options of a usage text on standard input, as "KEY --option".
help_options() {
	grep -oE '(^|[^-[:alnum:]])--?[a-z][a-z-]*' | grep -oE -- '--?[a-z].*' |
		sed "s|^|$1 |"
}
# "KEY --option" of a page whose items begin with ".It Ic KEY"; a page without
# such items has the key "-". What an item is about stands before its options.
page_options() {
	awk -v key="$2" '
	/^\.S[hs] / { if ($2 == "EXIT" || $2 == "終了ステータス") exit; if (items) key = "-" }
	/^\.It Ic / {
		items = 1; key = ""
		for (i = 3; i <= NF && $i ~ /^[a-z][a-z-]*$/; i++)
			key = key (key == "" ? "" : " ") $i
		print key, "here"
	}
	{
		for (i = 1; i <= NF; i++) {
			word = $i
			sub(/^\./, "", word)
			if (word == "Fl" && $(i + 1) ~ /^-?[a-z]/)
				print key, "-" $(i + 1)
		}
	}' "$1"
}
# Pages that every program has anyway, and that are said once.
everywhere() { grep -vE -- ' --(help|version|config)$' || :; }
compare() { # compare NAME: want and have
	sort -u "$work/want" >"$work/want.sorted"
	sort -u "$work/have" >"$work/have.sorted"
	comm -23 "$work/want.sorted" "$work/have.sorted" >"$work/missing"
	comm -13 "$work/want.sorted" "$work/have.sorted" >"$work/unknown"
	[ ! -s "$work/missing" ] || {
		complain "$1 does not name:"
		cat "$work/missing"
	}
	[ ! -s "$work/unknown" ] || {
		complain "$1 names what there is not:"
		cat "$work/unknown"
	}
}

for name in vault scanner worker-mail milter courier desk; do
	"./sekimori-$name" --help >"$work/help"
	help_options - <"$work/help" >"$work/want"
	page_options "$top/man/sekimori-$name.8" - >"$work/have"
	# The synopsis has several options behind one Fl.
	sed -n 's/^\.Fl -[a-z-]* | -\(.*\)/\1/p' "$top/man/sekimori-$name.8" |
		tr -d '|' | tr -s ' ' '\n' | sed 's/^-*/- --/' >>"$work/have"
	compare "sekimori-$name(8)"
done

# A command with parts shows them as a list, one a line.
ask() { # ask WORD...: options of the command and, below, of its parts
	./sekimori "$@" --help >"$work/help.$#" </dev/null
	if grep -q '\] '"$*"' COMMAND \.\.\.$' "$work/help.$#"; then
		for part in $(sed -n 's/^  \([a-z-]*\)  *[^ ].*\|^  \([a-z-]*\)$/\1\2/p' \
			"$work/help.$#"); do
			ask "$@" "$part"
		done
	elif [ "$*" = policy ]; then
		ask policy test
	else
		echo "$* here"
		help_options "$*" <"$work/help.$#"
	fi
}
sed -n 's/^COMMAND("\([a-z-]*\)".*/\1/p' "$top/cli/commands.def" |
	while read -r command; do ask "$command"; done >"$work/all"
[ "$(wc -l <"$work/all")" -gt 60 ] || complain "sekimori --help was not understood"
# "Exit status: ... sekimori policy test" and the like name no option.
for page in man/sekimori.1 man/ja/sekimori.1; do
	everywhere <"$work/all" >"$work/want"
	page_options "$top/$page" - | grep -v '^- ' | everywhere >"$work/have"
	compare "$page"
done

names() { sed -n 's/^\.It Va //p' "$1"; }
if [ -f "$top/man/ja/sekimori.conf.5" ]; then
	names "$top/man/sekimori.conf.5" >"$work/want"
	names "$top/man/ja/sekimori.conf.5" >"$work/have"
	cmp -s "$work/want" "$work/have" ||
		complain "man/ja/sekimori.conf.5 has not the settings of the English page"
fi

# Every page is installed, and reads without a complaint.
find "$top/man" -name '*.[1-8]' | while read -r page; do
	grep -qF "man/${page#"$top/man/"}" "$top/man/local.mk" ||
		echo "${page#"$top/"} is not in man/local.mk"
	! command -v mandoc >/dev/null ||
		mandoc -T lint -W error "$page" || echo "mandoc finds fault with $page"
done >"$work/pages"
[ ! -s "$work/pages" ] || {
	cat "$work/pages"
	failed=1
}
exit $failed
