#!/usr/bin/python3
"""Power cuts: the file system under the store stops at once.

usage: power.py --root PREFIX [--cuts 6] [NAME...]

The store lies on an ext4 image. A cut is the file system's shutdown ioctl
without a log flush: what was not on the disk is gone. Afterwards the image is
mounted again, the vault starts, and every mail that got 250 must be there.
"""

import argparse
import fcntl
import os
import random
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "harness"))

import conservation  # noqa: E402
import mynumber  # noqa: E402
import runner  # noqa: E402
import samples  # noqa: E402
from checkpoint import Site, run, wait_for  # noqa: E402
from runner import Skip, test  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("--root", required=True)
arguments.add_argument("--cuts", type=int, default=6)
arguments.add_argument("only", nargs="*")
options = arguments.parse_args()
rng = random.Random()

EXT4_IOC_SHUTDOWN = 0x8004587d
NO_LOG_FLUSH = 2

# Interposed on SQLite's own functions: the store as it would be with
# synchronous=NORMAL, to show that this test notices.
WEAKEN = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <string.h>
#include <stdlib.h>
#include <stdio.h>
static const char *weaken(const char *sql, char **made)
{
	const char *at = sql ? strcasestr(sql, "synchronous") : NULL;
	const char *full = at ? strcasestr(at, "FULL") : NULL;
	if (full == NULL && at != NULL)
		full = strcasestr(at, "EXTRA");
	if (full == NULL)
		return sql;
	size_t word = strncasecmp(full, "FULL", 4) == 0 ? 4 : 5;
	if (asprintf(made, "%.*sNORMAL%s", (int)(full - sql), sql, full + word) < 0)
		abort();
	return *made;
}
int sqlite3_exec(void *db, const char *sql, void *call, void *arg, char **err)
{
	static int (*real)(void *, const char *, void *, void *, char **);
	char *made = NULL;
	if (real == NULL)
		real = dlsym(RTLD_NEXT, "sqlite3_exec");
	int rc = real(db, weaken(sql, &made), call, arg, err);
	free(made);
	return rc;
}
int sqlite3_prepare_v2(void *db, const char *sql, int n, void **st, const char **tail)
{
	static int (*real)(void *, const char *, int, void **, const char **);
	char *made = NULL;
	if (real == NULL)
		real = dlsym(RTLD_NEXT, "sqlite3_prepare_v2");
	const char *use = weaken(sql, &made);
	int rc = real(db, use, made ? -1 : n, st, made ? NULL : tail);
	return rc;
}
int sqlite3_prepare_v3(void *db, const char *sql, int n, unsigned flags, void **st, const char **tail)
{
	static int (*real)(void *, const char *, int, unsigned, void **, const char **);
	char *made = NULL;
	if (real == NULL)
		real = dlsym(RTLD_NEXT, "sqlite3_prepare_v3");
	const char *use = weaken(sql, &made);
	return real(db, use, made ? -1 : n, flags, st, made ? NULL : tail);
}
"""


class Disk:
    """An ext4 image on a loop device."""

    def __init__(self):
        self.dir = Path(tempfile.mkdtemp(prefix="sekimori-disk-"))
        self.dir.chmod(0o711)
        self.image = self.dir / "image"
        self.mount_point = self.dir / "state"
        with open(self.image, "wb") as image:
            image.truncate(256 << 20)
        made = run(["mkfs.ext4", "-q", "-F", self.image])
        assert made.returncode == 0, made.stderr
        self.mount_point.mkdir()
        done = run(["mount", "-o", "loop", self.image, self.mount_point])
        if done.returncode != 0:
            raise Skip("cannot mount a loop image: " + done.stderr.strip())

    def cut(self):
        fd = os.open(self.mount_point, os.O_RDONLY)
        try:
            fcntl.ioctl(fd, EXT4_IOC_SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
        finally:
            os.close(fd)

    def remount(self):
        wait_for("umount", lambda: run(["umount", self.mount_point])
                 .returncode == 0, 20)
        done = run(["mount", "-o", "loop", self.image, self.mount_point])
        assert done.returncode == 0, done.stderr

    def remove(self):
        run(["umount", "-l", self.mount_point])
        subprocess.run(["rm", "-rf", self.dir], check=False)


def feed(site, ledger, stop):
    while not stop.is_set():
        mark = samples.token(rng)
        number = mynumber.my_number(rng)
        ledger.planned(mark, ["out@example.com"], number)
        mail = f"X-Test-Token: {mark}\r\n".encode() + samples.in_body(mark, number)
        ledger.reply(mark, site.send(mail)[0])


def cuts(site, disk, count):
    """Mails that got 250 and are nowhere, after count cuts."""
    ledger = conservation.Ledger()
    for _ in range(count):
        stop = threading.Event()
        threads = [threading.Thread(target=feed, args=(site, ledger, stop))
                   for _ in range(2)]
        for thread in threads:
            thread.start()
        time.sleep(rng.uniform(0.5, 1.5))
        disk.cut()
        stop.set()
        for thread in threads:
            thread.join(60)
        site.kill("vault")
        disk.remount()
        site.start_daemons("vault")
        wait_for("the vault to serve", lambda: site.desk().login("approver1")
                 in (200, 201), 30, 0.3)
    accepted = [t for t in ledger.tries if ledger.accepted(t)]
    cases = conservation.cases_by_token(site)
    lost = [t for t in accepted if t not in cases]
    print(f"  {count} cuts, {len(accepted)} mails with 250, {len(lost)} lost")
    return accepted, lost, ledger


@test
def a_power_cut_loses_nothing_acknowledged():
    disk = Disk()
    try:
        with Site(options.root, state_dir=disk.mount_point) as site:
            accepted, lost, ledger = cuts(site, disk, options.cuts)
            assert accepted, "nothing was taken between the cuts"
            assert not lost, lost
            problems, doubled = conservation.check(
                site, ledger, [site.state, site.logs])
            assert not problems and not doubled, problems[:10]
    finally:
        disk.remove()


@test
def a_weakened_store_is_noticed():
    disk = Disk()
    try:
        source = disk.dir / "weaken.c"
        source.write_text(WEAKEN)
        made = run(["gcc", "-shared", "-fPIC", "-w", "-o", disk.dir / "weaken.so",
                    source, "-ldl"])
        assert made.returncode == 0, made.stderr
        site = Site(options.root, state_dir=disk.mount_point)
        plain = site.start_daemon

        def weak(name, wrapper=None):
            if name == "vault":
                wrapper = ["env", f"LD_PRELOAD={disk.dir}/weaken.so"]
            plain(name, wrapper)
        site.start_daemon = weak
        with site:
            try:
                accepted, lost, _ = cuts(site, disk, 3)
                noticed = bool(lost)
            except AssertionError as why:
                # Not even the accounts came back.
                print(f"  {why}")
                noticed = True
            assert noticed, "synchronous=NORMAL passed the power cuts"
    finally:
        disk.remove()


if __name__ == "__main__":
    sys.exit(runner.main(options.only))
