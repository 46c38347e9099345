"""Certificates of clients, good ones and bad ones, for a test."""

import ssl
import subprocess

NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]


def openssl(*argv):
    subprocess.run(["openssl", *map(str, argv)], check=True,
                   capture_output=True, stdin=subprocess.DEVNULL)


def make_issuer(place, name):
    """name.crt, name.key: somebody who issues certificates; the first's path."""
    openssl("req", "-x509", *NEW_KEY, "-days", "2", "-subj", f"/CN={name}",
            "-keyout", place / f"{name}.key", "-out", place / f"{name}.crt")
    return place / f"{name}.crt"


def make_server(place, name="server"):
    openssl("req", "-x509", *NEW_KEY, "-days", "2", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout",
            place / f"{name}.key", "-out", place / f"{name}.crt")


def make_client(place, issuer, name, use="clientAuth", days=2):
    """name.crt, name.key of issuer, for that use."""
    openssl("req", *NEW_KEY, "-subj", f"/CN={name}", "-keyout",
            place / f"{name}.key", "-out", place / f"{name}.csr")
    (place / f"{name}.ext").write_text(f"extendedKeyUsage={use}\n")
    openssl("x509", "-req", "-in", place / f"{name}.csr", "-CA",
            place / f"{issuer}.crt", "-CAkey", place / f"{issuer}.key",
            "-days", days, "-extfile", place / f"{name}.ext", "-out",
            place / f"{name}.crt")


def client_context(place, name=None):
    """A client that asks nothing of the server, and shows name.crt."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if name:
        context.load_cert_chain(place / f"{name}.crt", place / f"{name}.key")
    return context


def make_all(place):
    """One certificate that holds, and those that do not: their names."""
    make_issuer(place, "office")
    make_issuer(place, "stranger")
    make_client(place, "office", "good")
    make_client(place, "stranger", "of-a-stranger")
    make_client(place, "office", "too-old", days=-1)
    make_client(place, "office", "of-a-server", use="serverAuth")
    return "good", ("of-a-stranger", "too-old", "of-a-server")
