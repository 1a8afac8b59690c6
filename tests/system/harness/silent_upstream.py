"""An upstream for thousands of connections, run as a program (see children.py). What a flow is called says what it
does: `silent` never answers, `idle` begins a stream and falls silent, `endless` sends as long as it is read, `upload`
answers when the body is whole, anything else at once."""
import asyncio
import re
import socket

from .children import Child, obey

SMALL = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{"result":"ok"}'
STREAM = b'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'
EVENT = b'15\r\ndata: {"message":1}\n\n\r\n'
LONG_EVENT = b'data: {"message":"' + b'x' * 65536 + b'"}\n\n'
LONG_CHUNK = b'%x\r\n%b\r\n' % (len(LONG_EVENT), LONG_EVENT)
LENGTH = re.compile(rb'content-length: *(\d+)', re.IGNORECASE)


class SilentUpstream:
    """The test's side of it, in the place of an Upstream."""

    def __init__(self):
        self._child = Child('silent_upstream')
        self.port = self._child.ask('listen')
        self.address = f'http://127.0.0.1:{self.port}'

    def counts(self):
        """How many `connections` are open and how many `requests` came by name of the flow; the bytes `sent` to
        endless ones."""
        return self._child.ask('count')

    def requests(self, flow):
        return self.counts()['requests'].get(flow, 0)

    def close(self):
        self._child.close()


class Counts:
    def __init__(self):
        self.connections, self.sent, self.requests = 0, 0, {}


class Conversation(asyncio.Protocol):
    def __init__(self, counts):
        self.counts, self.held, self.left, self.flow = counts, b'', 0, None
        self.is_endless = self.is_blocked = False

    def connection_made(self, transport):
        self.transport = transport
        transport.set_write_buffer_limits(0)
        self.counts.connections += 1

    def connection_lost(self, _):
        self.counts.connections -= 1
        self.is_endless = False

    def data_received(self, data):
        self.held += data
        while self.flow or b'\r\n\r\n' in self.held:
            if not self.flow:
                self.begin()
            taken = min(self.left, len(self.held))
            self.held, self.left = self.held[taken:], self.left - taken
            if self.left:
                return
            self.answer(self.flow)
            self.flow = None

    def begin(self):
        head, self.held = self.held.split(b'\r\n\r\n', 1)
        self.flow = head.split(b' ', 2)[1].decode().strip('/').split('?')[0] or 'root'
        length = LENGTH.search(head)
        self.left = int(length[1]) if length else 0
        self.counts.requests[self.flow] = self.counts.requests.get(self.flow, 0) + 1

    def answer(self, flow):
        if flow == 'idle':
            self.transport.write(STREAM + EVENT)
        elif flow == 'endless':
            self.is_endless = True
            self.transport.write(STREAM)
            self.resume_writing()
        elif flow != 'silent':
            self.transport.write(SMALL)

    def pause_writing(self):
        self.is_blocked = True

    def resume_writing(self):
        self.is_blocked = False
        while self.is_endless and not self.is_blocked and not self.transport.is_closing():
            self.counts.sent += len(LONG_CHUNK)
            self.transport.write(LONG_CHUNK)


async def main():
    counts = Counts()
    loop = asyncio.get_running_loop()
    listener = socket.socket()
    # Small, so that what was sent is what the other end took; accepted connections inherit it.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
    listener.bind(('127.0.0.1', 0))
    server = await loop.create_server(lambda: Conversation(counts), sock=listener, backlog=4096)

    async def answer(what):
        return server.sockets[0].getsockname()[1] if what == 'listen' else vars(counts)
    await obey(answer)


if __name__ == '__main__':
    asyncio.run(main())
