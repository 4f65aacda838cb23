"""A relay between client and server that writes down what passes, and can hold a line back: the test's view of the wire."""

import socket
import threading

from ports import choose_port


class Relay:
    """Listens on 127.0.0.1. `recorded`: what each connection's client sent, in order. After hold(words), the client's
    next octets that contain the words wait, and so does all behind them, until release(); stop() drops them: a lost line."""

    def __init__(self, target_port, target_address="127.0.0.1"):
        self._target = (target_address, target_port)
        self.port = choose_port()
        self.recorded = []  # one bytearray a connection
        self._held_words = {}
        self._is_held = threading.Event()
        self._released = threading.Event()
        self._released.set()
        self._is_stopped = False
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

    def stop(self):
        self._is_stopped = True
        self.release()
        for end in [self._listener, *self._sockets]:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()

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
            threading.Thread(target=self._pump, args=(client, server, "client", record), daemon=True).start()
            threading.Thread(target=self._pump, args=(server, client, "server", bytearray()), daemon=True).start()

    def _pump(self, source, sink, side, record):
        try:
            while data := source.recv(65536):
                seen = len(record)
                record += data
                words = self._held_words.get(side)
                if words and words in record[max(0, seen - len(words)):]:
                    self._is_held.set()
                    self._released.wait()
                    if self._is_stopped:
                        break
                sink.sendall(data)
        except OSError:
            pass
        for end in (sink, source):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
