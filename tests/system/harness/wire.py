"""HTTP/1.1 over a raw socket: sends exactly what it is given and keeps exactly what came."""
import json
import select
import socket
import time

from .settings import limit


class Ended(Exception):
    """The peer closed before the message was whole; `rest` is what had come."""

    def __init__(self, how, rest):
        super().__init__(f'{how} after {rest[:200]!r}')
        self.how, self.rest = how, rest


class Head:
    def __init__(self, raw):
        self.raw = raw
        first, *lines = raw.decode('latin-1').split('\r\n')[:-2]
        self.first_line = first
        self.fields = [tuple(text.strip(' \t') for text in line.split(':', 1)) for line in lines]

    def all(self, name):
        return [value for key, value in self.fields if key.lower() == name.lower()]

    def get(self, name, otherwise=None):
        return next(iter(self.all(name)), otherwise)

    def names(self):
        return [name.lower() for name, _ in self.fields]


class Answer:
    """A response: `head`, `status`, `body` (unframed)."""

    def __init__(self, head, body=b''):
        self.head = head
        self.status = int(head.first_line.split(' ')[1])
        self.body = body

    def field(self, name):
        return self.head.get(name)

    def json(self):
        return json.loads(self.body)

    @property
    def reason(self):
        """The reason of the error object, or nothing."""
        try:
            return self.json()['error']['details'][0]['reason']
        except (ValueError, KeyError, TypeError):
            return None

    def __repr__(self):
        return f'{self.head.first_line} {self.body[:400]!r}'


class Wire:
    """One connection, read message by message, chunk by chunk or as bytes come."""

    def __init__(self, address, wait=10, sock=None):
        self.socket = sock or socket.create_connection(address, timeout=limit(wait))
        self.socket.settimeout(limit(wait))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.held = b''

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def send(self, data):
        self.socket.sendall(data if isinstance(data, bytes) else data.encode('latin-1'))

    def close(self):
        self.socket.close()

    def more(self):
        """Waits for bytes; raises Ended when there will be none."""
        try:
            data = self.socket.recv(65536)
        except ConnectionError:
            raise Ended('reset', self.held) from None
        if not data:
            raise Ended('closed', self.held)
        self.held += data

    def until(self, mark):
        """The bytes up to and with `mark`."""
        while mark not in self.held:
            self.more()
        taken, self.held = self.held.split(mark, 1)
        return taken + mark

    def exactly(self, count):
        while len(self.held) < count:
            self.more()
        taken, self.held = self.held[:count], self.held[count:]
        return taken

    def head(self):
        return Head(self.until(b'\r\n\r\n'))

    def chunk(self):
        """The content of the next chunk; b'' for the last, with its trailers read."""
        size = int(self.until(b'\r\n').split(b';')[0], 16)
        if size == 0:
            while self.until(b'\r\n') != b'\r\n':
                pass
            return b''
        data = self.exactly(size)
        assert self.exactly(2) == b'\r\n', 'a chunk must end with CRLF'
        return data

    def rest(self):
        """All bytes until the peer ends."""
        while True:
            try:
                self.more()
            except Ended as end:
                self.held = b''
                return end.rest

    def body(self, head, is_head_answer=False):
        status = int(head.first_line.split(' ')[1]) if head.first_line.startswith('HTTP/') else 200
        if is_head_answer or status in (204, 304) or status < 200:
            return b''
        if (head.get('Transfer-Encoding') or '').lower() == 'chunked':
            return b''.join(iter(self.chunk, b''))
        length = head.get('Content-Length')
        if length is not None:
            return self.exactly(int(length))
        return self.rest() if head.first_line.startswith('HTTP/') else b''

    def answer(self, is_head_answer=False):
        """The next final response."""
        while True:
            head = self.head()
            if not head.first_line.startswith('HTTP/1.1 1'):
                return Answer(head, self.body(head, is_head_answer))

    def is_ended(self, within=5):
        """Whether the peer ends the connection in that time without another byte."""
        self.socket.settimeout(limit(within))
        try:
            self.more()
            return False
        except Ended:
            return True
        except TimeoutError:
            return False

    def is_reset(self, within=5):
        """Whether the peer resets the connection in that time; what came stays unread."""
        poll = select.poll()
        poll.register(self.socket, 0)  # of faults alone
        return any(what & select.POLLERR for _, what in poll.poll(limit(within) * 1000))

    def drain_until_end(self, within=5):
        """Everything that comes until the end, and whether the end came in that time."""
        deadline = time.monotonic() + limit(within)
        while (left := deadline - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                self.more()
            except Ended as end:
                return end.rest, True
            except TimeoutError:
                break
        return self.held, False


def request_bytes(method, target, fields=(), body=None, host='127.0.0.1'):
    """A plain request: Host, the fields given, Content-Length when there is a body."""
    lines = [f'{method} {target} HTTP/1.1', f'Host: {host}', *(f'{name}: {value}' for name, value in fields)]
    if body is not None:
        lines.append(f'Content-Length: {len(body)}')
    return ('\r\n'.join(lines) + '\r\n\r\n').encode('latin-1') + (body or b'')
