"""A relay between client and server: writes down what passes, holds a line back, cuts the wire."""

import socket
import threading

from ports import choose_port


class Relay:
    """Listens on 127.0.0.1. `recorded`: what each connection's client sent, in order. After hold(words), the octets of
    that side that complete the words wait, and so does all behind them, until release() lets them pass or cut() drops
    them with their connection."""

    def __init__(self, target_port, target_address="127.0.0.1"):
        self._target = (target_address, target_port)
        self.port = choose_port()
        self.recorded = []  # one bytearray a connection
        self._held_words = {}
        self._is_held = threading.Event()
        self._released = threading.Event()
        self._cuts = 0
        self._sockets = []
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, daemon=True).start()

    def hold(self, from_client=b"", from_server=b""):
        self._is_held.clear()
        self._released.clear()
        self._held_words = {"client": from_client, "server": from_server}

    def wait_until_held(self, seconds=30):
        return self._is_held.wait(seconds)

    def release(self):
        self._held_words = {}
        self._released.set()

    def cut(self):
        """Ends all connections; new ones pass."""
        self._cuts += 1
        self.release()
        while self._sockets:
            _close(self._sockets.pop())

    def stop(self):
        _close(self._listener)
        self.cut()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(self._target)
            except OSError:
                client.close()
                continue
            self._sockets += [client, server]
            record = bytearray()
            self.recorded.append(record)
            for pump in ((client, server, "client", record), (server, client, "server", bytearray())):
                threading.Thread(target=self._pump, args=pump, daemon=True).start()

    def _pump(self, source, sink, side, record):
        try:
            while data := source.recv(65536):
                seen = len(record)
                record += data
                words = self._held_words.get(side)
                if words and words in record[max(0, seen - len(words)):]:
                    cuts = self._cuts
                    self._is_held.set()
                    self._released.wait()
                    if cuts != self._cuts:
                        break
                sink.sendall(data)
        except OSError:
            pass
        _close(sink)
        _close(source)


def _close(end):
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    end.close()
