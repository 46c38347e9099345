"""Many who guess at the code of a link, and what others feel of it."""

import multiprocessing
import os
import random
import time
import urllib.parse

from portal_client import Portal, link_of

FORKS = multiprocessing.get_context("fork")
PAUSE_S = 0.05
PAGES_OF_AN_OPEN = 5  # ten thousand guesses are over in three seconds


def timed(work):
    """Milliseconds that it takes."""
    start = time.monotonic()
    work()
    return (time.monotonic() - start) * 1000


def of_all(times, share):
    return sorted(times)[int(len(times) * share)]


class Others:
    """What people with a right link feel: a page, and opening the link."""

    def __init__(self, site, mail):
        self.site = site
        self.path, self.code = link_of(mail)
        self.portal = Portal(site, keep=True)
        self.pages, self.opens = [], []

    def open(self):
        portal = Portal(self.site)
        portal.get(self.path)
        status, _, content = portal.submit(self.path, code=self.code)
        assert status == 200, (status, content)

    def look_while(self, busy):
        while busy():
            self.pages.append(
                timed(lambda: self.portal.request("GET", self.path)))
            if len(self.pages) % PAGES_OF_AN_OPEN == 0:
                self.opens.append(timed(self.open))
            time.sleep(PAUSE_S)
        return self

    def look_often(self):
        left = iter(range(100))
        return self.look_while(lambda: next(left, None) is not None)


def guess(site, path, count, answers):
    """In a process of its own, behind everybody else."""
    os.nice(10)
    portal, own, seen = Portal(site, keep=True), random.Random(), {}
    for _ in range(count):
        # 260 bits in letters, 256 of a secret: all of these could be one.
        code = "".join(own.choices("0123456789abcdefghjkmnpqrstvwxyz", k=51))
        status = portal.request("POST", path, urllib.parse.urlencode(
            {"code": code + own.choice("0g")}))[0]
        seen[status] = seen.get(status, 0) + 1
    answers.put(seen)


class Guessers:
    """Two of them, count guesses together."""

    def __init__(self, site, path, count):
        self.queue = FORKS.Queue()
        self.all = [FORKS.Process(target=guess, daemon=True, args=(
            site, path, count // 2, self.queue)) for _ in range(2)]
        for one in self.all:
            one.start()

    def go_on(self):
        return any(one.is_alive() for one in self.all)

    def answers(self):
        """[{status: count}]"""
        return [self.queue.get(timeout=10) for _ in self.all]
