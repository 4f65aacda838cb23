"""remotemaild as a user meets it: its command line, on a state directory of its own."""

import json
import os
import pathlib
import queue
import signal
import subprocess
import threading

from keeper import stop


def _report(words, done):
    return f"remotemaild {' '.join(words)}: exit status {done.returncode}\n{done.stdout}{done.stderr}"


class Copier:
    def __init__(self, program, state, keeper):
        self.state = pathlib.Path(state)
        self.state.mkdir(mode=0o700)
        self._program = str(program)
        self._keeper = keeper
        self._configuration = []
        # The zone and the language of whoever runs the test play no part.
        self._environment = {"PATH": os.environ.get("PATH", ""), "TZ": "UTC", "LC_ALL": "C"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"):
            if name in os.environ:
                self._environment[name] = os.environ[name]

    def use_configuration(self, file):
        """The INI file of the service."""
        self._configuration = ["--config", str(file)]

    def command(self, *words, stdin="", seconds=55):
        return subprocess.run([self._program, "--state", self.state, *words], input=stdin, capture_output=True,
                              text=True, timeout=seconds, env=self._environment)

    def checked(self, *words, stdin=""):
        done = self.command(*words, stdin=stdin)
        if done.returncode != 0:
            raise AssertionError(_report(words, done))
        return done.stdout

    def set(self, settings):
        """All or none, as an import file: so no password stands in a process list."""
        lines = "".join(f"{key}={value}\n" for key, value in settings.items())
        return self.checked("settings", "import", "-", stdin=lines)

    def once(self, max_mails=None):
        """(exit status, report) of one poll and one sending round."""
        words = ["once", "--json"] + ([f"--max-mails={max_mails}"] if max_mails else [])
        done = self.command(*words)
        try:
            return done.returncode, json.loads(done.stdout)
        except ValueError:
            raise AssertionError(_report(words, done)) from None

    def log(self):
        """Oldest first."""
        return list(reversed(json.loads(self.checked("log", "-n", "1000", "--json"))))

    def status(self):
        return json.loads(self.checked("status", "--json"))

    def run(self):
        return Service([self._program, "--state", self.state, *self._configuration, "run"], self._environment, self._keeper)


class Service:
    """`remotemaild run`, and what it says."""

    def __init__(self, words, environment, keeper):
        self._process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                         stderr=subprocess.PIPE, text=True, env=environment)
        keeper.watch(self._process.pid)
        self.lines = []
        self._fresh = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        with self._process.stderr as stderr:
            for line in stderr:
                self.lines.append(line.rstrip("\n"))
                self._fresh.put(line)
        self._fresh.put(None)

    def wait_for(self, words, seconds=30):
        """Until a line with these words was said that was not waited for before."""
        while True:
            try:
                line = self._fresh.get(timeout=seconds)
            except queue.Empty:
                line = None
            if line is None:
                raise AssertionError(f'"{words}" was not said, but:\n' + "\n".join(self.lines))
            if words in line:
                return line

    def terminate(self, seconds):
        """Its exit status, None if it did not end within the seconds."""
        self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def kill(self):
        self._process.kill()
        self._process.wait()

    def stop(self):
        stop(self._process)
