"""Clients by the thousand who wait, dribble or do not read, run as a program (see children.py)."""
import asyncio
import socket
import sys

from .children import Child, obey
from .wire import request_bytes

PAUSE = 1.0  # seconds between the bytes of one who dribbles
AT_ONCE = 64  # connections under way
BODY = 100_000  # bytes promised by one who never sends them
JSON = ('Content-Type', 'application/json')


class SlowCrowd:
    """The test's side of it: a crowd of somebody with that token."""

    def __init__(self, port, token):
        self._child = Child('slow_crowd', port, token)

    def gather(self, kind, count):
        """That many more of one kind: `idle`, `silent`, `slow_head`, `slow_key`, `slow_upload`, `deaf`."""
        return self._child.ask('gather', kind=kind, count=count, within=60)

    def counts(self):
        """How many are `held`, how many were `lost` (their connection ended), how many streams have `begun`."""
        return self._child.ask('count')

    def leave(self):
        """All go, half in order and half by a reset."""
        return self._child.ask('leave', within=60)

    def close(self):
        self._child.close()


class Crowd:
    def __init__(self, port, token):
        self.port, self.bearer = port, ('Authorization', f'Bearer {token}')
        self.members, self.lost, self.begun = set(), 0, 0

    def text_of(self, kind):
        """What one of that kind sends at once, and what it dribbles after that."""
        if kind == 'slow_head':
            return b'GET /health/live HTTP/1.1\r\nHost: a\r\nX: ', b'x'
        if kind == 'slow_key':
            return self.head('/api/key', ('Content-Length', 10_000)) + b'{"apiKey":"', b'k'
        if kind == 'slow_upload':
            return self.head('/api/ai/upload', ('Content-Length', BODY)) + b'{"data":"', b'd'
        flow = 'endless' if kind == 'deaf' else kind
        return self.head(f'/api/ai/{flow}', ('Accept', 'text/event-stream'), ('Content-Length', 2)) + b'{}', b''

    def head(self, target, *fields):
        return request_bytes('POST', target, [self.bearer, JSON, *fields])

    async def join(self, kind, turns):
        async with turns:
            sock = socket.socket()
            sock.setblocking(False)
            if kind == 'deaf':
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            loop = asyncio.get_running_loop()
            await loop.sock_connect(sock, ('127.0.0.1', self.port))
            await loop.create_connection(lambda: Member(self, kind), sock=sock)

    async def gather(self, kind, count):
        turns = asyncio.Semaphore(AT_ONCE)
        await asyncio.gather(*(self.join(kind, turns) for _ in range(count)))
        return self.counts()

    async def leave(self):
        for number, member in enumerate(list(self.members)):
            self.members.discard(member)
            member.transport.abort() if number % 2 else member.transport.close()
        return self.counts()

    def counts(self):
        return {'held': len(self.members), 'lost': self.lost, 'begun': self.begun}


class Member(asyncio.Protocol):
    def __init__(self, crowd, kind):
        self.crowd, self.kind, self.has_begun = crowd, kind, False

    def connection_made(self, transport):
        self.transport = transport
        self.crowd.members.add(self)
        if self.kind == 'deaf':
            transport.pause_reading()
        first, self.drop = self.crowd.text_of(self.kind)
        transport.write(first)
        if self.drop:
            asyncio.get_running_loop().call_later(PAUSE, self.dribble)

    def dribble(self):
        if self.transport.is_closing():
            return
        self.transport.write(self.drop)
        asyncio.get_running_loop().call_later(PAUSE, self.dribble)

    def data_received(self, data):
        if self.kind == 'idle' and not self.has_begun and b'"message"' in data:
            self.has_begun = True
            self.crowd.begun += 1

    def connection_lost(self, _):
        if self in self.crowd.members:
            self.crowd.members.discard(self)
            self.crowd.lost += 1


async def main(port, token):
    crowd = Crowd(int(port), token)

    async def answer(what, **more):
        if what == 'gather':
            return await crowd.gather(**more)
        return await crowd.leave() if what == 'leave' else crowd.counts()
    await obey(answer)


if __name__ == '__main__':
    asyncio.run(main(*sys.argv[1:]))
