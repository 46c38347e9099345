#!/bin/sh
# Every fuzz target with libFuzzer, AddressSanitizer and UBSan, for so many
# seconds each, from its corpus in the tree on.
# usage: fuzzed.sh BUILD_DIR SECONDS [TARGET...]
#
# What makes one fail is kept in BUILD_DIR/fuzzed/found.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
build=$1/fuzzed
seconds=$2
shift 2
mkdir -p "$build/found"
cd "$build"
if [ ! -f Makefile ]; then
	CC=clang-14 CFLAGS='-O1 -g' "$top/configure" -q \
		--with-sanitizer=address,undefined,fuzzer-no-link \
		>configure.log 2>&1
fi
if [ $# -eq 0 ]; then
	for source in "$top"/tests/fuzz/fuzz_*.c; do
		source=${source##*/fuzz_}
		set -- "$@" "${source%.c}"
	done
fi
export top_srcdir="$top" top_builddir="$build"
# libarchive asks for as much as a header says, gigabytes, and ends the process
# when it does not get some of it. It uses what is there, mostly little.
export ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1
status=0
for target; do
	program=tests/fuzz/fuzz_$target
	# Its own main() instead of the one that replays.
	rm -f "$program"
	if ! make -s -j2 "$program" >make.log 2>&1 || ! rm "$program" ||
		! command=$(make -n "$program" | grep -- '-o *tests/fuzz/') ||
		! sh -c "$(printf %s "$command" |
			sed 's/[^ ]*replay\.[^ ]*o\b/-fsanitize=fuzzer/')" \
			>>make.log 2>&1; then
		tail -20 make.log
		echo "FAIL: fuzzed.sh: $target was not built"
		status=1
		continue
	fi
	mkdir -p "corpus/$target"
	begin=$(date +%s)
	if "$program" -max_total_time="$seconds" -timeout=25 \
		-rss_limit_mb=2500 -malloc_limit_mb=16000 \
		-artifact_prefix="found/$target-" -print_final_stats=1 \
		"corpus/$target" "$top/tests/data/fuzz/$target" \
		>"$target.log" 2>&1; then
		runs=$(sed -n 's/^stat::number_of_executed_units: *//p' \
			"$target.log")
		echo "PASS: fuzzed.sh: $target ($runs runs," \
			"$(($(date +%s) - begin)) s)"
	else
		grep -v '^#' "$target.log" | tail -40 | sed 's/^/   | /'
		echo "FAIL: fuzzed.sh: $target"
		status=1
	fi
done
exit $status
