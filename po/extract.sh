#!/bin/sh
# usage: extract.sh POT - collect the texts of all sources in po/POTFILES.
# What marks a text: i18n_text(…, …, "text"), N_("text"), REASON(…, …, "text").
set -eu
out=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
cd "${top_srcdir:-.}"
xgettext --language=C --from-code=UTF-8 --no-wrap --add-location=file \
	--keyword --keyword=N_ --keyword=i18n_text:3 --keyword=REASON:3 \
	--package-name=sekimori --files-from=po/POTFILES --output="$out"
