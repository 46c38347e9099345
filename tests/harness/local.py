"""What every part of a private site needs: accounts, ports, waiting."""

import socket
import subprocess
import time

UIDS = {"vault": 64101, "scanner": 64102, "milter": 64103, "courier": 64104,
        "desk": 64105, "portal": 64106}


def free_port(host="127.0.0.1"):
    with socket.socket() as s:
        s.bind((host, 0))
        return s.getsockname()[1]


def wait_for(what, test, seconds=20.0, step=0.05):
    """Poll until test() is true; raise naming what was waited for."""
    end = time.monotonic() + seconds
    while True:
        result = test()
        if result:
            return result
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds:.0f} s in vain for {what}")
        time.sleep(step)


def port_answers(port, host="127.0.0.1"):
    try:
        socket.create_connection((host, port), 0.2).close()
        return True
    except OSError:
        return False


def socket_answers(path):
    with socket.socket(socket.AF_UNIX) as s:
        try:
            s.settimeout(0.5)
            s.connect(str(path))
            return True
        except OSError:
            return False


def run(argv, **kwargs):
    return subprocess.run([str(a) for a in argv], capture_output=True,
                          text=kwargs.pop("text", True), check=False, **kwargs)
