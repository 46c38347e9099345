#!/usr/bin/python3
"""The conservation-of-mail checker finds each broken law, and nothing else.

usage: test_conservation.py
"""

import sys
import tempfile
from pathlib import Path

import conservation
import mynumber
import runner
from runner import test

TOKEN = "token-abcdefghijkm"
TO = "out@example.com"


class Story:
    """What sender, sink and desk have seen of one mail."""

    def __init__(self, replies, arrived=0, cases=(), number=None, intact=True):
        self.sink = self
        self.arrived = arrived
        # (state, outcome of the recipient)
        self.held = [{"id": str(i), "subject": TOKEN, "state": state,
                      "recipients": [{"address": TO, "outcome": outcome}]}
                     for i, (state, outcome) in enumerate(cases)]
        self.intact = intact
        self.ledger = conservation.Ledger()
        self.ledger.planned(TOKEN, [TO], number)
        for code in replies:
            self.ledger.reply(TOKEN, code)

    def mails(self):
        envelope = {"mail_from": "taro@corp.test", "rcpt_to": [TO]}
        return [(envelope, TOKEN.encode())] * self.arrived

    def desk(self, _login):
        return self

    def cases(self, _which):
        return self.held

    def case(self, case_id):
        return self.held[int(case_id)]

    def request(self, _method, _path):
        return 200, {"intact": self.intact}

    def judged(self, paths=()):
        return conservation.check(self, self.ledger, paths)


NUMBER = mynumber.my_number()
RELEASED = ("released", "delivered")
HELD = ("held", "waiting")


@test
def what_is_in_order_is_no_problem():
    for story in (Story([250], 1), Story([451, 0, 250], 1),
                  Story([0, 250], 2), Story([451], 0),
                  Story([250], 0, [HELD], NUMBER),
                  Story([250], 1, [RELEASED], NUMBER),
                  Story([250], 0, [("ended", "returned")], NUMBER),
                  # 4xx, yet held: the retry joined, or came after the decision
                  Story([451, 250], 0, [HELD], NUMBER),
                  Story([451, 250], 2, [RELEASED, RELEASED], NUMBER),
                  Story([451, 250], 1, [RELEASED, HELD], NUMBER),
                  Story([451], 0, [HELD], NUMBER)):
        problems, doubled = story.judged()
        assert not problems and not doubled, (problems, doubled)


@test
def each_broken_law_is_found():
    for story, words in (
            (Story([250], 0), "lost"),
            (Story([250], 0, (), NUMBER), "lost"),
            (Story([250], 2), "delivered 2 times"),
            (Story([451], 1), "refused, yet delivered"),
            (Story([250], 1, (), NUMBER), "delivered 1 times, 0 on record"),
            (Story([250], 0, [RELEASED], NUMBER),
             "delivered 0 times, 1 on record"),
            (Story([250], 1, [HELD], NUMBER), "delivered and held"),
            (Story([451, 250], 0, [HELD, HELD], NUMBER),
             "2 undecided cases"),
            (Story([250], 1, intact=False), "audit")):
        problems, _ = story.judged()
        assert any(words in line for line in problems), (words, problems)


@test
def a_released_mail_that_came_twice_is_counted_apart():
    problems, doubled = Story([250], 2, [RELEASED], NUMBER).judged()
    assert not problems, problems
    assert len(doubled) == 1, doubled


@test
def a_number_in_clear_is_a_problem():
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "log").write_text(f"held {NUMBER}\n")
        problems, _ = Story([250], 0, [HELD], NUMBER).judged([place])
    assert len(problems) == 1 and "number as ascii" in problems[0], problems


if __name__ == "__main__":
    sys.exit(runner.main(sys.argv[1:]))
