#!/bin/sh
# Every text for people is translated: po/POTFILES names every source that has
# one, po/ja.po has each of them, none is empty or fuzzy, none is left over.
set -eu
if ! command -v xgettext >/dev/null || ! command -v msgcmp >/dev/null; then
	echo "translations: xgettext and msgcmp (package gettext) are not there"
	exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
top_srcdir=$(cd "${top_srcdir:-.}" && pwd)
export top_srcdir
cd "$top_srcdir"

# i18n.h defines the marks and has no texts.
find lib scanners vault milter courier quarantine-ui cli -name '*.[ch]' -o -name '*.def' |
	tr '\n' '\0' | xargs -0 grep -lE '(^|[^A-Za-z0-9_])(i18n_text|N_)\(|^(REWRITE_REFUSAL|REASON)\(' |
	grep -v '^lib/i18n/' | sort >"$work/used"
sort po/POTFILES >"$work/listed"
# A file may use i18n_text() with variables only; then listing it is no error.
if comm -23 "$work/used" "$work/listed" | grep .; then
	echo "translations: these sources are not in po/POTFILES" >&2
	exit 1
fi
sh po/extract.sh "$work/sekimori.pot" 2>"$work/said" || { cat "$work/said" >&2; exit 1; }
msgfmt --check-format --check-domain -o /dev/null po/ja.po
if ! msgcmp po/ja.po "$work/sekimori.pot" >"$work/said" 2>&1; then
	cat "$work/said" >&2
	echo "translations: po/ja.po lacks texts (make update-po, then translate)" >&2
	exit 1
fi
if msgattrib --only-fuzzy po/ja.po | grep -q '^msgid'; then
	echo "translations: po/ja.po has fuzzy texts" >&2
	exit 1
fi
if grep -q 'not used' "$work/said"; then
	cat "$work/said" >&2
	echo "translations: po/ja.po has texts that no source uses" >&2
	exit 1
fi
