"""A wire between a telephone and the portal, which a story can cut: the browser's own switch does not always reach what stands behind the pages."""

import socket
import threading
from contextlib import suppress
from urllib.parse import urlsplit


class Wire:
    """Carry bytes between a port of its own and the portal, as long as it is whole."""

    def __init__(self, address: str) -> None:
        self._portal = ("127.0.0.1", urlsplit(address).port)
        self._ear = socket.create_server(("127.0.0.1", 0))
        self._lock, self._ends, self._whole = threading.Lock(), set[socket.socket](), True
        self.address = f"http://localhost:{self._ear.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def cut(self) -> None:
        """Let nothing through: what was under way breaks, what comes is hung up on."""
        with self._lock:
            self._whole = False
            self._hang_up()

    def mend(self) -> None:
        """Let everything through again."""
        with self._lock:
            self._whole = True

    def close(self) -> None:
        """Take the wire away."""
        with suppress(OSError):
            self._ear.shutdown(socket.SHUT_RDWR)  # closing alone would not wake the thread that listens
        self._ear.close()
        self.cut()

    def _hang_up(self) -> None:
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._ends.clear()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._ear.accept()
                with self._lock:
                    if not self._whole:
                        near.close()
                        continue
                    try:
                        far = socket.create_connection(self._portal, timeout=30)
                    except OSError:  # hung up on: the next one may get through
                        near.close()
                        continue
                    far.settimeout(None)
                    self._ends |= {near, far}
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while some := one.recv(65536):
                other.sendall(some)
        with self._lock:
            self._ends -= {one, other}
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        one.close()
