"""Many files through one "sekimori scan", and what it says of each."""

import json
import subprocess
from pathlib import Path

FOUND = (0, 1, 2)


def scan(root, paths, options=("--explain", "--reveal"), config=None):
    """{path: its object of --json}. root: where Sekimori is installed."""
    paths = [str(path) for path in paths]
    settings = [] if config is None else ["--config", config]
    done = subprocess.run(
        [Path(root) / "bin" / "sekimori", *settings, "scan", "--json",
         *options, "--", *paths], stdin=subprocess.DEVNULL, text=True, capture_output=True,
        check=False)
    assert done.returncode in FOUND, (done.returncode, done.stderr[-2000:])
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["file"] for one in said] == paths, "a file has no line"
    return {one["file"]: one for one in said}


def formats(root):
    """The table that "sekimori formats" shows, by name."""
    done = subprocess.run([Path(root) / "bin" / "sekimori", "formats",
                           "--json"], text=True, capture_output=True, check=True)
    return {one["name"]: one for one in json.loads(done.stdout)}


def numbers(said):
    """All numbers that count, digits only."""
    return {one["number"] for one in said["findings"]
            if one["level"] in ("sure", "suspect")}


def unread(said, but=()):
    """Why parts were not read: [(reason, detail, part)]."""
    return [(one["reason"], one.get("detail", ""), one["part"])
            for one in said["unscannable"] if one["reason"] not in but]
