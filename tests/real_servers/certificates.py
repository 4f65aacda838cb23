"""A certificate authority for one test run: servers' certificates, good ones and bad ones, made by openssl(1)."""

import hashlib
import pathlib
import subprocess

_CONFIGURATION = """\
[ca]
default_ca = this
[this]
database = {home}/index.txt
new_certs_dir = {home}
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[req]
distinguished_name = name
prompt = no
[name]
commonName = unused
"""


class Authority:
    """`names` of a certificate are what stands in it: DNS:… and IP:…"""

    def __init__(self, directory, name):
        self._home = pathlib.Path(directory) / name
        self._home.mkdir()
        self._configuration = self._home / "openssl.cnf"
        self._configuration.write_text(_CONFIGURATION.format(home=self._home))
        (self._home / "index.txt").touch()
        self._key, self.certificate = self._home / "ca.key", self._home / "ca.pem"
        self._openssl("req", "-x509", *self._new_key(self._key), "-subj", f"/CN={name}", "-days", "2",
                      "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign",
                      "-out", self.certificate)

    def _openssl(self, command, *words):
        subprocess.run(["openssl", command, "-config", self._configuration, *words], check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    @staticmethod
    def _new_key(path):
        return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", path]

    def issue(self, name, names, begins="20240101000000Z", ends="20491231235959Z"):
        """The files of a new certificate and of its key."""
        key, request, certificate = (self._home / f"{name}.{kind}" for kind in ("key", "csr", "pem"))
        extensions = self._home / f"{name}.ext"
        extensions.write_text(f"subjectAltName={','.join(names)}\nextendedKeyUsage=serverAuth\n")
        self._openssl("req", *self._new_key(key), "-new", "-subj", f"/CN={name}", "-out", request)
        self._openssl("ca", "-batch", "-notext", "-in", request, "-out", certificate, "-cert", self.certificate,
                      "-keyfile", self._key, "-startdate", begins, "-enddate", ends, "-extfile", extensions)
        return certificate, key


def pin_of(certificate):
    """SHA-256 of the certificate's public key (its SubjectPublicKeyInfo), as settings take it."""
    pem = subprocess.run(["openssl", "x509", "-in", certificate, "-noout", "-pubkey"], check=True,
                         capture_output=True).stdout
    der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], check=True, input=pem,
                         capture_output=True).stdout
    return hashlib.sha256(der).hexdigest()
