#!/bin/sh
# usage: extract.sh POT - collect the texts of all sources in po/POTFILES and
# of the pages' templates. What marks a text: i18n_text(…, …, "text"),
# N_("text"), REASON(…, …, "text") and REWRITE_REFUSAL; in templates {{_ text}}.
set -eu
out=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
cd "${top_srcdir:-.}"
marks=$(mktemp -d)
trap 'rm -rf "$marks"' EXIT
mkdir -p "$marks/quarantine-ui/templates" "$marks/quarantine-ui/portal/templates"
cp po/POTFILES "$marks/files"
for page in quarantine-ui/templates/*.html quarantine-ui/portal/templates/*.html; do
	# One mark a line, then as C: N_("text"), or nothing.
	tr '\n' ' ' <"$page" | sed 's/}}}/}\x01/g; s/}}/\x01/g; s/{{_ */\n\x02/g; s/\x01/&\n/g' |
		sed -n 's/^\x02\(.*\)\x01$/N_("\1")/p' >"$marks/$page.c"
	echo "$page.c" >>"$marks/files"
done
xgettext --language=C --from-code=UTF-8 --no-wrap --add-location=file \
	--keyword --keyword=N_ --keyword=i18n_text:3 --keyword=REASON:3 \
	--keyword=REWRITE_REFUSAL:3 \
	--package-name=sekimori --directory=. --directory="$marks" \
	--files-from="$marks/files" --output="$out"
sed -i 's/^\(#: .*templates\/.*\.html\)\.c/\1/; s/\.html\.c /.html /g' "$out"
