#!/bin/sh
# No writable data in lib/, the client libraries and the confined code: a
# module that needs state gets it passed. Allowed is what is written here. Looks
# at the objects of the build: .data and .bss but not .data.rel.ro, which the
# loader makes read-only.
set -eu
command -v objdump >/dev/null || {
	echo "globals: objdump (package binutils) is not there"
	exit 77
}
cd "${top_builddir:-.}"
find lib scanners/readers scanners/text scanners/detect scanners/client vault/client \
	-name '*.o' -exec objdump -t {} + | awk '
BEGIN {
	FS = "\t"
	# Set once by log_open().
	allowed["log_state"] = 1
	# The one handle of libmagic, opened before the worker is confined.
	allowed["unread_magic"] = 1
	# Tables made once from those of fold.c, and which code this processor
	# can do.
	allowed["digit_filter_classes"] = allowed["digit_filter_first"] = 1
	allowed["digit_filter_best"] = allowed["digit_filter_once"] = 1
}
/: +file format / { file = $1; sub(/: +file format.*/, "", file); objects++ }
NF == 2 {
	n = split($1, word, " "); section = word[n]
	m = split($2, word, " "); name = word[m]
	sub(/\.[0-9]+$/, "", name) # part of a structure, as clang splits it
	# The linker itself, and what a sanitizer adds.
	if (section !~ /^(\.data|\.bss|\.tdata|\.tbss|\*COM\*)/ ||
	    section ~ /^\.data\.rel\.ro/ || name ~ /^\./ ||
	    name ~ /^__(odr_)?(asan|ubsan|sancov|unnamed_|local_unnamed)/ ||
	    name in allowed)
		next
	print "writable data: " file ": " name " in " section
	failed = 1
}
END {
	if (objects == 0) {
		print "globals: no objects here; build first"
		failed = 1
	}
	exit failed
}'
