"""What must hold of mails that were sent as links, whoever died meanwhile.

Laws, for every mail with a number whose sender got 250, and every case:

1. each recipient of each case has exactly one outcome;
2. what arrived at an outside recipient is a whole link mail with a link of its
   own, never the original; at an inside recipient the original, as often as
   it is on record;
3. each link mail that arrived opens and gives the file byte for byte, unless
   its link has ended; a link that has ended gives nothing, for ever;
4. no number stands in clear below the paths given; the audit chain verifies;
5. beside the store lie the own keys of links that live, and no others.

A link mail that came again is counted, as conservation.py does.
"""

import email
import email.policy
import http.client
import json
import sqlite3
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

from conservation import ENDED, TOKEN, Ledger, cases_by_token
from mynumber import Needles, leaks
from portal_client import LINK, Portal, link_of, text_of

DEAD = (OSError, http.client.HTTPException)
ENDS = {"revoked", "expired", "spent", "failed"}


class LinkLedger(Ledger):
    """What senders sent, and which links somebody has ended."""

    def __init__(self):
        super().__init__()
        self.files = {}
        self.ended = {}  # id of a link -> how it ended

    def sent(self, token, recipients, number, file):
        self.planned(token, recipients, number)
        self.files[token] = file


def is_outside(recipient):
    return not recipient.endswith("@corp.test")


def arrived(sink):
    """[(token, recipient, mail)], notices left out."""
    found = []
    for envelope, mail in sink.mails():
        match = TOKEN.search(mail)
        if envelope["mail_from"] and match and b"X-Test-Token" in mail:
            found += [(match.group().decode(), recipient, mail)
                      for recipient in envelope["rcpt_to"]]
    return found


def links_by_id(site, cases):
    """id of a link -> what the sender's page says of it."""
    desk = site.desk("taro")
    found = {}
    for case in (one for many in cases.values() for one in many):
        status, answer = desk.request("GET", f"/api/v1/cases/{case['id']}/links")
        assert status == 200, (status, answer)
        found.update({link["link"]: link for link in answer["links"]})
    return found


def takes(portal):
    return [(action, fields) for action, fields in portal.forms()
            if action.endswith("/take")]


def open_link(site, path, code):
    """A visitor at the files, or None: the link gives nothing."""
    portal = Portal(site)
    status, _, _ = portal.get(path)
    assert status == 200, status
    status, _, _ = portal.submit(path, code=code)
    assert status in (200, 403, 404), status
    return portal if status == 200 and takes(portal) else None


def take(portal):
    """Where the file is, or None: somebody else has it."""
    action, fields = takes(portal)[0]
    status, headers, _ = portal.request("POST", action,
                                        urllib.parse.urlencode(fields))
    assert status in (303, 403, 404, 409), status
    return urllib.parse.urlsplit(headers["Location"]).path \
        if status == 303 else None


def resume(portal, path, got):
    """The rest of a file; None when there is no more to have."""
    fields = {"Range": f"bytes={len(got)}-"} if got else {}
    try:
        status, _, content = portal.request("GET", path, headers=fields)
    except http.client.IncompleteRead as part:
        return got + part.partial
    if status not in (200, 206):
        assert status in (403, 404, 410, 416), status
        return None
    return got + content


def patiently(act, seconds=20):
    """Again until the programs are back."""
    end = time.monotonic() + seconds
    while True:
        try:
            return act()
        except DEAD:
            if time.monotonic() > end:
                raise
        except AssertionError:  # 500, 503: who has the answer is dead
            if time.monotonic() > end:
                raise
        time.sleep(0.2)


def download(site, path, code, size):
    """All bytes, however often the portal dies; None: nothing is given."""
    portal = patiently(lambda: open_link(site, path, code))
    where = patiently(lambda: take(portal)) if portal else None
    got = b""
    while where and got is not None and len(got) < size:
        before = got
        got = patiently(lambda have=before: resume(portal, where, have))
    return got if where else None


def mail_problems(mail, number, path):
    """A link mail is whole and has neither number nor file."""
    parsed = email.message_from_bytes(mail, policy=email.policy.default)
    found = ["half a mail: " + type(defect).__name__
             for part in parsed.walk() for defect in part.defects]
    parts = list(parsed.walk())
    if sum(1 for part in parts if part.get_content_maintype() == "text" and
           LINK.search(part.get_content())) < 2:
        found.append("a link in fewer than two texts")
    if any(part.get_filename() for part in parts):
        found.append("a file")
    if b"PK\3\4" in mail or b"UEsDB" in mail:
        found.append("bytes of a file")
    if Needles([number]).in_bytes(mail) or number in text_of(mail):
        found.append("a number")
    return [f"{path}: {what}" for what in found]


def outcome_problems(ledger, cases, mails):
    """Laws 1 and 2; and what came more often than it is on record."""
    problems, doubled = [], 0
    for token, recipients in ledger.recipients.items():
        for recipient in recipients:
            where = f"{token} {recipient}"
            outcomes = [r["outcome"] for c in cases.get(token, [])
                        for r in c["recipients"] if r["address"] == recipient]
            wanted = "link" if is_outside(recipient) else "delivered"
            times = len(mails.get((token, recipient), []))
            if ledger.accepted(token) and not outcomes:
                problems.append(f"{where}: lost")
            problems += [f"{where}: {one}, not {wanted}" for one in outcomes
                         if one not in ENDED or one != wanted]
            if times < len(outcomes):
                problems.append(f"{where}: {outcomes} on record, {times} came")
            doubled += max(0, times - len(outcomes))
    return problems, doubled


def link_problems(site, ledger, states, mail):
    """Law 3 of one mail."""
    token, recipient, content = mail
    where = f"{token} {recipient}"
    if not LINK.search(text_of(content)):
        return [f"{where}: the original arrived"]
    path, code = link_of(content)
    problems = mail_problems(content, ledger.numbers[token], where)
    link = states.get(path.rpartition("/")[2])
    if link is None or link["recipient"] != recipient:
        return problems + [f"{where}: a link that nobody knows: {path}"]
    got = download(site, path, code, len(ledger.files[token]))
    if link["state"] in ENDS:
        if got:
            problems.append(f"{where}: {link['state']}, yet it opens")
    elif link["state"] != "live":
        problems.append(f"{where}: its link is {link['state']}")
    elif got != ledger.files[token]:
        problems.append(f"{where}: {len(got) if got is not None else got} "
                        f"bytes, not the file: {link}")
    ended = ledger.ended.get(link["link"])
    if ended and link["state"] not in ENDS:
        problems.append(f"{where}: was {ended}, is {link['state']}")
    return problems


def key_problems(site):
    """Own keys beside the store: those of living links, and no others."""
    with sqlite3.connect(next(site.state.glob("*.db")), timeout=10) as db:
        living = {row[0] for row in db.execute(
            "SELECT id FROM links WHERE ended_unix_ms = 0")}
    kept = {slots[at:at + 16] for path in (site.state / "link-keys").glob("*")
            for slots in [path.read_bytes()]
            for at in range(0, len(slots), 128) if any(slots[at:at + 128])}
    return [f"link {one.hex()}: ended, and its key is there"
            for one in kept - living] + [
                f"link {one.hex()}: lives, and its key is gone"
                for one in living - kept]


def check(site, ledger, paths):
    """Every broken law as one line, and how many mails came again."""
    cases = cases_by_token(site)
    mails = {}
    for token, recipient, mail in arrived(site.sink):
        mails.setdefault((token, recipient), []).append(mail)
    problems, doubled = outcome_problems(ledger, cases, mails)
    states = links_by_id(site, cases)
    outside, again = [], {}
    for (token, recipient), many in mails.items():
        for mail in many if is_outside(recipient) else []:
            # A mail that came again has the same link, which may be for once.
            link = LINK.search(text_of(mail))
            if link and again.setdefault(link.group(), mail) is not mail:
                problems += mail_problems(mail, ledger.numbers[token],
                                          f"{token} {recipient}")
            else:
                outside.append((token, recipient, mail))
    with ThreadPoolExecutor(6) as pool:
        for found in pool.map(lambda mail: link_problems(
                site, ledger, states, mail), outside):
            problems += found
    problems += key_problems(site)
    verify = site.desk("auditor1").request("POST", "/api/v1/audit/verify")[1]
    if not verify.get("intact"):
        problems.append("audit: " + json.dumps(verify))
    tokens = {number: token for token, number in ledger.numbers.items()}
    problems += [f"{tokens[number]}: number as {form} in {path}"
                 for number, path, form in leaks(tokens, paths)]
    return problems, doubled
