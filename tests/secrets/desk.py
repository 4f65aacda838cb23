"""remotemaild and mail hosts in memory in a directory of their own; all that the product says is kept."""

import os
import pathlib
import signal
import subprocess
import time


class Host:
    """remotemail-mailhost with a spool, so that its mails can be read and given as files."""

    def __init__(self, program, directory, users, faults=(), domain="example.test"):
        self.directory = pathlib.Path(directory)
        self.directory.mkdir()
        self._log = open(self.directory / "log", "wb")
        words = [program, "--domain", domain, "--smtp-login", "--verbose", "--spool", self.directory / "spool",
                 "--port-file", self.directory / "ports", "--ca-file", self.directory / "ca.pem"]
        for name, password in users.items():
            words += ["--user", f"{name}:{password}"]
        for fault in faults:
            words += ["--fault", fault]
        self.process = subprocess.Popen(words, stdout=self._log, stderr=subprocess.STDOUT)
        wait_until(lambda: (self.directory / "ports").exists(), "the mail host's ports")
        lines = (self.directory / "ports").read_text().split("\n")
        self.ports = {name: int(port) for name, port in (line.split() for line in lines if line)}
        self._mails = 0

    def deliver(self, user, data):
        self._mails += 1
        place = self.directory / "spool" / user / "new"
        (place / ".beside").write_bytes(data)
        (place / ".beside").rename(place / f"{self._mails:04}.eml")
        wait_until(lambda: not any(path.suffix == ".eml" for path in place.iterdir()), "the delivery")

    def mails(self, user):
        return [path.read_bytes() for path in sorted((self.directory / "spool" / user).glob("*.eml"))]

    def said(self):
        return (self.directory / "log").read_text(errors="replace").split("\n")

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self._log.close()


def wait_until(is_so, what, seconds=60):
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            raise AssertionError(f"{what}: not within {seconds} s")
        time.sleep(0.02)


class Desk:
    def __init__(self, program, directory):
        self.directory = pathlib.Path(directory)
        self.state = self.directory / "state"
        self.temporary = self.directory / "tmp"
        self.temporary.mkdir()
        self._program = program
        self._environment = {"PATH": os.environ.get("PATH", ""), "TZ": "UTC", "LC_ALL": "C",
                             "TMPDIR": str(self.temporary), "SQLITE_TMPDIR": str(self.temporary)}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
            if name in os.environ:
                self._environment[name] = os.environ[name]
        self.configuration = self.directory / "remotemaild.ini"
        self.configuration.write_text("[log]\nlevel=debug\n")
        self.outputs = []    # (what was run, all it said)
        self.processes = []  # (what was run, its command line and environment as the system shows them, its limits)
        self._services = []

    def _words(self, words, state=None):
        return [self._program, "--state", state or self.state, "--config", self.configuration, *words]

    def _look_at(self, label, pid):
        read = {name: pathlib.Path(f"/proc/{pid}/{name}").read_bytes() for name in ("cmdline", "environ", "limits")}
        self.processes.append((label, read["cmdline"] + b"\n" + read["environ"], read["limits"].decode()))

    def run(self, *words, stdin=b"", state=None, to_be_seen=True):
        """(exit status, output). `to_be_seen`: whether the output is one that may show no secret."""
        process = subprocess.Popen(self._words(words, state), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env=self._environment)
        label = "remotemaild " + " ".join(map(str, words))
        out, err = process.communicate(stdin, timeout=120)
        if to_be_seen:
            self.outputs.append((label, out + b"\n" + err))
        return process.returncode, out + err

    def run_looked_at(self, *words, stdin):
        """As run(); while it waits for its input, the system is asked what it shows of it."""
        process = subprocess.Popen(self._words(words), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env=self._environment)
        label = "remotemaild " + " ".join(map(str, words))
        process.stdin.write(stdin)
        process.stdin.flush()
        is_limited = f"/proc/{process.pid}/limits"
        wait_until(lambda: _core_limit(pathlib.Path(is_limited).read_text()) == ["0", "0"], "the limit of core files")
        self._look_at(label, process.pid)
        out, err = process.communicate(timeout=120)
        self.outputs.append((label, out + b"\n" + err))
        return process.returncode, out + err

    def start(self):
        log = self.directory / f"service{len(self._services)}.log"
        with open(log, "wb") as file:
            service = subprocess.Popen(self._words(["run"]), stdin=subprocess.DEVNULL, stdout=file, stderr=file,
                                       env=self._environment)
        self._services.append((service, log))
        wait_until(lambda: b"ready" in log.read_bytes(), "a service that is ready")
        self.look_at_service()
        return service

    def look_at_service(self):
        self._look_at("the service", self._services[-1][0].pid)

    def service_log(self):
        return self._services[-1][1].read_bytes()

    def reload(self, text, words):
        self.configuration.write_text(text)
        before = self.service_log().count(words)
        self._services[-1][0].send_signal(signal.SIGHUP)
        wait_until(lambda: self.service_log().count(words) > before, words.decode())

    def end(self, kill=False):
        service = self._services[-1][0]
        (service.kill if kill else service.terminate)()
        status = service.wait(60)
        if not kill and status != 0:
            raise AssertionError(f"exit status {status}:\n" + self.service_log().decode(errors="replace"))

    def logs(self):
        return [(log.name, log.read_bytes()) for _, log in self._services]

    def files(self, *folders):
        for folder in folders:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    yield str(path.relative_to(self.directory)), path.read_bytes()

    def stop(self):
        for service, _ in self._services:
            if service.poll() is None:
                service.kill()
                service.wait()


def _core_limit(limits):
    line = next(line for line in limits.split("\n") if line.startswith("Max core file size"))
    return line.split()[4:6]


def no_core_file(limits):
    return _core_limit(limits) == ["0", "0"]
