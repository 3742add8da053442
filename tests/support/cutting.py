"""A way between a browser and the service that can be cut, as a phone's connection is."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Wire:
    """Hands bytes on between a port of its own and the service's, until it is cut.

    Each thread closes what it opened; others only shut sockets down, which wakes the thread up.
    """

    def __init__(self, port: int) -> None:
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        """Where a browser goes instead of to the service."""
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Break every connection that there is; new ones are taken as before."""
        with self._lock:
            for end in self._open:
                _shut(end)

    def close(self) -> None:
        """Take no more connections, and wait until nothing is left open."""
        _shut(self._listener)
        self._threads[0].join(10)
        self.cut()
        for thread in self._threads:
            thread.join(10)

    def _accept(self) -> None:
        with self._listener, suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                thread = threading.Thread(target=self._serve, args=(near,))
                self._threads.append(thread)
                thread.start()

    def _serve(self, near: socket.socket) -> None:
        """Hand on both ways until either side ends."""
        with near, socket.create_connection(("127.0.0.1", self._to)) as far:
            with self._lock:
                self._open |= {near, far}
            back = threading.Thread(target=_hand_on, args=(far, near))
            back.start()
            _hand_on(near, far)
            back.join()
            with self._lock:
                self._open -= {near, far}


def _hand_on(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while piece := one.recv(65_536):
            other.sendall(piece)
    _shut(one)
    _shut(other)


def _shut(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)


@contextmanager
def wire_to(url: str) -> Iterator[Wire]:
    """Lay a wire to a service at a URL."""
    wire = Wire(int(url.rpartition(":")[2]))
    try:
        yield wire
    finally:
        wire.close()
