"""The conservation-of-mail checker.

What goes in must come out exactly once. Each mail carries a token of its own;
the sender's log holds the last SMTP reply of every token. Laws:

1. reply 250: exactly one outcome on record for each recipient (delivered
   once, held, released and delivered once, given back, cancelled);
2. reply 4xx, 5xx or none: not delivered, unless a later try got 250 (a held
   case is allowed: the sender still owns the mail and may try again);
3. a mail with a number reaches the sink only when its case was approved;
4. the audit chain verifies;
5. no number stands in clear anywhere below the paths given.

A 4xx and a case together: the vault has committed, and then the milter, the
connection or the MTA's own process (Postfix's cleanup) died around our answer.
The sender owns the mail and so does the vault; neither lost it. What is judged
is what follows. Undecided, the retry joins: never two undecided cases of one
token. Decided in the meantime, the retry is a new case that somebody decides
again: the deliveries are then as many as the releases on record, no more. A
mail whose every try was refused is never delivered, case or not.

A mail that was released and arrived more often than once is no broken law but
is counted: a program that dies between the final dot and the 250 (RFC 1047)
leaves the sender of a mail in doubt, and then it is sent again rather than
lost.
"""

import json
import re

from mynumber import leaks

TOKEN = re.compile(rb"token-[0-9a-z]{12}")


class Ledger:
    """What the sender side saw."""

    def __init__(self):
        self.tries = {}
        self.numbers = {}
        self.recipients = {}

    def planned(self, token, recipients, number=None):
        self.tries.setdefault(token, [])
        self.recipients[token] = list(recipients)
        if number:
            self.numbers[token] = number

    def reply(self, token, code):
        self.tries[token].append(code)

    def accepted(self, token):
        return 250 in self.tries[token]

    def unknown(self, token):
        """The connection died: the server may have taken it or not."""
        return self.tries[token] and self.tries[token][-1] == 0


def deliveries(sink):
    """token -> recipient -> how often it arrived, notices left out."""
    found = {}
    for envelope, mail in sink.mails():
        if envelope["mail_from"] == "":
            continue  # notices and mail given back
        match = TOKEN.search(mail)
        if not match:
            continue
        count = found.setdefault(match.group().decode(), {})
        for recipient in envelope["rcpt_to"]:
            count[recipient] = count.get(recipient, 0) + 1
    return found


def cases_by_token(site, login="approver1", which="all"):
    """token -> cases as the desk shows them (the token is in the subject)."""
    found = {}
    desk = site.desk(login)
    for line in desk.cases(which):
        match = TOKEN.search(line["subject"].encode())
        if match:
            found.setdefault(match.group().decode(), []).append(
                desk.case(line["id"]))
    return found


ENDED = {"delivered", "link", "returned", "expired", "cancelled"}


def check(site, ledger, paths):
    """Every broken law as one line, and who got a released mail again."""
    problems, doubled = [], []
    arrived = deliveries(site.sink)
    cases = cases_by_token(site)
    for token, recipients in ledger.recipients.items():
        accepted = ledger.accepted(token)
        for recipient in recipients:
            times = arrived.get(token, {}).get(recipient, 0)
            held = [r["outcome"] for c in cases.get(token, [])
                    for r in c["recipients"] if r["address"] == recipient]
            waiting = [o for o in held if o not in ENDED]
            clean = token not in ledger.numbers
            if accepted and times == 0 and not held:
                problems.append(f"{token} {recipient}: lost")
            released = sum(1 for o in held if o == "delivered")
            if not clean and waiting and times > released:
                problems.append(f"{token} {recipient}: delivered and held")
            if not clean and times > released >= 1:
                doubled.append(f"{token} {recipient}: {times} times")
            elif not clean and times != released:
                problems.append(f"{token} {recipient}: delivered {times} times, "
                                f"{released} on record")
            if clean and times > max(1, ledger.tries[token].count(250)
                                     + ledger.tries[token].count(0)):
                problems.append(f"{token} {recipient}: delivered {times} times")
            if not accepted and times and not ledger.unknown(token):
                problems.append(f"{token} {recipient}: refused, yet delivered")
        if len(cases.get(token, [])) > 1 and token in ledger.numbers:
            undecided = [c for c in cases[token] if c["state"] == "held"]
            if len(undecided) > 1:
                problems.append(f"{token}: {len(undecided)} undecided cases")
    verify = site.desk("auditor1").request("POST", "/api/v1/audit/verify")[1]
    if not verify.get("intact"):
        problems.append("audit: " + json.dumps(verify))
    tokens = {number: token for token, number in ledger.numbers.items()}
    problems += [f"{tokens[number]}: number as {form} in {path}"
                 for number, path, form in leaks(tokens, paths)]
    return problems, doubled
