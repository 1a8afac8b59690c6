"""An upstream that reads only as far as a test reads: its connections are plain wires in the test's hands."""
import socket
import struct

from .settings import limit
from .wire import Wire


class RawUpstream:
    def __init__(self):
        self._listener = socket.socket()
        # Small, so that whoever sends to it is soon blocked; accepted connections inherit it.
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._listener.bind(('127.0.0.1', 0))
        self._listener.listen(512)
        self.port = self._listener.getsockname()[1]
        self.address = f'http://127.0.0.1:{self.port}'
        self.wires = []

    def fileno(self):
        """To wait for a connection with select."""
        return self._listener.fileno()

    def take(self, within=10):
        """The next connection, with nothing of it read."""
        self._listener.settimeout(limit(within))
        sock, _ = self._listener.accept()
        self.wires.append(Wire(None, sock=sock))
        return self.wires[-1]

    def close(self):
        self._listener.close()
        for wire in self.wires:
            wire.close()


def fill(wire, piece=b'x' * 65536, most=64 * 1024 * 1024):
    """Sends whole pieces until every buffer on the way is full, or the peer is gone; what was sent, in bytes."""
    sent, rest = 0, b''
    wire.socket.settimeout(0.3)
    try:
        while sent < most:
            rest = rest or memoryview(piece)
            count = wire.socket.send(rest)
            sent, rest = sent + count, rest[count:]
    except (TimeoutError, ConnectionError):
        pass
    wire.socket.settimeout(limit(10))
    return sent


def drain(wire):
    """Reads and forgets all that comes, until the end."""
    try:
        while wire.socket.recv(65536):
            pass
    except OSError:
        pass


def reset(wire):
    """Closes with RST."""
    wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    wire.close()
