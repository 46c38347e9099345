#!/bin/sh
# The guides and SECURITY.md hold what the tree does: policies in them are taken
# by check-config, commands and settings exist, pictures and links are there,
# both languages have the same chapters, and every test that SECURITY.md names
# exists in the file it names.
set -eu
LC_ALL=C
export LC_ALL
build=${top_builddir:-.}
top=${top_srcdir:-.}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
complain() {
	echo "documents: $*"
	echo yes >"$work/failed"
}

guides="accuracy admin approver recipient sender"
pages="README.md README.ja.md SECURITY.md"
for name in $guides; do
	pages="$pages doc/$name.md doc/$name.ja.md"
done

# --- policies -------------------------------------------------------------
for page in $pages; do
	awk -v base="$work/policy" '
		/^```conf$/ { file = base (++n) ".conf"; next }
		/^```/ { file = "" }
		file != "" { print > file }' "$top/$page"
	for policy in "$work"/policy*.conf; do
		[ -f "$policy" ] || continue
		cat - "$policy" >"$work/whole.conf" <<-'EOF'
			general {
				local_domains = { "example.co.jp", "*.example.co.jp" }
				postmaster = "postmaster@example.co.jp"
			}
			courier { notice_sender = "sekimori@example.co.jp" }
			desk { url = "https://desk.example.co.jp" }
		EOF
		"$build/sekimori" check-config "$work/whole.conf" >"$work/said" 2>&1 || {
			cat "$work/said"
			complain "$page: its policy is refused"
		}
		rm "$policy"
	done
done

# --- commands: "sekimori WORD" in code is one of commands.def -------------
sed -n 's/^COMMAND("\([a-z-]*\)".*/\1/p' "$top/cli/commands.def" | sort >"$work/commands"
for page in $pages; do
	{
		sed -n 's/^ *sekimori \([a-z][a-z-]*\).*/\1/p' "$top/$page"
		grep -oE '`sekimori [a-z][a-z-]*' "$top/$page" | sed 's/.* //'
	} | sort -u | comm -23 - "$work/commands" | while read -r word; do
		complain "$page: there is no command \"$word\""
	done
done

# --- settings: `section.name` ------------------------------------------------
"$build/sekimori" check-config --sample | awk '
	/^[a-z]+ \{/ { section = $1 }
	match($0, /^\t#?[a-z_]+ = /) {
		split($0, word, " "); sub(/^#/, "", word[1]); print section "." word[1]
	}' | sort -u >"$work/settings"
for page in $pages; do
	grep -oE '`(general|milter|scanner|vault|courier|desk|portal)\.[a-z_]+[` ]' "$top/$page" |
		tr -d '` ' | sort -u | comm -23 - "$work/settings" | while read -r name; do
		case $name in
		milter.socket | *.sock | *.ctl) ;;
		*) complain "$page: there is no setting $name" ;;
		esac
	done
done

# --- weights: each observation is in sekimori.words(5) ------------------------
sed -n 's/^EVIDENCE(.*"\(.*\)")$/\1/p' "$top/lib/report/evidence.def" | while read -r name; do
	grep -qE "(Va|,) $name( ,|\$)" "$top/man/sekimori.words.5" ||
		complain "sekimori.words.5: there is no $name"
done

# --- findings of the doctor: `name` in the first column of its table ----------
sed -n 's/^CHECK([A-Z_]*, "\([a-z-]*\)".*/\1/p' "$top/cli/doctor_checks.def" | sort >"$work/checks"
for page in doc/admin.md doc/admin.ja.md; do
	sed -n '/^## 12\./,/^## 13\./p' "$top/$page" | sed -n 's/^| \(`[^|]*\) |.*/\1/p' |
		grep -oE '[a-z]+(-[a-z]+)*' | sort -u | comm -23 - "$work/checks" |
		while read -r name; do complain "$page: doctor has no check \"$name\""; done
done

# --- figures: sekimori_NAME is one that the desk shows ----------------------
grep -oE '(GAUGE|COUNTER)\([a-z_]+|metrics_add\(call, "[a-z_]+' \
	"$top/quarantine-ui/pages/page_health.c" |
	sed -E 's/^COUNTER\((.*)/sekimori_\1_total/; s/^.*[("]([a-z_]+)$/sekimori_\1/' |
	sort >"$work/figures"
for page in doc/admin.md doc/admin.ja.md; do
	grep -oE 'sekimori_[a-z_]+' "$top/$page" | sort -u | comm -23 - "$work/figures" |
		while read -r name; do complain "$page: there is no figure $name"; done
done

# --- links and pictures ----------------------------------------------------
for page in $pages; do
	grep -oE '\]\([^)#]+' "$top/$page" | sed 's/^](//' | grep -v '^https\?:' |
		while read -r target; do
			[ -f "$top/$(dirname "$page")/$target" ] || complain "$page: no $target"
			grep -qF "${target##*/}" "$top/doc/local.mk" "$top/man/local.mk" ||
				complain "$page: $target is not in a local.mk"
		done
	grep -oE '`(contrib|conf|tests|doc)/[A-Za-z0-9_./-]+`' "$top/$page" | tr -d '`' |
		while read -r target; do
			[ -e "$top/$target" ] || complain "$page: no $target"
		done
done
for picture in "$top"/doc/images/*; do
	[ "$(wc -c <"$picture")" -le 122880 ] || complain "$picture is over 120 KB"
	grep -qF "images/$(basename "$picture")" "$top"/doc/*.md ||
		complain "$picture is in no guide"
done

# --- both languages ----------------------------------------------------------
for name in $guides; do
	for language in .ja ''; do
		grep -nE '^#|^```|!\[' "$top/doc/$name$language.md" |
			sed -E 's/^[0-9]+://; s/^(#+).*/\1/; s/.*(!).*/\1/' >"$work/shape$language"
	done
	cmp -s "$work/shape.ja" "$work/shape" ||
		complain "doc/$name.md and doc/$name.ja.md have not the same chapters, examples and pictures"
done

# --- tests that SECURITY.md names: `file` then `name`, `name` in one cell ------
# `tests/vault/test_entry.c`: `a_code_works_once_however_it_is_typed`
grep -oE '`tests/[A-Za-z0-9_./-]+`: `[a-z0-9_]+`(, `[a-z0-9_]+`)*' "$top/SECURITY.md" |
	tr -d '`,' | while read -r file names; do
	for name in $names; do
		grep -qE "(^|def |[ \"(])$name\(" "$top/${file%:}" 2>/dev/null ||
			complain "SECURITY.md: ${file%:} has no test $name"
		echo "$name"
	done
done >"$work/named"
grep '^documents' "$work/named" || :
[ "$(grep -vc '^documents' "$work/named")" -gt 80 ] ||
	complain "SECURITY.md: its table of tests was not understood"

[ ! -f "$work/failed" ] || exit 1
