"""Ends the mail servers and removes the directory, however the test ends: also when it is killed.

The keeper is a process of its own, in a session of its own. It waits at a pipe whose other end only the test holds;
when that end closes, the test is gone, and the keeper cleans up what the test told it of. It knows its processes by
id and start time, so that it never ends a stranger's.
"""

import os
import shutil
import signal
import subprocess
import sys
import time


def _start_time(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
            fields = stat.read().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else fields[19]


def _end(pid, started):
    """SIGTERM, and SIGKILL to whoever does not heed it."""
    for sign, seconds in ((signal.SIGTERM, 5), (signal.SIGKILL, 2)):
        until = time.monotonic() + seconds
        if _start_time(pid) == started:
            os.kill(pid, sign)
        while _start_time(pid) == started and time.monotonic() < until:
            time.sleep(0.01)


def _keep(pipe):
    os.setsid()
    for name in ("SIGTERM", "SIGINT", "SIGHUP"):
        signal.signal(getattr(signal, name), signal.SIG_IGN)
    processes, directories = [], []
    with os.fdopen(pipe, encoding="utf-8") as orders:
        for line in orders:
            kind, _, what = line.rstrip("\n").partition(" ")
            if kind == "process":
                processes.append(what.split())
            elif kind == "directory":
                directories.append(what)
    for pid, started in reversed(processes):
        try:
            _end(int(pid), started)
        except ProcessLookupError:
            pass  # it went by itself at this moment
    for directory in directories:
        shutil.rmtree(directory, ignore_errors=True)


class Keeper:
    def __init__(self):
        read_end, self._write_end = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        child = os.fork()
        if child == 0:
            os.close(self._write_end)
            # A grandchild: not among the children that a test runner ends with the test.
            if os.fork() == 0:
                nowhere = os.open(os.devnull, os.O_RDWR)
                for descriptor in (0, 1, 2):
                    os.dup2(nowhere, descriptor)
                _keep(read_end)
            os._exit(0)
        os.close(read_end)
        os.waitpid(child, 0)

    def _tell(self, order):
        os.write(self._write_end, (order + "\n").encode())

    def watch(self, pid):
        self._tell(f"process {pid} {_start_time(pid)}")

    def watch_directory(self, path):
        self._tell(f"directory {path}")


def stop(process):
    """Ends a process that the caller started, and reaps it."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
