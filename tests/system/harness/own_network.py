"""A network of this process's own: only loopback, every port free, and names that are what a test says. What is begun
inside stays inside. Needs the right to make network namespaces (root)."""
import ctypes
import fcntl
import os
import socket
import struct
import threading

CLONE_NEWNET = 0x40000000
SIOCSIFFLAGS, IFF_UP = 0x8914, 1
LIBC = ctypes.CDLL(None, use_errno=True)
A, NXDOMAIN = 1, 3


class OwnNetwork:
    """From its making until `leave` this thread, and what it starts, is inside."""

    def __init__(self):
        self._outside = os.open('/proc/thread-self/ns/net', os.O_RDONLY)
        check(LIBC.unshare(CLONE_NEWNET), 'unshare')
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
            fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack('16sh14x', b'lo', IFF_UP))

    def leave(self):
        check(LIBC.setns(self._outside, CLONE_NEWNET), 'setns')
        os.close(self._outside)


def check(outcome, call):
    if outcome != 0:
        raise OSError(ctypes.get_errno(), call)


class Names:
    """A name server (RFC 1035) at `address`, port 53. `known` is what it tells, IPv4 addresses by name; whoever asks
    for another name hears that there is none. `asked` are the names that came."""

    def __init__(self, known, address='127.0.0.53'):
        self.known, self.address, self.asked = known, address, []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((address, 53))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                question, whose = self._socket.recvfrom(512)
                self._socket.sendto(self._answer(question), whose)
            except OSError:
                return

    def _answer(self, question):
        name, end = read_name(question, 12)
        self.asked.append(name)
        address = self.known.get(name)
        is_address = struct.unpack_from('!H', question, end)[0] == A
        record = struct.pack('!HHHIH', 0xc00c, A, 1, 60, 4) + socket.inet_aton(address) if address and is_address else b''
        flags = 0x8180 | (0 if address else NXDOMAIN)
        return question[:2] + struct.pack('!5H', flags, 1, bool(record), 0, 0) + question[12:end + 4] + record

    def close(self):
        self._socket.close()


def read_name(message, at):
    labels = []
    while length := message[at]:
        labels.append(message[at + 1:at + 1 + length].decode())
        at += 1 + length
    return '.'.join(labels).lower(), at + 1
