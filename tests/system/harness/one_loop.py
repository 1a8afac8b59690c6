"""Clients and an upstream in one epoll loop of one thread, so that the time between what happens to the one and
what the other sees is the time of the server between them, and not of threads that wait for each other."""
import select
import socket
import struct
import time

from .settings import limit


class Peer:
    """One end of a connection: what it received, and when it saw the other end go (ns of CLOCK_MONOTONIC)."""

    def __init__(self, sock):
        self.socket = sock
        self.received = b''
        self.ended_at = None
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, data):
        self.socket.sendall(data)

    def take(self, now):
        try:
            data = self.socket.recv(262144)
        except ConnectionError:
            data = b''
        self.received += data
        if not data:
            self.ended_at = now


class OneLoop:
    """The upstream of a scene, too: its connections are in `accepted`, in their order."""

    def __init__(self):
        self._epoll = select.epoll()
        self._listener = socket.create_server(('127.0.0.1', 0), backlog=512)
        self.address = f'http://127.0.0.1:{self._listener.getsockname()[1]}'
        self._epoll.register(self._listener, select.EPOLLIN)
        self._peers = {}
        self.accepted = []

    def close(self):
        for peer in list(self._peers.values()):
            self.forget(peer)
        self._listener.close()
        self._epoll.close()

    def connect(self, address):
        return self._add(socket.create_connection(address))

    def _add(self, sock):
        peer = self._peers[sock.fileno()] = Peer(sock)
        self._epoll.register(sock, select.EPOLLIN)
        return peer

    def forget(self, peer):
        """Closes it."""
        if self._peers.pop(peer.socket.fileno(), None):
            self._epoll.unregister(peer.socket)
        peer.socket.close()

    def leave(self, peer, how):
        """Closes with FIN or RST; the moment before."""
        if how == 'RST':
            peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        moment = time.monotonic_ns()
        self.forget(peer)
        return moment

    def run_until(self, is_so, within):
        """Whether it became so in that time."""
        deadline = time.monotonic() + limit(within)
        while not (current := is_so()) and (left := deadline - time.monotonic()) > 0:
            events = self._epoll.poll(left)
            now = time.monotonic_ns()
            for fd, _ in events:
                self._on_event(fd, now)
        return bool(current)

    def _on_event(self, fd, now):
        if fd == self._listener.fileno():
            self.accepted.append(self._add(self._listener.accept()[0]))
        elif peer := self._peers.get(fd):
            peer.take(now)
            if peer.ended_at:
                del self._peers[fd]
                self._epoll.unregister(fd)
