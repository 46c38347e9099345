#!/bin/sh
# AddressSanitizer and UBSan, or what else is asked for, over the unit tests and
# the flow, once.
# usage: sanitized.sh BUILD_DIR [SANITIZERS]
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
sanitizers=${2:-address,undefined}
build=$1/sanitized-$sanitizers
mkdir -p "$build"
cd "$build"
if [ ! -f Makefile ]; then
	CC=clang-14 CFLAGS='-O1 -g' "$top/configure" -q --enable-werror \
		--with-sanitizer="$sanitizers" --prefix="$build/root" \
		--sysconfdir="$build/root/etc" >configure.log 2>&1
fi
make -s -j2 all >make.log 2>&1 || { tail -20 make.log; exit 1; }
make -s install >install.log 2>&1
# Asked for more than there can be, malloc() answers NULL, as without them.
export ASAN_OPTIONS=abort_on_error=0:exitcode=99:detect_stack_use_after_return=1:allocator_may_return_null=1
export UBSAN_OPTIONS=print_stacktrace=1
# When libmilter is stopped, its listener destroys a lock that its stopper still
# takes: its own affair, and harmless (the lock only says that it is gone). Its
# static functions have no names here, so a race at the end of a lock's life is
# hidden in our code, too; ASan sees the use of one that is freed.
cat >tsan.supp <<'EOF'
race:mi_closener
mutex:mi_closener
race:mi_stop_milters
mutex:mi_stop_milters
race_top:pthread_mutex_destroy
race_top:pthread_cond_destroy
EOF
# TSan's memmem() marks all that is left of a mail, found or not: hours.
export TSAN_OPTIONS="intercept_memmem=0 allocator_may_return_null=1 suppressions=$build/tsan.supp"
# A pipe would hide that one of them did not even build.
status=0
make -s -j2 check >check.log 2>&1 || status=1
sed 's/^\(PASS\|FAIL\|ERROR\): /\1: sanitized: /' check.log
/usr/bin/python3 -B "$top/tests/flow/flow.py" --root "$build/root" >flow.log 2>&1 ||
	status=1
sed 's/^\(PASS\|FAIL\|SKIP\): /\1: sanitized: /' flow.log
exit $status
