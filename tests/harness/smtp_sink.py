#!/usr/bin/python3
"""An SMTP server that keeps what it is given and answers by script.

usage: smtp_sink.py PORT DIR [ADDRESS]

Listens on ADDRESS (default 127.0.0.1), PORT (0: any; the port goes to DIR/port). Message n goes
to DIR/<n>.eml, byte for byte as received without dot-stuffing, and its
envelope to DIR/<n>.json. Both appear by rename, the .json last: when it is
there, the message is whole. Only messages answered with 2xx are kept, and
those of "drop_after_dot".

DIR/script.json, read again at each MAIL, may hold:
  "mail": "451 4.3.0 later"           answer to every MAIL
  "rcpt": {"a@b.test": "550 5.1.1 no", "*": "451 4.7.1 later"}
  "data": "451 4.3.0 later"           answer to DATA
  "dot": "554 5.6.0 no"               answer to the final dot
  "drop_after_dot": true              keep it, then close without an answer
  "drop_at": "MAIL"                   close at this command without an answer
  "delay": 1.5                        seconds before each answer
  "times": 2                          the script holds for so many
                                      transactions, then everything is taken
  "extensions": ["8BITMIME", "SIZE 1000"]   instead of the usual ones; counts
                                      from the next connection on
"""
import json
import os
import signal
import socketserver
import sys
import threading
import time

EXTENSIONS = ["PIPELINING", "SIZE 104857600", "8BITMIME", "SMTPUTF8",
              "ENHANCEDSTATUSCODES", "DSN"]
MAX_LINE = 1 << 20


class Store:
    """Numbers, the script and the directory, shared by all connections."""

    def __init__(self, directory):
        self.directory = directory
        self.lock = threading.Lock()
        self.script_text = None
        self.used = 0
        taken = [int(name[:-4]) for name in os.listdir(directory)
                 if name.endswith(".eml") and name[:-4].isdigit()]
        self.last = max(taken, default=0)

    def script_file(self):
        path = os.path.join(self.directory, "script.json")
        try:
            with open(path, encoding="utf-8") as file:
                return file.read()
        except FileNotFoundError:
            return "{}"

    def extensions(self):
        return json.loads(self.script_file()).get("extensions", EXTENSIONS)

    def next_script(self):
        """The script for one transaction; a changed file counts anew."""
        with self.lock:
            text = self.script_file()
            if text != self.script_text:
                self.script_text, self.used = text, 0
            script = json.loads(text)
            self.used += 1
            if "times" in script and self.used > script["times"]:
                return {}
            return script

    def keep(self, message, envelope):
        with self.lock:
            self.last += 1
            number = self.last
        envelope["time"] = time.time()
        self.write(f"{number}.eml", message)
        self.write(f"{number}.json",
                   json.dumps(envelope, ensure_ascii=False).encode())
        return number

    def write(self, name, content):
        path = os.path.join(self.directory, name)
        with open(path + ".tmp", "wb") as file:
            file.write(content)
        os.rename(path + ".tmp", path)


class Gone(Exception):
    """The connection ends now."""


def split_path(argument):
    """'<a@b> BODY=8BITMIME' to ('a@b', ['BODY=8BITMIME']), None when bad."""
    argument = argument.strip()
    if not argument.startswith("<"):
        return None
    quoted = escaped = False
    for at, char in enumerate(argument):
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == '"':
            quoted = not quoted
        elif char == ">" and not quoted:
            return argument[1:at], argument[at + 1:].split()
    return None


class Session(socketserver.StreamRequestHandler):
    def setup(self):
        super().setup()
        self.helo = ""
        self.reset()

    def reset(self):
        self.script = {}
        self.sender = None
        self.recipients = []

    def say(self, text):
        time.sleep(self.script.get("delay", 0))
        self.wfile.write(text.encode() + b"\r\n")
        self.wfile.flush()

    def line(self):
        line = self.rfile.readline(MAX_LINE)
        if not line.endswith(b"\n"):
            raise Gone
        return line

    def handle(self):
        try:
            self.say("220 sink.test ESMTP")
            while True:
                self.command(self.line().decode("utf-8", "surrogateescape"))
        except (Gone, ConnectionError):
            pass

    def command(self, line):
        verb, _, argument = line.strip().partition(" ")
        verb = verb.upper()
        if self.script.get("drop_at") == verb:
            raise Gone
        handler = getattr(self, "do_" + verb.lower(), None)
        if handler is None:
            self.say("500 5.5.1 unknown command")
        else:
            handler(argument)

    def do_ehlo(self, argument):
        self.helo = argument
        self.reset()
        lines = ["sink.test"] + self.server.store.extensions()
        for text in lines[:-1]:
            self.say("250-" + text)
        self.say("250 " + lines[-1])

    def do_helo(self, argument):
        self.helo = argument
        self.reset()
        self.say("250 sink.test")

    def do_mail(self, argument):
        path = None
        if argument[:5].upper() == "FROM:":
            path = split_path(argument[5:])
        if path is None or self.sender is not None:
            self.say("501 5.5.4 bad MAIL")
            return
        self.script = self.server.store.next_script()
        if self.script.get("drop_at") == "MAIL":
            raise Gone
        if "mail" in self.script:
            self.say(self.script["mail"])
            self.script = {}
            return
        self.sender = path
        self.say("250 2.1.0 ok")

    def do_rcpt(self, argument):
        path = None
        if argument[:3].upper() == "TO:":
            path = split_path(argument[3:])
        if path is None or self.sender is None:
            self.say("503 5.5.1 bad RCPT")
            return
        answers = self.script.get("rcpt", {})
        answer = answers.get(path[0], answers.get("*", "250 2.1.5 ok"))
        if answer.startswith("2"):
            self.recipients.append(path)
        self.say(answer)

    def do_data(self, _argument):
        if not self.recipients:
            self.say("554 5.5.1 no valid recipients")
            return
        if "data" in self.script:
            self.say(self.script["data"])
            self.reset()
            return
        self.say("354 go on")
        chunks = []
        starts = True  # only CR LF ends a line (RFC 5321 4.1.1.4)
        while True:
            line = self.line()
            if starts and line == b".\r\n":
                break
            stuffed = starts and line.startswith(b".")
            chunks.append(line[1:] if stuffed else line)
            starts = line.endswith(b"\r\n")
        self.end_of_message(b"".join(chunks))

    def end_of_message(self, message):
        answer = self.script.get("dot", "250 2.0.0 kept")
        drop = self.script.get("drop_after_dot", False)
        if drop or answer.startswith("2"):
            self.server.store.keep(message, {
                "helo": self.helo,
                "mail_from": self.sender[0],
                "mail_args": self.sender[1],
                "rcpt_to": [path for path, _ in self.recipients],
                "rcpt_args": [args for _, args in self.recipients],
            })
        if drop:
            raise Gone
        self.say(answer)
        self.reset()

    def do_rset(self, _argument):
        self.reset()
        self.say("250 2.0.0 ok")

    def do_noop(self, _argument):
        self.say("250 2.0.0 ok")

    def do_vrfy(self, _argument):
        self.say("252 2.5.0 perhaps")

    def do_quit(self, _argument):
        self.say("221 2.0.0 bye")
        raise Gone


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    address = sys.argv[3] if len(sys.argv) == 4 else "127.0.0.1"
    os.makedirs(sys.argv[2], exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with Server((address, int(sys.argv[1])), Session) as server:
        server.store = Store(sys.argv[2])
        server.store.write("port", str(server.server_address[1]).encode())
        server.serve_forever()


if __name__ == "__main__":
    main()
