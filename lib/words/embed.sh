#!/bin/sh
# Files as arrays of bytes: conf/words/direct.conf is words_shipped_direct.
set -eu
echo "/* Made by embed.sh from conf/words; do not edit. */"
for file; do
	name=${file##*/}
	echo "static const uint8_t words_shipped_${name%.conf}[] = {"
	LC_ALL=C od -An -v -tx1 "$file" | sed 's/ \(..\)/0x\1,/g'
	echo "};"
done
