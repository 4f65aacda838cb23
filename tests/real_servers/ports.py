"""Ports and addresses of loopback that belong to this test run alone."""

import random
import socket
import time

# Below the kernel's range for outgoing connections (32768 up), so that no client is ever given one of them.
_FIRST, _LAST = 20000, 29999

_locks = []  # held as long as the process lives


def _lock(name):
    """An abstract socket name as a lock between test runs: gone with the process, however that ends."""
    lock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        lock.bind("\0remotemail-test-" + name)
    except OSError:
        lock.close()
        return False
    _locks.append(lock)
    return True


def _is_free(family, address, port):
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


def has_ipv6():
    return _is_free(socket.AF_INET6, "::1", 0)


def choose_port():
    """A port that nobody listens on, neither on 127.0.0.1 nor on ::1, and that no other test run is given."""
    for _ in range(1000):
        port = random.randint(_FIRST, _LAST)
        free = _is_free(socket.AF_INET, "127.0.0.1", port) and (
            not has_ipv6() or _is_free(socket.AF_INET6, "::1", port))
        if free and _lock(f"port-{port}"):
            return port
    raise RuntimeError("no free port on loopback")


def choose_address():
    """An address of loopback for a server that must stand on a well-known port, as a name server must."""
    for _ in range(1000):
        address = f"127.53.{random.randint(1, 254)}.{random.randint(1, 254)}"
        if _lock(f"address-{address}"):
            return address
    raise RuntimeError("no free address on loopback")


def wait_until_closed(port):
    """Until connections are refused: a server's children keep its sockets for a moment after it has ended."""
    until = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 5).close()
        except ConnectionRefusedError:
            return
        except OSError:
            pass
        if time.monotonic() > until:
            raise RuntimeError(f"port {port} is still open")
        time.sleep(0.02)
